"""The contract of every file store: its methods, its keys, and how it fails. It must never import a store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from elistit.ports import Failure

KEY_MAX = 300
# Names that every file system accepts and that no shell or browser misinterprets.
_KEY_PART = re.compile(r"[A-Za-z0-9_()+,=@ .-]+")


STORAGE = "storage"
"""The service name in a failure of the store (`Failure.service`): no provider is paused because of it."""


class StoreFailure(Exception):
    """A failure of the store. `failure` says on whose side, in words a seller can read (rules §5.7)."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class BadKey(ValueError):
    """The key isn't a safe relative path. A bug, never something a seller can cause or fix."""


@dataclass(frozen=True)
class Stored:
    """A file in the store. `sha256` is the hexadecimal digest of its `bytes` bytes."""

    key: str
    bytes: int
    sha256: str


class Store(Protocol):
    """The methods of every store. All raise StoreFailure for expected failures and BadKey for an unsafe key."""

    def put(self, path: Path, key: str) -> Stored:
        """Store a copy of `path` under `key`, replacing existing content. Idempotent: the same content is written once."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The content, for reading from the start."""
        ...

    def local_path(self, key: str) -> Path:
        """A file on this machine with the content, for tools that need one. Read-only for the caller."""
        ...

    def exists(self, key: str) -> bool: ...

    def check(self, key: str, sha256: str) -> bool:
        """Whether the content exists and has this digest. Reads all of it."""
        ...

    def look(self, key: str) -> Stored | None:
        """The size and digest of the content; None when there is none."""
        ...

    def problem(self, key: str, bytes: int, sha256: str) -> str:
        """What is wrong with a recorded file: `missing`, `damaged`, or empty. The quick check before a file is served:
        a folder's file is read and digested, a bucket is asked for size and digest."""
        ...

    def link(self, key: str, *, name: str, content_type: str, seconds: int) -> str:
        """An address from which a browser may save the file under `name` for `seconds`; empty when the studio's own
        pages have to serve it."""
        ...

    def delete(self, key: str) -> bool:
        """Delete one file. False when it didn't exist. Idempotent."""
        ...

    def delete_prefix(self, prefix: str) -> int:
        """Delete everything under a folder and return the number of files. Idempotent: a missing folder is 0."""
        ...

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Every file under a folder, as (key, bytes), unordered. Incomplete files are left out; a missing folder is empty."""
        ...

    def sweep_unfinished(self, older_than_s: float = 86_400) -> int:
        """Delete incomplete files that are older than this many seconds, and return how many."""
        ...


MISSING, DAMAGED = "missing", "damaged"


def safe_key(key: str) -> str:
    """Return the key if it is a safe relative path with forward slashes. Raises BadKey otherwise.

    Refused: absolute paths, `.` and `..`, empty parts, backslashes, control and other unusual characters, names that
    begin with a dot (reserved for incomplete files), names that end with a dot or space, more than 300 characters.
    """
    if not 0 < len(key) <= KEY_MAX:
        raise BadKey(f"A key has 1 to {KEY_MAX} characters.")
    for part in key.split("/"):
        if not _KEY_PART.fullmatch(part) or part.startswith(".") or part.endswith((".", " ")):
            raise BadKey(f"The key {key!r} is not a safe relative path.")
    return key
