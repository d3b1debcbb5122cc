"""Tools a project needs, by stage: the operator's choice (`providers.tools`) applied to product and model.

Pure apart from the configuration. It must never choose a tool for the seller's own images (they stay on this machine),
for images that their artist can draw at any size, or for tiles, which are enlarged here together with their repeated
surroundings.
"""

from __future__ import annotations

from elistit.projects.products import Product, product_type
from elistit.providers import registry
from elistit.providers import tools as choice


def cutter() -> str:
    """The tool that removes backgrounds; empty when it is done on this machine."""
    return choice.chosen(choice.CUT_OUT)


def any_enlarger() -> bool:
    """Whether an outside tool enlarges anything in this installation."""
    return bool(choice.chosen(choice.UPSCALE) or choice.chosen(choice.POSTER))


def enlarger(product: str, model: str) -> tuple[str, int] | None:
    """The tool that brings a model's image to print size, and its scale factor. None when that is done on this machine,
    or when no enlarging is needed."""
    if not model or model.startswith("builtin/") or product in (Product.SVG, Product.CUSTOM, Product.PATTERN):
        return None
    poster = product == Product.POSTER
    code = choice.chosen(choice.POSTER if poster else choice.UPSCALE)
    factor = choice.POSTER_FACTOR if poster else product_type(product).print_scale
    return (code, factor) if code and factor > 1 else None


def needed(product: str, model: str) -> list[str]:
    """The codes of the tools a launch may need."""
    found = []
    if product_type(product).transparent and model and not _paints_on_nothing(model) and cutter():
        found.append(cutter())
    if enlarging := enlarger(product, model):
        found.append(enlarging[0])
    return found


def _paints_on_nothing(model: str) -> bool:
    return any(m.code == model and m.transparent for m in registry.models())
