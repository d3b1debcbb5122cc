"""Every private or surprising behavior of the durable engine we lean on, so that an upgrade of it fails loudly here."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind, Made
from elistit.projects.models import Project
from elistit.runtime import engine, workflows
from elistit.runtime.outcome_json import outcome_from_json, outcome_to_json
from tests.conformance.conftest import World


@pytest.fixture
def queue(transactional_db: None) -> Iterator[engine.Queue]:
    queue = engine.Queue()
    queue.migrate()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {rows()}")
    yield queue
    queue.close()
    connection.close()


@pytest.fixture
def project(queue: engine.Queue, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(engine, "queue", queue)
    return World(ports.FixedClock()).launch()


def rows() -> str:
    return "dbos.workflow_status" if connection.vendor == "postgresql" else "workflow_status"


def change(ids: list[str], **fields: object) -> None:
    sets = ", ".join(f"{k} = %s" for k in fields)
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {rows()} SET {sets} WHERE workflow_uuid IN ({marks})", [*fields.values(), *ids])


def a_try(project: Project, **more: object) -> AttemptKey:
    return AttemptKey(
        **{"job": project.jobs.get().pk, "stage": "briefing", "item": 0, "round": 0, "number": 1, "wait": 0, **more}
    )  # type: ignore[arg-type]


def test_launching_queues_the_job_under_its_own_id(queue: engine.Queue, project: Project) -> None:
    assert queue.states([f"job:{project.jobs.get().pk}:launch:0"]) == {
        f"job:{project.jobs.get().pk}:launch:0": "ENQUEUED"
    }


def test_the_same_id_is_queued_once_and_keeps_its_first_delay(queue: engine.Queue, project: Project) -> None:
    later = a_try(project, number=2, delay=30.0)
    queue.put([later, later])
    queue.put([a_try(project, number=2)])
    assert queue.states([later.id]) == {later.id: "DELAYED"}


def test_canceling_a_job_cancels_all_of_it_and_nothing_else(queue: engine.Queue, project: Project) -> None:
    other = AttemptKey("01OTHER", "briefing", 0, 0, 2, 0, 10.0)
    mine = [a_try(project), a_try(project, number=2, delay=9.0)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_queue_of", lambda t: engine.CHAIN)
        queue.put([*mine, other])
    assert queue.cancel(project.jobs.get().pk) == 3
    assert set(queue.states([t.id for t in mine]).values()) == {"CANCELLED"}
    assert queue.states([other.id]) == {other.id: "DELAYED"}


def test_running_work_of_a_dead_worker_goes_back_to_its_queue_once(queue: engine.Queue, project: Project) -> None:
    this = a_try(project)
    queue.put([this])
    change([this.id], status="PENDING", executor_id="dead-1")
    assert queue.holders() == {"dead-1"}
    assert queue.hand_over("somebody-else") == []
    assert queue.hand_over("dead-1") == [this.id]
    assert queue.hand_over("dead-1") == []
    assert queue.states([this.id]) == {this.id: "ENQUEUED"}


def test_a_broken_row_counts_as_broken_and_can_be_forgotten_and_queued_again(
    queue: engine.Queue, project: Project
) -> None:
    this = a_try(project)
    queue.put([this])
    change([this.id], status="ERROR")
    queue.put([this])
    assert queue.states([this.id])[this.id] == engine.BROKEN
    queue.forget([this.id])
    queue.put([this])
    assert queue.states([this.id]) == {this.id: "ENQUEUED"}


def test_old_ended_rows_are_purged_and_live_ones_kept(queue: engine.Queue, project: Project) -> None:
    ended, live = a_try(project), a_try(project, number=2, delay=60.0)
    queue.put([ended, live])
    change([ended.id], status="SUCCESS")
    after = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    assert queue.ended_before(before.isoformat()) == []
    assert queue.ended_before(after.isoformat()) == [ended.id]
    queue.forget([ended.id])
    assert queue.ended_before(after.isoformat()) == []
    assert set(queue.states([ended.id, live.id])) == {live.id}


def test_queued_rows_carry_our_version_so_any_worker_of_ours_takes_them(queue: engine.Queue, project: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT application_version, application_name FROM {rows()}")
        assert cursor.fetchall() == [(engine.VERSION, engine.NAME)]


@pytest.mark.parametrize(
    "outcome",
    [
        None,
        Made({"files": [{"path": "a", "width": 1}], "flags": []}, 1200, "id-7"),
        Failure(Kind.THROTTLED, "Please wait.", "429", 30.0, "id-7", 5),
        Failure(Kind.BLOCKED_OUTPUT, "No."),
    ],
)
def test_an_outcome_survives_the_engines_storage(outcome: ports.Outcome | None) -> None:
    from dbos import DBOSPortableJSONSerializer

    store = DBOSPortableJSONSerializer()
    assert outcome_from_json(store.deserialize(store.serialize(outcome_to_json(outcome)))) == outcome


def test_the_engine_is_given_no_key_that_would_make_it_call_home() -> None:
    from pathlib import Path

    source = Path(engine.__file__).read_text() + Path(workflows.__file__).read_text()
    for banned in ("conductor_key", "transact_enterprise_key", "auto_upgrade", "sharding", "enable_otlp"):
        assert banned not in source


def test_the_private_calls_recovery_needs_are_still_there() -> None:
    from dbos._sys_db import SystemDatabase

    for name in ("get_pending_workflows", "reenqueue_for_recovery", "run_migrations"):
        assert callable(getattr(SystemDatabase, name))


def test_what_runs_here_can_be_asked_of_the_engine() -> None:
    # `workflows.at_work_here` reads it; made anew, as `DBOS` makes its own, so that no engine has to be launched for this.
    from dbos import _dbos

    made = inspect.getsource(_dbos.DBOS.__init__)
    assert "self._active_workflows_set: ActiveWorkflowById = ActiveWorkflowById()" in made
    running = _dbos.ActiveWorkflowById()
    assert list(running.activeList()) == []


def test_what_the_driver_is_told_holds_for_the_engine_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a file has no driver options")
    told = {**connection.settings_dict["OPTIONS"], "sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", told)
    asked = parse_qs(urlsplit(engine.database_url()).query)
    assert asked["sslmode"] == ["verify-full"] and asked["sslrootcert"] == ["/etc/ca.pem"]
    assert asked["keepalives_idle"] == ["10"] and asked["tcp_user_timeout"] == ["25000"]
    assert asked["options"][0].startswith("-c idle_in_transaction_session_timeout=15s"), (
        "a paused machine locks nobody out"
    )
    assert "pool" not in asked and "server_side_binding" not in asked
    monkeypatch.setitem(connection.settings_dict, "HOST", "db.example")
    monkeypatch.setitem(connection.settings_dict, "PORT", "5433")
    assert urlsplit(engine.database_url()).netloc.endswith("@db.example:5433")


def test_an_ended_job_is_forgotten_whole_and_others_are_not(queue: engine.Queue, project: Project) -> None:
    job = project.jobs.get().pk
    mine, other = a_try(project), "job:01ANOTHERJOB00000000000000:launch:0"
    queue.put([mine])
    queue.start("01ANOTHERJOB00000000000000", "launch:0")
    queue.cancel(job)
    queue.forget_job(job)
    queue.forget_job(job)
    assert queue.states([f"job:{job}:launch:0", mine.id]) == {} and set(queue.states([other])) == {other}


def test_many_jobs_are_queued_in_one_transaction_each_once_and_all_or_none(queue: engine.Queue) -> None:
    jobs = [f"01MANYJOBS000000000000000{n}" for n in range(3)]
    ids = [f"job:{job}:launch:0" for job in jobs]
    queue.start(jobs[1], "launch:0")
    queue.start_all(jobs, "launch:0")
    queue.start_all(jobs, "launch:0")
    assert queue.states(ids) == dict.fromkeys(ids, "ENQUEUED")

    def broken() -> Iterator[str]:
        yield "01MANYJOBS0000000000000009"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue.start_all(broken(), "launch:0")
    assert queue.states(["job:01MANYJOBS0000000000000009:launch:0"]) == {}
