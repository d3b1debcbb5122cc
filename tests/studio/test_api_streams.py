"""Events for programs: the first from Django, the later ones from the poller, and nothing that Django refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from elistit.studio import api_streams, streams

PROJECT = "01KAPG7R3ZJ4X9M2V5T8W6Q1YB"


class Program:
    """A reader of one stream, with a Django that answers as told and a table that moves as told."""

    def __init__(self, status: int = 200) -> None:
        self.sent: list[dict[str, Any]] = []
        self.headers: list[tuple[bytes, bytes]] = []
        self.status, self.value, self.state = status, 0, "queued"
        self._left = asyncio.Event()
        self.watch = streams.Watch(self._look)
        scope = {
            "type": "http", "path": f"/api/v1/projects/{PROJECT}/events", "method": "GET",
            "headers": [(b"accept-encoding", b"gzip"), (b"authorization", b"Bearer x")],
        }  # fmt: skip
        self.task = asyncio.ensure_future(
            api_streams.serve(scope, self._receive, self._send, self.watch, self._pages, self._tell)
        )

    def _look(self, ids: Iterable[str]) -> dict[str, int]:
        return dict.fromkeys(ids, self.value)

    def _tell(self, project_id: str) -> bytes:
        return f"event: project\ndata: {json.dumps({'public_id': project_id, 'stage': self.state})}\n\n".encode()

    async def _pages(self, scope: Any, receive: Any, send: Any) -> None:
        self.headers = scope["headers"]
        headers = [(b"content-type", b"text/event-stream"), (b"content-length", b"9")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n" + self._tell(PROJECT)})

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(dict(message))

    def stages(self) -> list[str]:
        text = b"".join(m.get("body", b"") for m in self.sent).decode()
        return [json.loads(line[6:])["stage"] for line in text.splitlines() if line.startswith("data: ")]

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not met():
                await asyncio.sleep(0.005)

    async def leave(self) -> None:
        self._left.set()
        await asyncio.wait_for(self.task, 5)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(api_streams, "LOOK_EVERY", 0.01)


def test_every_state_is_told_once() -> None:
    async def run() -> None:
        program = Program()
        await program.until(lambda: program.stages() == ["queued"])
        assert program.headers == [(b"authorization", b"Bearer x")]
        assert b"content-length" not in dict(program.sent[0]["headers"])
        for stage in ("briefing", "generating"):
            program.state, program.value = stage, program.value + 1
            await program.until(lambda stage=stage: program.stages()[-1] == stage)  # type: ignore[misc]
        # A move that the event does not show is not told.
        program.value += 1
        await asyncio.sleep(0.1)
        assert program.stages() == ["queued", "briefing", "generating"]
        await program.leave()
        assert len(program.watch) == 0

    asyncio.run(run())


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_what_django_refused_is_passed_on_and_not_followed(status: int) -> None:
    async def run() -> None:
        program = Program(status)
        await asyncio.wait_for(program.task, 5)
        assert program.sent[0]["status"] == status and (b"content-length", b"9") in program.sent[0]["headers"]
        assert not program.sent[-1].get("more_body") and len(program.watch) == 0

    asyncio.run(run())


def test_a_stopping_server_ends_the_stream() -> None:
    async def run() -> None:
        program = Program()
        await program.until(lambda: program.stages() == ["queued"])
        program.watch.close()
        await asyncio.wait_for(program.task, 5)
        assert program.sent[-1] == {"type": "http.response.body", "body": b""}

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "follows"),
    [
        ("GET", f"/api/v1/projects/{PROJECT}/events", True), ("HEAD", f"/api/v1/projects/{PROJECT}/events", False),
        ("GET", f"/api/v1/projects/{PROJECT}/events/", False), ("GET", f"/api/v1/projects/{PROJECT}/event", False),
        ("GET", "/api/v1/projects/x/events", False), ("POST", f"/api/v1/projects/{PROJECT}/events", False),
    ],
)  # fmt: skip
def test_only_this_address_is_followed(method: str, path: str, follows: bool) -> None:
    assert (api_streams.project_of({"method": method, "path": path}) is not None) is follows
