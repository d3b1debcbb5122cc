"""Reading what a client sent to the sandbox: form bodies, multipart bodies, and the answer to give back.

Strict where the real service is: a repeated form name keeps only its last value, and a multipart body without a
boundary has no parts. It never trusts a length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Part:
    """One file of a multipart body."""

    filename: str
    content_type: str
    body: bytes


@dataclass
class Request:
    """One request as it arrived. `headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return _last(urlsplit(self.target).query)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def form(self) -> dict[str, str]:
        """The fields of a form body; empty for any other content type."""
        if self.content_type != "application/x-www-form-urlencoded":
            return {}
        return _last(self.body.decode("utf-8", "replace"))

    def multipart(self) -> tuple[dict[str, str], dict[str, Part]]:
        """(fields, files) of a multipart body; both empty when it has no boundary."""
        found = re.search(r'boundary="?([^";]+)"?', self.headers.get("content-type", ""))
        fields: dict[str, str] = {}
        files: dict[str, Part] = {}
        if self.content_type != "multipart/form-data" or not found:
            return fields, files
        for piece in self.body.split(b"--" + found.group(1).encode())[1:]:
            head, separator, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            if not separator:
                continue
            headers = head.decode("utf-8", "replace")
            content = content.removesuffix(b"\r\n")
            name = re.search(r'[; ]name="([^"]*)"', headers)
            filename = re.search(r'filename="([^"]*)"', headers)
            kind = re.search(r"content-type:\s*(\S+)", headers, re.IGNORECASE)
            if name and filename:
                files[name.group(1)] = Part(filename.group(1), kind.group(1) if kind else "", content)
            elif name:
                fields[name.group(1)] = content.decode("utf-8", "replace")
        return fields, files


@dataclass
class Reply:
    """What to send back. `data` is sent as JSON unless `body` is given."""

    status: int
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        if self.body is not None:
            return self.body
        return b"" if self.data is None else json.dumps(self.data).encode()


class Refused(Exception):
    """The request is not carried out; `reply` says why, in one of the shapes of the real service."""

    def __init__(self, status: int, error: Any) -> None:
        super().__init__(status)
        self.reply = Reply(status, {"error": error} if isinstance(error, str) else error)


def _last(text: str) -> dict[str, str]:
    parsed = parse_qs(text, keep_blank_values=True, max_num_fields=1000)
    return {name: values[-1] for name, values in parsed.items()}
