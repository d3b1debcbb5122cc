"""Purchases that a restored database may not know: recorded as unknown, so that they are looked up before anything is
bought (rules §5.7, §6).

A backup is hours old when it is restored, and what a job bought since then is known only to its provider. So before the
first purchase of an item that was unfinished at the restore, every request key that its attempts may have used since
the backup gets a row in state `unknown`, and `calls` asks the provider about each, as for any lost answer. It must
never send anything.
"""

from __future__ import annotations

import datetime as dt

from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall, Restore, RestoredRound
from elistit.chain.retry import FREE_WAITS, MAX_ATTEMPTS
from elistit.projects.models import ItemRound, Job, JobKind
from elistit.providers.base import since_mark


def since(this: AttemptKey, job: Job) -> dt.datetime | None:
    """Since when purchases of an attempt's item and round may be missing here; None if none can be."""
    taken = list(Restore.objects.filter(restored_at__gte=job.created_at).values_list("taken_at", flat=True))
    if not taken:
        return None
    known = RestoredRound.objects.filter(job=this.job, item=this.item).values_list("round", flat=True).first() or 0
    # A model that steps in, or a free remake, belongs to the order it repeats; a later order was placed after the
    # restore.
    rounds = ItemRound.objects.filter(
        item__number=this.item, item__job__kind=JobKind.LAUNCH, item__job__project=job.project_id, number=this.round
    )
    order = rounds.values_list("order", flat=True).first()
    return min(taken) if (this.round if order is None else order) <= known else None


def write_down(this: AttemptKey, job: Job, place: str, provider: str, model: str) -> int:
    """Record every request of a place (a prefix of its keys) that may have been sent since the backup and isn't known.
    Returns how many were new. Idempotent: existing rows aren't changed."""
    moment = since(this, job)
    if moment is None:
        return 0
    known = set(
        ProviderCall.objects.filter(job=job, item=this.item, key__startswith=place).values_list("key", flat=True)
    )
    keys = [
        f"{place}{number}.{wait}"
        for number in range(this.number, MAX_ATTEMPTS + 1)
        for wait in range(this.wait if number == this.number else 0, FREE_WAITS + 1)
    ]
    rows = [
        ProviderCall(
            key=key, job=job, item=this.item, provider=provider, model=model, state=ProviderCall.State.UNKNOWN,
            provider_id=since_mark(moment), requests=1, sent_at=moment, detail="may have been sent before the restore",
        )
        for key in keys
        if key not in known
    ]  # fmt: skip
    ProviderCall.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
