"""The fields that an order's brand kit and series fill in, before the order is priced, planned or launched.

The quote, the form, batches and the launch all use it, so that what is shown is what is made. It must never change a
field the seller filled in, and never affect the price except by a brand kit's scene, which the quote shows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from elistit import names
from elistit.accounts.models import User
from elistit.credits import prices
from elistit.projects import brand_kits, scenes, series
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Project
from elistit.projects.orders import LaunchSpec, check
from elistit.projects.preset_models import BrandKit, Series
from elistit.projects.products import OPTIONS, PRODUCTS, ModelChoice, Product, ProductType
from elistit.providers.builtin import brief


class Presets:
    """A seller's brand kits, series and scenes, each read once, when it is first needed: for orders that are resolved together.
    Not to be kept for another request."""

    def __init__(self, owner: User) -> None:
        self._owner = owner
        self._kits: dict[str, BrandKit] = {}
        self._series: dict[str, Series | None] = {}

    def kit(self, wanted: str) -> BrandKit:
        """`brand_kits.for_order`. Raises InvalidSpec."""
        if wanted not in self._kits:
            self._kits[wanted] = brand_kits.for_order(self._owner, wanted)
        return self._kits[wanted]

    def series(self, name: str) -> Series | None:
        """`series.find`."""
        if name not in self._series:
            self._series[name] = series.find(self._owner, name)
        return self._series[name]

    def scene_of(self, kit: BrandKit) -> str:
        """The first of a brand kit's scenes that can be used; empty when there is none."""
        return next((pk for pk in kit.scenes if pk in self._ready), "")

    @cached_property
    def _ready(self) -> set[str]:
        return {scene.pk for scene in scenes.ready(self._owner)}


def resolve(owner: User, spec: LaunchSpec, known: Presets | None = None) -> LaunchSpec:
    """An order with everything its brand kit and its series fill in; without them, the order itself. Idempotent. `known` is
    shared by orders that are resolved together. Raises InvalidSpec naming `brand_kit` for an unknown brand kit, and each field
    that contradicts the series."""
    if spec.product not in Product._value2member_map_ or not (spec.brand_kit or spec.series):
        return spec
    kind = PRODUCTS[Product(spec.product)]
    spec = dataclasses.replace(spec, look={}, brand={})
    errors: dict[str, str] = {}
    name = series.checked_name(spec.series, errors)
    if errors:
        raise InvalidSpec(errors)
    known = known or Presets(owner)
    begun = known.series(name) if name else None
    if begun is not None:
        spec = _in_series(spec, kind, begun)
    if spec.brand_kit:
        spec = _with_kit(known, spec, kind, known.kit(spec.brand_kit), begun)
    if name and begun is None:
        spec = dataclasses.replace(spec, look=_first_look(spec, kind))
    return spec


def style_of(kit: BrandKit, product: str) -> str:
    """The first of a brand kit's styles that is available for a product type; empty when there is none."""
    models = offered(product)
    return next((code for code in kit.styles if code in models), "")


def offered(product: str) -> list[str]:
    """The codes of the models that can make a product type."""
    return [m.code for m in prices.models(product)]


def scene_of(owner: User, kit: BrandKit) -> str:
    """The first of a brand kit's scenes that can be used; empty when there is none."""
    return Presets(owner).scene_of(kit)


def palette_of(project: Project) -> str:
    """The colors of a project, as the option `color_palette` would state them: the option itself, otherwise the color
    words of its idea; empty if every figure kept its own colors."""
    given = str(project.options.get("color_palette", ""))
    return given or (brief.color_words(project.idea) if project.model else "")


def _with_kit(known: Presets, spec: LaunchSpec, kind: ProductType, kit: BrandKit, begun: Series | None) -> LaunchSpec:
    """The order with the brand kit's texts and prices and, where fields are empty, its palette, style and scene."""
    spec = dataclasses.replace(spec, brand=brand_kits.frozen(kit))
    if spec.as_shown:
        return spec
    options = dict(spec.options)
    fixed = begun is not None and fixes(begun, kind)
    if kind.model != ModelChoice.NONE and kit.palette and not fixed and not given(options, "color_palette"):
        options["color_palette"] = kit.palette
    model = spec.model or (style_of(kit, kind.code.value) if kind.model != ModelChoice.NONE else "")
    scene = spec.scene or (known.scene_of(kit) if kind.hangs else "")
    return dataclasses.replace(spec, options=options, model=model, scene=scene)


def given(options: Mapping[str, Any], name: str) -> str:
    """An option as an order stores it."""
    return names.one_line(str(options.get(name, "")))


def fixes(begun: Series, kind: ProductType) -> bool:
    """Whether a series determines how this product type looks: not for the seller's own images, which aren't changed."""
    return kind.model != ModelChoice.NONE and begun.look.get("product") != Product.CUSTOM


def fixed(begun: Series, kind: ProductType) -> dict[str, str]:
    """The fields of an order that a series fixes for a product type, by name (`options.color_palette`). A style or an
    orientation that the product type doesn't have is left to the seller."""
    if not fixes(begun, kind):
        return {}
    look = begun.look
    found = {f"options.{name}": str(look["options"].get(name, "")) for name in series.LOOK_OPTIONS}
    if look["model"] in offered(kind.code.value):
        found["model"] = look["model"]
    if ratio := series.ratio_for(look, kind):
        found["ratio"] = ratio
    return found


def _in_series(spec: LaunchSpec, kind: ProductType, begun: Series) -> LaunchSpec:
    """The order with the fields that its series fixes. Raises InvalidSpec for every field that contradicts it."""
    options, errors = dict(spec.options), dict[str, str]()
    rest: dict[str, Any] = {}
    for field, value in fixed(begun, kind).items():
        name = field.removeprefix("options.")
        stated = given(options, name) if name in OPTIONS else getattr(spec, name) or ""
        if stated and stated.casefold() != value.casefold():
            errors[field] = _refusal(begun, field, value)
        elif name not in OPTIONS:
            rest[name] = value
        elif value:
            options[name] = value
        else:
            options.pop(name, None)
    if errors:
        raise InvalidSpec(errors)
    return dataclasses.replace(spec, options=options, **rest)


def _refusal(begun: Series, field: str, value: str) -> str:
    name = field.removeprefix("options.")
    label = {"model": "style", "ratio": "shape"}.get(name) or OPTIONS[name].lower()
    shown = next((m.name for m in prices.models() if m.code == value), value) if name == "model" else value
    holds = f"is “{shown}”" if shown else "isn't set"
    return f"The {label} of the series “{begun.name}” {holds}. Leave it so, or remove this project from the series."


def _first_look(spec: LaunchSpec, kind: ProductType) -> dict[str, Any]:
    """The look of a series that this order starts."""
    order = check(dataclasses.replace(spec, idea=spec.idea or "to come"))
    options = dict(order.options)
    if kind.model != ModelChoice.NONE and not options.get("color_palette"):
        options["color_palette"] = brief.color_words(order.idea)
    return series.look_of(kind, order.model, order.ratio or kind.default_ratio, options)
