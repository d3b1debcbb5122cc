"""No maintenance task, page or message reads whole tables: with many rows, queries find theirs through indexes, on both databases."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from elistit import ports
from elistit.accounts.models import ApiKey, User
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits.models import CreditAccount, CreditTransaction
from elistit.maintenance import retention, service, tasks
from elistit.maintenance.task import WorkerView
from elistit.maintenance.traces import otlp, sending
from elistit.maintenance.traces.spans import Span
from elistit.ports import FixedClock
from elistit.projects import daily_limits
from elistit.projects.models import Job, Listing, Project
from elistit.projects.preset_models import Series
from elistit.projects.states import JobStatus, Stage
from elistit.runtime import engine
from elistit.support import due
from tests.credits.flushing import guards_lifted
from tests.runtime.test_engine_contract import project, queue

__all__ = ["project", "queue"]
pytestmark = pytest.mark.django_db

LARGE = (
    "projects_project",
    "projects_job",
    "pipeline_attempt",
    "projects_listing",
    "credits_credittransaction",
    "pipeline_providercall",
)
FEW = (
    "attempt_open",
    "attempt_operator_failures",
    "listing_draft_pending",
    "listing_needs_seller",
    "provider_call_paid_unkept",
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
    busy = User.objects.create_user("busy@example.com")
    for n in range(MANY):
        ago = now - dt.timedelta(minutes=10 * n)
        finished.append(
            Project(
                owner=busy,
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
    calls = [
        ProviderCall(key=f"many{n}", job=row, provider="builtin", state="answered", outcome="made")
        for n, row in enumerate(jobs)
    ]
    ProviderCall.objects.bulk_create(calls)
    Series.objects.create(owner=project.owner, name="Foxes", folded="foxes", look={})
    _books(jobs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    clock = FixedClock(now + dt.timedelta(minutes=1))
    with ports.use_clock(clock):
        yield clock


def _books(jobs: list[Job]) -> None:
    """A row in the books for each job, of an account that has no other."""
    account = CreditAccount.objects.create(owner=jobs[0].project.owner)
    rows = []
    for seq, job in enumerate(reversed(jobs), 1):
        with ports.use_clock(FixedClock(job.created_at)):
            row = CreditTransaction(
                account=account,
                seq=seq,
                type="SPEND_CREDIT",
                contra="revenue",
                amount=-1,
                balance_after=MANY - seq,
                job=job.pk,
                project=job.project_id,
                idempotency_key=f"many{seq}",
                hash=f"{seq:064d}",
            )
        rows.append(row)
    with guards_lifted():
        CreditTransaction.objects.bulk_create(rows)


class Reading:
    """What a block of code reads, with the parameters as the database gets them: once they stand in the statement, SQLite would use
    indexes that it can't use for the product."""

    def __init__(self) -> None:
        self.read: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().upper().startswith("SELECT"):
            self.read.append((sql, params))
        return execute(sql, params, many, context)

    @property
    def whole(self) -> list[str]:
        return [f"{found}: {sql}" for sql, params in self.read if (found := scans(sql, params))]


def scans(sql: str, params: Any = None) -> list[str]:
    """The large tables a query reads from end to end, by the database's own plan. PostgreSQL is asked whether it could do
    without: at a few thousand rows its choice hangs on estimates. `SET LOCAL` holds in a transaction alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            lines = [row[3] for row in cursor.fetchall()]
            names = dict(re.findall(r'"?(projects_\w+|pipeline_\w+)"?\s+(?:AS\s+)?"?([A-Z]\d+)"?', sql))
            alias = {v: k for k, v in names.items()}
            # Along an index to the newest few, with no condition, is no scan.
            along = re.search(r"ORDER BY .* LIMIT", sql) is not None and " WHERE " not in sql
            whole = [] if along else [line for line in lines if not any(f"INDEX {name}" in line for name in FEW)]
            found = [alias.get(m[1], m[1]) for line in whole if (m := re.match(r"SCAN (\w+)", line))]
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
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
        if plan.get("Node Type") == "Limit" and "Filter" not in (below := plan["Plans"][0]) and "Plans" not in below:
            return  # along an index to the newest few is no scan
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
        reads = Reading()
        with connection.execute_wrapper(reads):
            service.run_task(task, WorkerView("w"))
        reading += [task.name] if any(name in sql for sql, _ in reads.read for name in LARGE) else []
        found += [f"{task.name} {words}" for words in reads.whole]
    assert not found, "\n".join(found)
    assert len(reading) > 8, "the tasks did read the large tables"


def test_a_scan_would_be_seen(full: FixedClock) -> None:
    reads = Reading()
    with connection.execute_wrapper(reads):
        list(Attempt.objects.filter(detail="x"))
    [found] = reads.whole
    assert "pipeline_attempt" in found


def test_no_page_scans_a_large_table(full: FixedClock) -> None:
    """What sellers, their programs and operators open, of a studio and of a seller with many projects."""
    mine = Job.objects.exclude(project__stage=Stage.COMPLETED).get().project
    seller, owner = Client(), Client()
    seller.force_login(mine.owner)
    owner.force_login(User.objects.create_user("owner@example.com", is_staff=True))
    key = {"HTTP_AUTHORIZATION": f"Bearer {ApiKey.issue(mine.owner)}"}
    reads, pages = Reading(), [
        (seller, "/", {}), (seller, f"/projects/{mine.pk}/", {}), (seller, "/settings/billing/", {}),
        (seller, f"/settings/billing/?project={mine.pk}", {}), (seller, "/api/v1/projects", key),
        (seller, f"/api/v1/projects/{mine.pk}", key), (seller, "/api/v1/credits", key),
        (owner, "/console/", {}), (owner, f"/console/projects/{mine.pk}/", {}),
    ]  # fmt: skip
    if connection.vendor == "sqlite":
        # Past work like it is found among the newest 2,000 jobs: of a table of 3,000, PostgreSQL reads all.
        pages.append((seller, "/new/", {}))
    for client, address, more in pages:
        with connection.execute_wrapper(reads):
            assert client.get(address, **more).status_code == 200, address
    assert not reads.whole, "\n".join(reads.whole)
    assert len(reads.read) > 50, "the pages did read"


def test_what_a_day_costs_is_found_by_the_newest_ids(full: FixedClock) -> None:
    """The limit of a day, and mail about credits that run low, read the newest rows of the books and no more."""
    busy = User.objects.get(email="busy@example.com")
    reads = Reading()
    with connection.execute_wrapper(reads):
        charged = daily_limits.used(busy.pk).credits
        found = list(due._low(due.Search(full.now() - due.LOOK_BACK, lambda kind: set())))
    assert not reads.whole, "\n".join(reads.whole)
    today = full.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert (
        charged
        == Job.objects.filter(
            project__owner__isnull=False, created_at__gte=today, idempotency_key__startswith="many"
        ).count()
    )
    assert not found, "the account of these rows was never moved to the newest"


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
    reads = Reading()
    with connection.execute_wrapper(reads):
        assert service.run_task(task, WorkerView("w"))["spans sent"] >= 1
    assert sent
    assert not reads.whole, "\n".join(reads.whole)
