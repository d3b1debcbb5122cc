"""The styles the built-in artist paints in: what each is called, the words that ask for it, how it is painted, and for what.

A style is offered only when it is listed in `OFFERED`; everything a style needs to know about pixels stays in `paint`.
A style must never change what is drawn, only how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elistit_artist.paint import sheet, vector, watercolor
from elistit_artist.paint.color import Grade
from elistit_artist.paint.washes import Manner

# (svg, seed, grade, manner, width px, height px) → RGBA bytes, height × width × 4.
Recipe = Callable[[str, int, Grade, Manner, int, int], NDArray[np.uint8]]
# The same for a whole picture: (svg, paper color, seed, grade, manner, width px, height px) → opaque RGBA bytes.
SceneRecipe = Callable[[str, str, int, Grade, Manner, int, int], NDArray[np.uint8]]


@dataclass(frozen=True)
class Style:
    """One style. `medium` ends the prompt; `words` in an idea or in the art medium option ask for it. `products` are the
    product types it is offered for; `scene` paints whole pictures in the manner `broad` (None: figures only)."""

    code: str
    name: str
    medium: str
    words: tuple[str, ...]
    note: str
    manner: Manner
    recipe: Recipe
    products: frozenset[str]
    scene: SceneRecipe | None = None
    broad: Manner = Manner()  # noqa: RUF009


PICTURES = frozenset({"wall_art", "poster", "greeting_card"})


def _watercolor(svg: str, seed: int, grade: Grade, manner: Manner, width: int, height: int) -> NDArray[np.uint8]:
    painting = watercolor.paint(svg, seed=seed, grade=grade, manner=manner, aspect=width / height)
    return sheet.put_on_pixels(painting, width, height)


def _watercolor_scene(
    svg: str, ground: str, seed: int, grade: Grade, manner: Manner, width: int, height: int
) -> NDArray[np.uint8]:
    painting = watercolor.paint_scene(svg, ground, seed=seed, grade=grade, manner=manner)
    return sheet.put_on_pixels(painting, width, height)


def _vector(look: vector.Look, change: Callable[[Grade], Grade]) -> Recipe:
    def recipe(svg: str, seed: int, grade: Grade, manner: Manner, width: int, height: int) -> NDArray[np.uint8]:
        drawing = vector.read(svg, width / height)
        return vector.put_on_pixels(drawing, look(drawing, change(grade)), width, height)

    return recipe


def _flat_scene(
    svg: str, ground: str, seed: int, grade: Grade, manner: Manner, width: int, height: int
) -> NDArray[np.uint8]:
    drawing = vector.read(svg, whole=True)
    return vector.put_on_pixels(drawing, vector.flat(drawing, grade), width, height, vector.toned(ground, grade))


# What a botanical plate looks like after two hundred years: the pigments that stayed, on paper that turned.
_AGED = ("#b58a5a", "#8a8457", "#6f7550", "#a8654a", "#c9a36b", "#7d5a45", "#bf8f7a", "#8f8aa0", "#d9c7a0", "#5f6f6a")


def aged(grade: Grade) -> Grade:
    """A grade as it looks in an old print: a seller's colors faded, or the plate's own when none were asked for."""
    if grade.colors:
        return replace(grade, chroma=grade.chroma * 0.80, warmth=grade.warmth + 0.35)
    return replace(
        grade, colors=_AGED, amount=0.46, chroma=grade.chroma * 0.90, warmth=grade.warmth + 0.30, own_light=0.75
    )


def sweet(grade: Grade) -> Grade:
    """A grade for stickers: lighter and a little more colorful."""
    return replace(grade, chroma=grade.chroma * 1.08, lift=grade.lift + 0.07)


def _vintage(svg: str, seed: int, grade: Grade, manner: Manner, width: int, height: int) -> NDArray[np.uint8]:
    return _watercolor(svg, seed, aged(grade), manner, width, height)


def _vintage_scene(
    svg: str, ground: str, seed: int, grade: Grade, manner: Manner, width: int, height: int
) -> NDArray[np.uint8]:
    return _watercolor_scene(svg, ground, seed, aged(grade), manner, width, height)


WATERCOLOR = Style(
    code="watercolor",
    name="Watercolor",
    medium="watercolor",
    words=(
        "watercolor",
        "watercolour",
        "watercolors",
        "aquarelle",
        "aquarell",
        "acuarela",
        "wash",
        "line and wash",
        "painted",
    ),
    note="Painted on this machine: no key, no waiting in line. Its own figures, up to 100 different images for a theme.",
    manner=Manner(),
    recipe=_watercolor,
    products=PICTURES | {"clipart"},
    scene=_watercolor_scene,
    broad=Manner(loose=0.8, bleed=0.22, gaps=0.3, granulation=0.10, edge=0.85, stray=0.5, pool=0.85),
)

INK_WASH = Manner(pen=2.8, stray=2.4, strength=0.80, edge=0.7, gaps=0.5, shade=0.8, bleed=0.7, turn=12.0)
"""How ink is painted where a set's colors must show."""

INK = Style(
    code="ink",
    name="Pen and ink",
    medium="pen and ink",
    words=("ink", "inked", "sketch", "sketched", "pen", "pen and ink", "hatching"),
    note="Black lines and hatching, no color, drawn on this machine. In patterns, lines over the colors of the set.",
    manner=Manner(pen=3.4, hatch=1.0, space=8.5, dry=True, stray=0.0, gaps=0.0, loose=0.8),
    recipe=_watercolor,
    products=PICTURES | {"clipart"},
    scene=_watercolor_scene,
    broad=Manner(pen=3.2, hatch=0.9, space=9.0, dry=True, stray=0.0, gaps=0.0, loose=0.7),
)

GOUACHE = Style(
    code="gouache",
    name="Gouache",
    medium="gouache",
    words=("gouache", "tempera", "opaque", "matte", "acrylic", "folk", "picture book", "storybook"),
    note="Opaque color in visible strokes, painted on this machine. The same figures as the built-in watercolor.",
    manner=Manner(body=1.0, bleed=0.0, granulation=0.035, stray=0.3, gaps=-1.6, loose=0.9),
    recipe=_watercolor,
    products=PICTURES | {"clipart"},
    scene=_watercolor_scene,
    broad=Manner(body=1.0, bleed=0.0, granulation=0.03, stray=0.2, gaps=-1.6, loose=0.8),
)

FLAT = Style(
    code="flat",
    name="Flat vector",
    medium="flat vector art",
    words=("flat", "vector", "flat design", "minimal vector", "svg", "cut file", "cricut", "clean"),
    note="Clean flat color, drawn as vectors on this machine. SVG products are the exact layered drawing, not a tracing.",
    manner=Manner(),
    recipe=_vector(vector.flat, lambda g: g),
    products=frozenset({"svg", "clipart", "wall_art", "poster"}),
    scene=_flat_scene,
)

LINEART = Style(
    code="lineart",
    name="Coloring page",
    medium="coloring page line art",
    words=("coloring page", "colouring page", "coloring", "colouring", "line art", "lineart", "outline", "outlines"),
    note="Even lines and closed white shapes to color in, drawn on this machine. Colors of the idea have no effect.",
    manner=Manner(),
    recipe=_vector(vector.lines, lambda g: g),
    products=frozenset({"clipart"}),
)

KAWAII = Style(
    code="kawaii",
    name="Sticker",
    medium="kawaii sticker",
    words=("kawaii", "chibi", "cartoon"),
    note="Thick soft outlines, flat color and rosy cheeks, drawn on this machine. The same figures as the watercolor.",
    manner=Manner(),
    recipe=_vector(vector.sticker, sweet),
    products=frozenset({"sticker", "clipart"}),
)

VINTAGE = Style(
    code="vintage",
    name="Vintage botanical",
    medium="vintage illustration",
    words=(
        "vintage illustration",
        "vintage",
        "antique",
        "old",
        "victorian",
        "herbarium",
        "engraving",
        "engraved",
        "naturalist",
    ),
    note="An engraving's fine hatching under faded washes, as in an old plate. Painted on this machine.",
    manner=Manner(
        pen=1.9,
        hatch=0.54,
        space=8.0,
        stray=1.0,
        strength=0.86,
        edge=0.6,
        gaps=0.3,
        shade=1.1,
        bleed=0.45,
        turn=6.0,
        granulation=0.13,
        loose=0.7,
    ),
    recipe=_vintage,
    products=PICTURES | {"clipart"},
    scene=_vintage_scene,
    broad=Manner(
        pen=1.9,
        hatch=0.52,
        space=8.0,
        stray=0.7,
        strength=0.88,
        edge=0.6,
        gaps=0.2,
        shade=1.0,
        bleed=0.2,
        turn=6.0,
        granulation=0.13,
        loose=0.6,
    ),
)

COLORLESS = frozenset({INK.code, LINEART.code})
"""Styles of lines alone: colors asked for change nothing of them."""

# A name in `OFFERED` is a promise: it looks right for every figure and composer it is offered for.
OFFERED: tuple[Style, ...] = (WATERCOLOR, INK, GOUACHE, FLAT, LINEART, KAWAII, VINTAGE)

# The style of a product type whose model the seller does not choose (rules §3).
FIXED: dict[str, Style] = {"sticker": KAWAII, "svg": FLAT}


def style(code: str) -> Style:
    """The offered style of a code. Raises KeyError for one that is not offered."""
    for candidate in OFFERED:
        if candidate.code == code:
            return candidate
    raise KeyError(code)


def for_product(code: str, product: str) -> Style:
    """The style to plan a product in: the one of the code when it is offered for it, else the product's own or watercolor."""
    chosen = next((s for s in OFFERED if s.code == code and product in s.products), None)
    return chosen or FIXED.get(product, WATERCOLOR)


def adjusted(manner: Manner, changes: dict[str, Any] | None) -> Manner:
    """A manner with some of its numbers multiplied (a mood: `{"bleed": 1.4}`). Unknown names are ignored."""
    known = {k: getattr(manner, k) * float(v) for k, v in (changes or {}).items() if hasattr(manner, k)}
    return replace(manner, **known)
