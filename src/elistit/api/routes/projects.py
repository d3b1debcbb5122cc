"""Projects over the API: quote, launch, list, read, organize, delete.

Every action goes through `elistit.actions.commands`, as from the pages. Another seller's project is simply not there.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from elistit.accounts.models import ApiKey
from elistit.actions import commands, following, protected_names, queries
from elistit.actions import organizing as acting
from elistit.api import keys, shapes
from elistit.api.problems import (
    DAILY_LIMIT,
    IDEMPOTENCY_CONFLICT,
    INSUFFICIENT_CREDITS,
    INVALID,
    MALFORMED,
    NOT_FOUND,
    NOT_POSSIBLE,
    invalid,
)
from elistit.api.routes.describing import FREE, operation
from elistit.api.routes.parameters import Cursor, Key, Limit, PublicId, is_id, next_page, own, stored_key
from elistit.api.routes.project_documents import show, summaries
from elistit.credits import ledger
from elistit.projects import daily_limits, finding, orders, series, storyboard, uploads
from elistit.projects import launch as launching
from elistit.projects.models import Job, Project
from elistit.projects.states import JobStatus, Stage
from elistit.stages import presets, storyboards

router = Router(tags=["Projects"])

Wanted = Annotated[shapes.ProjectFilter, Query()]


def _spec(order: shapes.Order, idea: str) -> orders.LaunchSpec:
    return orders.LaunchSpec(
        product=order.product.value, idea=idea, count=order.count, model=order.model or "", ratio=order.ratio,
        options=order.options.given(), name=order.name, mode=order.mode.value if order.mode else "",
        words=order.words.given(), uploads=tuple(order.uploads), scene=order.scene, failover=order.failover, video=order.video,
        brand_kit=order.brand_kit, series=order.series, shop=order.shop,
        storyboard=tuple(item.subject for item in order.storyboard or []), confirm_not_drawn=order.confirm_not_drawn,
    )  # fmt: skip


@operation(router, "POST", "/quotes", shapes.Quote, INVALID, MALFORMED, DAILY_LIMIT, action=FREE)
def quote(request: HttpRequest, body: shapes.QuoteRequest) -> dict[str, Any]:
    """The exact price of an order, itemised and frozen, and the storyboard: what will be made.

    Nothing is spent. Launching with its `id` as `quote_id` launches at this price or not at all, and makes exactly what the
    storyboard shows. The idea may be left out: it has no influence on the price, but without it there is no storyboard.
    """
    owner = keys.owner(request)
    board: storyboard.Board | None = None
    if body.idea.strip():
        frozen, board = storyboards.quote(owner, _spec(body, body.idea))
    else:
        frozen = launching.quote(owner, presets.resolve(owner, _spec(body, "to be quoted")))
    daily_limits.check(owner.pk, frozen.total, projects=1)
    balance = ledger.balance(owner.pk)
    return {
        "id": frozen.pk, "product": frozen.product, "model": frozen.model, "count": frozen.count,
        "asked": board.asked if board else frozen.count, "notice": board.fewer if board else "", "total": frozen.total,
        "lines": frozen.lines, "price_list": frozen.price_list, "created_at": frozen.created_at, "balance": balance,
        "shortfall": max(0, frozen.total - balance), "storyboard": storyboard.shown(board) if board else None,
        "needs_link": uploads.need_link(owner, body.uploads),
        "trademarks": [{**f.as_dict(), "words": f.words} for f in protected_names.of_order(_spec(body, body.idea))],
    }  # fmt: skip


@operation(
    router, "POST", "/projects", shapes.Project, INVALID, MALFORMED, INSUFFICIENT_CREDITS, IDEMPOTENCY_CONFLICT, NOT_POSSIBLE,
    status=201,
)  # fmt: skip
def launch(
    request: HttpRequest, response: HttpResponse, body: shapes.LaunchRequest, idempotency_key: Key = None
) -> dict[str, Any]:
    """Launch a project: its price is taken from the balance and the work begins.

    One transaction: with too few credits nothing is written. The same `Idempotency-Key` with the same order answers the
    same project and charges nothing more; with another order it is refused.
    """
    project = commands.launch(
        keys.owner(request), _spec(body, body.idea), idempotency_key=stored_key(request, idempotency_key),
        quote_id=body.quote_id or None, confirm_trademarks=body.confirm_trademarks,
    )  # fmt: skip
    response["Location"] = f"/api/v1/projects/{project.pk}"
    return show(project)


@operation(router, "GET", "/projects", shapes.ProjectPage, INVALID)
def projects(
    request: HttpRequest, response: HttpResponse, wanted: Wanted, limit: Limit = 25, cursor: Cursor = None,
) -> dict[str, Any]:  # fmt: skip
    """The seller's projects, newest first; deleted ones are left out, and archived ones unless they are asked for."""
    owner = keys.owner(request)
    found = Project.objects.filter(owner=owner, archived_at__isnull=not wanted.archived).exclude(stage=Stage.DELETED)
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.product:
        found = found.filter(product=wanted.product)
    if wanted.favorite is not None:
        found = found.filter(favorite_at__isnull=not wanted.favorite)
    if wanted.label:
        found = found.filter(pk__in=finding.labeled(owner.pk, wanted.label))
    if wanted.series:
        found = found.filter(series=series.find(owner, wanted.series) or -1)
    if wanted.needs_you:
        found = found.filter(pk__in=finding.needing(owner.pk))
    if wanted.q.strip():
        found = finding.search(found, owner.pk, wanted.q.strip())
    if cursor is not None:
        if not is_id(cursor):
            raise invalid({"cursor": "This is not a valid `next` value."})
        found = found.filter(public_id__lt=cursor)
    page = list(found.select_related("series").order_by("-public_id")[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    return {"items": summaries(page), "next": next_page(request, response, page[-1].pk if more else None)}


@operation(router, "GET", "/projects/{public_id}", shapes.Project, NOT_FOUND)
def project(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """One project as it is."""
    return show(own(request, public_id))


@operation(
    router,
    "PATCH",
    "/projects/{public_id}",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    action=ApiKey.Action.ORGANIZE,
)
def organize(request: HttpRequest, public_id: PublicId, body: shapes.OrganizeRequest) -> dict[str, Any]:
    """Rename a project, give it exactly these labels, archive it or make it a favorite. What is left out stays as it is.

    Free, and without influence on what runs. Files and listings that were already made keep the old name.
    """
    owner, pk = keys.owner(request), own(request, public_id).pk
    with transaction.atomic():
        if body.name is not None:
            acting.rename(owner, pk, body.name)
        if body.labels is not None:
            acting.set_labels(owner, pk, body.labels)
        if body.archived is not None:
            acting.archive(owner, [pk], yes=body.archived)
        if body.favorite is not None:
            acting.favorite(owner, [pk], yes=body.favorite)
    return show(own(request, pk))


@operation(router, "GET", "/projects/{public_id}/activity", shapes.Activity, NOT_FOUND)
def activity(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Every attempt and every note of a project, oldest first, in plain words."""
    return {"items": queries.activity(own(request, public_id))}


@operation(router, "GET", "/projects/{public_id}/items", shapes.Items, NOT_FOUND)
def items(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The items of a project, by number."""
    return {"items": show(own(request, public_id))["items"]}


_EVENTS = {
    200: {
        "description": "Server-sent events named `project`; the data of each is JSON.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@operation(router, "GET", "/projects/{public_id}/events", None, NOT_FOUND, binary=_EVENTS)
def events(request: HttpRequest, public_id: PublicId) -> HttpResponse:
    """Follow a project: one server-sent event now, and one each time it moves.

    Each event has the whole state (`public_id`, `stage`, `job`, `items` by state, `draft`), so a reader who missed some has
    missed nothing. The stream stays open for up to an hour; connect again when it ends.
    """
    found = own(request, public_id)
    return HttpResponse(following.RETRY + following.event(found.pk), content_type="text/event-stream; charset=utf-8")


@operation(router, "DELETE", "/projects/{public_id}", shapes.Deleted, NOT_FOUND, action=ApiKey.Action.DELETE)
def delete(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Delete a project. Nothing is refunded and nothing more is bought.

    What it costs to delete a project now is its `loss_on_delete`.
    """
    owner = keys.owner(request)
    commands.delete(owner, own(request, public_id).pk)
    cancelled = Job.objects.filter(project=public_id, status=JobStatus.CANCELLED).values_list("pk", flat=True)
    lost = sum(money.net for money in ledger.jobs_money(list(cancelled)).values())
    return {"public_id": public_id, "stage": "deleted", "not_refunded": lost}
