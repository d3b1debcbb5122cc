"""A step that runs into our own time or memory limit: retried once, then refused, and never hours of the studio (rules §5.8)."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from elistit.actions import commands, queries
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import OVER_LIMIT, Failure, Kind
from elistit.runtime.cpu import Cpu
from elistit.stages import dispatch
from elistit.stages.context import StageContext

from .conftest import PRICE, World

SPENT = ("SPEND_CREDIT", -PRICE, None)


# Importable in a subprocess that knows nothing of Django.
STEPS = [
    ((time.sleep, 60), "more time"),
    ((signal.raise_signal, signal.SIGKILL), "more memory"),
    ((bytearray, 10**15), "more memory"),
]


@pytest.fixture(scope="module")
def cpu() -> Any:
    pool = Cpu(1)
    yield pool
    pool.close()


@pytest.mark.parametrize(("step", "word"), STEPS)
def test_a_step_that_is_stopped_for_a_limit_says_so(
    world: World, cpu: Cpu, monkeypatch: Any, step: Any, word: str
) -> None:
    project = world.to_gate()
    job = world.job(project)
    monkeypatch.setitem(dispatch._STAGES, "processing", lambda this, job, context: context.run(*step, timeout=1.0))
    outcome = dispatch.run_attempt(StageContext(cpu.run), AttemptKey(job.pk, "processing", 1, 0, 1, 0), job)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.detail) == (Kind.TRANSIENT, OVER_LIMIT)
    assert word in outcome.reason and "Image 1" in outcome.reason


def limited(world: World, *items: int, times: int = 99) -> None:
    for item in items:
        world.fails("processing", item, Kind.TRANSIENT, times=times, detail=OVER_LIMIT)


def test_an_item_over_the_limit_is_retried_once_and_then_refunded(world: World) -> None:
    project = world.to_gate()
    limited(world, 3)
    commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed"
    assert [(t.number, t.outcome) for t in world.tries(project, "processing", 3)] == [(1, OVER_LIMIT), (2, OVER_LIMIT)]
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 3)]


def test_a_step_over_the_limit_once_goes_on_and_its_other_failures_have_their_own_retries(world: World) -> None:
    project = world.to_gate()
    limited(world, 3, times=1)
    world.script["processing", 3] += [Failure(Kind.TRANSIENT, "It was down.")] * 2
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert [t.outcome for t in world.tries(project, "processing", 3)] == [OVER_LIMIT, "transient", "transient", "made"]
    assert world.rows() == [SPENT]


def test_a_job_whose_items_keep_running_into_the_limit_ends_after_three(world: World) -> None:
    project = world.to_gate()
    limited(world, *range(1, 16))
    commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "failed"
    assert sum(amount for _, amount, _ in world.rows()) == 0
    # Each of 15 items was begun at most once before the third was refused, and none was begun after that.
    assert len([t for t in world.worked if t.stage == "processing"]) <= 15 + 3
    words = queries.failure_words(project)
    assert words is not None and words["side"] == "Cause: a limit on our side."
    assert words["money"].startswith("You were not charged")


def test_a_whole_set_over_the_limit_fails_after_two(world: World) -> None:
    project = world.to_gate()
    limited(world, 0)
    commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert (project.stage, len(world.tries(project, "processing"))) == ("failed", 2)
    assert world.rows()[-1] == ("REFUND_CREDIT", PRICE, None)
