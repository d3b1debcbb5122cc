"""Batches: many orders from one list, launched in one request (rules §7).

A launch of a batch is one accepted request and one database transaction with one SPEND row per project: all chosen rows are
paid or none is, and a process that dies in the middle leaves nothing. Drafts cost nothing. This module must never enqueue
work, plan a storyboard or call anything outside; `actions.batches` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from elistit import names, ports
from elistit.accounts.models import User
from elistit.credits import ledger, prices
from elistit.credits.ledger import InsufficientCredits
from elistit.projects import daily_limits, idempotency, orders, storyboard
from elistit.projects import launch as launching
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import ROWS_MAX, Batch, BatchLaunch, BatchRow
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.idempotency import Action
from elistit.projects.models import Job, Project
from elistit.projects.orders import NAME_MAX, LaunchSpec
from elistit.projects.request_models import AcceptedRequest
from elistit.projects.states import JobStatus, Stage

Order = dict[str, Any]


@dataclass(frozen=True)
class Booking:
    """A row that is to be launched: its checked order, and the storyboard that was shown for it, kept beside the quote it was
    shown with (None: priced now)."""

    number: int
    spec: LaunchSpec
    board: storyboard.Board | None = None
    quote_id: str | None = None


@dataclass(frozen=True)
class Launched:
    """What a launch answered: its batch, the launch jobs of its projects in the order of the rows, and whether this call
    booked them."""

    batch: str
    jobs: tuple[str, ...]
    booked: bool


def spec_of(order: Order) -> LaunchSpec:
    """A row's order as a launch takes it. Raises InvalidSpec for a count that is no whole number and a missing product."""
    count: int | str | None = order.get("count")
    if isinstance(count, str):
        text = count.strip()
        if text and not re.fullmatch(r"[0-9]{1,6}", text):
            raise InvalidSpec(
                {"count": f"“{text[:40]}” isn't a whole number. Write the number of images, for example 15."}
            )
        count = int(text) if text else None
    if not order.get("product"):
        raise InvalidSpec({"product": "Choose a product type."})
    return LaunchSpec(
        product=order["product"],
        idea=order.get("idea", ""),
        count=count,
        model=_model_code(str(order["product"]), str(order.get("model") or "")),
        ratio=order.get("ratio") or None,
        options=dict(order.get("options") or {}),
        name=order.get("name") or "",
        mode=order.get("mode") or "",
        words=dict(order.get("words") or {}),
        uploads=tuple(order.get("uploads") or ()),
        scene=order.get("scene") or "",
        failover=bool(order.get("failover")),
        video=bool(order.get("video")),
        shop=str(order.get("shop") or ""),
        storyboard=tuple(order.get("storyboard") or ()),
        confirm_not_drawn=bool(order.get("confirm_not_drawn")),
        brand_kit=order.get("brand_kit") or "",
        series=order.get("series") or "",
    )


def _model_code(product: str, words: str) -> str:
    """The code of a model from its code, its name or the last part of its code; what is not known stays as it is."""
    folded = words.strip().casefold()
    for model in prices.models(product) if folded else []:
        if folded in (model.code.casefold(), model.name.casefold(), model.code.rpartition("/")[2].casefold()):
            return model.code
    return words.strip()


def own(owner: User, public_id: str) -> Batch:
    """The owner's batch. Raises NotFound."""
    found = Batch.objects.filter(pk=public_id, owner=owner).first()
    if found is None:
        raise NotFound("There is no such batch.")
    return found


def create(owner: User, name: str, rows: Sequence[Given], notes: Iterable[str] = ()) -> Batch:
    """Write a draft with its rows, not priced yet. Raises InvalidSpec for a name that is too long or a list of the wrong
    length."""
    if not 0 < len(rows) <= ROWS_MAX:
        raise InvalidSpec({"rows": f"A batch has 1 to {ROWS_MAX} rows, not {len(rows):,}."})
    with transaction.atomic():
        batch = Batch.objects.create(owner=owner, name=checked_name(name, rows), notes=list(notes))
        BatchRow.objects.bulk_create(
            BatchRow(batch=batch, number=n, line=r.line, order=r.order, problems=r.problems)
            for n, r in enumerate(rows, start=1)
        )
    return batch


def checked_name(name: str, rows: Sequence[Given]) -> str:
    """The batch's name: as given, else how many ideas it has. Raises InvalidSpec for one that is too long."""
    tidy = names.one_line(name)
    if len(tidy) > NAME_MAX:
        raise InvalidSpec({"name": f"The name is {len(tidy)} characters long; at most {NAME_MAX} fit."})
    ideas = "1 idea" if len(rows) == 1 else f"{len(rows)} ideas"
    return tidy or f"{ideas}, {ports.now():%B} {ports.now().day}"


def unplanned(batch: Batch) -> QuerySet[BatchRow]:
    """The rows that are still to be planned, in the order of the list: without a price, and nothing known to be wrong."""
    return batch.rows.filter(quote=None, problems={})


def discard(owner: User, public_id: str) -> None:
    """Delete a draft. Raises NotFound, NotPossible for one that was launched."""
    with transaction.atomic():
        batch = lock(owner, public_id)
        if batch.state != Batch.State.DRAFT:
            raise NotPossible("This batch was launched. Delete its projects one by one instead.")
        batch.delete()


def lock(owner: User, public_id: str) -> Batch:
    """The owner's batch, its row held until the transaction ends. Raises NotFound."""
    own(owner, public_id)
    Batch.objects.filter(pk=public_id).update(state=F("state"))
    return Batch.objects.get(pk=public_id)


def newest(batch: Batch) -> dict[int, Project]:
    """The project each row stands for, by the row's number: of several launches the newest."""
    launches = BatchLaunch.objects.filter(row__batch=batch).select_related("project", "row").order_by("round")
    return {launch.row.number: launch.project for launch in launches}


def launchable(batch: Batch) -> list[Any]:
    """The rows that may be launched, each with how often it was (`launched`), its quote and its storyboard: never yet, or failed.
    A deleted project is the seller's own decision."""
    stages: dict[int, list[str]] = {}
    launches = BatchLaunch.objects.filter(row__batch=batch).order_by("round")
    for row_id, stage in launches.values_list("row", "project__stage"):
        stages.setdefault(row_id, []).append(stage)
    rows: list[Any] = list(batch.rows.select_related("quote__storyboard"))
    for row in rows:
        row.launched = len(stages.get(row.pk, ()))
    return [row for row in rows if not row.launched or stages[row.pk][-1] == Stage.FAILED]


def is_known(owner: User, idempotency_key: str) -> bool:
    """Whether this seller's key has been used for a request."""
    return idempotency.find(owner.pk, idempotency.checked_key(idempotency_key)) is not None


def launch(
    owner: User,
    batch: Batch | None,
    bookings: Sequence[Booking],
    *,
    idempotency_key: str,
    body: object,
    given: Sequence[Given] = (),
    name: str = "",
) -> Launched:
    """Launch rows of a batch, all of them or none: one request, one transaction, one debit and one job per project.

    `body` is what a repetition must be equal in. Without a batch, one is written with the rows `given`, in the same
    transaction. Raises InsufficientCredits with the shortfall of all rows together, NotPossible when a row runs already or its
    price has changed, InvalidSpec naming rows, IdempotencyConflict; nothing is written then.
    """

    def do(request: AcceptedRequest) -> dict[str, Any]:
        held = lock(owner, batch.pk) if batch is not None else create(owner, name, given)
        return answer_of(held, book_all(owner, held, bookings, request))

    accepted = idempotency.accept(owner.pk, idempotency_key, Action.BATCH, body, do)
    return Launched(accepted.answer["batch"], tuple(accepted.answer["jobs"]), not accepted.replayed)


def answer_of(batch: Batch, jobs: Iterable[Job]) -> dict[str, Any]:
    """What an accepted request for a launch is answered with, for every repetition."""
    return {"batch": batch.pk, "jobs": [job.pk for job in jobs]}


def book_all(owner: User, held: Batch, bookings: Sequence[Booking], request: AcceptedRequest) -> list[Job]:
    """Book rows of a batch whose row is held (`lock`), in the transaction of an accepted request: all of them, or it raises what
    `launch` raises and the transaction must end without any."""
    rows = {row.number: row for row in launchable(held)}
    if taken := [b.number for b in bookings if b.number not in rows]:
        raise NotPossible(f"{_rows_words(taken)} launched already. Reload the page to see its current state.")
    needed, balance = total(bookings), ledger.balance(owner.pk)
    if balance < needed:
        raise InsufficientCredits(needed, balance)
    # Said of the whole list, not of the row that would go over; each charge asks again.
    daily_limits.check(owner.pk, needed, len(bookings))
    jobs: list[Job] = []
    for booking in bookings:
        try:
            jobs.append(_book(owner, rows[booking.number], booking, request))
        except InsufficientCredits as short:
            # Something else was paid meanwhile. The shortfall is of the whole batch, not of this row.
            raise InsufficientCredits(needed, short.balance + sum(job.quote.total for job in jobs)) from short
    _mark_launched(held, jobs)
    return jobs


def _rows_words(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:20])
    return f"Row {shown} was" if len(numbers) == 1 else f"Rows {shown} were"


def total(bookings: Iterable[Booking]) -> int:
    """What rows cost together, in credits, by the price list of now."""
    return sum(prices.total(orders.price(b.spec, b.board)) for b in bookings)


def _book(owner: User, row: Any, booking: Booking, request: AcceptedRequest) -> Job:
    job_key = f"{Action.BATCH.value}:{owner.pk}:{request.key}:{row.number}"
    try:
        job = launching.book(
            owner, booking.spec, request, job_key=job_key, quote_id=booking.quote_id, board=booking.board,
            quote=row.quote if booking.quote_id and booking.quote_id == row.quote_id else None,
        )  # fmt: skip
    except InvalidSpec as invalid:
        raise of_row(row.number, invalid) from invalid
    except NotPossible as refused:
        raise type(refused)(f"Row {row.number}: {refused}") from refused
    BatchLaunch.objects.create(row=row, round=row.launched, project=job.project)
    if row.quote_id != job.quote_id:
        BatchRow.objects.filter(pk=row.pk).update(quote=job.quote)
    return job


def of_row(number: int, invalid: InvalidSpec) -> InvalidSpec:
    """What is wrong with an order, said of its row: fields are `rows.<number>.<field>`, sentences name the row."""
    return InvalidSpec({f"rows.{number}.{name}": f"Row {number}: {words}" for name, words in invalid.errors.items()})


def _mark_launched(batch: Batch, jobs: Sequence[Job]) -> None:
    if batch.state == Batch.State.DRAFT:
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.LAUNCHED, launched_at=ports.now())
    if batch.paused_at is not None:
        Project.objects.filter(pk__in=[job.project_id for job in jobs]).update(paused_at=batch.paused_at)


def pause(owner: User, public_id: str) -> bool:
    """Have the projects of a batch start nothing new; what is being attempted is finished. Whether this call paused it."""
    with transaction.atomic():
        batch, now = lock(owner, public_id), ports.now()
        if batch.state != Batch.State.LAUNCHED:
            raise NotPossible("This batch isn't launched yet, so there is nothing to pause.")
        if batch.paused_at is not None:
            return False
        Batch.objects.filter(pk=batch.pk).update(paused_at=now)
        _projects(batch).update(paused_at=now)
        return True


def resume(owner: User, public_id: str) -> list[Job]:
    """Have the projects of a batch continue. The jobs whose work is to be queued now, with their projects; none when it was not
    paused."""
    with transaction.atomic():
        batch = lock(owner, public_id)
        if batch.paused_at is None:
            return []
        Batch.objects.filter(pk=batch.pk).update(paused_at=None)
        paused = list(_projects(batch).values_list("pk", flat=True))
        Project.objects.filter(pk__in=paused).update(paused_at=None)
        jobs = Job.objects.filter(
            project__in=paused, status__in=[JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.SUCCEEDED]
        )
        # They have not been without progress: they were paused.
        jobs.filter(ended_at=None).update(changed_at=ports.now())
        return list(jobs.select_related("project").order_by("public_id"))


def _projects(batch: Batch) -> QuerySet[Project]:
    return Project.objects.filter(batch_launch__row__batch=batch)


def jobs_of(batch: Batch) -> list[Job]:
    """Every job of every project of a batch, oldest first."""
    return list(Job.objects.filter(project__batch_launch__row__batch=batch).order_by("public_id"))


def waiting(batch: Batch) -> list[Project]:
    """The projects of a batch that wait for their seller, in the order of the rows."""
    held = newest(batch)
    return [
        project for _, project in sorted(held.items()) if project.stage in (Stage.AWAITING_APPROVAL, Stage.DESIGN_READY)
    ]


def of_project(project: Project) -> Batch | None:
    """The batch a project was launched in, if it was."""
    return Batch.objects.filter(rows__launches__project=project).first()
