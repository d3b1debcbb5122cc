"""Settle an attempt: record its outcome and all its consequences, in one transaction.

Settling the same attempt again changes nothing and returns the same answer, read from the tables. It must never queue
anything: it returns the attempts that follow.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from elistit import ports
from elistit.chain import attempts, outcomes, retry
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.attempts import Runner
from elistit.chain.due import due, open_units
from elistit.chain.failure import pause_provider, settle_failure
from elistit.chain.models import Attempt
from elistit.chain.success import settle_success
from elistit.chain.waits import wait_seconds
from elistit.ports import OVER_LIMIT, Kind, Made, Outcome


def settle(this: AttemptKey, outcome: Outcome | None) -> list[AttemptKey]:
    """Record the outcome of an attempt and all its consequences, in one transaction, and return the attempts to queue
    next. Idempotent: settling again changes nothing and returns the same answer from the tables."""
    if outcome is not None:
        with transaction.atomic():
            _settle(this, outcome)
    return [t for t in due(this.job) if t.stage != this.stage or t.item == this.item or t.item == 0]


def _settle(this: AttemptKey, outcome: Outcome) -> None:
    held = attempts.lock(this)
    attempt = attempts.row_with_job.first(*attempts.key_of(this))
    if attempt is None or attempt.ended_at is not None:
        return
    job = attempt.job
    if not held or (this.stage, this.item, this.round) not in open_units(job):
        _end(attempt, outcomes.STOPPED, "The work was no longer needed.")
        return
    if isinstance(outcome, Made):
        _end(attempt, outcomes.MADE, "", detail=outcome.data.get("note", ""))
        settle_success(job, this.stage, this.item, outcome)
        return
    before = Attempt.objects.filter(job=job, stage=this.stage, item=this.item, round=this.round, note=False)
    blocked = before.filter(outcome=Kind.BLOCKED_OUTPUT).count()
    over_limit = before.filter(outcome=OVER_LIMIT).count()
    decision = retry.decide(outcome, this.number, this.wait, blocked, over_limit)
    again = decision if isinstance(decision, retry.Again) and outcome.detail != outcomes.CRASHED else None
    next_at = ports.now() + dt.timedelta(seconds=wait_seconds(again.delay)) if again else None
    _end(
        attempt,
        outcomes.stored_kind(outcome),
        outcome.reason,
        outcome.detail,
        next_at,
        again.counted if again else outcome.detail != ports.NOT_SENT,
    )
    pause_provider(job, this.stage, this.item, outcome)
    if again is None:
        settle_failure(job, this.stage, this.item, outcome)


def _end(
    attempt: Attempt,
    outcome: str,
    reason: str,
    detail: str = "",
    next_at: dt.datetime | None = None,
    counted: bool = True,
) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(
        ended_at=ports.now(), outcome=outcome, reason=reason[:400], detail=detail, next_try_at=next_at, counted=counted
    )


def perform(this: AttemptKey, worker: str, runner: Runner) -> list[AttemptKey]:
    """Run and settle one whole attempt. The engine does the same in two durable steps."""
    return settle(this, attempts.run(this, worker, runner))
