"""What each product type is, as data (rules §3): ratios, sizes, counts, gate, model.

Everything that differs between product types and is not a picture operation is decided here and read from here by the
form, the launch, the chain and the price quote. Pure: no Django, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Product(StrEnum):
    WALL_ART = "wall_art"
    POSTER = "poster"
    CLIPART = "clipart"
    STICKER = "sticker"
    SVG = "svg"
    GREETING_CARD = "greeting_card"
    CUSTOM = "custom"


class ModelChoice(StrEnum):
    """How the model is chosen: by the seller, fixed by the provider, or none (nothing is generated)."""

    PICKER = "picker"
    FIXED = "fixed"
    NONE = "none"


@dataclass(frozen=True)
class ProductType:
    """One product type. Sizes are pixels (width, height) at which an image is generated; counts are images."""

    code: Product
    name: str
    makes: str
    sizes: dict[str, tuple[int, int]]
    count_min: int
    count_max: int
    count_default: int
    gate: str | None
    model: ModelChoice
    transparent: bool
    available: bool = False
    print_scale: int = 4
    image_noun: str = "image"
    capabilities: frozenset[str] = field(default_factory=frozenset)

    @property
    def default_ratio(self) -> str:
        return next(iter(self.sizes), "1:1")


_SQUARE = {"1:1": (1024, 1024)}

PRODUCTS: dict[Product, ProductType] = {
    p.code: p
    for p in (
        ProductType(
            Product.CLIPART, "Clipart bundle", "Transparent PNGs, 4096 px at 300 DPI", _SQUARE, 15, 100, 15,
            "awaiting_approval", ModelChoice.PICKER, True, available=True,
        ),
        ProductType(
            Product.STICKER, "Sticker set", "Die-cut PNGs, cut lines and a print sheet", _SQUARE, 1, 100, 12,
            "awaiting_approval", ModelChoice.FIXED, True,
        ),
        ProductType(
            Product.WALL_ART, "Wall art", "Five print ratios at 300 DPI", {"3:4": (768, 1024), "4:3": (1024, 768)}, 1, 1, 1,
            None, ModelChoice.PICKER, False,
        ),
        ProductType(
            Product.POSTER, "Poster", "One 300 DPI print file", {"2:3": (832, 1248), "3:2": (1248, 832)}, 1, 1, 1,
            "design_ready", ModelChoice.PICKER, False,
        ),
        ProductType(
            Product.SVG, "SVG", "Layered vector files with PNG and PDF", _SQUARE, 1, 50, 6,
            None, ModelChoice.FIXED, True,
        ),
        ProductType(
            Product.GREETING_CARD, "Greeting card", "A folded 5×7 in card, print-ready", {"5:7": (1500, 2100)}, 1, 1, 1,
            None, ModelChoice.PICKER, False,
        ),
        ProductType(
            Product.CUSTOM, "Your own images", "The same processing and delivery on your uploads", _SQUARE, 1, 100, 1,
            None, ModelChoice.NONE, False,
        ),
    )
}  # fmt: skip

# The six design options of the create form (rules §4, briefing).
DESIGN_OPTIONS: dict[str, str] = {
    "art_medium": "Art medium",
    "color_palette": "Color palette",
    "mood": "Mood",
    "setting": "Room or setting",
    "composition": "Composition",
    "negative": "Leave out",
}
IDEA_MAX = 1000
OPTION_MAX = 200


def product_type(code: str) -> ProductType:
    """The product type of a code. Raises KeyError for a code that is not one of the seven."""
    return PRODUCTS[Product(code)] if code in Product._value2member_map_ else _unknown(code)


def _unknown(code: str) -> ProductType:
    raise KeyError(code)
