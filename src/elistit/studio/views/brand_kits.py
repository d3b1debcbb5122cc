"""Settings → Brand kits: make, edit, set the default, delete with undo. Works without JavaScript; nothing here costs anything."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.accounts.models import User
from elistit.actions import brand_kits as acting
from elistit.actions.brand_kits import SHOP_NAME_MAX, TEXT_MAX, KitFields
from elistit.credits import prices
from elistit.listings import price_rules
from elistit.projects import brand_kits, idempotency, scenes
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.preset_models import NAME_MAX, BrandKit
from elistit.projects.products import OPTION_MAX, PRODUCTS
from elistit.studio import undo
from elistit.studio.views import access

TEXTS: tuple[tuple[str, str, int, int, str], ...] = (
    ("name", "Name of the brand kit", NAME_MAX, 0, "For you only, such as your shop's name or a product line."),
    ("shop_name", "Shop name", SHOP_NAME_MAX, 0, "On the product card and in the license file."),
    (
        "license_text", "License text", TEXT_MAX, 6,
        f"Up to {TEXT_MAX:,} characters. In the license file, on the product card and in the listing, instead of ours.",
    ),
    (
        "closing_text", "Listing closing text", TEXT_MAX, 5,
        f"Up to {TEXT_MAX:,} characters. The end of every listing description. A line that isn't true of the files is left out.",
    ),
    ("palette", "Color palette", OPTION_MAX, 0, "Color words, such as “sage green and blush”. You can change it for each project."),
)  # fmt: skip


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The seller's brand kits."""
    return render(request, "studio/brand_kits.html", {"kits": list(brand_kits.of(access.person(request)))})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form. POST: make a brand kit; what was typed comes back when something is wrong."""
    return _form(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kit_id: str) -> HttpResponse:
    """GET: the brand kit. POST: save it. Projects that were launched with it stay as they are."""
    return _form(request, _own(request, kit_id))


@login_required
@require_POST
def make_default(request: HttpRequest, kit_id: str) -> HttpResponse:
    """Preselect a brand kit on the launch form, and offer to undo it."""
    kit, owner = _own(request, kit_id), access.person(request)
    was, words = brand_kits.default_id(owner), f"“{kit.name}” is the default now."
    if access.attempt(request, lambda: acting.set_default(owner, kit.pk)):
        if was == kit.pk:
            messages.success(request, words)
        else:
            undo.offer(request, words, "default_kit", [kit.pk], was=was)
    return redirect("brand-kits")


@login_required
@require_POST
def delete(request: HttpRequest, kit_id: str) -> HttpResponse:
    """Delete a brand kit, and offer to undo it."""
    kit = _own(request, kit_id)
    brand_kits.delete(access.person(request), kit.pk)
    undo.offer(
        request, f"Brand kit “{kit.name}” deleted. Projects launched with it stay as they are.", "brand_kit", [kit.pk]
    )
    return redirect("brand-kits")


def _own(request: HttpRequest, kit_id: str) -> BrandKit:
    try:
        return brand_kits.get(access.person(request), kit_id)
    except NotFound as missing:
        raise Http404 from missing


def _form(request: HttpRequest, kit: BrandKit | None) -> HttpResponse:
    owner, errors = access.person(request), dict[str, str]()
    values = _typed(request.POST) if request.method == "POST" else _kept(owner, kit)
    if request.method == "POST":
        try:
            if kit is None:
                acting.add(owner, _fields(owner, request.POST))
            else:
                _edit(request, owner, kit)
            return redirect("brand-kits")
        except InvalidSpec as invalid:
            errors = invalid.errors
        except NotPossible as refused:
            errors = {"name": str(refused)}
    return render(request, "studio/brand_kit.html", _shown(owner, kit, values, errors), status=422 if errors else 200)


def _edit(request: HttpRequest, owner: User, kit: BrandKit) -> None:
    """Save an edited brand kit, and offer to undo it. Raises what the action raises."""
    before, was = brand_kits.plain(kit), brand_kits.default_id(owner)
    saved = acting.edit(owner, kit.pk, _fields(owner, request.POST))
    after, now = brand_kits.plain(saved), brand_kits.default_id(owner)
    if (after, now) != (before, was):
        default = {} if now == was else {"was": was, "now": now}
        words = f"Brand kit “{saved.name}” saved. Projects launched with it stay as they are."
        undo.offer(request, words, "kit_edit", [kit.pk], before=before, after=idempotency.digest(after), **default)


def _typed(post: QueryDict) -> dict[str, Any]:
    return {
        **{name: post.get(name, "") for name, *_ in TEXTS},
        "is_default": post.get("is_default") == "on",
        "styles": post.getlist("styles"),
        "scenes": post.getlist("scenes"),
        "minimum_price": post.get("minimum_price", ""),
        "price_ending": post.get("price_ending", ""),
        "prices": {product.value: post.get(f"price.{product}", "") for product in PRODUCTS},
    }


def _kept(owner: User, kit: BrandKit | None) -> dict[str, Any]:
    """The fields of a brand kit as the form shows them. Prices in another currency than the shop's are left out: they don't apply."""
    currency = acting.currency_of(owner)
    if kit is None:
        return {**_typed(QueryDict()), "is_default": not brand_kits.of(owner).exists()}
    rules = price_rules.read(kit.pricing)
    if rules.currency != currency.code:
        rules = price_rules.PriceRules(currency.code)
    return {
        "name": kit.name, "shop_name": kit.shop_name, "license_text": kit.license_text, "closing_text": kit.closing_text,
        "palette": kit.palette, "is_default": kit.is_default, "styles": kit.styles, "scenes": kit.scenes,
        "minimum_price": currency.plain(rules.minimum) if rules.minimum else "", "price_ending": rules.ending,
        "prices": {code: currency.plain(cents) for code, cents in rules.prices.items()},
    }  # fmt: skip


def _fields(owner: User, post: QueryDict) -> KitFields:
    currency, problems = acting.currency_of(owner), dict[str, str]()

    def cents(field: str, text: str) -> int:
        found = currency.parsed(text) if text.strip() else 0
        if found is None:
            problems[field] = (
                f"Enter a price in {currency.code}, such as {currency.plain(499 if currency.digits else 50_000)}."
            )
        return found or 0

    typed = _typed(post)
    own_prices = {product: cents(f"prices.{product}", text) for product, text in typed["prices"].items()}
    return KitFields(
        **{name: typed[name] for name, *_ in TEXTS},
        is_default=typed["is_default"],
        styles=tuple(typed["styles"]),
        scenes=tuple(typed["scenes"]),
        minimum_price=cents("minimum_price", typed["minimum_price"]),
        price_ending=typed["price_ending"],
        prices=own_prices,
        problems=problems,
    )


def _shown(owner: User, kit: BrandKit | None, values: dict[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    return {
        "kit": kit,
        "errors": errors,
        "texts": [
            {"name": n, "label": label, "max": most, "rows": rows, "hint": hint, "value": values[n], "error": errors.get(n, "")}
            for n, label, most, rows, hint in TEXTS
        ],
        "is_default": values["is_default"],
        "models": [m for m in prices.models() if m.provider == "builtin" or m.code in values["styles"]]
        + [m for m in prices.models() if m.provider != "builtin" and m.code not in values["styles"]],
        "styles": values["styles"],
        "scenes": scenes.ready(owner),
        "chosen_scenes": values["scenes"],
        "scene_price": prices.price_list().mockup_price,
        "currency": acting.currency_of(owner),
        "minimum_price": values["minimum_price"],
        "price_ending": values["price_ending"],
        "endings": price_rules.ENDINGS,
        "prices": [
            {
                "code": code.value, "label": kind.name, "value": values["prices"].get(code.value, ""),
                "error": errors.get(f"prices.{code}", ""),
            }
            for code, kind in PRODUCTS.items()
        ],
    }  # fmt: skip
