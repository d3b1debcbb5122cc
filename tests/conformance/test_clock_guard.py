"""A clock that jumps ends nothing: not plans, not credits, not files. On whichever database the tests run."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import ClockMark
from elistit.cli.operations import recover_command
from elistit.credits import ledger, plans
from elistit.credits.models import CreditTransaction, Plan
from elistit.maintenance import clock_guard, service
from elistit.maintenance.clock_guard import Reading, judge
from elistit.ports import FixedClock
from elistit.simulator.inline import InlineEngine

from .conftest import World

DAY = 86_400.0
T0 = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def reading(days: float, running: float = 0.0, boot: str = "a", database: float | None = None) -> Reading:
    server = None if database is None else T0 + dt.timedelta(days=database)
    return Reading(T0 + dt.timedelta(days=days), server, boot, running)


@pytest.mark.parametrize(
    ("last", "now", "believed"),
    [
        (None, reading(0), True),
        (reading(0), reading(1 / 1440, 60), True),
        (reading(0), reading(0.9, 60), True),
        (reading(0), reading(1.1, 60), False),
        (reading(0), reading(400, 60), False),
        (reading(0), reading(400, 400 * DAY), True),  # 400 days have really passed on a machine that ran
        (reading(0), reading(-4 / 1440, 60), True),  # a time server's correction
        (reading(0), reading(-1, 60), False),
        (reading(0), reading(-400, 10, "b"), False),
        (reading(0), reading(44, 10, "b"), True),  # switched off for six weeks
        (reading(0), reading(46, 10, "b"), False),
        (reading(0, 500), reading(400, 10, "a"), False),  # the counter began anew: no witness
        (reading(0), reading(400, 60, ""), False),
        (reading(0), reading(3, 10, "b", database=3), True),
        (reading(0), reading(3, 10, "b", database=0), False),
        (None, reading(400, 10, "b", database=0), False),
        (None, reading(0, 10, "b", database=400), False),
    ],
)
def test_what_is_believed(last: Reading | None, now: Reading, believed: bool) -> None:
    words = judge(last, now)
    assert (words == "") is believed
    assert words == "" or words.endswith(("--accept-clock", "wrong one."))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> dict[str, object]:
    """A machine that runs: its counter goes on only when time really passes."""
    state: dict[str, object] = {"boot": "one", "running": 100.0}
    monkeypatch.setattr(InlineEngine, "purge", lambda self, before: 0, raising=False)
    monkeypatch.setattr(clock_guard, "counter", lambda: (state["boot"], state["running"]))
    return state


def passes(clock: FixedClock, machine: dict[str, object], seconds: float) -> None:
    clock.advance(seconds)
    machine["running"] = float(str(machine["running"])) + seconds


def books(user: User) -> tuple[int, list[tuple[str, int]], dt.datetime, int]:
    rows = list(CreditTransaction.objects.filter(account__owner=user).order_by("seq").values_list("type", "amount"))
    plan = Plan.objects.get(owner=user)
    return ledger.balance(user.pk), rows, plan.renews_at, plan.period


@pytest.fixture
def seller(world: World, machine: dict[str, object]) -> User:
    """With a plan, and 50 credits that end in 90 days; maintenance has run."""
    plans.start(world.user, "launch")
    until = world.clock.now() + dt.timedelta(days=90)
    ledger.grant(world.user.pk, 50, source="goodwill", idempotency_key="g", reason="Sorry", expires_at=until)
    service.recover_once()
    assert clock_guard.refusal() == ""
    return world.user


def test_400_days_ahead_and_back_ends_nothing(
    world: World, seller: User, machine: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    before = books(seller)
    passes(world.clock, machine, 60)
    world.clock.advance(400 * DAY)
    for _ in range(3):
        done = service.recover_once()
        assert not {"renewed plans", "expired grants"} & set(done["done"])
        assert {"expire-grants", "renew-plans", "purge-engine"} <= set(done["errors"])
        passes(world.clock, machine, 60)
    assert books(seller) == before
    assert "jumped" in clock_guard.refusal()
    assert "Renewals, expiry and deletion wait" in caplog.text
    # A seller's launch in between charges as ever and ends nothing either.
    world.launch()
    assert "EXPIRE_CREDIT" not in [kind for kind, _ in books(seller)[1]]
    world.clock.advance(-400 * DAY)
    service.recover_once()
    assert clock_guard.refusal() == ""
    assert books(seller)[2:] == before[2:]
    assert "EXPIRE_CREDIT" not in [kind for kind, _ in books(seller)[1]]
    # Real time still ends what is due.
    passes(world.clock, machine, 91 * DAY)
    assert service.recover_once()["done"]["renewed plans"] == 1
    assert "EXPIRE_CREDIT" in [kind for kind, _ in books(seller)[1]]


def test_a_clock_that_was_set_back_waits_until_it_has_caught_up(
    world: World, seller: User, machine: dict[str, object]
) -> None:
    before = books(seller)
    world.clock.advance(-30 * DAY)
    service.recover_once()
    assert "earlier than" in clock_guard.refusal()
    assert books(seller) == before
    world.clock.advance(30 * DAY)
    service.recover_once()
    assert clock_guard.refusal() == ""


def test_a_jump_while_the_studio_was_off_waits_for_the_operator(
    world: World, seller: User, machine: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = books(seller)
    machine |= {"boot": "two", "running": 5.0}
    world.clock.advance(400 * DAY)
    service.recover_once()
    assert clock_guard.refusal()
    assert books(seller) == before
    monkeypatch.setattr("elistit.cli.preflight.ready", lambda **_: None)
    report = json.loads(CliRunner().invoke(recover_command, ["--json"]).stdout)
    assert "after the last maintenance" in report["clock"]
    report = json.loads(CliRunner().invoke(recover_command, ["--accept-clock", "--json"]).stdout)
    assert report["clock"] == "ok"
    assert report["done"]["renewed plans"] == 1
    assert books(seller)[2] > before[2]


def test_the_first_pass_of_an_older_installation_looks_at_the_books(world: World, machine: dict[str, object]) -> None:
    world.clock.advance(400 * DAY)
    service.recover_once()
    assert clock_guard.refusal()
    assert ClockMark.objects.get().wall < ports.now() - dt.timedelta(days=300)


def test_the_mark_does_not_move_while_the_clock_is_refused(
    world: World, seller: User, machine: dict[str, object]
) -> None:
    mark = ClockMark.objects.get().wall
    world.clock.advance(400 * DAY)
    service.recover_once()
    service.recover_once()
    assert ClockMark.objects.get().wall == mark


@pytest.mark.django_db
def test_this_machine_has_a_counter_that_runs() -> None:
    boot, running = clock_guard.counter()
    assert boot
    assert running > 0
    first = clock_guard.read()
    assert judge(first, clock_guard.read()) == ""
