"""Stickers and print sheets: borders measured on pixels by Pillow and numpy, cut lines by shapely."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw
from shapely.geometry import MultiPoint, Point, Polygon

from elistit.artwork import sticker, stickersheet
from tests.artwork.conftest import Draw

SVG = "{http://www.w3.org/2000/svg}"


def rings(path_data: str, steps: int = 12) -> list[list[tuple[float, float]]]:
    """Absolute M, C and Z path data as points, by a reader of its own."""
    found: list[list[tuple[float, float]]] = []
    for command, body in re.findall(r"([MCZ])([^MCZ]*)", path_data):
        numbers = [float(v) for v in re.findall(r"-?\d+\.?\d*", body)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            found.append(points)
        for a, b, end in zip(points[::3], points[1::3], points[2::3], strict=True) if command == "C" else ():
            start = found[-1][-1]
            for n in range(1, steps + 1):
                t, u = n / steps, 1 - n / steps
                weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
                found[-1].append(
                    tuple(sum(w * p[i] for w, p in zip(weights, (start, a, b, end), strict=True)) for i in (0, 1))  # type: ignore[arg-type]
                )
    return found


def made(src: Path) -> tuple[sticker.Cut, Path, Path]:
    png, svg = src.with_suffix(".cut.png"), src.with_suffix(".svg")
    return sticker.kiss_cut(src, png, svg), png, svg


def cut_polygons(svg: Path) -> list[Polygon]:
    path = ElementTree.parse(svg).getroot().find(f"{SVG}path")
    assert path is not None
    assert path.get("id") == "CutContour"
    assert path.get("fill") == "none"
    data = path.get("d", "")
    assert data.count("M") == data.count("Z") > 0
    return [Polygon(r) for r in rings(data)]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_cut_line_is_closed_and_everywhere_outside_the_art(draw: Draw, seed: int) -> None:
    src = draw(seed, px=700, ragged=0.5)
    cut, _, svg = made(src)
    areas = cut_polygons(svg)
    assert len(areas) == 1
    assert areas[0].is_valid
    art = np.asarray(Image.open(src))[..., 3] >= 128
    rows, columns = np.nonzero(art)
    # Where the art lies in the finished sticker: both are cut to what is visible, so the middle of the boxes agrees.
    soft = np.nonzero(np.asarray(Image.open(src))[..., 3] > 12)
    pad = (cut.width - (soft[1].max() - soft[1].min() + 1)) / 2
    left, top = pad + 0.5 - soft[1].min(), pad + 0.5 - soft[0].min()
    points = MultiPoint(np.column_stack((columns[::9] + left, rows[::9] + top)))
    assert areas[0].contains(points)
    least = min(areas[0].exterior.distance(Point(p)) for p in points.convex_hull.exterior.coords)
    assert least > cut.border_px * 0.9


def test_the_white_border_is_as_wide_as_asked(tmp_path: Path) -> None:
    image = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((150, 150, 649, 649), fill=(60, 90, 160, 255))
    image.save(tmp_path / "disc.png")
    cut, png, _ = made(tmp_path / "disc.png")
    # A 500 px disc on a sticker of 3 in with 1/8 in border: the art is 2.75 in, so the border is 500 / 2.75 / 8.
    assert cut.border_px == pytest.approx(500 / 2.75 * 0.125, abs=0.2)
    row = np.asarray(Image.open(png))[cut.height // 2]
    shown = np.flatnonzero(row[:, 3] > 127)
    white = (row[:, :3].min(1) > 250) & (row[:, 3] > 127)
    assert shown[-1] - shown[0] + 1 == pytest.approx(500 + 2 * cut.border_px, abs=2)
    assert white[shown[0] : shown[0] + 200].sum() == pytest.approx(cut.border_px, abs=1.5)


def test_the_cut_line_file_has_the_size_of_the_picture_in_inches(draw: Draw) -> None:
    cut, png, svg = made(draw(5))
    root = ElementTree.parse(svg).getroot()
    with Image.open(png) as image:
        assert image.mode == "RGBA"
        assert image.size == (cut.width, cut.height)
        assert tuple(round(v) for v in image.info["dpi"]) == (300, 300)
    assert float(root.get("width", "").removesuffix("in")) == pytest.approx(cut.width / 300, abs=1e-3)
    assert float(root.get("height", "").removesuffix("in")) == pytest.approx(cut.height / 300, abs=1e-3)
    assert root.get("viewBox") == f"0 0 {cut.width} {cut.height}"


def test_what_is_cut_is_what_is_shown(draw: Draw) -> None:
    _, png, svg = made(draw(6, ragged=0.6))
    shown = (np.asarray(Image.open(png))[..., 3] > 127).sum()
    assert cut_polygons(svg)[0].area == pytest.approx(shown, rel=0.003)


def test_the_art_keeps_its_colors_and_holes_become_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((50, 50, 549, 549), fill=(200, 60, 60, 255))
    pen.ellipse((220, 220, 379, 379), fill=(0, 0, 0, 0))
    image.save(tmp_path / "ring.png")
    cut, png, svg = made(tmp_path / "ring.png")
    pixels = np.asarray(Image.open(png))
    assert tuple(pixels[cut.height // 2, cut.width // 2]) == (255, 255, 255, 255)
    assert tuple(pixels[cut.height // 2, cut.width // 2 - 150]) == (200, 60, 60, 255)
    assert len(cut_polygons(svg)) == 1


def test_parts_far_apart_are_bridged_into_one_sticker_and_dust_is_left_out(tmp_path: Path) -> None:
    image = Image.new("RGBA", (900, 500), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 50, 320, 350), fill=(60, 120, 60, 255))
    pen.ellipse((570, 50, 870, 350), fill=(60, 60, 120, 255))
    pen.rectangle((440, 440, 443, 443), fill=(0, 0, 0, 255))
    image.save(tmp_path / "two.png")
    cut, png, svg = made(tmp_path / "two.png")
    [line] = cut_polygons(svg)
    assert not line.interiors, "one closed line, so that it peels off whole"
    pixels = np.asarray(Image.open(png))
    assert tuple(pixels[pixels.shape[0] // 2, cut.width // 2]) == (255, 255, 255, 255), "the bridge is white"
    assert not (pixels[..., 3][:, :][-5:] > 0).any() and pixels[..., 0][pixels[..., 3] > 0].min() > 40, "no dust"


@pytest.mark.parametrize("color", [(0, 0, 0, 0), (10, 20, 30, 255)])
def test_a_picture_without_a_subject_or_without_transparency_is_refused(tmp_path: Path, color: tuple[int, ...]) -> None:
    Image.new("RGBA", (300, 300), color).save(tmp_path / "x.png")
    with pytest.raises(ValueError):
        made(tmp_path / "x.png")


@pytest.fixture
def stickers(draw: Draw) -> list[tuple[Path, Path]]:
    return [made(draw(seed, f"s{seed}.png", px=420, ragged=0.4))[1:] for seed in range(1, 8)]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_sheet_has_the_paper_size_in_every_file(
    stickers: list[tuple[Path, Path]], tmp_path: Path, paper: str
) -> None:
    (sheet,) = stickersheet.print_sheets(stickers, tmp_path / paper, paper=paper)
    inches = {"letter": (8.5, 11.0), "a4": (8.2677, 11.6929)}[paper]
    with pikepdf.open(sheet.pdf) as document:
        assert len(document.pages) == 1
        assert [float(v) for v in document.pages[0].mediabox] == pytest.approx(
            [0, 0, inches[0] * 72, inches[1] * 72], abs=0.1
        )
        assert "/CutContour" in str(document.pages[0].Resources.ColorSpace.values()) or any(
            "CutContour" in str(list(c)) for c in document.pages[0].Resources.ColorSpace.values()
        )
    with Image.open(sheet.png) as image:
        assert image.size == (round(inches[0] * 300), round(inches[1] * 300))
        assert tuple(round(v) for v in image.info["dpi"]) == (300, 300)
    root = ElementTree.parse(sheet.svg).getroot()
    assert float(root.get("width", "").removesuffix("in")) == pytest.approx(inches[0], abs=1e-3)
    assert len(root.findall(f".//{SVG}path")) == sheet.count == 7


def test_stickers_on_a_sheet_keep_apart_and_inside_the_printable_part(
    stickers: list[tuple[Path, Path]], tmp_path: Path
) -> None:
    (sheet,) = stickersheet.print_sheets(stickers, tmp_path)
    paths = ElementTree.parse(sheet.svg).getroot().findall(f".//{SVG}path")
    areas = [Polygon(r) for p in paths for r in rings(p.get("d", ""))]
    for index, area in enumerate(areas):
        left, top, right, bottom = (v / 300 for v in area.bounds)
        assert left >= 0.49
        assert top >= 0.49
        assert right <= 8.01
        assert bottom <= 10.51
        assert all(area.distance(other) / 300 > 0.1 for other in areas[index + 1 :])


def test_more_stickers_than_fit_go_on_more_sheets(stickers: list[tuple[Path, Path]], tmp_path: Path) -> None:
    sheets = stickersheet.print_sheets(stickers * 6, tmp_path)
    assert len(sheets) > 1
    assert sum(s.count for s in sheets) == 42
    assert {s.longest_in for s in sheets} == {2.0}


def test_the_same_stickers_give_the_same_sheet(stickers: list[tuple[Path, Path]], tmp_path: Path) -> None:
    first = stickersheet.print_sheets(stickers, tmp_path / "a")[0]
    second = stickersheet.print_sheets(stickers, tmp_path / "b")[0]
    assert [p.read_bytes() for p in (first.pdf, first.png, first.svg)] == [
        p.read_bytes() for p in (second.pdf, second.png, second.svg)
    ]


def test_a_sheet_of_nothing_or_on_unknown_paper_is_refused(stickers: list[tuple[Path, Path]], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        stickersheet.print_sheets([], tmp_path)
    with pytest.raises(ValueError, match="US Letter or A4"):
        stickersheet.print_sheets(stickers, tmp_path, paper="napkin")
