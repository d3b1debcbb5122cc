"""The diagnostic report: everything an operator needs to answer “what failed and why” about one project, on one screen.

Looks only. Money is read from the ledger, work from the attempts and provider calls, what runs next from the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from elistit.accounts.models import User
from elistit.actions import queries
from elistit.chain import due
from elistit.chain import models as chain_models
from elistit.chain.models import Attempt, ProviderCall, ProviderPause
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction
from elistit.delivery.store import open_store
from elistit.projects.models import Job, JobKind, Listing, Project, ProjectFile
from elistit.projects.states import ACTIVE_JOB, JobStatus, Stage
from elistit.providers import registry
from elistit.runtime import engine
from elistit.support import queues
from elistit.support.models import OperatorAct, SentMail

LIST_MAX = 100


@dataclass(frozen=True)
class DueTry:
    """An attempt that should be queued or running, and the engine's word on it. `sound` when the engine holds it."""

    id: str
    what: str
    state: str
    delay: float

    @property
    def sound(self) -> bool:
        return self.state in engine.LIVE


def of_project(project: Project) -> dict[str, Any]:
    """The diagnostic report of a project."""
    jobs = list(project.jobs.select_related("quote").order_by("public_id"))
    money = ledger.jobs_money([job.pk for job in jobs])
    attempts = list(Attempt.objects.filter(job__project=project).order_by("-id"))
    calls = list(ProviderCall.objects.filter(job__project=project).order_by("-sent_at"))
    expected, trouble = _due(jobs)
    workers = queues.workers()
    named = {a.worker for a in attempts if a.worker}
    return {
        "project": project,
        "owner": project.owner,
        "their_balance": ledger.balance(project.owner_id),
        "jobs": [{"job": job, "money": money[job.pk]} for job in jobs],
        "items": _items(jobs),
        "attempts": attempts,
        "calls": calls,
        "cost_micros": sum(call.cost_micros for call in calls),
        "repeated": sum(1 for call in calls if call.requests > 1),
        "rows": list(CreditTransaction.objects.filter(project=project.pk).order_by("seq")),
        "due": expected,
        "engine_trouble": trouble,
        "files": _files(project),
        "workers": [w for w in workers if w.id in named],
        "workers_gone": sorted(named - {w.id for w in workers}),
        "actions": list(OperatorAct.objects.filter(project=project.pk).select_related("actor")),
        "mails": list(SentMail.objects.filter(project=project.pk).order_by("at")),
        "failure": queries.failure_words(project),
        "may_fail": any(job.status in ACTIVE_JOB for job in jobs) and project.stage != Stage.DESIGN_READY,
        "may_retry_draft": project.stage == Stage.COMPLETED
        and Listing.objects.filter(project=project, text=Listing.Text.WRITTEN).exclude(
            draft__in=[Listing.Draft.CREATED, Listing.Draft.PENDING]
        ).exists(),
    }  # fmt: skip


def _items(jobs: list[Job]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for job in jobs:
        for state in job.items.values_list("state", flat=True):
            counts[state] = counts.get(state, 0) + 1
    return counts


def _due(jobs: list[Job]) -> tuple[list[DueTry], str]:
    tries = [t for job in jobs for t in due.due(job.pk)]
    starting = [f"job:{job.pk}:launch:0" for job in jobs if job.status == JobStatus.QUEUED]
    known = queues.states([*starting, *(t.id for t in tries)])
    unknown = "not asked" if known.trouble else "not there"
    found = [DueTry(i, "Start of the job", known.states.get(i, unknown), 0) for i in starting]
    for t in tries:
        what = queries.STAGE_WORDS[Stage(t.stage)] + (f", item {t.item}" if t.item else "")
        found.append(DueTry(t.id, f"{what}, attempt {t.number}", known.states.get(t.id, unknown), t.delay))
    return found, known.trouble


def _files(project: Project) -> list[dict[str, Any]]:
    """Every file with whether the store has it. `there` is None where the store cannot be asked."""
    store = open_store(settings.STORAGE_URL)

    def there(row: ProjectFile) -> bool | None:
        try:
            return store.exists(row.path)
        except Exception:
            return None

    return [{"file": row, "there": there(row)} for row in project.files.order_by("role", "item", "round", "name")]


def _at_gates() -> QuerySet[Job, str]:
    gates = Job.objects.filter(ended_at=None, status=JobStatus.WAITING).exclude(project__stage=Stage.DELETED)
    return gates.order_by("changed_at").values_list("pk", flat=True)[:LIST_MAX]


def _undecided_designs() -> QuerySet[Job, str]:
    """Launch jobs, done, of designs that wait for a decision; asked from the projects on, which an index finds by their stage."""
    designs = Project.objects.filter(files_deleted_at=None, stage=Stage.DESIGN_READY).order_by("stage_since")
    launched = Job.objects.filter(kind=JobKind.LAUNCH, status=JobStatus.SUCCEEDED, project__in=list(designs[:LIST_MAX]))
    return launched.values_list("pk", flat=True)


def lists() -> dict[str, Any]:
    """The work an operator looks at: failed newest first, waiting oldest first, drafts Etsy did not take."""
    of = Job.objects.select_related("project", "project__owner")
    standing = of.exclude(project__stage=Stage.DELETED)
    # What was made good since is nobody's trouble any more: a listing written again, a design made print-ready after all.
    failed = standing.filter(status=JobStatus.FAILED).exclude(
        project__stage=Stage.COMPLETED, project__listing__text=Listing.Text.WRITTEN
    )
    return {
        "failed": list(failed.order_by("-ended_at")[:LIST_MAX]),
        # A design that waits for its print-ready step has no job under way: what it was charged for is done.
        "waiting": list(of.filter(pk__in=[*_at_gates(), *_undecided_designs()]).order_by("changed_at")[:LIST_MAX]),
        "drafts": list(
            Listing.objects.filter(draft=Listing.Draft.FAILED, project__stage=Stage.COMPLETED)
            .select_related("project", "project__owner").order_by("-project_id")[:LIST_MAX]
        ),
    }  # fmt: skip


def paid_and_not_kept() -> list[dict[str, Any]]:
    """Purchases that were made and paid for, and are not in the store: lost on our side, or still waiting for it. Newest
    first; the cost in dollars."""
    calls = chain_models.paid_and_not_kept().select_related("job", "job__project").order_by("-sent_at")
    return [
        {
            "call": c,
            "project": c.job.project,
            "dollars": c.cost_micros / 1_000_000,
            "lost": c.state == ProviderCall.State.ANSWERED,
        }
        for c in calls[:LIST_MAX]
    ]


def providers() -> list[dict[str, Any]]:
    """Every provider of this installation and every paused one, with its pause."""
    paused = {p.provider: p for p in ProviderPause.objects.all()}
    names = sorted(set(registry.providers()) | set(paused))
    return [{"name": name, "pause": paused.get(name)} for name in names]


def look_for(text: str) -> tuple[list[Project], list[User]]:
    """Projects by their own or a job's public id, people by a part of their e-mail; at most 50 people."""
    text = text.strip()
    if not text:
        return [], []
    projects = list(
        Project.objects.filter(Q(pk=text.upper()) | Q(jobs__pk=text.upper())).select_related("owner").distinct()
    )
    return projects, list(User.objects.filter(email__icontains=text).order_by("email")[:50]) if not projects else []
