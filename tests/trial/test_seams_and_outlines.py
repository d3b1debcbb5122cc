"""The trial's own measures: seams of tiles, closed outlines."""

from __future__ import annotations

import numpy as np
import pytest

from elistit.trial import outlines, seams

PX = 512


def speckled(seed: int) -> np.ndarray:
    """Disks that wrap around every edge, on grainy paper that wraps as well."""
    rng = np.random.default_rng(seed)
    tile = np.full((PX, PX, 3), 225.0) + rng.normal(0, 4, (PX, PX, 1))
    y, x = np.mgrid[0:PX, 0:PX]
    for _ in range(24):
        cx, cy, radius = rng.uniform(0, PX), rng.uniform(0, PX), rng.uniform(14, 46)
        dx, dy = np.abs(x - cx), np.abs(y - cy)
        inside = np.hypot(np.minimum(dx, PX - dx), np.minimum(dy, PX - dy)) < radius
        tile[inside] = rng.uniform(20, 200, 3)
    return tile.clip(0, 255).astype(np.uint8)


def stripes(width: int) -> np.ndarray:
    x = np.arange(PX)
    return np.where(((x // width) % 2)[None, :, None], 40, 210).astype(np.uint8).repeat(PX, 0).repeat(3, 2)


@pytest.mark.parametrize("seed", range(6))
def test_a_tile_that_wraps_has_no_seam_and_the_same_tile_cut_elsewhere_has_none(seed: int) -> None:
    tile = speckled(seed)
    assert seams.worst(tile) is None
    assert seams.worst(np.roll(tile, (37, 101), axis=(0, 1))) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_tile_that_was_cropped_shows_its_seam(seed: int) -> None:
    tile = np.tile(speckled(seed), (2, 2, 1))
    words = seams.worst(tile[: PX - 60, :PX])
    assert words and "top and bottom" in words
    words = seams.worst(tile[:PX, : PX - 60])
    assert words and "left and right" in words


def test_a_slow_gradient_that_jumps_at_the_edge_is_a_seam() -> None:
    ramp = np.linspace(80, 160, PX)[None, :, None].repeat(PX, 0).repeat(3, 2).astype(np.uint8)
    assert "left and right" in (seams.worst(ramp) or "")


@pytest.mark.parametrize("width", [8, 32, 64])
def test_stripes_have_edges_everywhere_and_no_seam(width: int) -> None:
    assert seams.worst(stripes(width)) is None


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("M0 0L9 0L9 9Z", [True]),
        ("M0 0L9 0L9 9L0 0", [True]),
        ("M0 0L9 0L9 9", [False]),
        ("M0 0h9v9h-9v-9", [True]),
        ("m5 5 9 0 0 9z m20 20 l5 5 5-5", [True, False]),
        ("M10 10C20 20 30 20 40 10S50 0 10 10", [True]),
        ("M0,0a5,5 0 0110,0a5 5 0 01-10 0", [True]),
        ("M0 0Q5 5 10 0T20 0", [False]),
        ("M3 3", []),
        ("M0 0H9V9H0zM20 20h1", [True, False]),
        ("", []),
    ],
)
def test_outlines_are_followed_to_their_ends(data: str, wanted: list[bool]) -> None:
    assert outlines.closed(data) == wanted


@pytest.mark.parametrize("data", ["L0 0", "M0", "M0 0L5", "M0 0X5 5", "5 5", "M0 0Z5 5"])
def test_what_is_no_path_is_refused(data: str) -> None:
    with pytest.raises(ValueError):
        outlines.closed(data)
