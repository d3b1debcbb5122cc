"""The launch form: describe, see the exact price, launch.

A launch needs a price the seller has seen: the form carries it, and when it is missing or no longer right the page
comes back with the price and nothing is spent. A hidden key makes pressing Launch twice the same as once.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from elistit.accounts.kept import NOTICE, taken
from elistit.accounts.models import User
from elistit.actions import commands, protected_names
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.launch import is_known
from elistit.studio.views import access, launch_presets
from elistit.studio.views.launch_form import LaunchForm, from_template
from elistit.studio.views.launch_page import TOP_UP, page, priced, quoted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """GET: the form, empty or like an earlier project (`?like=`). POST: show the price, or launch."""
    owner = access.person(request)
    if request.method != "POST":
        if (back := taken(request, reverse("new-uploads"))) is not None:
            typed = LaunchForm.typed(request, back.typed)
            quote = quoted(owner, typed, check_idea=False)
            typed.errors.clear()
            return page(request, typed, quote, key=access.fresh_key(), notice=NOTICE)
        like = request.GET.get("like", "")
        notice = ""
        if access.KEY.fullmatch(like):
            filled = LaunchForm.like(request, like, request.GET.get("item", ""), more=request.GET.get("more") == "1")
        elif access.KEY.fullmatch(template := request.GET.get("template", "")):
            filled, notice = from_template(request, template)
        else:
            filled = LaunchForm.empty(request)
        return priced(request, filled, notice=notice)
    key = access.form_key(request)
    typed = LaunchForm.typed(request)
    if any(button in request.POST for button in ("switch", *launch_presets.BUTTONS)):
        quote = quoted(owner, typed, check_idea=False)
        typed.errors.clear()
        return page(request, typed, quote, key=key)
    launching = request.POST.get("act") == "launch" and not request.POST.get("board")
    if launching and is_known(owner, key):
        # This very page has launched already: it is answered as it was, whatever has become of the price since.
        return _launch(request, owner, typed, quoted(owner, LaunchForm.typed(request), check_idea=False), key)
    joined = launch_presets.join(owner, typed)
    quote = quoted(owner, typed, check_idea=launching)
    if typed.errors:
        if set(typed.errors) == {"idea"}:
            # The idea has no influence on the price, which stays on the page beside the error.
            quote = quoted(owner, typed, check_idea=False)
        return page(request, typed, quote, key=key, status=422)
    if not launching or joined:
        return page(request, typed, quote, key=key, notice=joined)
    if request.POST.get("seen") != str(quote["total"]):
        notice = "Check the price. You haven't been charged yet: press Launch to confirm."
        return page(request, typed, quote, key=key, notice=notice)
    return _launch(request, owner, typed, quote, key)


def _launch(request: HttpRequest, owner: User, typed: LaunchForm, quote: dict[str, Any], key: str) -> HttpResponse:
    try:
        confirmed = typed.values.get(protected_names.CONFIRM) == "on"
        project = commands.launch(owner, typed.spec(), idempotency_key=key, confirm_trademarks=confirmed)
    except InvalidSpec as invalid:
        typed.errors |= invalid.errors
        return page(request, typed, quote, key=key, status=422)
    except InsufficientCredits as short:
        return page(request, typed, quoted(owner, typed), key=key, notice=str(short), status=402)
    except IdempotencyConflict:
        notice = (
            "You already launched a project from this page, with different settings. Press Launch to launch this as a "
            "new project."
        )
        return page(request, typed, quote, key=access.fresh_key(), notice=notice, status=409)
    except NotPossible as refused:
        return page(request, typed, quote, key=key, notice=str(refused), status=refused.status)
    return redirect("project", project.pk)


@login_required
@require_POST
def price(request: HttpRequest) -> HttpResponse:
    """The live quote: the price of what is typed so far, as a fragment. Writes nothing."""
    typed = LaunchForm.typed(request)
    # A series that was typed counts once its button is pressed or the order is launched.
    typed.values["series"] = typed.values["series_shown"]
    quote = quoted(access.person(request), typed, check_idea=False)
    shown = {"form": typed, "top_up": TOP_UP, "live": True, "swapped": True, **quote}
    return render(request, "studio/_quote_swap.html", shown)
