"""Forms sent after a session expired: kept in the visitor's session until they sign in, then filled in again.

The page somebody returns to is the one the form was on, never the address it was sent to. Nothing is done automatically: the
form comes back filled in and waits to be pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

KEPT = "kept_form"
MOST = 40_000
NOTICE = "Your session had expired. Nothing you typed is lost, and you haven't been charged."


class Kept(NamedTuple):
    """A form that came back: the address it was sent to, and what was typed."""

    to: str
    typed: QueryDict


class KeepsForms:
    """Middleware; place it after the authentication. Where a form is answered with the way to the sign-in, what was typed
    is kept, up to 40,000 characters, and the way back leads to the page it was typed on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        door = resolve_url(settings.LOGIN_URL)
        led_there = response.headers.get("Location", "").startswith(f"{door}?")
        if request.method != "POST" or not led_there or request.user.is_authenticated:
            return response
        page = _page(request)
        posted = request.POST.copy()
        posted.pop("csrfmiddlewaretoken", None)
        text = posted.urlencode()
        if len(text) <= MOST:
            request.session[KEPT] = {"page": urlsplit(page).path, "to": request.path, "typed": text}
        back = f"{door}?{urlencode({'next': page})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": back})
        response.headers["Location"] = back
        return response


def _page(request: HttpRequest) -> str:
    """The page of this studio the form was on, as path and query; where the browser does not say, where it was sent to."""
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return request.get_full_path()
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def taken(request: HttpRequest, *more: str) -> Kept | None:
    """What was kept for this page (or for one of these paths), once; None when nothing was."""
    held: Any = request.session.get(KEPT)
    if not isinstance(held, dict) or held.get("page") not in (request.path, *more):
        return None
    del request.session[KEPT]
    return Kept(str(held["to"]), QueryDict(str(held["typed"])))
