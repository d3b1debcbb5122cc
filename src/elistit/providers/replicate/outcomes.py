"""What every answer of Replicate's means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. `UNKNOWN` is given only where an image may have been made or bought
without our having it, and then the prediction is looked up instead of bought again.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from elistit.ports import Failure, Kind
from elistit.providers.http import Answer, Met
from elistit.providers.http_images import Problem
from elistit.providers.http_outcomes import SERVER_ERRORS, TIMED_OUT_THERE, Doing, Row, Seen, clean, plain
from elistit.providers.http_outcomes import failure as _failure

LOW_BALANCE = r"low (balance|credit)|less than \$|without a payment method|add a payment method|reduced to \d+ requests"
LOW_BALANCE_MOST = 5
"""How many answers in a row that slow us down for lack of credit are waited out before the operator is notified."""

RESETS = re.compile(r"rate limit resets in ~?(\d{1,5}) ?s", re.IGNORECASE)
"""How Replicate says when it takes requests again where it sends no header for it."""

FAILED, STOPPED, STARTING, NO_IMAGE, FORGOTTEN, MISREAD = (
    "failed",
    "canceled",
    "running",
    "no image",
    "forgotten",
    "misread",
)
ABORTED, NO_RESULT, NOT_HANDED = "aborted", "no result", "not handed over"

_BUY, _ASK = frozenset({Doing.BUY}), frozenset({Doing.ASK})
_FILTER = "Replicate’s content filter refused {}."

TABLE: tuple[Row, ...] = (
    # Replicate never got it, or we never got its answer.
    Row("not reached", Kind.TRANSIENT, "Replicate could not be reached.", met=Met.NOT_SENT, doing=_BUY),
    Row("no answer", Kind.UNKNOWN, "Replicate did not answer, so we ask what happened to the image before anything new is sent.",
        met=Met.NO_ANSWER, doing=_BUY),
    Row("cannot ask", Kind.UNKNOWN, "Replicate could not be asked what happened to the image.", met=Met.NOT_SENT),
    Row("cannot ask", Kind.UNKNOWN, "Replicate could not be asked what happened to the image.", met=Met.NO_ANSWER),
    # What happened to a prediction it took.
    Row("flagged", Kind.BLOCKED_PROMPT, _FILTER.format("the prompt"), state=FAILED, words=r"\bE005\b|flagged as sensitive"),
    Row("nsfw", Kind.BLOCKED_OUTPUT, _FILTER.format("the image it had made"), state=FAILED, words=r"NSFW"),
    Row("out of memory", Kind.REJECTED, "This image was too much for the model at Replicate.", state=FAILED,
        words=r"\bE1001\b|out of memory"),
    Row("did not start", Kind.TRANSIENT, "The model at Replicate did not start in time.", state=FAILED, words=r"\bE6716\b"),
    Row("interrupted", Kind.TRANSIENT, "Replicate interrupted the work.", state=FAILED, words=r"prediction interrupted"),
    Row("fault there", Kind.TRANSIENT, "Replicate reported an error.", state=FAILED, words=r"\bE1000\b"),
    Row("model failed", Kind.REJECTED, "The model at Replicate could not make this image.", state=FAILED),
    Row("ended early", Kind.TRANSIENT, "Replicate ended the work before it began.", state=ABORTED),
    Row("cancelled", Kind.REJECTED, "The work was stopped at Replicate before it was done.", state=STOPPED),
    Row("not done", Kind.UNKNOWN, "Replicate is still working on the image; we ask again before anything new is sent.",
        state=STARTING),
    Row("no image", Kind.TRANSIENT, "Replicate finished without an image.", state=NO_IMAGE),
    Row("no result", Kind.TRANSIENT, "The tool at Replicate finished without a result.", state=NO_RESULT),
    Row("not handed over", Kind.TRANSIENT, "The image couldn't be sent to Replicate.", state=NOT_HANDED),
    Row("forgotten", Kind.TRANSIENT, "Replicate no longer has the image.", state=FORGOTTEN),
    # The image itself.
    Row("not fetched", Kind.UNKNOWN, "The finished image couldn't be downloaded from Replicate yet.", state=Problem.NOT_FETCHED),
    Row("gone", Kind.TRANSIENT, "Replicate no longer has the image.", state=Problem.GONE),
    Row("unusable", Kind.TRANSIENT, "The image from Replicate could not be used.", state=Problem.UNUSABLE),
    Row("off list", Kind.OPERATOR, "Replicate's image is at an address this studio doesn't trust.",
        state=Problem.OFF_LIST),
    Row("unprepared", Kind.UNKNOWN, "The image arrived but couldn't be processed here, so we download it again.",
        state=Problem.UNPREPARED),
    # The operator's account.
    Row("key refused", Kind.OPERATOR, "Replicate does not accept this studio’s key.", statuses=frozenset({401})),
    Row("no credit", Kind.OPERATOR, "This studio’s account with Replicate has no credit left.", statuses=frozenset({402})),
    Row("forbidden", Kind.OPERATOR, "Replicate doesn't let this studio use the model.", statuses=frozenset({403})),
    Row("slowed until credit is added", Kind.OPERATOR, "This studio’s account with Replicate is nearly out of credit.",
        statuses=frozenset({429}), words=LOW_BALANCE, again=LOW_BALANCE_MOST),
    Row("throttled", Kind.THROTTLED, "Replicate asked us to slow down.", statuses=frozenset({429}), doing=_BUY),
    # Errors of the network or the provider. Only a purchase can have been carried out anyway.
    Row("timed out there", Kind.UNKNOWN, "Replicate did not answer in time, so we ask what happened to the image.",
        statuses=TIMED_OUT_THERE, doing=_BUY),
    Row("broke there", Kind.TRANSIENT, "Replicate reported an error.", statuses=SERVER_ERRORS, doing=_BUY),
    Row("cannot say", Kind.UNKNOWN, "Replicate cannot say yet what happened to the image.", doing=_ASK),
    Row("filtered", Kind.BLOCKED_PROMPT, _FILTER.format("the prompt"), statuses=frozenset(range(400, 500)),
        words=r"\bE005\b|flagged as sensitive|\bNSFW\b"),
    Row("not found", Kind.REJECTED, "Replicate does not know this model.", statuses=frozenset({404})),
    Row("not accepted", Kind.REJECTED, "Replicate rejected the request.", statuses=frozenset(range(400, 500))),
    # An answer that is none: 200 with a web page, a redirect, an empty body.
    Row("misread", Kind.UNKNOWN, "Replicate’s answer could not be read, so we ask what happened to the image."),
)  # fmt: skip


def failure(seen: Seen, *, provider_id: str = "", cost_micros: int = 0) -> Failure:
    return _failure(TABLE, seen, provider_id=provider_id, cost_micros=cost_micros)


def seen(doing: Doing, answer: Answer, again: int = 0) -> Seen:
    """An answer that is not good, with Replicate's own words: RFC 7807-like JSON, other JSON, text, or a web page."""
    data: Any = answer.data
    if isinstance(data, dict):
        said = " ".join(w for w in (clean(data.get("title")), clean(data.get("detail"))) if w)
    else:
        said = clean(answer.body[:2000].decode("utf-8", "replace"))
    seen = plain(doing, answer, said=said, again=again, request_id=clean(answer.headers.get("x-request-id"))[:80])
    if seen.wait is None and (stated := RESETS.search(said)):
        return dataclasses.replace(seen, wait=float(stated[1]))
    return seen
