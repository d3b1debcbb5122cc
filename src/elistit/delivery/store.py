"""The store: where every file of a project is kept, addressed by a key such as `01J…/delivery.zip`.

A file in the store exists completely or not at all: a crash at any time leaves the old content or the new, never a
part. This module must never delete outside its own folder, and never decide whether a failure is retried or refunded.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from elistit import ports
from elistit.delivery import address
from elistit.delivery.contract import (
    DAMAGED,
    KEY_MAX,
    MISSING,
    STORAGE,
    BadKey,
    Store,
    Stored,
    StoreFailure,
    safe_key,
)
from elistit.ports import Failure, Kind

__all__ = [
    "DAMAGED",
    "KEY_MAX",
    "MISSING",
    "STORAGE",
    "BadKey",
    "LocalStore",
    "Store",
    "StoreFailure",
    "Stored",
    "open_store",
    "safe_key",
]

_CHUNK = 1 << 20
_PART_SUFFIX = ".part"


def open_store(url: str) -> Store:
    """The store of a URL (`ELISTIT_STORAGE_URL`): `file:///absolute/folder` or
    `s3://bucket/prefix?endpoint=…&region=…`. Creates nothing and connects to nothing. Raises ValueError with one
    sentence for an invalid URL."""
    place = address.parse(url)
    if isinstance(place, Path):
        return LocalStore(place)
    from elistit.delivery import s3  # noqa: PLC0415 - the client library takes a third of a second to load

    return s3.of(place)


class LocalStore:
    """A store in a local folder (or one mounted on this machine)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, path: Path, key: str) -> Stored:
        """See `Store.put`. The content is written beside its target, synced to the disk, then renamed. Raises
        FileNotFoundError when `path` itself is missing, because then nothing is wrong with the store."""
        target = self._target(key)
        with path.open("rb") as source, _plain_words("write"):
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
            if target.is_file() and target.stat().st_size == size and self.check(key, digest):
                return Stored(key, size, digest)
            source.seek(0)
            self._make_folders(target.parent)
            part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}{_PART_SUFFIX}")
            try:
                with part.open("xb") as copy:
                    shutil.copyfileobj(source, copy, _CHUNK)
                    copy.flush()
                    os.fsync(copy.fileno())
                os.replace(part, target)
            except OSError:
                part.unlink(missing_ok=True)
                raise
            _sync_folder(target.parent)
        return Stored(key, size, digest)

    def open(self, key: str) -> BinaryIO:
        target = self._target(key)
        with _plain_words("read"):
            return target.open("rb")

    def local_path(self, key: str) -> Path:
        target = self._target(key)
        with _plain_words("read"):
            os.stat(target)
        return target

    def exists(self, key: str) -> bool:
        target = self._target(key)
        with _plain_words("read"):
            return target.is_file()

    def check(self, key: str, sha256: str) -> bool:
        target = self._target(key)
        with _plain_words("read"):
            try:
                with target.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest() == sha256.lower()
            except (FileNotFoundError, IsADirectoryError):
                return False

    def look(self, key: str) -> Stored | None:
        target = self._target(key)
        with _plain_words("read"):
            try:
                with target.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                    return Stored(key, file.tell(), digest)
            except (FileNotFoundError, IsADirectoryError):
                return None

    def problem(self, key: str, bytes: int, sha256: str) -> str:
        found = self.look(key)
        if found is None:
            return MISSING
        return "" if (found.bytes, found.sha256) == (bytes, sha256.lower()) else DAMAGED

    def link(self, key: str, *, name: str, content_type: str, seconds: int) -> str:
        """Always empty: a local folder has no address, so the studio's own pages serve the file."""
        safe_key(key)
        return ""

    def delete(self, key: str) -> bool:
        target = self._target(key)
        with _plain_words("delete"):
            try:
                target.unlink()
            except FileNotFoundError:
                return False
        return True

    def delete_prefix(self, prefix: str) -> int:
        """See `Store.delete_prefix`. `prefix` is a folder, not the beginning of a name: `abc` does not touch `abcd/`.

        Symbolic links are removed, never followed.
        """
        folder = self._target(prefix.removesuffix("/"))
        with _plain_words("delete"):
            if folder.is_symlink() or folder.is_file():
                folder.unlink(missing_ok=True)
                return 1
            deleted = sum(len([n for n in names if not n.endswith(_PART_SUFFIX)]) for _, _, names in os.walk(folder))
            try:
                shutil.rmtree(folder)
            except FileNotFoundError:
                return 0
        return deleted

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        folder = self._target(prefix.removesuffix("/"))
        with _plain_words("read"):
            for here, _, names in os.walk(folder):
                for name in names:
                    if name.endswith(_PART_SUFFIX):
                        continue
                    path = Path(here, name)
                    with contextlib.suppress(FileNotFoundError):
                        yield path.relative_to(self.root).as_posix(), path.stat().st_size

    def sweep_unfinished(self, older_than_s: float = 86_400) -> int:
        """Delete incomplete files that are older than this many seconds, and return how many."""
        limit = ports.now().timestamp() - older_than_s
        swept = 0
        with _plain_words("delete"):
            for folder, _, names in os.walk(self.root):
                for name in names:
                    part = Path(folder, name)
                    if not (name.startswith(".") and name.endswith(_PART_SUFFIX)):
                        continue
                    with contextlib.suppress(FileNotFoundError):
                        if part.lstat().st_mtime < limit:
                            part.unlink()
                            swept += 1
        return swept

    def _target(self, key: str) -> Path:
        """The path of a key. Raises BadKey also when a link inside the store would lead out of it."""
        target = self.root / safe_key(key)
        if not target.parent.resolve().is_relative_to(self.root.resolve()):
            raise BadKey(f"The key {key!r} leads out of the store.")
        return target

    def _make_folders(self, folder: Path) -> None:
        """Make missing folders and sync their parents, so that a power cut cannot lose a folder with a finished file."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            _sync_folder(new.parent)


def _sync_folder(folder: Path) -> None:
    """Write a folder's list of names to the disk. Systems that cannot open a folder (Windows) do it on their own."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # network folders may not offer it
            raise
    finally:
        os.close(handle)


# The operator has to act on these, so an automatic retry would only lose time (rules §5.7).
_OPERATOR = {
    errno.ENOSPC: "The disk for file storage is full.",
    errno.EDQUOT: "The disk for file storage is full.",
    errno.EACCES: "The studio doesn't have access to the storage folder.",
    errno.EPERM: "The studio doesn't have access to the storage folder.",
    errno.EROFS: "The storage folder can't be written to.",
    errno.ENAMETOOLONG: "The path of the storage folder is too long.",
    errno.ENOTDIR: "The storage folder isn't a folder.",
}
_TRANSIENT = {
    "write": "A file couldn't be stored.",
    "read": "A stored file couldn't be read.",
    "delete": "Stored files couldn't be deleted.",
}


@contextlib.contextmanager
def _plain_words(doing: str) -> Iterator[None]:
    """Turn what the operating system says into a StoreFailure: full, forbidden and misplaced are the operator's side,
    anything else may pass."""
    try:
        yield
    except FileNotFoundError as error:
        reason = "A stored file is missing from file storage."
        raise StoreFailure(Failure(Kind.TRANSIENT, reason, detail=str(error))) from error
    except OSError as error:
        if words := _OPERATOR.get(error.errno or 0):
            raise StoreFailure(Failure(Kind.OPERATOR, words, detail=str(error))) from error
        raise StoreFailure(Failure(Kind.TRANSIENT, _TRANSIENT[doing], detail=str(error))) from error
