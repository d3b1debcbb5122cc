"""The artist of Elistit: figures drawn by code and painted by code, with no key, no network and no cost.

`understand` turns an idea into a plan, `draw` makes each of its images. Behind them, `brief` plans, `figures` and `compose` draw,
`paint` paints. Nothing here may reach outside this machine, and nothing here knows the studio that uses it.
"""

from elistit_artist.api import PRODUCTS, STYLES, CannotDraw, Image, Vector, draw, understand
from elistit_artist.plans import Pick, Plan

__all__ = ["PRODUCTS", "STYLES", "CannotDraw", "Image", "Pick", "Plan", "Vector", "draw", "understand"]
