"""The store in a bucket of an S3 service: the same contract as a folder, over a network that may fail at any byte.

An object exists completely or not at all: the service shows a new object only when all of its bytes have arrived and
match their signed digest. It must never decide whether a failed stage is retried, and never log anything: the requests
are signed with the operator's key.

Timeouts and retries (rules §5.7): 5 s to connect, 30 s for each read or write to progress, four requests in total with
growing pauses of at most 20 s for transient errors; a download continues at the byte where it was interrupted. What
still fails is raised as a StoreFailure of the right kind, and the stage's own four attempts follow.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.utils.http import content_disposition_header

from elistit import config, ports
from elistit.delivery import s3_failures
from elistit.delivery.address import Bucket
from elistit.delivery.contract import DAMAGED, MISSING, Stored, StoreFailure, safe_key
from elistit.delivery.s3_reading import Reading, as_store_failure
from elistit.ports import Failure, Kind

CONNECT_SECONDS, MOVE_SECONDS = 5, 30
ATTEMPTS = 4

PART = 8 << 20
ONE_REQUEST_MAX = 2 * PART
"""Larger files are uploaded in parts of `PART` bytes, so that an interruption costs a part and not the file."""

_TRANSFER = TransferConfig(
    multipart_threshold=ONE_REQUEST_MAX + 1,
    multipart_chunksize=PART,
    # One part at a time: an upload holds one part in memory, and a worker's uploads use one connection each.
    use_threads=False,
    preferred_transfer_client="classic",
)
_CHUNK = 1 << 20


@functools.cache
def of(place: Bucket) -> S3Store:
    """The store of a bucket, with the configured credentials and its cache under ELISTIT_DATA. One per process, because
    creating a client takes longer than using it. Thread-safe."""
    return S3Store(place, Path(settings.DATA_DIR) / "store-cache")


@dataclass(frozen=True)
class _Facts:
    """The expected properties of a file. `etag` is what a service that doesn't encrypt assigns to it."""

    bytes: int
    sha256: str
    etag: str


class S3Store:
    """See `Store`. `cache` is a local folder for files that tools need as a path; its content may be deleted at any time."""

    def __init__(self, place: Bucket, cache: Path, *, attempts: int = ATTEMPTS) -> None:
        self.place, self.cache = place, cache
        ours = config.current().storage
        session = boto3.session.Session(
            aws_access_key_id=ours.aws_access_key_id.get_secret_value() or "unset",
            aws_secret_access_key=ours.aws_secret_access_key.get_secret_value() or "unset",
            aws_session_token=ours.aws_session_token.get_secret_value() or None,
            region_name=place.region,
        )
        # Bodies are signed, so the service refuses what doesn't arrive as it was sent; the newer trailing checksums are
        # left out because many S3-compatible services don't support them.
        self._client = session.client(
            "s3",
            endpoint_url=place.endpoint or None,
            config=Config(
                signature_version="s3v4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=MOVE_SECONDS,
                retries={"mode": "standard", "total_max_attempts": attempts},
                s3={"payload_signing_enabled": True, "addressing_style": "path" if place.endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                max_pool_connections=32,
            ),
        )

    # ---- writing ----------------------------------------------------------------------------------------------------

    def put(self, path: Path, key: str) -> Stored:
        """See `Store.put`. Raises FileNotFoundError when `path` itself is missing."""
        name = self._name(key)
        with path.open("rb") as source, as_store_failure("write"):
            facts = _measure(source)
            if not self._is_there(name, facts):
                self._send(source, name, facts)
                if not self._is_whole(name, facts):
                    reason = "A file didn't arrive complete in file storage."
                    raise StoreFailure(Failure(Kind.TRANSIENT, reason, detail=name))
        return Stored(key, facts.bytes, facts.sha256)

    def _send(self, source: BinaryIO, name: str, facts: _Facts) -> None:
        """Raises what the service or the network does; the transfer manager deletes the parts of an upload that failed."""
        source.seek(0)
        about = {"Metadata": {"sha256": facts.sha256}, "ContentType": "application/octet-stream"}
        try:
            self._client.upload_fileobj(source, self.place.bucket, name, ExtraArgs=about, Config=_TRANSFER)
        except ClientError as error:
            # If the response to the last request was lost, asking again finds the upload gone and the object there.
            if s3_failures.code(error) != "NoSuchUpload" or not self._is_whole(name, facts):
                raise

    def _is_there(self, name: str, facts: _Facts) -> bool:
        """Whether exactly this content exists already. A service that encrypts assigns other tags: then it is sent
        again, which changes nothing."""
        head = self._head(name)
        return head is not None and _agrees(head, facts) and str(head["ETag"]).strip('"') == facts.etag

    def _is_whole(self, name: str, facts: _Facts) -> bool:
        return any((head := self._head(name)) is not None and _agrees(head, facts) for _ in range(2))

    # ---- reading ----------------------------------------------------------------------------------------------------

    def open(self, key: str) -> BinaryIO:
        """The content as a stream that automatically continues where a connection was interrupted. Reading it raises
        StoreFailure."""
        with as_store_failure("read"):
            reading = Reading(self, self._name(key))
        return cast(BinaryIO, io.BufferedReader(reading, _CHUNK))

    def local_path(self, key: str) -> Path:
        """A verified copy in the cache, fetched once for each content."""
        name = self._name(key)
        with as_store_failure("read"):
            head = self._sure(name)
            if head is None:
                raise StoreFailure(s3_failures.missing(name))
            size, digest = int(head["ContentLength"]), _digest(head)
            folder = self.cache / (digest or hashlib.sha256(f"{name}\0{head['ETag']}".encode()).hexdigest())
            target = folder / name.rsplit("/", 1)[-1]
            if not (target.is_file() and target.stat().st_size == size):
                self._fetch(key, target, size, digest)
            os.utime(target)  # used now, so the sweep leaves it alone
        return target

    def _fetch(self, key: str, target: Path, size: int, digest: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{secrets.token_hex(6)}.part")
        try:
            with self.open(key) as source, part.open("xb") as copy:
                shutil.copyfileobj(source, copy, _CHUNK)
            with part.open("rb") as copy:  # what lies on the disk, not what went by
                arrived = hashlib.file_digest(copy, "sha256").hexdigest()
            if part.stat().st_size != size or (digest and arrived != digest):
                reason = "A stored file failed its integrity check."
                raise StoreFailure(Failure(Kind.TRANSIENT, reason, detail=f"{key}: digest {arrived}"))
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        name = self._name(key)
        with as_store_failure("read"):
            return self._head(name) is not None

    def ask(self) -> None:
        """Send a harmless request that succeeds only if the bucket exists and its key is right. Raises StoreFailure
        with what is wrong: unlike a HEAD request for one object, a list request returns the reason for a refusal."""
        with as_store_failure("read"):
            self._client.list_objects_v2(Bucket=self.place.bucket, Prefix=self.place.prefix, MaxKeys=1)

    def look(self, key: str) -> Stored | None:
        """See `Store.look`. The digest is the one stored with the object; empty for an object this studio did not write."""
        name = self._name(key)
        with as_store_failure("read"):
            head = self._sure(name)
        return None if head is None else Stored(key, int(head["ContentLength"]), _digest(head))

    def check(self, key: str, sha256: str) -> bool:
        try:
            with self.open(key) as content:
                return hashlib.file_digest(content, "sha256").hexdigest() == sha256.lower()  # type: ignore[arg-type]
        except StoreFailure as failed:
            if s3_failures.is_missing(failed.failure):
                return False
            raise

    def problem(self, key: str, bytes: int, sha256: str) -> str:
        found = self.look(key)
        if found is None:
            return MISSING
        return "" if (found.bytes, found.sha256) == (bytes, sha256.lower()) else DAMAGED

    def link(self, key: str, *, name: str, content_type: str, seconds: int) -> str:
        """A signed address of the service. Anyone who has it may read this one file until it expires."""
        stored = self._name(key)
        if not self.place.links:
            return ""
        with as_store_failure("read"):
            return str(
                self._client.generate_presigned_url(
                    "get_object",
                    Params={
                        "Bucket": self.place.bucket,
                        "Key": stored,
                        "ResponseContentDisposition": content_disposition_header(True, name) or "attachment",
                        "ResponseContentType": content_type,
                    },
                    ExpiresIn=seconds,
                )
            )

    # ---- deleting ---------------------------------------------------------------------------------------------------

    def delete(self, key: str) -> bool:
        name = self._name(key)
        with as_store_failure("delete"):
            if self._head(name) is None:
                return False
            self._client.delete_object(Bucket=self.place.bucket, Key=name)
        return True

    def delete_prefix(self, prefix: str) -> int:
        name = self._name(prefix.removesuffix("/"))
        deleted = 0
        with as_store_failure("delete"):
            for found in self._listed(name):
                # A listing goes by the beginning of a name; `abc` must not touch `abcd/`.
                if found == name or found.startswith(f"{name}/"):
                    self._client.delete_object(Bucket=self.place.bucket, Key=found)
                    deleted += 1
        return deleted

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        folder = f"{self._name(prefix.removesuffix('/'))}/"
        skip = len(self._name("x")) - 1
        with as_store_failure("read"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.place.bucket, Prefix=folder)
            for page in pages:
                yield from [(found["Key"][skip:], int(found["Size"])) for found in page.get("Contents", [])]

    def sweep_unfinished(self, older_than_s: float = 86_400) -> int:
        """Abort unfinished multipart uploads, and delete cached copies that no one has used for this many seconds."""
        limit = ports.now().timestamp() - older_than_s
        swept = 0
        with as_store_failure("delete"):
            pages = self._client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.place.bucket, Prefix=self.place.prefix):
                for upload in page.get("Uploads", []):
                    if upload["Initiated"].timestamp() < limit:
                        self._client.abort_multipart_upload(
                            Bucket=self.place.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                        )
                        swept += 1
            for path in [p for p in self.cache.rglob("*") if p.is_file()]:
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < limit:
                        path.unlink()
                        swept += 1
            for folder in [p for p in self.cache.glob("*") if p.is_dir()]:
                with contextlib.suppress(OSError):
                    folder.rmdir()  # only when it is empty
        return swept

    # ---- asking -----------------------------------------------------------------------------------------------------

    def get(self, name: str, start: int, etag: str) -> dict[str, Any]:
        """An object from byte `start` on, only while it still has this tag. `name` is within the bucket."""
        more = ({"Range": f"bytes={start}-"} if start else {}) | ({"IfMatch": etag} if etag else {})
        for _ in range(ATTEMPTS):
            answer = self._client.get_object(Bucket=self.place.bucket, Key=name, **more)
            if _has_a_whole_head(answer):
                return cast(dict[str, Any], answer)
            answer["Body"].close()
        raise OSError("the head of the answer was cut")

    def _head(self, name: str) -> dict[str, Any] | None:
        try:
            for _ in range(ATTEMPTS):
                answer = self._client.head_object(Bucket=self.place.bucket, Key=name)
                if _has_a_whole_head(answer):
                    return cast(dict[str, Any], answer)
        except ClientError as error:
            if s3_failures.code(error) in s3_failures.NOT_THERE:
                return None
            raise
        raise OSError("the head of the answer was cut")

    def _sure(self, name: str) -> dict[str, Any] | None:
        """The service's description of an object, once it gives the same one twice in a row. A response truncated
        within its headers can look like a shorter file, or like one without a digest, and a good file must not be
        reported as damaged."""
        said = [self._head(name)]
        for _ in range(ATTEMPTS):
            said.append(self._head(name))
            if _identity(said[-1]) == _identity(said[-2]):
                return said[-1]
        raise OSError("the service did not say the same twice")

    def _listed(self, start: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.place.bucket, Prefix=start)
        for page in pages:
            yield from [found["Key"] for found in page.get("Contents", [])]

    def _name(self, key: str) -> str:
        return f"{self.place.prefix}/{safe_key(key)}" if self.place.prefix else safe_key(key)


def _measure(source: BinaryIO) -> _Facts:
    size, whole, simple, parts = 0, hashlib.sha256(), hashlib.md5(usedforsecurity=False), b""
    while piece := source.read(PART):
        size += len(piece)
        whole.update(piece)
        simple.update(piece)
        parts += hashlib.md5(piece, usedforsecurity=False).digest()
    etag = simple.hexdigest()
    if size > ONE_REQUEST_MAX:
        etag = f"{hashlib.md5(parts, usedforsecurity=False).hexdigest()}-{len(parts) // 16}"
    return _Facts(size, whole.hexdigest(), etag)


def _agrees(head: dict[str, Any], facts: _Facts) -> bool:
    return (int(head["ContentLength"]), _digest(head)) == (facts.bytes, facts.sha256)


def _has_a_whole_head(answer: dict[str, Any]) -> bool:
    """Whether the two essential headers arrived. If a connection is cut within the headers, the HTTP library takes what
    came as all of them."""
    tag = str(answer.get("ETag", ""))
    return "ContentLength" in answer and len(tag) > 2 and tag.endswith('"')


def _identity(head: dict[str, Any] | None) -> tuple[int, str, str] | None:
    return None if head is None else (int(head["ContentLength"]), str(head["ETag"]), _digest(head))


def _digest(head: dict[str, Any]) -> str:
    return str(head.get("Metadata", {}).get("sha256", "")).lower()
