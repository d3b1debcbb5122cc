"""Creating and editing brand kits, for the pages, the API and the command line: what a brand kit may contain.

Every field is checked here, so that a launch never meets a brand kit that a stage can't use. Free. It must never touch
a project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elistit import names
from elistit.accounts.models import User
from elistit.artwork import typesetting
from elistit.credits import prices
from elistit.listings import currencies, price_rules
from elistit.listings.etsy import shops
from elistit.listings.price_rules import PriceRules
from elistit.projects import brand_kits, scenes
from elistit.projects.errors import InvalidSpec
from elistit.projects.preset_models import BrandKit
from elistit.projects.products import OPTION_MAX, PRODUCTS

SHOP_NAME_MAX, TEXT_MAX = 80, 2_000


@dataclass(frozen=True)
class KitFields:
    """The fields of a brand kit, as typed. None: unchanged (for a new kit: empty). Prices are hundredths of the shop's
    currency, 0 for none."""

    name: str | None = None
    is_default: bool | None = None
    shop_name: str | None = None
    license_text: str | None = None
    closing_text: str | None = None
    palette: str | None = None
    styles: tuple[str, ...] | None = None
    scenes: tuple[str, ...] | None = None
    minimum_price: int | None = None
    price_ending: str | None = None
    prices: Mapping[str, int] | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def add(owner: User, fields: KitFields) -> BrandKit:
    """Create a brand kit; the first one becomes the default. Raises InvalidSpec naming every invalid field, and
    NotPossible when there are too many."""
    return brand_kits.save(owner, None, checked(owner, fields, None))


def edit(owner: User, public_id: str, fields: KitFields) -> BrandKit:
    """Change the given fields of a brand kit. Projects launched with it keep their copy. Raises NotFound, InvalidSpec."""
    return brand_kits.save(owner, public_id, checked(owner, fields, brand_kits.get(owner, public_id)))


def set_default(owner: User, public_id: str) -> BrandKit:
    """Make a brand kit the one that the launch form preselects. Raises NotFound."""
    return brand_kits.save(owner, public_id, {"is_default": True})


def currency_of(owner: User) -> currencies.Currency:
    """The currency price rules are typed in: the connected shop's, US dollars without one."""
    return currencies.get(shops.known_currency(owner.pk))


def checked(owner: User, fields: KitFields, kit: BrandKit | None) -> dict[str, Any]:
    """The given fields as a row stores them. Raises InvalidSpec naming every invalid field."""
    errors, found = dict(fields.problems), dict[str, Any]()
    if fields.name is not None or kit is None:
        try:
            found["name"] = brand_kits.checked_name(fields.name or "", "a brand kit")
        except InvalidSpec as wrong:
            errors |= wrong.errors
    if fields.is_default is not None:
        found["is_default"] = fields.is_default
    _texts(fields, found, errors)
    if fields.styles is not None:
        known = {m.code for m in prices.models()}
        found["styles"] = list(dict.fromkeys(fields.styles))
        if unknown := [code for code in found["styles"] if code not in known]:
            errors["styles"] = f"There is no style “{unknown[0][:60]}”."
    if fields.scenes is not None:
        ready = {scene.pk for scene in scenes.ready(owner)}
        found["scenes"] = list(dict.fromkeys(fields.scenes))
        if any(pk not in ready for pk in found["scenes"]):
            errors["scenes"] = "One of these scenes was deleted, or its corners aren't set."
    _pricing(owner, fields, kit, found, errors)
    if errors:
        raise InvalidSpec(errors)
    return found


def _texts(fields: KitFields, found: dict[str, Any], errors: dict[str, str]) -> None:
    """The texts, normalized. Texts that are printed in the delivery may contain only characters that the typefaces have."""
    for name, label, most, printed in (
        ("shop_name", "The shop name", SHOP_NAME_MAX, True),
        ("license_text", "The license text", TEXT_MAX, True),
        ("closing_text", "The closing text", TEXT_MAX, False),
        ("palette", "The palette", OPTION_MAX, False),
    ):
        given = getattr(fields, name)
        if given is None:
            continue
        found[name] = text = names.message(given) if most == TEXT_MAX else names.one_line(given)
        if len(text) > most:
            errors[name] = f"{label} is {len(text):,} characters long; at most {most:,} fit."
        elif printed and (missing := typesetting.cannot_set(" ".join(text.split()))):
            errors[name] = f"Our typefaces don't have {typesetting.listed(missing)}. Leave these characters out."


def _pricing(
    owner: User, fields: KitFields, kit: BrandKit | None, found: dict[str, Any], errors: dict[str, str]
) -> None:
    """The price rules. Typed values are in the shop's current currency; rules in another currency are discarded."""
    if fields.minimum_price is None and fields.price_ending is None and fields.prices is None:
        return
    currency = currency_of(owner)
    before = price_rules.read(kit.pricing if kit else None)
    if before and before.currency != currency.code:
        before = PriceRules()
    rules = PriceRules(
        currency.code,
        before.minimum if fields.minimum_price is None else fields.minimum_price,
        before.ending if fields.price_ending is None else fields.price_ending,
        before.prices if fields.prices is None else {k: v for k, v in fields.prices.items() if v},
    )
    wrong = price_rules.problems(rules)
    wrong |= {f"prices.{p}": "There is no such product type." for p in rules.prices if p not in set(PRODUCTS)}
    errors |= {name if name.startswith("prices.") else _FIELD[name]: words for name, words in wrong.items()}
    found["pricing"] = rules.plain()


_FIELD = {"minimum": "minimum_price", "ending": "price_ending"}


def shown(kit: BrandKit) -> dict[str, Any]:
    """A brand kit as the API and the command line return it. Prices are hundredths of `currency`."""
    rules = price_rules.read(kit.pricing)
    return {
        "id": kit.pk,
        "name": kit.name,
        "is_default": kit.is_default,
        "shop_name": kit.shop_name,
        "license_text": kit.license_text,
        "closing_text": kit.closing_text,
        "palette": kit.palette,
        "styles": list(kit.styles),
        "scenes": list(kit.scenes),
        "currency": rules.currency,
        "minimum_price": rules.minimum,
        "price_ending": rules.ending,
        "prices": dict(rules.prices),
        "created_at": kit.created_at,
    }
