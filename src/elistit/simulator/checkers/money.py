"""Rules §5.2–§5.6, §7, §8: what a job is charged, what comes back, exactly once and exactly that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from elistit.chain.models import Attempt
from elistit.credits.models import CreditTransaction
from elistit.projects.models import Item, ItemRound, Job, Listing
from elistit.simulator.town import Town


def check(town: Town) -> Iterator[str]:
    rows: dict[str, list[CreditTransaction]] = defaultdict(list)
    for row in CreditTransaction.objects.exclude(job="").order_by("created_at", "seq"):
        rows[row.job].append(row)
    jobs = list(Job.objects.select_related("project", "quote"))
    keys = [j.idempotency_key for j in jobs]
    if len(set(keys)) != len(keys):
        yield "two jobs were booked under one key"
    launches = [j.project_id for j in jobs if j.kind == "launch"]
    if len(launches) > town.launches:
        yield f"{len(launches)} projects were booked by {town.launches} launches"
    for job in jobs:
        yield from _job(town, job, rows.pop(job.pk, []))
    for stray in rows:
        yield f"credits moved for a job that is not there ({stray})"


def _job(town: Town, job: Job, rows: list[CreditTransaction]) -> Iterator[str]:
    who = f"job …{job.pk[-4:]} ({job.kind}, {job.status})"
    spent = [r for r in rows if r.type == "SPEND_CREDIT"]
    back = [r for r in rows if r.type == "REFUND_CREDIT"]
    charged, returned = -sum(r.amount for r in spent), sum(r.amount for r in back)
    first = [r for r in spent if r.item is None]
    if len(first) != 1 or -first[0].amount != job.quote.total:
        yield f"{who} was quoted {job.quote.total} and charged {[-r.amount for r in first]} at its launch"
    if returned > charged:
        yield f"{who} was charged {charged} and given back {returned}"
    if job.status == "FAILED" and returned != charged:
        yield f"{who} was charged {charged} and given back {returned} when it failed"
    gone = town.deleted.get(job.project_id)
    late = gone is not None and any(r.seq > gone and r.amount for r in back)
    if late or (job.status == "CANCELLED" and any(r.item is None and r.amount and not _is_print_size(r) for r in back)):
        yield f"{who} was given credits back although its project was deleted"
    if job.status == "SUCCEEDED":
        expected = _due_back(job)
        if returned != expected:
            yield f"{who} succeeded; {returned} of {charged} came back where the rules give {expected}"


def _is_print_size(row: CreditTransaction) -> bool:
    """Whether a refund is for dropped images, posted at the approval and not because the job ended."""
    return row.idempotency_key == f"job:{row.job}:print-size"


def _due_back(job: Job) -> int:
    """What the rules return of a job that succeeded: lines of items that could not be made or that our own check had flagged
    and the seller dropped, the print size of what was dropped by choice, remakes that failed, and the listing that could not be written."""
    lines: list[dict[str, Any]] = list(job.quote.lines)
    each = sum(line["unit_price"] for line in lines if line["per_item"])
    due = 0
    if job.kind == "launch":
        for item in Item.objects.filter(job=job):
            due += _item_due(job, item, each)
    text = Listing.objects.get(project=job.project_id).text
    wrote = [line for line in lines if line["action"] == "listing"]
    # Writing it again can be bought only when it had failed here, whatever came of that.
    again = Job.objects.filter(project=job.project_id, kind="listing").exists()
    if wrote and job.kind != "listing" and (text == "failed" or again):
        due += sum(line["credits"] for line in wrote)
    return due


def _item_due(job: Job, item: Item, each: int) -> int:
    """What the rules return of one item, read from what happened to each of its rounds. A round that was lost returns what it
    was charged, and an item that was lost permanently, at whatever stage, everything. Of the others, an order whose every version
    our own check flagged and of which none is kept returns its price, and never that of another order."""
    spent = CreditTransaction.objects.filter(job=job.pk, item=item.number, type="SPEND_CREDIT")
    charges = {int(row.idempotency_key.split(":")[3]): -row.amount for row in spent}
    charges[0] = each
    if item.state in ("blocked", "failed"):
        return sum(charges.values())
    lost = {
        a.round for a in Attempt.objects.filter(job=job, item=item.number, stage="generating", note=False)
        if a.ended_at and a.next_try_at is None and a.outcome not in ("made", "stopped")
    }  # fmt: skip
    kept = item.art["made_round"] if item.state == "made" else None
    orders: dict[int, list[ItemRound]] = defaultdict(list)
    for made in ItemRound.objects.filter(item=item, state="made"):
        orders[made.order].append(made)
    unkept = {
        order for order, made in orders.items() if all(m.flags for m in made) and kept not in {m.number for m in made}
    }
    prints = sum(line["unit_price"] for line in job.quote.lines if line["per_item"] and line["action"] == "upscale")
    back = sum(charge for round_, charge in charges.items() if round_ in lost | unkept)
    # Print size comes back with what it was charged with, unless a version is kept and enlarged; and for what is dropped.
    with_it = any(charge >= each for round_, charge in charges.items() if round_ in unkept)
    return back - prints * (with_it and kept is not None) + prints * (not with_it and item.state == "dropped")
