"""Places a figure can be shown in: a meadow, the sea bed, a kitchen shelf, a city, a playing field and more.

A place is a backdrop, where its floor is, and what grows in front. Every color comes from the canvas's scheme; the middle stays
free for the figure, and nothing here may know which figure it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from elistit_artist.compose import indoors, outdoors, scenery
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Kind, listed

Paint = Callable[[Canvas, np.random.Generator], None]


@dataclass(frozen=True)
class Place:
    """`floor`: where the figure stands, as a share of the height; `size`: the figure's, as a share of the shorter side;
    `themes`: figures of these themes belong here, those of `codes` before any other."""

    phrase: str
    words: tuple[str, ...]
    themes: tuple[str, ...]
    behind: Paint
    front: Paint | None = None
    floor: float = 0.86
    size: float = 0.58
    codes: tuple[str, ...] = ()


PLACES: dict[str, Place] = {
    "meadow": Place(
        "in a flowery meadow",
        listed("meadow|field of flowers|wildflowers|pasture"),
        ("farm", "spring", "pets", "easter", "baby", "western"),
        outdoors.meadow,
        outdoors.meadow_front,
    ),
    "barnyard": Place(
        "in front of a red barn",
        listed("barn|farm|farmyard|barnyard|ranch"),
        ("farm",),
        outdoors.barnyard,
        scenery.grass_front,
    ),
    "sea bed": Place(
        "on the sea bed",
        listed("sea bed|seabed|under the sea|underwater|ocean|reef|sea"),
        ("ocean", "sea"),
        outdoors.sea_bed,
        outdoors.sea_front,
        0.84,
        0.56,
        ("mermaid", "shell", "starfish"),
    ),
    "shelf": Place(
        "on a kitchen shelf",
        listed("shelf|kitchen shelf|kitchen"),
        ("coffee", "kitchen", "sweets", "baking", "food"),
        indoors.shelf,
        None,
        0.78,
        0.46,
    ),
    "night garden": Place(
        "in a garden at night",
        listed("night garden|garden at night|night|fireflies"),
        ("zodiac", "halloween", "mystical", "celestial"),
        outdoors.night_garden,
        outdoors.night_front,
    ),
    "city": Place(
        "before a city skyline",
        listed("city|skyline|city skyline|town|new york"),
        ("vehicles", "celebration"),
        indoors.city,
        None,
        0.88,
    ),
    "desert": Place(
        "in the desert", listed("desert|wild west|southwest"), ("western", "cactus", "boho"), outdoors.dunes, None
    ),
    "forest path": Place(
        "on a forest path",
        listed("forest|woods|woodland|forest path"),
        ("woodland", "forest", "camping", "outdoors", "autumn"),
        outdoors.forest_path,
        outdoors.fern_front,
    ),
    "window": Place(
        "by a window",
        listed("window|windowsill|window sill"),
        ("pets", "houseplant", "cozy", "sewing", "home"),
        indoors.by_window,
        None,
        0.80,
        0.5,
    ),
    "table": Place(
        "on a table with a checked cloth",
        listed("table|tablecloth|picnic"),
        ("kitchen", "food", "coffee", "fruit", "school", "books", "sewing", "medical"),
        indoors.table,
        None,
        0.84,
        0.52,
    ),
    "music": Place(
        "among music notes",
        listed("music|music notes|musical notes|song|singing"),
        ("birthday", "party", "ballet", "coquette"),
        indoors.music,
        None,
    ),
    "waves": Place(
        "above rolling waves",
        listed("waves|great wave|japanese waves|seigaiha|japanese"),
        ("nautical", "beach"),
        outdoors.seigaiha,
        None,
        0.78,
        0.5,
        ("wave", "koi"),
    ),
    "mid-century": Place(
        "among mid-century shapes",
        listed("mid century|midcentury|mid-century|atomic"),
        ("vehicles", "travel", "graduation"),
        indoors.midcentury,
        None,
    ),
    "playing field": Place(
        "on a playing field",
        listed("playing field|stadium|field|pitch|sports"),
        ("sports",),
        indoors.playing_field,
        None,
        0.88,
        0.5,
    ),
    "savanna": Place(
        "on the savanna",
        listed("savanna|savannah|safari|africa"),
        ("safari", "jungle", "zoo"),
        outdoors.savanna,
        outdoors.straw_front,
    ),
    "clouds": Place(
        "above the clouds with a rainbow",
        listed("rainbow|clouds|magical|sky"),
        ("fantasy", "baby", "birds"),
        outdoors.above_clouds,
        None,
        0.86,
    ),
    "open sky": Place(
        "high in the sky",
        listed("open sky|blue sky|high in the sky|flying|over the hills"),
        (),
        outdoors.open_sky,
        None,
        0.74,
        0.60,
        ("balloon", "airplane"),
    ),
    "party": Place(
        "at a birthday party",
        listed("birthday|birthday party|party|birthdays"),
        (),
        indoors.party,
        None,
        0.88,
        0.54,
    ),
    "snow": Place(
        "in the snow",
        listed("snow|snowy|winter|snowy forest"),
        ("winter", "christmas", "arctic", "polar"),
        outdoors.snow,
        None,
    ),
}

KINDS = tuple(Kind(code, place.phrase, place.words) for code, place in PLACES.items())


def show(canvas: Canvas, rng: np.random.Generator, kind: str, code: str, params: dict[str, object]) -> None:
    """Draw a figure in a place. Raises KeyError for a place or figure that isn't there."""
    place = PLACES[kind]
    place.behind(canvas, rng)
    size = min(canvas.w, canvas.h) * place.size
    canvas.stand(code, params, rng, canvas.w * 0.5, canvas.h * place.floor, size)
    if place.front:
        place.front(canvas, rng)


def order(themes: tuple[str, ...], asked: str, code: str = "") -> list[str]:
    """Kinds of the nursery for a figure of this code and these themes: as asked, then where it belongs, then the hill and the wreath, then the
    other places. Nothing stands on the moon unless the idea says so."""
    ranked = [
        (min((themes.index(t), place.themes.index(t)) for t in themes if t in place.themes), code)
        for code, place in PLACES.items()
        if set(themes) & set(place.themes)
    ]
    fitting = [code for _, code in sorted(ranked, key=lambda r: r[0])]
    found = [asked] if asked else []
    found += [name for name, place in PLACES.items() if code in place.codes]
    return list(dict.fromkeys([*found, *fitting, "hill", "wreath", *PLACES, *(["moon"] if asked else [])]))
