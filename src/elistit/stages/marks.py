"""What a project's files say of their making (rules §3): the marks of each kept image, and of what is put together from several.

The words are `artwork.provenance`'s; here it is only decided which hold. It must never say a source for an image the seller
brought that the image didn't say itself.
"""

from __future__ import annotations

from elistit.artwork import provenance
from elistit.artwork.provenance import Marks
from elistit.projects.gate import items_of, maker_of
from elistit.projects.models import Item, Job
from elistit.projects.states import ItemState


def of_item(job: Job, item: Item) -> Marks:
    """The marks of everything made from the image that stands for an item: its own, and the studio's for its model."""
    return provenance.marks(item.art.get("marks")).before(provenance.made_by(maker_of(job.project, item)))


def of_set(job: Job, photo: bool = False) -> Marks:
    """The marks of what shows the kept images together: sheets, mockups, the product card. `photo`: the seller's own scene is in
    it."""
    kept = items_of(job.project).filter(state=ItemState.MADE)
    return provenance.combined([of_item(job, item) for item in kept], photo)
