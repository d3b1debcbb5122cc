"""Pages that state the rules: prices, how credits and refunds work, and what is said when a page cannot be shown.

Every number on them is read from the constant or the file the program itself runs on; none is typed into a template.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

from elistit.chain import disk_space, model_availability, outcomes, retry
from elistit.chain.outcomes import POISON_CRASHES
from elistit.credits import prices as price_file
from elistit.credits import returns
from elistit.database_outage import discard_connection, is_outage
from elistit.projects.products import PRODUCTS, Product
from elistit.stages import copywriting
from elistit.studio import full, showing

EXAMPLE_COUNT = 15
RETRY_SECONDS = 10
"""Seconds after which a page that found no database loads itself again."""


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """The price list, as the quote reads it."""
    here = {model.code for model in model_availability.models()}
    return render(request, "studio/prices.html", {"list": price_file.price_list(), "here": here})


@require_safe
def help_credits(request: HttpRequest) -> HttpResponse:
    listed = price_file.price_list()
    model = price_file.models(Product.CLIPART.value)[0]
    lines = price_file.quote_lines(Product.CLIPART.value, model.code, EXAMPLE_COUNT)
    context = {
        "list": listed,
        "ladder": retry.LADDER,
        "tries": retry.MAX_TRIES,
        "retries": retry.MAX_TRIES - 1,
        "free_wait": retry.FREE_WAIT_MAX,
        "free_waits": retry.FREE_WAITS,
        "regrant_days": returns.MOST_DAYS,
        "regrant_least_days": returns.LEAST_DAYS,
        "regrant_again_hours": returns.AGAIN_HOURS,
        "crashes": POISON_CRASHES,
        "silence": int(showing.SILENCE.total_seconds() // 60),
        "kinds": list(outcomes.MEANINGS.items()),
        "example_model": model,
        "example_lines": lines,
        "example_total": price_file.total(lines),
        "example_item": price_file.item_price(lines),
        "example_listing": price_file.listing_price(lines),
    }
    return render(request, "studio/help_credits.html", context)


@require_safe
def help_tools(request: HttpRequest) -> HttpResponse:
    """What each thing the studio does costs, with an example of every product type priced as a quote is."""
    listed = price_file.price_list()
    examples = []
    for kind in PRODUCTS.values():
        models = price_file.models(kind.code.value)
        model = models[0].code if models else ""
        lines = price_file.quote_lines(kind.code.value, model, kind.count_default)
        dearest = max((m.image + m.upscale for m in models), default=0)
        examples.append(
            {
                "kind": kind, "count": kind.count_default, "model": model, "lines": lines,
                "total": price_file.total(lines), "dearest": dearest,
            }
        )  # fmt: skip
    return render(
        request, "studio/help_tools.html", {"list": listed, "examples": examples, "words_by": copywriting.words_by()}
    )


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
