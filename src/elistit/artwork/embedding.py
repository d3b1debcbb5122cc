"""Where an XMP packet lies in a PNG, JPEG, WebP, SVG or PDF: found there, put there.

Pixels, shapes and pages are copied as they are. A packet of ours takes the place of the one before it. It must never decode
an image, and never leave half a file: each appears whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from elistit.artwork import svgdoc, xmp
from elistit.on_use import OnUse

if TYPE_CHECKING:
    import pikepdf
else:
    pikepdf = OnUse("pikepdf")

PNG, SOI = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_ITXT = b"XML:com.adobe.xmp\0"
_APP1 = b"http://ns.adobe.com/xap/1.0/\0"
_MANIFEST = b"c2pa"
_METADATA_ID = "provenance"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


class NotMarkable(ValueError):
    """A file that isn't what its name says, so nothing can be written into it. The message is one sentence."""


def kind(path: Path) -> str:
    """`png`, `jpeg`, `webp`, `pdf` or `svg` by the first bytes; empty for anything else."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(PNG):
        return "png"
    if head.startswith(SOI + b"\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    return "svg" if b"<svg" in head or b":svg" in head else ""


def find(path: Path) -> bytes:
    """The XMP packet of a file, empty when there is none or it can't be read. Never raises for a damaged file."""
    read = {"png": _png_packet, "jpeg": _jpeg_packet, "webp": _webp_packet, "svg": _svg_packet, "pdf": _pdf_packet}
    found = kind(path)
    try:
        return read[found](path) if found else b""
    except (struct.error, zlib.error, ValueError, KeyError, pikepdf.PdfError, pikepdf.PasswordError):
        return b""


def has_manifest(path: Path) -> bool:
    """Whether a PNG, JPEG or WebP carries a C2PA manifest: signed by its maker, and void once a byte of the file changes."""
    found = kind(path)
    try:
        with path.open("rb") as file:
            if found == "png":
                return any(name == b"caBX" for name, _, _ in _chunks(file))
            if found == "jpeg":
                return any(m == 0xEB and _MANIFEST in file.read(min(n, 4096)) for m, _, n in _segments(file))
            if found == "webp":
                return any(name == b"C2PA" for name, _, _ in _riff(file))
    except struct.error:
        return False
    return False


def put(path: Path, properties: dict[str, str]) -> None:
    """Write a packet into a PNG, JPEG or SVG in place. The same properties again give the same bytes. Raises NotMarkable."""
    write = {"png": _png_put, "jpeg": _jpeg_put, "svg": _svg_put}.get(kind(path))
    if write is None:
        raise NotMarkable("The file is of no kind that metadata can be written into.")
    part = path.with_name(f".{path.name}.marked")
    try:
        write(path, part, properties)
        os.replace(part, path)
    except struct.error:
        raise NotMarkable("The image breaks off.") from None
    finally:
        part.unlink(missing_ok=True)


# --- PNG ------------------------------------------------------------------------------------------------------------------


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset and length of every chunk of a PNG."""
    at = len(PNG)
    while True:
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        yield name, at, length
        if name == b"IEND":
            return
        at += 12 + length


def _is_packet(file: BinaryIO, name: bytes, at: int) -> bool:
    if name != b"iTXt":
        return False
    file.seek(at + 8)
    return file.read(len(_ITXT)) == _ITXT


def _png_packet(path: Path) -> bytes:
    with path.open("rb") as file:
        for name, at, length in _chunks(file):
            if _is_packet(file, name, at) and length <= xmp.PACKET_MAX:
                packed, _method = file.read(2)
                _language, _translated, text = file.read(length - len(_ITXT) - 2).split(b"\0", 2)
                return zlib.decompressobj().decompress(text, xmp.PACKET_MAX) if packed else text
    return b""


def _png_put(path: Path, part: Path, properties: dict[str, str]) -> None:
    body = b"iTXt" + _ITXT + b"\0\0\0\0" + xmp.packet(properties)
    ours = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    with path.open("rb") as source, part.open("wb") as target:
        target.write(PNG)
        for name, at, length in _chunks(source):
            if not _is_packet(source, name, at):
                source.seek(at)
                _copy(source, target, 12 + length)
            if name == b"IHDR":
                target.write(ours)


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    while length:
        block = source.read(min(length, 1 << 20))
        if not block:
            raise struct.error("the file breaks off")
        target.write(block)
        length -= len(block)


# --- JPEG -----------------------------------------------------------------------------------------------------------------


def _segments(file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Marker, offset of the marker and length of the content of every segment before the coded image. The file then stands at
    the content."""
    at = 2
    while True:
        file.seek(at)
        begins, marker = struct.unpack(">BB", file.read(2))
        if begins != 0xFF:
            raise struct.error("no marker")
        if marker == 0xFF:
            at += 1
            continue
        [length] = struct.unpack(">H", file.read(2))
        if marker == 0xDA:
            yield marker, at, -1
            return
        yield marker, at, length - 2
        at += 2 + length


def _jpeg_packet(path: Path) -> bytes:
    with path.open("rb") as file:
        for marker, _, length in _segments(file):
            if marker == 0xE1 and file.read(len(_APP1)) == _APP1:
                return file.read(length - len(_APP1))
    return b""


def _jpeg_put(path: Path, part: Path, properties: dict[str, str]) -> None:
    body = _APP1 + xmp.packet(properties)
    ours = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    with path.open("rb") as source, part.open("wb") as target:
        target.write(SOI)
        written = False
        for marker, at, length in _segments(source):
            # JFIF, then EXIF come first; XMP follows them.
            exif = marker == 0xE1 and source.read(6) == b"Exif\0\0"
            if not written and not exif and marker != 0xE0:
                target.write(ours)
                written = True
            source.seek(at)
            if length < 0:
                shutil.copyfileobj(source, target, 1 << 20)
                return
            old = source.read(4 + length)
            if not (marker == 0xE1 and old[4:].startswith(_APP1)):
                target.write(old)


# --- WebP -----------------------------------------------------------------------------------------------------------------


def _riff(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset of the content and length of every chunk of a WebP. The file then stands at the content."""
    file.seek(0, os.SEEK_END)
    end, at = file.tell(), 12
    while at + 8 <= end:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        yield name, at + 8, length
        at += 8 + length + length % 2


def _webp_packet(path: Path) -> bytes:
    with path.open("rb") as file:
        for name, _, length in _riff(file):
            if name == b"XMP " and length <= xmp.PACKET_MAX:
                return file.read(length)
    return b""


# --- SVG ------------------------------------------------------------------------------------------------------------------


def _utf8(path: Path) -> bytes:
    """The bytes of an SVG in UTF-8 without a byte order mark; one in another encoding is written again."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return re.sub(r"^<\?xml[^>]*\?>", "", data.decode("utf-16").lstrip("\ufeff")).encode()
    declared = re.match(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=[\"']([\w.-]+)", data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode(declared[1].decode("ascii"))).encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def _svg_places(data: bytes) -> tuple[int, tuple[int, int] | None, str]:
    """The offset behind the root's start tag, where metadata of ours begins and ends, and the root's prefix with its colon."""
    parser = expat.ParserCreate()
    inside: list[str] = []
    place: dict[str, int] = {}
    prefix = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal prefix
        inside.append(tag)
        if len(inside) == 1:
            prefix = tag[: -len("svg")]
            place["root"] = parser.CurrentByteIndex
        elif "first" not in place:
            place["first"] = parser.CurrentByteIndex
        if len(inside) == 2 and tag == f"{prefix}metadata" and attributes.get("id") == _METADATA_ID:
            place["begin"] = parser.CurrentByteIndex

    def end(tag: str) -> None:
        inside.pop()
        if "begin" in place and "end" not in place and len(inside) == 1 and tag == f"{prefix}metadata":
            place["end"] = data.index(b">", parser.CurrentByteIndex) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise NotMarkable("The SVG is not well-formed.") from None
    old = (place["begin"], place["end"]) if "end" in place else None
    return _behind_tag(data, place["root"]), old, prefix


def _behind_tag(data: bytes, at: int) -> int:
    """The offset behind a start tag. Raises NotMarkable for one that closes itself: there is nothing in that drawing."""
    quote = b""
    for offset in range(at, len(data)):
        byte = data[offset : offset + 1]
        if quote:
            quote = b"" if byte == quote else quote
        elif byte in (b'"', b"'"):
            quote = byte
        elif byte == b">":
            if data[offset - 1 : offset] == b"/":
                break
            return offset + 1
    raise NotMarkable("There is nothing in this drawing.")


def _svg_put(path: Path, part: Path, properties: dict[str, str]) -> None:
    # The declaration says what holds without it, and ExifTool takes a drawing that begins with one for any XML: it then lists the
    # marks under other names.
    data = _utf8(path).removeprefix(_DECLARATION)
    behind, old, prefix = _svg_places(data)
    tag = f"{prefix}metadata"
    ours = f'<{tag} id="{_METADATA_ID}">{xmp.body(properties)}</{tag}>'.encode()
    if old:
        part.write_bytes(data[: old[0]] + ours + data[old[1] :])
    else:
        part.write_bytes(data[:behind] + ours + data[behind:])


def _svg_packet(path: Path) -> bytes:
    root = svgdoc.parse(path.read_bytes())
    for element in root:
        if str(element.tag) == f"{{{svgdoc.SVG}}}metadata":
            found = next(element.iter(f"{{{xmp.RDF}}}RDF"), None)
            if found is not None:
                return svgdoc.ElementTree.tostring(found)
    return b""


# --- PDF ------------------------------------------------------------------------------------------------------------------


def _pdf_packet(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        return bytes(pdf.Root.Metadata.read_bytes()) if "/Metadata" in pdf.Root else b""
