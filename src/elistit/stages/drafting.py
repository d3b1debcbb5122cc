"""Drafting: the draft on Etsy with its pictures and files; never published, never charged (rules §4, §5.4)."""

from __future__ import annotations

from elistit.chain.attempt_key import AttemptKey
from elistit.listings.etsy import draft
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Outcome
from elistit.projects.models import Job, ProjectFile
from elistit.stages.context import StageContext


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Create the draft, or go on with the one a try before has begun: it is found again by the project's id in it."""
    project = job.project
    listing = project.listing
    shop = EtsyShop.objects.filter(owner=project.owner).first()
    if shop is None:
        return Failure(Kind.REJECTED, "No Etsy shop is connected. Connect your shop, then retry the draft.")
    rows = ProjectFile.objects.filter(project=project, role__in=["mockup", "zip"]).order_by("name")
    paths = {role: [context.store.local_path(f.path) for f in rows if f.role == role] for role in ("mockup", "zip")}
    request = draft.DraftRequest(
        marker=project.pk,
        product=project.product,
        listing_id=listing.draft_id,
        title=listing.title,
        description=listing.description,
        tags=list(listing.tags),
        price_cents=listing.price_cents,
        images=paths["mockup"],
        files=paths["zip"],
    )
    return draft.create_draft(shop, request)
