"""What is shown of a batch: its rows, cost, progress, failures and refunds. Read-only. Every number of credits is
summed from ledger rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from elistit.actions import requested_launches as acts
from elistit.actions.queries import STAGE_WORDS, service_of
from elistit.chain import outcomes
from elistit.credits.ledger import JobMoney, jobs_money
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.projects import batches, requested_launches, storyboard
from elistit.projects.batch_models import Batch, BatchLaunch, BatchRow, RequestedLaunch
from elistit.projects.models import Job, Project
from elistit.projects.states import JobStatus, Stage

WAITING = (Stage.AWAITING_APPROVAL, Stage.DESIGN_READY)
GROUPS = {
    Stage.COMPLETED: "finished",
    Stage.FAILED: "failed",
    Stage.DELETED: "deleted",
    **dict.fromkeys(WAITING, "waiting"),
}
COUNTED = ("running", "waiting", "finished", "failed", "deleted", "not_launched")


def describe(batch: Batch) -> dict[str, Any]:
    """A batch as the API shows it: its rows in order, the money of all its jobs, and how many rows are in each state."""
    rows, wait = list(batch.rows.select_related("quote", "quote__storyboard")), requested_launches.of(batch)
    launches = _launches(batch)
    jobs = _jobs(batch)
    money = jobs_money([job.pk for held in jobs.values() for job in held])
    shown = [_row(row, launches.get(row.number, []), jobs, money) for row in rows]
    counts = Counter(row["group"] for row in shown)
    charged, refunded = sum(m.charged for m in money.values()), sum(m.refunded for m in money.values())
    return {
        "id": batch.pk,
        "name": batch.name,
        "state": _state(batch, counts, planned=all(row["planned"] for row in shown) and not _waits(wait)),
        "launch": _requested(wait),
        "paused": batch.paused_at is not None,
        "notes": batch.notes,
        "created_at": batch.created_at,
        "launched_at": batch.launched_at,
        "total": sum(row["credits"] for row in shown if row["included"]),
        "charged": charged,
        "refunded": refunded,
        "counts": {name: counts[name] for name in COUNTED},
        "rows": shown,
    }


def _waits(wait: RequestedLaunch | None) -> bool:
    return wait is not None and wait.state == RequestedLaunch.State.WAITING


def _requested(wait: RequestedLaunch | None) -> dict[str, Any] | None:
    """What happened to the launch that was requested with the list."""
    return None if wait is None else {**refusal(wait), "max_credits": wait.max_credits, "ended_at": wait.ended_at}


def refusal(wait: RequestedLaunch) -> dict[str, Any]:
    """Why a requested launch was refused or is held up, and what its seller can do; fields of the list it is about by name."""
    return {
        "state": wait.state,
        "problem": wait.problem or None,
        "reason": wait.reason,
        "next_step": acts.next_step(wait),
        "errors": [{"field": name, "detail": words} for name, words in wait.errors.items()],
    }


def _state(batch: Batch, counts: Counter[str], *, planned: bool) -> str:
    if batch.state == Batch.State.DRAFT:
        return "draft" if planned else "planning"
    if counts["running"]:
        return "paused" if batch.paused_at else "running"
    return "waiting" if counts["waiting"] else "finished"


def _launches(batch: Batch) -> dict[int, list[Project]]:
    """The projects of every row, oldest first."""
    found: dict[int, list[Project]] = {}
    rows = BatchLaunch.objects.filter(row__batch=batch).select_related("project", "row")
    for launch in rows.order_by("row__number", "round"):
        found.setdefault(launch.row.number, []).append(launch.project)
    return found


def _jobs(batch: Batch) -> dict[str, list[Job]]:
    found: dict[str, list[Job]] = {}
    for job in batches.jobs_of(batch):
        found.setdefault(job.project_id, []).append(job)
    return found


def _row(
    row: BatchRow, projects: list[Project], jobs: dict[str, list[Job]], money: dict[str, JobMoney]
) -> dict[str, Any]:
    order, quote = row.order, row.quote
    board = getattr(quote, "storyboard", None)
    kept = storyboard.of_row(board) if board is not None else None
    return {
        "number": row.number,
        "line": row.line,
        "included": row.included,
        "planned": quote is not None or bool(row.problems),
        "idea": str(order.get("idea", "")),
        "product": quote.product if quote else str(order.get("product") or ""),
        "model": quote.model if quote else str(order.get("model") or ""),
        "count": quote.count if quote else None,
        "asked": kept.asked if kept else quote.count if quote else None,
        "notice": kept.fewer if kept else "",
        "name": str(order.get("name") or ""),
        "problems": [{"field": name, "detail": words} for name, words in row.problems.items()],
        "trademarks": list(row.warnings.get("trademarks", [])),
        "credits": quote.total if quote else 0,
        "storyboard": storyboard.shown(kept) if kept else None,
        "group": GROUPS.get(Stage(projects[-1].stage), "running") if projects else "not_launched",
        "project": _project(projects[-1], jobs, money) if projects else None,
        "earlier": [_project(p, jobs, money) for p in projects[:-1]],
    }


def _project(project: Project, jobs: dict[str, list[Job]], money: dict[str, JobMoney]) -> dict[str, Any]:
    held = jobs[project.pk]
    failed = held[-1] if held[-1].status == JobStatus.FAILED else None
    return {
        "public_id": project.pk,
        "name": project.name,
        "stage": project.stage,
        "status": held[-1].status,
        "charged": sum(money[j.pk].charged for j in held),
        "refunded": sum(money[j.pk].refunded for j in held),
        "failure": _failure(failed) if failed else None,
    }


def _failure(job: Job) -> dict[str, str]:
    meaning = outcomes.MEANINGS.get(job.failure_kind) or outcomes.MEANINGS["transient"]
    return {
        "kind": job.failure_kind,
        "stage": job.failure_stage,
        "reason": job.failure_reason or meaning.what,
        "cause": meaning.cause(service_of(job)),
        "stage_words": STAGE_WORDS[Stage(job.failure_stage)] if job.failure_stage else "",
    }


def refund_lines(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per project of a described batch that got credits back: its row, what came back and when, and why, newest
    reason last. Read from the ledger."""
    placed = {
        p["public_id"]: (row["number"], p) for row in shown["rows"] for p in (*row["earlier"], row["project"]) if p
    }
    lines: dict[str, dict[str, Any]] = {}
    found = CreditTransaction.objects.filter(project__in=list(placed), type=TransactionType.REFUND_CREDIT, amount__gt=0)
    for entry in found.order_by("seq"):
        number, project = placed[entry.project]
        line = lines.setdefault(
            entry.project, {"row": number, "project": project, "amount": 0, "at": None, "reason": "", "times": 0}
        )
        line |= {"amount": line["amount"] + entry.amount, "at": entry.created_at, "reason": entry.reason}
        line["times"] += 1
    return sorted(lines.values(), key=lambda line: (line["row"], line["at"]))
