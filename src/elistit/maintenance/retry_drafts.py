"""Drafts that failed for a reason of the operator's: tried again by themselves, free, until the reason is gone (rules §5.4).

Etsy refuses the studio's key, or its day of requests is spent: no seller can do anything about it, and none should have to come
back and press Retry. It must never touch a draft that failed for a reason of its own, nor one its seller has skipped.
"""

from __future__ import annotations

import datetime as dt
import logging

from elistit import ports
from elistit.actions import commands
from elistit.chain.models import Attempt
from elistit.ports import Kind
from elistit.projects.errors import NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage

log = logging.getLogger(__name__)

AGAIN_AFTER = dt.timedelta(minutes=15)
"""How long after the last such failure of anyone the next draft is tried: while the reason stands, a few requests show it."""
KEPT_UP = dt.timedelta(days=7)
"""How long after a project was finished this goes on. Retry stays on its page."""
AT_ONCE = 5


def waits_for_operator(project: Project) -> bool:
    """Whether the draft of a project failed for a reason of the operator's and is still tried again by itself."""
    tries = Attempt.objects.filter(job__project=project, stage=Stage.DRAFTING, note=False).order_by("-id")
    last = tries.select_related("job").first()
    return (
        last is not None
        and last.outcome == Kind.OPERATOR
        and last.job.ended_at is not None
        and last.job.ended_at > ports.now() - KEPT_UP
        and Listing.objects.filter(project=project, draft=Listing.Draft.FAILED).exists()
    )


def retry_due() -> int:
    """Queue the drafts that wait for the operator, the longest waiting first. How many. Safe to call at any time."""
    now = ports.now()
    failed = Attempt.objects.filter(stage=Stage.DRAFTING, note=False, outcome=Kind.OPERATOR)
    if failed.filter(ended_at__gt=now - AGAIN_AFTER).exists():
        return 0
    queued = 0
    lately = failed.filter(job__ended_at__gt=now - KEPT_UP, job__project__listing__draft=Listing.Draft.FAILED)
    for attempt in lately.select_related("job__project__owner").order_by("ended_at"):
        project = attempt.job.project
        if queued == AT_ONCE:
            break
        if waits_for_operator(project):
            try:
                commands.retry_draft(project.owner, project.pk)
            except NotPossible as why:
                log.info("the draft of %s is not tried again: %s", project.pk, why)
                continue
            queued += 1
    return queued
