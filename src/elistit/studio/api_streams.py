"""Streams of project events for programs: `GET /api/v1/projects/{public_id}/events`, kept open beside Django.

Django answers such a request as any other one, with the key, its allowance and the first event; only then is the stream
kept open here, without a thread and without a database connection, by the same poller as the live pages. It must never let
anything through that Django has refused.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import close_old_connections

from elistit.actions import following
from elistit.studio import streams
from elistit.studio.streams import AT_ONCE, LOOK_EVERY, REST, Message, Receive, Send, Watch

log = logging.getLogger(__name__)

_PATH = re.compile(r"/api/v1/projects/([0-9A-HJKMNP-TV-Z]{26})/events")
LAST = 3600.0
"""Seconds after which a stream ends and its reader asks again, with the key."""


def project_of(scope: Message) -> str | None:
    """The project whose events a request asks for; None for any other request."""
    found = _PATH.fullmatch(scope["path"]) if scope["method"] == "GET" else None
    return found[1] if found else None


async def serve(
    scope: Message, receive: Receive, send: Send, watch: Watch, pages: Callable[..., Awaitable[None]],
    tell: Callable[[str], bytes] | None = None,
) -> None:  # fmt: skip
    """Answer one stream: what `pages` (Django) answers, and when that is a stream, every later move, until the reader goes,
    the server stops, or an hour has passed."""
    project_id = project_of(scope)
    assert project_id is not None
    answered: list[Message] = []

    async def collect(message: Message) -> None:
        answered.append(message)

    # A compressed event could not be continued.
    plain = [(name, value) for name, value in scope["headers"] if bytes(name).lower() != b"accept-encoding"]
    moved = watch.enter(project_id)
    disconnected: asyncio.Future[None] | None = None
    try:
        await pages({**scope, "headers": plain}, receive, collect)
        start = answered[0]
        if start["status"] != 200 or watch.closing or len(watch) > AT_ONCE:
            for message in answered:
                await send(message)
            return
        first = b"".join(message.get("body", b"") for message in answered[1:])
        kept = [(name, value) for name, value in start["headers"] if name not in (b"content-length", b"etag")]
        await send({**start, "headers": [*kept, (b"x-accel-buffering", b"no")]})
        await send({"type": "http.response.body", "body": first, "more_body": True})
        disconnected = asyncio.ensure_future(streams.until_gone(receive))
        await _follow(project_id, first, moved, disconnected, send, watch, tell or _event)
        await send({"type": "http.response.body", "body": b""})
    except Exception as problem:  # The reader disconnected in the middle of a line; there is no one to notify.
        log.debug("a stream of events ended: %s", type(problem).__name__)
    finally:
        if disconnected is not None:
            disconnected.cancel()
        watch.leave(project_id, moved)


async def _follow(
    project_id: str, last: bytes, moved: asyncio.Event, disconnected: asyncio.Future[None], send: Send, watch: Watch,
    tell: Callable[[str], bytes],
) -> None:  # fmt: skip
    loop = asyncio.get_running_loop()
    until = loop.time() + LAST
    while loop.time() < until:
        waiting = asyncio.ensure_future(moved.wait())
        either: set[asyncio.Future[Any]] = {waiting, disconnected}
        done, _pending = await asyncio.wait(either, timeout=REST, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if disconnected in done or watch.closing:
            return
        chunk = b":\n\n"
        if moved.is_set():
            moved.clear()
            chunk = await loop.run_in_executor(None, tell, project_id)
            if last.endswith(chunk):
                # Something moved that the event does not show, such as the end of an attempt.
                await asyncio.sleep(LOOK_EVERY)
                continue
            last = chunk
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


def _event(project_id: str) -> bytes:
    close_old_connections()
    try:
        return following.event(project_id)
    finally:
        close_old_connections()
