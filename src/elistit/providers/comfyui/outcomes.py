"""What every answer of a ComfyUI server means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. The server is the operator's own and an image costs nothing, but an
answer that was lost is looked up anyway, by the id we gave the work: never queued twice on a guess.
"""

from __future__ import annotations

from typing import Any

from elistit.ports import Failure, Kind
from elistit.providers.http import Answer, Met
from elistit.providers.http_images import Problem
from elistit.providers.http_outcomes import SERVER_ERRORS, TIMED_OUT_THERE, Doing, Row, Seen, clean, plain
from elistit.providers.http_outcomes import failure as _failure

BUSY, RUNNING, ERROR, STOPPED, NO_IMAGE, FORGOTTEN, NO_MODEL = (
    "queue full", "running", "error", "interrupted", "no image", "forgotten", "no checkpoint",
)  # fmt: skip
_BUY, _ASK = frozenset({Doing.BUY}), frozenset({Doing.ASK})

TABLE: tuple[Row, ...] = (
    # The server never got it, or we never got its answer.
    Row("not reached", Kind.TRANSIENT, "This studio’s image server could not be reached.", met=Met.NOT_SENT, doing=_BUY),
    Row("no answer", Kind.UNKNOWN, "This studio’s image server did not answer, so we ask what happened to the image.",
        met=Met.NO_ANSWER, doing=_BUY),
    Row("cannot ask", Kind.UNKNOWN, "This studio’s image server could not be asked what happened to the image.",
        met=Met.NOT_SENT),
    Row("cannot ask", Kind.UNKNOWN, "This studio’s image server could not be asked what happened to the image.",
        met=Met.NO_ANSWER),
    # What happened to work it took.
    Row("queue full", Kind.THROTTLED, "This studio’s image server is very busy right now.", state=BUSY),
    Row("not done", Kind.UNKNOWN, "This studio’s image server is still working on the image.", state=RUNNING),
    Row("out of memory", Kind.TRANSIENT, "The graphics card of this studio’s image server ran out of memory.", state=ERROR,
        words=r"out ?of ?memory|allocation on device"),
    Row("execution error", Kind.TRANSIENT, "This studio’s image server couldn't make this image.", state=ERROR),
    Row("interrupted", Kind.REJECTED, "The work was stopped at this studio’s image server before it was done.", state=STOPPED),
    Row("no image", Kind.TRANSIENT, "This studio’s image server finished without an image.", state=NO_IMAGE),
    Row("forgotten", Kind.TRANSIENT, "This studio’s image server no longer knows about the image.", state=FORGOTTEN),
    Row("no checkpoint", Kind.OPERATOR, "This studio’s image server does not have its model.", state=NO_MODEL),
    # The image itself.
    Row("not fetched", Kind.UNKNOWN, "The finished image couldn't be downloaded yet.", state=Problem.NOT_FETCHED),
    Row("gone", Kind.TRANSIENT, "This studio’s image server no longer has the image.", state=Problem.GONE),
    Row("unusable", Kind.TRANSIENT, "The image we received couldn't be used.", state=Problem.UNUSABLE),
    Row("off list", Kind.OPERATOR, "This studio’s image server redirects us to another address for its images.", state=Problem.OFF_LIST),
    Row("unprepared", Kind.UNKNOWN, "The image arrived but couldn't be processed here, so we download it again.",
        state=Problem.UNPREPARED),
    # The operator's server.
    Row("key refused", Kind.OPERATOR, "This studio’s image server rejects our key.", statuses=frozenset({401, 403})),
    Row("throttled", Kind.THROTTLED, "This studio’s image server asked us to slow down.", statuses=frozenset({429}), doing=_BUY),
    Row("workflow refused", Kind.OPERATOR, "This studio’s image server does not accept its workflow.",
        statuses=frozenset({400, 422}), doing=_BUY),
    Row("not there", Kind.OPERATOR, "There is no ComfyUI at the address of this studio’s image server.",
        statuses=frozenset({404, 405}), doing=_BUY),
    # Errors of the network or the provider.
    Row("timed out there", Kind.UNKNOWN, "This studio’s image server did not answer in time, so we ask what happened to it.",
        statuses=TIMED_OUT_THERE, doing=_BUY),
    Row("broke there", Kind.TRANSIENT, "This studio’s image server reported an error.", statuses=SERVER_ERRORS,
        doing=_BUY),
    Row("cannot say", Kind.UNKNOWN, "This studio’s image server cannot say yet what happened to the image.", doing=_ASK),
    Row("not accepted", Kind.REJECTED, "This studio’s image server rejected the request.",
        statuses=frozenset(range(400, 500))),
    # An answer that is none: 200 with a web page, a redirect, an empty body.
    Row("misread", Kind.UNKNOWN, "The answer of this studio’s image server could not be read, so we ask what happened to it."),
)  # fmt: skip


def failure(seen: Seen, *, provider_id: str = "") -> Failure:
    return _failure(TABLE, seen, provider_id=provider_id)


def seen(doing: Doing, answer: Answer) -> Seen:
    """An answer that is not good, with what ComfyUI says: an error object, and what is wrong with which node."""
    data: Any = answer.data if isinstance(answer.data, dict) else {}
    error = data.get("error")
    if not isinstance(error, dict):
        return plain(doing, answer, said=clean(error))
    words = [clean(error.get("message")), clean(error.get("details"))]
    nodes = data.get("node_errors")
    for node in list(nodes.values())[:3] if isinstance(nodes, dict) else []:
        wrong = node.get("errors") if isinstance(node, dict) else None
        for one in wrong[:2] if isinstance(wrong, list) else []:
            if isinstance(one, dict):
                words += [clean(node.get("class_type")), clean(one.get("message")), clean(one.get("details"))]
    return plain(doing, answer, type=clean(error.get("type"))[:80], said=clean(" ".join(w for w in words if w)))
