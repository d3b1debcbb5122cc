"""The launch page: the form with its price, as it is shown.

Every answer to the launch form is this one page, with the exact price of what is typed and the errors beside their fields. It must
never launch or write anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from elistit import config
from elistit.accounts.models import User
from elistit.actions import protected_names, uploads
from elistit.artwork import encoder
from elistit.chain import model_availability
from elistit.credits import ledger, prices
from elistit.listings.etsy import shops
from elistit.projects import daily_limits, finding, scenes
from elistit.projects import uploads as kept
from elistit.projects.errors import InvalidSpec
from elistit.projects.orders import price as price_of
from elistit.projects.products import (
    CARD_WORDS,
    DESIGN_OPTIONS,
    IDEA_MAX,
    LETTERING_OPTIONS,
    PRODUCTS,
    PosterMode,
    Product,
    ProductType,
    option_max,
)
from elistit.stages import presets
from elistit.studio import estimate, health
from elistit.studio.limits import PICTURES_MAX
from elistit.studio.views import access, launch_presets, storyboard
from elistit.studio.views.launch_form import LaunchForm

DPI = 300
OPTION_HINTS = {
    "art_medium": "watercolor, gouache, ink",
    "color_palette": "sage green and terracotta",
    "mood": "gentle, autumnal",
    "setting": "a forest floor",
    "composition": "one animal each, seen from the front",
    "negative": "people, text",
    "lettering": "be kind",
    "lettering_style": "script, slab, Pacifico, badge",
}
MODES = (
    (
        PosterMode.DESIGN.value,
        "Design first",
        "Pay for the design first, review it, then decide whether to make it print-ready.",
    ),
    (
        PosterMode.PRODUCTION.value,
        "Straight to the print file",
        "Pay for both at launch, without a review in between.",
    ),
)
CARD_LABELS = {"front": "Words on the front", "inside": "Message inside"}
CARD_ROWS = {"front": 2, "inside": 6}
TOP_UP = "Make fewer images, choose another model, or ask the studio operator for credits."


def quoted(owner: User, form: LaunchForm, *, check_idea: bool = True) -> dict[str, Any]:
    """The itemized price of what is typed, with the balance before and after. Empty of lines when it cannot be priced.

    `check_idea` False prices an order whose idea has yet to be written: the idea has no influence on the price.
    """
    balance = ledger.balance(owner.pk)
    before = form.values["idea"]
    try:
        if not check_idea and not before.strip():
            form.values["idea"] = "idea to come"
        order = presets.resolve(owner, form.spec())
        lines = price_of(order)
    except InvalidSpec as invalid:
        form.errors |= invalid.errors
        return {"lines": [], "balance": balance, **storyboard.kept(form.board)}
    finally:
        form.values["idea"] = before
    board, wrong = storyboard.shown(owner, replace(order, idea=before), form.board)
    form.errors |= wrong
    if board.get("board"):
        lines = price_of(order, board["board"])
    elif "count" in wrong:
        lines = []  # with too few different images there is nothing to launch
    total = sum(line.credits for line in lines)
    protected = protected_names.of_order(form.spec())
    model, count = form.values["model"], form.values["count"]
    made = len(board["board"].items) if board.get("board") else int(count) if count.isdecimal() else 0
    return {
        "takes": estimate.expected(form.values["product"], model, made) if model and made else "",
        "lines": lines,
        **board,
        "total": total,
        "needs_link": kept.need_link(owner, form.uploads),
        "balance": balance,
        "after": balance - total,
        "shortfall": max(0, total - balance),
        "limit": daily_limits.problem(owner.pk, total, projects=1),
        "trademarks": protected,
        "confirmed": form.values.get(protected_names.CONFIRM) == "on",
    }


def page(
    request: HttpRequest, form: LaunchForm, quote: dict[str, Any], *, key: str, notice: str = "", status: int = 200
) -> HttpResponse:
    chosen = PRODUCTS.get(Product(form.values["product"])) if form.values["product"] in list(Product) else None
    context = {
        "form": form,
        "key": key,
        "notice": notice,
        "products": list(PRODUCTS.values()),
        "chosen": chosen,
        "own": _own_images(access.person(request), form) if chosen and chosen.code == Product.CUSTOM else None,
        **_models(form.values["product"] if chosen else ""),
        "option_rows": _option_rows(form, DESIGN_OPTIONS),
        "lettering_rows": _lettering_rows(form, chosen),
        "scenes": scenes.ready(access.person(request)) if chosen and chosen.hangs else [],
        "scene_price": prices.price_list().mockup_price,
        "modes": MODES if chosen and chosen.code == Product.POSTER else [],
        "card_rows": [
            {
                "name": f"words.{k}",
                "label": CARD_LABELS[k],
                "max": most,
                "rows": CARD_ROWS[k],
                "value": form.values[f"words.{k}"],
                "error": form.errors.get(f"words.{k}", ""),
            }
            for k, most in CARD_WORDS.items()
        ]
        if chosen and chosen.code == Product.GREETING_CARD
        else [],
        "shops": shops.of_owner(access.person(request).pk),
        "no_video": encoder.missing(config.current().workers.ffmpeg),
        "idea_max": IDEA_MAX,
        "top_up": TOP_UP,
        "recent": finding.recent_ideas(access.person(request).pk),
        **launch_presets.shown(access.person(request), form, chosen),
        **quote,
    }
    launch_presets.mark_fixed(context)
    return render(request, "studio/new.html", context, status=status)


def _lettering_rows(form: LaunchForm, chosen: ProductType | None) -> list[dict[str, Any]]:
    """The fields for lettering, where the product type can have it, or where something is in them that must be cleared."""
    rows = _option_rows(form, LETTERING_OPTIONS)
    return rows if chosen is None or not chosen.seamless or any(row["value"] for row in rows) else []


def _option_rows(form: LaunchForm, options: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "hint": OPTION_HINTS.get(code, ""),
            "value": form.options[code],
            "max": option_max(code),
            "error": form.errors.get(f"options.{code}", ""),
        }
        for code, label in options.items()
    ]


def _models(product: str) -> dict[str, Any]:
    """The models to choose from, each with how it is doing just now, and whether one could step in for another."""
    models = model_availability.models(product) if product else []
    outside = [m for m in models if m.provider != "builtin"]
    return {"models": health.of_models(models), "may_fail_over": len(outside) > 1}


def priced(
    request: HttpRequest, filled: LaunchForm, *, notice: str = "", key: str = "", status: int = 200
) -> HttpResponse:
    """The form as it is filled in, with its price, before anything was checked."""
    quote, problems = quoted(access.person(request), filled, check_idea=False), dict(filled.errors)
    filled.errors = problems if status != 200 else {}
    return page(request, filled, quote, key=key or access.fresh_key(), notice=notice, status=status)


def _own_images(owner: User, form: LaunchForm) -> dict[str, Any]:
    """The uploads this order uses, each with the size it prints at; those that are gone drop out of the order."""
    rows = {u.pk: u for u in kept.waiting(owner)}
    form.uploads = [pk for pk in form.uploads if pk in rows]
    shown = []
    for pk in form.uploads:
        width, height = uploads.print_size(rows[pk])
        small = max(width, height) < max(PRODUCTS[Product.CUSTOM].sizes["original"])
        inches = f"{width / DPI:.1f} × {height / DPI:.1f} in"
        shown.append({"upload": rows[pk], "width": width, "height": height, "inches": inches, "small": small})
    return {"shown": shown, "most_mb": PICTURES_MAX // 1_000_000, "days": kept.KEPT_WAITING.days}
