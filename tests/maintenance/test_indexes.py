"""No maintenance task reads whole tables: with many rows, its queries find what is due through indexes, on both databases."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from elistit import ports
from elistit.chain.models import Attempt
from elistit.maintenance import retention, service, tasks
from elistit.maintenance.task import WorkerView
from elistit.maintenance.traces import otlp, sending
from elistit.maintenance.traces.spans import Span
from elistit.ports import FixedClock
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.runtime import engine
from tests.runtime.test_engine_contract import project, queue

__all__ = ["project", "queue"]
pytestmark = pytest.mark.django_db

LARGE = ("projects_project", "projects_job", "pipeline_attempt", "projects_listing")
FEW = (
    "attempt_open",
    "attempt_operator_failures",
    "listing_draft_pending",
    "project_files_to_delete",
    "project_unsearchable",
)
"""Partial indexes that hold only what is open or due: reading one of them whole is no scan."""
MANY = 3000


@pytest.fixture
def full(queue: engine.Queue, project: Project) -> Iterator[FixedClock]:
    """A studio with many finished projects, and a few of each kind that maintenance looks for."""
    now = dt.datetime.now(dt.UTC)
    [job] = Job.objects.filter(project=project)
    finished, jobs, attempts, listings = [], [], [], []
    for n in range(MANY):
        ago = now - dt.timedelta(minutes=10 * n)
        finished.append(
            Project(
                owner=project.owner,
                name=f"p{n}",
                product="clipart",
                idea="fox",
                ratio="1:1",
                count=1,
                seed=n,
                stage=Stage.COMPLETED,
                stage_since=ago,
                created_at=ago,
                files_deleted_at=ago,
                searchable_at=ago,
            )
        )
    Project.objects.bulk_create(finished)
    for n, made in enumerate(finished):
        jobs.append(
            Job(
                project=made,
                status=JobStatus.SUCCEEDED,
                quote=job.quote,
                idempotency_key=f"many{n}",
                request_digest="",
                created_at=made.created_at,
                changed_at=made.created_at,
                ended_at=made.created_at,
            )
        )
        listings.append(Listing(project=made, draft=Listing.Draft.CREATED))
    Job.objects.bulk_create(jobs)
    Listing.objects.bulk_create(listings)
    for row in jobs:
        attempts.append(
            Attempt(job=row, stage="drafting", outcome="made", started_at=row.ended_at, ended_at=row.ended_at)
        )
    Attempt.objects.bulk_create(attempts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    clock = FixedClock(now + dt.timedelta(minutes=1))
    with ports.use_clock(clock):
        yield clock


def scans(sql: str) -> list[str]:
    """The large tables a query reads from end to end, by the database's own plan. PostgreSQL is asked whether it could do
    without: at a few thousand rows its choice hangs on estimates. `SET LOCAL` holds in a transaction alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            lines = [row[3] for row in cursor.fetchall()]
            names = dict(re.findall(r'"?(projects_\w+|pipeline_\w+)"?\s+(?:AS\s+)?"?([A-Z]\d+)"?', sql))
            alias = {v: k for k, v in names.items()}
            whole = [line for line in lines if not any(f"INDEX {name}" in line for name in FEW)]
            found = [alias.get(m[1], m[1]) for line in whole if (m := re.match(r"SCAN (\w+)", line))]
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            [(plan,)] = cursor.fetchall()
            found = list(sequential(plan if isinstance(plan, list) else json.loads(plan)))
    return [name for name in found if name in LARGE]


def sequential(plan: object) -> Iterator[str]:
    """The tables that a plan reads whole, by themselves or through an index with no condition on it."""
    if isinstance(plan, list):
        for part in plan:
            yield from sequential(part)
    elif isinstance(plan, dict):
        whole_index = "Index Name" in plan and "Index Cond" not in plan and plan["Index Name"] not in FEW
        if "Relation Name" in plan and (plan["Node Type"] == "Seq Scan" or whole_index):
            yield plan["Relation Name"]
        for part in plan.values():
            yield from sequential(part)


def test_no_task_scans_a_large_table(full: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tasks on one full studio, which takes longer to fill than all of them to run. Every message begins with the task's name."""
    monkeypatch.setattr(retention, "keep_days", lambda: 30)
    from elistit.delivery.models import KeepRule

    KeepRule.objects.create(pk=1, days=30, since=full.now() - dt.timedelta(days=60))
    found, reading = [], []
    for task in tasks.all_tasks():
        if task.needs_context:
            continue
        with CaptureQueriesContext(connection) as captured:
            service.run_task(task, WorkerView("w"))
        read = [q["sql"] for q in captured.captured_queries if q["sql"].lstrip().upper().startswith("SELECT")]
        reading += [task.name] if any(name in sql for sql in read for name in LARGE) else []
        found += [f"{task.name} {scanned}: {sql}" for sql in read if (scanned := scans(sql))]
    assert not found, "\n".join(found)
    assert len(reading) > 8, "the tasks did read the large tables"


def test_a_scan_would_be_seen(full: FixedClock) -> None:
    with CaptureQueriesContext(connection) as captured:
        list(Attempt.objects.filter(detail="x"))
    assert scans(captured.captured_queries[-1]["sql"]) == ["pipeline_attempt"]


def test_sending_traces_scans_no_large_table(full: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is off in the other tests; here it is on, with a day behind it."""
    sent: list[Span] = []
    monkeypatch.setenv("ELISTIT_OTLP_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(otlp, "sender", lambda url, headers: sent.extend)
    [task] = sending.tasks()
    service.run_task(task, WorkerView("w"))
    newest = Attempt.objects.order_by("-pk")[0]
    Attempt.objects.filter(pk=newest.pk).update(ended_at=full.now())
    full.advance(60)
    with CaptureQueriesContext(connection) as captured:
        assert service.run_task(task, WorkerView("w"))["spans sent"] >= 1
    assert sent
    read = [q["sql"] for q in captured.captured_queries if q["sql"].lstrip().upper().startswith("SELECT")]
    found = {sql: scanned for sql in read if (scanned := scans(sql))}
    assert not found, "\n".join(f"{v}: {k}" for k, v in found.items())
