"""SVG products: layers, validation, PNG, PDF and cut file, read back with ElementTree, Pillow, pikepdf and shapely."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import pyvips
from PIL import Image
from shapely.geometry import Polygon

from elistit.artwork import drawing, jobs, svgcheck, svgpath, tracing, vector
from tests.artwork.test_sticker import rings

SVG = "{http://www.w3.org/2000/svg}"
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">'
# A red card, a blue disc on it, a red dot on the disc, a red bar beside: red can share a layer only where order allows.
FOUR = (
    HEAD
    + '<rect x="100" y="100" width="600" height="600" fill="#c62e2c"/><circle cx="400" cy="400" r="200" fill="#4a78b4"/>'
    '<circle cx="400" cy="400" r="60" fill="#c62e2c"/><path d="M800 100h100v600h-100z" fill="#c62e2c"/>'
    '<path d="M100 850L900 850" fill="none" stroke="#848648" stroke-width="30" stroke-linecap="round"/></svg>'
)


def pixels(svg: Path | str, px: int = 500) -> np.ndarray:
    text = svg if isinstance(svg, str) else svg.read_text()
    text = re.sub(r'^<svg( [^>]*?)?(?: width="[^"]*" height="[^"]*")', r"<svg\1", text)
    text = text.replace("<svg", f'<svg width="{px}" height="{px}"', 1)
    return pyvips.Image.svgload_buffer(text.encode()).numpy().astype(int)


def test_layers_are_named_by_color_and_the_drawing_looks_the_same(tmp_path: Path) -> None:
    done = vector.finish_svg(FOUR, tmp_path / "a.svg", "Red & blue <card>")
    assert done.layers == ("01 red", "02 blue", "03 red", "04 olive")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert [g.get("id") for g in root.findall(f"{SVG}g")] == [f"layer-{n.replace(' ', '-')}" for n in done.layers]
    assert [len(g.findall(f"{SVG}path")) for g in root.findall(f"{SVG}g")] == [1, 1, 2, 1]
    assert root.findtext(f"{SVG}title") == "Red & blue <card>"
    assert (root.get("width"), root.get("viewBox")) == ("8.0000in", "0 0 1000 1000")
    change = np.abs(pixels(tmp_path / "a.svg") - pixels(FOUR))
    assert change.max() <= 8
    assert change.mean() < 0.02


def test_a_finished_drawing_passes_its_own_check(tmp_path: Path) -> None:
    made = jobs.finish_vector(FOUR, str(tmp_path), "card", "Card", px=600)
    assert svgcheck.validate_svg(Path(made["files"]["svg"])) == []
    assert svgcheck.validate_svg(Path(made["files"]["cut"])) == []
    with Image.open(made["files"]["png"]) as image:
        assert image.size == (600, 600)
        assert image.mode == "RGBA"
        assert tuple(round(v) for v in image.info["dpi"]) == (300, 300)
        assert image.getchannel("A").getextrema() == (0, 255)


def test_the_pdf_is_one_page_of_curves_without_any_picture(tmp_path: Path) -> None:
    vector.finish_svg(FOUR, tmp_path / "a.svg", "Card")
    vector.to_pdf(tmp_path / "a.svg", tmp_path / "a.pdf", "Card")
    with pikepdf.open(tmp_path / "a.pdf") as document:
        (page,) = document.pages
        assert [float(v) for v in page.mediabox] == pytest.approx([0, 0, 576, 576])
        assert not dict(page.get_images())
        operators = [str(op) for _, op in pikepdf.parse_content_stream(page)]
    assert operators.count("c") == 4 + 4 + 4 + 3 + 1
    assert {"f", "S"} <= set(operators) or {"f*", "S"} <= set(operators)


def test_cut_layers_are_closed_never_overlap_and_turn_strokes_into_areas(tmp_path: Path) -> None:
    vector.finish_svg(FOUR, tmp_path / "a.svg", "Card")
    names = vector.cut(tmp_path / "a.svg", tmp_path / "cut.svg", "Card").layers
    assert names == ("01 red", "02 blue", "03 olive")
    areas = []
    for path in ElementTree.parse(tmp_path / "cut.svg").getroot().iter(f"{SVG}path"):
        data = path.get("d", "")
        assert data.count("M") == data.count("Z")
        assert path.get("stroke") is None
        whole = Polygon()
        for ring in rings(data):
            whole = whole.symmetric_difference(Polygon(ring).buffer(0))
        areas.append(whole)
    assert areas[0].area == pytest.approx(600 * 600 - np.pi * 200**2 + np.pi * 60**2 + 100 * 600, rel=0.01)
    assert areas[1].area == pytest.approx(np.pi * (200**2 - 60**2), rel=0.01)
    assert areas[2].area == pytest.approx(800 * 30 + np.pi * 15**2, rel=0.02)
    for index, area in enumerate(areas):
        for other in areas[index + 1 :]:
            assert area.intersection(other).area < 0.01 * min(area.area, other.area)


def test_a_cut_file_never_has_more_colors_than_sheets_of_vinyl(tmp_path: Path) -> None:
    shapes = "".join(
        f'<rect x="{n % 10 * 100}" y="{n // 10 * 100}" width="80" height="80" fill="#{n * 5:02x}{255 - n * 5:02x}{n * 3:02x}"/>'
        for n in range(50)
    )
    vector.finish_svg(f"{HEAD}{shapes}</svg>", tmp_path / "a.svg", "Many")
    assert 1 < len(vector.cut(tmp_path / "a.svg", tmp_path / "c.svg", "Many").layers) <= vector.CUT_COLORS


BAD = {
    "picture": ('<image href="#a"/>', "pixel image"),
    "data": ('<path d="M0 0L9 9"/><a href="data:image/png;base64,AAAA"><path d="M0 0L9 9"/></a>', "pixel image"),
    "script": ("<script>alert(1)</script><path d='M0 0L9 9'/>", "script"),
    "handler": ('<path d="M0 0L9 9" onload="x()"/>', "script"),
    "javascript": ('<a href="java&#10;script:x()"><path d="M0 0L9 9"/></a>', "script"),
    "foreign": ("<foreignObject><div/></foreignObject><path d='M0 0L9 9'/>", "script"),
    "outside": ('<use href="https://example.com/a.svg#b"/>', "outside"),
    "xlink": ('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="other.svg#b"/>', "outside"),
    "style": ("<style>path{fill:url(http://example.com/x)}</style><path d='M0 0L9 9'/>", "outside"),
    "import": ("<style>@import 'a.css';</style><path d='M0 0L9 9'/>", "outside"),
    "fill": ('<path d="M0 0L9 9" fill="url(file:///etc/passwd)"/>', "outside"),
    "escaped": ("<path d='M0 0L9 9' style='fill:url(#a);marker:\\75rl(x.svg)'/>", "outside"),
    "image set": ("<path d='M0 0L9 9' style=\"background:image-set('//example.com/a' 1x)\"/>", "outside"),
    "animated": ('<path d="M0 0L9 9"><animate attributeName="d"/></path>', "animated"),
    "empty": ("", "nothing"),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_an_unsafe_svg_is_named_for_what_it_is(tmp_path: Path, kind: str) -> None:
    body, word = BAD[kind]
    (tmp_path / "x.svg").write_text(f"{HEAD}{body}</svg>")
    problems = svgcheck.validate_svg(tmp_path / "x.svg")
    assert problems
    assert word in " ".join(problems)
    assert all(p.endswith(".") for p in problems)


def test_entities_broken_markup_and_a_missing_view_box_are_found(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD + "<path d='M0 0L9 9'/>&b;</svg>"
    for text, word in (
        (bomb, "entities"), (HEAD + "<path", "well-formed"), ("<html/>", "not an SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9"/></svg>', "view box"),
        (HEAD + "<g>" * 500 + "</g>" * 500 + "</svg>", "nested"),
    ):  # fmt: skip
        (tmp_path / "x.svg").write_text(text)
        assert word in " ".join(svgcheck.validate_svg(tmp_path / "x.svg"))


def test_references_that_multiply_are_found_without_following_them(tmp_path: Path) -> None:
    ten = ["".join(f'<use href="#g{n}"/>' for _ in range(10)) for n in range(9)]
    doubling = "".join(f'<g id="g{n + 1}">{uses}</g>' for n, uses in enumerate(ten))
    (tmp_path / "x.svg").write_text(f'{HEAD}<path id="g0" d="M0 0L9 9"/>{doubling}</svg>')
    assert "unfolds" in " ".join(svgcheck.validate_svg(tmp_path / "x.svg"))
    (tmp_path / "y.svg").write_text(f'{HEAD}<g id="a"><use href="#a"/></g></svg>')
    assert "unfolds" in " ".join(svgcheck.validate_svg(tmp_path / "y.svg"))


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M10 10 h80 v80 h-80 z m20 20 l40 0 0 40 -40 0z" fill-rule="evenodd"/>',
        '<path d="M10 50 A40 40 0 1 1 90 50 40 40 0 0110 50z"/>',
        '<path d="M010 10L90.0.5e1 09e1 90\n10,90z"/>',
        '<path d="m10 50a40\n40 0\t10 80 0z"/>',
        '<path d="M10 10A0 40 0 0 1 90 20A40 0 30 1 0 50 90z"/>',
        '<path d="M10 90A9 4 30 0 1 90 60L50 20Zl40 0-10 20z" stroke="teal" stroke-width="5"/>',
        '<path d="M10 80 C 40 10, 65 10, 95 80 S 150 150, 60 90 Z"/>',
        '<path d="M10 50 Q50 0 90 50 T 60 90 Z"/>',
        '<g transform="translate(50 50) rotate(30) scale(1.5,.5)"><rect x="-20" y="-20" width="40" height="40" rx="8"/></g>',
        '<ellipse cx="50" cy="50" rx="40" ry="20" transform="matrix(1 .2 -.1 1 2 3)"/>',
        '<polygon points="50,5 95,95 5,95" style="fill:rgb(200,30,30);fill-opacity:.5"/>',
        '<polyline points="5,5 50,90 95,5" fill="none" stroke="navy" stroke-width="6" stroke-linejoin="round"/>',
    ],
)
def test_every_kind_of_shape_is_read_as_the_renderer_draws_it(body: str) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    shapes = drawing.read(f"{head}{body}</svg>").shapes
    again = head + "".join(drawing.to_svg(s) for s in shapes) + "</svg>"
    assert np.abs(pixels(again, 400) - pixels(f"{head}{body}</svg>", 400)).mean() < 0.25


@pytest.mark.parametrize(
    "data",
    [
        "L5 5", "M5", "M5 5 C1 2 3", "M5 5 X9", "5 5 L9 9", "M5 5 L", "M5 5 z 4", "M5 5 L9 9#", "M5 5 L1e10 0", "M5 5 L1 2 3",
        "M0 0,L9 9", "M0,,0L9 9",
        "M,0 0L9 9", "M0 0 A9 9 0 2 0 5 5", "M0 0 A9 9 0 1.0 0 5 5", "M0 0 A9 9 0 1 5 5", "M0 0 A1e-200 1e-200 0 0 0 5 5",
    ],
)  # fmt: skip
def test_bad_path_data_is_refused(data: str) -> None:
    with pytest.raises(svgpath.BadPath):
        svgpath.parse_path(data)


def test_a_side_that_only_closes_a_path_is_not_drawn_twice() -> None:
    for data in ("M1 1h8v8z", "m1 1h8v8L1 1z"):
        [triangle] = svgpath.parse_path(data)
        assert triangle.closed and len(triangle.curves) == 2
    [dot] = svgpath.parse_path("M5 5z")
    assert dot.closed and dot.curves == [((5, 5), (5, 5), (5, 5))]


def test_an_arc_ends_exactly_where_it_is_told() -> None:
    [arc] = svgpath.parse_path("M10.1 20.2a33.3 44.4 55.5 1 0 7.7 8.8")
    assert arc.curves[-1][2] == (10.1 + 7.7, 20.2 + 8.8)


def test_gradients_and_text_are_not_silently_left_out() -> None:
    for body in (
        '<text x="1" y="9">a</text>',
        '<rect width="9" height="9" fill="url(#g)"/>',
        '<rect width="9" height="9" filter="url(#f)"/>',
    ):
        with pytest.raises(drawing.NotFlat):
            drawing.read(f"{HEAD}{body}</svg>")


@pytest.mark.skipif(not tracing.available(), reason="the optional tracing package is not installed")
def test_a_traced_picture_is_vector_only_and_looks_like_the_picture(tmp_path: Path) -> None:
    vector.finish_svg(FOUR, tmp_path / "a.svg", "Card")
    vector.to_png(tmp_path / "a.svg", tmp_path / "a.png", 800)
    made = jobs.trace_vector(str(tmp_path / "a.png"), str(tmp_path / "t"), "traced", "Card", px=400)
    svg = Path(made["files"]["svg"])
    assert svgcheck.validate_svg(svg) == []
    source = np.asarray(Image.open(tmp_path / "a.png").resize((400, 400))).astype(int)
    traced = np.asarray(Image.open(made["files"]["png"])).astype(int)
    assert np.abs(source[..., 3] - traced[..., 3]).mean() < 3
    assert np.abs(source - traced)[source[..., 3] > 250].mean() < 6
