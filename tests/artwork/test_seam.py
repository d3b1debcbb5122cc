"""The seam of a tile: what joins passes, and each planted fault is found."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from elistit.artwork import jobs, seam
from elistit.artwork.export import ImageBroken

SIDE = 240


def waves(side: int = SIDE, seed: int = 1, grain: float = 3.0) -> np.ndarray:
    """A tile that joins itself by construction: sines of whole periods, and grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] * 2 * np.pi / side
    planes = [128 + 50 * np.sin(3 * x + k) * np.cos(2 * y - k) + 25 * np.sin(5 * y + 2 * k) for k in range(3)]
    noisy = np.stack(planes, -1) + rng.normal(0, grain, (side, side, 3))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def figures(side: int = SIDE, wrap: bool = True, at: int = 0) -> np.ndarray:
    """Blobs with smooth edges on a plain ground, one of them over the right edge; `wrap` False leaves out its other half."""
    large = 4
    image = Image.new("RGB", (side * large, side * large), (244, 236, 224))
    draw = ImageDraw.Draw(image)
    whole = side * large
    for cx, cy, r in ((0.30, 0.25, 0.12), (0.62, 0.66, 0.10), (0.99, 0.45 + at / 100, 0.13), (0.25, 0.75, 0.09)):
        for dx in (-1, 0, 1) if wrap else (0,):
            box = [(cx + dx - r) * whole, (cy - r) * whole, (cx + dx + r) * whole, (cy + r) * whole]
            draw.ellipse(box, fill=(176, 84, 60))
    return np.asarray(image.resize((side, side), Image.Resampling.LANCZOS))


@pytest.mark.parametrize("tile", [waves(), waves(grain=0), waves(seed=4, grain=20), figures()])
def test_a_tile_that_joins_itself_passes(tile: np.ndarray) -> None:
    found = seam.measure_pixels(tile)
    assert found.seamless and found.ratio <= 1
    assert seam.flag(found) is None


def test_it_passes_wherever_it_is_cut_unless_the_cut_is_its_strongest_line() -> None:
    """The rule is strict: where the cut falls on the line that differs most of all, nothing inside is as strong."""
    cuts = [seam.measure_pixels(np.roll(figures(), (by, 3 * by), (0, 1))) for by in range(0, SIDE, 7)]
    assert sum(c.seamless for c in cuts) >= 0.85 * len(cuts)
    assert max(c.ratio for c in cuts) < 1.2, "and never by much"


@pytest.mark.parametrize(
    "plain", [np.full((64, 64, 3), 200, np.uint8), np.indices((64, 64)).sum(0)[..., None].repeat(3, 2) % 2]
)
def test_a_plain_ground_and_a_fine_check_join(plain: np.ndarray) -> None:
    assert seam.measure_pixels((plain * (1 if plain.max() > 1 else 60)).astype(np.uint8)).seamless


def test_a_figure_that_does_not_come_back_on_the_other_side_is_found() -> None:
    found = seam.measure_pixels(figures(wrap=False))
    assert not found.across.seamless and found.down.seamless
    flag = seam.flag(found)
    assert flag is not None and flag.code == "seam" and "left and right" in flag.words
    turned = seam.measure_pixels(figures(wrap=False).swapaxes(0, 1))
    assert turned.across.seamless and not turned.down.seamless
    assert "top and bottom" in str(seam.flag(turned))


def test_a_shifted_column_at_the_edge_is_found() -> None:
    for tile in (waves(), figures()):
        shifted = tile.copy()
        shifted[:, -1] = np.roll(shifted[:, -1], SIDE // 4, axis=0)
        assert not seam.measure_pixels(shifted).across.seamless


def test_an_image_cropped_out_of_a_larger_one_is_found() -> None:
    large = waves(SIDE * 2)
    assert not seam.measure_pixels(large[: int(SIDE * 1.3), : int(SIDE * 1.3)]).seamless


def test_blended_edges_of_another_brightness_are_found() -> None:
    tile = waves(grain=0.5).astype(np.float64)
    tile += np.linspace(0, 40, SIDE)[None, :, None]
    assert not seam.measure_pixels(np.clip(tile, 0, 255).astype(np.uint8)).across.seamless


def test_a_small_cut_among_hard_stripes_is_found_where_it_is_a_break() -> None:
    """Stripes alone set a high standard for whole columns; a break is held against breaks."""
    x = np.arange(SIDE)
    soft = np.interp(x % 40, [0, 15, 20, 35, 40], [60, 60, 220, 220, 60])
    tile = np.repeat(soft[None, :, None], SIDE, 0).repeat(3, 2)
    assert seam.measure_pixels(tile.astype(np.uint8)).seamless
    # Something dark that grows towards the right edge and does not go on behind it.
    grown = np.linspace(0, 1, 30)[None, :, None]
    tile[90:150, -30:] = tile[90:150, -30:] * (1 - grown) + 150 * grown
    assert not seam.measure_pixels(tile.astype(np.uint8)).across.seamless


def test_files_are_measured_at_full_size(tmp_path: Path) -> None:
    path = tmp_path / "tile.png"
    Image.fromarray(figures()).save(path)
    assert seam.measure(path) == seam.measure_pixels(figures())
    Image.fromarray(figures()).convert("RGBA").save(path)
    assert seam.measure(path).seamless
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(ImageBroken):
        seam.measure(path)
    with pytest.raises(ValueError, match="16 pixels"):
        seam.measure_pixels(figures()[:8])


def test_the_checks_flag_a_seam_only_where_tiles_are_made(tmp_path: Path) -> None:
    path = tmp_path / "tile.png"
    Image.fromarray(figures(wrap=False)).save(path)
    look = jobs.examine(str(path), str(tmp_path / "p.webp"), False, 200, True)
    assert [f["code"] for f in look["flags"]] == ["seam"] and look["seam"] > 1
    other = jobs.examine(str(path), str(tmp_path / "p.webp"), False, 200)
    assert other["flags"] == [] and "seam" not in other


def test_the_worse_of_the_two_measures_counts() -> None:
    axis = seam.Axis(step=1.0, step_inside=2.0, broken=3.0, broken_inside=2.0)
    assert axis.ratio == 1.5 and not axis.seamless
    assert dataclasses.replace(axis, broken=2.0).seamless
