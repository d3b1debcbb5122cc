"""Each product type from idea to files, and every file read by programs that did not write it (rules §3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from django.test import Client
from shapely.geometry import box

from elistit.actions import commands
from elistit.projects.gate import items_of
from tests.products import reading as files
from tests.products.conftest import Studio

Master = Callable[[str, int], None]
# Width through height, upright, and the largest print in inches. ISO A is exact to the millimetre only.
RATIOS = {"2x3": 2 / 3, "3x4": 3 / 4, "4x5": 4 / 5, "11x14": 11 / 14, "ISO-A": 1 / 2**0.5}
# An eighth of an inch on a sticker of three.
BORDER = 0.125 / 3


def sizes_stated(description: str) -> set[tuple[int, int]]:
    return {(int(w), int(h)) for w, h in re.findall(r"([\d]{3,5}) × ([\d]{3,5}) pixels", description)}


def assert_told_sizes_are_true(studio: Studio) -> None:
    """A size in pixels in the listing is the size of every print file the buyer gets."""
    assert studio.project
    told = sizes_stated(studio.project.listing.description)
    real = set()
    for file in studio.files("print"):
        with files.Image.open(file) as image:
            real.add(image.size)
    assert not told or told == real


def test_a_sticker_set_has_die_cut_pictures_a_cut_line_each_and_a_sheet(studio: Studio, master: Master) -> None:
    master("sticker", 1)
    project = studio.launch("sticker", "kawaii ocean animals", count=3)
    assert project.stage == "awaiting_approval"
    assert not studio.files("print")
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    prints, cuts = studio.files("print"), {f.stem.removesuffix("-cut"): f for f in studio.files("cut")}
    assert len(prints) == len(cuts) == 3
    for file in prints:
        assert_die_cut(file, cuts[file.stem])
    assert_sheet({f.suffix + ("c" if "-cut" in f.name else ""): f for f in studio.files("sheet")}, 3)
    assert studio.world.rows() == [("SPEND_CREDIT", -5, None)]
    studio.finished(roles=("print", "cut", "sheet"), mockups=3)
    assert_told_sizes_are_true(studio)


def assert_die_cut(png: Path, cut: Path) -> None:
    """Solid inside the cut line and clear outside; the art lies inside by the width of the border all around."""
    image = files.picture(png, mode="RGBA", kind="PNG")
    alpha, rgb = files.transparent(image), np.asarray(image)[..., :3].astype(int)
    root = files.svg(cut)
    assert files.inches(root) == pytest.approx([s / 300 for s in image.size], abs=0.001)
    assert [float(v) for v in root.get("viewBox", "").split()] == [0, 0, *image.size]
    [data] = files.paths(root)
    line = files.area(data)
    assert line.is_valid
    rows, columns = np.mgrid[0 : alpha.shape[0] : 3, 0 : alpha.shape[1] : 3]
    inside = shapely.contains_xy(line, columns + 0.5, rows + 0.5)
    solid = alpha[::3, ::3] > 127
    assert (inside != solid).mean() < 0.002
    # The art: what is not white. Its rim is soft, so only what is clearly colored counts.
    ys, xs = np.nonzero((rgb.min(axis=2) < 150) & (alpha > 0))
    assert len(xs) > 1000
    points = shapely.points(xs[::17] + 0.5, ys[::17] + 0.5)
    assert shapely.contains(line, points).all(), "art outside the cut line"
    border = (max(image.size) - 12) * BORDER
    assert shapely.distance(line.boundary, points).min() > border * 0.9


def assert_sheet(sheet: dict[str, Path], count: int) -> None:
    """US Letter as PDF, PNG and cut lines; as many stickers as ordered, none touching another or the page's edge."""
    assert sorted(sheet) == [".pdf", ".png", ".svgc"]
    [page] = files.pages(sheet[".pdf"])
    assert page["media"] == pytest.approx([0, 0, 8.5, 11])
    assert page["images"] == count
    assert "CutContour" in page["spots"]
    assert files.picture(sheet[".png"], mode="RGB", kind="PNG").size == (2550, 3300)
    root = files.svg(sheet[".svgc"])
    assert files.inches(root) == pytest.approx((8.5, 11))
    _, _, width, height = (float(v) for v in root.get("viewBox", "").split())
    whole = shapely.union_all([files.area(d) for d in files.paths(root)])
    stickers = list(getattr(whole, "geoms", [whole]))
    assert len(stickers) == count, "two stickers touch"
    per_inch = width / 8.5
    assert box(0.25 * per_inch, 0.25 * per_inch, width - 0.25 * per_inch, height - 0.25 * per_inch).contains(whole)
    assert all(a.distance(b) > 0.05 * per_inch for a, b in combinations(stickers, 2))


@pytest.mark.parametrize("ratio", ["3:4"])
def test_wall_art_is_five_ratios_at_print_resolution(studio: Studio, master: Master, ratio: str) -> None:
    master("wall_art", 1)
    studio.launch("wall_art", "boho sun over desert hills", ratio=ratio)
    prints = {f.stem: f for f in studio.files("print")}
    assert len(prints) == 5
    for name, value in RATIOS.items():
        [file] = [f for stem, f in prints.items() if f"-{name}-" in f"{stem}-"]
        image = files.picture(file, mode="RGB", kind="JPEG")
        assert image.width / image.height == pytest.approx(value, abs=0.001), name
        assert image.width >= 8 * 300
        assert file.stat().st_size < 20_000_000
        assert np.asarray(image.resize((64, 64))).std() > 8, "the picture is blank"
    assert studio.world.rows() == [("SPEND_CREDIT", -3, None)]
    studio.finished(roles=("print",), mockups=3)
    assert_told_sizes_are_true(studio)


def test_a_poster_is_designed_first_and_then_made_exactly_one_print_file(studio: Studio, master: Master) -> None:
    master("poster", 1)
    project = studio.launch("poster", "mountain lake at dusk", ratio="3:2")
    assert project.stage == "design_ready"
    assert studio.world.rows() == [("SPEND_CREDIT", -1, None)]
    assert not studio.files("print")
    assert not studio.files("zip")
    commands.make_print_ready(studio.world.user, project.pk, idempotency_key="print")
    studio.go_on()
    [file] = studio.files("print")
    image = files.picture(file, mode="RGB", kind="JPEG")
    assert image.size == (36 * 300, 24 * 300)
    assert file.stat().st_size < 20_000_000
    [design] = studio.files("image")
    assert_same_picture(design, image)
    assert studio.world.rows() == [("SPEND_CREDIT", -1, None), ("SPEND_CREDIT", -2, None)]
    studio.finished(roles=("print",), mockups=3)
    assert_told_sizes_are_true(studio)


def assert_same_picture(design: Path, printed: Any) -> None:
    with files.Image.open(design) as image:
        seen = np.asarray(image.convert("RGB").resize((96, 64)), float)
    assert np.abs(seen - np.asarray(printed.resize((96, 64)), float)).mean() < 6


def test_an_svg_product_is_vectors_throughout_with_a_cut_file_whose_layers_do_not_overlap(studio: Studio) -> None:
    studio.launch("svg", "woodland animals", count=2)
    vectors = {f.name: f for f in studio.files("vector")}
    cuts = {f.stem.removesuffix("-cut"): f for f in studio.files("cut")}
    prints = studio.files("print")
    assert (len(vectors), len(cuts), len(prints)) == (4, 2, 2)
    for png in prints:
        image = files.picture(png, mode="RGBA", kind="PNG")
        assert max(image.size) == 4096
        alpha = np.asarray(image)[..., 3]
        assert (alpha.min(), alpha.max()) == (0, 255)
        root = files.svg(vectors[f"{png.stem}.svg"])
        assert max(files.inches(root)) == pytest.approx(8, abs=0.01)
        layers = [g for g in root if g.tag.endswith("}g")]
        assert len(layers) >= 2
        assert all(any(k.endswith("}label") for k in g.attrib) and len(g) for g in layers)
        [page] = files.pages(vectors[f"{png.stem}.pdf"])
        assert page["images"] == 0
        assert_cuttable(cuts[png.stem])
    assert studio.world.rows() == [("SPEND_CREDIT", -4, None)]
    assert_made_for_makers(studio, [png.stem for png in prints])
    studio.finished(roles=("print", "vector", "cut", "maker"), mockups=3)
    assert_told_sizes_are_true(studio)


def assert_made_for_makers(studio: Studio, stems: list[str]) -> None:
    """Six colors at most, three more files each, and what is measured of them kept, shown and printed."""
    more = {f.name: f for f in studio.files("maker")}
    ends = ("-sheets.svg", "-silhouette.svg", ".dxf")
    assert set(more) == {f"{stem}{end}" for stem in stems for end in ends}
    for file in studio.files("vector"):
        if file.suffix == ".svg":
            assert 2 <= len(set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', file.read_text()))) <= 6
    assert studio.project
    told = [item.art["cutting"] for item in items_of(studio.project)]
    assert all(t["colors"] <= 6 and t["pieces"] >= 2 and t["smallest_part_mm"] > 0 for t in told)
    for stem, facts in zip(stems, told, strict=True):
        assert facts["words"] in more[f"{stem}-sheets.svg"].read_text()
    page = Client()
    page.force_login(studio.world.user)
    html = page.get(f"/projects/{studio.project.pk}/downloads/").content.decode()
    assert "Files for makers" in html and all(t["words"] in html for t in told)
    assert all(words in unescape(html) for t in told for words in t["warnings"])
    [card] = studio.files("card")
    with pypdfium2.PdfDocument(card) as pages:
        printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    assert "smallest part" in printed and "registration marks" in printed, printed
    assert "DXF" in studio.project.listing.title + studio.project.listing.description


def assert_cuttable(cut: Path) -> None:
    root = files.svg(cut)
    assert max(files.inches(root)) == pytest.approx(8, abs=0.01)
    layers = [files.area(d) for d in files.paths(root)]
    assert 2 <= len(layers) <= 8
    for a, b in combinations(layers, 2):
        # Two colors that meet share a line; following it as curves may differ by a hair.
        assert a.intersection(b).area < 0.02 * min(a.area, b.area) + 20


@pytest.mark.parametrize("words", [{"front": "Thinking of you", "inside": "Wishing you a gentle week."}])
def test_a_greeting_card_is_a_pdf_of_two_sheets_that_say_where_to_trim_and_a_front(
    studio: Studio, words: dict[str, str]
) -> None:
    studio.launch("greeting_card", "a wreath of spring wildflowers", words=words)
    [pdf] = studio.files("vector")
    outside, inside = files.pages(pdf)
    for page in (outside, inside):
        left, bottom, right, top = page["trim"]
        assert (right - left, top - bottom) == pytest.approx((10, 7))
        assert page["bleed"] == pytest.approx([left - 0.125, bottom - 0.125, right + 0.125, top + 0.125])
        assert box(*page["media"]).contains(box(*page["bleed"]))
    assert outside["images"] == 1
    assert inside["words"]
    [front] = studio.files("print")
    image = files.picture(front, mode="RGB", kind="PNG")
    assert image.size == (5 * 300, 7 * 300)
    assert studio.world.rows() == [("SPEND_CREDIT", -3, None)]
    studio.finished(roles=("print", "vector"), mockups=3)
    assert_told_sizes_are_true(studio)
    # The proof reads the files: with one of them changed behind the books it fails.
    front.write_bytes(front.read_bytes()[:-1])
    with pytest.raises(AssertionError):
        studio.finished(roles=("print", "vector"), mockups=3)
