"""Live pages: an event for every move, none without one; forged and old addresses open nothing; nobody learns more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from elistit.chain.models import Attempt
from elistit.projects.models import Item, Project
from elistit.studio import streams


class Reader:
    """One reader of a stream, as a web server would serve it."""

    def __init__(self, watch: streams.Watch, path: str, method: str = "GET") -> None:
        self.sent: list[dict[str, Any]] = []
        self._left = asyncio.Event()
        scope = {"type": "http", "path": path, "method": method}
        self.task = asyncio.ensure_future(streams.serve(scope, self._receive, self._send, watch))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(dict(message))

    @property
    def text(self) -> str:
        return b"".join(m.get("body", b"") for m in self.sent).decode()

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not met():
                await asyncio.sleep(0.005)

    async def leave(self) -> None:
        self._left.set()
        await asyncio.wait_for(self.task, 5)


class Books:
    """What the poller looks at: a number per project."""

    def __init__(self) -> None:
        self.value: dict[str, int] = {}
        self.looks = 0
        self.free = threading.Event()
        self.free.set()

    def __call__(self, ids: Iterable[str]) -> dict[str, int]:
        self.looks += 1
        self.free.wait(5)
        return {pk: self.value.get(pk, 0) for pk in ids}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.01)


def test_each_move_is_one_event_to_every_reader_of_that_project_alone() -> None:
    async def story() -> None:
        books = Books()
        watch = streams.Watch(books)
        one, two = (Reader(watch, streams.address("A")) for _ in range(2))
        other = Reader(watch, streams.address("B"))
        await one.until(lambda: books.looks > 3)
        assert [reader.text.count("event: moved") for reader in (one, two, other)] == [1, 1, 1], "the first event"
        books.value["A"] = 1
        await one.until(lambda: one.text.count("event: moved") == 2 and two.text.count("event: moved") == 2)
        assert other.text.count("event: moved") == 1
        for reader in (one, two, other):
            await reader.leave()
        assert len(watch) == 0
        looks = books.looks
        await asyncio.sleep(0.1)
        assert books.looks <= looks + 1, "nobody watches, nobody looks"

    asyncio.run(story())


def test_no_move_is_lost_between_the_opening_of_a_stream_and_the_first_look() -> None:
    """A page asked for at an event shows what stood then. Before the first event no look had been taken, so what failed in
    the half second between would have been taken for how things had always been, and a refund stayed unseen."""

    async def story() -> None:
        books = Books()
        watch = streams.Watch(books)
        books.free.clear()
        reader = Reader(watch, streams.address("A"))
        await reader.until(lambda: "retry" in reader.text and books.looks > 0)
        assert "event" not in reader.text, "told before anybody had looked: what moves now would not be told"
        books.value["A"] = 1
        books.free.set()
        await reader.until(lambda: "event: moved" in reader.text)
        second = Reader(watch, streams.address("A"))
        await second.until(lambda: "event: moved" in second.text)  # at once: A is being looked at
        books.value["A"] = 2
        await reader.until(lambda: reader.text.count("moved") == 2 and second.text.count("moved") == 2)
        for one in (reader, second):
            await one.leave()

    asyncio.run(story())


def test_what_was_seen_of_a_project_is_forgotten_with_its_last_reader() -> None:
    async def story() -> None:
        watch = streams.Watch(Books())
        for name in "ABC":
            reader = Reader(watch, streams.address(name))
            await reader.until(lambda reader=reader: "moved" in reader.text)  # type: ignore[misc]
            await reader.leave()
        await asyncio.sleep(0.05)
        assert not watch._seen

    asyncio.run(story())


def test_the_end_of_the_server_ends_every_stream() -> None:
    async def story() -> None:
        watch = streams.Watch(Books())
        reader = Reader(watch, streams.address("A"))
        await reader.until(lambda: "retry" in reader.text)
        watch.close()
        await asyncio.wait_for(reader.task, 2)
        late = Reader(watch, streams.address("A"))
        await asyncio.wait_for(late.task, 2)
        assert late.sent[0]["status"] == 503

    asyncio.run(story())


def test_a_database_that_is_away_ends_no_stream() -> None:
    async def story() -> None:
        broken = True

        def look(ids: Iterable[str]) -> dict[str, int]:
            if broken:
                raise ConnectionError
            return dict.fromkeys(ids, seen)

        seen = 0
        watch = streams.Watch(look)
        reader = Reader(watch, streams.address("A"))
        await asyncio.sleep(0.1)
        broken = False
        await reader.until(lambda: reader.text.count("moved") == 1)
        seen = 1
        await reader.until(lambda: reader.text.count("moved") == 2)
        await reader.leave()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        (streams.PREFIX + "x", "GET", 404),
        (streams.PREFIX + signing.dumps("A", salt="another"), "GET", 404),
        (streams.address("A"), "POST", 405),
    ],
    ids=["no token", "another seal", "not by GET"],
)
def test_forged_addresses_open_nothing(path: str, method: str, status: int) -> None:
    async def story() -> None:
        reader = Reader(streams.Watch(Books()), path, method)
        await asyncio.wait_for(reader.task, 2)
        assert reader.sent[0]["status"] == status

    asyncio.run(story())


def test_an_old_address_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    address = streams.address("A")
    assert streams.project_of(address) == "A"
    monkeypatch.setattr(streams, "GOOD_FOR", -1)
    assert streams.project_of(address) is None


def test_too_many_readers_are_sent_back_to_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "AT_ONCE", 1)

    async def story() -> None:
        watch = streams.Watch(Books())
        first = Reader(watch, streams.address("A"))
        await first.until(lambda: "retry" in first.text)
        second = Reader(watch, streams.address("A"))
        await asyncio.wait_for(second.task, 2)
        assert second.sent[0]["status"] == 503
        await first.leave()

    asyncio.run(story())


@pytest.mark.django_db
def test_everything_a_page_shows_changes_the_fingerprint(at_gate: Project) -> None:
    item = Item.objects.filter(job__project=at_gate).first()
    assert item is not None

    def seen() -> object:
        return streams.fingerprints([at_gate.pk])[at_gate.pk]

    values = [seen()]
    assert seen() == values[0]
    for change in (
        lambda: Item.objects.filter(pk=item.pk).update(state="dropped"),
        lambda: Item.objects.filter(pk=item.pk).update(round=7),
        lambda: Item.objects.filter(pk=item.pk).update(processed_at=timezone.now()),
        lambda: Item.objects.filter(pk=item.pk).update(price=99),
        lambda: Attempt.objects.create(job=item.job, stage="process", item=1, worker="w"),
        lambda: Attempt.objects.filter(job=item.job).update(ended_at=timezone.now()),
        lambda: Project.objects.filter(pk=at_gate.pk).update(stage="processing"),
        lambda: Project.objects.filter(pk=at_gate.pk).update(stage_since=timezone.now()),
    ):
        change()
        values.append(seen())
    assert len(set(values)) == len(values)


@pytest.mark.django_db
def test_fingerprints_of_many_cost_as_many_queries_as_of_one(at_gate: Project, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        streams.fingerprints([at_gate.pk, "nobody"])


@pytest.mark.django_db
def test_a_running_page_carries_its_stream_and_a_resting_one_does_not(page: Client, at_gate: Project) -> None:
    assert "data-events" not in page.get(f"/projects/{at_gate.pk}/").content.decode()
    Project.objects.filter(pk=at_gate.pk).update(stage="processing")
    body = page.get(f"/projects/{at_gate.pk}/").content.decode()
    token = body.split('data-events="')[1].split('"')[0]
    assert streams.project_of(token) == at_gate.pk
