"""The listing of a project: its text, and its draft on Etsy.

Shows and offers actions; whether an act is possible and what it costs is decided by `actions.commands`. Nothing here ever
publishes: a draft stays a draft until the seller publishes it on Etsy.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from elistit.actions import commands, pricing
from elistit.credits import prices
from elistit.listings.models import EtsyShop
from elistit.maintenance import retry_drafts
from elistit.projects import listing_text
from elistit.projects.models import Listing
from elistit.projects.states import Stage
from elistit.studio import showing
from elistit.studio.views import access
from elistit.studio.views.projects import frame

BUILTIN = "builtin/"


def drawn_by_program(model: str) -> bool:
    """Whether the images were drawn by this program's own artist rather than by a generative AI model."""
    return model.startswith(BUILTIN)


@login_required
@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    project = access.standing_project(request, public_id)
    listing = Listing.objects.filter(project=project).first()
    shop = EtsyShop.objects.filter(owner_id=project.owner_id).first()
    settled = project.stage == Stage.COMPLETED
    may_retry = bool(settled and listing and listing.draft == Listing.Draft.FAILED)
    shared = frame(project, "listing")
    context = {
        **shared,
        # The page follows a draft that is made for a finished project as well.
        "active": shared["active"] or bool(listing and listing.draft == Listing.Draft.PENDING),
        "listing": listing,
        "price": pricing.currency_of(listing).shown(listing.price_cents) if listing else "",
        "shop": shop,
        "drawn_by_program": drawn_by_program(project.model),
        "text_refund": showing.set_refund(project) if listing and listing.text == Listing.Text.FAILED else None,
        "may_write_again": bool(settled and listing and listing.text == Listing.Text.FAILED),
        "may_edit": listing_text.is_editable(project, listing),
        "may_retry": may_retry,
        "rejected": showing.rejected(project) if may_retry else "",
        "tried_again": may_retry and retry_drafts.waits_for_operator(project),
        "draft_minutes": int(retry_drafts.AGAIN_AFTER.total_seconds() // 60),
        "draft_days": retry_drafts.KEPT_UP.days,
        "may_create": bool(
            settled and shop and listing and listing.draft in (Listing.Draft.SKIPPED, Listing.Draft.NONE)
        ),
        "writing_price": sum(line.credits for line in prices.listing_lines()),
        "key": access.fresh_key(),
    }
    return render(request, "studio/listing.html", context)


@login_required
@require_POST
def retry_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    access.standing_project(request, public_id)
    done = "Retrying the Etsy draft. This is free."
    access.attempt(request, lambda: commands.retry_draft(access.person(request), public_id), done)
    return redirect("project-listing", public_id)


@login_required
@require_POST
def skip_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    access.standing_project(request, public_id)
    done = "The Etsy draft was skipped. Your files and the listing text stay here."
    access.attempt(request, lambda: commands.skip_draft(access.person(request), public_id), done)
    return redirect("project-listing", public_id)


@login_required
@require_POST
def write_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the listing again, for its price. The form's key makes two presses one charge."""
    access.standing_project(request, public_id)
    key = request.POST.get("key") or access.fresh_key()
    access.attempt(
        request,
        lambda: commands.write_listing_again(access.person(request), public_id, idempotency_key=key),
        "Writing the listing again.",
    )
    return redirect("project-listing", public_id)
