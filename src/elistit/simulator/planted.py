"""Bugs planted on purpose, to show that the checkers see: each changes one line of the real code's meaning while it is in.

Used by `elistit simulate --planted` and the tests; never by anything that runs a seller's work.
"""

from __future__ import annotations

import contextlib
import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db import transaction

from elistit import ports


@dataclass(frozen=True)
class Bug:
    """`story` is what a programmer might have done; `plant` puts it in for the `with` block."""

    story: str
    plant: Callable[[], contextlib.AbstractContextManager[Any]]


def _refund_twice() -> Any:
    from elistit.chain import refunds

    real = refunds._refund_credits

    def twice(job: Any, reason: str) -> Any:
        done = real(job, reason)
        _raw_refund(job, max(done.amount, 1))
        return done

    return mock.patch.object(refunds, "_refund_credits", twice)


def _raw_refund(job: Any, amount: int) -> None:
    """A refund row beyond what was charged: what a ledger without its guard would write."""
    from elistit.credits.models import CreditTransaction

    last = CreditTransaction.objects.filter(account__owner=job.project.owner_id).order_by("-seq").first()
    assert last is not None
    CreditTransaction.objects.create(
        account_id=last.account_id, seq=last.seq + 1, type="REFUND_CREDIT", contra="spent", amount=amount,
        balance_after=last.balance_after + amount, job=job.pk, project=job.project_id, idempotency_key=f"twice:{job.pk}",
        request_digest="", reason="Again", created_at=ports.now(), hash="0" * 64,
    )  # fmt: skip


def _replace(
    module: str, name: str, made: Callable[[Any], Any]
) -> Callable[[], contextlib.AbstractContextManager[Any]]:
    """Replace one function of a module by what `made` makes of the real one."""

    @contextlib.contextmanager
    def plant() -> Iterator[None]:

        target: Any = importlib.import_module(module)
        for part in name.split(".")[:-1]:
            target = getattr(target, part)
        last = name.split(".")[-1]
        real = target.__dict__[last] if isinstance(target, type) else getattr(target, last)
        with mock.patch.object(target, last, made(real)):
            yield

    return plant


def _nothing(_: Any) -> Any:
    return lambda *args, **kwargs: None


def _delete_refunds(real: Any) -> Any:
    def delete(owner: Any, public_id: str) -> Any:
        from elistit.credits import ledger

        jobs = real(owner, public_id)
        for job in jobs:
            ledger.refund(owner.pk, job=job, project=public_id, idempotency_key=f"kind:{job}", reason="Deleted")
        return jobs

    return delete


def _never_looked_up(real: Any) -> Any:
    def make(provider: Any, request: Any, this: Any, job: Any, run: Any, accept: Any, *, action: str = "") -> Any:
        from elistit.chain.models import ProviderCall
        from elistit.purchases.claims import ANSWERED, NEVER_RECEIVED

        unanswered = ProviderCall.objects.filter(job=job, item=this.item).exclude(state=ANSWERED)
        unanswered.update(state=ANSWERED, outcome=NEVER_RECEIVED)
        return real(provider, request, this, job, run, accept, action=action)

    return make


def _refusal_forgotten(real: Any) -> Any:
    def found(*args: Any) -> Any:
        outcome = real(*args)
        return None if getattr(outcome, "kind", "") == "blocked_prompt" else outcome

    return found


def _split_transaction(real: Any) -> Any:
    """`fail` without its money in the same transaction: the refund comes later, or never when the worker dies."""

    def fail(job: Any, stage: str, failure: Any) -> Any:

        from elistit.chain import refunds

        with mock.patch.object(refunds, "_refund_credits", return_value=None):
            done = real(job, stage, failure)
        if done:
            transaction.on_commit(lambda: refunds._refund_credits(job, failure.reason))
        return done

    return fail


def _all_dropped(real: Any) -> Any:
    return lambda job: [i for i in job.items.filter(state="dropped") if i.price > 0]


def _four_retries(real: Any) -> Any:
    def decide(failure: Any, number: int, waits: int, *before: int) -> Any:
        from elistit.chain import retry

        if number == 4 and failure.kind == "transient":
            return retry.Again(60, True)
        return real(failure, min(number, 4), waits, *before)

    return decide


def _endless_pauses(real: Any) -> Any:
    def decide(failure: Any, number: int, waits: int, *before: int) -> Any:
        return real(failure, number, min(waits, 1), *before)

    return decide


def _quick_third(real: Any) -> Any:
    def decide(failure: Any, number: int, waits: int, *before: int) -> Any:
        from elistit.chain import retry

        made = real(failure, number, waits, *before)
        return retry.Again(5, made.counted) if isinstance(made, retry.Again) and made.delay == 30 else made

    return decide


def _rejected_again(real: Any) -> Any:
    def decide(failure: Any, number: int, waits: int, *before: int) -> Any:
        from elistit.chain import retry

        if failure.kind == "rejected" and number < 4:
            return retry.Again(10, True)
        return real(failure, number, waits, *before)

    return decide


def _first_line_only(real: Any) -> Any:
    return lambda job: job.quote.total


def _lost_item_keeps_credits(real: Any) -> Any:
    def refund(job: Any, stage: str, item: Any, amount: int, reason: str) -> Any:
        if item.state_before == "" and stage == "generating" and item.number == 1:
            return None
        return real(job, stage, item, amount, reason)

    return refund


def _forgets_following(real: Any) -> Any:
    """Nothing finds a job whose queueing was lost."""

    return lambda *args: Counter()


def _random_keys(real: Any) -> Any:
    def kept(key: str) -> str:

        real(key)
        return ports.new_id()

    return kept


def _blind(real: Any) -> Any:
    return lambda self: None


_REFUNDS, _RETRY = "elistit.chain.refunds", "elistit.chain.retry"
BUGS: dict[str, Bug] = {
    "refund-forgotten": Bug(
        "A failed job's credits do not come back.",
        _replace(_REFUNDS, "_refund_credits", _nothing),
    ),
    "refund-twice": Bug("A failed job's credits come back twice.", _refund_twice),
    "refund-after-commit": Bug(
        "The refund is written after the transaction that fails the job.",
        _replace(_REFUNDS, "fail_job", _split_transaction),
    ),
    "delete-refunds": Bug(
        "Deleting a project gives its credits back.",
        _replace("elistit.projects.remove", "delete", _delete_refunds),
    ),
    "item-refund-forgotten": Bug(
        "The price of an item that could not be made stays charged.",
        _replace(_REFUNDS, "refund_item", _lost_item_keeps_credits),
    ),
    "listing-refunds-all": Bug(
        "A listing that fails returns the whole job.",
        _replace("elistit.chain.failure", "_listing_line", _first_line_only),
    ),
    "taste-refunded": Bug(
        "Items dropped by choice are refunded at approval.",
        _replace("elistit.projects.gate", "refund_on_approval", _all_dropped),
    ),
    "fifth-try": Bug(
        "A transient failure is tried a fifth time.",
        _replace(_RETRY, "decide", _four_retries),
    ),
    "short-pause": Bug(
        "The third try comes after five seconds.",
        _replace(_RETRY, "decide", _quick_third),
    ),
    "rejected-again": Bug(
        "A request that was refused as invalid is sent again.",
        _replace(_RETRY, "decide", _rejected_again),
    ),
    "endless-pauses": Bug(
        "Pauses a provider asks for are never used up.",
        _replace(_RETRY, "decide", _endless_pauses),
    ),
    "never-looked-up": Bug(
        "A call without an answer is sent again instead of looked up.",
        _replace("elistit.purchases.calls", "buy_once", _never_looked_up),
    ),
    "refusal-bought-again": Bug(
        "A purchase that a look-up finds refused is taken for one that never arrived.",
        _replace("elistit.purchases.calls", "_found", _refusal_forgotten),
    ),
    "lost-work-stays-lost": Bug(
        "Recovery does not queue work that dropped out of the queue.",
        _replace("elistit.maintenance.requeue_lost", "reconcile", _forgets_following),
    ),
    "draft-not-looked-for": Bug(
        "A draft whose answer was lost is made again without looking.",
        _replace("elistit.listings.etsy.draft", "_Drafting._find", _blind),
    ),
    "keys-not-kept": Bug(
        "The seller's idempotency key is not what is stored.",
        _replace("elistit.projects.idempotency", "checked_key", _random_keys),
    ),
}  # fmt: skip
