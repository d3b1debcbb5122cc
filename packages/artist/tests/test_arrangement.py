"""A plan that was shown is made as its sketch showed it: the number that arranges it, not the seed, says where everything lies."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from elistit_artist import brief, sketch
from elistit_artist.paint import job
from elistit_artist.patterns import job as tiles
from elistit_artist.patterns import plan


def light(data: bytes | Path) -> np.ndarray:
    """A picture on white as a small plane of lightness."""
    with Image.open(io.BytesIO(data) if isinstance(data, bytes) else data) as image:
        rgba = image.convert("RGBA")
        flat = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("L")
        return np.asarray(flat.resize((96, 96), Image.Resampling.BOX), np.float64)


def alike(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_tile_lies_as_its_sketch_whatever_the_seed(place: int, tmp_path: Path) -> None:
    art = {**plan.plan("foxes and mushrooms", {}, 6, 3, "flat").picks[place].art, "arrangement": 977}
    shown = light(plan.sketch(art, 192))

    def painted(**said: Any) -> np.ndarray:
        out = tmp_path / "tile.png"
        made = tiles.paint_tile({**art, "width": 192, "height": 192, "out": str(out), **said})
        assert "failed" not in made, made
        return light(out)

    assert alike(painted(seed=5), shown) > 0.95 and alike(painted(seed=6), shown) > 0.95
    # A remake has no such number: it is to be another tile.
    assert alike(painted(seed=5, arrangement=None), shown) < 0.8


def test_a_tile_is_the_same_tile_wherever_its_figures_lie() -> None:
    arts = [p.art for p in plan.plan("foxes", {}, 4, 5, "flat").picks]
    assert plan.distinct([{**art, "arrangement": n} for n, art in enumerate([*arts, *arts], start=1)]) == 4


@pytest.mark.parametrize(("product", "idea", "ratio"), [("svg", "foxes", "1:1"), ("wall_art", "boho landscape", "3:4")])
def test_a_drawing_follows_its_arrangement_and_not_its_seed(product: str, idea: str, ratio: str) -> None:
    [pick] = brief.plan(idea, {}, 1, 3, "flat", product=product, ratio=ratio).picks
    art = {**pick.art, "arrangement": 977}
    made = job.layered_svg({**art, "seed": 5}).text
    assert made == job.layered_svg({**art, "seed": 6}).text
    assert made == job.layered_svg({**pick.art, "seed": 977}).text, "without one the seed arranges it, as ever"
    assert sketch.svg(art) != sketch.svg({**art, "arrangement": 978})


def test_a_painting_lies_as_its_sketch(tmp_path: Path) -> None:
    [pick] = brief.plan("boho landscape", {}, 1, 3, "gouache", product="wall_art", ratio="3:4").picks
    art, out = {**pick.art, "arrangement": 977}, tmp_path / "art.png"
    made = job.paint_to_file({**art, "seed": 5, "width": 192, "height": 256, "out": str(out), "transparent": False})
    assert "failed" not in made, made
    assert alike(light(out), light(sketch.webp(art, 200))) > 0.85
