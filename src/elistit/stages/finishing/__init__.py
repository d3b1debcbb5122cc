"""How each product type is finished: the files the buyer gets and the mockups for the listing (rules §3).

One module per product type. `artwork.jobs` does the image work in bounded subprocesses; here it is only put together. A
finish must never do image work in the worker process itself.
"""

from __future__ import annotations

from elistit.projects.models import Job
from elistit.projects.products import Product
from elistit.stages.finishing import clipart, custom, greeting_card, pattern, poster, sticker, svg, wall_art
from elistit.stages.finishing.base import (
    BUYER_ROLES,
    DPI,
    Finish,
    Kept,
    Stop,
    Work,
    kept_items,
    own_scene,
    places,
    stored,
)
from elistit.stages.finishing.listing_video import listing_video

__all__ = [
    "BUYER_ROLES",
    "DPI",
    "FINISHES",
    "Finish",
    "Kept",
    "Stop",
    "Work",
    "finish_of",
    "kept_items",
    "listing_video",
    "own_scene",
    "places",
    "stored",
]

FINISHES: dict[Product, Finish] = {
    Product.CLIPART: clipart.FINISH,
    Product.STICKER: sticker.FINISH,
    Product.WALL_ART: wall_art.FINISH,
    Product.POSTER: poster.FINISH,
    Product.SVG: svg.FINISH,
    Product.PATTERN: pattern.FINISH,
    Product.CUSTOM: custom.FINISH,
    Product.GREETING_CARD: greeting_card.FINISH,
}


def finish_of(job: Job) -> Finish:
    """The finish of a job's product type."""
    return FINISHES[Product(job.project.product)]
