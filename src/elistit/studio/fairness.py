"""The installation's fairness in numbers, for everyone: refunds, how quick they were, what finished, what is stuck.

Counted with plain SQL over the newest rows, so that the cost of a page doesn't grow with the studio, and kept for a minute.
It must never show a figure that says something about one seller: what too few sellers or projects stand behind is withheld.
"""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from ulid import ULID

from elistit import ports
from elistit.credits.audit_reading import moment
from elistit.maintenance import rule_checks, stuck_jobs
from elistit.maintenance.models import CheckResult

WINDOW = dt.timedelta(days=90)
ROWS_MAX = 20_000
"""Newest rows of the credit books, and newest projects, that are looked at: found by their ids, which grow with time."""
SELLERS_MIN, PROJECTS_MIN = 5, 20
"""A figure is shown when at least so many sellers, and projects, stand behind it."""
FEW = 5
"""Fewer stuck projects than this are not counted out."""
KEPT_SECONDS = 60
CACHE_KEY = "fairness"

# When the work a refund is for failed: its job's newest failed attempt up to then, of its image where it names one. Refunds
# at the approval follow a seller's decision and no failure.
REFUNDS = """
SELECT t.amount, t.created_at, t.account_id,
       (SELECT MAX(a.ended_at) FROM pipeline_attempt a
         WHERE a.job_id = t.job AND NOT a.note AND a.outcome NOT IN ('', 'made', 'stopped')
           AND a.ended_at <= t.created_at AND (t.item IS NULL OR a.item = t.item))
  FROM (SELECT amount, created_at, account_id, type, job, item, idempotency_key FROM credits_credittransaction
         WHERE id >= %s ORDER BY id DESC LIMIT %s) t
 WHERE t.type = 'REFUND_CREDIT' AND t.amount > 0 AND t.job <> ''
   AND t.idempotency_key NOT LIKE 'item:%%:dropped' AND t.idempotency_key NOT LIKE 'job:%%:print-size'
"""
ENDED = """
SELECT stage, owner_id, COUNT(*) FROM (
  SELECT stage, owner_id FROM projects_project WHERE public_id >= %s ORDER BY public_id DESC LIMIT %s
) newest WHERE stage IN ('completed', 'failed') GROUP BY stage, owner_id
"""
STUCK = """
SELECT COUNT(*) FROM (
  SELECT j.public_id FROM projects_job j JOIN projects_project p ON p.public_id = j.project_id
   WHERE j.status = 'RUNNING' AND j.ended_at IS NULL AND j.changed_at < %s AND p.paused_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM pipeline_attempt a WHERE a.job_id = j.public_id AND a.next_try_at > %s
                        AND a.id = (SELECT MAX(b.id) FROM pipeline_attempt b WHERE b.job_id = j.public_id))
   LIMIT %s
) stuck
"""


@dataclass(frozen=True)
class Refunds:
    """Refunds after failures: how many, their credits, and the seconds from the failure to the row in the credit history."""

    count: int
    credits: int
    median_seconds: float | None
    worst_seconds: float | None


@dataclass(frozen=True)
class Finished:
    """Of the projects that ended, how many finished. Percent, rounded down, so that 100 means every one."""

    ended: int
    percent: int


@dataclass(frozen=True)
class Fairness:
    """What the page shows. None where too few sellers or projects stand behind a figure. `stuck` counts projects."""

    at: dt.datetime
    refunds: Refunds | None
    finished: Finished | None
    stuck: int
    audit: CheckResult | None
    simulation: CheckResult | None


def current() -> Fairness:
    """The figures, at most `KEPT_SECONDS` old."""
    known = cache.get(CACHE_KEY)
    if not isinstance(known, Fairness):
        known = measure()
        cache.set(CACHE_KEY, known, KEPT_SECONDS)
    return known


def measure() -> Fairness:
    """The figures of this moment. Reads only."""
    now = ports.now()
    checks = {check.name: check for check in CheckResult.objects.all()[:10]}
    return Fairness(
        now,
        _refunds(now - WINDOW),
        _finished(now - WINDOW),
        _stuck(now - stuck_jobs.STUCK_AFTER),
        checks.get(rule_checks.AUDIT),
        checks.get(rule_checks.SIMULATE),
    )


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _first_id(since: dt.datetime) -> str:
    """The smallest id a row made at that moment could have."""
    return str(ULID.from_datetime(since))[:10] + "0" * 16


def _refunds(since: dt.datetime) -> Refunds | None:
    rows = _rows(REFUNDS, _first_id(since), ROWS_MAX)
    if len({account for _, _, account, _ in rows}) < SELLERS_MIN:
        return None
    waits = [
        (booked - failed).total_seconds()
        for booked, failed in ((moment(row[1]), moment(row[3])) for row in rows)
        if booked is not None and failed is not None
    ]
    median, worst = (statistics.median(waits), max(waits)) if waits else (None, None)
    return Refunds(len(rows), sum(row[0] for row in rows), median, worst)


def _finished(since: dt.datetime) -> Finished | None:
    rows = _rows(ENDED, _first_id(since), ROWS_MAX)
    ended = sum(count for _, _, count in rows)
    if len({owner for _, owner, _ in rows}) < SELLERS_MIN or ended < PROJECTS_MIN:
        return None
    return Finished(ended, 100 * sum(count for stage, _, count in rows if stage == "completed") // ended)


def _stuck(before: dt.datetime) -> int:
    ((count,),) = _rows(STUCK, before, before, ROWS_MAX)
    return int(count)
