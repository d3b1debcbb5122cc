"""Metrics for the operator's monitoring, computed from the tables at each scrape.

Labels are statuses, stages, queues and providers only: never a person, a project or anything a seller wrote. Counters
come from append-only tables, so they survive restarts and are the same in every process.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator

from django.core.cache import cache
from django.db.models import Count, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from elistit import ports
from elistit.chain.models import Attempt, ProviderCall, ProviderPause, paid_and_not_kept
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.maintenance import clock_guard, status, stuck_jobs, tasks
from elistit.projects.models import Job, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import queues
from elistit.support.models import HelpRequest, SentMail

KEPT_TIMES = 50
"""A count over whole tables is kept for so many times as long as it took: counting never takes more than 2 % of a core, however
large the studio is, and in one of 10,000 projects nothing is kept."""


class Elistit(Collector):
    """Everything about this installation. One scrape is a handful of grouped queries."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from _kept("work", _work)
        yield from _stuck()
        yield from _engine()
        yield from _kept("chain", _chain)
        yield from _kept("providers", _providers)
        yield from _paused_providers()
        yield from _maintenance()
        unanswered = HelpRequest.objects.filter(answered_at=None).count()
        yield GaugeMetricFamily("elistit_help_requests_open", "Unanswered help requests", value=unanswered)
        yield _counted(
            "elistit_mails", "Messages by state", "state",
            dict.fromkeys(SentMail.State.values, 0) | dict(SentMail.objects.values_list("state").annotate(n=Count("*"))),
        )  # fmt: skip


def text() -> bytes:
    """All metrics in the Prometheus text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Elistit())
    return generate_latest(registry)


def _kept(name: str, count: Callable[[], Iterator[Metric]]) -> list[Metric]:
    """Kept for every process of the studio: a counter must never seem to go back because another process answers."""
    key = f"metrics-{name}"
    found: list[Metric] | None = cache.get(key)
    if found is None:
        began = time.monotonic()
        found = list(count())
        seconds = int((time.monotonic() - began) * KEPT_TIMES)
        if seconds:
            cache.set(key, found, seconds)
    return found


def _counted(name: str, words: str, label: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([str(value)], count)
    return family


def _work() -> Iterator[Metric]:
    jobs = {s.value: 0 for s in JobStatus} | dict(Job.objects.values_list("status").annotate(n=Count("*")))
    yield _counted("elistit_jobs", "Jobs by status", "status", jobs)
    stages = {s.value: 0 for s in Stage} | dict(Project.objects.values_list("stage").annotate(n=Count("*")))
    yield _counted("elistit_projects", "Projects by stage", "stage", stages)


def _stuck() -> Iterator[Metric]:
    silent = ports.now() - stuck_jobs.STUCK_AFTER
    stuck = Job.objects.filter(status=JobStatus.RUNNING, ended_at=None, changed_at__lt=silent).count()
    believed = 0 if clock_guard.refusal() else 1
    yield GaugeMetricFamily(
        "elistit_clock_believed", "0 while the clock has jumped and renewals, expiry and deletion wait", value=believed
    )
    yield GaugeMetricFamily("elistit_jobs_silent", "Running jobs without progress for 30 minutes", value=stuck)


def _engine() -> Iterator[Metric]:
    depth = GaugeMetricFamily("elistit_queue_depth", "Work on each queue", labels=["queue", "state"])
    oldest = GaugeMetricFamily("elistit_queue_oldest_seconds", "Age of the oldest waiting work", labels=["queue"])
    answered = GaugeMetricFamily("elistit_engine_up", "Whether the engine's tables could be read")
    try:
        for queue in queues.depths():
            for state in ("enqueued", "delayed", "running"):
                depth.add_metric([queue.name, state], getattr(queue, state))
            oldest.add_metric([queue.name], queue.oldest_seconds)
        answered.add_metric([], 1)
    except Exception:
        # The other numbers are still worth having, and an alert can stand on this one.
        answered.add_metric([], 0)
    yield from (depth, oldest, answered)
    workers = queues.workers()
    yield GaugeMetricFamily("elistit_workers_live", "Workers beating", value=sum(w.live for w in workers))
    yield GaugeMetricFamily("elistit_workers_draining", "Workers stopping", value=sum(w.draining for w in workers))


def _chain() -> Iterator[Metric]:
    tries = CounterMetricFamily("elistit_attempts", "Ended attempts, by stage and outcome", labels=["stage", "outcome"])
    ended = Attempt.objects.filter(note=False).exclude(outcome="")
    for stage, outcome, count in ended.values_list("stage", "outcome").annotate(n=Count("*")).order_by():
        tries.add_metric([stage, outcome], count)
    yield tries
    again = Attempt.objects.filter(note=False, number__gt=1).count()
    yield CounterMetricFamily("elistit_retries", "Retries", value=again)
    refunds = CreditTransaction.objects.filter(type=TransactionType.REFUND_CREDIT)
    money = refunds.aggregate(n=Count("*"), credits=Sum("amount"))
    yield CounterMetricFamily("elistit_refunds", "Refund rows in the ledger", value=money["n"])
    yield CounterMetricFamily("elistit_refunded_credits", "Credits returned", value=money["credits"] or 0)


def _providers() -> Iterator[Metric]:
    calls = CounterMetricFamily("elistit_provider_calls", "Calls to providers", labels=["provider", "outcome"])
    known = ProviderCall.objects.values_list("provider", "outcome", "state").annotate(n=Count("*")).order_by()
    sums: dict[tuple[str, str], int] = {}
    for provider, outcome, state, count in known:
        key = (provider, outcome or ("never_answered" if state == ProviderCall.State.UNKNOWN else "running"))
        sums[key] = sums.get(key, 0) + count
    for labels, count in sorted(sums.items()):
        calls.add_metric(list(labels), count)
    yield calls
    repeated = CounterMetricFamily("elistit_provider_calls_repeated", "Calls sent more than once", labels=["provider"])
    cost = CounterMetricFamily("elistit_provider_cost_dollars", "Cost of calls", labels=["provider"])
    names = ProviderCall.objects.values_list("provider").annotate(spent=Sum("cost_micros")).order_by("provider")
    more = dict(ProviderCall.objects.filter(requests__gt=1).values_list("provider").annotate(n=Count("*")).order_by())
    for provider, spent in names:
        repeated.add_metric([provider], more.get(provider, 0))
        cost.add_metric([provider], (spent or 0) / 1_000_000)
    yield from (repeated, cost)
    unkept = GaugeMetricFamily(
        "elistit_provider_paid_and_not_kept",
        "Purchases that were paid for and aren't in file storage",
        labels=["provider"],
    )
    unkept_cost = GaugeMetricFamily(
        "elistit_provider_paid_and_not_kept_dollars", "Cost of those purchases", labels=["provider"]
    )
    kept_not = paid_and_not_kept().values_list("provider").order_by("provider")
    for provider, count, spent in kept_not.annotate(n=Count("*"), spent=Sum("cost_micros")):
        unkept.add_metric([provider], count)
        unkept_cost.add_metric([provider], (spent or 0) / 1_000_000)
    yield from (unkept, unkept_cost)


def _paused_providers() -> Iterator[Metric]:
    paused = GaugeMetricFamily(
        "elistit_provider_paused_since", "When a paused provider was paused", labels=["provider"]
    )
    for provider, since in ProviderPause.objects.values_list("provider", "since"):
        paused.add_metric([provider], since.replace(tzinfo=since.tzinfo or dt.UTC).timestamp())
    yield paused


def _maintenance() -> Iterator[Metric]:
    success = GaugeMetricFamily(
        "elistit_maintenance_last_success_timestamp_seconds", "When a task last succeeded", labels=["task"]
    )
    failures = GaugeMetricFamily(
        "elistit_maintenance_failures", "Runs of a task that failed since it last succeeded", labels=["task"]
    )
    rows = GaugeMetricFamily("elistit_maintenance_rows_failing", "Rows a task can't process now", labels=["task"])
    seconds = GaugeMetricFamily("elistit_maintenance_seconds", "Duration of the last run", labels=["task"])
    for report in status.reports(tasks.all_tasks()):
        if report.last_success_at:
            success.add_metric([report.name], report.last_success_at.timestamp())
        failures.add_metric([report.name], report.failures)
        rows.add_metric([report.name], len(report.rows))
        seconds.add_metric([report.name], report.seconds)
    yield from (success, failures, rows, seconds)
