"""Marks of a file's making: written into every kind of file, read back by others, carried over, and the same bytes twice."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from elistit.artwork import embedding, export, intake, jobs, package, provenance
from elistit.artwork.provenance import Marks
from tests.artwork.conftest import blob
from tests.products.preflight import stated

MARKS = Marks(provenance.TRAINED, "openai/gpt-image-1", "2026-01", "Elistit", "Made with AI & <care>", '{"Label":"1"}')
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#111" d="M1 1H8V8H1Z"/></svg>'


def picture(folder: Path, name: str, **options: object) -> Path:
    path = folder / name
    image = Image.fromarray(blob(1, 200))
    (image if name.endswith(("png", "webp")) else image.convert("RGB")).save(path, **options)
    return path


def document(folder: Path) -> Path:
    path = folder / "page.pdf"
    page = Canvas(str(path), invariant=1)
    page.setTitle("A page")
    page.setCreator("Elistit")
    page.rect(10, 10, 50, 50)
    page.save()
    return path


def drawing(folder: Path, text: str = DRAWING, encoding: str = "utf-8") -> Path:
    path = folder / "drawing.svg"
    path.write_bytes(text.encode(encoding))
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["png", "jpg", "svg", "pdf"])
def test_marks_are_written_once_and_read_back(tmp_path: Path, kind: str) -> None:
    path = {
        "png": lambda: picture(tmp_path, "a.png"), "jpg": lambda: picture(tmp_path, "a.jpg"),
        "svg": lambda: drawing(tmp_path), "pdf": lambda: document(tmp_path),
    }[kind]()  # fmt: skip
    before = path.read_bytes()
    assert provenance.read(path) == (Marks(tool="") if kind != "pdf" else provenance.read(path))
    assert provenance.write(path, MARKS) == MARKS == provenance.read(path)
    once = digest(path)
    assert provenance.write(path, MARKS) == MARKS
    assert digest(path) == once
    # What the file says stays, whatever is written later; written from scratch it is the same file.
    assert provenance.write(path, provenance.made_by("builtin/flat")).source == provenance.TRAINED
    path.write_bytes(before)
    provenance.write(path, MARKS)
    assert digest(path) == once
    assert stated(path)["AISystemUsed"] == "openai/gpt-image-1"


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_pixels_profile_and_resolution_stay(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"print.{kind}"
    source = picture(tmp_path, "art.png")
    (export.save_print if kind == "png" else export.save_jpeg)(source, path)
    with Image.open(path) as image:
        before = image.convert("RGBA").tobytes(), image.info["icc_profile"], image.info["dpi"]
    provenance.write(path, MARKS)
    with Image.open(path) as image:
        assert (image.convert("RGBA").tobytes(), image.info["icc_profile"], image.info["dpi"]) == before


@pytest.mark.parametrize(
    "text",
    [
        DRAWING,
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b -->{DRAWING}',
        '<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 9 9" id="a>b"><s:path d="M1 1H8V8H1Z"/></s:svg>',
    ],
)
def test_a_drawing_keeps_every_byte_of_its_own_but_a_declaration_that_says_nothing(tmp_path: Path, text: str) -> None:
    path = drawing(tmp_path, text)
    provenance.write(path, MARKS)
    written = path.read_text(encoding="utf-8")
    without = re.sub(r"<(s:)?metadata id.*</(s:)?metadata>", "", written, flags=re.DOTALL)
    assert without == text.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n') != written
    assert provenance.read(path) == MARKS
    more = provenance.Marks(tool="Elistit (builtin/flat)")
    provenance.write(path, more)
    assert path.read_text(encoding="utf-8").count("metadata ") == 1


def test_a_drawing_in_another_encoding_is_written_as_utf_8(tmp_path: Path) -> None:
    path = drawing(tmp_path, DRAWING.replace("<path", "<title>é</title><path"), "utf-16")
    provenance.write(path, MARKS)
    assert "<title>é</title>" in path.read_text(encoding="utf-8")
    assert provenance.read(path) == MARKS


def test_a_pdf_says_in_both_places_which_program_made_it(tmp_path: Path) -> None:
    path = document(tmp_path)
    provenance.write(path, provenance.made_by("builtin/watercolor"))
    with pikepdf.open(path) as pdf, pdf.open_metadata() as meta:
        assert str(pdf.docinfo["/Creator"]) == meta["xmp:CreatorTool"] == "Elistit (builtin/watercolor)"
        assert meta["dc:title"] == "A page"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_manifest(path: Path) -> Path:
    """A PNG with a chunk where C2PA keeps its manifest."""
    data = path.read_bytes()
    path.write_bytes(data[:33] + chunk(b"caBX", b"\0\0\0\x20jumbc2pa" + bytes(20)) + data[33:])
    return path


def test_a_c2pa_manifest_is_kept_with_the_file_it_is_about(tmp_path: Path) -> None:
    raw = with_manifest(picture(tmp_path, "raw.png"))
    sent = raw.read_bytes()
    out = tmp_path / "image.png"
    assert embedding.has_manifest(raw)
    provenance.keep_manifest(raw, out)
    kept = provenance.received(out)
    assert kept is not None and kept.read_bytes() == sent == raw.read_bytes()
    plain = picture(tmp_path, "plain.png")
    assert provenance.keep_manifest(plain, tmp_path / "other.png") is None
    assert provenance.received(tmp_path / "other.png") is None


def test_a_manifest_in_a_jpeg_and_a_webp_is_seen(tmp_path: Path) -> None:
    jpeg = picture(tmp_path, "a.jpg")
    data = jpeg.read_bytes()
    body = b"JP\0\x01\0\0\0\x01\0\0\0\x20jumbc2pa"
    jpeg.write_bytes(data[:2] + b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body + data[2:])
    assert embedding.has_manifest(jpeg)
    webp = picture(tmp_path, "a.webp")
    data = webp.read_bytes()
    webp.write_bytes(data + b"C2PA" + struct.pack("<I", 4) + b"jumb")
    assert embedding.has_manifest(webp)
    assert not embedding.has_manifest(drawing(tmp_path))


def test_marks_are_carried_through_what_re_encodes(tmp_path: Path) -> None:
    image = picture(tmp_path, "art.png")
    provenance.write(image, MARKS)
    cut = tmp_path / "cut.png"
    jobs.cut_out(str(image), str(cut))
    assert provenance.read(cut) == MARKS
    small = tmp_path / "small.png"
    package._write_reduced(image, small, 100)
    assert provenance.read(small) == MARKS
    webp = picture(tmp_path, "in.webp", xmp=stated_packet(image))
    provenance.carry(webp, out := picture(tmp_path, "out.png"))
    assert provenance.read(out) == MARKS


def stated_packet(path: Path) -> bytes:
    with Image.open(path) as image:
        told = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    return told if isinstance(told, bytes) else told.encode()


def test_of_an_upload_only_how_it_was_made_comes_through(tmp_path: Path) -> None:
    sent = picture(tmp_path, "sent.png")
    provenance.write(sent, MARKS)
    taken = intake.take(sent, tmp_path / "clean", "mine")
    told = provenance.read(taken.path)
    assert (told.source, told.system, told.credit, told.tool) == (MARKS.source, MARKS.system, "", "")
    assert b"care" not in taken.path.read_bytes()
    plain = intake.take(picture(tmp_path, "plain.png"), tmp_path / "clean", "plain")
    assert provenance.read(plain.path) == Marks()
    assert b"xmp" not in plain.path.read_bytes()[:4000].lower()
    vector = drawing(tmp_path)
    provenance.write(vector, MARKS)
    drawn = intake.take(vector, tmp_path / "clean", "drawn")
    assert {provenance.read(p).source for p in (drawn.path, drawn.picture)} == {MARKS.source}


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "http://example.com/trainedAlgorithmicMedia", "a mother's name, 12 Main St", "x" * 90, ""],
)
def test_a_source_that_is_not_of_the_vocabulary_is_not_passed_on(tmp_path: Path, value: str) -> None:
    path = picture(tmp_path, "a.png")
    embedding.put(path, {provenance._NAMES["source"]: value, provenance._NAMES["tool"]: "Other"})
    assert provenance.read(path) == Marks(tool="Other")


@pytest.mark.parametrize(
    "form", ["trainedAlgorithmicMedia", "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"]
)
def test_other_spellings_of_a_term_are_the_same_source(tmp_path: Path, form: str) -> None:
    path = picture(tmp_path, "a.png")
    embedding.put(path, {provenance._NAMES["source"]: form})
    assert provenance.read(path).source == provenance.TRAINED


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"RIFF\0\0\0\0WEBPXMP ", b"%PDF-1.4", b"<svg", b"PK"]
)
def test_a_damaged_file_has_no_marks_and_takes_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(data)
    assert provenance.read(path) == Marks()
    assert not embedding.has_manifest(path)
    with pytest.raises(ValueError):
        provenance.write(path, MARKS)
    assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == ["broken.png"]


def test_entities_and_endless_packets_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    image = io.BytesIO()
    Image.fromarray(blob(1, 60)).save(image, "PNG")
    data = image.getvalue()
    for body in (b"\0\0\0\0" + bomb, b"\1\0\0\0" + zlib.compress(bytes(5_000_000))):
        path.write_bytes(data[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0" + body) + data[33:])
        assert provenance.read(path) == Marks()
        assert provenance.write(path, MARKS) == MARKS
        assert path.read_bytes().count(b"XML:com.adobe.xmp") == 1
