"""The provenance stated in a project's files (rules §3): for each kept image, and for what is composed of several.

The texts are in `artwork.provenance`; this module decides only which apply. It must never state a source for a seller's
own image that the image didn't state itself.
"""

from __future__ import annotations

from elistit.artwork import provenance
from elistit.artwork.provenance import Marks
from elistit.projects.gate import items_of, maker_of
from elistit.projects.models import Item, Job
from elistit.projects.states import ItemState


def of_item(job: Job, item: Item) -> Marks:
    """The provenance of everything made from an item's chosen image: the image's own, and the studio's for its model."""
    return provenance.marks(item.art.get("marks")).before(provenance.made_by(maker_of(job.project, item)))


def of_set(job: Job, photo: bool = False) -> Marks:
    """The provenance of what shows the kept images together: sheets, mockups, the product card. `photo`: it contains
    the seller's own scene."""
    kept = items_of(job.project).filter(state=ItemState.MADE)
    return provenance.combined([of_item(job, item) for item in kept], photo)
