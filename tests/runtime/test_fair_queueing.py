"""Sellers take turns on the queues, and the operator's limits hold for all workers together (rules §4)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from dbos._queue import _INTERNAL_QUEUE_CONSTRUCTION
from dbos._queue import Queue as EngineQueue
from django.db import connection

from elistit import ports
from elistit.chain import due
from elistit.chain.attempt_key import AttemptKey
from elistit.projects import changes
from elistit.projects.models import Project
from elistit.projects.states import ItemState, JobStatus, Stage
from elistit.runtime import engine, fair_queueing, limits
from tests.conformance.conftest import World

from .test_engine_contract import rows

CLIPART = 15


@pytest.fixture
def queue(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[engine.Queue]:
    queue = engine.Queue()
    queue.migrate()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {rows()}")
    monkeypatch.setattr(engine, "queue", queue)
    yield queue
    queue.close()
    connection.close()


@pytest.fixture
def clock() -> Iterator[ports.FixedClock]:
    clock = ports.FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(queue: engine.Queue, clock: ports.FixedClock) -> World:
    return World(clock)


def generating(project: Project) -> list[AttemptKey]:
    """Bring a launched project to where its images are made; their tries."""
    job = project.jobs.get().pk
    changes.move_job(job, JobStatus.RUNNING, [JobStatus.QUEUED])
    changes.move_stage(project.pk, Stage.BRIEFING, [Stage.QUEUED])
    changes.move_stage(project.pk, Stage.GENERATING, [Stage.BRIEFING])
    return due.due(job)


def taken(queue: engine.Queue, most: int, limit: limits.Limit | None = None) -> list[str]:
    """What the engine gives a worker that asks for so many of the artist's tries, as job:item."""
    limit = limit or limits.Limit(most)
    asked = EngineQueue(
        engine.provider_queue("builtin"), token=_INTERNAL_QUEUE_CONSTRUCTION,
        worker_concurrency=most, global_concurrency=limit.at_once if limit.shared else None,
        limiter={"limit": limit.per_minute, "period": 60.0} if limit.per_minute else None,
    )  # fmt: skip
    ids, _ = queue.client._sys_db.start_queued_workflows(asked, "a worker", engine.VERSION, None)
    return [":".join(i.split(":")[1:4:2]) for i in ids]


def test_one_project_is_not_kept_waiting_by_a_hundred_of_somebody_else(
    queue: engine.Queue, clock: ports.FixedClock
) -> None:
    alice, bob = World(clock, credits=1000), World(clock, email="bob@example.com")
    mine = []
    for n in range(4):
        mine += (tries := generating(alice.launch(f"a{n}")))
        queue.put(tries)
    clock.advance(30)
    his = generating(bob.launch("b"))
    queue.put(his)
    bobs = his[0].job
    order = taken(queue, 4 * CLIPART + CLIPART)
    assert len(order) == 5 * CLIPART and len(mine) == 4 * CLIPART
    # Bob's pictures come as often as Alice's, though she launched four times as much before him.
    at = [n for n, t in enumerate(order) if t.startswith(bobs)]
    assert at[-1] <= 2 * CLIPART, at
    assert all(following - before <= 2 for before, following in itertools.pairwise(at)), at


def test_what_has_waited_long_is_ahead_of_all_that_comes_later(queue: engine.Queue, clock: ports.FixedClock) -> None:
    alice, bob = World(clock), World(clock, email="bob@example.com", credits=1000)
    queue.put(generating(alice.launch("a")))
    clock.advance(CLIPART * fair_queueing.SPACING_SECONDS)
    for n in range(3):
        queue.put(generating(bob.launch(f"b{n}")))
    order = taken(queue, CLIPART)
    assert len({t.split(":")[0] for t in order}) == 1, "Alice's pictures are all due before Bob's first"


def test_finished_work_no_longer_counts_as_ahead(world: World) -> None:
    first, second = world.launch("a"), world.launch("b")
    waiting = generating(first), generating(second)
    behind = fair_queueing.priorities(waiting[1])[0] - fair_queueing.priorities(waiting[0])[0]
    assert behind == CLIPART * fair_queueing.SPACING_SECONDS
    first.jobs.get().items.update(state=ItemState.MADE)
    assert fair_queueing.priorities(waiting[1])[0] == fair_queueing.priorities(waiting[0])[0]


def test_print_files_and_whole_stages_take_turns_too(world: World) -> None:
    first, second = world.launch("a"), world.launch("b")
    generating(first), generating(second)
    of_the_set = [AttemptKey(p.jobs.get().pk, Stage.DELIVERING, 0, 0, 1, 0) for p in (first, second)]
    assert (
        fair_queueing.priorities([of_the_set[1]])[0] - fair_queueing.priorities([of_the_set[0]])[0]
        == fair_queueing.SPACING_SECONDS
    )
    first.jobs.get().items.update(state=ItemState.MADE)
    changes.move_stage(first.pk, Stage.PROCESSING, [Stage.GENERATING])
    print_file = AttemptKey(second.jobs.get().pk, Stage.PROCESSING, 1, 0, 1, 0)
    base = fair_queueing.priorities([AttemptKey(first.jobs.get().pk, Stage.PROCESSING, 1, 0, 1, 0)])[0]
    assert fair_queueing.priorities([print_file])[0] - base == CLIPART * fair_queueing.SPACING_SECONDS


def test_a_place_is_one_the_engine_can_hold(world: World, clock: ports.FixedClock) -> None:
    project = world.launch()
    far = AttemptKey(project.jobs.get().pk, Stage.BRIEFING, 0, 0, 1, 0, delay=1e12)
    assert fair_queueing.priorities([far]) == [2**31 - 1] and fair_queueing.priorities([]) == []
    clock.advance(-400 * 86_400)
    assert fair_queueing.priorities([AttemptKey(project.jobs.get().pk, Stage.BRIEFING, 0, 0, 1, 0)]) == [1]


def test_a_shared_limit_counts_the_work_of_every_worker(queue: engine.Queue, clock: ports.FixedClock) -> None:
    queue.put(generating(World(clock).launch()))
    assert len(taken(queue, 6, limits.Limit(6, shared=True))) == 6
    assert taken(queue, 6, limits.Limit(6, shared=True)) == [], "another worker: the six calls are under way"


def test_no_more_calls_begin_in_a_minute_than_allowed(queue: engine.Queue, clock: ports.FixedClock) -> None:
    queue.put(generating(World(clock).launch()))
    slow = limits.Limit(8, shared=False, per_minute=3)
    assert len(taken(queue, 8, slow)) == 3
    assert taken(queue, 8, slow) == []


def test_the_operators_limits_are_the_names_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_OPENAI_KEY", "k")
    monkeypatch.setenv("ELISTIT_CALLS_OPENAI", "5")
    monkeypatch.setenv("ELISTIT_CALLS_PER_MINUTE_OPENAI", "40")
    found = limits.provider_limits(slots=2)
    assert found["openai"] == limits.Limit(5, shared=True, per_minute=40)
    assert found["builtin"] == limits.Limit(4)
