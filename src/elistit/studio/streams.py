"""Live pages: one server-sent event each time something about a project moved, and one at the beginning.

What moves after the first event comes with another; what moved before it is on the page that is asked for at that event.

An event says only *that* something moved, never what: the page then asks for its living part in the ordinary way, with
its sign-in. So a stream needs no session and holds no thread and no database connection; its address carries a signed
token made when the page was shown. One poller per process looks at the projects that are watched, at most twice a
second, and not at all when no one watches. Pages that get no stream poll every two seconds.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.core import signing
from django.db import close_old_connections
from django.db.models import Count, Max, Q, Sum

from elistit.chain.models import Attempt, Worker
from elistit.projects.models import Item, Project
from elistit.projects.states import ItemState

log = logging.getLogger(__name__)

PREFIX = "/events/"
SALT = "elistit live page"
GOOD_FOR = 12 * 3600
"""Seconds a token opens streams for. A page left open longer polls, and gets a new token with what it polls."""
LOOK_EVERY = 0.5
REST = 15.0
"""Seconds of silence after which a comment is sent, so that proxies keep the stream and a dead one is noticed."""
AT_ONCE = 2000

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def address(project_id: str) -> str:
    """Where a page about a project listens. Make it only for someone who may see the project."""
    return PREFIX + signing.dumps(project_id, salt=SALT)


def project_of(path: str) -> str | None:
    """The project a stream's address is for; None when the token is forged or too old."""
    try:
        found = signing.loads(path.removeprefix(PREFIX).strip("/"), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None


def fingerprints(project_ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """For each project a value that changes whenever its page would. Three queries, whatever the number."""
    ids = list(project_ids)
    found: dict[str, list[Any]] = {
        row[0]: list(row[1:])
        for row in Project.objects.filter(pk__in=ids).values_list("pk", "stage", "stage_since", "deleted_at")
    }
    states = {s.value: Count("pk", filter=Q(state=s)) for s in ItemState}
    items = Item.objects.filter(job__project__in=ids).values("job__project").order_by("job__project")
    for row in items.annotate(
        done=Count("processed_at"), round_sum=Sum("round"), prices=Sum("price"),
        **{f"n_{k}": v for k, v in states.items()},
    ):  # fmt: skip
        found[row["job__project"]] += sorted(row.items())
    attempts = Attempt.objects.filter(job__project__in=ids).values("job__project").order_by("job__project")
    for count in attempts.annotate(last=Max("pk"), ended=Count("ended_at"), starts_=Sum("starts")):
        found[count["job__project"]] += sorted(count.items())
    newest = Worker.objects.filter(draining=False).aggregate(n=Count("pk"))["n"]
    return {pk: (*value, newest) for pk, value in found.items()}


class Watch:
    """Who watches what, and the one poller that looks for them. Lives in one event loop."""

    def __init__(self, look: Callable[[Iterable[str]], dict[str, Any]] | None = None) -> None:
        self._look = look or _look
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._seen: dict[str, Any] = {}
        self._task: asyncio.Task[None] | None = None
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "streams")
        self.closing = False

    def __len__(self) -> int:
        return sum(map(len, self._watchers.values()))

    def enter(self, project_id: str) -> asyncio.Event:
        """What is set when the project moved, and for the first time as soon as moves from then on are noticed."""
        moved = asyncio.Event()
        self._watchers[project_id].add(moved)
        if project_id in self._seen:
            moved.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._poll())
        return moved

    def leave(self, project_id: str, moved: asyncio.Event) -> None:
        self._watchers[project_id].discard(moved)
        if not self._watchers[project_id]:
            del self._watchers[project_id]
            self._seen.pop(project_id, None)

    def close(self) -> None:
        """End every stream. New ones end at once."""
        self.closing = True
        for watching in self._watchers.values():
            for moved in watching:
                moved.set()

    async def _poll(self) -> None:
        loop = asyncio.get_running_loop()
        while self._watchers and not self.closing:
            try:
                now = await loop.run_in_executor(self._thread, self._look, list(self._watchers))
            except Exception as problem:
                log.warning("live pages could not look: %s", type(problem).__name__)
                now = {}
            for project_id, value in now.items():
                watching = self._watchers.get(project_id)  # all may have left while we looked
                if not watching or (project_id in self._seen and self._seen[project_id] == value):
                    continue
                self._seen[project_id] = value
                for moved in watching:
                    moved.set()
            await asyncio.sleep(LOOK_EVERY)


def _look(project_ids: Iterable[str]) -> dict[str, Any]:
    close_old_connections()
    try:
        return fingerprints(project_ids)
    finally:
        close_old_connections()


async def serve(scope: Message, receive: Receive, send: Send, watch: Watch) -> None:
    """Answer one stream until its reader goes, the server stops, or an hour has passed."""
    project_id = project_of(scope["path"])
    if scope["method"] != "GET" or project_id is None or watch.closing or len(watch) >= AT_ONCE:
        status = 405 if scope["method"] != "GET" else 404 if project_id is None else 503
        await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": b""})
        return
    moved = watch.enter(project_id)
    disconnected = asyncio.ensure_future(until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        for _ in range(int(3600 / LOOK_EVERY)):
            waiting = asyncio.ensure_future(moved.wait())
            done, _pending = await asyncio.wait(
                {waiting, disconnected}, timeout=REST, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
            if disconnected in done or watch.closing:
                break
            chunk = b"event: moved\ndata:\n\n" if moved.is_set() else b":\n\n"
            moved.clear()
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except Exception as problem:  # The reader disconnected in the middle of a line; there is no one to notify.
        log.debug("a stream ended: %s", type(problem).__name__)
    finally:
        disconnected.cancel()
        watch.leave(project_id, moved)


async def until_gone(receive: Receive) -> None:
    """Return when the reader has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
