"""From the web server's ASGI to Django's WSGI, in threads: one hop to a thread for a page, one per block for a file.

The pages are synchronous and stay so; only the streams of live pages are not. A ready-made bridge was measured first: it
passes every block through two queues, which made downloads twenty times slower, and reads a file to its end for a
reader who has left (docs/decisions/0013-live-pages.md). Here a reader who leaves ends the work at the next block.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

log = logging.getLogger(__name__)

BLOCK = 256 * 1024
"""Bytes of a file in one hop."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class FileBlocks:
    """A file in blocks, for `wsgi.file_wrapper`."""

    def __init__(self, file: Any, _size: int = BLOCK) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while block := self._file.read(BLOCK):
            yield block

    def close(self) -> None:
        if hasattr(self._file, "close"):
            self._file.close()


class Body(io.RawIOBase):
    """The request's body, fetched from the server when the application reads it. OSError when the sender has left."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._receive, self._loop = receive, loop
        self._held, self._more = bytearray(), True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._more and not self._held:
            self._fetch()
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        del self._held[:size]
        return size

    def _fetch(self) -> None:
        message = asyncio.run_coroutine_threadsafe(_as_coroutine(self._receive()), self._loop).result()
        if message["type"] != "http.request":
            raise OSError("The sender of this request has left.")
        self._held += message.get("body", b"")
        self._more = bool(message.get("more_body", False))


async def _as_coroutine(waiting: Awaitable[Message]) -> Message:
    return await waiting


class Bridge:
    """An ASGI application of a WSGI one. `threads` requests are worked on at once."""

    def __init__(self, app: Callable[..., Iterable[bytes]], threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, "pages")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        environ = environment(scope, io.BufferedReader(Body(receive, loop), BLOCK))
        status, headers, whole, rest = await loop.run_in_executor(self._threads, self._start, environ)
        try:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            blocks = iter(rest)
            while rest and (block := await loop.run_in_executor(self._threads, next, blocks, None)) is not None:
                await send({"type": "http.response.body", "body": bytes(block), "more_body": True})
            await send({"type": "http.response.body", "body": whole})
        except Exception as problem:
            # The reader has left, or the file could not be read to its end: either way the connection ends here, short
            # of the length that was promised, which every browser takes for a failed download.
            log.debug("an answer was not sent whole: %s", type(problem).__name__)
            if not _left(problem):
                raise
        finally:
            if hasattr(rest, "close"):
                await loop.run_in_executor(self._threads, rest.close)

    def _start(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes, Any]:
        """Run the application: status, headers and either the whole answer or what is left to be read of it."""
        said: list[Any] = []
        answer = self._app(environ, lambda status, headers, _info=None: said.extend((status, headers)))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said[1]]
        status = int(said[0].split(" ", 1)[0])
        if getattr(answer, "streaming", False) or isinstance(answer, FileBlocks):
            return status, headers, b"", answer
        try:
            return status, headers, b"".join(answer), ()
        finally:
            if hasattr(answer, "close"):
                answer.close()


def _left(problem: Exception) -> bool:
    return isinstance(problem, ConnectionError) or "transport" in str(problem).lower()


def environment(scope: Message, body: Any) -> dict[str, Any]:
    """The WSGI environment of an ASGI request (PEP 3333). Header names with an underscore are left out, because they
    would be taken for the same name with a hyphen, which a proxy may have set."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": bytes(scope["query_string"]).decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBlocks,
    }
    for raw, value in scope["headers"]:
        name, text = bytes(raw).decode("latin-1"), bytes(value).decode("latin-1")
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ
