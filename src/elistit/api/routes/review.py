"""Review over the API: keep, drop, choose and remake items, approve, and make a poster's design print-ready.

Every action goes through `elistit.actions.commands`, as from the pages.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Query

from elistit.accounts.models import ApiKey, User
from elistit.actions import commands, protected_names, queries
from elistit.api import keys, shapes
from elistit.api.problems import IDEMPOTENCY_CONFLICT, INSUFFICIENT_CREDITS, INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import Key, Number, PublicId, checked, own, stored_key
from elistit.api.routes.project_documents import show
from elistit.projects import gate
from elistit.projects.errors import NotFound
from elistit.projects.products import IDEA_MAX

router = Router(tags=["Projects"])

Prompt = Annotated[
    str | None,
    Query(max_length=IDEA_MAX, pattern=shapes.TEXT, description="The new prompt. Defaults to the current prompt."),
]


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
    wanted = body or shapes.RemakeRequest()
    return show(
        commands.remake(
            owner, checked(public_id), number, prompt=wanted.prompt, idempotency_key=key, price=wanted.price,
            confirm_trademarks=wanted.confirm_trademarks,
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
