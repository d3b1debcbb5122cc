"""The contract of every file store: its methods, its keys, and how it fails. It must never import a store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from elistit.ports import Failure

KEY_MAX = 300
# What a file system on any computer takes, and nothing a shell or a browser would trip over.
_KEY_PART = re.compile(r"[A-Za-z0-9_()+,=@ .-]+")


STORAGE = "storage"
"""What a failure of the store names as its service (`Failure.service`): no provider is paused for it."""


class StoreFailure(Exception):
    """Something went wrong in the store. `failure` says on whose side, in words a seller can read (rules §5.7)."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class BadKey(ValueError):
    """The key is not a safe relative path. A mistake in the program, never something a seller can cause or fix."""


@dataclass(frozen=True)
class Stored:
    """A file as it lies in the store. `sha256` is the hexadecimal digest of its `bytes` bytes."""

    key: str
    bytes: int
    sha256: str


class Store(Protocol):
    """What every kind of store offers. All raise StoreFailure for what can happen, BadKey for an unsafe key."""

    def put(self, path: Path, key: str) -> Stored:
        """Keep a copy of `path` under `key`, replacing what was there. Idempotent: the same content is written once."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The content, for reading from the start."""
        ...

    def local_path(self, key: str) -> Path:
        """A file on this machine with the content, for tools that need one. Read-only for the caller."""
        ...

    def exists(self, key: str) -> bool: ...

    def check(self, key: str, sha256: str) -> bool:
        """Whether the content is there and has this digest. Reads all of it."""
        ...

    def look(self, key: str) -> Stored | None:
        """The size and digest of what is there; None when nothing is."""
        ...

    def problem(self, key: str, bytes: int, sha256: str) -> str:
        """What is wrong with a file the books know: `missing`, `damaged`, or nothing (an empty text).

        The quick look before a file is handed out: a folder is read and digested, a bucket is asked for size and digest.
        """
        ...

    def link(self, key: str, *, name: str, content_type: str, seconds: int) -> str:
        """An address from which a browser may save the file under `name` for so many seconds; empty when the studio's own
        pages have to hand it out."""
        ...

    def delete(self, key: str) -> bool:
        """Delete one file. False when it was not there. Idempotent."""
        ...

    def delete_prefix(self, prefix: str) -> int:
        """Delete everything under a folder; the number of files deleted. Idempotent: an absent folder is 0."""
        ...

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Every file under a folder, as (key, bytes), in no order. Unfinished files are left out; an absent folder is empty."""
        ...

    def sweep_unfinished(self, older_than_s: float = 86_400) -> int:
        """Delete what crashed writers left behind, when older than this many seconds; the number deleted."""
        ...


MISSING, DAMAGED = "missing", "damaged"


def safe_key(key: str) -> str:
    """The key itself when it is a safe relative path with forward slashes. Raises BadKey when not.

    Refused: absolute paths, `.` and `..`, empty parts, backslashes, control and other unusual characters, names that
    begin with a dot (kept for unfinished files), names that end with a dot or space, more than 300 characters.
    """
    if not 0 < len(key) <= KEY_MAX:
        raise BadKey(f"A key has 1 to {KEY_MAX} characters.")
    for part in key.split("/"):
        if not _KEY_PART.fullmatch(part) or part.startswith(".") or part.endswith((".", " ")):
            raise BadKey(f"The key {key!r} is not a safe relative path.")
    return key
