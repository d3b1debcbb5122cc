"""Rules §4, §5.4: one draft on Etsy for a project, whatever answers were lost. The shop's own shelf is the witness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elistit.projects.models import Listing
from elistit.simulator.town import Town


def check(town: Town) -> Iterator[str]:
    shelf = {number: d["description"].rsplit("Ref. ", 1)[-1].strip() for number, d in town.outside.shop.drafts.items()}
    for project, times in Counter(shelf.values()).items():
        if times > 1:
            yield f"{times} drafts were made for project …{project[-4:]}"
    for listing in Listing.objects.select_related("project"):
        if listing.draft == "created" and shelf.get(int(listing.draft_id or 0)) != listing.project_id:
            yield f"project …{listing.project_id[-4:]} says its draft is on Etsy as {listing.draft_id}, and it is not"
        if listing.draft == "pending" and listing.project.stage != "deleted":
            yield f"the draft of project …{listing.project_id[-4:]} is pending with nothing left to do"
