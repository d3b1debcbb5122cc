"""The demo's proof of each product type: good files are found good, and each broken promise is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from elistit.cli import demo_products
from elistit.cli.demo_files import Check, Picture
from elistit.cli.demo_products import Order


def jpeg(file: Path, size: tuple[int, int], dpi: int = 300) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, dpi=(dpi, dpi))
    return file


def wall_art(folder: Path, **wrong: tuple[int, int]) -> list[Path]:
    sizes = {"2x3": (40, 60), "3x4": (60, 80), "4x5": (40, 50), "11x14": (110, 140), "ISO-A": (2480, 3508)} | wrong
    return [jpeg(folder / f"sun-{name}-x.jpg", size) for name, size in sizes.items()]


def problems(checks: list[Check]) -> str:
    return " ".join(p for c in checks for p in c.problems)


def test_five_prints_in_five_ratios_are_found_good_and_a_wrong_one_is_seen(tmp_path: Path) -> None:
    order = Order("wall_art", "3:4", 1)
    assert not problems(demo_products.check(order, {"print": wall_art(tmp_path)})[1])
    assert "4 × 5" not in problems(demo_products.check(order, {"print": wall_art(tmp_path)})[1])
    bad = demo_products.check(order, {"print": wall_art(tmp_path, **{"4x5": (41, 50)})})[1]
    assert "41 × 50 px, which is not 4x5" in problems(bad)
    assert "instead of 2x3" in problems(demo_products.check(order, {"print": wall_art(tmp_path)[1:]})[1])
    assert problems(demo_products.check(Order("wall_art", "4:3", 1), {"print": wall_art(tmp_path)})[1])


@pytest.mark.parametrize(
    ("size", "dpi", "copies", "words"),
    [
        ((7200, 10800), 300, 1, ""),
        ((7200, 10800), 72, 1, "72 DPI instead of 300"),
        ((72, 108), 300, 1, "72 × 108 px instead of 7200 × 10800"),
        ((72, 108), 300, 2, "instead of exactly one"),
    ],
)
def test_a_poster_is_exactly_one_file_of_its_size(
    tmp_path: Path, size: tuple[int, int], dpi: int, copies: int, words: str
) -> None:
    files = [jpeg(tmp_path / f"{n}.jpg", size, dpi) for n in range(copies)]
    found = problems(demo_products.check(Order("poster", "2:3", 1), {"print": files})[1])
    assert words in found
    assert bool(words) == bool(found)


@pytest.mark.parametrize(
    ("data", "width", "words"),
    [
        ("M0 0C1 1 2 2 3 3Z", "1in", ""),
        ("M0 0C1 1 2 2 3 3", "1in", "does not close"),
        ("M0 0L9 9ZM1 1L2 2", "1in", "does not close"),
        ("", "1in", "no line to cut"),
        ("M0 0L9 9Z", "2in", "not as large as what it cuts"),
        ("M0 0L9 9Z", "100%", "not as large as what it cuts"),
        (None, "1in", "cannot be read"),
    ],
)
def test_a_cut_line_must_close_and_be_as_large_as_its_sticker(
    tmp_path: Path, data: str | None, width: str, words: str
) -> None:
    file = tmp_path / "cut.svg"
    path = f'<path d="{data}"/>' if data else ""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1in">{path}</svg>'
    file.write_text("<svg" if data is None else svg)
    found = demo_products.cut_line_problems(file, (1.0, 1.0))
    assert words in " ".join(found)
    assert bool(words) == bool(found)


def test_a_card_without_boxes_to_trim_by_is_seen(tmp_path: Path) -> None:
    import pikepdf

    front = tmp_path / "front.png"
    Image.linear_gradient("L").resize((1500, 2100)).convert("RGB").save(front, dpi=(300, 300))
    pdf = tmp_path / "card.pdf"
    with pikepdf.new() as document:
        for _ in range(2):
            document.add_blank_page(page_size=(792, 612))
        document.save(pdf)
    order = Order("greeting_card", "5:7", 1)
    assert "does not say where to trim" in problems(demo_products.check(order, {"print": [front], "vector": [pdf]})[1])
    with pikepdf.open(pdf, allow_overwriting_input=True) as document:
        for page in document.pages:
            page.obj["/TrimBox"] = pikepdf.Array([36, 54, 756, 558])
            page.obj["/BleedBox"] = pikepdf.Array([27, 45, 765, 567])
        document.save(pdf)
    assert not problems(demo_products.check(order, {"print": [front], "vector": [pdf]})[1])


def test_a_size_in_the_listing_that_no_file_has_is_seen() -> None:
    files = [Picture("a.png", 1978, 1444, 300, 1, True, "x")]
    assert not demo_products.sizes_stated("Each 2048 × 2048 pixels at 300 DPI", files).ok
    assert demo_products.sizes_stated("Each 1978 × 1444 pixels at 300 DPI", files).ok
    assert demo_products.sizes_stated("Sizes: 24 × 36 in", files).ok


def test_listing_pictures_must_be_as_many_and_as_large_as_promised(tmp_path: Path) -> None:
    files = [jpeg(tmp_path / f"{n}.jpg", (2000, 1600), 72) for n in range(3)]
    assert demo_products.mockups(Order("sticker", "1:1", 1), files).ok
    assert not demo_products.mockups(Order("greeting_card", "5:7", 1), files[:2]).ok
    small = jpeg(tmp_path / "small.jpg", (200, 160), 72)
    assert not demo_products.mockups(Order("sticker", "1:1", 1), [*files[:2], small]).ok
