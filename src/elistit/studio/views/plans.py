"""Settings → Plans: what can be bought, what is running, and the way to Stripe and back; and the address Stripe tells us at.

Works without JavaScript. A page here never says that something is paid before Stripe has said so, and moves no credit.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain import disk_space
from elistit.credits import plans, prices
from elistit.credits.ledger import IdempotencyConflict
from elistit.credits.models import Plan
from elistit.payments import actions, events
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.config import StripeConfig
from elistit.payments.models import Payment
from elistit.payments.shapes import Unreadable
from elistit.projects.errors import InvalidSpec
from elistit.studio.headers import POLICY
from elistit.studio.views import access

# Stripe's messages are small; what is larger is not from Stripe.
LARGEST_MESSAGE = 512 * 1024
STRIPE_PAGES = "https://checkout.stripe.com https://billing.stripe.com"


@login_required
@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Plans and packs with their prices, the running plan, and the purchases so far."""
    owner, config = access.person(request), StripeConfig.from_environment()
    held = Plan.objects.filter(owner_id=owner.pk).first()
    running = held if held is not None and plans.is_running(held, ports.now()) else None
    listed = prices.price_list()
    context: dict[str, Any] = {
        "list": listed,
        "ready": config.ready,
        "form_key": ports.new_id(),
        "running": running,
        "terms": plans.PLANS.get(running.code) if running else None,
        "unpaid": bool(running and running.paid_by and running.renews_at <= ports.now()),
        "bought_here": actions.running_subscription(owner),
        "payments": _shown(owner)[:30],
    }
    response = render(request, "studio/plans.html", context)
    # The buttons lead through our own address to Stripe's pages, and browsers hold a form to where it ends up.
    response["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {_pages(config)}")
    return response


def _shown(owner: User) -> QuerySet[Payment]:
    """What was bought, newest first. A plan that was started is paid by its months, which are rows of their own."""
    begun = Q(state=Payment.State.BEGUN)
    started = Q(kind=Payment.Kind.PLAN, state__in=(Payment.State.PAID, Payment.State.RETURNED), invoice=None)
    return Payment.objects.filter(owner=owner).exclude(begun | started).order_by("-created_at")


def _pages(config: StripeConfig) -> str:
    parts = urlsplit(config.api_url)
    return STRIPE_PAGES if parts.hostname == "api.stripe.com" else f"{parts.scheme}://{parts.netloc}"


@login_required
@require_POST
def buy(request: HttpRequest) -> HttpResponse:
    """On to Stripe's page for a pack or a plan."""
    # A payment that could not be written down would be money without credits.
    with disk_space.required():
        return _asking(
            request,
            lambda: commands.checkout(
                access.person(request),
                request.POST.get("kind", ""),
                request.POST.get("code", ""),
                idempotency_key=request.POST.get("form_key", "") or ports.new_id(),
                address=lambda name: _address(request, name),
            ),
        )


def _address(request: HttpRequest, name: str) -> str:
    if name == "away":
        return request.build_absolute_uri(reverse("plans"))
    return request.build_absolute_uri(reverse("plans-back")) + "?session={CHECKOUT_SESSION_ID}"


@login_required
@require_safe
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """The seller is back from Stripe. Asks Stripe once, so that no one waits for a message that is late."""
    payment = Payment.objects.filter(owner=access.person(request), session=request.GET.get("session", "-")).first()
    if payment is None:
        return redirect("plans")
    try:
        payment = actions.look(payment)
    except (StripeProblem, actions.CannotBuy):
        pass  # Its message will tell; the page says that we wait for it.
    return render(request, "studio/plans_back.html", {"payment": payment})


@login_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    def action() -> str:
        actions.change_plan(
            access.person(request), request.POST.get("code", ""), form_key=request.POST.get("form_key", "") or ports.new_id()
        )  # fmt: skip
        messages.success(request, "Plan changed. Your new credits appear here within seconds.")
        return reverse("plans")

    with disk_space.required():
        return _asking(request, action)


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Stop renewing, or (`ends=no`) continue after all."""
    ends = request.POST.get("ends") != "no"

    def action() -> str:
        actions.end_plan(access.person(request), ends)
        messages.success(
            request,
            "Plan canceled. It ends with the month you paid for, and you won't be charged again."
            if ends
            else "Your plan continues.",
        )
        return reverse("plans")

    return _asking(request, action)


@login_required
@require_POST
def portal(request: HttpRequest) -> HttpResponse:
    return _asking(
        request, lambda: actions.portal(access.person(request), request.build_absolute_uri(reverse("plans")))
    )  # fmt: skip


def _asking(request: HttpRequest, action: Any) -> HttpResponse:
    """Do it and go where it leads; a problem brings the seller back to the page with the reason."""
    try:
        return redirect(action())
    except (actions.CannotBuy, StripeProblem, IdempotencyConflict, InvalidSpec) as problem:
        messages.error(request, str(problem))
        return redirect("plans")


@csrf_exempt
@require_POST
def hook(request: HttpRequest) -> JsonResponse:
    """Stripe's messages. 400 for what is not signed, 409 for what must come again or cannot be read, 200 for what was
    handled."""
    config = StripeConfig.from_environment()
    if not config.ready:
        return JsonResponse({"error": "Payments are not set up here."}, status=404)
    if int(request.headers.get("content-length") or 0) > LARGEST_MESSAGE:
        return JsonResponse({"error": "Too large."}, status=413)
    try:
        result = events.receive(request.body, request.headers.get("stripe-signature", ""), config, Stripe(config))
    except events.Forged:
        return JsonResponse({"error": "Not signed by Stripe."}, status=400)
    except (events.NotYet, Unreadable) as refused:
        return JsonResponse({"error": str(refused)}, status=409)
    except StripeProblem:
        return JsonResponse({"error": "Stripe couldn't be reached. Send it again."}, status=503)
    return JsonResponse({"result": result})
