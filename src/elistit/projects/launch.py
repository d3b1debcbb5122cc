"""Launching a project: a checked order is quoted and booked here.

A launch is one transaction: the balance is checked and debited, and the project, its job and its items are written, or
nothing is (rules §7). This module must never enqueue work or call anything outside; `actions.commands` does, on commit.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger, prices, quotes
from elistit.credits.models import Quote
from elistit.projects import draft_plans, idempotency, scenes, series, storyboard, uploads
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.idempotency import Action
from elistit.projects.job_requests import answer_before, answer_of, job_of, key_of_job
from elistit.projects.models import Item, Job, JobKind, Listing, Project
from elistit.projects.orders import LATER_FIELDS, NOT_ORDERED, LaunchSpec, check, given, made, price, storyboard_digest
from elistit.projects.products import ModelChoice, product_type
from elistit.projects.request_models import AcceptedRequest


def quote(owner: User, spec: LaunchSpec, board: storyboard.Board | None = None) -> Quote:
    """Freeze the price of an order as a quote row: of what its storyboard shows. Raises InvalidSpec."""
    order = made(check(spec), board)
    assert order.count is not None
    return quotes.freeze(owner.pk, order.product, order.model, order.count, price(spec, board))


def launch(
    owner: User,
    spec: LaunchSpec,
    *,
    idempotency_key: str,
    quote_id: str | None = None,
    board: storyboard.Board | None = None,
    resolved: LaunchSpec | None = None,
) -> tuple[Job, bool]:
    """Book an order: debit, project, job and items in one transaction. The job, and whether this call made it.

    The same key with the same order answers the same job and books nothing; with another order it raises
    IdempotencyConflict. `board` is the accepted storyboard, kept beside the quote. `resolved` is the order with what its brand kit
    and series fill in; a repetition is judged by `spec` alone, so that editing a brand kit changes no answer. With `quote_id`, the order must
    still cost what that quote said. Raises InvalidSpec, InsufficientCredits (nothing is written), NotPossible when the
    price has changed since the quote (rules §7) or an upload is no longer there.
    """

    def stored() -> str:
        return _checked_digest(spec, quote_id)

    def do(request: AcceptedRequest) -> dict[str, Any]:
        job_key = key_of_job(owner, Action.LAUNCH, request.key)
        return answer_of(book(owner, spec, request, job_key=job_key, quote_id=quote_id, board=board, resolved=resolved))

    body = {"spec": given(spec), "quote": quote_id}
    # Another wording of the same order, or an order from before there were accepted requests: known by its job's digest.
    return job_of(idempotency.accept(
        owner.pk, idempotency_key, Action.LAUNCH, body, do,
        same=lambda answer: _is_of(answer, stored), before=lambda key: answer_before(owner, Action.LAUNCH, key, stored),
    ))  # fmt: skip


def book(
    owner: User,
    spec: LaunchSpec,
    request: AcceptedRequest,
    *,
    job_key: str,
    quote_id: str | None = None,
    quote: Quote | None = None,
    board: storyboard.Board | None = None,
    resolved: LaunchSpec | None = None,
) -> Job:
    """Book one order in the transaction of an accepted request: debit, project, job, items and storyboard. `job_key` is the
    job's own, once for ever. `quote` is the owner's quote of `quote_id` with its storyboard, if they were read already. Raises
    what `launch` raises, but for IdempotencyConflict."""
    order = check(resolved or spec)
    if product_type(order.product).model == ModelChoice.NONE and not order.uploads:
        raise InvalidSpec({"uploads": "Add at least one image of your own."})
    lines = price(order, board)
    shown = quote or (_quote(owner, quote_id) if quote_id else None)
    job = _book(owner, made(order, board), lines, request, _checked_digest(spec, quote_id), shown, job_key)
    if board is not None and (quote is None or not hasattr(quote, "storyboard")):
        storyboard.keep(job.quote, board, storyboard_digest(order), new=shown is None)
    return job


def _quote(owner: User, quote_id: str) -> Quote:
    found = Quote.objects.filter(pk=quote_id, owner=owner).first()
    if found is None:
        raise NotPossible("That quote doesn't exist. Request a new quote.")
    return found


def is_known(owner: User, idempotency_key: str) -> bool:
    """Whether this seller's key belongs to a request already: of any action, or for a launch of before there were such rows."""
    key = idempotency.checked_key(idempotency_key)
    if idempotency.find(owner.pk, key) is not None:
        return True
    return Job.objects.filter(idempotency_key=key_of_job(owner, Action.LAUNCH, key)).exists()


def _checked_digest(spec: LaunchSpec, quote_id: str | None) -> str:
    """The digest a job keeps: of the order with its defaults filled in. Empty for an order that cannot be booked now."""
    try:
        order = dataclasses.asdict(check(spec))
    except InvalidSpec:
        return ""
    # An order without one of the later fields has the digest it had before there was that field.
    order = {k: v for k, v in order.items() if k not in NOT_ORDERED and (k not in LATER_FIELDS or v)}
    return idempotency.digest({"spec": order, "quote": quote_id})


def _is_of(answer: dict[str, Any], stored: Callable[[], str]) -> bool:
    return Job.objects.filter(pk=answer.get("job"), request_digest=stored()).exists()


def _book(
    owner: User,
    spec: LaunchSpec,
    lines: list[prices.Line],
    request: AcceptedRequest,
    digest: str,
    shown: Quote | None,
    job_key: str,
) -> Job:
    assert spec.count is not None and spec.ratio is not None, "the order was checked"
    if shown is not None:
        if (shown.product, shown.model, shown.count) != (spec.product, spec.model, spec.count):
            raise NotPossible("That quote is for a different order. Request a new quote.")
        if shown.total != sum(line.credits for line in lines):
            raise NotPossible("The price has changed since that quote. Check the new price and launch again.")
    frozen = shown or quotes.freeze(owner.pk, spec.product, spec.model, spec.count, lines)
    project_id, job_id = ports.new_id(), ports.new_id()
    posting = ledger.spend(
        owner.pk, frozen.total, job=job_id, project=project_id, idempotency_key=f"job:{job_id}:charge",
        reason="Project launched", actor=owner.reference,
    )  # fmt: skip
    idempotency.charged(request, posting)
    seed = int.from_bytes(hashlib.sha256(project_id.encode()).digest()[:6], "big")
    scene = scenes.own(owner, spec.scene) if spec.scene else None
    joined = series.join(owner, spec.series, _look(spec), begins=bool(spec.look)) if spec.series else None
    project = Project.objects.create(
        public_id=project_id, owner=owner, name=spec.name, product=spec.product, idea=spec.idea, options=spec.options,
        ratio=spec.ratio, count=spec.count, model=spec.model, mode=spec.mode, words=spec.words, scene=scene, seed=seed,
        failover=spec.failover, trademarks=list(spec.trademarks) or None, video=spec.video, series=joined,
        brand=spec.brand or None,
    )  # fmt: skip
    job = Job.objects.create(
        public_id=job_id, project=project, kind=JobKind.LAUNCH, quote=frozen,
        idempotency_key=job_key, request_digest=digest,
    )  # fmt: skip
    each = prices.item_price(lines)
    Item.objects.bulk_create(Item(job=job, number=n, price=each) for n in range(1, spec.count + 1))
    uploads.claim(owner, project, spec.uploads)
    Listing.objects.create(project=project)
    if spec.draft_shop:
        draft_plans.keep(project, *spec.draft_shop)
    return job


def _look(spec: LaunchSpec) -> dict[str, Any]:
    assert spec.ratio is not None, "the order was checked"
    return spec.look or series.look_of(product_type(spec.product), spec.model, spec.ratio, spec.options)
