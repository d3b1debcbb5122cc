"""What every answer of a chat endpoint means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. A text that was lost on its way is requested again: it costs the operator
a fraction of a cent and the seller nothing, unlike an image, which is never bought twice.
"""

from __future__ import annotations

from typing import Any

from elistit.ports import Failure, Kind
from elistit.providers.http import Answer, Met
from elistit.providers.http_outcomes import SERVER_ERRORS, TIMED_OUT_THERE, Doing, Row, Seen, clean, plain
from elistit.providers.http_outcomes import failure as _failure

REFUSED, CUT_SHORT, MISSHAPEN = "refused", "cut short", "misshapen"
_MONEY = r"insufficient_quota|billing|exceeded your current quota|credit"
_FILTER = r"content_filter|content_policy|moderation|safety"

TABLE: tuple[Row, ...] = (
    Row("refused", Kind.BLOCKED_PROMPT, "The language model declined this idea.", state=REFUSED),
    Row("cut short", Kind.TRANSIENT, "The language model stopped before its text was complete.", state=CUT_SHORT),
    Row("misshapen", Kind.TRANSIENT, "The language model wrote text we couldn't use.", state=MISSHAPEN),
    Row("not reached", Kind.TRANSIENT, "The language model could not be reached.", met=Met.NOT_SENT),
    Row("no answer", Kind.TRANSIENT, "The language model did not answer.", met=Met.NO_ANSWER),
    Row("no money", Kind.OPERATOR, "This studio’s account with the language model has reached its limit.",
        statuses=frozenset({400, 403, 429}), words=_MONEY),
    Row("no money", Kind.OPERATOR, "This studio’s account with the language model has reached its limit.",
        statuses=frozenset({402})),
    Row("throttled", Kind.THROTTLED, "The language model asked us to slow down.", statuses=frozenset({429})),
    Row("key refused", Kind.OPERATOR, "The language model does not accept this studio’s key.", statuses=frozenset({401})),
    Row("blocked", Kind.BLOCKED_PROMPT, "The language model’s content filter rejected the idea.",
        statuses=frozenset({400, 403, 422}), words=_FILTER),
    Row("forbidden", Kind.OPERATOR, "This studio may not use the language model.", statuses=frozenset({403})),
    Row("no such model", Kind.OPERATOR, "This studio’s language model is no longer available.",
        statuses=frozenset({404})),
    Row("broke there", Kind.TRANSIENT, "The language model reported an error.",
        statuses=SERVER_ERRORS | TIMED_OUT_THERE),
    # A request our program puts together is the operator's to fix, not the seller's: the model may not know our format.
    Row("not accepted", Kind.OPERATOR, "The language model rejected our request.",
        statuses=frozenset(range(400, 500))),
    Row("misread", Kind.TRANSIENT, "The language model’s answer could not be read."),
)  # fmt: skip


def failure(seen: Seen, *, provider_id: str = "") -> Failure:
    return _failure(TABLE, seen, provider_id=provider_id)


def seen(answer: Answer) -> Seen:
    """An answer that is not good, with what its error object says."""
    data: Any = answer.data
    error = data.get("error") if isinstance(data, dict) else None
    error = error if isinstance(error, dict) else {"message": error if isinstance(error, str) else ""}
    return plain(
        Doing.BUY, answer, code=clean(error.get("code"))[:80], type=clean(error.get("type"))[:80],
        said=clean(error.get("message")),
    )  # fmt: skip
