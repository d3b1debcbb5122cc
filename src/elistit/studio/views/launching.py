"""The launch form: describe, see the exact price, launch.

A launch needs a price the seller has seen: the form carries it, and when it is missing or no longer right the page
comes back with the price and nothing is spent. A hidden key makes pressing Launch twice the same as once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.pipeline import commands, offers
from elistit.projects.launch import InvalidSpec, LaunchSpec, NotPossible
from elistit.projects.launch import price as price_of
from elistit.projects.products import (
    CARD_WORDS,
    DESIGN_OPTIONS,
    IDEA_MAX,
    OPTION_MAX,
    PRODUCTS,
    PosterMode,
    Product,
    ProductType,
)
from elistit.studio.views import access

KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")

OPTION_HINTS = {
    "art_medium": "watercolor, gouache, ink",
    "color_palette": "sage green and terracotta",
    "mood": "gentle, autumnal",
    "setting": "a forest floor",
    "composition": "one animal each, seen from the front",
    "negative": "people, text",
}
MODES = (
    (
        PosterMode.DESIGN.value,
        "Design first",
        "Pay for the design alone, look at it, then decide whether to make it print-ready.",
    ),
    (
        PosterMode.PRODUCTION.value,
        "Straight to the print file",
        "Both are charged at launch and nothing stops in between.",
    ),
)
CARD_LABELS = {"front": "Words on the front", "inside": "Message inside"}
CARD_FIELDS = tuple(f"words.{name}" for name in CARD_WORDS)
TOP_UP = "Make fewer images, choose another model, or ask whoever runs this studio for credits."


@dataclass
class LaunchForm:
    """What was typed, exactly as it was typed, with the errors that go beside it."""

    values: dict[str, str]
    options: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> LaunchForm:
        first = next(p for p in PRODUCTS.values() if p.available)
        return cls(_defaults(first), dict.fromkeys(DESIGN_OPTIONS, ""))

    @classmethod
    def typed(cls, request: HttpRequest) -> LaunchForm:
        names = ("product", "idea", "count", "ratio", "model", "name", "mode", *CARD_FIELDS)
        values = {name: request.POST.get(name, "") for name in names}
        switched = request.POST.get("switch", "")
        if switched in list(Product) and PRODUCTS[Product(switched)].available:
            # Another product type: what belongs to the one before is set anew, what was written is kept.
            values |= _defaults(PRODUCTS[Product(switched)]) | {k: values[k] for k in ("idea", "name", *CARD_FIELDS)}
        return cls(values, {code: request.POST.get(f"options.{code}", "") for code in DESIGN_OPTIONS})

    @classmethod
    def like(cls, request: HttpRequest, public_id: str) -> LaunchForm:
        """Filled in from an earlier project of the same seller. Raises Http404 for another's."""
        project = access.own_project(request, public_id)
        values = {
            "product": project.product,
            "idea": project.idea,
            "count": str(project.count),
            "ratio": project.ratio,
            "model": project.model,
            "name": project.name,
            "mode": project.mode,
            **{f"words.{k}": str(project.words.get(k, "")) for k in CARD_WORDS},
        }
        return cls(values, {code: str(project.options.get(code, "")) for code in DESIGN_OPTIONS})

    def spec(self) -> LaunchSpec:
        """The order as typed. Raises InvalidSpec when the count is not a whole number."""
        count = self.values["count"].strip()
        if count and not re.fullmatch(r"-?[0-9]{1,6}", count):
            raise InvalidSpec({"count": "Write the number of images as a whole number, for example 15."})
        return LaunchSpec(
            product=self.values["product"],
            idea=self.values["idea"],
            count=int(count) if count else None,
            model=self.values["model"],
            ratio=self.values["ratio"] or None,
            options={code: text for code, text in self.options.items() if text.strip()},
            name=self.values["name"],
            mode=self.values["mode"] if self.values["product"] == Product.POSTER else "",
            words={k: self.values[f"words.{k}"] for k in CARD_WORDS}
            if self.values["product"] == Product.GREETING_CARD
            else {},
        )


def _defaults(kind: ProductType) -> dict[str, str]:
    models = offers.models(kind.code.value)
    return {
        "product": kind.code.value,
        "idea": "",
        "count": str(kind.count_default),
        "ratio": kind.default_ratio,
        "model": models[0].code if models else "",
        "name": "",
        "mode": PosterMode.DESIGN.value if kind.code == Product.POSTER else "",
        **dict.fromkeys(CARD_FIELDS, ""),
    }


def quoted(owner: User, form: LaunchForm, *, check_idea: bool = True) -> dict[str, Any]:
    """The itemised price of what is typed, with the balance before and after. Empty of lines when it cannot be priced.

    `check_idea` False prices an order whose idea has yet to be written: the idea has no influence on the price.
    """
    balance = ledger.balance(owner.pk)
    before = form.values["idea"]
    try:
        if not check_idea and not before.strip():
            form.values["idea"] = "idea to come"
        lines = price_of(form.spec())
    except InvalidSpec as invalid:
        form.errors |= invalid.errors
        return {"lines": [], "balance": balance}
    finally:
        form.values["idea"] = before
    total = sum(line.credits for line in lines)
    return {
        "lines": lines,
        "total": total,
        "balance": balance,
        "after": balance - total,
        "shortfall": max(0, total - balance),
    }


def _page(
    request: HttpRequest, form: LaunchForm, quote: dict[str, Any], *, key: str, notice: str = "", status: int = 200
) -> HttpResponse:
    chosen = PRODUCTS.get(Product(form.values["product"])) if form.values["product"] in list(Product) else None
    context = {
        "form": form,
        "key": key,
        "notice": notice,
        "products": [p for p in PRODUCTS.values() if p.available],
        "coming": [p for p in PRODUCTS.values() if not p.available],
        "chosen": chosen,
        "models": offers.models(form.values["product"]) if chosen else [],
        "option_rows": [
            {
                "code": code,
                "label": label,
                "hint": OPTION_HINTS.get(code, ""),
                "value": form.options[code],
                "error": form.errors.get(f"options.{code}", ""),
            }
            for code, label in DESIGN_OPTIONS.items()
        ],
        "modes": MODES if chosen and chosen.code == Product.POSTER else [],
        "card_rows": [
            {
                "name": f"words.{k}",
                "label": CARD_LABELS[k],
                "max": most,
                "value": form.values[f"words.{k}"],
                "error": form.errors.get(f"words.{k}", ""),
            }
            for k, most in CARD_WORDS.items()
        ]
        if chosen and chosen.code == Product.GREETING_CARD
        else [],
        "idea_max": IDEA_MAX,
        "option_max": OPTION_MAX,
        "top_up": TOP_UP,
        **quote,
    }
    return render(request, "studio/new.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """GET: the form, empty or like an earlier project (`?like=`). POST: show the price, or launch."""
    owner = access.person(request)
    if request.method != "POST":
        like = request.GET.get("like", "")
        filled = LaunchForm.like(request, like) if KEY.fullmatch(like) else LaunchForm.empty()
        quote = quoted(owner, filled, check_idea=False)
        filled.errors.clear()
        return _page(request, filled, quote, key=access.fresh_key())
    key = request.POST.get("key", "")
    key = key if KEY.fullmatch(key) else access.fresh_key()
    typed = LaunchForm.typed(request)
    if request.POST.get("switch"):
        quote = quoted(owner, typed, check_idea=False)
        typed.errors.clear()
        return _page(request, typed, quote, key=key)
    launching = request.POST.get("act") == "launch"
    quote = quoted(owner, typed, check_idea=launching)
    if typed.errors:
        return _page(request, typed, quote, key=key, status=422)
    if not launching:
        return _page(request, typed, quote, key=key)
    if request.POST.get("seen") != str(quote["total"]):
        notice = "Here is the price. Nothing was spent yet: press Launch to go ahead."
        return _page(request, typed, quote, key=key, notice=notice)
    return _launch(request, owner, typed, quote, key)


def _launch(request: HttpRequest, owner: User, typed: LaunchForm, quote: dict[str, Any], key: str) -> HttpResponse:
    try:
        project = commands.launch(owner, typed.spec(), idempotency_key=key)
    except InvalidSpec as invalid:
        typed.errors |= invalid.errors
        return _page(request, typed, quote, key=key, status=422)
    except InsufficientCredits as short:
        return _page(request, typed, quoted(owner, typed), key=key, notice=str(short), status=402)
    except IdempotencyConflict:
        notice = (
            "This page already launched a project, and what is typed here is different. Press Launch to launch it "
            "as another project."
        )
        return _page(request, typed, quote, key=access.fresh_key(), notice=notice, status=409)
    except NotPossible as refused:
        return _page(request, typed, quote, key=key, notice=str(refused), status=409)
    return redirect("project", project.pk)


@login_required
@require_POST
def price(request: HttpRequest) -> HttpResponse:
    """The live quote: the price of what is typed so far, as a fragment. Writes nothing."""
    typed = LaunchForm.typed(request)
    quote = quoted(access.person(request), typed, check_idea=False)
    return render(request, "studio/_quote.html", {"form": typed, "top_up": TOP_UP, "live": True, **quote})
