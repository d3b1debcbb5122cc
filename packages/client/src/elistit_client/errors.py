"""What went wrong, in words, and whether anything can have been charged."""

from __future__ import annotations

from typing import Any

import httpx

PREFIX = "urn:elistit:problem:"
CERTAIN = frozenset(
    {
        "malformed-request",
        "insufficient-credits",
        "not-found",
        "not-possible",
        "invalid-request",
        "daily-cap",
        "daily-limit",
    }
)
"""Problems that say the action itself was looked at and not done."""
BEFORE = frozenset(
    {"unauthorized", "read-only-key", "action-not-allowed", "rate-limited", "method-not-allowed", "too-large"}
)
"""Problems met before the action was looked at: this request did nothing, an earlier one with the same key may have."""
BAD_ORDER = frozenset({"invalid-request", "malformed-request", "not-found"})


class StudioError(Exception):
    """The studio did not do what was asked; the message is for people.

    `kind` is the problem's name in the API (such as `insufficient-credits`), empty when no studio answered. `problem` is the
    whole answer. `refused`: it is certain that nothing was charged; `before`: that this request charged nothing.
    """

    def __init__(
        self, words: str, *, kind: str = "", status: int = 0, problem: dict[str, Any] | None = None,
        refused: bool | None = None, before: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__(words)
        self.kind, self.status, self.problem = kind, status, problem or {}
        self.refused = kind in CERTAIN if refused is None else refused
        self.before = kind in BEFORE if before is None else before

    @property
    def bad_order(self) -> bool:
        """Whether the request itself was wrong, so that sending it again is of no use."""
        return self.kind in BAD_ORDER


def unreachable(broken: httpx.HTTPError) -> StudioError:
    return StudioError(f"The studio did not answer ({type(broken).__name__}).")


def of(answer: httpx.Response) -> StudioError:
    """The problem an answer with an error status is."""
    try:
        body = dict(answer.json())
        kind, words = str(body["type"]).removeprefix(PREFIX), str(body["detail"])
    except (ValueError, KeyError, TypeError):
        words = f"The address answered {answer.status_code}, but not as a studio does. Check the URL."
        return StudioError(words, status=answer.status_code)
    errors = "; ".join(f"{e['field']}: {e['detail']}" for e in body.get("errors", []))
    return StudioError(f"{errors or words} [{kind}]", kind=kind, status=answer.status_code, problem=body)
