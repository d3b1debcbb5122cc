"""Projects over the API: launch, list, look, the actions of a seller, delete.

Every act goes through `elistit.actions.commands`, as from the pages. Another seller's project is simply not there.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Header, Path, Query

from elistit import ports
from elistit.accounts.models import ApiKey, User
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
from elistit.credits import ledger
from elistit.projects import daily_limits, finding, gate, organizing, series, storyboard, uploads
from elistit.projects import launch as launching
from elistit.projects.errors import NotFound
from elistit.projects.listing_text import Text
from elistit.projects.models import Job, JobKind, Project
from elistit.projects.products import IDEA_MAX
from elistit.projects.states import JobStatus, Stage
from elistit.stages import presets, storyboards

router = Router(tags=["Projects"])

# As the wire has it; the address of the API's root is not known to a schema.
FILES = "/api/v1/projects/{}/files/{}"
PAGE_MAX = 100
KEY_KEPT = 60
_ID = re.compile(shapes.PUBLIC_ID)

PublicId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="The project's public id.")
]
Number = Annotated[int, Path(ge=1, le=100_000, description="The item's number, from 1.")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7E]+$",
        description="A key you choose. The same request with the same key runs once, so you can retry safely.",
    ),
]  # fmt: skip
# Each with its own declaration: the framework writes an operation's default into it.
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="Most entries on a page.")]
LongLimit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="Most entries on a page.")]
Prompt = Annotated[
    str | None, Query(max_length=IDEA_MAX, pattern=shapes.TEXT, description="The new prompt; left out, the same one.")
]
Wanted = Annotated[shapes.ProjectFilter, Query()]
Cursor = Annotated[str | None, Query(max_length=40, description="`next` of the page before.")]


def checked(public_id: str) -> str:
    """The id as it came. Raises NotFound for what is no id at all."""
    if not _ID.fullmatch(public_id):
        raise NotFound("There is no such project.")
    return public_id


def own(request: HttpRequest, public_id: str) -> Project:
    """The asking seller's standing project. Raises NotFound for anything else, also for what is no id at all."""
    return gate.own_project(keys.owner(request), checked(public_id))


def show(project: Project) -> dict[str, Any]:
    """A project with its files at addresses that take the bearer key."""
    shown = queries.describe(project)
    for item in shown["items"]:
        for flagged in (item, *item["versions"]):
            flagged["flags"] = [_flag(flag) for flag in flagged["flags"]]
    for file in shown["files"]:
        file["url"] = FILES.format(project.pk, file["id"])
    labels = organizing.labels_of([project.pk])[project.pk]
    kit = {"id": project.brand["id"], "name": project.brand["name"]} if project.brand else None
    return {
        **shown,
        "labels": labels,
        "brand_kit": kit,
        **_order(project),
        "loss_on_delete": queries.loss_on_delete(project),
    }


def stored_key(request: HttpRequest, given: str | None) -> str:
    """The seller's key as the books keep it: a long one by its digest; a fresh one when none was sent. The request keeps it:
    should a fault interrupt the act, the answer looks for what it stands for."""
    key = ports.new_id() if given is None else _kept(given)
    request.accepting = key  # type: ignore[attr-defined]
    return key


def _kept(given: str) -> str:
    return given if len(given) <= KEY_KEPT else "sha256:" + hashlib.sha256(given.encode()).hexdigest()[:48]


def _flag(flag: Any) -> dict[str, str]:
    return flag if isinstance(flag, dict) else {"code": "", "words": str(flag)}


def _spec(order: shapes.Order, idea: str) -> launching.LaunchSpec:
    return launching.LaunchSpec(
        product=order.product.value, idea=idea, count=order.count, model=order.model or "", ratio=order.ratio,
        options=order.options.given(), name=order.name, mode=order.mode.value if order.mode else "",
        words=order.words.given(), uploads=tuple(order.uploads), scene=order.scene, failover=order.failover, video=order.video,
        brand_kit=order.brand_kit, series=order.series, shop=order.shop,
        storyboard=tuple(item.subject for item in order.storyboard or []), confirm_not_drawn=order.confirm_not_drawn,
    )  # fmt: skip


def next_page(request: HttpRequest, response: HttpResponse, cursor: str | None) -> str | None:
    """Say where the next page is (RFC 8288) as well as in the body."""
    if cursor is not None:
        query = urlencode({**request.GET.dict(), "cursor": cursor})
        response["Link"] = f'<{request.path}?{query}>; rel="next"'
    return cursor


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
        if not _ID.fullmatch(cursor):
            raise invalid({"cursor": "This is not the `next` of a page."})
        found = found.filter(public_id__lt=cursor)
    page = list(found.select_related("series").order_by("-public_id")[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    return {"items": _summaries(page), "next": next_page(request, response, page[-1].pk if more else None)}


def _summaries(page: list[Project]) -> list[dict[str, Any]]:
    jobs = {job.project_id: job for job in Job.objects.filter(project__in=page, kind=JobKind.LAUNCH)}
    money = ledger.jobs_money([job.pk for job in jobs.values()])
    labels = organizing.labels_of(p.pk for p in page)
    return [
        {
            "public_id": p.pk, "name": p.name, "product": p.product, "idea": p.idea, "count": p.count, "model": p.model,
            "stage": p.stage, "created_at": p.created_at, "job": _job(jobs[p.pk], money[jobs[p.pk].pk]),
            "labels": labels[p.pk], **_order(p),
        }
        for p in page
    ]  # fmt: skip


def _order(project: Project) -> dict[str, Any]:
    return {
        "archived": project.archived_at is not None,
        "favorite": project.favorite_at is not None,
        "series": project.series.name if project.series else None,
    }


def _job(job: Job, money: ledger.JobMoney) -> dict[str, Any]:
    failure = None
    if job.status == JobStatus.FAILED:
        failure = {"kind": job.failure_kind, "reason": job.failure_reason, "stage": job.failure_stage}
    return {
        "id": job.pk, "status": job.status, "charged": money.charged, "refunded": money.refunded, "failure": failure,
    }  # fmt: skip


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


@operation(
    router,
    "POST",
    "/projects/{public_id}/approve",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.REVIEW,
)
def approve(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Go on with the kept items. Approving twice changes nothing."""
    return show(commands.approve(keys.owner(request), own(request, public_id).pk))


@operation(
    router,
    "POST",
    "/projects/{public_id}/items/{number}/keep",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    NOT_POSSIBLE,
    action=ApiKey.Action.REVIEW,
)
def keep(request: HttpRequest, public_id: PublicId, number: Number) -> dict[str, Any]:
    """Keep an item, or take a drop back."""
    return show(commands.keep(keys.owner(request), own(request, public_id).pk, number))


@operation(
    router,
    "POST",
    "/projects/{public_id}/items/{number}/drop",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    NOT_POSSIBLE,
    action=ApiKey.Action.REVIEW,
)
def drop(request: HttpRequest, public_id: PublicId, number: Number) -> dict[str, Any]:
    """Leave an item out. At approval, the price of what our own check had flagged comes back."""
    return show(commands.drop(keys.owner(request), own(request, public_id).pk, number))


@operation(
    router,
    "POST",
    "/projects/{public_id}/items/{number}/choose",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    NOT_POSSIBLE,
    action=ApiKey.Action.REVIEW,
)
def choose(request: HttpRequest, public_id: PublicId, number: Number, body: shapes.ChooseRequest) -> dict[str, Any]:
    """Keep another version of an item: one of its `versions`. Free, until the approval."""
    return show(commands.choose(keys.owner(request), own(request, public_id).pk, number, body.round))


@operation(
    router, "POST", "/projects/{public_id}/items/{number}/remake", shapes.Project, NOT_FOUND, INVALID, MALFORMED,
    INSUFFICIENT_CREDITS, IDEMPOTENCY_CONFLICT, NOT_POSSIBLE, action=ApiKey.Action.REMAKE,
)  # fmt: skip
def remake(
    request: HttpRequest, public_id: PublicId, number: Number, body: shapes.RemakeRequest | None = None,
    idempotency_key: Key = None,
) -> dict[str, Any]:  # fmt: skip
    """Remake an item, with the same or a new prompt.

    Charged at once, and given back if it cannot be made. Free, twice for each prompt, when our own check flagged the image and
    the prompt is unchanged; an edited prompt is a new order and always charged. Protected names in it need
    `confirm_trademarks`. With `price`, it costs that or is refused.
    """
    owner: User = keys.owner(request)
    key = stored_key(request, idempotency_key)
    asked = body or shapes.RemakeRequest()
    return show(
        commands.remake(
            owner, checked(public_id), number, prompt=asked.prompt, idempotency_key=key, price=asked.price,
            confirm_trademarks=asked.confirm_trademarks,
        )
    )  # fmt: skip


@operation(router, "GET", "/projects/{public_id}/items/{number}/remake-price", shapes.RemakePrice, NOT_FOUND, INVALID)
def remake_price(request: HttpRequest, public_id: PublicId, number: Number, prompt: Prompt = None) -> dict[str, Any]:
    """What a remake of an item costs now, with its prompt unchanged or with another one. Nothing is spent."""
    found = own(request, public_id)
    if not gate.launch_job(found).items.filter(number=number).exists():
        raise NotFound("There is no such item.")
    protected = protected_names.of_remake(found, prompt)
    return {
        "number": number, "credits": queries.price_of_remake(found, number, prompt),
        "trademarks": [{**f.as_dict(), "words": f.words} for f in protected],
    }  # fmt: skip


@operation(
    router, "POST", "/projects/{public_id}/make-print-ready", shapes.Project, NOT_FOUND, INVALID, INSUFFICIENT_CREDITS,
    IDEMPOTENCY_CONFLICT, NOT_POSSIBLE,
)  # fmt: skip
def make_print_ready(request: HttpRequest, public_id: PublicId, idempotency_key: Key = None) -> dict[str, Any]:
    """Make a poster's design print-ready: a second job with its own price."""
    key = stored_key(request, idempotency_key)
    return show(commands.make_print_ready(keys.owner(request), checked(public_id), idempotency_key=key))


@operation(
    router,
    "POST",
    "/projects/{public_id}/retry-draft",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)
def retry_draft(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Retry the Etsy draft. Free."""
    return show(commands.retry_draft(keys.owner(request), own(request, public_id).pk))


@operation(
    router,
    "POST",
    "/projects/{public_id}/skip-draft",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)
def skip_draft(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Put the failed Etsy draft aside. Free, and can be taken back with retry-draft."""
    return show(commands.skip_draft(keys.owner(request), own(request, public_id).pk))


@operation(
    router,
    "PUT",
    "/projects/{public_id}/listing",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)
def edit_listing(request: HttpRequest, public_id: PublicId, body: shapes.ListingRequest) -> dict[str, Any]:
    """Replace the listing's text while no draft of it is on Etsy. Free. It must meet Etsy's rules."""
    text = Text(body.title, tuple(body.tags), body.description, body.price_cents)
    return show(commands.edit_listing(keys.owner(request), own(request, public_id).pk, text))


@operation(
    router,
    "POST",
    "/projects/{public_id}/files-again",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.FILES,
)
def files_again(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Have the files checked, and what is missing or damaged made again from the originals. Free."""
    return show(commands.make_files_again(keys.owner(request), own(request, public_id).pk))


@operation(
    router, "POST", "/projects/{public_id}/write-listing-again", shapes.Project, NOT_FOUND, INVALID, INSUFFICIENT_CREDITS,
    IDEMPOTENCY_CONFLICT, NOT_POSSIBLE,
)  # fmt: skip
def write_listing_again(request: HttpRequest, public_id: PublicId, idempotency_key: Key = None) -> dict[str, Any]:
    """Write the listing again after it failed and was refunded. Charged its price line once."""
    key = stored_key(request, idempotency_key)
    return show(commands.write_listing_again(keys.owner(request), checked(public_id), idempotency_key=key))
