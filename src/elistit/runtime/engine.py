"""The durable engine: queues and runs attempts so that started work is finished, whatever dies.

The one module that knows DBOS. It decides nothing: what an attempt does and what follows is in `chain`, when it is retried
in `retry`, what is repaired in `recovery`. Its tables say only what runs next and are never the truth about a project.
Web pages and commands use `Queue` alone; only a worker process calls `launch`. It must never be launched before a fork,
nor from `AppConfig.ready()`.
"""

from __future__ import annotations

import logging
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from django.db import DatabaseError, connection
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext

from elistit.chain import attempts, due, settle
from elistit.chain.attempt_key import AttemptKey
from elistit.database_outage import SQLITE_FULL, is_outage, retry_while_down
from elistit.projects.models import Job
from elistit.projects.states import Stage
from elistit.runtime import fair_queueing, limits, quarantine
from elistit.runtime.outcome_json import outcome_from_json, outcome_to_json

log = logging.getLogger(__name__)

NAME = "elistit"
# One constant, never a hash of the code: an upgrade must continue with what the version before has queued. An incompatible
# change of the two workflows below needs DBOS.patch(), not a new version.
VERSION = "chain-1"
POLL_SECONDS = 0.25
LIVE = ("ENQUEUED", "DELAYED", "PENDING")
BROKEN = "ERROR"
"""Code of ours raised where nothing may. A workflow that was resumed too often is only forgotten and queued again: how often
workers were killed says nothing about the work."""

DJANGOS_OWN = {"pool", "prepare_threshold", "server_side_binding", "isolation_level", "assume_role"}
"""Database options that are Django's, and nothing to the driver."""

ADVANCE, CHAIN, WORKSHOP = "advance", "chain", "workshop"
OWN_IMAGES = tuple(f"own-images-{n}" for n in range(4))
"""Work on sellers' own images, whose size and cost are theirs to choose, waits apart from drawn and bought images, and each
seller's in one of these queues: however much of it one seller sends, the places of the others stay free."""


def provider_queue(provider: str) -> str:
    return f"provider-{provider}"


def database_url() -> str:
    """The engine's database: the same as the product's, read from the connection so that tests' databases count too."""
    s = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{s['NAME']}"
    # What the driver is given (TLS, time-outs) holds for the engine too.
    options = {k: str(v) for k, v in s.get("OPTIONS", {}).items() if k not in DJANGOS_OWN}
    host, port = s.get("HOST") or options.pop("host", ""), str(s.get("PORT") or "")
    user, password = (urllib.parse.quote(s.get(k) or "", safe="") for k in ("USER", "PASSWORD"))
    if host.startswith("/"):
        options |= {"host": host} | ({"port": port} if port else {})
        where = ""
    else:
        where = f"{host}:{port}" if port else host
    more = "?" + urllib.parse.urlencode(options, safe="/", quote_via=urllib.parse.quote) if options else ""
    return f"postgresql://{user}:{password}@{where}/{s['NAME']}{more}"


def _notice_outages(sys_db: Any) -> None:
    """Have the engine take for an outage of its database what we do (`database_outage`), so that it waits and asks again
    instead of giving a workflow up, and throws away connections to a server that is read-only since a failover. Idempotent."""
    if not event.contains(sys_db.engine, "handle_error", _mark_outage):
        event.listen(sys_db.engine, "handle_error", _mark_outage)


CONTENTION = ("40001", "40P01", "SQLITE_BUSY", "SQLITE_LOCKED")
"""The engine knows these on its own and continues without a new connection."""


def _mark_outage(context: ExceptionContext) -> None:
    error = context.original_exception
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code not in CONTENTION and is_outage(error):
        context.is_disconnect = True


# ---- the two workflows ------------------------------------------------------------------------------------------------


class _Here:
    """What the running worker process brings to its attempts. Set once by `launch`."""

    runner: attempts.Runner
    worker: str
    queue: Queue
    dbos: DBOS


def _rest() -> None:
    """Leave the database alone until this thread's next step: give a pooled connection back, or release what a SQLite one
    has cached. The latter is kept open, since opening it costs as much as all that an attempt asks (3 ms, twice an attempt)."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        try:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA shrink_memory")
            return
        except DatabaseError:
            log.warning("a connection was closed because it did not answer", exc_info=True)
    connection.close()


@DBOS.step(name="run")
def _run(data: dict[str, Any]) -> dict[str, Any] | None:
    this = AttemptKey.of(data)
    try:
        suspect = retry_while_down(lambda: attempts.is_suspect(this))
        runner = quarantine.runner if suspect else _Here.runner
        return outcome_to_json(attempts.run(this, _Here.worker, runner))
    finally:
        _rest()


@DBOS.step(name="settle")
def _settle(data: dict[str, Any], outcome: dict[str, Any] | None) -> int:
    this, came_of_it = AttemptKey.of(data), outcome_from_json(outcome)
    return _queued(lambda: settle.settle(this, came_of_it))


@DBOS.step(name="start")
def _start(job: str) -> int:
    return _queued(lambda: due.start(job))


def _queued(decide: Callable[[], list[AttemptKey]]) -> int:
    """Decide what follows and queue it, however often the database is lost in between: both change nothing twice."""

    def act() -> int:
        following = decide()
        _Here.queue.put(following)
        return len(following)

    try:
        return retry_while_down(act)
    finally:
        _rest()


@DBOS.workflow(name="try")
def _one_attempt(data: dict[str, Any]) -> int:
    return _settle(data, _run(data))


@DBOS.workflow(name="advance")
def _advance(job: str) -> int:
    return _start(job)


# ---- queueing ---------------------------------------------------------------------------------------------------------


class Queue:
    """Puts work on the engine's queues and asks after it, from any process, without running any of it.

    Every id is deterministic, so putting the same work twice queues it once.
    """

    def __init__(self) -> None:
        self._client: DBOSClient | None = None
        self._url = ""
        self._lock = threading.Lock()

    @property
    def client(self) -> DBOSClient:
        url = database_url()
        with self._lock:
            if self._client is None or self._url != url:
                self._client = DBOSClient(
                    system_database_url=url, application_name=NAME, serializer=DBOSPortableJSONSerializer(), lazy=True,
                    retry_connection_errors=False, system_database_pool_size=4,
                )  # fmt: skip
                _notice_outages(self._client._sys_db)
                self._url = url
            return self._client

    def migrate(self) -> None:
        """Create or upgrade the engine's tables. Safe to call at every start."""
        self.client._sys_db.run_migrations()

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.destroy()
                self._client = None

    def put(self, keys: Iterable[AttemptKey]) -> None:
        """Queue attempts of one job, each once, delayed by its own `delay` seconds and taken when its seller's turn comes."""
        keys = list(keys)
        for t, place in zip(keys, fair_queueing.priorities(keys), strict=True):
            options: dict[str, Any] = {
                "workflow_name": "try", "queue_name": _queue_of(t), "workflow_id": t.id, "app_version": VERSION,
                "priority": place,
            }  # fmt: skip
            if t.delay > 0:
                options["delay_seconds"] = t.delay
            self.client.enqueue(options, t.as_dict())  # type: ignore[arg-type]

    def start(self, job: str, occasion: str) -> None:
        """Have a worker look at a job. `occasion` names why, once each: `launch:0`, `finish:1`, `remake:3:1` …"""
        self.client.enqueue(
            {
                "workflow_name": "advance",
                "queue_name": ADVANCE,
                "workflow_id": f"job:{job}:{occasion}",
                "app_version": VERSION,
            },
            job,
        )

    def put_again(self, keys: Iterable[AttemptKey]) -> None:
        """Queue attempts also where the engine has ended a row of the same id without doing the work, because it was paused. What
        is at work stays, and what broke is left to recovery."""
        keys = list(keys)
        states = self.states([t.id for t in keys])
        self.forget([id_ for id_, state in states.items() if state not in (*LIVE, BROKEN)])
        self.put(t for t in keys if states.get(t.id) not in (*LIVE, BROKEN))

    def start_again(self, job: str, occasion: str) -> None:
        """Have a worker look at a job again for an occasion that has been already. Twice is harmless."""
        id_ = f"job:{job}:{occasion}"
        state = self.states([id_]).get(id_)
        if state in LIVE:
            return
        self.forget([id_] if state else [])
        self.start(job, occasion)

    def cancel(self, job: str) -> int:
        """Stop everything queued, delayed or running for a job. A step in flight runs to its end and is then refused."""
        live = self.client.list_workflows(
            workflow_id_prefix=f"job:{job}:", status=list(LIVE), load_input=False, load_output=False
        )
        self.client.cancel_workflows([w.workflow_id for w in live])
        return len(live)

    def forget_job(self, job: str) -> None:
        """Remove everything the engine remembers of a job that has ended: what its steps were given and what they answered."""
        rows = self.client.list_workflows(workflow_id_prefix=f"job:{job}:", load_input=False, load_output=False)
        self.forget([w.workflow_id for w in rows])

    def states(self, ids: list[str]) -> dict[str, str]:
        """The engine's word on each id it knows."""
        if not ids:
            return {}
        found = self.client.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
        return {w.workflow_id: w.status for w in found}

    def broke_for_want_of_room(self, id_: str) -> bool:
        """Whether work broke because its own steps could not be written down: the database's disk was full."""
        found = self.client.list_workflows(workflow_ids=[id_], load_input=False)
        return any(
            words in str(w.error) for w in found for words in (SQLITE_FULL, "DiskFull", "No space left on device")
        )

    def live(self, most: int) -> list[Any]:
        """What is queued, delayed or running now, at most so many rows: `queue_name`, `status`, `created_at` and
        `delay_until_epoch_ms` (milliseconds since 1970)."""
        return list(self.client.list_workflows(status=list(LIVE), load_input=False, load_output=False, limit=most))

    def jobs_at_work(self) -> set[str]:
        """The public ids of all jobs with something queued, delayed or running now."""
        rows = self.client.list_workflows(status=list(LIVE), load_input=False, load_output=False)
        return {row.workflow_id.split(":")[1] for row in rows if row.workflow_id.startswith("job:")}

    def forget(self, ids: list[str]) -> None:
        """Remove ended rows, so that the same id can be queued again."""
        if ids:
            self.client.delete_workflows(ids)

    # -- what recovery needs; the private calls are pinned by tests/runtime/test_engine_contract.py

    def holders(self) -> set[str]:
        """The executor ids that have running work."""
        rows = self.client.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {w.executor_id for w in rows if w.executor_id}

    def held_by(self, executor: str) -> set[str]:
        """The ids of the running work of an executor, by the engine's tables."""
        rows = self.client.list_workflows(status="PENDING", executor_id=executor, load_input=False, load_output=False)
        return {w.workflow_id for w in rows}

    def hand_over(self, executor: str, only: set[str] | None = None) -> list[str]:
        """Put the running work of an executor back on its queues: all of a dead one's, or only what is named. The ids;
        empty when there was none. Idempotent."""
        db = self.client._sys_db
        taken = []
        for row in db.get_pending_workflows(executor, VERSION):
            if only is not None and row.workflow_id not in only:
                continue
            if db.reenqueue_for_recovery(row.workflow_id, [executor], "_dbos_internal_queue"):
                taken.append(row.workflow_id)
        return taken

    def purge(self, before_iso: str) -> int:
        """Delete rows of work that ended before a time (RFC 3339). The product's own tables keep the history."""
        ended = self.client.list_workflows(
            end_time=before_iso,
            status=["SUCCESS", "ERROR", "CANCELLED"],
            limit=1000,
            load_input=False,
            load_output=False,
        )
        self.forget([w.workflow_id for w in ended])
        return len(ended)


def _queue_of(this: AttemptKey) -> str:
    if this.stage == Stage.GENERATING:
        # A seller's own images have no provider: taking them in is the workshop's work.
        provider = due.provider_of(this)
        return provider_queue(provider) if provider else _own_images_of(this)
    if this.stage == Stage.PROCESSING and this.item:
        # Enlarging by an outside tool is a call like any other: it waits where that provider's calls wait.
        provider = due.tool_provider_of(this)
        if provider:
            return provider_queue(provider)
        return WORKSHOP if due.provider_of(this) else _own_images_of(this)
    return CHAIN


def _own_images_of(this: AttemptKey) -> str:
    owner: int = Job.objects.values_list("project__owner", flat=True).get(pk=this.job)
    return OWN_IMAGES[owner % len(OWN_IMAGES)]


queue = Queue()


# ---- a worker's side --------------------------------------------------------------------------------------------------


def launch(executor: str, runner: attempts.Runner, slots: int, providers: dict[str, limits.Limit]) -> None:
    """Start running queued work in this process. `slots`: CPU-bound attempts at once; `providers`: the limit of each."""
    _Here.runner, _Here.worker, _Here.queue = runner, executor, queue
    config: DBOSConfig = {
        "name": NAME, "system_database_url": database_url(), "executor_id": executor, "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(), "sys_db_pool_size": 8, "log_level": "ERROR",
    }  # fmt: skip
    _Here.dbos = DBOS(config=config)
    DBOS.launch()
    _notice_outages(_Here.dbos._sys_db)
    own = {ADVANCE: 4, CHAIN: 4, WORKSHOP: slots * 2, **dict.fromkeys(OWN_IMAGES, slots)}
    queues = {name: limits.Limit(at_once) for name, at_once in own.items()}
    queues |= {provider_queue(name): limit for name, limit in providers.items()}
    for name, limit in queues.items():
        DBOS.register_queue(
            name,
            worker_concurrency=limit.at_once,
            global_concurrency=limit.at_once if limit.shared else None,
            limiter={"limit": limit.per_minute, "period": 60.0} if limit.per_minute else None,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )


def at_work_here() -> set[str]:
    """The ids of what threads of this process are running now, or are trying to write the end of."""
    return set(_Here.dbos._active_workflows_set.activeList())


def stop(seconds: int) -> None:
    """Take no new work and wait up to `seconds` for the running attempts to end."""
    DBOS.destroy(workflow_completion_timeout_sec=max(1, seconds))
