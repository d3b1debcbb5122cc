"""The price list, and what is said when a page cannot be shown.

Every number on them is read from the constant or the file the program itself runs on; none is typed into a template.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

from elistit.chain import disk_space, model_availability
from elistit.credits import prices as price_file
from elistit.database_outage import discard_connection, is_outage
from elistit.listings import rules
from elistit.payments.config import StripeConfig
from elistit.studio import full

RETRY_SECONDS = 10
"""Seconds after which a page that found no database loads itself again."""


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """What can be bought here: the models this studio has, and plans and top-ups where payments are set up."""
    context = {
        "list": price_file.price_list(),
        "models": model_availability.models(),
        "sold": StripeConfig.from_environment().ready,
        "tags_max": rules.TAGS_MAX,
    }
    return render(request, "studio/prices.html", context)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "studio/404.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "studio/403.html", status=403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or was sent from elsewhere. Nothing was done."""
    return render(request, "studio/403.html", {"form_stale": True}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side, the disk is full, or the database is unavailable. Rendered without the request, so that it needs
    neither database nor sign-in."""
    error = sys.exc_info()[1]
    if error is not None and disk_space.is_full(error):
        return full.page(error)
    if is_outage(error):
        discard_connection()
        page = loader.render_to_string("studio/database_away.html", {"seconds": RETRY_SECONDS})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"})
    return HttpResponse(loader.render_to_string("studio/500.html"), status=500)
