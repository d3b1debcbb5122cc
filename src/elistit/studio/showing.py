"""What the project pages show about a project's images and money, read from the tables in a few queries.

Read-only. It describes; it must never change a row, decide a price or word a failure (that is `actions.queries`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.urls import reverse

from elistit import ports
from elistit.actions import queries
from elistit.chain.models import Attempt
from elistit.chain.retry import MAX_ATTEMPTS
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.listings.rejected_field import rejected_field
from elistit.maintenance import stuck_jobs
from elistit.ports import Kind
from elistit.prepared import prepared
from elistit.projects import finding
from elistit.projects.models import FileRole, Item, Job, JobKind, Listing, Project, ProjectFile
from elistit.projects.states import ItemState, Stage
from elistit.runtime import leases

ACTIVE_STAGES = frozenset(Stage) - {
    Stage.AWAITING_APPROVAL,
    Stage.DESIGN_READY,
    Stage.COMPLETED,
    Stage.FAILED,
    Stage.DELETED,
}
"""Stages in which something runs; a page about such a project refreshes itself."""

SILENCE = stuck_jobs.STUCK_AFTER
"""A stage with no progress for this long is said to be so (rules §6)."""

WORKER_SILENT = 60.0
"""Seconds without a heartbeat after which a page says that no worker is running, if the lease is shorter."""


@dataclass(frozen=True)
class Plate:
    """One item as an image with its caption. `doing` is what happens to it now, in words; `refunded` is in credits."""

    item: Item
    picture: ProjectFile | None
    image: ProjectFile | None
    doing: str
    next_try_at: dt.datetime | None
    refunded: int
    flags: list[str]
    processed: bool

    @property
    def lost(self) -> bool:
        return self.item.state in (ItemState.BLOCKED, ItemState.FAILED)

    @property
    def dropped(self) -> bool:
        return self.item.state == ItemState.DROPPED

    @property
    def kept(self) -> bool:
        return self.item.state == ItemState.MADE

    @property
    def pending(self) -> bool:
        return self.item.state == ItemState.PENDING


def flag_words(flags: Iterable[Any]) -> list[str]:
    """The sentences of an item's flags, whether stored as words or as `{"code", "words"}`."""
    return [str(flag.get("words") or flag.get("code")) if isinstance(flag, dict) else str(flag) for flag in flags]


def plates(
    project: Project,
    job: Job,
    numbers: Iterable[int] | None = None,
    files: Iterable[ProjectFile] | None = None,
    rows: Iterable[CreditTransaction] | None = None,
) -> list[Plate]:
    """Every item of a job (or only `numbers`), in order, with its newest image and what is happening to it. The files
    that count and the rows of the ledger are read here unless the page has them already."""
    items = list(job.items.all() if numbers is None else job.items.filter(number__in=list(numbers)))
    held = [row for row in (queries.current_files(project) if files is None else files) if row.item is not None]
    shown = {int(row.item or 0): row for row in held if row.role == FileRole.PREVIEW}
    full = {int(row.item or 0): row for row in held if row.role == FileRole.IMAGE}
    attempts = {a.item: a for a in _attempts.objects(job.pk, str(project.stage))}
    returned = item_refunds(job, rows)
    return [_plate(i, project.stage, shown, full, attempts.get(i.number), returned.get(i.number, 0)) for i in items]


@prepared
def _attempts(job_id: str, stage: str) -> QuerySet[Attempt]:
    return Attempt.objects.filter(job=job_id, stage=stage, note=False).order_by("id")


def _plate(
    item: Item,
    stage: str,
    shown: dict[int, ProjectFile],
    full: dict[int, ProjectFile],
    latest: Attempt | None,
    refunded: int,
) -> Plate:
    if latest is not None and latest.round != item.round:
        latest = None
    working = stage == Stage.GENERATING and item.state == ItemState.PENDING
    processing = stage == Stage.PROCESSING and item.state == ItemState.MADE
    done = item.processed_at is not None
    doing, when = "", None
    if working or (processing and not done):
        doing, when = _doing(latest, "Waiting", "Being made" if working else "Being made print-ready")
    elif item.state == ItemState.PENDING and stage not in (Stage.FAILED, Stage.DELETED):
        doing = "Waiting"
    image = full.get(item.number)
    return Plate(
        item, shown.get(item.number) or image, image, doing, when, refunded, flag_words(item.flags), processing and done
    )


def _doing(latest: Attempt | None, waiting: str, running: str = "Being made") -> tuple[str, dt.datetime | None]:
    """What is happening to a piece of work whose latest attempt is `latest`, and when it is tried next."""
    if latest is None:
        return waiting, None
    if not latest.outcome:
        return (running if latest.number == 1 else f"{running}, attempt {latest.number} of {MAX_ATTEMPTS}"), None
    if latest.next_try_at is None:
        return "Nearly there", None
    due = latest.next_try_at <= ports.now()
    if not latest.counted:
        return ("Continuing now", None) if due else ("Waiting as asked, continues", latest.next_try_at)
    words = f"Attempt {latest.number + 1} of {MAX_ATTEMPTS}"
    return (f"{words} begins", None) if due else (words, latest.next_try_at)


def set_try(project: Project, job: Job) -> dict[str, Any] | None:
    """The attempt of the whole stage that is running or waiting, if it is more than the quiet first one."""
    latest = Attempt.objects.filter(job=job, stage=project.stage, item=0, note=False).order_by("-id").first()
    if latest is None or (not latest.outcome and latest.number == 1) or latest.outcome == "made":
        return None
    words, when = _doing(latest, "")
    return {"words": words, "next_try_at": when, "reason": latest.reason}


def item_refunds(job: Job, rows: Iterable[CreditTransaction] | None = None) -> dict[int, int]:
    """Credits returned per item of a job, from the ledger, or from rows of it that were read before."""
    returned: dict[int, int] = {}
    if rows is None:
        rows = CreditTransaction.objects.filter(job=job.pk, type=TransactionType.REFUND_CREDIT, item__isnull=False)
    for row in rows:
        if row.job == job.pk and row.type == TransactionType.REFUND_CREDIT and row.item is not None:
            returned[row.item] = returned.get(row.item, 0) + row.amount
    return returned


def set_refund(project: Project) -> CreditTransaction | None:
    """The newest row that returned something other than the price of one item."""
    rows = CreditTransaction.objects.filter(
        project=project.pk, type=TransactionType.REFUND_CREDIT, item=None, amount__gt=0
    )
    return rows.filter(account__owner_id=project.owner_id).order_by("-seq").first()


def ledger_rows(project: Project) -> list[CreditTransaction]:
    """Every ledger row that names the project, oldest first."""
    return _ledger_rows.objects(project.owner_id, project.pk)


@prepared
def _ledger_rows(owner_id: int, project_id: str) -> QuerySet[CreditTransaction]:
    return CreditTransaction.objects.filter(account__owner_id=owner_id, project=project_id).order_by("seq")


PARTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Brief", frozenset({Stage.QUEUED, Stage.BRIEFING})),
    ("Images", frozenset({Stage.GENERATING})),
    ("Review", frozenset({Stage.AWAITING_APPROVAL, Stage.DESIGN_READY})),
    ("Files", frozenset({Stage.PROCESSING, Stage.DELIVERING})),
    ("Listing", frozenset({Stage.LISTING, Stage.DRAFTING, Stage.COMPLETED})),
)
"""The stage line as a seller reads it: the parts of a project, and the stages of each. A product without a gate has no review."""


def parts(line: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """A stage line (`queries.stage_line`) in at most five parts, each `done`, `now`, `todo` or `failed`. A draft that Etsy
    rejected is named, because everything else of its part is there."""
    steps, found = list(line), []
    for label, stages in PARTS:
        states = [step["state"] for step in steps if step["stage"] in stages]
        if not states:
            continue
        if any(step["stage"] == Stage.DRAFTING and step["state"] == "failed" for step in steps) and label == "Listing":
            label = "Etsy draft"
        begun = "done" in states and "todo" in states
        state = next((s for s in ("failed", "now") if s in states), "now" if begun else states[0])
        found.append({"label": label, "state": state})
    return found


def rejected(project: Project) -> str:
    """The field of the listing that Etsy rejected with the newest draft; empty when it named none that can be edited here."""
    attempts = Attempt.objects.filter(job__project=project, stage=Stage.DRAFTING, note=False).order_by("-id")
    last = attempts.values("outcome", "detail").first()
    return rejected_field(last["detail"]) if last and last["outcome"] == Kind.REJECTED else ""


STEPS = (
    ("Launch again", "again", "new", "?like={id}"),
    ("Choose another model", "other-model", "new", "?like={id}#model"),
    ("Edit the", "edit", "new", "?like={id}#idea"),
    ("Get help", "to-help", "project-help", ""),
)
"""How each thing a failure page says can be done now begins, its id on the page, and where it is done."""


def steps(project: Project, words: Iterable[str]) -> list[dict[str, str]]:
    """Each thing a seller can do now as words and an address. Every failure can be launched again and asked about."""
    details = [text for text in words if not text.startswith(("Launch again", "Get help"))]
    again = next((text for text in words if text.startswith("Launch again")), "Launch again with the same settings")
    # Where the same settings would fail the same way, changing them comes first.
    first = [again, *details] if again in words else [*details, again]
    found = []
    for text in [*first, "Get help"]:
        _, name, page, end = next(step for step in STEPS if text.startswith(step[0]))
        address = reverse(page) if page == "new" else reverse(page, args=[project.pk])
        found.append({"words": text, "id": name, "address": address + end.format(id=project.pk)})
    return found


JOB_WORDS = {
    JobKind.LAUNCH: "Quote",
    JobKind.PRINT_READY: "Print-ready quote",
    JobKind.LISTING: "Listing quote",
}


def quotes(project: Project) -> list[dict[str, Any]]:
    """The frozen quote of every job of a project, oldest first, each with its heading."""
    jobs = sorted(project.jobs.all(), key=lambda job: job.pk)
    return [{"job": job, "title": JOB_WORDS[JobKind(job.kind)]} for job in jobs]


def silence(project: Project) -> dt.datetime | None:
    """Since when an active project has made no progress, when that is 30 minutes or more; else None."""
    if project.stage not in ACTIVE_STAGES:
        return None
    seen = Attempt.objects.filter(job__project=project).aggregate(a=Max("started_at"), b=Max("ended_at"))
    last = max(moment for moment in (project.stage_since, seen["a"], seen["b"]) if moment is not None)
    return last if ports.now() - last >= SILENCE else None


def worker_awake() -> bool:
    """Whether any worker is alive."""
    return bool(leases.alive(WORKER_SILENT))


def cover_pictures(projects: Iterable[Project], each: int = 4) -> dict[str, list[int]]:
    """The ids of up to `each` preview images per project, for the cards of the list: two queries for all of them."""
    ids = [p.pk for p in projects]
    chosen: dict[str, dict[int, int]] = {pk: {} for pk in ids}
    dropped = set(_unused.rows(ids))
    for pk, project, number in _previews.rows(ids):
        held = chosen[project]
        if (project, number) not in dropped and (number in held or len(held) < each):
            held[int(number or 0)] = pk
    return {pk: list(held.values()) for pk, held in chosen.items()}


@prepared
def _unused(ids: list[str]) -> QuerySet[Item, Any]:
    items = Item.objects.filter(job__project__in=ids).exclude(state__in=(ItemState.MADE, ItemState.PENDING))
    return items.values_list("job__project_id", "number")


@prepared
def _previews(ids: list[str]) -> QuerySet[ProjectFile, Any]:
    rows = ProjectFile.objects.filter(project__in=ids, role=FileRole.PREVIEW, item__isnull=False)
    return rows.order_by("item", "round", "pk").values_list("pk", "project_id", "item")


def card_notes(projects: Iterable[Project]) -> dict[str, dict[str, int]]:
    """What the cards of the list add: how far a running project is, and what came back for a failed one. At most two
    queries for all of them; none when every project rests."""
    listed = list(projects)
    found: dict[str, dict[str, int]] = {}
    if running := [p.pk for p in listed if p.stage in (Stage.GENERATING, Stage.PROCESSING)]:
        rows = Item.objects.filter(job__project__in=running, job__kind=JobKind.LAUNCH).values("job__project")
        made, done = Count("pk", filter=Q(state=ItemState.MADE)), Count("pk", filter=Q(processed_at__isnull=False))
        counted = rows.annotate(n=Count("pk"), made=made, done=done)
        stages = {p.pk: p.stage for p in listed}
        for row in counted.values_list("job__project", "n", "made", "done"):
            pk, n, kept, ready = row
            generating = stages[pk] == Stage.GENERATING
            found[pk] = {"so_far": kept if generating else ready, "of": n if generating else kept}
    if failed := [p.pk for p in listed if p.stage == Stage.FAILED]:
        refunds = CreditTransaction.objects.filter(project__in=failed, type=TransactionType.REFUND_CREDIT)
        for pk, amount in refunds.values_list("project").annotate(back=Sum("amount")):
            found[pk] = {"back": amount}
    return found


def refused_words(projects: Iterable[Project]) -> dict[str, str]:
    """What a finished project still needs its seller for, in words: one query for all of them, none when none is finished."""
    done = [p.pk for p in projects if p.stage == Stage.COMPLETED]
    if not done:
        return {}
    words = {True: "Listing text failed", False: "Etsy rejected the draft"}
    return {pk: words[text == Listing.Text.FAILED] for pk, text in _refused.rows(done)}


@prepared
def _refused(ids: list[str]) -> QuerySet[Listing, Any]:
    return Listing.objects.filter(finding.REFUSED, project__in=ids).values_list("project", "text")
