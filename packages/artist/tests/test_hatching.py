"""Pen and ink is drawn with lines alone, darker where the drawing is darker; an old plate has such lines under its color."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from painting_samples import FACE

from elistit_artist import brief, sketch, styles
from elistit_artist.paint import color

TWO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">
<rect x="100" y="200" width="300" height="600" fill="{left}"/><rect x="600" y="200" width="300" height="600" fill="{right}"/></svg>"""


def drawn(svg: str, style: str, px: int = 512, **changes: float) -> NDArray[np.float32]:
    chosen = styles.style(style)
    rgba = chosen.recipe(svg, 4, color.Grade(), replace(chosen.manner, **changes), px, px).astype(np.float32)
    alpha = rgba[..., 3:] / 255
    return np.asarray(rgba[..., :3] * alpha + 255 * (1 - alpha), np.float32)


def test_ink_has_no_color() -> None:
    spread = np.ptp(drawn(FACE, "ink"), axis=2)
    assert spread.max() < 16
    assert np.ptp(drawn(FACE, "watercolor"), axis=2).max() > 60


def test_what_is_darker_has_more_ink() -> None:
    page = drawn(TWO.format(left="#7a2f28", right="#f0dcae"), "ink")
    assert page[200:400, 80:180].mean() < page[200:400, 330:430].mean() - 40


def test_ink_is_lines_and_no_gray_wash() -> None:
    inside = drawn(TWO.format(left="#9a6a50", right="#9a6a50"), "ink", 1024)[450:750, 150:350].mean(axis=2)
    assert (inside > 225).mean() > 0.2 and (inside < 90).mean() > 0.2


def test_an_old_plate_is_hatched() -> None:
    with_lines, without = (drawn(FACE, "vintage", 1024, hatch=h) for h in (styles.VINTAGE.manner.hatch, 0.0))
    assert with_lines.mean() < without.mean() - 1


@pytest.mark.parametrize("product", ["clipart", "wall_art"])
def test_no_color_is_promised_in_ink(product: str) -> None:
    made = brief.plan("blue foxes", {"color_palette": "sage green"}, 4, 3, "ink", product=product, ratio="3:4")
    assert "sage" not in made.used and "blue" not in made.used
    assert all(p.prompt.endswith("pen and ink") for p in made.picks)
    assert len({p.prompt for p in made.picks}) == 4


def test_the_sketch_of_an_ink_drawing_is_gray() -> None:
    [pick] = brief.plan("fox", {}, 1, 3, "ink").picks
    pixels = sketch.raster(pick.art, 96).numpy().astype(int)
    solid = pixels[pixels[..., 3] > 200][:, :3]
    assert len(solid) > 500 and np.ptp(solid, axis=1).max() <= 6
