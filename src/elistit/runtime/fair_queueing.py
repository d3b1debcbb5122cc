"""Fair queueing: interleave sellers so that one large order can't starve the others (rules §4).

Every attempt gets a priority when it is queued, and queues take the lowest first. The attempts of one seller are spaced
`SPACING_SECONDS` apart, counted from now, so the attempts of two sellers alternate however many each has. Because
priorities grow with time, an attempt that has waited long comes before all later ones. It must never look at what an
attempt costs or who the seller is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.projects.models import Item, Job
from elistit.projects.states import ItemState, JobStatus, Stage

SPACING_SECONDS = 60
_BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_LAST = 2**31 - 1  # the engine's maximum priority


def priorities(attempts: Sequence[AttemptKey]) -> list[int]:
    """The priority of each attempt, in the order given; all must belong to one job. From 1; lower runs sooner."""
    if not attempts:
        return []
    ahead = _ahead(attempts[0])
    since = (ports.now() - _BEGIN).total_seconds()
    rank = {t.id: n for n, t in enumerate(sorted(attempts, key=lambda t: t.item))}
    return [min(_LAST, max(1, int(since + t.delay) + (ahead + rank[t.id]) * SPACING_SECONDS)) for t in attempts]


def _ahead(this: AttemptKey) -> int:
    """How many attempts of the same kind of work are still open in the seller's earlier jobs."""
    owner = Job.objects.values_list("project__owner", flat=True).filter(pk=this.job).first()
    # Paused jobs don't compete, so they must not delay anything else.
    earlier = Q(status=JobStatus.RUNNING, project__owner=owner, public_id__lt=this.job, project__paused_at__isnull=True)
    if not this.item:
        return Job.objects.filter(earlier).count()
    jobs = Job.objects.filter(earlier).values("pk")
    if this.stage == Stage.GENERATING:
        return Item.objects.filter(job__in=jobs, state=ItemState.PENDING).count()
    at_work = Item.objects.filter(job__in=jobs, job__project__stage=Stage.PROCESSING)
    return at_work.filter(state=ItemState.MADE, processed_at=None).count()
