"""The listing of a project: its text, and its draft on Etsy.

Shows and offers actions; whether an action is possible and what it costs is decided by `actions.commands`. Nothing here ever
publishes: a draft stays a draft until the seller publishes it on Etsy.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from elistit.actions import calendar, commands, pricing, titles, translations
from elistit.actions import shops as acting
from elistit.credits import prices
from elistit.listings import rules
from elistit.listings.etsy import shops
from elistit.listings.models import EtsyShop
from elistit.maintenance import retry_drafts
from elistit.projects import draft_plans, listing_text
from elistit.projects.draft_models import DraftPlan
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage
from elistit.studio import showing, undo
from elistit.studio.views import access
from elistit.studio.views.projects import frame

BUILTIN = "builtin/"
TYPED_MAX = 400


def drawn_by_program(model: str) -> bool:
    """Whether the images were drawn by this program's own artist rather than by a generative AI model."""
    return model.startswith(BUILTIN)


@login_required
@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    return _shown(request, public_id)


def _shown(
    request: HttpRequest, public_id: str, *, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """The listing page, with a title that was typed and refused."""
    project = access.standing_project(request, public_id)
    listing = Listing.objects.filter(project=project).first()
    plan = draft_plans.of(project.pk)
    shop = shops.chosen(project.owner_id, plan.shop if plan else 0)
    settled = project.stage == Stage.COMPLETED
    may_retry = bool(settled and listing and listing.draft == Listing.Draft.FAILED)
    shared = frame(project, "listing")
    written = bool(listing and listing.text == Listing.Text.WRITTEN)
    context = {
        **shared,
        # The page follows a draft that is made for a finished project as well.
        "active": shared["active"] or bool(listing and listing.draft == Listing.Draft.PENDING),
        "listing": listing,
        "price": pricing.currency_of(listing).shown(listing.price_cents) if listing else "",
        "shop": shop,
        **_shop_choice(project, listing, plan, shop),
        **_planned(project, plan, listing),
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
        "titles": titles.compare(project) if written else [],
        "translations": translations.of(project) if written else [],
        "languages": translations.offered() if written else {},
        "title_max": rules.TITLE_MAX,
        "title_typed": typed,
        "title_error": error,
        "key": access.fresh_key(),
    }
    return render(request, "studio/listing.html", context, status=status)


def _shop_choice(
    project: Project, listing: Listing | None, plan: DraftPlan | None, shop: EtsyShop | None
) -> dict[str, object]:
    """Which shop the draft goes to, and whether another one can be chosen for it."""
    every = shops.of_owner(project.owner_id)
    disconnected = plan is not None and shop is None
    # One shop, and the draft goes there: then there is nothing to say about shops.
    matters = len(every) > 1 or disconnected or (shop is not None and bool(shop.disconnected_reason))
    offered = [s for s in every if not s.disconnected_reason and (shop is None or s.pk != shop.pk)]
    return {
        "shop_name": str(shop) if shop else plan.shop_name if plan else "",
        "shop_gone": disconnected,
        "shop_matters": matters and (shop is not None or disconnected),
        "other_shops": offered if acting.may_move(project, listing) else [],
        "confirm_no_draft": acting.asks_confirmation(project),
    }


def _planned(project: Project, plan: DraftPlan | None, listing: Listing | None) -> dict[str, object]:
    """When the draft goes out, and whether a day can be chosen for it."""
    waits = bool(plan and plan.planned)
    able = bool(plan and listing and listing.draft in calendar.OPEN and listing.text == Listing.Text.WRITTEN)
    return {
        "planned": calendar.planned(project) if waits else None,
        "may_plan": able and not waits and project.stage == Stage.COMPLETED,
        "chosen_day": plan.day if plan and not waits and project.stage in calendar.BEFORE else None,
    }


@login_required
@require_POST
def choose_shop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose another shop for the draft. Nothing is sent; Retry draft does that."""
    access.standing_project(request, public_id)
    confirmed = request.POST.get("confirm_no_draft") == "on"
    wanted = request.POST.get("shop", "")[:80]
    try:
        acting.move(access.person(request), public_id, wanted, confirm_no_draft=confirmed)
    except (InvalidSpec, NotPossible) as refused:
        messages.error(request, " ".join(refused.errors.values()) if isinstance(refused, InvalidSpec) else str(refused))
    else:
        messages.success(request, "The draft goes to this shop now.")
    return redirect(f"{reverse('project-listing', args=[public_id])}#draft-title")


@login_required
@require_POST
def add_title(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep one more title. One Etsy wouldn't take comes back with the reason, and nothing is kept."""
    access.standing_project(request, public_id)
    typed = request.POST.get("title", "")[:TYPED_MAX]
    try:
        number = titles.add(access.person(request), public_id, typed)
    except InvalidSpec as invalid:
        return _shown(request, public_id, typed=typed, error=invalid.errors.get("title", str(invalid)), status=422)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        words = "Title kept. Choose “Use this title” to put it on the draft."
        if number is None:
            messages.success(request, words)
        else:
            undo.offer(request, words, "title_add", [public_id], number=number)
    return redirect(f"{reverse('project-listing', args=[public_id])}#titles")


@login_required
@require_POST
def use_title(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Use a kept title, and offer to use the one before again."""
    before = _title(access.standing_project(request, public_id))
    if access.attempt(request, lambda: titles.use(access.person(request), public_id, number)):
        after, words = _title(access.own_project(request, public_id)), "The next draft will use this title."
        if after == before:
            messages.success(request, words)
        else:
            undo.offer(request, words, "title_use", [public_id], before=before, after=after)
    return redirect(f"{reverse('project-listing', args=[public_id])}#titles")


@login_required
@require_POST
def remove_title(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Remove a kept title, and offer to put it back."""
    access.standing_project(request, public_id)
    if access.attempt(request, lambda: titles.remove(access.person(request), public_id, number)):
        undo.offer(request, "Title removed.", "title_remove", [public_id], number=number)
    return redirect(f"{reverse('project-listing', args=[public_id])}#titles")


def _title(project: Project) -> str:
    return Listing.objects.values_list("title", flat=True).filter(project=project).first() or ""


@login_required
@require_POST
def translate(request: HttpRequest, public_id: str) -> HttpResponse:
    access.standing_project(request, public_id)
    wanted = request.POST.getlist("languages")
    done = "Translating the listing. This is free and may take a few minutes."
    access.attempt(request, lambda: translations.request(access.person(request), public_id, wanted), done)
    return redirect(f"{reverse('project-listing', args=[public_id])}#translations")


@login_required
@require_POST
def retry_translation(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    access.standing_project(request, public_id)
    done = "Retrying the translation. This is free."
    access.attempt(request, lambda: translations.retry(access.person(request), public_id, language[:5]), done)
    return redirect(f"{reverse('project-listing', args=[public_id])}#translations")


@login_required
@require_POST
def retry_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    project = access.standing_project(request, public_id)
    failed = Listing.objects.filter(project=project, draft=Listing.Draft.FAILED).exists()
    done = f"{'Retrying' if failed else 'Creating'} the Etsy draft. This is free."
    access.attempt(request, lambda: commands.retry_draft(access.person(request), public_id), done, working=True)
    # The overview follows the draft automatically and then leads to it; the listing tab doesn't change.
    return redirect("project", public_id)


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
        working=True,
    )
    return redirect("project-listing", public_id)
