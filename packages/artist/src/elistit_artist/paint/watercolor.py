"""The watercolor recipe: read the drawing, lay every shape as a wash, let some of them run together on damp paper.

Pure: same drawing, seed, grading and manner give the same painting. It must never know the size of the picture.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from elistit_artist.paint import washes
from elistit_artist.paint.color import Grade, absorbance, from_hex, lightness
from elistit_artist.paint.color import grade as graded
from elistit_artist.paint.hatching import Hatch
from elistit_artist.paint.layers import Reading, read_drawing, read_scene
from elistit_artist.paint.noise import UNITS, Sheet, fine_grain, paper, ramp, stream
from elistit_artist.paint.pen import Pen
from elistit_artist.paint.sheet import Ground, Painting

# A whole picture is painted on a larger sheet than a figure: its detail is finer in proportion, as on a real poster.
SCENE_UNITS = 1536
OVERSCAN = 60
_BLACK, _SEPIA = "#1f1b1a", "#372c27"
_NOTHING = washes.Wash(0, 0, 1, np.zeros((1, 1), np.float32), 1.0, np.zeros((1, 1, 3), np.float32), 0, 1.0)


def paint(
    svg: str, *, seed: int, grade: Grade, manner: washes.Manner, aspect: float = 1.0, margin: float = 0.07
) -> Painting:
    """Decide the whole picture. `aspect` is width ÷ height, `margin` the free fraction on the tighter sides.

    Raises layers.BadDrawing when the drawing cannot be read or shows nothing.
    """
    return _paint(read_drawing(svg, aspect, margin), seed, grade, manner, UNITS)


def paint_scene(svg: str, ground: str, *, seed: int, grade: Grade, manner: washes.Manner) -> Painting:
    """Decide an opaque picture that fills its canvas, on paper of the color `ground` (hex). Raises layers.BadDrawing."""
    reading = read_scene(svg, SCENE_UNITS, OVERSCAN)
    painting = _paint(reading, seed, grade, manner, max(reading.frame.width, reading.frame.height))
    tone = graded(from_hex(ground), grade)
    night = 1.0 if lightness(tone) < 0.6 else 0.0
    clouds = Sheet(seed, "ground", 330, 4, 0.55, max(painting.width, painting.height))
    field = clouds.read(clouds.place(stream(seed, "ground")), 0, 0, painting.width, painting.height, 1)
    uneven = np.asarray(1 + np.float32(0.11 if night else 0.16) * np.tanh(field), np.float32)
    inner = (
        float(OVERSCAN),
        float(OVERSCAN),
        float(painting.width - 2 * OVERSCAN),
        float(painting.height - 2 * OVERSCAN),
    )
    return replace(
        painting,
        ground=Ground(absorbance(tone), uneven, 0.045 if night else 0.085, fine_grain(seed)),
        window=inner,
        outline=_NOTHING,
    )


def _paint(reading: Reading, seed: int, grade: Grade, manner: washes.Manner, extent: int) -> Painting:
    width, height = reading.frame.width, reading.frame.height
    material = washes.Material.gather(seed, width, height, manner, extent)
    light = washes.light_direction(seed)
    laid = [washes.lay(shape, material, seed, grade, light, manner) for shape in reading.shapes]
    wet = Sheet(seed, "damp", 260, 3, extent=extent)
    field = wet.read(wet.place(stream(seed, "damp")), 0, 0, width, height, 1)
    damp = ramp(0.35, 1.3, field) * np.float32(manner.bleed)
    outline = washes.silhouette(reading, material)
    return Painting(
        width,
        height,
        laid,
        outline,
        damp,
        paper(seed, extent),
        manner.granulation,
        _pen(seed, width, height, manner, extent),
    )


def _pen(seed: int, width: int, height: int, manner: washes.Manner, extent: int) -> Pen | None:
    """The pen of a manner that has one, else None. Its pressure swells and fades along the way."""
    if manner.pen <= 0:
        return None
    hatch = Hatch(manner.space, manner.hatch, 0.55, washes.light_direction(seed)) if manner.hatch > 0 else None
    sheet = Sheet(seed, "press", 70, 2, extent=extent)
    hand = sheet.read(sheet.place(stream(seed, "press")), 0, 0, width, height, 1)
    press = np.asarray(0.72 + 0.28 * np.tanh(hand * 1.2), np.float32)
    return Pen(absorbance(from_hex(_BLACK if manner.dry else _SEPIA)), manner.pen, press, hatch, manner.dry)
