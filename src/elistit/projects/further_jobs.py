"""The further jobs of a project: making a poster's design print-ready, and writing a listing again after its refund.

Each is booked like a launch: quote, charge and job in one transaction, once for each key, or nothing is written (rules §4,
§5.5). This module must never enqueue work or call anything outside; `actions.commands` does, on commit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger, prices, quotes
from elistit.projects import changes, idempotency
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.idempotency import Action
from elistit.projects.job_requests import answer_before, answer_of, job_of, key_of_job
from elistit.projects.models import Item, Job, JobKind, Listing, Project
from elistit.projects.orders import mockups_of
from elistit.projects.request_models import AcceptedRequest
from elistit.projects.states import Stage


def book_listing_again(owner: User, project: Project, *, idempotency_key: str) -> tuple[Job, bool]:
    """Book writing the listing again after it failed and was refunded: its own job, with its own quote and charge
    (rules §5.5). Idempotent by key. Raises NotPossible, InsufficientCredits, IdempotencyConflict."""

    def claim() -> bool:
        failed = Listing.objects.filter(project=project, text=Listing.Text.FAILED)
        return bool(failed.update(text=Listing.Text.NONE, text_reason="")) and changes.move_stage(
            project.pk, Stage.LISTING, [Stage.COMPLETED]
        )

    return _book_second(
        owner, project, JobKind.LISTING, prices.listing_lines, claim, "Write the listing again",
        "This project's listing is already written or being written.", idempotency_key,
    )  # fmt: skip


def print_ready_lines(project: Project) -> list[prices.Line]:
    """The itemized price of making a poster's design print-ready: with the model that made it."""
    mockups, model = mockups_of(project.scene_id), _designer(project)
    return prices.quote_lines(project.product, model, project.count, mockups=mockups, part="print")


def _designer(project: Project) -> str:
    art = Item.objects.filter(job__project=project).values_list("art", flat=True).first() or {}
    return art.get("made_model") or project.model


def book_print_ready(owner: User, project: Project, *, idempotency_key: str) -> tuple[Job, bool]:
    """Book **Make print-ready** for a poster whose design is there: the second job, with its own quote and charge (rules
    §4). Idempotent by key. Raises NotPossible, InsufficientCredits, IdempotencyConflict."""

    def claim() -> bool:
        return changes.move_stage(project.pk, Stage.PROCESSING, [Stage.DESIGN_READY])

    return _book_second(
        owner, project, JobKind.PRINT_READY, lambda: print_ready_lines(project), claim, "Make print-ready",
        "This project has no design waiting to be made print-ready.", idempotency_key,
    )  # fmt: skip


def _book_second(
    owner: User,
    project: Project,
    kind: JobKind,
    lines: Callable[[], list[prices.Line]],
    claim: Callable[[], bool],
    reason: str,
    refusal: str,
    key: str,
) -> tuple[Job, bool]:
    """Quote, charge and write a further job of a project, if `claim` wins the state it needs. All or nothing."""
    action, stored = Action(kind.value), idempotency.digest({"project": project.pk})

    def book(request: AcceptedRequest) -> dict[str, Any]:
        if project.stage == Stage.DELETED:
            raise NotFound("There is no such project.")
        frozen = quotes.freeze(owner.pk, project.product, project.model, project.count, lines())
        job_id = ports.new_id()
        posting = ledger.spend(
            owner.pk, frozen.total, job=job_id, project=project.pk, idempotency_key=f"job:{job_id}:charge",
            reason=reason, actor=owner.reference,
        )  # fmt: skip
        idempotency.charged(request, posting)
        if not claim():
            raise NotPossible(refusal)
        return answer_of(Job.objects.create(
            public_id=job_id, project=project, kind=kind, quote=frozen, idempotency_key=key_of_job(owner, action, request.key),
            request_digest=stored,
        ))  # fmt: skip

    return job_of(idempotency.accept(
        owner.pk, key, action, {"project": project.pk}, book, before=lambda key: answer_before(owner, action, key, lambda: stored)
    ))  # fmt: skip
