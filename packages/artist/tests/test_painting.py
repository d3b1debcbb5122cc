"""The brush: the same picture at every size and every time, real transparency, nothing cut off."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray
from painting_samples import FACE, SPRIG

from elistit_artist import styles
from elistit_artist.paint import color, job, layers, png, sheet, washes, watercolor


def painted(svg: str, px: int, seed: int = 3, **how: float) -> NDArray[np.uint8]:
    painting = watercolor.paint(svg, seed=seed, grade=color.Grade(), manner=washes.Manner(), **how)
    return sheet.put_on_pixels(painting, px, px)


def on_white(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return rgba[..., :3] * alpha + 255 * (1 - alpha)


@pytest.mark.parametrize("svg", [FACE, SPRIG], ids=["face", "sprig"])
def test_a_large_picture_reduced_is_the_small_picture(svg: str) -> None:
    small = painted(svg, 1024)
    large = sheet.reduce(painted(svg, 2048), 1024, 1024)
    a, b = on_white(small), on_white(large)
    assert np.abs(a - b).mean() < 0.8
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.998
    grain_a, grain_b = a - cv2.GaussianBlur(a, (0, 0), 6), b - cv2.GaussianBlur(b, (0, 0), 6)
    inside = small[..., 3] > 250
    assert np.corrcoef(grain_a[inside].ravel(), grain_b[inside].ravel())[0, 1] > 0.97


@pytest.mark.parametrize("style", [s.code for s in styles.OFFERED])
def test_every_style_is_the_same_picture_at_every_size(style: str) -> None:
    chosen = styles.style(style)
    small, large = (chosen.recipe(FACE, 5, color.Grade(), chosen.manner, px, px) for px in (1024, 2048))
    a, b = on_white(small), on_white(sheet.reduce(large, 1024, 1024))
    assert np.abs(a - b).mean() < 1.0
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.996


def test_a_shadow_that_lies_on_the_picture_does_not_spill_beside_it() -> None:
    body = '<rect x="300" y="300" width="400" height="400" fill="#d9803f"/>'
    shadow = '<ellipse cx="320" cy="500" rx="60" ry="90" fill="#6b4a3a" opacity="0.5"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">{body}%s</svg>'
    frame = '<rect x="100" y="100" width="9" height="9" fill="#000"/><rect x="890" y="890" width="9" height="9"/>'
    with_it, without = (painted(svg % (frame + part), 1024)[..., 3] > 20 for part in (shadow, ""))
    assert layers.read_drawing(svg % shadow).shapes[-1].resting
    assert (with_it != without).mean() < 0.002


def test_the_print_size_is_the_picture_that_was_approved() -> None:
    small = painted(SPRIG, 1024)
    large = sheet.reduce(painted(SPRIG, 4096), 1024, 1024)
    assert np.abs(on_white(small) - on_white(large)).mean() < 0.8
    assert np.abs(small[..., 3].astype(int) - large[..., 3]).mean() < 0.8


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    first = png.write(painted(FACE, 512), tmp_path / "a.png")
    second = png.write(painted(FACE, 512), tmp_path / "b.png")
    assert first == second
    assert first.sha256 == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()


def test_another_seed_is_another_picture() -> None:
    assert np.abs(on_white(painted(FACE, 256, 1)) - on_white(painted(FACE, 256, 2))).mean() > 1


def test_nothing_touches_the_edge_of_the_sheet() -> None:
    over_the_edge = FACE.replace('viewBox="0 0 1000 1000"', 'viewBox="250 120 500 500"')
    for svg in (FACE, SPRIG, over_the_edge):
        alpha = painted(svg, 256)[..., 3]
        rows, columns = np.nonzero(alpha.max(1))[0], np.nonzero(alpha.max(0))[0]
        margin = min(rows[0], columns[0], 255 - rows[-1], 255 - columns[-1])
        assert margin >= 256 * 0.04, margin
        assert max(np.ptp(rows), np.ptp(columns)) > 256 * 0.78


def test_clear_pixels_are_empty_and_the_picture_is_solid() -> None:
    rgba = painted(FACE, 512)
    alpha = rgba[..., 3]
    assert not rgba[alpha == 0].any()
    solid, clear = (alpha > 250).mean(), (alpha == 0).mean()
    assert solid > 0.2
    assert clear > 0.3
    assert 1 - solid - clear < 0.03


def test_there_is_no_light_rim_on_a_dark_background() -> None:
    rgba = painted(SPRIG, 1024)
    edge = (rgba[..., 3] > 60) & (rgba[..., 3] < 200)
    inside = cv2.erode((rgba[..., 3] > 250).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert rgba[edge][:, :3].mean() < rgba[inside][:, :3].mean() + 6


def test_gaps_between_washes_show_paper_not_holes() -> None:
    alpha = painted(FACE, 1024)[..., 3]
    filled = cv2.morphologyEx((alpha > 127).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    inner = cv2.erode(filled, np.ones((31, 31), np.uint8)) > 0
    assert (alpha[inner] < 250).mean() < 0.002


def test_eyes_stay_dark_and_their_light_stays_white() -> None:
    reading = layers.read_drawing(FACE)
    late = [s for s in reading.shapes if s.late]
    assert len(late) == 3, "pupil, its light and the mouth are painted last"
    rgb = painted(FACE, 1024)[..., :3].astype(int)
    eye, light = late[0], late[1]
    y, x = eye.y // 2 + eye.mask.shape[0] // 4, eye.x // 2 + eye.mask.shape[1] // 4
    window = rgb[y - 22 : y + 22, x - 22 : x + 22].sum(2) / 3
    assert np.percentile(window, 20) < 75
    assert light.rgb == (1.0, 1.0, 1.0)
    assert window.max() > 235


def test_a_filled_and_outlined_shape_is_two_shapes() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect x="1" y="1" width="7" height="7" fill="#f00"'
    assert len(layers.leaves(svg + ' stroke="#000"/></svg>')[0]) == 2
    assert len(layers.leaves(svg + "/></svg>")[0]) == 1


@pytest.mark.parametrize(
    "broken",
    ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>",
     "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image href='file:///etc/passwd' width='9' height='9'/></svg>",
     "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9'><rect width='3' height='3'/></svg>"],
    ids=["nothing", "cut short", "no shape", "only a link", "bad viewBox"],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_with_a_reason(broken: str) -> None:
    with pytest.raises(layers.BadDrawing):
        layers.read_drawing(broken)


def test_a_palette_pulls_colors_but_leaves_dark_and_white_alone() -> None:
    blue = color.Grade(("#4f7399", "#9db9d3"), 0.8)
    fox = color.grade(color.from_hex("#d9803f"), blue)
    assert fox[2] > fox[0], "orange became blue"
    for kept in ("#1c1816", "#fdfcfa"):
        before = color.from_hex(kept)
        assert np.abs(color.grade(before, blue) - before).max() < 0.02


def test_oklab_goes_there_and_back() -> None:
    colors = np.random.default_rng(1).random((50, 3))
    assert np.abs(color.srgb(color.oklab(colors)) - colors).max() < 1e-6


def test_the_file_says_300_dpi_and_srgb(tmp_path: Path) -> None:
    png.write(painted(SPRIG, 256), tmp_path / "a.png")
    image = pyvips.Image.new_from_file(str(tmp_path / "a.png"))
    assert round(image.xres * 25.4) == 300
    assert image.get_typeof("icc-profile-data") != 0
    assert image.bands == 4


def test_a_cut_short_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    png.write(painted(SPRIG, 256), path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(OSError):
        png.read_back(path)
    with pytest.raises(OSError):
        png.holds(path, painted(SPRIG, 256))


@pytest.mark.parametrize("row", [0, 63, 64, 255])
def test_a_file_with_one_other_pixel_is_noticed(tmp_path: Path, row: int) -> None:
    path, picture = tmp_path / "a.png", painted(SPRIG, 256)
    png.write(picture, path)
    assert png.holds(path, picture)
    picture[row, 255, 3] ^= 1
    assert not png.holds(path, picture)
    assert not png.holds(path, picture[:-1])
    assert not png.holds(path, picture[:, :-1])


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:-2000], lambda raw: b"", lambda raw: raw[:9000] + b"!" + raw[9001:]]
)
def test_a_painting_that_was_not_written_whole_is_not_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    real = png.write

    def broken(rgba: NDArray[np.uint8], out: Path) -> png.FileFacts:
        facts = real(rgba, out)
        out.write_bytes(damage(out.read_bytes()))
        return facts

    monkeypatch.setattr(png, "write", broken)
    order = {
        "subject": "fox",
        "style": "watercolor",
        "seed": 3,
        "width": 256,
        "height": 256,
        "out": str(tmp_path / "a.png"),
    }
    assert job.paint_to_file(order)["failed"] in ("disk", "empty")
