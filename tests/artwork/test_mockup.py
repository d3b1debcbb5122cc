"""The listing pictures and where things go on them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from elistit.artwork import arrange, mockup
from elistit.artwork.canvas import load_subject, palette_of
from elistit.artwork.lines import typeset
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF_LIGHT

from .conftest import Draw

CANVAS, PANEL = (2000, 1600), (560, 510, 1440, 1090)


def placed(paths: list[Path], gap: int = 24) -> tuple[list[np.ndarray], list[arrange.Place]]:
    subjects = [load_subject(p, 400) for p in paths]
    alphas = [s.rgba[..., 3] for s in subjects]
    return alphas, arrange.around(alphas, [s.weight for s in subjects], CANVAS, PANEL, gap=gap)


def footprints(alphas: list[np.ndarray], places: list[arrange.Place]) -> list[np.ndarray]:
    """Each subject as it lies on the canvas, drawn with Pillow at full size."""
    drawn = []
    for alpha, place in zip(alphas, places, strict=True):
        size = (round(alpha.shape[1] * place.scale), round(alpha.shape[0] * place.scale))
        sheet = Image.new("L", CANVAS)
        sheet.paste(Image.fromarray(alpha).resize(size), (round(place.x - size[0] / 2), round(place.y - size[1] / 2)))
        drawn.append(np.asarray(sheet) > 60)
    return drawn


@pytest.mark.parametrize("count", [1, 5, 15, 24])
def test_subjects_touch_neither_each_other_nor_the_title_nor_the_edge(draw: Draw, count: int) -> None:
    paths = [draw(n, px=300, reach=0.25 + 0.01 * (n % 9), ragged=0.3 + 0.1 * (n % 4)) for n in range(count)]
    alphas, places = placed(paths)
    prints = footprints(alphas, places)
    assert int(np.sum(prints, axis=0).max()) == 1
    together = np.any(prints, axis=0)
    assert not together[PANEL[1] : PANEL[3], PANEL[0] : PANEL[2]].any()
    assert not (together[:12].any() or together[-12:].any() or together[:, :12].any() or together[:, -12:].any())
    for alpha, place, shape in zip(alphas, places, prints, strict=True):
        whole = (np.asarray(Image.fromarray(alpha)) > 60).sum() * place.scale**2
        assert shape.sum() == pytest.approx(whole, rel=0.05), "a subject is cut off"


def test_the_arrangement_is_balanced_and_uses_the_room(draw: Draw) -> None:
    alphas, places = placed([draw(n, px=300) for n in range(15)])
    together = np.any(footprints(alphas, places), axis=0)
    free = CANVAS[0] * CANVAS[1] - (PANEL[2] - PANEL[0]) * (PANEL[3] - PANEL[1])
    assert together.sum() / free > 0.33
    left, right = together[:, :1000].sum(), together[:, 1000:].sum()
    top, bottom = together[:800].sum(), together[800:].sum()
    assert 0.75 < left / right < 1.33
    assert 0.75 < top / bottom < 1.33


def test_large_and_small_drawings_end_up_looking_equally_large(draw: Draw) -> None:
    alphas, places = placed([draw(1, "small.png", px=400, reach=0.1), draw(1, "large.png", px=400, reach=0.42)])
    sizes = [max(a.shape) * p.scale for a, p in zip(alphas, places, strict=True)]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.06)


def test_the_arrangement_depends_on_nothing_but_the_shapes(draw: Draw) -> None:
    paths = [draw(n, px=200) for n in range(6)]
    assert placed(paths)[1] == placed(paths)[1]
    assert arrange.around([], [], CANVAS, PANEL) == []


@pytest.mark.parametrize("size", [(2000, 1600), (2400, 1800)])
def test_the_three_listing_pictures_are_jpegs_of_the_size_asked_for(
    draw: Draw, tmp_path: Path, size: tuple[int, int]
) -> None:
    images = [draw(n, px=300) for n in range(4)]
    made = [
        mockup.cover(tmp_path / "1.jpg", title="A Set", subtitle="4 PNGs · 300 DPI", images=images, size=size),
        mockup.sheet(tmp_path / "2.jpg", title="A Set", images=images, size=size),
        mockup.scene(tmp_path / "3.jpg", title="A Set", images=images, size=size),
    ]
    for path in made:
        with Image.open(path) as picture:
            assert (picture.format, picture.size, picture.mode) == ("JPEG", size, "RGB")
            assert "icc_profile" in picture.info
        assert 60_000 < path.stat().st_size < 5_000_000
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 31, 100])
def test_any_number_of_pictures_gives_a_cover_and_a_sheet(draw: Draw, tmp_path: Path, count: int) -> None:
    images = [draw(n % 5, f"{n}.png", px=80) for n in range(count)]
    mockup.cover(tmp_path / "cover.jpg", title="Set", subtitle="", images=images, size=(1000, 800))
    mockup.sheet(tmp_path / "sheet.jpg", title="Set", images=images, size=(1000, 800))
    assert Image.open(tmp_path / "cover.jpg").size == (1000, 800)


def test_a_very_long_title_and_strange_letters_stay_inside_the_label(draw: Draw, tmp_path: Path) -> None:
    title = "Extraordinarily Whimsical & <Enchanted> Woodland Creatures Watercolor Clipart Collection"
    out = mockup.cover(tmp_path / "c.jpg", title=title, subtitle=" · ".join(["words"] * 12), images=[draw(1, px=200)])
    picture = np.asarray(Image.open(out).convert("L"), np.int16)
    panel_left, panel_right = 1000 - 480, 1000 + 480
    band = picture[560:1040]
    assert band[:, panel_left + 40 : panel_right - 40].min() < 110, "the title is not there"
    for edge in (panel_left + 36, panel_right - 37):
        assert band[:, edge - 2 : edge + 3].min() > 150, "the title runs over the rule"


def test_the_magnifier_shows_pixels_of_the_print_file(draw: Draw, tmp_path: Path) -> None:
    original = draw(1, "print.png", px=1600)
    plain = mockup.scene(tmp_path / "a.jpg", title="Set", images=[original])
    shown = mockup.scene(tmp_path / "b.jpg", title="Set", images=[original], original=original)
    assert np.abs(np.asarray(Image.open(plain), np.int16) - np.asarray(Image.open(shown), np.int16)).max() > 60


def test_no_pictures_is_an_error_in_words(tmp_path: Path) -> None:
    for make in (
        lambda: mockup.cover(tmp_path / "x.jpg", title="", subtitle="", images=[]),
        lambda: mockup.sheet(tmp_path / "x.jpg", title="", images=[]),
        lambda: mockup.scene(tmp_path / "x.jpg", title="", images=[]),
    ):
        with pytest.raises(ValueError, match="at least one image"):
            make()


def test_colors_come_from_the_art_and_text_can_be_read_on_them(draw: Draw) -> None:
    blue = np.zeros((200, 200, 4), np.uint8)
    blue[50:150, 50:150] = (40, 90, 190, 255)
    gray = blue.copy()
    gray[50:150, 50:150, :3] = 128

    def luminance(color: tuple[int, int, int]) -> float:
        linear = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in color]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for pixels in (blue, gray):
        colors = palette_of([load_subject(draw(pixels), 200)])
        for text in (colors.ink, colors.accent):
            for ground in (colors.paper, colors.panel):
                assert (luminance(ground) + 0.05) / (luminance(text) + 0.05) >= 4.5
    assert palette_of([load_subject(draw(blue), 200)]).accent[2] > palette_of([load_subject(draw(blue), 200)]).accent[0]


def test_text_stands_on_its_baseline_whatever_its_letters(draw: Draw) -> None:
    for face in (SERIF_LIGHT, SANS_SEMIBOLD):
        flat, deep = typeset("mmm", face, 60), typeset("gjp", face, 60)
        below = np.flatnonzero(deep.mask[deep.baseline + 2 :].max(1) > 100)
        assert len(below) > 6
        assert not (flat.mask[flat.baseline + 2 :] > 100).any()
        assert (flat.mask[flat.baseline - 3 : flat.baseline] > 100).any()
    assert typeset("   ", SERIF_LIGHT, 60).mask.max() == 0


def test_text_needs_no_font_on_the_machine(tmp_path: Path) -> None:
    script = (
        "from elistit.artwork.typefaces import *; from elistit.artwork.lines import typeset;"
        "import sys; m=typeset('Woodland', SERIF_LIGHT, 60); sys.stdout.write(f'{m.width} {int(m.mask.sum())}')"
    )
    here = typeset("Woodland", SERIF_LIGHT, 60)
    bare = os.environ | {"FONTCONFIG_FILE": "/nonexistent", "FONTCONFIG_PATH": "/nonexistent", "HOME": str(tmp_path)}
    made = subprocess.run([sys.executable, "-c", script], env=bare, capture_output=True, text=True, check=True)
    width, ink = (int(v) for v in made.stdout.split())
    assert width == here.width
    assert ink == pytest.approx(int(here.mask.sum()), rel=0.05)
