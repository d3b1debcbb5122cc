"""How a clipart bundle is finished: transparent PNGs at print size."""

from __future__ import annotations

from elistit.projects.models import Item
from elistit.stages import files
from elistit.stages.finishing.base import DPI, Finish, Kept, Work, listing_mockups, pictures_words, redrawn, stored

_PLACE = "Place the PNG files in your design program. The backgrounds are transparent."


def _clipart_item(work: Work, item: Item) -> Kept:
    return [work.keep(redrawn(work, item), "print", f"{files.final_stem(item)}.png", item)]


def _clipart_whole(work: Work) -> Kept:
    images, first = [str(p) for p in stored(work, "image")], str(stored(work, "print")[0])
    return [work.keep(p, "mockup") for p in listing_mockups(work, pictures_words(work), images, first)]


def _clipart_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Images", f"{count} PNG files, each on a transparent background"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
    ]


FINISH = Finish(_clipart_item, _clipart_whole, _clipart_facts, _PLACE)
