"""What every answer of OpenAI's means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. OpenAI cannot be asked what happened to a request, so an answer that was
lost stays `UNKNOWN`: the image may have been billed, and it is never bought a second time.
"""

from __future__ import annotations

from typing import Any

from elistit.ports import Failure, Kind
from elistit.providers.http import Answer, Met
from elistit.providers.http_images import Problem
from elistit.providers.http_outcomes import SERVER_ERRORS, TIMED_OUT_THERE, Doing, Row, Seen, clean, plain
from elistit.providers.http_outcomes import failure as _failure

NO_IMAGE, CANNOT_ASK = "no image", "cannot ask"
_MONEY = (
    r"insufficient_quota|credit_balance_exhausted|spend_limit_exceeded|usage_limit_exceeded|billing_hard_limit|"
    r"billing_not_active|exceeded your current quota"
)
_FILTER = r"moderation_blocked|content_policy_violation|safety system"
_REFUSALS = frozenset({400, 403, 422})
_BUY, _ASK = frozenset({Doing.BUY}), frozenset({Doing.ASK})

TABLE: tuple[Row, ...] = (
    # OpenAI never got it, or we never got its answer.
    Row("not reached", Kind.TRANSIENT, "OpenAI could not be reached.", met=Met.NOT_SENT),
    Row("no answer", Kind.UNKNOWN, "OpenAI accepted the request and its answer never reached us. It may have been made, and we "
        "don't buy it twice.", met=Met.NO_ANSWER, doing=_BUY),
    Row("no answer", Kind.TRANSIENT, "OpenAI did not answer.", met=Met.NO_ANSWER),
    Row("cannot be asked", Kind.UNKNOWN, "OpenAI cannot tell us what happened to the image, and we don't buy it twice.",
        state=CANNOT_ASK),
    # The image itself.
    Row("no image", Kind.TRANSIENT, "OpenAI answered without an image.", state=NO_IMAGE),
    Row("unusable", Kind.TRANSIENT, "The image from OpenAI could not be used.", state=Problem.UNUSABLE),
    Row("unprepared", Kind.TRANSIENT, "The image arrived but couldn't be processed on our side.", state=Problem.UNPREPARED,
        ours=True),
    # The operator's account. Money comes before limits: both are 429.
    Row("no money", Kind.OPERATOR, "This studio’s account with OpenAI has reached its limit.",
        statuses=frozenset({400, 402, 403, 429}), words=_MONEY),
    Row("no money", Kind.OPERATOR, "This studio’s account with OpenAI has reached its limit.", statuses=frozenset({402})),
    Row("throttled", Kind.THROTTLED, "OpenAI asked us to slow down.", statuses=frozenset({429})),
    Row("overloaded", Kind.THROTTLED, "OpenAI is very busy right now.", statuses=SERVER_ERRORS, words=r"slow_down"),
    Row("key refused", Kind.OPERATOR, "OpenAI does not accept this studio’s key.", statuses=frozenset({401})),
    # Content rules, before the other refusals. Only OpenAI's own word for the output side counts as that.
    Row("output blocked", Kind.BLOCKED_OUTPUT, "OpenAI’s content filter rejected the image it had made.",
        statuses=_REFUSALS, words=_FILTER, side="output"),
    Row("prompt blocked", Kind.BLOCKED_PROMPT, "OpenAI’s content filter rejected the prompt.",
        statuses=_REFUSALS, words=_FILTER),
    Row("forbidden", Kind.OPERATOR, "OpenAI doesn't let this studio use the model.", statuses=frozenset({403})),
    Row("model retired", Kind.OPERATOR, "The model is no longer available at OpenAI.", statuses=frozenset({404})),
    Row("model retired", Kind.OPERATOR, "The model is no longer available at OpenAI.", statuses=frozenset({400}), param="model"),
    Row("model retired", Kind.OPERATOR, "The model is no longer available at OpenAI.", statuses=frozenset({400}),
        words=r"model_not_found|model_not_available|deprecated|model .*does not exist"),
    # Errors of the network or the provider.
    Row("timed out there", Kind.UNKNOWN, "OpenAI did not answer in time. It may have made the image, and we don't buy it "
        "twice.", statuses=TIMED_OUT_THERE, doing=_BUY),
    Row("broke there", Kind.TRANSIENT, "OpenAI reported an error.", statuses=SERVER_ERRORS | TIMED_OUT_THERE),
    Row("not accepted", Kind.REJECTED, "OpenAI rejected the request.", statuses=frozenset(range(400, 500))),
    # An answer that is none: 200 with a web page, a redirect, an empty body.
    Row("misread", Kind.UNKNOWN, "OpenAI’s answer could not be read. It may have made the image, and we don't buy it twice.",
        doing=_BUY),
    Row("misread", Kind.TRANSIENT, "OpenAI’s answer could not be read.", doing=_ASK),
)  # fmt: skip


def failure(seen: Seen, *, provider_id: str = "", cost_micros: int = 0) -> Failure:
    return _failure(TABLE, seen, provider_id=provider_id, cost_micros=cost_micros)


def seen(doing: Doing, answer: Answer) -> Seen:
    """An answer that is not good, with what OpenAI's error object says."""
    data: Any = answer.data
    error = data.get("error") if isinstance(data, dict) else None
    error = error if isinstance(error, dict) else {"message": error if isinstance(error, str) else ""}
    details = error.get("moderation_details")
    return plain(
        doing,
        answer,
        code=clean(error.get("code"))[:80],
        type=clean(error.get("type"))[:80],
        param=clean(error.get("param"))[:80],
        said=clean(error.get("message")),
        side=clean(details.get("moderation_stage"))[:20] if isinstance(details, dict) else "",
        request_id=request_id(answer),
    )


def request_id(answer: Answer) -> str:
    """OpenAI's own name for a request, which its support asks for."""
    return clean(answer.headers.get("x-request-id"))[:100]
