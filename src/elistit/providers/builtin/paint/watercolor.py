"""The watercolor recipe: read the drawing, lay every shape as a wash, let some of them run together on damp paper.

Pure: same drawing, seed, grading and manner give the same painting. It must never know the size of the picture.
"""

from __future__ import annotations

import numpy as np

from elistit.providers.builtin.paint import washes
from elistit.providers.builtin.paint.color import Grade
from elistit.providers.builtin.paint.layers import read_drawing
from elistit.providers.builtin.paint.noise import Sheet, paper, ramp, stream
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
    return Painting(width, height, laid, washes.silhouette(reading, material), damp, paper(seed), manner.granulation)
