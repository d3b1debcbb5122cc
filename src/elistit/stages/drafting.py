"""Drafting: the draft on Etsy with its listing images and files; never published, never charged (rules §4, §5.4)."""

from __future__ import annotations

from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Restore
from elistit.listings import alt_texts, currencies, writer
from elistit.listings.etsy import draft, shops
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Outcome
from elistit.projects.models import Job, Listing, ProjectFile
from elistit.stages.context import StageContext
from elistit.stages.finishing import kept_items


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Create the draft, or go on with the one an attempt before has begun: it is found again by the project's id in it."""
    project = job.project
    listing = project.listing
    shop = EtsyShop.objects.filter(owner=project.owner).first()
    if shop is None:
        return Failure(Kind.REJECTED, "No Etsy shop is connected. Connect your shop, then retry the draft.")
    currency = shops.currency(shop)
    if isinstance(currency, Failure):
        return currency
    subjects = [item.subject for item in kept_items(job)]
    price = _in_currency(listing, len(subjects), currency)
    if price is None:
        words = (
            f"Your shop sells in {currency} and this listing’s price is in {currencies.get(listing.currency).code}. Edit the "
            "price, then retry the draft."
        )
        return Failure(Kind.REJECTED, words, f"currency {listing.currency} is not the shop's {currency}")
    rows = ProjectFile.objects.filter(project=project, role__in=["mockup", "zip", "video"]).order_by("name")
    paths = {
        role: [context.store.local_path(f.path) for f in rows if f.role == role] for role in ("mockup", "zip", "video")
    }
    request = draft.DraftRequest(
        marker=project.pk,
        product=project.product,
        listing_id=listing.draft_id,
        title=listing.title,
        description=listing.description,
        tags=list(listing.tags),
        price_cents=price,
        currency=currency,
        images=paths["mockup"],
        alt_texts=alt_texts.of([p.name for p in paths["mockup"]], listing.title, subjects),
        files=paths["zip"],
        video=next(iter(paths["video"]), None),
        published_too=Restore.objects.filter(restored_at__gte=project.created_at).exists(),
    )
    return draft.create_draft(shop, request)


def _in_currency(listing: Listing, count: int, currency: str) -> int | None:
    """The price in the shop's currency, stored when it had to change; None when only the seller can say it. A guarded update:
    a second try finds it done."""
    usd = writer.suggested_usd(listing.project.product, count)
    price = currencies.moved(listing.price_cents, listing.currency, usd, currency)
    if price is None or (price, currency) == (listing.price_cents, listing.currency):
        return price
    Listing.objects.filter(pk=listing.pk, price_cents=listing.price_cents, currency=listing.currency).update(
        price_cents=price, currency=currency
    )
    return price
