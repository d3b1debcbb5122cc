"""Events beside a project's change of stage: an item that can't be made, credits that came back, a low balance, a batch that ended or
couldn't be launched.

Read from the ledger, the attempts and the jobs, like every event (`events`): nothing announces them, and `occasion` makes each tell
itself once. It must never say that credits came back unless the ledger has the row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q

from elistit import ports
from elistit.actions import batch_queries
from elistit.chain.models import Attempt
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.projects import requested_launches
from elistit.projects.batch_models import Batch, BatchLaunch, RequestedLaunch
from elistit.projects.models import Item, Job, Project
from elistit.projects.states import ItemState, Stage

ITEM_FAILED, REFUNDED, LOW_BALANCE = "item.failed", "credits.refunded", "credits.low"
BATCH_COMPLETED, BATCH_FAILED, NOT_LAUNCHED = "batch.completed", "batch.failed", "batch.not_launched"
TYPES = frozenset({ITEM_FAILED, REFUNDED, LOW_BALANCE, BATCH_COMPLETED, BATCH_FAILED, NOT_LAUNCHED})
LOW = 20
"""Credits below which a balance is low: the launch or remake that takes it there is reported, once for each time."""


@dataclass(frozen=True)
class Detail:
    """One event, ready to be sent. `project` is the project it is about, or the batch."""

    type: str
    occasion: str
    at: dt.datetime
    owner: int
    project: str
    data: dict[str, Any]


def since(moment: dt.datetime, owners: Collection[int], types: Collection[str]) -> list[Detail]:
    """Every event of these types and owners from `moment` on, oldest first. Asks nothing for types nobody wants."""
    found: list[Detail] = []
    if ITEM_FAILED in types:
        found += _items(moment, owners)
    if REFUNDED in types or LOW_BALANCE in types:
        found += [event for event in _money(moment, owners) if event.type in types]
    if BATCH_COMPLETED in types or BATCH_FAILED in types:
        found += [event for event in _batches(moment, owners) if event.type in types]
    if NOT_LAUNCHED in types:
        found += [_not_launched(wait) for wait in requested_launches.refused(moment, owners)]
    return sorted(found, key=lambda event: event.at)


def _items(moment: dt.datetime, owners: Collection[int]) -> list[Detail]:
    """Items that stand as not made, with the end of their last attempt. Only jobs that are open or ended since."""
    jobs = Job.objects.filter(project__owner__in=owners).filter(Q(ended_at=None) | Q(ended_at__gte=moment))
    ends: dict[tuple[str, int, int], dt.datetime] = {}
    attempts = Attempt.objects.filter(job__in=jobs, item__gt=0, note=False, ended_at__gte=moment, next_try_at=None)
    for job, number, round_, ended in attempts.order_by("id").values_list("job", "item", "round", "ended_at"):
        if ended is not None:
            ends[job, number, round_] = ended
    lost = Item.objects.select_related("job__project").filter(
        job__in={job for job, _, _ in ends}, state__in=(ItemState.BLOCKED, ItemState.FAILED)
    )
    standing = lost.exclude(job__project__stage=Stage.DELETED)
    return [_item(item, at) for item in standing if (at := ends.get((item.job_id, item.number, item.round)))]


def _item(item: Item, at: dt.datetime) -> Detail:
    project = item.job.project
    data = {**_about(project), "item": {"number": item.number, "state": item.state, "reason": item.reason}}
    occasion = f"{ITEM_FAILED}:{item.job_id}:{item.number}:{item.round}"
    return Detail(ITEM_FAILED, occasion, at, project.owner_id, project.pk, data)


def _money(moment: dt.datetime, owners: Collection[int]) -> list[Detail]:
    rows = CreditTransaction.objects.filter(pk__gte=ports.first_id(moment), account__owner__in=owners).exclude(
        project=""
    )
    low = Q(type=TransactionType.SPEND_CREDIT, balance_after__lt=LOW, balance_after__gte=LOW + F("amount"))
    listed = list(rows.filter(Q(type=TransactionType.REFUND_CREDIT) | low).select_related("account").order_by("pk"))
    projects = Project.objects.in_bulk({row.project for row in listed})
    return [_movement(row, projects[row.project]) for row in listed if row.project in projects]


def _movement(row: CreditTransaction, project: Project) -> Detail:
    kind = REFUNDED if row.type == TransactionType.REFUND_CREDIT else LOW_BALANCE
    data = {
        **_about(project),
        "transaction": {"id": row.pk, "amount": row.amount, "item": row.item, "reason": row.reason},
        "balance": row.balance_after,
    }
    return Detail(kind, f"{kind}:{row.pk}", row.created_at, row.account.owner_id, project.pk, data)


def _batches(moment: dt.datetime, owners: Collection[int]) -> list[Detail]:
    """Batches in which a job ended since and none is unfinished. Failed rows that are launched again end as a further event."""
    ended = BatchLaunch.objects.filter(row__batch__owner__in=owners, project__jobs__ended_at__gte=moment)
    held = Batch.objects.filter(pk__in=ended.values("row__batch"), state=Batch.State.LAUNCHED)
    marks = held.annotate(
        launches=Count("rows__launches", distinct=True),
        unfinished=Count("rows__launches__project__jobs", filter=Q(rows__launches__project__jobs__ended_at=None)),
        at=Max("rows__launches__project__jobs__ended_at"),
    ).order_by("pk")
    return [_batch(batch, batch.at, batch.launches) for batch in marks if not batch.unfinished and batch.at]


def _batch(batch: Batch, at: dt.datetime, launches: int) -> Detail:
    shown = batch_queries.describe(batch)
    counts = shown["counts"]
    kind = BATCH_FAILED if counts["failed"] and not counts["finished"] else BATCH_COMPLETED
    data = {
        "public_id": batch.pk, "name": batch.name, "counts": counts, "charged": shown["charged"],
        "refunded": shown["refunded"], "url": f"/api/v1/batches/{batch.pk}",
    }  # fmt: skip
    return Detail(kind, f"batch:{batch.pk}:{launches}", at, batch.owner_id, batch.pk, data)


def _not_launched(wait: RequestedLaunch) -> Detail:
    """Once for each reason: a launch that is held up may be refused later."""
    batch, at = wait.batch, wait.ended_at or wait.held_up_at
    assert at is not None, "found by one of them"
    data = {
        "public_id": batch.pk, "name": batch.name, "launch": batch_queries.refusal(wait),
        "url": f"/api/v1/batches/{batch.pk}",
    }  # fmt: skip
    return Detail(NOT_LAUNCHED, f"{NOT_LAUNCHED}:{batch.pk}:{wait.state}", at, batch.owner_id, batch.pk, data)


def _about(project: Project) -> dict[str, Any]:
    return {
        "public_id": project.pk, "name": project.name, "product": project.product,
        "url": f"/api/v1/projects/{project.pk}",
    }  # fmt: skip
