"""An act that a fault interrupts is answered from the books (rules §7): done, not done, or not known, and never a guess.

On PostgreSQL a proxy of the test's own stands between: it delivers the COMMIT and swallows its answer, or holds it back. On
SQLite the fault comes after the commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.db.utils import load_backend
from django.test import Client

from elistit.accounts.models import ApiKey
from elistit.actions import commands
from elistit.credits.models import CreditTransaction
from elistit.ports import FixedClock
from elistit.projects import interrupted
from elistit.projects.models import Project
from elistit.projects.request_models import AcceptedRequest
from tests.conformance.conftest import PRICE, World, clock, world

__all__ = ["clock", "world"]
pytestmark = pytest.mark.django_db(transaction=True)
CHARGED = (b"Project launched", b"Remake of item")
"""What the ledger's row of a charge says: sent as a value, also where the statement itself is known already."""
ORDER = {"product": "clipart", "idea": "woodland animals", "count": 15}


class Proxy:
    """Forwards to the database. Armed, it delivers the COMMIT of a connection that charged and lets the client hear nothing
    of it; `held`: the COMMIT never leaves and the session stays open; `shut`: new connections are refused."""

    def __init__(self, host: str, port: int) -> None:
        self.target, self.port = (host, port), 0
        self.armed = self.held = self.shut = False
        self.cut = 0
        self.kept: list[asyncio.StreamWriter] = []
        self.opened: list[asyncio.StreamWriter] = []
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def serve() -> None:
            server = await asyncio.start_server(self._client, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()

        threading.Thread(target=self._run, args=(serve,), daemon=True).start()
        assert ready.wait(60)

    def _run(self, serve: Any) -> None:
        self.loop.run_until_complete(serve())
        self.loop.run_forever()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self.target
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.shut:
            writer.transport.abort()
            return
        theirs, ours = await self._open()
        self.opened.append(ours)
        state = {"charged": False, "deaf": False}

        async def down() -> None:
            while data := await theirs.read(65536):
                if not state["deaf"]:
                    writer.write(data)

        task = asyncio.ensure_future(down())
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                state["charged"] |= self.armed and any(reason in data for reason in CHARGED)
                if state["charged"] and b"COMMIT" in data.upper():
                    await self._cut(data, ours, writer, state)
                    return
                ours.write(data)
        ours.close()
        task.cancel()

    async def _cut(self, data: bytes, ours: Any, writer: Any, state: dict[str, bool]) -> None:
        self.armed, self.cut, state["deaf"] = False, self.cut + 1, True
        if self.held:
            self.kept.append(ours)
        else:
            ours.write(data)
            await ours.drain()
            await asyncio.sleep(0.3)
            ours.transport.abort()
        writer.transport.abort()

    def let_go(self) -> None:
        """End the sessions that were held back: the database takes back what they had not committed."""
        for ours in self.kept:
            self.loop.call_soon_threadsafe(ours.transport.abort)

    def close(self) -> None:
        for ours in self.opened:
            self.loop.call_soon_threadsafe(ours.transport.abort)
        self.loop.call_soon_threadsafe(self.loop.stop)


class Fault:
    """How a commit's answer is lost on this database."""

    def __init__(self, proxy: Proxy | None, patch: pytest.MonkeyPatch) -> None:
        self.proxy, self.patch = proxy, patch

    def after_commit(self) -> None:
        """The next charge is committed, and the answer is lost."""
        if self.proxy is not None:
            self.proxy.armed = True
            return
        real, done = connection._commit, []

        def commit() -> None:
            charged = AcceptedRequest.objects.exists() and not done
            real()
            if charged:
                done.append(1)
                raise OperationalError("the answer was lost")

        self.patch.setattr(connection, "_commit", commit)

    def nothing_can_be_asked(self) -> None:
        def away(*_: object) -> None:
            raise OperationalError("the database is away")

        self.patch.setattr(interrupted, "_recorded", away)
        self.patch.setattr(interrupted, "_free", away)


UNKNOWN = 503 if connection.vendor == "postgresql" else 500
"""What is answered while nothing can be asked: on PostgreSQL the lost connection is an outage of the database."""


@pytest.fixture
def fault(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fault]:
    """The whole test talks to the database through the proxy, where it is a server."""
    if connection.vendor != "postgresql":
        yield Fault(None, monkeypatch)
        return
    before = connections["default"]
    before.ensure_connection()
    proxy = Proxy(before.connection.info.host, before.connection.info.port)
    options = {k: v for k, v in before.settings_dict["OPTIONS"].items() if k not in ("pool", "host", "port")}
    through = {**before.settings_dict, "HOST": "127.0.0.1", "PORT": str(proxy.port), "OPTIONS": options}
    connections["default"] = load_backend(through["ENGINE"]).DatabaseWrapper(through, "default")
    connections["default"].inc_thread_sharing()
    try:
        yield Fault(proxy, monkeypatch)
    finally:
        connections["default"].close()
        connections["default"] = before
        proxy.close()


def send(world: World, key: str | None = "A") -> Any:
    token = ApiKey.issue(world.user, "test")
    client = Client(raise_request_exception=False)
    headers = {"authorization": f"Bearer {token}", **({"idempotency-key": key} if key else {})}
    return client.post("/api/v1/projects", ORDER, content_type="application/json", headers=headers)


def charges() -> list[int]:
    return list(CreditTransaction.objects.filter(type="SPEND_CREDIT").values_list("amount", flat=True))


@pytest.mark.parametrize("key", ["A", None])
def test_a_launch_whose_commit_went_unheard_is_answered_as_the_launch_it_is(
    world: World, fault: Fault, key: str | None
) -> None:
    fault.after_commit()
    answer = send(world, key)
    assert fault.proxy is None or fault.proxy.cut == 1
    assert answer.status_code == 201, answer.content
    assert answer.json()["public_id"] == Project.objects.get().pk
    assert charges() == [-PRICE]
    if key:
        assert send(world, key).json()["public_id"] == answer.json()["public_id"]
        assert charges() == [-PRICE]


def test_a_launch_that_is_in_the_books_and_cannot_be_shown_says_what_it_was_charged(
    world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elistit.api.routes.projects.show", lambda project: 1 // 0)
    answer = send(world)
    assert answer.status_code == 500 and charges() == [-PRICE]
    assert answer.json()["detail"] == (
        f"This is our fault. The request was accepted and {PRICE} credits were charged for project "
        f"{Project.objects.get().pk}. Retry with the same Idempotency-Key to see it: you can't be charged twice."
    )


def test_a_launch_that_broke_before_its_commit_says_that_nothing_was_charged(
    world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("elistit.projects.launch.Listing.objects.create", lambda **_: 1 // 0)
        answer = send(world)
    assert answer.status_code == 500
    assert answer.json()["detail"] == "This is our fault. You weren't charged for this request."
    assert charges() == []
    assert send(world).status_code == 201
    assert charges() == [-PRICE]


@pytest.mark.parametrize("key", ["A", None])
def test_a_launch_of_which_nothing_can_be_said_says_so_and_how_to_ask_again(
    world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    with monkeypatch.context() as lost:
        fault.patch = lost
        fault.after_commit()
        fault.nothing_can_be_asked()
        answer = send(world, key)
    assert answer.status_code == UNKNOWN
    words = answer.json()["detail"]
    begin, end = "We don't know yet whether this went through. Retry with ", ": you can't be charged twice."
    assert words.startswith(begin) and words.endswith(end)
    assert charges() == [-PRICE]
    how = words.removeprefix(begin).removesuffix(end)
    assert how == "the same Idempotency-Key" if key else how.startswith("“Idempotency-Key: ")
    again = send(world, key or how.removeprefix("“Idempotency-Key: ").removesuffix("”"))
    assert again.json()["public_id"] == Project.objects.get().pk
    assert charges() == [-PRICE]


def test_a_fault_that_is_no_act_that_costs_says_nothing_about_credits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = world.to_gate()
    monkeypatch.setattr("elistit.api.routes.projects.show", lambda project: 1 // 0)
    token = ApiKey.issue(world.user, "test")
    client = Client(raise_request_exception=False)
    answer = client.get(f"/api/v1/projects/{project.pk}", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 500 and "charged" not in answer.json()["detail"]


def test_a_commit_that_never_ended_is_not_called_nothing(world: World, fault: Fault) -> None:
    """The session that charged still stands and may commit yet: whoever looks waits for it, and says so when it does not end."""
    if fault.proxy is None:
        pytest.skip("there is no session apart from the process on SQLite")
    fault.proxy.armed = fault.proxy.held = True
    with pytest.raises(interrupted.Interrupted) as raised:
        world.launch(key="A")
    assert raised.value.outcome == interrupted.Outcome.UNKNOWN
    fault.proxy.let_go()
    fault.proxy.held = False
    for _ in range(100):
        with contextlib.suppress(interrupted.NotKnown):
            assert interrupted.look_up(world.user.pk, "A") is None
            break
    else:
        pytest.fail("the session was never ended")
    connection.close()
    assert world.launch(key="A").pk == Project.objects.get().pk
    assert charges() == [-PRICE]


def test_a_database_that_is_gone_is_not_known(world: World, fault: Fault) -> None:
    if fault.proxy is None:
        pytest.skip("SQLite is a file")
    fault.proxy.armed = fault.proxy.shut = True
    with pytest.raises(interrupted.Interrupted) as raised:
        world.launch(key="A")
    assert raised.value.outcome == interrupted.Outcome.UNKNOWN
    assert "We don't know yet" in str(raised.value)
    fault.proxy.shut = False
    connection.close()
    assert world.launch(key="A").pk == Project.objects.get().pk
    assert charges() == [-PRICE]


def test_a_remake_whose_commit_went_unheard_is_the_remake_it_is(world: World, fault: Fault) -> None:
    project = world.to_gate()
    fault.after_commit()
    assert commands.remake(world.user, project.pk, 6, idempotency_key="R").pk == project.pk
    assert charges() == [-PRICE, -1]
    world.engine.run()
    commands.remake(world.user, project.pk, 6, idempotency_key="R")
    assert charges() == [-PRICE, -1]


def test_a_page_of_which_nothing_is_known_carries_the_same_request(
    world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    page = Client(raise_request_exception=False)
    page.force_login(world.user)
    form = page.get("/new/")
    fields = {
        "act": "launch", "product": "clipart", "idea": "woodland animals", "count": "15", "ratio": "1:1",
        "model": "builtin/watercolor", "key": form.context["key"], "seen": str(PRICE),
    }  # fmt: skip
    with monkeypatch.context() as lost:
        fault.patch = lost
        fault.after_commit()
        fault.nothing_can_be_asked()
        answer = page.post("/new/", fields)
    assert answer.status_code == UNKNOWN
    told = answer.content.decode()
    assert (
        "We don&#x27;t know yet whether this went through. Press the button: you can&#x27;t be charged twice." in told
    )
    assert f'name="key" value="{fields["key"]}"' in told and 'name="idea" value="woodland animals"' in told
    assert charges() == [-PRICE]
    again = page.post("/new/", fields)
    assert again.url == f"/projects/{Project.objects.get().pk}/"
    assert charges() == [-PRICE]
