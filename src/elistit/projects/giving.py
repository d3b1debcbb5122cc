"""Goodwill credits given from the command line, through the one door for what costs (rules §7).

The command line has no account of its own: its keys are kept with the seller who is given the credits, apart from the
seller's. It must never give twice for one key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from elistit import ports
from elistit.credits import ledger
from elistit.credits.ledger import IdempotencyConflict, Posting
from elistit.credits.models import CreditTransaction
from elistit.projects import idempotency, interrupted
from elistit.projects.idempotency import Action
from elistit.projects.request_models import AcceptedRequest

OURS = "command line:"
ACTOR = "command line"


def give(owner_id: int, amount: int, *, reason: str, days: int | None, idempotency_key: str) -> Posting:
    """Give a seller `amount` credits, good for `days` or forever. The same key with the same amount, days and reason
    answers the posting it made, however much later. Raises IdempotencyConflict, Interrupted."""
    key = OURS + idempotency_key
    if len(key) > idempotency.KEY_MAX:
        key = OURS + hashlib.sha256(idempotency_key.encode()).hexdigest()
    ledger_key = f"goodwill:{owner_id}:{idempotency_key}"

    def do(_: AcceptedRequest) -> dict[str, Any]:
        until = ports.now() + dt.timedelta(days=days) if days else None
        posting = ledger.grant(
            owner_id,
            amount,
            source="goodwill",
            idempotency_key=ledger_key,
            reason=reason,
            actor=ACTOR,
            expires_at=until,
        )
        return {"transaction": posting.id}

    def before(_: str) -> dict[str, Any] | None:
        row = CreditTransaction.objects.filter(idempotency_key=ledger_key).first()
        if row is not None and row.amount != amount:
            raise IdempotencyConflict(idempotency_key)
        return None if row is None else {"transaction": row.pk}

    def settle() -> Posting:
        body = {"amount": amount, "days": days, "reason": reason}
        accepted = idempotency.accept(owner_id, key, Action.GOODWILL, body, do, before=before)
        row = CreditTransaction.objects.get(pk=accepted.answer["transaction"])
        return Posting(row.pk, row.type, row.amount, row.balance_after, accepted.replayed)

    return interrupted.run(owner_id, key, settle)
