"""Push notifications on the notifications page: a browser subscribes, is removed, and gets the worker that shows them.

A browser can subscribe only for the person signed in at it, with the forgery token of the page.
"""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from elistit.accounts.models import User
from elistit.support import push, push_subscriptions


@login_required
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Keep this browser's subscription, sent by the page's script. 422 with a sentence when it can't be used."""
    endpoint, p256dh, auth = (request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    agent = request.headers.get("User-Agent", "")
    try:
        made = push_subscriptions.add(cast(User, request.user), endpoint, p256dh, auth, agent)
    except push_subscriptions.BadSubscription as bad:
        return JsonResponse({"error": str(bad)}, status=422)
    push.begin(made)
    request.session[push_subscriptions.SESSION] = made.pk
    messages.success(request, f"Push notifications are on for {made.device}.")
    return JsonResponse({"device": made.device})


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Forget one browser. Works without script, and from any other browser of the person."""
    if push_subscriptions.remove(cast(User, request.user), request.POST.get("browser", "")[:26]):
        messages.success(request, "Push notifications are off for that browser.")
    return redirect("notifications")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. At the root, so that it may open any page of the studio; the browser asks for it again when it likes."""
    response = render(request, "support/push_worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
