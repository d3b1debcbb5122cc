"""Lets a seller's own images in: decides by content what a file is, refuses what is unsafe or broken, and writes a
clean copy.

Nothing of the upload but its image comes through, and what it says of having been made by AI (`provenance`): no name, no
location, no hidden data, no script. It runs in a bounded
subprocess. It must never decode an image before its size is known, and never open anything a file refers to.
"""

from __future__ import annotations

import re
import struct
import tempfile
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyvips

from elistit.artwork import (
    drawing,
    pngcolors,
    provenance,
    renderings,
    svgcheck,
    svgdoc,
    svgvalues,
    svgweb,
    vector,
    vectorset,
)
from elistit.artwork.export import DPI, PIXELS_MAX, ProfileBroken, reading, to_srgb8, write_png
from elistit.artwork.sticker import write_text

BYTES_MAX = 50_000_000
SVG_BYTES_MAX = 5_000_000
# As much as the studio itself makes (a poster is 7200 × 10,800 px), read row by row.
MEGAPIXELS_MAX = PIXELS_MAX // 1_000_000
SIDE_MIN_PX, SIDE_MAX_PX = 64, 20_000
# What a drawing is drawn at to be looked at.
SVG_PX = 2048
# The sizes that a drawing may state, longest side in inches: what a page can be, and what can be seen.
INCHES_MIN, INCHES_MAX = 0.1, vector.PAGE_MAX_IN
_KEPT_NAMESPACES = {drawing.XLINK, svgdoc.XML}
# Programs that draw a file differently do so over text, filters and what one of them does not know.
DRAWN_DIFFERENTLY = (
    "Programs draw this SVG differently. Check how it looks here; turning text and effects into paths helps."
)
_FILTERS_MAX = 24
_DATA_ATTRIBUTE = re.compile(r"\bdata-[\w.-]+")
# Making the files of a drawing with more shapes takes longer than an upload may.
FLAT_SHAPES_MAX = 1_500


class Refused(ValueError):
    """The upload is not taken. The message is one plain sentence for the seller."""


@dataclass(frozen=True)
class Taken:
    """A clean image: its `kind` (`png`, `jpeg`, `webp` or `svg` as uploaded), `path` of the clean file, for an SVG also
    the `picture` drawn from it, its size in pixels, whether it has transparency, `flat`: only flat shapes in it, all files of a
    vector product look like it; and `warning`: a sentence for the seller, or empty."""

    kind: str
    path: Path
    picture: Path
    width: int
    height: int
    alpha: bool
    flat: bool
    warning: str = ""


def take(upload: Path, out_dir: Path, stem: str) -> Taken:
    """Check an upload and write its clean copy into `out_dir`: `<stem>.png`, and `<stem>.svg` for a drawing.

    The file's name and ending are not looked at. Raises Refused. Idempotent; the upload is not changed.
    """
    kind = sniff(upload)
    out_dir.mkdir(parents=True, exist_ok=True)
    if kind == "svg":
        return _take_svg(upload, out_dir, stem)
    return _take_picture(upload, kind, out_dir / f"{stem}.png")


def sniff(upload: Path) -> str:
    """`png`, `jpeg`, `webp` or `svg` by content. Raises Refused for anything else, an empty or too large file."""
    try:
        size = upload.stat().st_size
    except OSError:
        raise Refused("The upload did not arrive.") from None
    if size == 0:
        raise Refused("The file is empty.")
    if size > BYTES_MAX:
        raise Refused(f"The file is larger than {BYTES_MAX // 1_000_000} MB.")
    with upload.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if _looks_like_svg(head):
        return "svg"
    raise Refused("Only PNG, JPEG, WebP and SVG files can be used.")


def _looks_like_svg(head: bytes) -> bool:
    if head.startswith(b"\x1f\x8b"):
        raise Refused("Compressed SVG files cannot be used; save it as a plain SVG.")
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace").lstrip(
        "\ufeff \t\r\n"
    )
    if re.match(r"<(\?xml|!--|!doctype|svg|[a-z]+:svg)", text, re.IGNORECASE) is None:
        return False
    return "<html" not in text.lower()


def _take_picture(upload: Path, kind: str, out: Path) -> Taken:
    width, height = _header_size(upload, kind)
    _refuse_size(width, height)
    try:
        image = _loader(kind)(str(upload), access="sequential", fail_on="truncated")
    except pyvips.Error:
        raise Refused("The image is damaged and cannot be read.") from None
    # The header was read by us first; what the decoder says must agree before a pixel is touched.
    _refuse_size(image.width, image.height)
    if image.get_typeof("n-pages") and image.get("n-pages") > 1:
        raise Refused("Animated images cannot be used.")
    try:
        if image.get_typeof("orientation") and image.get("orientation") > 1:
            # Turning needs every row at hand: a large image is then unpacked into a file, not into memory.
            image = _loader(kind)(str(upload), access="random", fail_on="truncated").autorot()
        clean = to_srgb8(pngcolors.understood(image, upload))
        if clean.bands not in (3, 4):
            raise Refused("The image has a kind of color that cannot be used.")
        with reading():
            write_png(clean, out, DPI)
        provenance.carry(upload, out, upload=True)
    except (pyvips.Error, ValueError) as error:
        out.unlink(missing_ok=True)
        if isinstance(error, Refused):
            raise
        if isinstance(error, ProfileBroken | pngcolors.MadeForHdr):
            raise Refused(str(error)) from None
        raise Refused("The image breaks off before its end or is damaged.") from None
    done = pyvips.Image.new_from_file(str(out))
    return Taken(kind, out, out, done.width, done.height, bool(done.hasalpha()), False)


def _loader(kind: str):  # type: ignore[no-untyped-def]
    """The decoder of exactly this kind: what the first bytes say is the only decoder a file gets to see."""
    return {
        "png": pyvips.Image.pngload, "jpeg": pyvips.Image.jpegload, "webp": pyvips.Image.webpload,
    }[kind]  # fmt: skip


def _refuse_size(width: int, height: int) -> None:
    if width * height > MEGAPIXELS_MAX * 1_000_000 or max(width, height) > SIDE_MAX_PX:
        scale = min((MEGAPIXELS_MAX * 1_000_000 / (width * height)) ** 0.5, SIDE_MAX_PX / max(width, height))
        raise Refused(
            f"The image is {width} × {height} pixels; at most {MEGAPIXELS_MAX} megapixels can be used, "
            f"in this shape {max(1, int(width * scale))} × {max(1, int(height * scale))}."
        )
    if min(width, height) < SIDE_MIN_PX:
        raise Refused(f"The image is {width} × {height} pixels; at least {SIDE_MIN_PX} on each side are needed.")


def _header_size(upload: Path, kind: str) -> tuple[int, int]:
    """Width and height as the file declares them, found without decoding; refuses animation on the way."""
    try:
        with upload.open("rb") as file:
            if kind == "png":
                return _png_size(file.read())
            if kind == "jpeg":
                return _jpeg_size(file.read())
            return _webp_size(file.read(64))
    except (struct.error, IndexError):
        raise Refused("The image is damaged and cannot be read.") from None


def _png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", data[16:24])
    if data[12:16] != b"IHDR" or zlib.crc32(data[12:29]) != struct.unpack(">I", data[29:33])[0]:
        raise Refused("The image is damaged and cannot be read.")
    at, ended = 8, False
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"acTL":
            raise Refused("Animated images cannot be used.")
        if name == b"IEND":
            ended = True
            break
        at += 12 + length
    if not ended:
        raise Refused("The image breaks off before its end or is damaged.")
    return int(width), int(height)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            if data.rfind(b"\xff\xd9") < at:
                raise Refused("The image breaks off before its end or is damaged.")
            return int(width), int(height)
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    raise Refused("The image is damaged and cannot be read.")


def _webp_size(head: bytes) -> tuple[int, int]:
    name = head[12:16]
    if name == b"VP8X":
        if head[20] & 0x02:
            raise Refused("Animated images cannot be used.")
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if name == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    if name == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return int(width) & 0x3FFF, int(height) & 0x3FFF
    raise Refused("The image is damaged and cannot be read.")


def _take_svg(upload: Path, out_dir: Path, stem: str) -> Taken:
    if upload.stat().st_size > SVG_BYTES_MAX:
        raise Refused(f"The SVG is larger than {SVG_BYTES_MAX // 1_000_000} MB.")
    problems = svgcheck.validate_svg(upload)
    # A size in plain numbers does instead of a view box: the clean copy gets one.
    problems = [p for p in problems if p != "The SVG has no view box."]
    if problems:
        raise Refused(problems[0])
    root = drawing.parse(upload.read_bytes())
    seen = _canvas(root)
    if sum(e.tag.rpartition("}")[2].startswith("fe") for e in root.iter()) > _FILTERS_MAX:
        raise Refused("The SVG uses too many filter effects.")
    svgweb.make_plain(root, seen)
    try:
        svgweb.check(root)
    except svgweb.OnlyBrowsers as error:
        raise Refused(str(error)) from None
    sent = svgdoc.written(root)
    clean, picture = out_dir / f"{stem}.svg", out_dir / f"{stem}.png"
    text = _cleaned(root, seen)
    write_text(clean, text)
    try:
        width, height = vector.to_png(clean, picture, SVG_PX)
        empty = pyvips.Image.new_from_file(str(picture))[3].max() == 0
        if empty:
            raise Refused("There is nothing to see in this drawing.")
        if not renderings.unchanged(sent, text):
            raise Refused("The SVG looks different without its editor data; save it as a plain SVG and use that file.")
        agreed, flat = renderings.agreed(text), _is_flat(text, out_dir, stem)
    except (ValueError, pyvips.Error) as error:
        clean.unlink(missing_ok=True)
        picture.unlink(missing_ok=True)
        if isinstance(error, Refused):
            raise
        raise Refused("The SVG cannot be drawn.") from None
    for out in (clean, picture):
        provenance.carry(upload, out, upload=True)
    return Taken("svg", clean, picture, width, height, True, flat, "" if agreed else DRAWN_DIFFERENTLY)


def _canvas(root: ElementTree.Element) -> svgdoc.Canvas:
    seen = svgdoc.canvas(root)
    if seen is None:
        raise Refused("The SVG has neither a view box nor a size.")
    if max(seen.box[2:]) / min(seen.box[2:]) > 20:
        raise Refused("The SVG is too narrow to make prints of.")
    if seen.inches is not None and not INCHES_MIN <= max(seen.inches) <= INCHES_MAX:
        raise Refused(
            f"The SVG states a size of {seen.inches[0]:.4g} × {seen.inches[1]:.4g} inches; "
            f"sizes from {INCHES_MIN:g} to {INCHES_MAX:g} inches can be used."
        )
    return seen


def _is_flat(text: str, out_dir: Path, stem: str) -> bool:
    """Whether every file of a vector product can be made of a drawing and looks like it: found out by making them."""
    try:
        if len(drawing.read(text).shapes) > FLAT_SHAPES_MAX:
            return False
        with tempfile.TemporaryDirectory(dir=out_dir, prefix=f".{stem}-") as trial:
            vectorset.make(text, Path(trial), stem, stem, renderings.PX)
    except ValueError:
        return False
    return True


def _cleaned(root: ElementTree.Element, seen: svgdoc.Canvas) -> str:
    """The drawing written again: comments, metadata, editor data and everything of foreign vocabularies left behind. The size
    it states stays, and it has a view box."""
    for switch, copy in svgdoc.editor_copies(root):
        switch.remove(copy)
    sheets = root.iter(f"{{{svgdoc.SVG}}}style")
    _strip(root, {name for sheet in sheets for name in _DATA_ATTRIBUTE.findall(sheet.text or "")})
    for key in ("width", "height"):
        if svgvalues.absolute(root.get(key)) is None:
            root.attrib.pop(key, None)
    if svgvalues.view_box(root.get("viewBox")) is None:
        root.set("viewBox", " ".join(f"{v:.10g}" for v in seen.box))
    return svgdoc.written(root) + "\n"


def _strip(element: ElementTree.Element, asked: set[str]) -> None:
    """`asked`: the data attributes that rules of the style sheets ask for."""
    for key in list(element.attrib):
        namespace = key[1:].partition("}")[0] if key.startswith("{") else ""
        if (namespace and namespace not in _KEPT_NAMESPACES) or (key.startswith("data-") and key not in asked):
            del element.attrib[key]
    for child in list(element):
        name = drawing.local(child)
        if not name or name in ("metadata", "desc", "title"):
            element.remove(child)
        else:
            _strip(child, asked)
