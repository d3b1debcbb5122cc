"""The built-in artist: figures drawn by code, painted by code, with no key, no network and no cost.

`provider` answers the provider protocol, `brief` plans a set of pictures from an idea, `figures` draws, `paint`
paints. Nothing here may reach outside this machine.
"""
