"""Credits over the API: what there is, and every row of the ledger. Reads only."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from elistit.api import keys, shapes
from elistit.api.problems import INVALID, invalid
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import Cursor, LongLimit, next_page
from elistit.credits import ledger
from elistit.credits.models import TransactionType

router = Router(tags=["Credits"])
OfProject = Annotated[
    str | None, Query(max_length=26, pattern=f"^{shapes.PUBLIC_ID}$", description="Only this project's rows.")
]


@operation(router, "GET", "/credits", shapes.Credits)
def balance(request: HttpRequest) -> dict[str, Any]:
    """The balance and what it is made of, soonest to expire first."""
    grants = ledger.grants(keys.owner(request).pk)
    return {"balance": sum(g.remaining for g in grants), "grants": grants}


@operation(router, "GET", "/credits/transactions", shapes.TransactionPage, INVALID)
def transactions(
    request: HttpRequest, response: HttpResponse, type: TransactionType | None = None, project: OfProject = None,
    limit: LongLimit = 50, cursor: Cursor = None,
) -> dict[str, Any]:  # fmt: skip
    """Every movement of credits, newest first, with the running balance."""
    before = None
    if cursor is not None:
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
            raise invalid({"cursor": "This is not a valid `next` value."})
        before = int(cursor)
    rows = ledger.history(keys.owner(request).pk, type=type, project=project, before_seq=before, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    shown = [
        {
            "id": row.pk, "type": row.type, "amount": row.amount, "balance_after": row.balance_after,
            "project": row.project or None, "item": row.item, "reason": row.reason, "created_at": row.created_at,
        }
        for row in rows
    ]  # fmt: skip
    return {"items": shown, "next": next_page(request, response, str(rows[-1].seq) if more else None)}
