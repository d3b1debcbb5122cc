"""Images from outside: fetched from allowed hosts only, checked, and brought to exactly the size that was asked for.

What a provider sends is not trusted: address, size, declared type and first bytes are checked before a decoder sees the
file, and decoding happens in a bounded subprocess. The operator's key is never sent to a host that serves images.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx

from elistit.addresses import loopback
from elistit.network import call
from elistit.network.call import Met
from elistit.on_use import OnUse
from elistit.providers.base import ImageRequest, Run
from elistit.providers.http import Service, Timeouts, bearer

# Used by `finish`, which runs in a subprocess; a process that only offers models loads none of it.
if TYPE_CHECKING:
    import pyvips

    from elistit.artwork import drawing, export, pngcolors, provenance, svgcheck, vector
else:
    pyvips = OnUse("pyvips")
    drawing = OnUse("elistit.artwork.drawing")
    export = OnUse("elistit.artwork.export")
    pngcolors = OnUse("elistit.artwork.pngcolors")
    provenance = OnUse("elistit.artwork.provenance")
    svgcheck = OnUse("elistit.artwork.svgcheck")
    vector = OnUse("elistit.artwork.vector")

BYTES_MAX = 40_000_000
REDIRECTS_MAX = 3
# A model that makes 832 × 1216 for 2:3 is enlarged by 3 %, which no one sees. More than this is an image of the wrong size.
ENLARGE_MAX = 1.1
PREPARE_SECONDS = 120.0
# What a tool made may be a hundred times as large as an image that was painted.
LARGE_TAKES = 4
_PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without blanks and backslashes: what a real address consists of."""

_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")


class Problem(StrEnum):
    """Why a bought image could not be had. Each is a `state` of the outcome tables (`http_outcomes`)."""

    NOT_FETCHED = "not fetched"
    GONE = "gone"
    OFF_LIST = "off list"
    UNUSABLE = "unusable"
    UNPREPARED = "unprepared"


@dataclass(frozen=True)
class Lost:
    """An image that could not be had, and why in words for the operator."""

    problem: Problem
    words: str


@dataclass(frozen=True)
class Prepared:
    """An image ready at `request.out`, as a PNG of the size asked for. `facts` are JSON-safe: width, height, bytes, sha256,
    alpha, and for a vector drawing `svg` (name, bytes, sha256) of the file beside it."""

    facts: dict[str, Any]


def fetch(url: str, out: Path, service: Service, timeouts: Timeouts, most: int = 0) -> Lost | None:
    """Download an image of at most `most` bytes (0: the usual) to `out`. None when it is there, whole and of a kind that can be opened.
    Never raises."""
    address = url
    for _ in range(REDIRECTS_MAX + 1):
        if not allowed(address, service):
            return Lost(Problem.OFF_LIST, f"not an allowed address: {_shown(address)}")
        found = _fetch_once(address, out, timeouts, most)
        if not isinstance(found, str):
            return found
        try:
            address = urljoin(address, found)
        except ValueError:
            return Lost(Problem.OFF_LIST, "redirected to no address")
    return Lost(Problem.UNUSABLE, "too many redirects")


def allowed(url: str, service: Service) -> bool:
    """Whether an image may be fetched from an address: https on the usual port of an allowed host. Only while the service
    itself is a server on this machine, this machine is allowed too."""
    try:
        parts, sent_to = urlsplit(url), httpx.URL(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
        # Two readers of an address must agree on its host, or the one that checks is not the one that connects.
        if not _PLAIN.fullmatch(url) or sent_to.host.lower().rstrip(".") != host.strip("[]"):
            return False
    except (ValueError, httpx.InvalidURL):
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if service.local and loopback(url):
        return parts.scheme in ("http", "https")
    listed = any(host == name or host.endswith("." + name) for name in service.hosts)
    return parts.scheme == "https" and port in (None, 443) and listed


def fetch_own(url: str, out: Path, service: Service, timeouts: Timeouts, most: int = 0) -> Lost | None:
    """Download an image that lies with the service itself, at an address made here, with the service's key. Sent
    elsewhere, it is not followed. Never raises."""
    found = _fetch_once(url, out, timeouts, most, bearer(service.key))
    return Lost(Problem.OFF_LIST, "redirected") if isinstance(found, str) else found


def _fetch_once(
    url: str, out: Path, timeouts: Timeouts, most: int, headers: Mapping[str, str] | None = None
) -> Lost | str | None:
    """One GET: None when the file is there, the target of a redirect, or what went wrong."""
    size, most = 0, most or BYTES_MAX

    def head(status: int, headers: Mapping[str, str]) -> str:
        declared = headers.get("content-type", "").split(";")[0].strip().lower()
        if status != 200:
            return f"HTTP {status}"
        if declared and not declared.startswith(_TYPES):
            return f"content type {declared[:60]}"
        length = headers.get("content-length", "")
        return f"{length} bytes" if length.isdigit() and int(length) > most else ""

    try:
        with out.open("wb") as file:

            def keep(chunk: bytes) -> bool:
                nonlocal size
                size += len(chunk)
                if size <= most:
                    file.write(chunk)
                return size <= most

            answer = call.stream(
                "GET", url, timeouts=timeouts, whole=timeouts.whole, headers={"accept": "image/*", **(headers or {})},
                keep=keep, head=head,
            )  # fmt: skip
    except OSError as error:
        return Lost(Problem.NOT_FETCHED, f"could not be written: {type(error).__name__}")
    if size > most:
        return Lost(Problem.UNUSABLE, f"more than {most} bytes")
    if answer.met is not Met.ANSWER:
        return Lost(Problem.NOT_FETCHED, answer.problem)
    if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("location"):
        return answer.headers["location"]
    if answer.status in (403, 404, 410):
        return Lost(Problem.GONE, answer.problem)
    if answer.status != 200:
        return Lost(Problem.NOT_FETCHED, answer.problem)
    if _web_page(out) or "text/html" in answer.problem:
        # Something on the way answered in the place of the host: the image is still there.
        return Lost(Problem.NOT_FETCHED, "a web page instead of the image")
    return Lost(Problem.UNUSABLE, answer.problem) if answer.problem else None


def _web_page(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(512).lstrip().lower().startswith((b"<!doctype html", b"<html"))


def decode(text: str, out: Path) -> Lost | None:
    """Write a base64 image to `out`. Never raises."""
    if len(text) > BYTES_MAX * 4 // 3 + 4:
        return Lost(Problem.UNUSABLE, f"more than {BYTES_MAX} bytes")
    try:
        out.write_bytes(base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True))
    except (binascii.Error, ValueError):
        return Lost(Problem.UNUSABLE, "not base64")
    except (OSError, MemoryError) as error:
        # Half an image is worth nothing, and must not be taken for what came.
        with contextlib.suppress(OSError):
            out.unlink(missing_ok=True)
        return Lost(Problem.UNPREPARED, f"could not be written: {type(error).__name__}: {error}"[:200])
    return None


def prepare(
    raw: Path, request: ImageRequest, run: Run, *, as_vector: bool = False, exact: bool = False
) -> Prepared | Lost:
    """Make the PNG at `request.out` from what came, in a bounded subprocess. Never raises. `exact`: an image of another
    size is not brought to the one asked for but cannot be used."""
    kind = kind_of(raw)
    if kind == "" or (kind == "svg") != as_vector:
        return Lost(Problem.UNUSABLE, f"first bytes are {kind or 'no picture'}")
    try:
        facts: Any = run(
            finish, str(raw), str(request.out), request.width, request.height, as_vector, exact,
            timeout=PREPARE_SECONDS * (LARGE_TAKES if exact else 1),
        )  # fmt: skip
    except (TimeoutError, RuntimeError, OSError, MemoryError) as error:
        return Lost(Problem.UNPREPARED, f"{type(error).__name__}: {error}"[:200])
    if not isinstance(facts, dict):
        return Lost(Problem.UNPREPARED, "the subprocess answered nothing")
    return Lost(Problem.UNUSABLE, str(facts["problem"])) if "problem" in facts else Prepared(facts)


def kind_of(path: Path) -> str:
    """`png`, `jpeg`, `webp` or `svg` by the first bytes; empty for anything else."""
    try:
        with path.open("rb") as file:
            first = file.read(1024)
    except OSError:
        return ""
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if first.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return "webp"
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "svg" if text.startswith((b"<svg", b"<?xml", b"<!--")) and b"<svg" in text else ""


def finish(raw: str, out: str, width: int, height: int, as_vector: bool, exact: bool = False) -> dict[str, Any]:
    """Runs in a subprocess: the image as a PNG of `width` × `height` pixels at `out`, its transparency kept.

    What is left over of another ratio is cut off evenly. What it says of its making is carried over; a file with a C2PA manifest
    is also left beside it as it came. A drawing is also left beside it as SVG. Answers the facts of
    `Prepared`, or {"problem": words} for an image that cannot be used.
    """
    source, target = Path(raw), Path(out)
    try:
        extra = _drawn(source, target, width, height) if as_vector else _fitted(source, target, width, height, exact)
        if "problem" in extra:
            return extra
        provenance.carry(source, target)
        provenance.keep_manifest(source, target)
        info = export.info(target)
    except (export.ImageBroken, pngcolors.MadeForHdr, drawing.NotSvg, pyvips.Error) as broken:
        if isinstance(broken, pyvips.Error):
            export.raise_own_problem(broken)  # no fault of the image that came
        return {"problem": str(broken)[:200]}
    return {
        "width": info.width, "height": info.height, "bytes": info.bytes, "sha256": info.sha256, "alpha": info.alpha, **extra,
    }  # fmt: skip


def _fitted(source: Path, target: Path, width: int, height: int, exact: bool) -> dict[str, Any]:
    opened = export.open_image(source, sequential=False)
    if exact and (opened.width, opened.height) != (width, height):
        return {"problem": f"{opened.width} × {opened.height} pixels instead of {width} × {height}"}
    scale = max(width / opened.width, height / opened.height)
    if scale > ENLARGE_MAX:
        return {"problem": f"{opened.width} × {opened.height} pixels, too few for {width} × {height}"}
    with export.reading():
        image = export.to_srgb8(pngcolors.understood(opened, source))
        if (image.width, image.height) != (width, height):
            image = _scaled(image, max(width / image.width, height / image.height))
            left, top = (image.width - width) // 2, (image.height - height) // 2
            image = image.crop(left, top, width, height)
    export.write_png(image, target)
    return {}


def _scaled(image: pyvips.Image, scale: float) -> pyvips.Image:
    """Enlarged or made smaller; see-through pixels lend no color to their neighbors. Never a pixel short of what is asked."""
    if scale == 1:
        return image
    slack = 1 + 0.5 / min(image.width, image.height)
    if not image.hasalpha():
        return image.resize(scale * slack)
    return image.premultiply().resize(scale * slack).unpremultiply().cast("uchar").copy(interpretation="srgb")


def _drawn(source: Path, target: Path, width: int, height: int) -> dict[str, Any]:
    problems = svgcheck.validate_svg(source)
    if problems:
        return {"problem": " ".join(problems)[:200]}
    size = vector.to_png(source, target, max(width, height))
    if size != (width, height):
        return {"problem": f"a drawing of {size[0]} × {size[1]} instead of {width} × {height}"}
    kept = target.with_suffix(".svg")
    part = kept.with_name(f".{kept.name}.part")
    shutil.copyfile(source, part)
    os.replace(part, kept)
    body = kept.read_bytes()
    return {"svg": {"name": kept.name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}}


def _shown(url: str) -> str:
    """An address for the operator, without its query: signatures live there."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:200]
    except ValueError:
        return "not an address"
