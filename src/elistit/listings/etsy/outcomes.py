"""What every answer of Etsy's means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. Reasons are for sellers: calm, exact, no jargon. `UNKNOWN` is only
ever given where Etsy may have carried out what we asked, and a call that can create something never gets `TRANSIENT`
after it was sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.ports import Failure, Kind

_ANY = frozenset(Doing)
_WRITES = frozenset({Doing.CREATE, Doing.UPLOAD})
_ASKS = frozenset({Doing.READ, Doing.TOKEN, Doing.EXCHANGE})
_GRANTS = frozenset({Doing.TOKEN, Doing.EXCHANGE})
REASON_MAX = 400
RECONNECT = "Please reconnect your shop under Integrations."


@dataclass(frozen=True)
class Row:
    """One line of the table. Empty `statuses` match any answer; `words` is searched in Etsy's code, words and field paths.

    `reason` may hold {said}: Etsy's own words. `reconnect` means the seller's connection is over.
    """

    name: str
    kind: Kind
    reason: str
    met: Met = Met.ANSWER
    doing: frozenset[Doing] = _ANY
    statuses: frozenset[int] = frozenset()
    words: str = ""
    day_spent: bool = False
    reconnect: bool = False

    def matches(self, answer: Answer) -> bool:
        if answer.met is not self.met or answer.doing not in self.doing:
            return False
        if self.statuses and answer.status not in self.statuses:
            return False
        if self.day_spent and not answer.day_is_spent:
            return False
        return not self.words or bool(
            re.search(self.words, f"{answer.code} {answer.said} {' '.join(answer.paths)}", re.IGNORECASE)
        )


def _s(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


_SERVER_ERRORS = frozenset(range(500, 600))
_DAY_SPENT = "This studio has reached Etsy's daily limit. Nothing is lost: the draft is created when the limit resets."
_OVER = f"Etsy no longer accepts the connection to your shop, for example after a password change. {RECONNECT}"

TABLE: tuple[Row, ...] = (
    # Etsy never got it, or we never got Etsy's answer.
    Row("not reached", Kind.TRANSIENT, "Etsy could not be reached.", met=Met.NOT_SENT),
    Row(
        "write unanswered", Kind.UNKNOWN, "Etsy did not answer. We check what arrived before we retry.",
        met=Met.NO_ANSWER, doing=_WRITES,
    ),
    Row("read unanswered", Kind.TRANSIENT, "Etsy did not answer in time.", met=Met.NO_ANSWER, doing=_ASKS),
    # Limits. They come before everything else with words: a limit says nothing about the request itself. What was held
    # back here never left, so even a create is only late.
    Row("day known to be spent", Kind.OPERATOR, _DAY_SPENT, met=Met.HELD_BACK, day_spent=True),
    Row(
        "held back", Kind.THROTTLED, "Other drafts are being sent to Etsy; this one is waiting.",
        met=Met.HELD_BACK,
    ),
    Row("day spent", Kind.OPERATOR, _DAY_SPENT, statuses=_s(429), day_spent=True),
    Row("too fast", Kind.THROTTLED, "Etsy asked us to slow down.", statuses=_s(429)),
    # The connection of the seller.
    Row("grant over", Kind.REJECTED, _OVER, doing=frozenset({Doing.TOKEN}), words=r"invalid_grant|revoked", reconnect=True),
    Row(
        "code over", Kind.REJECTED,
        "Etsy didn't accept this sign-in, perhaps because it took too long. Please connect your shop again.",
        doing=frozenset({Doing.EXCHANGE}), words=r"invalid_grant|\bcode\b",
    ),
    Row(
        "client unknown", Kind.OPERATOR, "Etsy does not accept this studio's Etsy key. The operator has been notified.",
        doing=_GRANTS, statuses=_s(400, 401, 403), words=r"invalid_client|unauthorized_client|client_id",
    ),
    # The studio's own key.
    Row(
        "key refused", Kind.OPERATOR, "Etsy does not accept this studio's Etsy key. The operator has been notified.",
        statuses=_s(400, 401, 403), words=r"shared secret|api[ _-]?key|x-api-key|banned|app(lication)? is (not active|suspended)",
    ),
    Row("token refused", Kind.REJECTED, _OVER, doing=_ANY - _GRANTS, statuses=_s(401), reconnect=True),
    Row(
        "scope missing", Kind.REJECTED,
        f"Your Etsy connection doesn't include permission to create drafts. {RECONNECT}",
        statuses=_s(403), words=r"scope|permission", reconnect=True,
    ),
    Row("forbidden", Kind.REJECTED, "Etsy rejected this for your shop. {said}", statuses=_s(403)),
    # Etsy's content rules.
    Row(
        "cannot sell", Kind.BLOCKED_PROMPT,
        "Etsy says this item cannot be sold there. {said} Changing the listing text may help.",
        statuses=_s(400, 403, 422), words=r"cannot sell this item|prohibited|violat|not allowed to be sold",
    ),
    # The seller's shop is not ready to have listings.
    Row(
        "shop not finished", Kind.REJECTED,
        "Etsy doesn't accept listings for this shop yet. Please finish opening the shop on Etsy, then retry the draft. {said}",
        doing=frozenset({Doing.CREATE}), statuses=_s(400), words=r"/images\b|payment|onboarding|return.?policy",
    ),
    Row(
        "image order", Kind.TRANSIENT, "Etsy was still sorting the images of this draft.",
        doing=frozenset({Doing.UPLOAD}), statuses=_s(400, 409), words=r"inconsistent order",
    ),
    Row(
        "upload failed there", Kind.TRANSIENT, "Etsy could not store a file of this draft.",
        doing=frozenset({Doing.UPLOAD}), statuses=_s(400), words=r"error oc+ur+ed while uploading",
    ),
    Row("gone", Kind.REJECTED, "Etsy does not know this shop or draft. {said}", statuses=_s(404, 410)),
    Row("conflict", Kind.UNKNOWN, "Etsy was busy with this draft. We check what arrived before we retry.",
        doing=_WRITES, statuses=_s(409)),
    Row("timed out there", Kind.UNKNOWN, "Etsy did not finish in time. We check what arrived before we retry.",
        doing=_WRITES, statuses=_s(408)),
    Row("timed out there", Kind.TRANSIENT, "Etsy did not answer in time.", statuses=_s(408)),
    Row(
        "grant not given", Kind.REJECTED,
        "Etsy did not renew the connection to your shop. {said} Retry the draft; if that doesn't help, reconnect your shop "
        "under Integrations.",
        doing=_GRANTS, statuses=frozenset(range(400, 500)),
    ),
    Row("too large", Kind.REJECTED, "An image or file is larger than Etsy allows. {said}", statuses=_s(413)),
    Row("not accepted", Kind.REJECTED, "Etsy rejected the listing. {said}", statuses=frozenset(range(400, 500))),
    # Errors of Etsy's. A create may have been carried out anyway.
    Row(
        "write broke there", Kind.UNKNOWN,
        "Etsy reported an error. We check what arrived before we retry.",
        doing=_WRITES, statuses=_SERVER_ERRORS,
    ),
    Row("read broke there", Kind.TRANSIENT, "Etsy reported an error.", doing=_ASKS, statuses=_SERVER_ERRORS),
    # An answer that is no answer: 200 with a web page, a redirect, an empty body.
    Row(
        "write misread", Kind.UNKNOWN, "Etsy's answer could not be read. We check what arrived before we retry.",
        doing=_WRITES,
    ),
    Row("read misread", Kind.TRANSIENT, "Etsy's answer could not be read.", doing=_ASKS),
)  # fmt: skip


def row_for(answer: Answer) -> Row:
    """The line of the table an answer that is not good falls under."""
    return next(row for row in TABLE if row.matches(answer))


def failure(answer: Answer, *, provider_id: str = "") -> Failure:
    """An answer that is not good as a failure. `detail` names status, table line and Etsy's request id, no secret."""
    assert not answer.good
    row = row_for(answer)
    said = f"Etsy said: {answer.said.rstrip('.')}." if answer.said else ""
    detail = [f"{answer.doing} {answer.met}", row.name]
    if answer.status:
        detail.append(f"HTTP {answer.status}")
    detail += [f"{name}={value}" for name, value in _facts(answer) if value]
    waits = row.kind in (Kind.THROTTLED, Kind.OPERATOR, Kind.TRANSIENT)
    return Failure(
        kind=row.kind,
        reason=" ".join(row.reason.format(said=said).split())[:REASON_MAX],
        detail="; ".join(detail)[:500],
        retry_after=answer.wait if waits else None,
        provider_id=provider_id,
    )


def _facts(answer: Answer) -> list[tuple[str, str]]:
    return [
        ("code", answer.code),
        ("said", answer.said),
        ("fields", ",".join(answer.paths)),
        ("problem", answer.problem),
        ("etsy request", answer.request_id),
    ]
