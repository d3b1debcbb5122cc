"""What is drawn: valid polygons that do not overlap, inside their box, the same each time, read alike by two renderers."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import pyvips
import resvg_py
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elistit_artist.lettering import drawing, faces, images, layouts, outlines, setting, shaping, signs
from elistit_artist.lettering.faces import FACES

TEXT = "The best things in life are the people we love"
SVG_ORDER = [(layout.code, FACES[k * 5 % 37].code) for k, layout in enumerate(layouts.LAYOUTS)]


def quote(layout: str, face: str, text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {
        "form": "quote",
        "text": text,
        "face": face,
        "layout": layout,
        "palette": "ink",
        "canvas": [3, 4],
        "paper": True,
        "turn": 1,
        **more,
    }


NAMES = [
    *(
        {
            "form": "sign",
            "layout": k,
            "text": "The Millers",
            "details": {"before": "The", "name": "Millers", "after": "est. 2019"},
        }
        for k in signs.SIGNS
    ),
    *({"form": "monogram", "layout": k, "text": t} for k in signs.MONOGRAMS for t in ("A", "AB", "KMR")),
    *(
        {
            "form": "birth",
            "layout": k,
            "text": "Olivia",
            "details": {"name": "Olivia Rose", "date": "March 12, 2026", "weight": "7 lb"},
        }
        for k in signs.BIRTHS
    ),
    *(
        {"form": "letter", "treatment": t, "text": c}
        for t in ("solid", "outlined", "shadow", "inline", "banded")
        for c in "Bg&"
    ),
]
PLANS = (
    [quote(layout, face) for layout, face in SVG_ORDER]
    + [
        {"face": FACES[(7 * k) % 37].code, "palette": "sage", "canvas": [1, 1], "paper": k % 2 == 0, **plan}
        for k, plan in enumerate(NAMES)
    ]
    + [quote("stacked", "lilita-one", canvas=[1, 1], paper=False, backing=True)]
)


def label(plan: dict[str, Any]) -> str:
    return f"{plan['form']}-{plan.get('layout', plan.get('treatment'))}-{plan['text'][:3]}-{plan['face']}"


def read_back(svg: str) -> list[tuple[str, shapely.MultiPolygon]]:
    """The shapes of an SVG by its own text: filled paths alone, even-odd."""
    assert not re.search(r"<(?!/?(svg|path|rect)\b)", svg), "only filled paths"
    assert "stroke" not in svg and "transform" not in svg
    found = []
    for fill, data in re.findall(r'<path [^>]*?fill="(#\w+)" fill-rule="evenodd" d="([^"]+)"', svg):
        rings = [
            [tuple(map(float, point.split())) for point in ring.split("L")] for ring in data.strip("MZ").split("ZM")
        ]
        area = shapely.Polygon()
        for ring in rings:
            area = area.symmetric_difference(shapely.Polygon(ring))
        assert sum(abs(shapely.Polygon(r).area) for r in rings) > 0
        found.append((fill, area))
    return found


@pytest.mark.parametrize("plan", PLANS, ids=label)
def test_shapes_are_valid_and_never_overlap(plan: dict[str, Any]) -> None:
    made = drawing.document(plan)
    assert made.layers and len(made.layers) <= 4
    for layer in made.layers:
        assert layer.shape.is_valid and all(p.is_valid and p.area > 0 for p in layer.shape.geoms)
        assert all(not a.overlaps(b) and not a.contains(b) for a, b in _near(list(layer.shape.geoms)))
    for one, other in combinations(made.layers, 2):
        assert one.shape.intersection(other.shape).area == 0
    page = shapely.box(0, 0, made.width, made.height)
    assert all(page.contains(layer.shape) for layer in made.layers)
    written = read_back(drawing.svg(plan))
    assert [fill for fill, _ in written] == [layer.color for layer in made.layers]
    for (_, area), layer in zip(written, made.layers, strict=True):
        assert area.symmetric_difference(layer.shape).area < 1e-3 * layer.shape.area


def _near(parts: list[shapely.Polygon]) -> list[tuple[shapely.Polygon, shapely.Polygon]]:
    tree = shapely.STRtree(parts)
    return [(parts[a], parts[b]) for a, b in tree.query(parts, predicate="intersects").T if a < b]


@pytest.mark.parametrize("plan", PLANS[::4], ids=label)
def test_two_renderers_agree(plan: dict[str, Any]) -> None:
    svg = images.fitted(plan, 480, 480)
    first = images.pixels(plan, 480, 480)
    other = pyvips.Image.svgload_buffer(svg.encode()).numpy()
    second = np.asarray(other, np.uint8)
    again = pyvips.Image.pngload_buffer(bytes(resvg_py.svg_to_bytes(svg_string=svg))).numpy()
    assert np.array_equal(first, again if again.shape == first.shape else first)
    assert first.shape == second.shape
    shown = [p[..., :3].astype(float) * (p[..., 3:] / 255) + 255 * (1 - p[..., 3:] / 255) for p in (first, second)]
    # librsvg and resvg share no code: their mean difference stays under one per cent of the range.
    assert np.abs(shown[0] - shown[1]).mean() < 2.55
    assert (first[..., 3] > 0).any()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.lists(
        st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHMWQJ.,!?’&"), min_size=1, max_size=45),
        min_size=1,
        max_size=30,
    ),
    layout=st.sampled_from(layouts.LAYOUTS),
    face=st.sampled_from([f for f in FACES if f.code not in ("special-elite",)]),
    canvas=st.sampled_from([[3, 4], [4, 3], [1, 1], [5, 7]]),
)
def test_nothing_leaves_its_box_whatever_is_typed(
    words: list[str], layout: Any, face: faces.Face, canvas: list[int]
) -> None:
    text = " ".join(words)[:300].strip()
    if not any(c.isalnum() for c in text):
        text = f"a{text}"[:300]
    made = drawing.document(quote(layout.code, face.code, text, canvas=canvas))
    page = drawing.page(canvas)
    inner = page.inset(drawing.SIDE * drawing.MARGIN - 2 * outlines.GRID)
    bounds = [layer.shape.bounds for layer in made.layers]
    assert min(b[0] for b in bounds) >= inner.left and min(b[1] for b in bounds) >= inner.top
    assert max(b[2] for b in bounds) <= inner.right and max(b[3] for b in bounds) <= inner.bottom
    assert all(layer.shape.is_valid for layer in made.layers)


@pytest.mark.parametrize("face", FACES, ids=lambda f: f.code)
def test_the_glyphs_of_a_line_are_its_characters(face: faces.Face) -> None:
    """Read back through the font's own character map, without ligatures; with them, each glyph begins at a character."""
    said = "Kindness & Joy, always 2026!"
    numbers = {glyph: chr(code) for code, glyph in faces.font(face).getBestCmap().items() if code in range(0x20, 0x7F)}
    plain = shaping.shape(said, face, ligatures=False)
    order = faces.font(face).getGlyphOrder()
    read = "".join(numbers.get(order[g.number], "?") for g in sorted(plain.glyphs, key=lambda g: g.cluster))
    assert [a for a, b in zip(read, said, strict=True) if a != b and a != "?"] == []
    assert sum(a == "?" for a in read) <= 3, read
    clusters = [g.cluster for g in shaping.shape(said, face).glyphs]
    assert clusters == sorted(clusters) and clusters[0] == 0


def test_kerning_comes_from_the_font() -> None:
    face = faces.face("playfair-display")
    pair, apart = shaping.shape("AV", face), [shaping.shape(c, face).advance for c in "AV"]
    assert pair.advance < sum(apart) - 0.02


def test_joined_letters_are_never_torn_by_spacing() -> None:
    face = faces.face("pacifico")
    assert shaping.shape("love", face, 0.3).advance == shaping.shape("love", face).advance
    strokes = outlines.weld(
        [shapely.affinity.scale(g, 100, 100, origin=(0, 0)) for g in outlines.line(shaping.shape("love", face))]
    )
    assert len(strokes.geoms) == 1


def test_lines_are_even_and_do_not_end_in_a_small_word() -> None:
    face = faces.face("zilla-slab")
    box = setting.Box(0, 0, 400, 500)
    lines = setting.broken(setting.words(TEXT), face, box)
    assert " ".join(lines) == TEXT and len(lines) > 2
    assert not any(setting.clings(line.split()[-1]) for line in lines[:-1])
    widths = [setting.width_of(line, face) for line in lines]
    assert min(widths) > 0.45 * max(widths)


def test_punctuation_hangs_outside_the_edge() -> None:
    face = faces.face("playfair-display")
    bare, quoted = setting.line("home", face, 100), setting.line("“home.”", face, 100)
    assert quoted.seen.width == pytest.approx(bare.seen.width, rel=0.12) and quoted.box.width > 1.2 * bare.box.width


def test_a_typists_marks_become_a_typesetters() -> None:
    face = faces.face("playfair-display")
    assert setting.tidy("\"Don't\" -- 'tis the '90s...", face) == "“Don’t”—’tis the ’90s…"


def test_the_same_plan_is_the_same_file_in_another_process() -> None:
    plan = quote("badge", "alfa-slab-one")
    code = f"from elistit_artist.lettering import svg; import hashlib; print(hashlib.sha256(svg({plan!r}).encode()).hexdigest())"
    told = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=None).stdout
        for _ in range(2)
    }
    assert len(told) == 1


def test_a_sticker_of_words_has_one_piece_under_it() -> None:
    made = drawing.document(quote("spotlight", "kaushan-script", "hello you", canvas=[1, 1], paper=False, backing=True))
    whole = shapely.union_all([layer.shape.buffer(0.02) for layer in made.layers])
    assert isinstance(whole, shapely.Polygon) and not whole.interiors
