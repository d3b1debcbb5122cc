"""Read the spans of what ended in a span of time. Reads only, and through indexes: nothing is added to the tables for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max, Min, Q

from elistit.chain import outcomes
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import ledger
from elistit.maintenance.traces import spans
from elistit.maintenance.traces.spans import Event, Span, Value
from elistit.projects.models import Job, JobKind
from elistit.projects.states import JobStatus

ROWS = 500
"""Attempts read for one request to the collector."""
IDS_BEHIND = 1000
"""So many ids below the newest may belong to rows whose transaction hasn't ended yet."""

NO_ERROR = {outcomes.MADE, outcomes.STOPPED, ""}


def lowest_id(since: dt.datetime, above: int) -> int:
    """An id below every attempt that is running or has ended after `since`; `above`: one that was below them all before."""
    mine = Attempt.objects.filter(pk__gt=above)
    recent = mine.filter(Q(ended_at=None) | Q(ended_at__gt=since)).aggregate(Min("pk"))["pk__min"]
    newest = mine.aggregate(Max("pk"))["pk__max"] or above
    return max(above, min(recent or newest, newest) - IDS_BEHIND)


def attempts(above: int, after: tuple[dt.datetime, int], until: dt.datetime) -> list[Attempt]:
    """The next attempts that ended after a moment and an id, in order: at most `ROWS`."""
    at, pk = after
    rows = Attempt.objects.filter(pk__gt=above, note=False, ended_at__lte=until)
    rows = rows.filter(Q(ended_at__gt=at) | Q(ended_at=at, pk__gt=pk)).order_by("ended_at", "pk")
    return list(rows.select_related("job", "job__project")[:ROWS])


def of_attempts(rows: list[Attempt]) -> Iterable[Span]:
    """The spans of attempts and of the provider calls in them; of the launch too, with the first attempt of a project."""
    jobs = {row.job_id for row in rows}
    first = dict(Attempt.objects.filter(job__in=jobs, note=False).values_list("job").annotate(Min("pk")))
    calls: dict[tuple[str, int], list[ProviderCall]] = defaultdict(list)
    for call in ProviderCall.objects.filter(job__in=jobs, item__in={row.item for row in rows}).order_by("sent_at"):
        calls[call.job_id, call.item].append(call)
    for row in rows:
        if row.pk == first.get(row.job_id) and row.job.kind == JobKind.LAUNCH:
            yield _launch(row.job)
        yield _attempt(row)
        yield from (_call(call, row) for call in calls[row.job_id, row.item] if _belongs(call, row))


def of_jobs(after: dt.datetime, until: dt.datetime) -> Iterable[Span]:
    """The spans of jobs that ended, with what operators and recovery did to them."""
    jobs = list(Job.objects.filter(ended_at__gt=after, ended_at__lte=until).select_related("project"))
    notes: dict[str, list[Attempt]] = defaultdict(list)
    begun: set[str] = set()
    for row in Attempt.objects.filter(job__in=[job.pk for job in jobs]).only("job", "note", "stage", "started_at"):
        if row.note:
            notes[row.job_id].append(row)
        else:
            begun.add(row.job_id)
    money = ledger.jobs_money([job.pk for job in jobs])
    for job in jobs:
        if job.pk not in begun and job.kind == JobKind.LAUNCH:
            yield _launch(job)
        yield _job(job, money[job.pk], notes[job.pk])


def _launch(job: Job) -> Span:
    project = job.project
    known: dict[str, Value] = {"elistit.project": project.pk, "elistit.product": project.product}
    return Span(
        spans.trace_of(project.pk), spans.launch_span(project.pk), 0, "launch", job.created_at, job.created_at, known
    )


def _job(job: Job, money: ledger.JobMoney, notes: list[Attempt]) -> Span:
    known: dict[str, Value] = {
        "elistit.project": job.project_id,
        "elistit.job": job.pk,
        "elistit.job.kind": job.kind,
        "elistit.job.status": job.status,
        "elistit.product": job.project.product,
        "elistit.credits.charged": money.charged,
        "elistit.credits.refunded": money.refunded,
    }
    if job.failure_stage:
        known["elistit.failure.stage"] = job.failure_stage
    return Span(
        spans.trace_of(job.project_id),
        spans.job_span(job.pk),
        spans.launch_span(job.project_id),
        f"job {job.kind}",
        job.created_at,
        job.ended_at or job.created_at,
        known,
        error=(job.failure_kind or "failed") if job.status == JobStatus.FAILED else "",
        events=tuple(Event("note", note.started_at, {"elistit.stage": note.stage}) for note in notes),
    )


def key_of(row: Attempt) -> str:
    """The key of an attempt's row, as the engine knows it."""
    return AttemptKey(row.job_id, row.stage, row.item, row.round, row.number, row.wait).id


def _attempt(row: Attempt) -> Span:
    known: dict[str, Value] = {
        "elistit.project": row.job.project_id,
        "elistit.job": row.job_id,
        "elistit.stage": row.stage,
        "elistit.item": row.item,
        "elistit.round": row.round,
        "elistit.attempt": row.number,
        "elistit.attempt.starts": row.starts,
        "elistit.attempt.counted": row.counted,
        "elistit.outcome": row.outcome,
        "elistit.worker": row.worker,
    }
    if row.wait:
        known["elistit.attempt.wait"] = row.wait
    if row.next_try_at:
        known["elistit.attempt.next_at"] = row.next_try_at.isoformat()
    return Span(
        spans.trace_of(row.job.project_id),
        spans.attempt_span(key_of(row)),
        spans.job_span(row.job_id),
        f"attempt {row.stage}",
        row.started_at,
        row.ended_at or row.started_at,
        known,
        error="" if row.outcome in NO_ERROR else row.outcome,
    )


def _belongs(call: ProviderCall, row: Attempt) -> bool:
    """Whether a call was sent, open or answered while an attempt of the same item and round ran."""
    ended = row.ended_at or row.started_at
    of_round = call.key.split(":")[-2:-1] == [str(row.round)]
    return of_round and call.sent_at <= ended and (call.answered_at is None or call.answered_at >= row.started_at)


def _call(call: ProviderCall, row: Attempt) -> Span:
    """A call within one attempt. What was answered later than the attempt ended was unanswered there."""
    ended = row.ended_at or row.started_at
    answered = call.answered_at is not None and call.answered_at <= ended
    outcome = call.outcome if answered else "unanswered"
    known: dict[str, Value] = {
        "elistit.project": row.job.project_id,
        "elistit.job": row.job_id,
        "elistit.item": row.item,
        "elistit.provider": call.provider,
        "elistit.model": call.model,
        "elistit.call": call.key,
        "elistit.call.requests": call.requests,
        "elistit.outcome": outcome,
    }
    if answered:
        known["elistit.cost_usd"] = call.cost_micros / 1_000_000
    if call.provider_id:
        known["elistit.provider.id"] = call.provider_id
    return Span(
        spans.trace_of(row.job.project_id),
        spans.call_span(call.key, key_of(row)),
        spans.attempt_span(key_of(row)),
        f"provider call {call.provider}",
        max(call.sent_at, row.started_at),
        call.answered_at if answered and call.answered_at else ended,
        known,
        error="" if outcome == outcomes.MADE else outcome,
        outgoing=True,
    )
