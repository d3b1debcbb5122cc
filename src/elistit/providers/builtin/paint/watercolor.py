"""The watercolor recipe: read the drawing, lay every shape as a wash, let some of them run together on damp paper.

Pure: same drawing, seed, grading and manner give the same painting. It must never know the size of the picture.
"""

from __future__ import annotations

import numpy as np

from elistit.providers.builtin.paint import washes
from elistit.providers.builtin.paint.color import Grade, absorbance, from_hex
from elistit.providers.builtin.paint.layers import read_drawing
from elistit.providers.builtin.paint.noise import Sheet, paper, ramp, stream
from elistit.providers.builtin.paint.pen import Pen
from elistit.providers.builtin.paint.sheet import Painting


def paint(
    svg: str, *, seed: int, grade: Grade, manner: washes.Manner, aspect: float = 1.0, margin: float = 0.07
) -> Painting:
    """Decide the whole picture. `aspect` is width ÷ height, `margin` the free fraction on the tighter sides.

    Raises layers.BadDrawing when the drawing cannot be read or shows nothing.
    """
    reading = read_drawing(svg, aspect, margin)
    width, height = reading.frame.width, reading.frame.height
    material = washes.Material.gather(seed, width, height, manner)
    light = washes.light_direction(seed)
    laid = [washes.lay(shape, material, seed, grade, light, manner) for shape in reading.shapes]
    wet = Sheet(seed, "damp", 260, 3)
    field = wet.read(wet.place(stream(seed, "damp")), 0, 0, width, height, 1)
    damp = ramp(0.35, 1.3, field) * np.float32(manner.bleed)
    outline = washes.silhouette(reading, material)
    return Painting(
        width, height, laid, outline, damp, paper(seed), manner.granulation, _pen(seed, width, height, manner)
    )


def _pen(seed: int, width: int, height: int, manner: washes.Manner) -> Pen | None:
    """The pen of an ink and wash picture; None when the manner has none. Its pressure swells and fades along the way."""
    if manner.pen <= 0:
        return None
    sheet = Sheet(seed, "press", 70, 2)
    hand = sheet.read(sheet.place(stream(seed, "press")), 0, 0, width, height, 1)
    return Pen(absorbance(from_hex("#372c27")), manner.pen, np.asarray(0.72 + 0.28 * np.tanh(hand * 1.2), np.float32))
