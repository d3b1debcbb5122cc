"""A worker frozen between any two statements of a purchase, while another takes it over: one purchase, whoever is first.

Two threads on two connections of the database these tests run on. The frozen one stands right before a statement of its own
(or before a commit), the other does the whole purchase meanwhile, and then the first goes on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers import http
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.chat.client import Chat, Question
from elistit.purchases import calls, send_permit
from elistit.stages import asking
from tests.conformance.conftest import World, clock, world

__all__ = ["clock", "world"]
pytestmark = pytest.mark.django_db(transaction=True)
QUICK = http.Timeouts(connect=2, read=5, write=2, whole=6)


class Shop:
    """The other side: sells what arrives with a permit, and knows what it has sold."""

    name, can_redraw = "builtin", False

    def __init__(self) -> None:
        self.sold: list[str] = []

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        self.sold.append(request.key)
        sent(f"theirs-{len(self.sold)}")
        return Made({"art": {"sale": len(self.sold)}}, cost_micros=1000)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return Made({"art": {"sale": len(self.sold)}}, cost_micros=1000) if self.sold else None

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("not here")


class OneWay(Shop):
    """A shop that cannot be asked afterwards."""

    can_be_asked = False

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return Failure(Kind.UNKNOWN, "It cannot say.")


class Frozen:
    """Stops a thread right before its n-th statement until it is thawed."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, 0
        self.reached, self.thaw = threading.Event(), threading.Event()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        # Inside a transaction it holds the write lock of the database or the job's row: the other waits for it there.
        if self.seen == self.at and not connection.in_atomic_block:
            self.reached.set()
            assert self.thaw.wait(60)
        return execute(sql, params, many, context)


@pytest.fixture
def job(world: World) -> Job:
    return world.job(world.launch())


@pytest.fixture(autouse=True)
def quick_permits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_permit, "PERMIT_SECONDS", 0.3)


def buy(shop: Any, job: Job, number: int = 1, item: int = 1) -> Outcome:
    this = AttemptKey(job.pk, "generating", item, 0, number, 0)
    request = ImageRequest(calls.call_key(this), "builtin/x", "p", "", 1, 1, 1, True, Path("/nowhere"))
    return calls.buy_once(shop, request, this, job, lambda *a, **k: None, lambda made: made)


@contextlib.contextmanager
def in_a_thread(act: Callable[[], Any], freeze: Frozen | None = None) -> Iterator[list[Any]]:
    """Do something in a worker's thread with a connection of its own; its answer is there after the block."""
    answers: list[Any] = []

    def work() -> None:
        try:
            with connection.execute_wrapper(freeze) if freeze else contextlib.nullcontext():
                answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            if freeze:
                freeze.reached.set()
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield answers
    finally:
        if freeze:
            freeze.thaw.set()
        thread.join(60)
        assert not thread.is_alive()


def statements(act: Callable[[], Any]) -> int:
    """How many statements an act takes."""
    count = Frozen(0)
    with connection.execute_wrapper(count):
        act()
    return count.seen


@pytest.mark.parametrize("kind", [Shop, OneWay])
def test_frozen_before_any_statement_of_a_purchase_buys_nothing_after_another(job: Job, kind: type[Shop]) -> None:
    points = statements(lambda: buy(kind(), job, item=99))
    assert points > 6
    for point in range(1, points + 1):
        shop, frozen = kind(), Frozen(point)
        with in_a_thread(lambda shop=shop, item=point: buy(shop, job, item=item), frozen) as first:
            assert frozen.reached.wait(60)
            other = buy(shop, job, item=point)
        assert len(shop.sold) == 1, (point, shop.sold)
        call = ProviderCall.objects.get(job=job, item=point)
        assert (call.state, call.outcome) == ("answered", "made"), (point, other, first)
        assert all(isinstance(o, Made | Failure) for o in (other, *first)), (point, other, first)
        assert isinstance(other, Made) or isinstance(first[0], Made), (point, other, first)
        again = buy(shop, job, 2, item=point)
        assert isinstance(again, Made) and len(shop.sold) == 1, "and the answer that is known is used"


def test_frozen_between_its_last_look_at_the_clock_and_its_first_byte_sends_nothing_once_its_moment_is_over(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The permit is confirmed by the database, and the process freezes before it reads the answer."""
    shop, real = Shop(), send_permit.SendPermit._confirm
    thaw, reached = threading.Event(), threading.Event()
    freezes = [True]

    def confirm(self: send_permit.SendPermit) -> float | None:
        took = real(self)
        if freezes and freezes.pop():
            reached.set()
            assert thaw.wait(60)
            return 99.0 if took is not None else None  # what its own clock tells it when it wakes up
        return took

    monkeypatch.setattr(send_permit.SendPermit, "_confirm", confirm)
    with in_a_thread(lambda: buy(shop, job)) as first:
        assert reached.wait(60)
        assert isinstance(buy(shop, job), Made)
        thaw.set()
    assert len(shop.sold) == 1 and isinstance(first[0], Made)


def test_a_worker_whose_attempt_another_has_ended_sends_nothing(job: Job) -> None:
    from elistit import ports

    Attempt.objects.create(job=job, stage="generating", item=1, number=1, outcome="transient", ended_at=ports.now())
    shop = Shop()
    outcome = buy(shop, job)
    assert isinstance(outcome, Failure) and not shop.sold and not ProviderCall.objects.exists()


def test_what_was_claimed_and_never_sent_is_known_not_to_have_been_sent(job: Job, monkeypatch: Any) -> None:
    """A worker died between the two: nobody has to be asked, and nobody is refunded for it."""

    class Died(BaseException):
        pass

    def die(self: send_permit.SendPermit) -> bool:
        raise Died

    shop = OneWay()
    with monkeypatch.context() as dying, pytest.raises(Died):
        dying.setattr(send_permit.SendPermit, "__call__", die)
        buy(shop, job)
    assert ProviderCall.objects.get().state == "sent"
    assert isinstance(buy(shop, job), Made) and len(shop.sold) == 1


def test_a_failure_of_a_worker_that_was_taken_over_says_nothing_about_the_purchase_that_is_out(job: Job) -> None:
    first_in, go_on = threading.Event(), threading.Event()

    class Slow(Shop):
        def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
            if not first_in.is_set():
                first_in.set()
                assert go_on.wait(60)
                return Failure(Kind.TRANSIENT, "It could not be reached.")
            return super().generate(request, run, sent)

    shop = Slow()
    with in_a_thread(lambda: buy(shop, job)) as first:
        assert first_in.wait(60)
        assert isinstance(buy(shop, job), Made)
        go_on.set()
    assert isinstance(first[0], Made), "the other's answer is used"
    assert ProviderCall.objects.get().outcome == "made" and len(shop.sold) == 1


class Server(BaseHTTPRequestHandler):
    """A language model on this machine: counts what it is asked."""

    asked: list[str] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.asked.append(self.headers["x-client-request-id"])
        said = json.dumps({"title": f"answer {len(self.asked)}"})
        body = json.dumps({"id": "chat-1", "choices": [{"message": {"content": said}}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    Server.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Chat(http.Service("chat", f"http://127.0.0.1:{server.server_port}", "none"), "m", QUICK)
        server.shutdown()


def ask(
    chat: Chat, job: Job, number: int = 1, usable: Callable[[Made], Any] = lambda made: made, stage: str = "briefing"
) -> Any:
    this = AttemptKey(job.pk, stage, 0, 0, number, 0)
    question = Question(asking.question_key(this), "r", {}, {"required": ["title"]})
    return asking.ask(chat, question, this, job, usable)


def test_frozen_before_any_statement_of_a_question_uses_the_answer_of_another(job: Job, chat: Chat) -> None:
    points = statements(lambda: ask(chat, job))
    for point in range(1, points + 1):
        frozen, stage = Frozen(point), f"stage-{point}"
        Server.asked.clear()
        with in_a_thread(lambda stage=stage: ask(chat, job, stage=stage), frozen) as first:
            assert frozen.reached.wait(60)
            other = ask(chat, job, stage=stage)
        assert isinstance(other, Made) and isinstance(first[0], Made), (point, other, first)
        call = ProviderCall.objects.get(key__startswith=f"{job.pk}:{stage}:")
        # A question that was on its way and not answered yet is asked anew; never one whose answer is known.
        assert len(Server.asked) == 1 or call.requests == 2, (point, call.requests, Server.asked)
        assert len(Server.asked) <= 2 and call.outcome == "made"


def test_an_answer_that_is_known_and_usable_is_not_asked_for_again_by_the_next_attempt(chat: Chat, job: Job) -> None:
    ask(chat, job, 1)
    assert isinstance(ask(chat, job, 2), Made) and len(Server.asked) == 1
    refused = Failure(Kind.TRANSIENT, "It names no items.")
    picky = lambda made: refused if made.data["said"]["title"] == "answer 1" else made  # noqa: E731
    assert isinstance(ask(chat, job, 2, picky), Made) and len(Server.asked) == 2


def test_a_failure_that_was_answered_and_not_settled_is_the_answer_for_the_same_attempt(chat: Chat, job: Job) -> None:
    broken = Chat(dataclasses.replace(chat.service, url="http://127.0.0.1:9"), "m", QUICK)
    assert ask(broken, job).kind == Kind.TRANSIENT
    assert ask(chat, job).kind == Kind.TRANSIENT and not Server.asked
    assert isinstance(ask(chat, job, 2), Made)
