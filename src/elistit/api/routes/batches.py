"""Batches over the API: price a list, launch it in one request, watch it, pause it, launch failed rows again.

Every action goes through `elistit.actions.batches`, as from the pages. Another seller's batch is simply not there.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import batch_planning, batch_queries, batches, requested_launches
from elistit.api import keys, shapes
from elistit.api.problems import (
    IDEMPOTENCY_CONFLICT,
    INSUFFICIENT_CREDITS,
    INVALID,
    MALFORMED,
    NOT_FOUND,
    NOT_POSSIBLE,
    invalid,
)
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import Cursor, Key, Limit, next_page, stored_key
from elistit.api.shapes import batches as shape
from elistit.projects import batches as rows
from elistit.projects.batch_list import Given, ReadList, with_defaults
from elistit.projects.batch_models import Batch
from elistit.projects.errors import InvalidSpec, NotFound

router = Router(tags=["Batches"])
_ULID = re.compile(shapes.PUBLIC_ID)
BatchId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="`id` of a batch.")
]


def _own(request: HttpRequest, batch_id: str) -> Batch:
    if not _ULID.fullmatch(batch_id):
        raise NotFound("There is no such batch.")
    return rows.own(keys.owner(request), batch_id)


def _order(row: shape.BatchOrder | shape.BatchDefaults) -> dict[str, Any]:
    """A row, or the defaults, as a batch keeps it: only what was given."""
    fields: dict[str, Any] = {
        "product": row.product.value if row.product else None,
        "count": row.count,
        "model": row.model,
        "ratio": row.ratio,
        "options": row.options.given(),
        "mode": row.mode.value if row.mode else None,
        "shop": row.shop,
        "brand_kit": row.brand_kit,
        "series": row.series,
    }
    if isinstance(row, shape.BatchOrder):
        fields |= {
            "idea": row.idea,
            "name": row.name,
            "words": row.words.given(),
            "uploads": row.uploads,
            "scene": row.scene,
            "failover": row.failover,
            "video": row.video,
            "storyboard": [item.subject for item in row.storyboard or []],
            "confirm_not_drawn": row.confirm_not_drawn,
            "confirm_trademarks": row.confirm_trademarks,
        }
    return {name: value for name, value in fields.items() if value or (value == 0 and value is not False)}


@operation(
    router,
    "POST",
    "/batches",
    shape.Batch,
    INVALID,
    MALFORMED,
    NOT_FOUND,
    IDEMPOTENCY_CONFLICT,
    status=201,
)
def add_batch(
    request: HttpRequest, response: HttpResponse, body: shape.BatchRequest, idempotency_key: Key = None
) -> dict[str, Any]:
    """Launch a list of orders, all of them or none.

    The list is accepted and answered at once, and nothing is charged yet: `state` is `planning` and `launch.state` is `waiting`. Every row
    is then planned, and when each has its price, all rows are launched in one transaction with one debit per project, also when
    you never ask again. Follow it with `GET /batches/{batch_id}`: `launch.state` becomes `launched`, or `not_launched` with the problem when
    the list costs more than `max_credits`, there are too few credits for all of it, a row needs a confirmation, or a limit is
    reached. Then nothing was charged and the batch is a draft that can be edited, launched or discarded.

    Rows that can't be launched whatever their plan is are refused at once, and nothing is kept. Problems are named by row, numbered
    from 1: `rows.3.count` is the count of row 3. The same `Idempotency-Key` with the same list answers the same batch and charges nothing
    more. Discarding the batch while it waits stops the launch.

    With `"launch": false` the list is kept as a draft, nothing is charged, and the key isn't used. Its rows get their price,
    storyboard and problems for about a second; while some are left, `state` is `planning`, and each `GET /batches/{batch_id}` plans
    further rows.
    """
    owner, defaults = keys.owner(request), _order(body.defaults)
    given = [Given(0, with_defaults(_order(row), defaults)) for row in body.rows]
    if body.launch:
        key = stored_key(request, idempotency_key)
        batch = requested_launches.request(owner, body.name, given, idempotency_key=key, max_credits=body.max_credits)
    elif body.max_credits is not None:
        raise InvalidSpec({"max_credits": "`max_credits` is for a launch. A draft charges nothing."})
    else:
        batch = batches.draft(owner, body.name, ReadList(tuple(given)))
        batch_planning.plan_slice(owner, batch.pk)
    response["Location"] = f"/api/v1/batches/{batch.pk}"
    return batch_queries.describe(batch)


@operation(router, "GET", "/batches", shape.BatchPage, INVALID)
def list_batches(
    request: HttpRequest, response: HttpResponse, limit: Limit = 25, cursor: Cursor = None
) -> dict[str, Any]:
    """The seller's batches, newest first."""
    found = Batch.objects.filter(owner=keys.owner(request))
    if cursor is not None:
        if not _ULID.fullmatch(cursor):
            raise invalid({"cursor": "This is not a valid `next` value."})
        found = found.filter(public_id__lt=cursor)
    page = list(found.order_by("-public_id")[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    items = [
        {
            "id": b.pk,
            "name": b.name,
            "state": b.state,
            "paused": b.paused_at is not None,
            "created_at": b.created_at,
            "launched_at": b.launched_at,
        }
        for b in page
    ]
    return {"items": items, "next": next_page(request, response, page[-1].pk if more else None)}


@operation(router, "GET", "/batches/{batch_id}", shape.Batch, NOT_FOUND)
def batch(request: HttpRequest, batch_id: BatchId) -> dict[str, Any]:
    """One batch: its rows with their projects, and what all of it cost. While its state is `planning`, each request plans further
    rows for about a second, and the rows that are planned are shown."""
    found = _own(request, batch_id)
    batch_planning.plan_slice(keys.owner(request), found.pk)
    return batch_queries.describe(found)


@operation(
    router,
    "POST",
    "/batches/{batch_id}/launch",
    shape.Batch,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    INSUFFICIENT_CREDITS,
    IDEMPOTENCY_CONFLICT,
    NOT_POSSIBLE,
)
def launch_batch(
    request: HttpRequest,
    batch_id: BatchId,
    body: shape.BatchLaunchRequest | None = None,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Launch rows of a draft, or failed rows again, all of them or none. Rows that are still being planned are refused.

    Failed rows are launched at the price of now, each as a new project; what they cost before was refunded.
    """
    found = _own(request, batch_id)
    numbers = (
        body.rows if body and body.rows else list(found.rows.filter(included=True).values_list("number", flat=True))
    )
    key = stored_key(request, idempotency_key)
    return batch_queries.describe(batches.launch(keys.owner(request), found.pk, numbers, idempotency_key=key))


@operation(
    router, "POST", "/batches/{batch_id}/pause", shape.Batch, NOT_FOUND, NOT_POSSIBLE, action=ApiKey.Action.LAUNCH
)
def pause_batch(request: HttpRequest, batch_id: BatchId) -> dict[str, Any]:
    """Pause a batch: attempts that are running finish, and nothing new begins. Pausing twice changes nothing."""
    batches.pause(keys.owner(request), _own(request, batch_id).pk)
    return batch_queries.describe(_own(request, batch_id))


@operation(router, "POST", "/batches/{batch_id}/resume", shape.Batch, NOT_FOUND, action=ApiKey.Action.LAUNCH)
def resume_batch(request: HttpRequest, batch_id: BatchId) -> dict[str, Any]:
    """Resume a paused batch. Resuming twice changes nothing."""
    batches.resume(keys.owner(request), _own(request, batch_id).pk)
    return batch_queries.describe(_own(request, batch_id))


@operation(
    router, "DELETE", "/batches/{batch_id}", shape.BatchDeleted, NOT_FOUND, NOT_POSSIBLE, action=ApiKey.Action.LAUNCH
)
def discard_batch(request: HttpRequest, batch_id: BatchId) -> dict[str, Any]:
    """Discard a draft. A launched batch stays; delete its projects instead."""
    batches.discard(keys.owner(request), _own(request, batch_id).pk)
    return {"id": batch_id}
