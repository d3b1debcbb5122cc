"""Drafting: the draft on Etsy with its listing images and files; never published, never charged (rules §4, §5.4).

It goes to the shop that was chosen for the project. A shop to which a draft was sent before is asked first. It must
never leave drafts of one project in two shops.
"""

from __future__ import annotations

from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Restore
from elistit.listings import alt_texts, currencies, templates, writer
from elistit.listings.etsy import draft, draft_request, shops
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Outcome
from elistit.projects import draft_plans
from elistit.projects.draft_models import DraftPlan
from elistit.projects.models import Job, Listing, Project, ProjectFile
from elistit.stages.context import StageContext
from elistit.stages.finishing import kept_items


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Create the draft, or continue one that an earlier attempt began, found by the project's id in it."""
    project = job.project
    listing = project.listing
    plan = draft_plans.of(project.pk)
    shop = shops.chosen(project.owner_id, plan.shop if plan else 0)
    if shop is None:
        return _no_shop(plan)
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
    template = templates.of(project.owner_id, shop.shop_id)
    request = draft_request.DraftRequest(
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
        who_made=template.who_made,
        section=template.section,
        renews=template.renews or None,
        published_too=Restore.objects.filter(restored_at__gte=project.created_at).exists(),
    )
    begun = this.number > 1 or listing.draft_round > 0
    if there := _elsewhere(project, plan, shop, request, everywhere=request.published_too or begun):
        return there
    if not draft_plans.sending(project, shop.shop_id, str(shop)):
        return Failure(Kind.TRANSIENT, "The shop for this draft was just changed.")
    return draft.create_draft(shop, request)


def _no_shop(plan: DraftPlan | None) -> Failure:
    if plan is None:
        return Failure(Kind.REJECTED, "No Etsy shop is connected. Connect your shop, then retry the draft.")
    words = f"This draft goes to {plan.shop_name or 'a shop'}, which isn't connected. Connect it again or choose another shop, then retry the draft."
    return Failure(Kind.REJECTED, words, f"shop {plan.shop} is not connected")


def _elsewhere(
    project: Project, plan: DraftPlan | None, shop: EtsyShop, request: draft_request.DraftRequest, *, everywhere: bool
) -> Failure | None:
    """Why nothing may be sent to this shop: another shop has a draft of this project, or may have one and can't be asked.

    The shop to which a draft was sent before is asked. If that shop wasn't recorded and a draft may have been started
    anyway (`everywhere`: by an earlier version, or before a restore), every connected shop of the seller is asked.
    """
    sent = plan.sent_to if plan else 0
    others = [s for s in shops.of_owner(project.owner_id) if s.shop_id != shop.shop_id]
    if sent not in (0, shop.shop_id):
        before = next((s for s in others if s.shop_id == sent and not s.disconnected_reason), None)
        if before is None:
            words = (
                "An earlier attempt may have left a draft in another shop, which isn't connected, so we can't look. Connect it "
                "again, or choose the shop once more and confirm that no draft is left in the other one."
            )
            return Failure(Kind.REJECTED, words, f"sent to shop {sent} before")
        asked = [before]
    else:
        asked = [s for s in others if not s.disconnected_reason] if everywhere and not sent else []
    if request.published_too:
        asked = [s for s in others if not s.disconnected_reason]
    for other in asked:
        found = draft.look_for(other, request)
        if isinstance(found, Failure):
            return found
        if found:
            words = f"A draft of this project is already in {other}. Delete it there, or choose {other} again, then retry the draft."
            return Failure(Kind.REJECTED, words, f"listing {found} in shop {other.shop_id}")
    return None


def _in_currency(listing: Listing, count: int, currency: str) -> int | None:
    """The price in the shop's currency, stored when it had to change; None when only the seller can set it. A guarded
    update: repeating it changes nothing."""
    usd = writer.suggested_usd(listing.project.product, count)
    price = currencies.moved(listing.price_cents, listing.currency, usd, currency)
    if price is None or (price, currency) == (listing.price_cents, listing.currency):
        return price
    Listing.objects.filter(pk=listing.pk, price_cents=listing.price_cents, currency=listing.currency).update(
        price_cents=price, currency=currency
    )
    return price
