"""Planting faults in a good delivery: the table of them, and how one is added.

`FAULTS[name]` is the product, the check that has to find it, a part of the file's name it has to say, and the planting, which may
answer with ZIP bytes of its own."""

from __future__ import annotations

from collections.abc import Callable

from tests.trial.deliveries import Delivery

Plant = Callable[[Delivery], bytes | None]
FAULTS: dict[str, tuple[str, str, str, Plant]] = {}
FIRST, CUT, SHEET = "01-blob.png", "01-blob-cut.svg", "sticker-sheet-1"
CARD_PDF, CARD_PNG = "wreath-card.pdf", "wreath-front.png"


def fault(product: str, check: str, file: str) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (product, check, file, plant)
        return plant

    return add


def renamed(delivery: Delivery, name: str) -> None:
    """The first image under another name, as if that were its name."""
    delivery.contents[name] = delivery.contents.pop(FIRST)
    for made in delivery.promise["files"]:
        if made["name"] == FIRST:
            made["name"] = name
