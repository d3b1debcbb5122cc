"""Settings → Webhooks: the seller's own receivers, what was sent to them with every attempt, and sending it once more.

The same actions as over the API, through `webhooks.keeping`. A secret is in the answer to the request that made it and
nowhere else.
"""

from __future__ import annotations

from typing import cast, get_args

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.accounts.models import User
from elistit.api import shapes
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.api.webhooks import delivering, details, keeping
from elistit.network import addresses
from elistit.projects.errors import NotFound, NotPossible

URL_MAX = 500
PER_PAGE = 25
EVENT_WORDS = {
    "project.awaiting_approval": "A project needs you",
    "project.completed": "A project is finished",
    "project.failed": "A project failed, with its refund",
    "item.failed": "An image can't be made",
    "credits.refunded": "Credits were refunded",
    "batch.completed": "A batch has ended, with finished projects",
    "batch.failed": "A batch has ended, and every project in it failed",
    "batch.not_launched": "A batch couldn't be launched as requested",
    "credits.low": f"Your balance fell below {details.LOW} credits",
}
assert set(EVENT_WORDS) == set(get_args(shapes.EventName))


def _own(request: HttpRequest, webhook_id: str) -> WebhookEndpoint:
    try:
        return keeping.own(cast(User, request.user), webhook_id)
    except NotFound as missing:
        raise Http404 from missing


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def webhooks(request: HttpRequest) -> HttpResponse:
    """GET: the webhooks. POST: add one and show its secret, this once."""
    owner = cast(User, request.user)
    url, chosen, error, secret = "", list(EVENT_WORDS), "", ""
    if request.method == "POST":
        url, chosen = (
            request.POST.get("url", "").strip(),
            [e for e in EVENT_WORDS if e in request.POST.getlist("event")],
        )
        if not chosen:
            error = "Choose at least one event."
        elif not url or len(url) > URL_MAX or not url.isascii() or not url.isprintable() or " " in url:
            error = "Enter the URL of your endpoint, for example https://example.com/hook."
        else:
            try:
                _, secret = keeping.add(owner, url, chosen)
                url, chosen = "", list(EVENT_WORDS)
            except (addresses.RefusedAddress, NotPossible) as refused:
                error = str(refused)
    waiting = Q(deliveries__state=WebhookDelivery.State.PENDING)
    given_up = Q(deliveries__state=WebhookDelivery.State.FAILED)
    found = WebhookEndpoint.objects.filter(owner=owner).annotate(
        sent=Count("deliveries"), waiting=Count("deliveries", filter=waiting),
        given_up=Count("deliveries", filter=given_up), newest=Max("deliveries__created_at"),
    )  # fmt: skip
    context = {
        "webhooks": found, "events": [(code, words, code in chosen) for code, words in EVENT_WORDS.items()], "url": url,
        "error": error, "secret": secret, "most": keeping.MOST, "url_max": URL_MAX,
    }  # fmt: skip
    return render(request, "api/webhooks.html", context, status=422 if error else 200)


@login_required
@never_cache
@require_safe
def webhook(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """One webhook with its delivery log, newest first, every attempt with what the receiver answered."""
    endpoint = _own(request, webhook_id)
    rows = endpoint.deliveries.prefetch_related("attempts").order_by("-id")
    context = {
        "webhook": endpoint, "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "words": EVENT_WORDS, "tries": len(delivering.WAITS) + 1, "hours": round(sum(delivering.WAITS) / 3600),
        "kept_days": delivering.KEPT.days,
    }  # fmt: skip
    return render(request, "api/webhook.html", context)


@login_required
@require_POST
def resend(request: HttpRequest, webhook_id: str, delivery_id: str) -> HttpResponse:
    """Send a delivery once more, now."""
    endpoint = _own(request, webhook_id)
    try:
        keeping.resend(endpoint, delivery_id)
        messages.success(request, "Resent with the same webhook-id.")
    except NotFound as missing:
        raise Http404 from missing
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("webhook", endpoint.pk)


@login_required
@require_POST
def delete(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Delete a webhook with its log. Nothing more is sent there."""
    endpoint = _own(request, webhook_id)
    endpoint.delete()
    messages.success(request, f"No more events are sent to {endpoint.url}.")
    return redirect("webhooks")
