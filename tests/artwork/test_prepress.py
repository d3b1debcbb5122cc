"""The print-ready card as a print shop's preflight reads it: pypdf walks the file, PDFium draws it. Neither wrote it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from elistit.artwork import cardtext, greeting, prepress, sticker, stickersheet, vector
from elistit.artwork.greeting import Words

from .conftest import Draw
from .scripts import SET

SAMPLES = [
    *SET.values(),
    "Pneumonoultramicroscopicsilicovolcanoconiosis",
    "W" * 60,
    "﷽ ﷽",
    "a\nb\nc",
    "ไ" * 30,
    "🎂" * 20,
    "gÅy" * 9,
]


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("art") / "art.png"
    Image.fromarray(np.full((400, 400, 3), (60, 120, 160), np.uint8)).save(path)
    return path


def made(art: Path, words: Words) -> Path:
    pdf = art.with_name("card.pdf")
    greeting.greeting_card(art, pdf, art.with_name("front.png"), title="Card", words=words, layout="captioned")
    return pdf


def test_the_file_follows_pdf_x_4(art: Path) -> None:
    reader = pypdf.PdfReader(made(art, Words(front="Hi 🎉", inside="שלום\nLove", back="Paper & Fern")))
    root = reader.trailer["/Root"]
    assert not reader.is_encrypted and float(reader.pdf_header.removeprefix("%PDF-")) >= 1.6
    assert len(reader.trailer["/ID"]) == 2
    [intent] = [i.get_object() for i in root["/OutputIntents"]]
    assert intent["/S"] == "/GTS_PDFX" and intent["/OutputConditionIdentifier"]
    profile = intent["/DestOutputProfile"].get_object()
    data = profile.get_data()
    assert (data[36:40], data[12:16], data[16:20], profile["/N"]) == (b"acsp", b"prtr", b"CMYK", 4)
    xmp = root["/Metadata"].get_object()
    assert "/Filter" not in xmp
    text = xmp.get_data().decode()
    assert re.search(r"GTS_PDFXVersion[^<]*[\">]PDF/X-4[\"<]", text) and re.search(r"Trapped[^<]*[\">]False[\"<]", text)
    assert all(key in text for key in ("DocumentID", "CreateDate", "ModifyDate", "MetadataDate"))
    assert reader.trailer["/Info"]["/Trapped"] == "/False"
    for page in reader.pages:
        media, trim, bleed = (page[f"/{n}Box"] for n in ("Media", "Trim", "Bleed"))
        assert media[0] <= bleed[0] < trim[0] < trim[2] < bleed[2] <= media[2]
        assert media[1] <= bleed[1] < trim[1] < trim[3] < bleed[3] <= media[3]
        assert "/Annots" not in page and "/AA" not in page
        spaces = page["/Resources"]["/ColorSpace"]
        kind, icc = spaces["/DefaultRGB"].get_object()
        assert kind == "/ICCBased" and icc.get_object()["/N"] == 3 and icc.get_object().get_data()[16:20] == b"RGB "
        for image in page["/Resources"].get("/XObject", {}).values():
            assert image.get_object()["/ColorSpace"].get_object()[0] == "/ICCBased"
            assert "/SMask" not in image.get_object()


def test_no_print_file_names_a_font_it_does_not_carry(art: Path, draw: Draw, tmp_path: Path) -> None:
    svg, flat = tmp_path / "s.svg", tmp_path / "v.pdf"
    svg.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z" fill="#e63946"/></svg>'
    )
    vector.to_pdf(svg, flat, "x")
    png, cut = tmp_path / "a.png", tmp_path / "a.svg"
    figure = draw(2, "art.png", px=300)
    sticker.kiss_cut(figure, png, cut)
    [sheet] = stickersheet.print_sheets([(png, cut)], tmp_path)
    for pdf in (flat, sheet.pdf, made(art, Words(front="Hi", inside="שלום"))):
        assert b"Helvetica" not in pdf.read_bytes(), pdf.name
        for page in pypdf.PdfReader(pdf).pages:
            for font in page["/Resources"].get("/Font", {}).values():
                described = font.get_object()["/FontDescriptor"].get_object()
                assert any(f"/FontFile{n}" in described for n in ("", "2", "3")), (
                    pdf.name,
                    font.get_object()["/BaseFont"],
                )


def test_a_file_with_a_font_it_does_not_carry_or_without_trim_is_refused(tmp_path: Path) -> None:
    bare, boxed = tmp_path / "bare.pdf", tmp_path / "boxed.pdf"
    plain = Canvas(str(bare))
    plain.showPage()
    plain.save()
    with pytest.raises(prepress.NotPrintReady, match="trimmed"):
        prepress.make_print_ready(bare)
    page = Canvas(str(boxed), trimBox=(9, 9, 90, 90), bleedBox=(0, 0, 99, 99))
    page.drawString(20, 20, "x")
    page.save()
    with pytest.raises(prepress.NotPrintReady, match="Helvetica"):
        prepress.make_print_ready(boxed)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bare.pdf", "boxed.pdf"]


def test_making_it_print_ready_twice_changes_nothing(art: Path) -> None:
    pdf = made(art, Words(inside="Hi"))
    before = pdf.read_bytes()
    prepress.make_print_ready(pdf)
    assert pdf.read_bytes() == before


def drawn(pdf: Path, page: int, scale: float = 1.0) -> np.ndarray:
    """A page as PDFium draws it, upright, gray, one pixel a point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.asarray(document[page].render(scale=scale).to_pil().convert("L")).astype(int)
    finally:
        document.close()


def ink(pixels: np.ndarray) -> tuple[float, float, float, float] | None:
    rows, columns = np.flatnonzero((pixels < 200).any(1)), np.flatnonzero((pixels < 200).any(0))
    return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) if len(rows) else None


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=7), st.sampled_from(SAMPLES), st.sampled_from([" ", "\n"])
)
def test_whatever_is_taken_is_printed_inside_its_panel(art: Path, parts: list[str], front: str, between: str) -> None:
    words = {"front": front, "inside": between.join(parts)[:300]}
    wrong = cardtext.problems(words)
    words = {k: v for k, v in words.items() if k not in wrong and not (k == "front" and len(v) > 60)}
    pdf = made(art, Words(**words))
    # Points from the upper left of the page: the right panel is 396 to 756 across, 54 to 558 down; half an inch is safe.
    page = drawn(pdf, 1)
    assert ink(page[54:558, 36:394]) is None, "the message crosses the fold"
    found = ink(page[54:558, 396:756])
    assert (found is None) == ("inside" not in words)
    if found:
        assert found[0] >= 35 and found[2] <= 325 and found[1] >= 35 and found[3] <= 469, found
    outside = drawn(pdf, 0)[54:558, 396:756]
    found = ink(outside)
    assert found and found[0] >= 35 and found[2] <= 325 and found[1] >= 35 and found[3] <= 469, found
    if "front" in words:
        assert ink(outside[504 - 126 :]), "the caption is blank"
    with pikepdf.open(pdf) as document:
        steps = pikepdf.parse_content_stream(document.pages[1])
        read = "".join(bytes(args[1].ActualText)[2:].decode("utf-16-be") for args, op in steps if str(op) == "BDC")
    assert set(read) - {" "} <= set(unicodedata.normalize("NFC", "".join(words.values())))


def test_a_card_says_which_characters_or_how_much_it_cannot_print() -> None:
    wrong = cardtext.problems({"front": "Hello ᏣᎳ", "inside": "x\n" * 120})
    assert "“Ꮳ” “Ꮃ” (Cherokee)" in wrong["front"]
    fits = re.search(r"The first (\d+) of 239 characters fit", wrong["inside"].replace("240", "239"))
    assert fits and 20 <= int(fits[1]) <= 70 and "9 pt" in wrong["inside"]
    assert "14 pt" in cardtext.problems({"front": "﷽" * 50})["front"]
    assert cardtext.problems({"front": "", "inside": "Roses\n\nLove"}) == {}
