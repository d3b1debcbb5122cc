"""A launched batch: how far it is, what it cost, what failed and came back; pause, resume, retry, and review after review.

Reads `actions.batch_queries`; works through `actions.batches`. It must never show a price that a press of the button does not
charge: the total the seller saw is sent along and compared.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.actions import batch_planning, batch_queries, batches
from elistit.credits import ledger, prices
from elistit.projects import batches as rows_of
from elistit.projects import orders
from elistit.projects.batch_models import ROWS_MAX, Batch, BatchRow
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Project
from elistit.projects.states import Stage
from elistit.stages import presets
from elistit.studio.views import access
from elistit.studio.views import batches as drafts


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, batch_id: str) -> HttpResponse:
    """A draft's table, or where a launched batch stands."""
    batch = drafts.own(request, batch_id)
    if request.method == "POST" and batch.state != Batch.State.DRAFT:
        # The table was sent again after it had launched.
        return redirect("batch", batch_id)
    if batch.state == Batch.State.DRAFT:
        return drafts.draft(request, batch)
    return _progress(request, batch)


@login_required
@require_safe
def planning(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Plan some more rows of a draft, for htmx: how far it is, or the table once every row is planned."""
    batch = drafts.own(request, batch_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("batch", batch_id)
    draft = batch.state == Batch.State.DRAFT
    if draft and (batch_planning.plan_slice(access.person(request), batch_id) or drafts.will_launch(batch)):
        return render(request, "studio/_batch_planning.html", drafts.planning(batch))
    response = HttpResponse()
    response["HX-Redirect"] = reverse("batch", args=[batch_id])
    return response


@login_required
@require_safe
def live(request: HttpRequest, batch_id: str) -> HttpResponse:
    """The part of the page that asks for itself while something runs."""
    batch = drafts.own(request, batch_id)
    if not request.htmx or batch.state == Batch.State.DRAFT:  # type: ignore[attr-defined]
        return redirect("batch", batch_id)
    return render(request, "studio/_batch_live.html", _context(request, batch))


def _progress(request: HttpRequest, batch: Batch) -> HttpResponse:
    return render(request, "studio/batch.html", _context(request, batch))


def _context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    if rows_of.unplanned(batch).exists():
        batch_planning.plan_slice(access.person(request), batch.pk)  # rows that were left out of the launch
    shown = batch_queries.describe(batch)
    counts = shown["counts"]
    launched = sum(counts.values()) - counts["not_launched"]
    failed = [row for row in shown["rows"] if row["group"] == "failed"]
    rest = [row for row in shown["rows"] if row["group"] == "not_launched"]
    return {
        "batch": batch,
        "shown": shown,
        "counts": counts,
        "launched": launched,
        "over": counts["finished"] + counts["failed"] + counts["deleted"],
        "net": shown["charged"] - shown["refunded"],
        "failed": failed,
        "retry": _offer(batch, [row["number"] for row in failed]),
        "rest": _offer(batch, [row["number"] for row in rest]),
        "refunds": batch_queries.refund_lines(shown),
        "balance": ledger.balance(access.person(request).pk),
    }


def _offer(batch: Batch, numbers: list[int]) -> dict[str, Any] | None:
    """Rows that may be launched now, with their price by the price list of now. Rows that aren't planned yet, that can't be
    priced, or that need a confirmation no one gave, are left out."""
    wanted, total, launchable = [], 0, []
    rows, known = batch.rows.filter(number__in=numbers, problems={}).exclude(quote=None), presets.Presets(batch.owner)
    for row in rows.select_related("quote__storyboard"):
        if not _confirmed(row):
            continue
        try:
            order = orders.check(presets.resolve(batch.owner, rows_of.spec_of(row.order), known))
            total += prices.total(orders.price(order, batch_planning.kept_board(batch.owner, row, order)))
        except InvalidSpec:
            continue
        wanted.append(row.number)
        launchable.append(str(row.number))
    if not wanted:
        return None
    return {"numbers": wanted, "rows": ",".join(launchable), "total": total, "key": access.fresh_key()}


def _confirmed(row: BatchRow) -> bool:
    needed = {"confirm_not_drawn": "needs_confirmation", "confirm_trademarks": "trademarks"}
    return all(row.order.get(tick) or not row.warnings.get(why) for tick, why in needed.items())


@login_required
@require_POST
def launch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Launch failed rows again, or rows that were left out before, at the price that was shown."""
    batch = drafts.own(request, batch_id)
    key = request.POST.get("key") or access.fresh_key()
    numbers = [int(n) for n in request.POST.get("rows", "").split(",")[:ROWS_MAX] if n.isascii() and n.isdecimal()]
    if not rows_of.is_known(access.person(request), key):
        offer = _offer(batch, numbers)
        if offer is None or request.POST.get("seen") != str(offer["total"]):
            messages.error(request, "The price has changed. You haven't been charged. Look at the new price and retry.")
            return redirect("batch", batch_id)
    return drafts.launched(request, batch, numbers, key)


@login_required
@require_POST
def pause(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Pause the batch."""
    drafts.own(request, batch_id)
    said = "The batch is paused. Attempts that are running will finish."
    access.attempt(request, lambda: batches.pause(access.person(request), batch_id), said)
    return redirect("batch", batch_id)


@login_required
@require_POST
def resume(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Resume the batch."""
    drafts.own(request, batch_id)
    access.attempt(request, lambda: batches.resume(access.person(request), batch_id), "The batch is running again.")
    return redirect("batch", batch_id)


# ---- one review after the other ---------------------------------------------------------------------------------------


@login_required
@require_safe
def review(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Lead to the next project of the batch that waits for the seller: after the one named by `after`, or the first."""
    batch = drafts.own(request, batch_id)
    address = next_review(batch, request.GET.get("after", ""))
    if address is None:
        messages.success(request, "Nothing is left to review in this batch.")
        return redirect("batch", batch_id)
    return redirect(address)


def next_review(batch: Batch, after: str = "") -> str | None:
    """The address of the next project that waits, around the end of the list; None when none does."""
    order = [project.pk for _, project in sorted(rows_of.newest(batch).items())]
    waiting = {project.pk: project for project in rows_of.waiting(batch)}
    at = order.index(after) + 1 if after in order else 0
    found = next((pk for pk in (*order[at:], *order[:at]) if pk in waiting and pk != after), None)
    return _address(waiting[found]) if found else None


def _address(project: Project) -> str:
    return reverse("gate" if project.stage == Stage.AWAITING_APPROVAL else "print-ready", args=[project.pk])


def after_review(project: Project) -> str | None:
    """Where a seller continues after deciding about a project of a batch: its next review, or the batch. None: it is in none."""
    batch = rows_of.of_project(project)
    if batch is None:
        return None
    return next_review(batch, project.pk) or reverse("batch", args=[batch.pk])


def stream(project: Project) -> dict[str, Any] | None:
    """What a review page shows of the batch its project belongs to: how many wait, and the ones before and after."""
    batch = rows_of.of_project(project)
    if batch is None:
        return None
    waiting = rows_of.waiting(batch)
    keys = [p.pk for p in waiting]
    # A project whose image is being remade is looked at as well, and waits for no one.
    here = keys.index(project.pk) if project.pk in keys else None
    others = [p for p in waiting if p.pk != project.pk]
    at = here or 0
    return {
        "batch": batch,
        "position": 0 if here is None else here + 1,
        "count": len(waiting),
        "next": _address(others[at % len(others)]) if others else "",
        "previous": _address(others[at - 1]) if others else "",
    }
