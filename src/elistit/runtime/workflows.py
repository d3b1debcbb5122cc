"""A worker's side of the durable engine: it runs what is queued, so that started work is finished after any crash.

Only a worker process imports this. It must never be launched before a fork or from `AppConfig.ready()`, and it must
never decide anything: what an attempt does and what follows is in `chain`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from elistit.chain import attempts, due, settle
from elistit.chain.attempt_key import AttemptKey
from elistit.database_outage import rest_connection, retry_while_down
from elistit.runtime import engine, limits, polling, quarantine
from elistit.runtime.outcome_json import outcome_from_json, outcome_to_json

POLL_SECONDS = 0.25
"""The polling interval stored in the engine's tables for every queue; `polling` decides how often this process looks."""

ENGINES_OWN = "_dbos_internal_queue"
"""The queue on which the engine puts work that is resumed."""


class _Here:
    """What the running worker process provides to its attempts. Set once by `launch`."""

    runner: attempts.Runner
    worker: str
    queue: engine.Queue
    dbos: DBOS
    waiting: polling.Waiting


@DBOS.step(name="run")
def _run(data: dict[str, Any]) -> dict[str, Any] | None:
    this = AttemptKey.of(data)
    try:
        suspect = retry_while_down(lambda: attempts.is_suspect(this))
        runner = quarantine.runner if suspect else _Here.runner
        return outcome_to_json(attempts.run(this, _Here.worker, runner))
    finally:
        rest_connection()


@DBOS.step(name="settle")
def _settle(data: dict[str, Any], outcome: dict[str, Any] | None) -> int:
    this, came_of_it = AttemptKey.of(data), outcome_from_json(outcome)
    return _queued(lambda: settle.settle(this, came_of_it))


@DBOS.step(name="start")
def _start(job: str) -> int:
    return _queued(lambda: due.start(job))


def _queued(decide: Callable[[], list[AttemptKey]]) -> int:
    """Decide what follows and queue it, retrying while the database is down. Both are idempotent. Returns how many
    attempts were queued."""

    def decide_and_queue() -> int:
        following = decide()
        _Here.queue.put(following)
        if following:
            _Here.waiting.wake()
        return len(following)

    try:
        return retry_while_down(decide_and_queue)
    finally:
        rest_connection()


@DBOS.workflow(name="try")
def _one_attempt(data: dict[str, Any]) -> int:
    return _settle(data, _run(data))


@DBOS.workflow(name="advance")
def _advance(job: str) -> int:
    return _start(job)


def launch(executor: str, runner: attempts.Runner, slots: int, providers: dict[str, limits.Limit]) -> None:
    """Start running queued work in this process. `slots` is the number of CPU-bound attempts at once; `providers` has
    the limit of each provider's queue."""
    _Here.runner, _Here.worker, _Here.queue = runner, executor, engine.queue
    config: DBOSConfig = {
        "name": engine.NAME, "system_database_url": engine.database_url(), "executor_id": executor, "application_version": engine.VERSION,
        "serializer": DBOSPortableJSONSerializer(), "sys_db_pool_size": 8, "log_level": "ERROR",
    }  # fmt: skip
    _Here.dbos = DBOS(config=config)
    DBOS.launch()
    engine.notice_outages(_Here.dbos._sys_db)
    own = {engine.ADVANCE: 4, engine.CHAIN: 4, engine.WORKSHOP: slots * 2, **dict.fromkeys(engine.OWN_IMAGES, slots)}
    queues = {name: limits.Limit(at_once) for name, at_once in own.items()}
    queues |= {engine.provider_queue(name): limit for name, limit in providers.items()}
    for name, limit in queues.items():
        DBOS.register_queue(
            name,
            worker_concurrency=limit.at_once,
            global_concurrency=limit.at_once if limit.shared else None,
            limiter={"limit": limit.per_minute, "period": 60.0} if limit.per_minute else None,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
    _Here.waiting = polling.install(_Here.dbos._sys_db, [*queues, ENGINES_OWN])


def at_work_here() -> set[str]:
    """The ids of the work that threads of this process are running, or whose end they are trying to record."""
    return set(_Here.dbos._active_workflows_set.activeList())


def stop(seconds: int) -> None:
    """Take no new work and wait up to `seconds` for the running attempts to end."""
    _Here.waiting.close()
    DBOS.destroy(workflow_completion_timeout_sec=max(1, seconds))
