"""Declaring an operation together with every answer it may give, so that none is left undocumented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router

from elistit.accounts.models import ApiKey
from elistit.api import keys, problems
from elistit.api.problems import ProblemKind

View = Callable[..., Any]

FREE, OTHER = keys.FREE, "other"
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}

# What any operation behind a key may answer.
_ALWAYS = (problems.UNAUTHORIZED, problems.RATE_LIMITED, problems.INTERNAL, problems.DATABASE_UNAVAILABLE)


def operation(
    router: Router, method: str, path: str, shape: Any = None, *kinds: ProblemKind, status: int = 200,
    binary: dict[int, dict[str, Any]] | None = None, action: str = "",
) -> Callable[[View], View]:  # fmt: skip
    """A route of the API: what it answers with `status`, and the problems it may answer beside the usual ones.

    Everything but GET may also find a read-only key; whatever takes a body or parameters says so with its own kinds.
    `action` is what a key must be allowed for it (`ApiKey.Action`): left out, `launch` for what costs, and otherwise only keys that
    may do everything. `FREE` is allowed to every key that may change something. `binary` documents, by status, the answers of
    an operation that answers with a file.
    """
    usual = (
        _ALWAYS if method == "GET" else (*_ALWAYS, problems.READ_ONLY_KEY, problems.NOT_THIS_KEY, problems.TOO_LARGE)
    )
    costs = problems.INSUFFICIENT_CREDITS in kinds
    if costs:
        usual = (*usual, problems.DAILY_CAP, problems.DAILY_LIMIT)
    responses: dict[int, dict[str, Any]] = {}
    for code in sorted({kind.status for kind in (*usual, *kinds)}):
        titles = [kind for kind in (*usual, *kinds) if kind.status == code]
        responses[code] = {
            "description": "; ".join(f"{kind.title} (`{kind.type}`)" for kind in titles),
            "content": {problems.CONTENT_TYPE: {"schema": PROBLEM_REF}},
        }
    if binary:
        responses.update(binary)
    more: dict[str, Any] = {} if binary else {"response": {status: shape}, "by_alias": True}

    def declare(view: View) -> View:
        name = view.__name__
        add = getattr(router, method.lower())
        summary = (view.__doc__ or name).strip().split("\n")[0].rstrip(".")
        auth = keys.ApiKeyBearer(action or (ApiKey.Action.LAUNCH.value if costs else OTHER))
        declared: View = add(
            path, auth=auth, operation_id=name, summary=summary, openapi_extra={"responses": responses}, **more
        )(view)  # fmt: skip
        return declared

    return declare
