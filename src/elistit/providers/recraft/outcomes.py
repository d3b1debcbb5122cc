"""What every answer of Recraft's means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. Recraft publishes almost no error codes and answers in text or JSON, so
its words are read. It cannot be asked what happened to a request: an answer that was lost stays `UNKNOWN`.
"""

from __future__ import annotations

from typing import Any

from elistit.ports import Failure, Kind
from elistit.providers.http import Answer, Met
from elistit.providers.http_images import Problem
from elistit.providers.http_outcomes import SERVER_ERRORS, TIMED_OUT_THERE, Doing, Row, Seen, clean, plain
from elistit.providers.http_outcomes import failure as _failure

NSFW_MOST = 0.9
NO_IMAGE, NSFW, CANNOT_ASK, NO_CREDITS = "no image", "nsfw", "cannot ask", "no credits"
_FILTER = r"nsfw|moderat|polic(y|ies)|safety|inappropriate|prohibited"
_MONEY = r"(not_?|not )enough[_ ]?(credits|units)|insufficient|out of (credits|units)|payment required|no credits"
_BUY = frozenset({Doing.BUY})

TABLE: tuple[Row, ...] = (
    # Recraft never got it, or we never got its answer.
    Row("not reached", Kind.TRANSIENT, "Recraft could not be reached.", met=Met.NOT_SENT),
    Row("no answer", Kind.UNKNOWN, "Recraft accepted the request and its answer never reached us. It may have been made, and we "
        "don't buy it twice.", met=Met.NO_ANSWER, doing=_BUY),
    Row("no answer", Kind.TRANSIENT, "Recraft did not answer.", met=Met.NO_ANSWER),
    Row("cannot be asked", Kind.UNKNOWN, "Recraft cannot tell us what happened to the image, and we don't buy it twice.",
        state=CANNOT_ASK),
    # The image itself.
    Row("no image", Kind.TRANSIENT, "Recraft answered without an image.", state=NO_IMAGE),
    Row("nsfw", Kind.BLOCKED_OUTPUT, "Recraft’s content filter rejected the image it had made.", state=NSFW),
    Row("unusable", Kind.TRANSIENT, "The image from Recraft could not be used.", state=Problem.UNUSABLE),
    Row("unprepared", Kind.TRANSIENT, "The image arrived but couldn't be processed on our side.", state=Problem.UNPREPARED,
        ours=True),
    # The operator's account.
    Row("no credits", Kind.OPERATOR, "This studio’s account with Recraft has no credits left.", state=NO_CREDITS),
    Row("key refused", Kind.OPERATOR, "Recraft does not accept this studio’s key.", statuses=frozenset({401})),
    Row("no money", Kind.OPERATOR, "This studio’s account with Recraft has no credits left.", statuses=frozenset({402})),
    Row("throttled", Kind.THROTTLED, "Recraft asked us to slow down.", statuses=frozenset({429})),
    Row("no money", Kind.OPERATOR, "This studio’s account with Recraft has no credits left.",
        statuses=frozenset({400, 403, 422}), words=_MONEY),
    # Content rules, before the other refusals.
    Row("prompt blocked", Kind.BLOCKED_PROMPT, "Recraft’s content filter rejected the prompt.",
        statuses=frozenset(range(400, 500)), words=_FILTER),
    Row("forbidden", Kind.OPERATOR, "Recraft doesn't let this studio use the model.", statuses=frozenset({403})),
    Row("wrong address", Kind.OPERATOR, "Recraft is not where this studio looks for it.", statuses=frozenset({404})),
    # Errors of the network or the provider.
    Row("timed out there", Kind.UNKNOWN, "Recraft did not answer in time. It may have made the image, and we don't buy it "
        "twice.", statuses=TIMED_OUT_THERE, doing=_BUY),
    Row("broke there", Kind.TRANSIENT, "Recraft reported an error.", statuses=SERVER_ERRORS | TIMED_OUT_THERE),
    Row("not accepted", Kind.REJECTED, "Recraft rejected the request.", statuses=frozenset(range(400, 500))),
    # An answer that is none: 200 with a web page, a redirect, an empty body.
    Row("misread", Kind.UNKNOWN, "Recraft’s answer could not be read. It may have made the image, and we don't buy it twice.",
        doing=_BUY),
    Row("misread", Kind.TRANSIENT, "Recraft’s answer could not be read."),
)  # fmt: skip


def failure(seen: Seen, *, provider_id: str = "", cost_micros: int = 0) -> Failure:
    return _failure(TABLE, seen, provider_id=provider_id, cost_micros=cost_micros)


def seen(doing: Doing, answer: Answer) -> Seen:
    """An answer that is not good, with Recraft's words: text first, JSON when it is that."""
    data: Any = answer.data
    code = ""
    if isinstance(data, dict):
        error = data.get("error")
        inner = error if isinstance(error, dict) else data
        code = clean(inner.get("code"))[:80]
        said = clean(inner.get("message")) or clean(error)
    else:
        said = clean(answer.body[:2000].decode("utf-8", "replace"))
    return plain(doing, answer, code=code, said=said, request_id=clean(answer.headers.get("x-request-id"))[:80])
