"""The product card, read back with pikepdf and poppler-independent means."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from elistit.artwork import card
from elistit.artwork.export import ImageBroken

from .conftest import Draw

FACTS = [("Images", "15 PNG files"), ("Size", "4096 × 4096 px"), ("Resolution", "300 DPI")]
STEPS = ["Open “Purchases and reviews”.", "Save each ZIP file.", "Choose “Extract all”."]
LICENCE = "Use these images in your own work.\n\nDo not resell the files themselves."


def made(out: Path, thumbnails: list[Path], **changes: object) -> Path:
    arguments = {
        "title": "Woodland Animals", "thumbnails": thumbnails, "facts": FACTS, "licence": LICENCE, "how_to": STEPS,
        "link": None,
    } | changes  # fmt: skip
    return card.product_card(out, **arguments)  # type: ignore[arg-type]


def text_of(path: Path) -> str:
    """All text of a PDF, decoded through each font's own ToUnicode table."""
    words: list[str] = []
    with pikepdf.open(path) as document:
        for page in document.pages:
            tables = {name: unicode_table(font) for name, font in page.Resources.get("/Font", {}).items()}
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = tables[str(operands[0])]
                elif str(operator) in {"Tj", "'"}:
                    words.append("".join(current.get(b, "") for b in bytes(operands[0])))
    return " ".join(" ".join(words).split())


def unicode_table(font: pikepdf.Object) -> dict[int, str]:
    table: dict[int, str] = {}
    cmap = font.ToUnicode.read_bytes().decode("latin-1")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, body in re.findall(r"<(\w+)>\s*<(\w+)>\s*(\[.*?\]|<\w+>)", block, re.S):
            values = re.findall(r"<(\w+)>", body)
            for offset, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                value = int(values[offset], 16) if body.startswith("[") else int(values[0], 16) + offset
                table[code] = chr(value)
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code_hex, value_hex in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            table[int(code_hex, 16)] = chr(int(value_hex, 16))
    return table


def test_the_card_says_what_is_inside_how_to_open_it_and_the_license(draw: Draw, tmp_path: Path) -> None:
    text = text_of(made(tmp_path / "card.pdf", [draw(1), draw(2)]))
    for expected in ("Woodland Animals", "15 PNG files", "4096 × 4096 px", "300 DPI", *STEPS, *LICENCE.split("\n\n")):
        assert expected in text, expected


def test_pages_are_letter_portrait_and_the_pictures_are_on_the_first(draw: Draw, tmp_path: Path) -> None:
    with pikepdf.open(made(tmp_path / "card.pdf", [draw(s) for s in range(5)])) as document:
        assert len(document.pages) == 2
        for page in document.pages:
            assert [float(v) for v in page.MediaBox] == [0, 0, 612, 792]
        images = {str(n): pikepdf.PdfImage(x).obj for n, x in document.pages[0].Resources.XObject.items()}
        assert len(images) == 5
        assert all(image.Filter in ("/DCTDecode", [pikepdf.Name.DCTDecode]) for image in images.values())
        assert document.Root.Lang == "en-US"
        assert document.docinfo["/Title"] == "Woodland Animals"


def test_every_font_is_embedded(draw: Draw, tmp_path: Path) -> None:
    with pikepdf.open(made(tmp_path / "card.pdf", [draw(1)], link="https://example.com/x")) as document:
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font.FontDescriptor, font.BaseFont


def test_the_link_can_be_clicked_and_read(draw: Draw, tmp_path: Path) -> None:
    link = "https://drive.example.com/folders/abc?x=1&y=2"
    path = made(tmp_path / "card.pdf", [draw(1)], link=link)
    assert link in text_of(path).replace(" ", "")
    with pikepdf.open(path) as document:
        targets = [str(a.A.URI) for page in document.pages for a in page.get("/Annots", [])]
    assert targets and set(targets) == {link}


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", ""])
def test_only_web_addresses_are_linked(draw: Draw, tmp_path: Path, link: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        made(tmp_path / "card.pdf", [draw(1)], link=link)


def test_the_same_card_is_the_same_file(draw: Draw, tmp_path: Path) -> None:
    thumbnails = [draw(1), draw(2)]
    assert made(tmp_path / "a.pdf", thumbnails).read_bytes() == made(tmp_path / "b.pdf", thumbnails).read_bytes()


def test_a_hundred_pictures_stay_on_one_page_and_the_file_small(draw: Draw, tmp_path: Path) -> None:
    thumbnails = [draw(n % 7, f"{n}.png", px=200) for n in range(100)]
    path = made(tmp_path / "card.pdf", thumbnails)
    with pikepdf.open(path) as document:
        assert len(document.pages) == 2
    assert path.stat().st_size < 1_500_000


def test_long_words_go_over_to_further_pages(draw: Draw, tmp_path: Path) -> None:
    path = made(tmp_path / "card.pdf", [draw(1)], licence="\n\n".join(["A long sentence. " * 30] * 12))
    with pikepdf.open(path) as document:
        assert len(document.pages) >= 4


def test_markup_and_unknown_letters_are_only_text(draw: Draw, tmp_path: Path) -> None:
    title = "Cats & <b>Dogs</b> & Über-Été"
    assert title in text_of(made(tmp_path / "card.pdf", [draw(1)], title=title))
    path = made(tmp_path / "fox.pdf", [draw(1)], title="Fox 𓃥")
    assert "Product card" in text_of(path) and "Fox" not in text_of(path)


def test_a_card_without_facts_pictures_or_a_drawable_title_is_still_made(tmp_path: Path) -> None:
    path = made(tmp_path / "card.pdf", [], facts=[], how_to=[], licence="", title="\u200b\u2060")
    with pikepdf.open(path) as document:
        assert document.docinfo["/Title"] == "Product card"
    assert "Product card" in text_of(path)


def test_a_title_of_another_script_is_drawn_and_can_be_copied(draw: Draw, tmp_path: Path) -> None:
    path = made(tmp_path / "card.pdf", [draw(1)], title="猫 and שלום")
    with pikepdf.open(path) as document:
        assert document.docinfo["/Title"] == "猫 and שלום"
        read = [bytes(args[1].ActualText)[2:].decode("utf-16-be") for args, op in
                pikepdf.parse_content_stream(document.pages[0]) if str(op) == "BDC"]  # fmt: skip
    assert read == ["猫", "שלום"]


def test_a_broken_picture_is_refused_and_leaves_no_card(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    with pytest.raises(ImageBroken):
        made(tmp_path / "card.pdf", [tmp_path / "broken.png"])
    assert [p.name for p in tmp_path.iterdir()] == ["broken.png"]
