"""Retry Etsy drafts that failed because of a studio-side problem (bad key, exhausted quota), free (rules §5.4).

Sellers can't do anything about such a failure and shouldn't have to come back and press Retry. It must never touch a
draft that failed for its own reason, nor one that its seller has skipped.
"""

from __future__ import annotations

import datetime as dt
import logging

from elistit import ports
from elistit.actions import commands
from elistit.chain.models import Attempt
from elistit.maintenance.task import Run
from elistit.ports import Kind
from elistit.projects.errors import NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage

log = logging.getLogger(__name__)

AGAIN_AFTER = dt.timedelta(minutes=15)
"""How long after the last such failure of any seller the next draft is retried: until then more requests would probably
fail."""
KEPT_UP = dt.timedelta(days=7)
"""How long after a project was finished the retries continue. The button Retry stays on its page."""
AT_ONCE = 5
DRAFTS_OF_OPERATOR = "pipeline_attempt.stage = 'drafting' AND pipeline_attempt.outcome = 'operator'"


def waits_for_operator(project: Project) -> bool:
    """Whether the draft of a project failed because of a studio-side problem and is still retried automatically."""
    attempts = Attempt.objects.filter(job__project=project, stage=Stage.DRAFTING, note=False).order_by("-id")
    last = attempts.select_related("job").first()
    return (
        last is not None
        and last.outcome == Kind.OPERATOR
        and last.job.ended_at is not None
        and last.job.ended_at > ports.now() - KEPT_UP
        and Listing.objects.filter(project=project, draft=Listing.Draft.FAILED).exists()
    )


def retry_due(run: Run | None = None) -> int:
    """Queue the drafts that wait for the operator, the longest waiting first, and return how many. Safe to call at any time."""
    now = ports.now()
    # Literals, so that both databases use the partial index; they can't know a parameter's value.
    failed = Attempt.objects.filter(stage=Stage.DRAFTING, note=False).extra(where=[DRAFTS_OF_OPERATOR])
    if failed.filter(ended_at__gt=now - AGAIN_AFTER).exists():
        return 0

    def retry(project: Project) -> bool:
        if not waits_for_operator(project):
            return False
        try:
            commands.retry_draft(project.owner, project.pk)
        except NotPossible as why:
            log.info("the draft of %s is not retried: %s", project.pk, why)
            return False
        return True

    lately = failed.filter(job__ended_at__gt=now - KEPT_UP, job__project__listing__draft=Listing.Draft.FAILED)
    waiting: dict[str, Project] = {}
    for attempt in lately.select_related("job__project__owner").order_by("ended_at"):
        waiting.setdefault(attempt.job.project_id, attempt.job.project)
    run, queued = run or Run(), 0
    for project in waiting.values():
        if queued == AT_ONCE or run.expired():
            break
        queued += run.each([project], retry, key=lambda row: row.pk)
    return queued
