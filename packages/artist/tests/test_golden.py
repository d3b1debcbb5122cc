"""Nothing changed: every composition and a choice of paintings are what was kept in `golden.py`'s files. That every figure is, is
proved by test_every_figure.py, which draws them all."""

from __future__ import annotations

import json
import re
from typing import Any

import golden
import numpy as np
import pytest

from elistit_artist import compose, figures
from elistit_artist.paint import job

DRAWN: dict[str, list[Any]] = json.loads(golden.DRAWINGS.read_text())
PAINTED = np.load(golden.PAINTINGS)
# Another processor or library rounds a few pixels of a wash otherwise; a moved shape or another color changes far more.
MEAN_MAX, SINGLE_MAX = 0.6, 12


@pytest.mark.parametrize("code", sorted(compose.catalogue()))
def test_every_composition_is_drawn_as_before(code: str) -> None:
    golden.assert_drawn_as_kept(f"scene {code}", golden.scene(code))


def test_nothing_kept_is_gone() -> None:
    there = {f"figure {c}" for c in figures.catalogue()} | {f"scene {c}" for c in compose.catalogue()}
    assert set(DRAWN) == there
    assert set(PAINTED.files) == set(golden.orders())


@pytest.mark.parametrize("name", sorted(golden.orders()))
def test_every_style_paints_as_before(name: str) -> None:
    difference = np.abs(golden.painted(golden.orders()[name]).astype(np.int16) - PAINTED[name])
    assert difference.mean() <= MEAN_MAX and difference.max() <= SINGLE_MAX, (difference.mean(), difference.max())


def test_a_moved_point_and_another_color_would_be_found() -> None:
    svg = job.drawing("fox", figures.variants("fox")[0], 1)
    kept = golden.signature([svg])
    moved = golden.signature([re.sub(r"M(\d+)", lambda m: f"M{int(m[1]) + 1}", svg, count=1)])
    assert moved[:2] == kept[:2] and abs(float(moved[2]) - float(kept[2])) > golden.SUM_MAX
    recolored = golden.signature([svg.replace(svg[svg.index("#") :][:7], "#0102f3")])
    assert recolored[:2] == kept[:2] and abs(float(recolored[3]) - float(kept[3])) > golden.WEIGHTED_MAX


def test_another_seed_is_another_painting() -> None:
    """The tolerance tells two paintings of one figure apart."""
    order = golden.orders()["fox watercolor"]
    difference = np.abs(golden.painted({**order, "seed": 99}).astype(np.int16) - PAINTED["fox watercolor"])
    assert difference.mean() > MEAN_MAX or difference.max() > SINGLE_MAX
