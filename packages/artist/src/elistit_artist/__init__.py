"""The artist of Elistit: figures drawn by code and painted by code, with no key, no network and no cost.

`brief` plans a set of images from an idea, `figures` and `compose` draw, `paint` paints. Nothing here may reach outside this
machine, and nothing here knows the studio that uses it.
"""
