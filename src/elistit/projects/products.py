"""What each product type is, as data (rules §3): ratios, sizes, counts, gate, model.

Everything that differs between product types and is not an image operation is decided here and read from here by the
form, the launch, the chain and the price quote. Pure: no Django, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Product(StrEnum):
    WALL_ART = "wall_art"
    POSTER = "poster"
    CLIPART = "clipart"
    STICKER = "sticker"
    SVG = "svg"
    GREETING_CARD = "greeting_card"
    PATTERN = "pattern"
    CUSTOM = "custom"


class ModelChoice(StrEnum):
    """How the model is chosen: by the seller, fixed by the provider, or none (nothing is generated)."""

    PICKER = "picker"
    FIXED = "fixed"
    NONE = "none"


class PosterMode(StrEnum):
    """`design` makes the image and stops for a decision; `production` goes on to the print file (rules §4)."""

    DESIGN = "design"
    PRODUCTION = "production"


@dataclass(frozen=True)
class ProductType:
    """One product type. Sizes are pixels (width, height) at which an image is generated; counts are images.

    `print_scale` is how many times larger the print master is. A seller's own images keep their shape (`original`) and are
    brought up to that size on their longest side. `formats` are what the buyer gets, for the listing;
    `hangs` says that one image of it can be shown in a scene of the seller's own; `seamless` that each image must join itself at
    its edges, which is measured.
    """

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
    print_scale: int
    formats: tuple[str, ...]
    hangs: bool = False
    seamless: bool = False

    @property
    def default_ratio(self) -> str:
        return next(iter(self.sizes))

    def print_size(self, ratio: str) -> tuple[int, int]:
        """Pixels (width, height) of the print master of a ratio."""
        width, height = self.sizes[ratio]
        return width * self.print_scale, height * self.print_scale


_SQUARE = {"1:1": (1024, 1024)}

PRODUCTS: dict[Product, ProductType] = {
    p.code: p
    for p in (
        ProductType(
            code=Product.CLIPART,
            name="Clipart bundle",
            makes="Transparent PNGs, 4096 px at 300 DPI",
            sizes=_SQUARE,
            count_min=15,
            count_max=100,
            count_default=15,
            gate="awaiting_approval",
            model=ModelChoice.PICKER,
            transparent=True,
            print_scale=4,
            formats=("PNG",),
        ),
        ProductType(
            code=Product.STICKER,
            name="Sticker set",
            makes="Die-cut PNGs, cut lines and a print sheet",
            sizes=_SQUARE,
            count_min=1,
            count_max=100,
            count_default=12,
            gate="awaiting_approval",
            model=ModelChoice.FIXED,
            transparent=True,
            print_scale=2,
            formats=("PNG", "SVG", "PDF"),
        ),
        ProductType(
            code=Product.WALL_ART,
            name="Wall art",
            makes="Five print ratios at 300 DPI",
            sizes={"3:4": (768, 1024), "4:3": (1024, 768)},
            count_min=1,
            count_max=1,
            count_default=1,
            gate=None,
            model=ModelChoice.PICKER,
            transparent=False,
            print_scale=6,
            formats=("JPG",),
            hangs=True,
        ),
        ProductType(
            code=Product.POSTER,
            name="Poster",
            makes="One 300 DPI print file",
            sizes={"2:3": (832, 1248), "3:2": (1248, 832)},
            count_min=1,
            count_max=1,
            count_default=1,
            gate="design_ready",
            model=ModelChoice.PICKER,
            transparent=False,
            print_scale=5,
            formats=("JPG",),
            hangs=True,
        ),
        ProductType(
            code=Product.SVG,
            name="SVG",
            makes="Layered vector files with PNG and PDF",
            sizes=_SQUARE,
            count_min=1,
            count_max=50,
            count_default=6,
            gate=None,
            model=ModelChoice.FIXED,
            transparent=True,
            print_scale=2,
            formats=("SVG", "PNG", "PDF", "DXF"),
        ),
        ProductType(
            code=Product.GREETING_CARD,
            name="Greeting card",
            makes="A folded 5×7 in card, print-ready",
            sizes={"5:7": (1500, 2100)},
            count_min=1,
            count_max=1,
            count_default=1,
            gate=None,
            model=ModelChoice.PICKER,
            transparent=False,
            print_scale=1,
            formats=("PDF", "PNG"),
            hangs=True,
        ),
        ProductType(
            code=Product.PATTERN,
            name="Seamless pattern",
            makes="Coordinated 12 × 12 in tiles, 3600 px at 300 DPI",
            sizes={"1:1": (1200, 1200)},
            count_min=6,
            count_max=24,
            count_default=12,
            gate="awaiting_approval",
            model=ModelChoice.PICKER,
            transparent=False,
            print_scale=3,
            formats=("JPG",),
            seamless=True,
        ),
        ProductType(
            code=Product.CUSTOM,
            name="Your own images",
            makes="Your uploads at print size, packed and listed",
            sizes={"original": (4096, 4096)},
            count_min=1,
            count_max=100,
            count_default=1,
            gate=None,
            model=ModelChoice.NONE,
            transparent=False,
            print_scale=1,
            formats=("PNG",),
            hangs=True,
        ),
    )
}

# The six design options of the create form (rules §4, briefing).
DESIGN_OPTIONS: dict[str, str] = {
    "art_medium": "Art medium",
    "color_palette": "Color palette",
    "mood": "Mood",
    "setting": "Room or setting",
    "composition": "Composition",
    "negative": "Avoid",
}
# What is lettered, and how: a mood, a font, a layout or a color (rules §3).
LETTERING_OPTIONS: dict[str, str] = {"lettering": "Words to letter", "lettering_style": "Lettering style"}
OPTIONS = {**DESIGN_OPTIONS, **LETTERING_OPTIONS}
IDEA_MAX = 1000
OPTION_MAX = 200
LETTERING_MAX = 300
# The words of a greeting card and the most characters of each.
CARD_WORDS = {"front": 60, "inside": 300}


def option_max(code: str) -> int:
    """The most characters of an option."""
    return LETTERING_MAX if code == "lettering" else OPTION_MAX


def product_type(code: str) -> ProductType:
    """The product type of a code. Raises KeyError for a code that is not one of the eight."""
    return PRODUCTS[Product(code)] if code in Product._value2member_map_ else _unknown(code)


def _unknown(code: str) -> ProductType:
    raise KeyError(code)
