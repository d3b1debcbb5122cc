"""The folded card: page boxes by pikepdf, its front by Pillow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from elistit.artwork import greeting
from tests.artwork.conftest import Draw

WORDS = greeting.Words(front="Happy Birthday", inside="With love\nand cake", left="For you", back="Paper & Fern")


@pytest.fixture
def opaque(tmp_path: Path) -> Path:
    y, x = np.mgrid[0:700, 0:500]
    pixels = np.dstack([x % 256, y % 256, (x + y) % 256]).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "art.png")
    return tmp_path / "art.png"


def card(art: Path, **options: object) -> tuple[Path, Path]:
    pdf, png = art.with_name("card.pdf"), art.with_name("front.png")
    assert greeting.greeting_card(art, pdf, png, title="Card", **options) == (1500, 2100)  # type: ignore[arg-type]
    return pdf, png


@pytest.mark.parametrize("layout", ["full", "captioned"])
def test_both_sheets_trim_to_10_by_7_inches_with_an_eighth_of_bleed(opaque: Path, layout: str) -> None:
    pdf, _ = card(opaque, words=WORDS, layout=layout)
    with pikepdf.open(pdf) as document:
        assert len(document.pages) == 2
        for page in document.pages:
            media, trim, bleed = ([float(v) / 72 for v in page[k]] for k in ("/MediaBox", "/TrimBox", "/BleedBox"))
            assert media == pytest.approx([0, 0, 11, 8.5])
            assert trim == pytest.approx([0.5, 0.75, 10.5, 7.75])
            assert bleed == pytest.approx([0.375, 0.625, 10.625, 7.875])


def test_the_art_reaches_the_bleed_on_three_sides_and_ends_at_the_fold(opaque: Path) -> None:
    pdf, _ = card(opaque)
    with pikepdf.open(pdf) as document:
        ops = pikepdf.parse_content_stream(document.pages[0])
        placed = [[float(v) for v in args] for args, op in ops if str(op) == "cm"]
        assert any(m == pytest.approx([5.125 * 72, 0, 0, 7.25 * 72, 5.5 * 72, 0.625 * 72]) for m in placed)
        (image,) = document.pages[0].get_images().values()
        assert (int(image.Width), int(image.Height)) == (1538, 2175)
        assert not document.pages[1].get_images()


def test_marks_lie_outside_the_bleed_and_the_fold_is_dashed(opaque: Path) -> None:
    pdf, _ = card(opaque)
    with pikepdf.open(pdf) as document:
        for page in document.pages:
            ops = list(pikepdf.parse_content_stream(page))
            assert any(str(op) == "d" and len(list(args[0])) for args, op in ops)
            left, bottom, right, top = (float(v) for v in page["/BleedBox"])
            ends = [tuple(float(v) for v in args) for args, op in ops if str(op) in ("m", "l")]
            assert len(ends) >= 20
            assert all(x <= left or x >= right or y <= bottom or y >= top for x, y in ends)


def test_the_words_are_real_text_in_embedded_fonts(opaque: Path) -> None:
    pdf, _ = card(opaque, words=WORDS)
    with pikepdf.open(pdf) as document:
        for page in document.pages:
            for font in page.Resources.Font.values():
                if "FontDescriptor" in str(font.keys()):
                    assert "/FontFile2" in font.FontDescriptor
        assert sum(str(op) == "Tj" for _, op in pikepdf.parse_content_stream(document.pages[1])) >= 3


def test_the_front_is_1500_by_2100_at_300_dpi(opaque: Path) -> None:
    _, png = card(opaque)
    with Image.open(png) as image:
        assert image.size == (1500, 2100)
        assert image.mode == "RGB"
        assert tuple(round(v) for v in image.info["dpi"]) == (300, 300)


def test_a_transparent_subject_lies_whole_on_paper(draw: Draw) -> None:
    _, png = card(draw(3, px=600), words=WORDS, layout="captioned")
    pixels = np.asarray(Image.open(png)).astype(int)
    corner = pixels[5, 5]
    assert (np.abs(pixels[:120] - corner).max(), np.abs(pixels[-100:] - corner).max()) == (0, 0)
    assert np.abs(pixels[:, :100] - corner).max() == 0
    assert (np.abs(pixels - corner).max(2) > 40).mean() > 0.15


def test_the_same_card_is_the_same_file_and_long_words_are_refused(opaque: Path) -> None:
    first = card(opaque, words=WORDS)[0].read_bytes()
    assert card(opaque, words=WORDS)[0].read_bytes() == first
    with pytest.raises(ValueError, match="characters"):
        card(opaque, words=greeting.Words(front="a" * 61))
    with pytest.raises(ValueError, match="layout"):
        card(opaque, layout="origami")
