"""The page for an act that a fault of ours interrupted: what the books say of it, and the very same form to send again.

The form carries the key it was sent with, so that sending it again is the same request (rules §7). It is made without the
database, which may be what broke, and must never say anything about credits but what `projects.requests` found out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from elistit.database_outage import is_outage
from elistit.projects import requests

log = logging.getLogger(__name__)

KEYS = ("key", "form_key")
NOT_SENT_AGAIN = "csrfmiddlewaretoken"


class InterruptedActs:
    """Middleware; place it after CsrfViewMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        interrupted = requests.told_of(fault)
        if interrupted is None:
            return None
        away = is_outage(fault)
        log.error("%s %s was interrupted" if away else "%s %s broke", request.method, request.path, exc_info=fault)
        got_request_exception.send(sender=None, request=request)
        context = {
            "title": "The database is unavailable" if away else "Something went wrong on our side",
            "words": interrupted.sentence("Press the button"),
            "fields": _fields(request, interrupted.key),
            "action": request.get_full_path(),
            "token": get_token(request),
            "project": interrupted.found.answer.get("project") if interrupted.found else None,
        }
        response = HttpResponse(render_to_string("studio/interrupted.html", context), status=503 if away else 500)
        if request.headers.get("HX-Request"):
            # The library leaves a page of faults aside; this one is what the seller has to read.
            response.status_code = 200
            response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        response["Cache-Control"] = "private, no-store"
        return response


def _fields(request: HttpRequest, key: str) -> list[tuple[str, str]]:
    """Everything the form carried, with the key the act was done under."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != NOT_SENT_AGAIN]
    named = [name for name in KEYS if name in request.POST] or list(KEYS)
    return [*((n, v) for n, v in sent if n not in KEYS), *((name, key) for name in named)]
