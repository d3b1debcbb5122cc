"""Background removal and enlarging, measured against art whose transparency is known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from elistit.artwork import cutout, upscale
from tests.artwork.conftest import Draw, blob


def on(rgba: np.ndarray, ground: np.ndarray) -> np.ndarray:
    share = rgba[..., 3:].astype(float) / 255
    return (rgba[..., :3] * share + ground * (1 - share) + 0.5).astype(np.uint8)


def grounds(px: int) -> dict[str, np.ndarray]:
    y, x = np.mgrid[0:px, 0:px] / px
    vignette = 250 - 70 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    return {
        "white": np.full((px, px, 3), 255.0),
        "vignette": np.stack([vignette, vignette - 2, vignette - 6], -1),
        "pastel": np.broadcast_to(np.array([214.0, 228.0, 240.0]), (px, px, 3)),
        "gradient": np.stack([200 + 50 * y, 220 - 30 * x, 235 - 40 * y], -1),
    }


@pytest.mark.parametrize("name", ["white", "vignette", "pastel", "gradient"])
@pytest.mark.parametrize("seed", [3, 8])
def test_the_background_goes_and_the_subject_stays(tmp_path: Path, name: str, seed: int) -> None:
    art = blob(seed, 640, reach=0.3)
    Image.fromarray(on(art, grounds(640)[name])).save(tmp_path / "in.jpg", quality=92)
    done = cutout.remove_background(tmp_path / "in.jpg", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as image:
        assert (image.size, image.mode) == ((640, 640), "RGBA")
        found = np.asarray(image).astype(float)
    assert np.abs(found[..., 3] - art[..., 3]).mean() / 2.55 < 1.0
    assert not done.already_transparent
    # On a dark page no rim of the old light background may show.
    rim = (art[..., 3] > 10) & (art[..., 3] < 245)
    dark = np.array([30.0, 30, 45])
    ideal, real = (a[..., :3] * a[..., 3:] / 255 + dark * (1 - a[..., 3:] / 255) for a in (art.astype(float), found))
    assert (real - ideal)[rim].mean() < 12


def ring(px: int) -> np.ndarray:
    art = blob(4, px, reach=0.36, ragged=0.0)
    y, x = (np.mgrid[0:px, 0:px] + 0.5) / px - 0.5
    art[..., 3] = np.where(np.hypot(x, y) < 0.15, 0, art[..., 3])
    return art


def test_holes_open_on_color_stay_closed_on_white_and_obey_the_toggle(tmp_path: Path) -> None:
    art = ring(600)
    for name, holes, opened in (
        ("pastel", None, True),
        ("white", None, False),
        ("white", True, True),
        ("pastel", False, False),
    ):
        Image.fromarray(on(art, grounds(600)[name])).save(tmp_path / "in.png")
        done = cutout.remove_background(tmp_path / "in.png", tmp_path / "out.png", holes=holes)
        middle = np.asarray(Image.open(tmp_path / "out.png"))[300, 300, 3]
        assert (middle == 0) == opened, name
        assert (done.holes_opened > 0) == opened


def test_a_transparent_picture_passes_unchanged(tmp_path: Path) -> None:
    art = blob(5, 400)
    Image.fromarray(art).save(tmp_path / "in.png")
    assert cutout.remove_background(tmp_path / "in.png", tmp_path / "out.png").already_transparent
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), art)


def test_a_picture_of_nothing_but_background_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (300, 300), (250, 248, 244)).save(tmp_path / "in.png")
    with pytest.raises(ValueError, match="background"):
        cutout.remove_background(tmp_path / "in.png", tmp_path / "out.png")


def test_enlarging_gives_four_times_the_pixels_at_300_dpi_with_alpha(draw: Draw, tmp_path: Path) -> None:
    done = upscale.enlarge(draw(2, px=256), tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as image:
        assert image.size == (1024, 1024) == (done.width, done.height)
        assert image.mode == "RGBA"
        assert tuple(round(v) for v in image.info["dpi"]) == (300, 300)


def test_enlarged_edges_are_clean_even_from_a_black_matte(tmp_path: Path) -> None:
    large = Image.fromarray(blob(9, 1024, reach=0.33)).convert("RGBa")
    small = np.asarray(large.resize((256, 256), Image.LANCZOS).convert("RGBA")).copy()
    small[small[..., 3] == 0] = 0
    Image.fromarray(small).save(tmp_path / "in.png")
    upscale.enlarge(tmp_path / "in.png", tmp_path / "out.png")
    planes = [Image.fromarray(np.ascontiguousarray(small[..., c])) for c in range(4)]
    naive = np.dstack([np.asarray(p.resize((1024, 1024), Image.LANCZOS)) for p in planes])
    truth = np.asarray(large.convert("RGBA"))

    def error(rgba: np.ndarray) -> float:
        grounds_ = [np.array(g, float) for g in ((255, 255, 255), (0, 0, 0), (255, 0, 255))]
        return sum(float(((on(rgba, g) - on(truth, g).astype(float)) ** 2).mean()) for g in grounds_)

    # Enlarging color and alpha as they lie drags the black matte into the edge.
    assert error(np.asarray(Image.open(tmp_path / "out.png"))) < error(naive) * 0.95


def test_an_opaque_picture_stays_opaque_when_enlarged(tmp_path: Path) -> None:
    Image.new("RGB", (100, 80), (10, 200, 30)).save(tmp_path / "in.png")
    upscale.enlarge(tmp_path / "in.png", tmp_path / "out.png", scale=2.5)
    with Image.open(tmp_path / "out.png") as image:
        assert image.size == (250, 200)
        assert image.getchannel("A").getextrema() == (255, 255)
        assert image.convert("RGB").getextrema() == ((10, 10), (200, 200), (30, 30))


def test_enlarging_beyond_what_can_be_handled_is_refused(draw: Draw, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="larger than"):
        upscale.enlarge(draw(1, px=600), tmp_path / "out.png", scale=30)


@pytest.mark.parametrize(("high", "wide", "depth"), [(40, 61, 3), (61, 40, 2), (5, 30, 3), (6, 6, 3), (1, 9, 2)])
def test_the_border_is_every_pixel_near_an_edge_once_row_by_row(high: int, wide: int, depth: int) -> None:
    border = np.zeros((high, wide), bool)
    border[:depth] = border[-depth:] = True
    border[:, :depth] = border[:, -depth:] = True
    assert np.array_equal(cutout._border(high, wide, depth), np.flatnonzero(border))


@pytest.mark.parametrize(("high", "wide"), [(100, 77), (64, 64), (33, 8)])
def test_the_ground_is_the_same_in_bands_and_for_single_pixels(high: int, wide: int) -> None:
    grid = np.random.default_rng(high).uniform(0, 100, (-(-high // 8), -(-wide // 8), 3)).astype(np.float32)
    ground = cutout._Ground(grid, (high, wide), 1.0)
    whole = cv2.resize(grid, (wide, high), interpolation=cv2.INTER_LINEAR)
    for rows, columns in ((slice(0, high), slice(0, wide)), (slice(11, 31), slice(3, 8))):
        part, spare = np.empty_like(whole[rows, columns]), np.empty_like(whole[rows, columns])
        ground.rows(rows, columns, part, spare)
        assert part == pytest.approx(whole[rows, columns], abs=1e-3)
    places = np.divmod(np.arange(0, high * wide, 7), wide)
    assert ground.at(*places) == pytest.approx(whole[places], abs=1e-3)


def test_an_edge_takes_the_color_of_the_nearest_part_of_the_subject() -> None:
    rgb = np.full((120, 200, 3), 235, np.uint8)
    rgb[30:90, 30:90], rgb[30:90, 110:170] = (180, 30, 40), (20, 60, 170)
    blended = cv2.blur(rgb, (3, 3))
    rgba, _, _ = cutout.matte(blended, holes=False)
    soft = (rgba[..., 3] > 0) & (rgba[..., 3] < 255)
    left = np.arange(200) < 100
    for side, color in ((left, (180, 30, 40)), (~left, (20, 60, 170))):
        found = rgba[..., :3][soft & side[None]].astype(int)
        assert len(found) > 100
        assert np.abs(found - color).max() < 12
