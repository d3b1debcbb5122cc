"""The durable engine's queues, as every process uses them: put work, cancel it, return it to its queue, forget it.

With `workflows`, a worker's side of it, the only module that imports DBOS. It must never decide anything: what an
attempt does and what follows is in `chain`, retries are in `chain.retry`, repairs in `maintenance`. The engine's tables
say only what runs next and are never the truth about a project. DBOS is loaded by the first call that needs it, so that
an idle web process doesn't hold its 25 MB.
"""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection

from elistit.chain import due
from elistit.chain.attempt_key import AttemptKey
from elistit.database_outage import SQLITE_FULL, is_outage
from elistit.on_use import OnUse
from elistit.projects.models import Job
from elistit.projects.states import Stage
from elistit.runtime import fair_queueing

if TYPE_CHECKING:
    import dbos
    from sqlalchemy import event
    from sqlalchemy.engine import ExceptionContext
else:
    dbos, event = OnUse("dbos"), OnUse("sqlalchemy.event")

NAME = "elistit"
# One constant, never a hash of the code: after an upgrade, work queued by the previous version must continue. An
# incompatible change of the two workflows below needs DBOS.patch(), not a new version.
VERSION = "chain-1"
LIVE = ("ENQUEUED", "DELAYED", "PENDING")
BROKEN = "ERROR"
"""The state of a workflow that ended because our code raised where it must not. A workflow that was resumed too often
has another state and is only forgotten and queued again: how often workers were killed says nothing about the work."""

DJANGOS_OWN = {"pool", "prepare_threshold", "server_side_binding", "isolation_level", "assume_role"}
"""Database options that only Django understands, not the driver."""

ADVANCE, CHAIN, WORKSHOP = "advance", "chain", "workshop"
OWN_IMAGES = tuple(f"own-images-{n}" for n in range(4))
"""Queues for work on sellers' own images, whose size and cost sellers choose themselves. Each seller's work is in one
of them, so that one seller's uploads can't fill the slots of the others."""


def provider_queue(provider: str) -> str:
    """The name of a provider's queue."""
    return f"provider-{provider}"


def database_url() -> str:
    """The engine's database: the same as the product's, read from the connection so that test databases count too."""
    s = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{s['NAME']}"
    # Driver options (TLS, timeouts) apply to the engine too.
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


def notice_outages(sys_db: Any) -> None:
    """Make the engine treat the same errors as a database outage as `database_outage` does, so that it waits and
    retries instead of failing a workflow, and discards connections to a server that became read-only in a failover.
    Idempotent."""
    if not event.contains(sys_db.engine, "handle_error", _mark_outage):
        event.listen(sys_db.engine, "handle_error", _mark_outage)


CONTENTION = ("40001", "40P01", "SQLITE_BUSY", "SQLITE_LOCKED")
"""Errors that the engine handles itself, without a new connection."""


def _mark_outage(context: ExceptionContext) -> None:
    error = context.original_exception
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code not in CONTENTION and is_outage(error):
        context.is_disconnect = True


# ---- queueing ---------------------------------------------------------------------------------------------------------


class Queue:
    """Puts work on the engine's queues and reads their state, from any process, without running any work. Every id is
    deterministic, so putting the same work twice queues it once."""

    def __init__(self) -> None:
        self._client: dbos.DBOSClient | None = None
        self._url = ""
        self._lock = threading.Lock()

    @property
    def client(self) -> dbos.DBOSClient:
        """The DBOS client, created on first use."""
        url = database_url()
        with self._lock:
            if self._client is None or self._url != url:
                self._client = dbos.DBOSClient(
                    system_database_url=url, application_name=NAME, serializer=dbos.DBOSPortableJSONSerializer(), lazy=True,
                    retry_connection_errors=False, system_database_pool_size=4,
                )  # fmt: skip
                notice_outages(self._client._sys_db)
                self._url = url
            return self._client

    def migrate(self) -> None:
        """Create or upgrade the engine's tables. Safe to call at every start."""
        self.client._sys_db.run_migrations()

    def close(self) -> None:
        """Close the client and its connections."""
        with self._lock:
            if self._client is not None:
                self._client.destroy()
                self._client = None

    def put(self, keys: Iterable[AttemptKey]) -> None:
        """Queue attempts of one job, each once, delayed by its own `delay` in seconds and ordered by fair queueing."""
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
        """Have a worker look at a job. `occasion` says why, and counts once: `launch:0`, `finish:1`, `remake:3:1` …"""
        self.client.enqueue(_look_at(job, occasion), job)

    def start_all(self, jobs: Iterable[str], occasion: str) -> None:
        """What `start` does, for many jobs in one transaction: all of them are queued or none is."""
        with self.client._sys_db.engine.begin() as held:
            for job in jobs:
                self.client.enqueue_in_transaction(held, _look_at(job, occasion), job)

    def put_again(self, keys: Iterable[AttemptKey]) -> None:
        """Queue attempts even if the engine ended a row of the same id without doing the work, because the project was
        paused. Running work isn't touched, and broken work is left to recovery."""
        keys = list(keys)
        states = self.states([t.id for t in keys])
        self.forget([id_ for id_, state in states.items() if state not in (*LIVE, BROKEN)])
        self.put(t for t in keys if states.get(t.id) not in (*LIVE, BROKEN))

    def start_again(self, job: str, occasion: str) -> None:
        """Have a worker look at a job again for an occasion that was already used. Idempotent."""
        id_ = f"job:{job}:{occasion}"
        state = self.states([id_]).get(id_)
        if state in LIVE:
            return
        self.forget([id_] if state else [])
        self.start(job, occasion)

    def cancel(self, job: str) -> int:
        """Cancel everything queued, delayed or running for a job and return how much it was. A running step ends
        normally, and its result is then refused."""
        live = self.client.list_workflows(
            workflow_id_prefix=f"job:{job}:", status=list(LIVE), load_input=False, load_output=False
        )
        self.client.cancel_workflows([w.workflow_id for w in live])
        return len(live)

    def forget_job(self, job: str) -> None:
        """Delete the engine's rows of a job that has ended: the inputs and outputs of its steps."""
        rows = self.client.list_workflows(workflow_id_prefix=f"job:{job}:", load_input=False, load_output=False)
        self.forget([w.workflow_id for w in rows])

    def states(self, ids: list[str]) -> dict[str, str]:
        """The engine's status of each id it knows."""
        if not ids:
            return {}
        found = self.client.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
        return {w.workflow_id: w.status for w in found}

    def broke_for_want_of_room(self, id_: str) -> bool:
        """Whether work failed because its steps couldn't be recorded: the database's disk was full."""
        found = self.client.list_workflows(workflow_ids=[id_], load_input=False)
        return any(
            words in str(w.error) for w in found for words in (SQLITE_FULL, "DiskFull", "No space left on device")
        )

    def live(self, most: int) -> list[Any]:
        """What is queued, delayed or running now, at most `most` rows: `queue_name`, `status`, `created_at` and
        `delay_until_epoch_ms` (milliseconds since 1970)."""
        return list(self.client.list_workflows(status=list(LIVE), load_input=False, load_output=False, limit=most))

    def jobs_at_work(self) -> set[str]:
        """The ids of all jobs with something queued, delayed or running now."""
        rows = self.client.list_workflows(status=list(LIVE), load_input=False, load_output=False)
        return {row.workflow_id.split(":")[1] for row in rows if row.workflow_id.startswith("job:")}

    def forget(self, ids: list[str]) -> None:
        """Delete ended rows, so that the same ids can be queued again."""
        if ids:
            self.client.delete_workflows(ids)

    # -- what recovery needs; tests/runtime/test_engine_contract.py pins the private calls

    def holders(self) -> set[str]:
        """The executor ids that have running work."""
        rows = self.client.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {w.executor_id for w in rows if w.executor_id}

    def held_by(self, executor: str) -> set[str]:
        """The ids of the running work of an executor, by the engine's tables."""
        rows = self.client.list_workflows(status="PENDING", executor_id=executor, load_input=False, load_output=False)
        return {w.workflow_id for w in rows}

    def hand_over(self, executor: str, only: set[str] | None = None) -> list[str]:
        """Return the running work of an executor to its queues: all of a dead worker's work, or only the ids in `only`.
        Returns the ids, empty when there were none. Idempotent."""
        db = self.client._sys_db
        taken = []
        for row in db.get_pending_workflows(executor, VERSION):
            if only is not None and row.workflow_id not in only:
                continue
            if db.reenqueue_for_recovery(row.workflow_id, [executor], "_dbos_internal_queue"):
                taken.append(row.workflow_id)
        return taken

    def ended_before(self, before_iso: str) -> list[str]:
        """The ids of work that ended before a time (RFC 3339), at most 1000."""
        ended = self.client.list_workflows(
            end_time=before_iso,
            status=["SUCCESS", "ERROR", "CANCELLED"],
            limit=1000,
            load_input=False,
            load_output=False,
        )
        return [w.workflow_id for w in ended]


def _look_at(job: str, occasion: str) -> Any:
    return {
        "workflow_name": "advance",
        "queue_name": ADVANCE,
        "workflow_id": f"job:{job}:{occasion}",
        "app_version": VERSION,
    }


def _queue_of(this: AttemptKey) -> str:
    if this.stage == Stage.GENERATING:
        # A seller's own images have no provider: importing them is work for this machine.
        provider = due.provider_of(this)
        return provider_queue(provider) if provider else _own_images_of(this)
    if this.stage == Stage.PROCESSING and this.item:
        # Enlarging by an outside tool is a call like any other and belongs in that provider's queue.
        provider = due.tool_provider_of(this)
        if provider:
            return provider_queue(provider)
        return WORKSHOP if due.provider_of(this) else _own_images_of(this)
    return CHAIN


def _own_images_of(this: AttemptKey) -> str:
    owner: int = Job.objects.values_list("project__owner", flat=True).get(pk=this.job)
    return OWN_IMAGES[owner % len(OWN_IMAGES)]


queue = Queue()
