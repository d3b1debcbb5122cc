"""Brand kits, series and templates on the launch form: what they fill in, and what the form shows of them.

Every button is a submit of the form and works without JavaScript. What a preset fills in is shown in its field, where the seller may
change it, except what a series fixes. It must never fill in anything after the seller pressed Launch.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.http import Http404, QueryDict

from elistit import names
from elistit.accounts.models import User
from elistit.projects import brand_kits, form_templates, scenes, series
from elistit.projects.errors import NotFound
from elistit.projects.models import Project
from elistit.projects.preset_models import NAME_MAX, BrandKit, FormTemplate, Series
from elistit.projects.products import OPTIONS, PRODUCTS, ModelChoice, Product, ProductType
from elistit.stages import presets

FIELDS = ("brand_kit", "series", "series_shown")
"""What the form carries: the brand kit, the series as typed, and the one whose look the fields show."""
BUTTONS = ("use_kit", "use_series")
LEAVE, NO_KIT = "leave", "none"


class Filled(Protocol):
    """The launch form as it is filled in: fields and design options by name, and the ids of its uploads."""

    values: dict[str, str]
    options: dict[str, str]
    errors: dict[str, str]
    uploads: list[str]


def begin(owner: User, form: Filled, name: str) -> None:
    """A new form: with the default brand kit, and in the series of a name."""
    kit = brand_kits.default(owner)
    if kit is not None:
        _use(owner, form, kit)
    if name := names.one_line(name)[:NAME_MAX]:
        form.values["series"] = name
        join(owner, form)


def like(owner: User, form: Filled, project: Project) -> None:
    """A form filled in from a project: with its brand kit, where that is still there, and in its series."""
    used = (project.brand or {}).get("id", "")
    form.values["brand_kit"] = used if brand_kits.of(owner).filter(pk=used).exists() else ""
    if project.series is not None:
        form.values["series"] = project.series.name
        join(owner, form)


def pressed(owner: User, form: Filled, post: QueryDict) -> None:
    """Do what a button of the form asks for: `switch` to a product type, `use_kit` or `use_series`."""
    if post.get("switch"):
        kit = _kit(owner, form)
        if kit is not None:
            _style_and_scene(owner, form, kit)
        _hold(owner, form)
    if wanted := post.get("use_kit", ""):
        before = _kit(owner, form)
        chosen = brand_kits.of(owner).filter(pk=wanted[:26]).first()
        _forget(form, before)
        form.values["brand_kit"] = ""
        if chosen is not None:
            _use(owner, form, chosen)
        _hold(owner, form)
    if (series := post.get("use_series", "")) == LEAVE:
        form.values |= {"series": "", "series_shown": ""}
    elif series:
        join(owner, form)


def join(owner: User, form: Filled) -> str:
    """Fill in what the typed series fixes, once. A sentence when that changed the form, so that the seller looks again."""
    name = names.one_line(form.values["series"])
    if name.casefold() == form.values["series_shown"].casefold():
        return ""
    begun = series.find(owner, name) if name else None
    form.values |= {"series": begun.name if begun else name, "series_shown": begun.name if begun else ""}
    if begun is None or not _hold(owner, form):
        return ""
    return (
        f"This project now has the style, palette and shape of the series “{begun.name}”. Check the price. You haven't been "
        "charged yet."
    )


def shown(owner: User, form: Filled, chosen: ProductType | None) -> dict[str, Any]:
    """What the form's page shows of presets. `fixed`: the fields its series fixes."""
    begun = _begun(owner, form)
    return {
        "kits": list(brand_kits.of(owner)),
        "kit": _kit(owner, form),
        "templates": list(form_templates.of(owner)),
        "series_names": series.names_of(owner),
        "begun": begun,
        "fixed": presets.fixed(begun, chosen) if begun and chosen else {},
        "preset_name_max": NAME_MAX,
    }


def mark_fixed(context: dict[str, Any]) -> None:
    """Leave on the page's lists only what its series fixes, and mark the options it fixes."""
    fixed = context["fixed"]
    for row in (*context["option_rows"], *context["lettering_rows"]):
        row["fixed"] = f"options.{row['code']}" in fixed
    if "model" in fixed:
        context["models"] = [m for m in context["models"] if m.price.code == fixed["model"]]
    context["fixed_ratio"] = fixed.get("ratio", "")


def template(owner: User, template_id: str) -> FormTemplate:
    """One of the seller's templates. Raises Http404."""
    try:
        return form_templates.get(owner, template_id)
    except NotFound as missing:
        raise Http404 from missing


def fields_of(form: Filled, *, with_idea: bool) -> dict[str, str]:
    """What a template keeps of a form: everything but uploads and the storyboard, and the idea only when it is wanted."""
    values = {k: v for k, v in form.values.items() if v and k not in ("series_shown", "name", "confirm_trademarks")}
    if not with_idea:
        values.pop("idea", None)
    return values | {f"options.{code}": text for code, text in form.options.items() if text}


def drop_gone(owner: User, form: Filled, kind: ProductType, usual: dict[str, str]) -> str:
    """Put the usual value where a template names something that is no longer there. A sentence naming it; empty when all is."""
    values, dropped = form.values, []
    kit = _kit(owner, form)
    if values["brand_kit"] and kit is None:
        values["brand_kit"] = ""
        dropped.append("its brand kit")
    if values["scene"] and values["scene"] not in {scene.pk for scene in scenes.ready(owner)}:
        values["scene"] = ""
        dropped.append("its scene")
    if values["ratio"] not in kind.sizes:
        values["ratio"] = usual["ratio"]
    models = presets.offered(kind.code.value)
    if values["model"] and values["model"] not in models:
        values["model"] = usual["model"]
        dropped.append("its style")
    values["series_shown"] = ""
    join(owner, form)
    return f"Some of this template is no longer there and was left out: {', '.join(dropped)}." if dropped else ""


def _begun(owner: User, form: Filled) -> Series | None:
    return series.find(owner, form.values["series_shown"]) if form.values["series_shown"] else None


def _kit(owner: User, form: Filled) -> BrandKit | None:
    return brand_kits.of(owner).filter(pk=form.values["brand_kit"]).first() if form.values["brand_kit"] else None


def _use(owner: User, form: Filled, kit: BrandKit) -> None:
    form.values["brand_kit"] = kit.pk
    if kit.palette:
        form.options["color_palette"] = kit.palette
    _style_and_scene(owner, form, kit)


def _style_and_scene(owner: User, form: Filled, kit: BrandKit) -> None:
    product = form.values["product"]
    if product not in list(Product):
        return
    kind = PRODUCTS[Product(product)]
    if kind.model != ModelChoice.NONE and (style := presets.style_of(kit, product)):
        form.values["model"] = style
    if kind.hangs and (scene := presets.scene_of(owner, kit)):
        form.values["scene"] = scene


def _forget(form: Filled, kit: BrandKit | None) -> None:
    """Take back what a brand kit filled in and the seller left as it was."""
    if kit is None:
        return
    if form.options["color_palette"] == kit.palette:
        form.options["color_palette"] = ""
    if form.values["scene"] in kit.scenes:
        form.values["scene"] = ""


def _hold(owner: User, form: Filled) -> bool:
    """Fill in what the form's series fixes. Whether a field was changed."""
    begun = _begun(owner, form)
    if begun is None or form.values["product"] not in list(Product):
        return False
    changed = False
    for field, value in presets.fixed(begun, PRODUCTS[Product(form.values["product"])]).items():
        name = field.removeprefix("options.")
        held = form.options if name in OPTIONS else form.values
        changed = changed or names.one_line(held[name]).casefold() != value.casefold()
        held[name] = value
    return changed
