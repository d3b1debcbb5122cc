"""Reading an object of an S3 service as a stream that survives interrupted connections. It must never return bytes of
another object than the one it started with."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any, Protocol

import urllib3
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from elistit.delivery import s3_failures
from elistit.delivery.contract import StoreFailure

RESUMES = 4
"""How often in a row a download may be interrupted without progress before it fails."""

NETWORK = (BotoCoreError, urllib3.exceptions.HTTPError, OSError)


class Source(Protocol):
    """Where an object is read from: its content from a byte on, only while it still has this tag."""

    def get(self, name: str, start: int, etag: str) -> dict[str, Any]: ...


class Reading(io.RawIOBase):
    """An object as a stream, requested again from the byte where a connection was interrupted."""

    def __init__(self, store: Source, name: str) -> None:
        self._store, self._name, self._at, self._broken = store, name, 0, 0
        self._size, self._etag, self._moved = 0, "", False
        self._ask()

    def _ask(self) -> None:
        answer = self._store.get(self._name, self._at, self._etag)
        part = str(answer.get("ContentRange", ""))
        if self._at and not part.startswith(f"bytes {self._at}-"):
            answer["Body"].close()
            raise OSError("asked for the rest of an object, the service began at another byte")
        # After an interruption the range states the whole size; the first response's length may have been truncated.
        total = part.rpartition("/")[2]
        self._size = int(total) if total.isdigit() else int(answer["ContentLength"])
        self._etag, self._body = str(answer["ETag"]), answer["Body"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte. If it isn't the current one, the next read requests the object again from there."""
        before = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        at = max(0, before + offset)
        if at != self._at:
            self._body.close()
            self._at, self._moved = at, True
        return at

    def readinto(self, buffer: Any) -> int:
        if self._moved and self._at < self._size:
            with as_store_failure("read"):
                self._ask()
        self._moved = False
        while self._at < self._size:
            with as_store_failure("read"):
                got = self._some(len(buffer))
            if got:
                buffer[: len(got)] = got
                self._at += len(got)
                self._broken = 0
                return len(got)
        return 0

    def _some(self, most: int) -> bytes:
        """Some bytes, or none when the connection broke and was made again. Raises what the network does at the last."""
        broke: Exception
        try:
            if got := self._body.read(most):
                return bytes(got)
            broke = OSError("the body ended early")
        except NETWORK as error:
            broke = error
        self._broken += 1
        if self._broken > RESUMES:
            raise broke
        self._body.close()
        self._ask()
        return b""

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()


@contextlib.contextmanager
def as_store_failure(doing: str) -> Iterator[None]:
    """Turn errors of the service or the network into a StoreFailure."""
    try:
        yield
    except ClientError as error:
        raise StoreFailure(s3_failures.refused(error, doing)) from None
    except ParamValidationError:
        raise  # a mistake in the program
    except NETWORK as error:
        raise StoreFailure(s3_failures.broken(error, doing)) from None
