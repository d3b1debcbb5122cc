"""Where backups lie and what one consists of: a folder, or a bucket (`delivery.store`).

    backups/<id>/manifest.json    written last: a backup without it is no backup
    backups/<id>/database.sqlite3 or database.dump
    backups/<id>/files.jsonl      one line a file of the studio: key, bytes, digest
    backups/<id>/secret.key       the secret made at the first start, where the environment doesn't hold it
    files/ab/cdef…                the content of files, by digest, shared by all backups

It must never delete what a complete backup names.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from elistit import ports
from elistit.delivery.contract import Store, StoreFailure
from elistit.delivery.store import LocalStore, open_store

FORMAT = 1
BACKUPS, FILES, MANIFEST, LIST = "backups", "files", "manifest.json", "files.jsonl"
SECRET, EARLIER_SECRETS = "secret.key", "secret.key.old"
"""The secret key in the data folder, and the keys that were in use before it."""
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


class BackupProblem(Exception):
    """A backup that can't be taken, read or restored. The message is one or two sentences for the operator."""


@dataclass(frozen=True)
class Part:
    """One file of a backup beside its manifest. `sha256` is the hexadecimal digest of its `bytes` bytes."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class File:
    """A file of the studio in a backup: its key in file storage, and its content."""

    key: str
    bytes: int
    sha256: str

    @property
    def blob(self) -> str:
        return blob(self.sha256)


@dataclass(frozen=True)
class Manifest:
    """The contents of a complete backup. `taken_at` is when the database was read (RFC 3339, UTC); `missing` are files
    in the database that were already missing or damaged in the studio; `key` is a fingerprint that distinguishes secret
    keys."""

    id: str
    taken_at: str
    version: str
    vendor: str
    database: Part
    files: Part
    file_count: int
    file_bytes: int
    missing: list[str] = field(default_factory=list)
    secret: Part | None = None
    key: str = ""
    format: int = FORMAT

    def text(self) -> str:
        """As JSON, with a digest of everything else in it."""
        facts = asdict(self)
        return json.dumps({**facts, "digest": _digest(facts)}, indent=2, ensure_ascii=False) + "\n"


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_manifest(text: str) -> Manifest:
    """Parse a manifest and verify its digest. Raises BackupProblem."""
    try:
        facts = json.loads(text)
        digest = facts.pop("digest")
    except (ValueError, KeyError, AttributeError):
        raise BackupProblem("The manifest of this backup can't be read.") from None
    if facts.get("format") != FORMAT:
        raise BackupProblem("This backup was written by a newer version of Elistit. Restore it with that version.")
    if not hmac.compare_digest(str(digest), _digest(facts)):
        raise BackupProblem("The manifest of this backup was changed after it was written.")
    parts = {name: Part(**facts[name]) for name in ("database", "files")}
    secret = Part(**facts["secret"]) if facts["secret"] else None
    return Manifest(**{**facts, **parts, "secret": secret})


def blob(sha256: str) -> str:
    """The key under which a content is stored."""
    return f"{FILES}/{sha256[:2]}/{sha256[2:]}"


def new_id() -> str:
    """An id for a backup taken now; ids sort by time."""
    return f"{ports.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def work_folder() -> Path:
    """A folder for incomplete copies; what a killed process leaves there is deleted with the work folders."""
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def address_of(place: str) -> str:
    """The address that an operator's input means: a folder on this machine, or an address as it is."""
    return place if re.match(r"[a-z0-9]+://", place) else Path(place).expanduser().absolute().as_uri()


class Place:
    """Where backups are stored. `address` is a folder's path, or `file://…` or `s3://…`. Raises BackupProblem for an
    invalid address; everything else raises StoreFailure."""

    def __init__(self, address: str) -> None:
        self.address = address_of(address)
        try:
            self.store: Store = open_store(self.address)
        except ValueError as wrong:
            words = str(wrong).replace("The storage address", "The address of the backups")
            raise BackupProblem(words) from None

    @property
    def folder(self) -> Path | None:
        """The folder on this machine; None for a bucket."""
        return self.store.root if isinstance(self.store, LocalStore) else None

    def make_private(self) -> None:
        """Create the folders with access for this account only: a backup contains everything in the data folder."""
        if self.folder is not None:
            for one in (self.folder, self.folder / BACKUPS, self.folder / FILES):
                one.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, path: Path, key: str) -> Part:
        """Store a file of a backup, readable only by this account."""
        path.chmod(0o600)
        stored = self.store.put(path, key)
        if self.folder is not None:
            (self.folder / key).chmod(0o600)
        return Part(key.rsplit("/", 1)[-1], stored.bytes, stored.sha256)

    def put_text(self, text: str, key: str) -> Part:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=work_folder()) as folder:
            path = Path(folder) / "text"
            path.write_text(text, encoding="utf-8")
            return self.put(path, key)

    def complete(self) -> list[str]:
        """The ids of complete backups, oldest first."""
        return sorted(self._ids(whole=True))

    def incomplete(self) -> list[str]:
        """The ids of backups that were never finished."""
        return sorted(self._ids(whole=False))

    def _ids(self, whole: bool) -> set[str]:
        found: dict[str, bool] = {}
        for key, _ in self.store.listed(BACKUPS):
            _, id_, *rest = key.split("/")
            if _ID.fullmatch(id_):
                found[id_] = found.get(id_, False) or rest == [MANIFEST]
        return {id_ for id_, complete in found.items() if complete is whole}

    def manifest(self, id_: str) -> Manifest:
        """The manifest of a backup. Raises BackupProblem when it doesn't exist or is damaged."""
        if not _ID.fullmatch(id_):
            raise BackupProblem(f"“{id_[:60]}” is not the name of a backup.")
        try:
            with self.store.open(f"{BACKUPS}/{id_}/{MANIFEST}") as file:
                return read_manifest(file.read().decode())
        except StoreFailure as failed:
            raise BackupProblem(f"There is no complete backup {id_} at {self.address}.") from failed

    def newest(self) -> Manifest | None:
        """The newest complete backup; None when there is none."""
        found = self.complete()
        return self.manifest(found[-1]) if found else None

    def files(self, manifest: Manifest) -> Iterator[File]:
        """The files of a backup, from its list. Raises BackupProblem when the list was changed."""
        with self.fetched(manifest, manifest.files) as path, path.open(encoding="utf-8") as lines:
            for line in lines:
                yield File(**json.loads(line))

    @contextlib.contextmanager
    def fetched(self, manifest: Manifest, part: Part) -> Iterator[Path]:
        """A part of a backup as a local file, with its digest checked. Raises BackupProblem when it is damaged."""
        with tempfile.TemporaryDirectory(prefix="backup-", dir=work_folder()) as folder:
            path = Path(folder) / part.name
            self.copy_out(f"{BACKUPS}/{manifest.id}/{part.name}", path, part.sha256)
            yield path

    def copy_out(self, key: str, to: Path, sha256: str) -> None:
        """Copy the content of a key to `to`, readable only by this account. Raises BackupProblem when the integrity
        check fails."""
        hashed = hashlib.sha256()
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out, self._opened(key) as source:
            while chunk := source.read(1 << 20):
                hashed.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if hashed.hexdigest() != sha256:
            raise BackupProblem(damaged(key))

    @contextlib.contextmanager
    def _opened(self, key: str) -> Iterator[Any]:
        try:
            source = self.store.open(key)
        except StoreFailure as failed:
            if isinstance(failed.__cause__, FileNotFoundError) or not self.store.exists(key):
                raise BackupProblem(f"{key} is missing from the backup.") from failed
            raise
        with source:
            yield source

    def problem(self, file: File) -> str:
        """What is wrong with the content of a file in the backup, after reading all of it; empty when nothing is."""
        return "" if self.store.check(file.blob, file.sha256) else damaged(file.blob)


def damaged(key: str) -> str:
    return f"{key} is missing from the backup or damaged. Delete it there; the next backup writes it again."
