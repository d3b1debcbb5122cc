"""Templates of the launch form, for programs: the order in a template, with its own idea or another one.

A template keeps the fields of the form as they were filled in. It must never fill in anything else: references to what
no longer exists are refused at the launch, by the order's own check.
"""

from __future__ import annotations

from typing import Any

from elistit import names
from elistit.accounts.models import User
from elistit.projects import batches, form_templates
from elistit.projects.errors import InvalidSpec, NotFound
from elistit.projects.orders import LaunchSpec
from elistit.projects.preset_models import FormTemplate
from elistit.projects.products import CARD_WORDS, OPTIONS, PRODUCTS, Product

TEXTS = ("idea", "model", "ratio", "shop", "brand_kit", "series")
SWITCHES = ("failover", "video")


def find(owner: User, wanted: str) -> FormTemplate:
    """One of a seller's templates by its id, otherwise by its name in any case. Raises NotFound."""
    folded = names.one_line(wanted).casefold()
    found = form_templates.of(owner).filter(pk=wanted).first() or form_templates.of(owner).filter(folded=folded).first()
    if found is None:
        raise NotFound(f"You have no template named “{wanted[:60]}”.")
    return found


def order_of(template: FormTemplate) -> dict[str, Any]:
    """A template's order, in the fields of an order of the API. Without uploads, which templates don't keep."""
    fields = template.fields
    product, count = fields.get("product", ""), fields.get("count", "").strip()
    kind = PRODUCTS.get(Product(product)) if product in list(Product) else None
    return {
        "product": product,
        "count": int(count) if count.isascii() and count.isdecimal() and product != Product.CUSTOM else None,
        **{name: fields.get(name, "") for name in TEXTS},
        "mode": fields.get("mode", "") if product == Product.POSTER else "",
        "scene": fields.get("scene", "") if kind is not None and kind.hangs else "",
        **{name: fields.get(name) == "on" for name in SWITCHES},
        "options": _held(fields, "options", list(OPTIONS)),
        "words": _held(fields, "words", list(CARD_WORDS)) if product == Product.GREETING_CARD else {},
    }


def spec(template: FormTemplate, *, idea: str = "", name: str = "", confirm_not_drawn: bool = False) -> LaunchSpec:
    """A launch of a template, not checked yet: with its own idea unless another is given. Raises InvalidSpec if there
    is none."""
    order = order_of(template)
    order |= {"idea": idea.strip() or order["idea"], "name": name, "confirm_not_drawn": confirm_not_drawn}
    if not order["idea"]:
        raise InvalidSpec({"idea": "This template has no idea. Describe what you want to make."})
    return batches.spec_of(order)


def _held(fields: dict[str, str], group: str, known: list[str]) -> dict[str, str]:
    return {name: fields[f"{group}.{name}"] for name in known if fields.get(f"{group}.{name}")}
