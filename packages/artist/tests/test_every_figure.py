"""Every figure and every variant: valid flat SVG inside its square, repeatable, drawn as before, and really
different from the next."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache

import golden
import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray

from elistit_artist.figures import Params, accessories, catalogue, describe, find, variants
from elistit_artist.paint import job

CODES = sorted(catalogue())
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {f"{SVG}{tag}" for tag in ("path", "circle", "ellipse", "polygon", "rect")}
COLOR = re.compile(r"#[0-9a-f]{6}")
CURVE = re.compile(r"M(-?[\d.]+) (-?[\d.]+)C([-\d. ]+)Z")


@cache
def _kept(code: str, choices: tuple[tuple[str, str], ...], seed: int) -> str:
    return job.drawing(code, dict(choices), seed)


def drawn(code: str, params: Params, seed: int = 1) -> str:
    """The figure as the artist draws it; each once for all tests of this file, which is most of what they cost."""
    return _kept(code, tuple(params.items()), seed)


def pixels(svg: str, size: int = 96) -> NDArray[np.int16]:
    picture = pyvips.Image.svgload_buffer(svg.encode(), scale=size / 1000).flatten(background=[255, 255, 255])
    return picture.numpy().astype(np.int16)


def outline_ends(curves: list[tuple[str, str, str]]) -> NDArray[np.float64]:
    """Points the outlines pass through, without the handles between them."""
    starts = [[float(x), float(y)] for x, y, _ in curves]
    return np.concatenate([starts, *(np.array(rest.split(), float).reshape(-1, 2)[2::3] for _, _, rest in curves)])


@pytest.mark.parametrize("code", CODES)
def test_every_variant_is_flat_svg_inside_its_square(code: str) -> None:
    for params in variants(code):
        svg = drawn(code, params)
        root = ET.fromstring(svg)
        assert root.tag == f"{SVG}svg" and root.attrib == {"viewBox": "0 0 1000 1000"}
        assert len(root) >= 1
        for element in root:
            assert element.tag in ALLOWED and len(element) == 0
            assert set(element.attrib) <= {"d", "fill", "fill-opacity"}
            assert COLOR.fullmatch(element.attrib["fill"]), element.attrib["fill"]
            assert "nan" not in element.attrib["d"] and "inf" not in element.attrib["d"]
        curves = CURVE.findall(svg)
        assert len(curves) >= len(root)
        ends = outline_ends(curves)
        assert ends.min() >= 60 and ends.max() <= 940, params


@pytest.mark.parametrize("code", CODES)
def test_the_same_seed_and_choices_give_the_same_drawing(code: str) -> None:
    params = variants(code)[0]
    assert job.drawing(code, params, 1) == drawn(code, params)
    assert drawn(code, params, 2) != drawn(code, params)


@pytest.mark.parametrize("code", CODES)
def test_every_figure_is_drawn_as_before(code: str) -> None:
    golden.assert_drawn_as_kept(f"figure {code}", golden.figure(code, drawn))


@pytest.mark.parametrize("code", CODES)
def test_no_ink_falls_outside_the_square_when_rendered(code: str) -> None:
    ink = (pixels(drawn(code, variants(code)[0]), 200) < 250).any(axis=2)
    edge = np.ones_like(ink)
    edge[11:-11, 11:-11] = False
    assert not (ink & edge).any()
    assert ink.mean() > 0.02


@pytest.mark.parametrize("code", CODES)
def test_variants_of_a_figure_look_different(code: str) -> None:
    shown = [pixels(drawn(code, params)) for params in variants(code)[:12]]
    for i, one in enumerate(shown):
        for j in range(i):
            changed = (np.abs(one - shown[j]).max(axis=2) > 18).sum()
            assert changed >= 8, (variants(code)[i], variants(code)[j])


@pytest.mark.parametrize("code", CODES)
def test_variants_of_a_figure_read_differently(code: str) -> None:
    words = [describe(code, params) for params in variants(code)]
    assert len(set(words)) == len(words), [w for w in words if words.count(w) > 1]
    for text in words:
        assert re.fullmatch(r"[A-Za-z][A-Za-z ,'\-]*", text), text
        assert "  " not in text and not text.startswith(("a a ", "an a "))


def test_empty_choices_still_draw_every_figure() -> None:
    for code in CODES:
        assert drawn(code, {}).startswith("<svg ")


def test_the_catalogue_is_large_enough_to_promise_variety() -> None:
    assert len(CODES) >= 150
    assert sum(len(variants(code)) for code in CODES) >= 1000


@pytest.mark.parametrize(
    ("theme", "subjects", "drawings"),
    [("woodland", 30, 200), ("botanical", 20, 50), ("farm", 14, 80), ("ocean", 15, 45), ("safari", 9, 60),
     ("christmas", 16, 60), ("halloween", 9, 60), ("kitchen", 12, 30), ("celestial", 8, 20), ("baby", 8, 20),
     ("wedding", 12, 40), ("boho", 14, 50)],
)  # fmt: skip
def test_a_theme_holds_enough_subjects_and_drawings(theme: str, subjects: int, drawings: int) -> None:
    found = [s for s in catalogue().values() if theme in s.themes]
    assert len(found) >= subjects
    assert sum(len(s.variants) for s in found) >= drawings


def test_codes_names_and_tags_are_plain_words() -> None:
    for code, subject in catalogue().items():
        assert subject.code == code and re.fullmatch(r"[a-z_]+", code)
        assert subject.name and subject.name == subject.name.strip()
        assert subject.themes and all(re.fullmatch(r"[a-z]+", t) for t in subject.themes)
        assert all(t == t.lower() for t in subject.tags)


def test_what_is_handed_out_cannot_change_the_catalogue() -> None:
    catalogue().clear()
    variants("fox")[0]["pose"] = "flying"
    assert len(catalogue()) == len(CODES)
    assert variants("fox")[0]["pose"] != "flying"


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        variants("unicorn dancing")


@pytest.mark.parametrize("worn", accessories.DYED)
def test_what_is_worn_is_painted_in_the_color_asked_for(worn: str) -> None:
    def colors(wearing: str) -> set[str]:
        pose = {"a knitted scarf": "walking", "a flower crown": "sleeping"}.get(worn, "sitting")
        svg = find("fox").draw(np.random.default_rng(1), {"pose": pose, "wearing": wearing})
        return set(re.findall(r"#[0-9a-f]{6}", svg))

    plain, red, blue = colors(worn), colors(accessories.dye(worn, "red")), colors(accessories.dye(worn, "blue"))
    assert red - plain and blue - plain and red - blue
    assert red - blue <= red - plain, "nothing else changes its color"
