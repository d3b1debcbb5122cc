"""Answer a request for one file: whole, a range of it, or 304 Not Modified (RFC 9110 §13 and §14).

Pages, API and buyer's links all use it, so that all of them resume an interrupted download alike. The entity tag of a
file is its SHA-256. `projects.serving` decides beforehand whether the file may be served; this module must never look
at who asks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII | re.IGNORECASE)
_DIGITS_MAX = 18
_SKIPPED = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A file as recorded in the database. `name` is what it is saved as; `attachment` is false for one shown in a page."""

    name: str
    content_type: str
    bytes: int
    sha256: str
    attachment: bool = True

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'


class NotSatisfiable(Exception):
    """The requested range is outside the file. `headers` state its length."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(f"This file has {kept.bytes:,} bytes; the range asked for begins after its end.")
        self.headers = {"Content-Range": f"bytes */{kept.bytes}", "Accept-Ranges": "bytes", "ETag": kept.etag}


def answer(request: HttpRequest, kept: Kept, open_file: Callable[[], BinaryIO]) -> HttpResponse | FileResponse:
    """The response: 200, 206 or 304. The file is opened only when its bytes may be sent.

    An invalid range, several ranges at once, and a range of another version (`If-Range`) are answered with the whole
    file, as the standard allows. Raises NotSatisfiable, and whatever `open_file` raises.
    """
    if _has_it(request, kept):
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = kept.etag
        return unchanged
    part = wanted(request, kept)
    first, last = part or (0, kept.bytes - 1)
    source = open_file()
    try:
        _move_to(source, first)
    except BaseException:
        source.close()
        raise
    response = FileResponse(
        _Part(source, 0 if _method(request) == "HEAD" else last - first + 1), as_attachment=kept.attachment, filename=kept.name,
        content_type=kept.content_type, status=206 if part else 200,
    )  # fmt: skip
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = kept.etag
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{kept.bytes}"
    return response


def wanted(request: HttpRequest, kept: Kept) -> tuple[int, int] | None:
    """The first and last byte that a GET requests; None for the whole file. Raises NotSatisfiable."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if _method(request) != "GET" or found is None or not any(found.groups()):
        return None
    if max(len(number) for number in found.groups()) > _DIGITS_MAX:
        return None
    if (same := request.headers.get("If-Range")) is not None and same.strip() != kept.etag:
        return None
    begin, end = found.groups()
    if not begin:
        first, last = max(0, kept.bytes - int(end)), kept.bytes - 1
        if int(end) == 0:
            raise NotSatisfiable(kept)
    else:
        first, last = int(begin), min(int(end) if end else kept.bytes - 1, kept.bytes - 1)
        if end and int(end) < first:
            return None
    if first >= kept.bytes:
        raise NotSatisfiable(kept)
    return first, last


def _method(request: HttpRequest) -> str:
    """The original method; the API's views handle HEAD as GET."""
    return str(request.META["REQUEST_METHOD"])


def _has_it(request: HttpRequest, kept: Kept) -> bool:
    """Whether the client has this version: If-None-Match compares weakly, and `*` matches any version."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or kept.etag in [tag.removeprefix("W/") for tag in known]


def _move_to(source: BinaryIO, first: int) -> None:
    if first and source.seekable():
        source.seek(first)
        return
    while first > 0:
        passed = source.read(min(first, _SKIPPED))
        if not passed:
            raise OSError("a stored file is shorter than recorded")
        first -= len(passed)


class _Part(io.RawIOBase):
    """The next `left` bytes of an open file, which is closed with it. It has no descriptor and no length, so that no
    layer between here and the client can send more than this part."""

    def __init__(self, source: BinaryIO, left: int) -> None:
        self._source, self._left = source, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        got = self._source.read(min(len(buffer), self._left))
        buffer[: len(got)] = got
        self._left -= len(got)
        return len(got)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()
