"""Signing in by a one-time link, and out again.

Opening a link never uses it up: mail programs and chat windows fetch links to preview them. Only the button on the
page redeems it.
"""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit import ports
from elistit.accounts import links
from elistit.accounts.models import SignInLink, digest

NEXT = "entry_next"


def _safe_next(request: HttpRequest, target: str) -> str:
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and allowed else "/"


@require_safe
@never_cache
def door(request: HttpRequest) -> HttpResponse:
    """Where someone who is not signed in lands: how to get a link."""
    if request.user.is_authenticated:
        return redirect("projects")
    if target := request.GET.get("next", ""):
        request.session[NEXT] = _safe_next(request, target)
    response = render(request, "studio/enter.html")
    if request.htmx:  # type: ignore[attr-defined]
        # A page that asks for a part of itself after its sign-in has ended is led here as a whole.
        response["HX-Redirect"] = request.get_full_path()
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("token")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows whom the link signs in, and a button. POST redeems it: once, and not after its time."""
    if request.method == "POST":
        user = links.redeem(token)
        if user is None:
            return render(request, "studio/enter_stale.html", status=410)
        target = request.session.pop(NEXT, "/")
        login(request, user)
        UserSession.objects.create_from_request(request)
        return redirect(_safe_next(request, target))
    link = (
        SignInLink.objects.select_related("user")
        .filter(digest=digest(token), used_at=None, expires_at__gt=ports.now(), user__is_active=True)
        .first()
    )
    if link is None:
        return render(request, "studio/enter_stale.html", status=410)
    # The site-wide referrer policy (same-origin) keeps the token from other sites. A stricter one here would make
    # browsers send `Origin: null` with the button, which the forgery check rightly refuses.
    return render(request, "studio/enter_link.html", {"link": link, "token": token})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("door")
