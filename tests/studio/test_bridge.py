"""The bridge from the web server to Django: whole answers, files in blocks, bodies, readers who leave, headers."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from elistit.bridge import BLOCK, Bridge, FileBlocks, environment

Start = Callable[..., Any]


def scope(**more: Any) -> dict[str, Any]:
    return {
        "type": "http", "method": "GET", "path": "/x/é", "query_string": b"a=1", "http_version": "1.1",
        "headers": [], "server": ("127.0.0.1", 8000), "client": ("10.0.0.9", 4), "scheme": "http", **more,
    }  # fmt: skip


async def ask(
    app: Callable[..., Iterable[bytes]], given: dict[str, Any], messages: list[dict[str, Any]], leave_after: int = 10**9
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    queue = list(messages)

    async def receive() -> dict[str, Any]:
        return queue.pop(0) if queue else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if len(sent) >= leave_after:
            raise ConnectionResetError
        sent.append(dict(message))

    await Bridge(app, threads=2)(given, receive, send)
    return sent


def test_a_page_is_one_answer() -> None:
    closed = threading.Event()

    class Page(list[bytes]):
        def close(self) -> None:
            closed.set()

    def app(environ: dict[str, Any], start: Start) -> Page:
        assert environ["PATH_INFO"] == "/x/é".encode().decode("latin-1") and environ["QUERY_STRING"] == "a=1"
        assert environ["REMOTE_ADDR"] == "10.0.0.9" and environ["SERVER_PORT"] == "8000"
        start("200 OK", [("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return Page([b"one ", b"two"])

    sent = asyncio.run(ask(app, scope(), []))
    assert sent[0]["status"] == 200 and sent[0]["headers"].count((b"set-cookie", b"b=2")) == 1
    assert [m["body"] for m in sent[1:]] == [b"one two"] and closed.is_set()


def test_a_body_is_read_as_it_comes_and_only_when_asked_for() -> None:
    seen: list[bytes] = []

    def reading(environ: dict[str, Any], start: Start) -> list[bytes]:
        seen.append(environ["wsgi.input"].read(5))
        seen.append(environ["wsgi.input"].read())
        start("204 No Content", [])
        return []

    parts = [
        {"type": "http.request", "body": b"abc", "more_body": True},
        {"type": "http.request", "body": b"", "more_body": True},
        {"type": "http.request", "body": b"defg", "more_body": False},
    ]
    asyncio.run(ask(reading, scope(method="POST"), parts))
    assert seen == [b"abcde", b"fg"]

    def not_reading(environ: dict[str, Any], start: Start) -> list[bytes]:
        start("413 Too Large", [])
        return [b"no"]

    assert asyncio.run(ask(not_reading, scope(method="POST"), []))[1]["body"] == b"no"


def test_a_sender_who_leaves_in_the_middle_is_an_error_to_the_application() -> None:
    def app(environ: dict[str, Any], start: Start) -> list[bytes]:
        with pytest.raises(OSError, match="left"):
            environ["wsgi.input"].read()
        start("400 Bad Request", [])
        return []

    asyncio.run(ask(app, scope(method="POST"), [{"type": "http.request", "body": b"abc", "more_body": True}]))


def file_of(size: int) -> tuple[Callable[..., Any], io.BytesIO]:
    file = io.BytesIO(b"x" * size)

    def app(environ: dict[str, Any], start: Start) -> Any:
        start("200 OK", [("Content-Length", str(size))])
        return environ["wsgi.file_wrapper"](file, 4096)

    return app, file


def test_a_file_goes_in_blocks_and_is_closed() -> None:
    app, file = file_of(3 * BLOCK + 1)
    sent = asyncio.run(ask(app, scope(), []))
    assert [len(m["body"]) for m in sent[1:]] == [BLOCK, BLOCK, BLOCK, 1, 0] and file.closed


def test_a_reader_who_leaves_ends_the_work_at_the_next_block() -> None:
    app, file = file_of(50 * BLOCK)
    sent = asyncio.run(ask(app, scope(), [], leave_after=3))
    assert len(sent) == 3 and file.closed


def test_a_file_that_breaks_in_the_middle_ends_the_connection_short() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= BLOCK:
                raise OSError("disk")
            return super().read(size)

    def app(environ: dict[str, Any], start: Start) -> Any:
        start("200 OK", [("Content-Length", str(2 * BLOCK))])
        return FileBlocks(Broken(b"x" * 2 * BLOCK))

    with pytest.raises(OSError, match="disk"):
        asyncio.run(ask(app, scope(), []))


def test_headers_cannot_pretend_to_be_others() -> None:
    headers = [
        (b"x-forwarded-for", b"1.1.1.1"), (b"x_forwarded_for", b"6.6.6.6"), (b"content-type", b"text/plain"),
        (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"),
    ]  # fmt: skip
    made = environment(scope(headers=headers), io.BytesIO())
    assert made["HTTP_X_FORWARDED_FOR"] == "1.1.1.1" and made["CONTENT_TYPE"] == "text/plain"
    assert made["HTTP_COOKIE"] == "a=1; b=2" and made["HTTP_ACCEPT"] == "x,y"
