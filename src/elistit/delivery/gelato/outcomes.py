"""What every answer of Gelato's means: one table, read from the top, first match wins (rules §5.7).

Nothing else in this folder decides a failure kind. `UNKNOWN` is only said of a creation: the draft may be there.
"""

from __future__ import annotations

from dataclasses import dataclass

from elistit.delivery.gelato.wire import Answer, Doing, Met
from elistit.ports import Failure, Kind

_SERVER_ERRORS = frozenset(range(500, 600))
_SAID = "Gelato says: “{said}”."
REASON_MAX = 400


@dataclass(frozen=True)
class Row:
    """One line of the table. Empty `statuses` match any answer; `doing` None matches every call."""

    kind: Kind
    reason: str
    met: Met = Met.ANSWER
    doing: Doing | None = None
    statuses: frozenset[int] = frozenset()

    def matches(self, answer: Answer) -> bool:
        right = answer.met is self.met and (self.doing is None or answer.doing is self.doing)
        return right and (not self.statuses or answer.status in self.statuses)


TABLE: tuple[Row, ...] = (
    Row(Kind.TRANSIENT, "We couldn't reach Gelato. Nothing was created. Try again in a minute.", met=Met.NOT_SENT),
    Row(
        Kind.UNKNOWN, "Gelato didn't answer, so we don't know yet whether the draft was created.",
        met=Met.NO_ANSWER, doing=Doing.CREATE,
    ),
    Row(Kind.TRANSIENT, "Gelato didn't answer in time. Try again in a minute.", met=Met.NO_ANSWER),
    Row(
        Kind.OPERATOR, "Gelato rejected this studio's key. Please tell the studio operator.",
        statuses=frozenset({401, 403}),
    ),
    Row(Kind.THROTTLED, "Gelato is receiving too many requests from this studio. Try again in a minute.", statuses=frozenset({429})),
    Row(
        Kind.UNKNOWN, "Gelato had a problem, so we don't know yet whether the draft was created.",
        doing=Doing.CREATE, statuses=_SERVER_ERRORS,
    ),
    Row(Kind.TRANSIENT, "Gelato had a problem. Try again in a minute.", statuses=_SERVER_ERRORS),
    Row(
        Kind.UNKNOWN, "We couldn't read Gelato's answer, so we don't know yet whether the draft was created.",
        doing=Doing.CREATE, statuses=frozenset(range(200, 400)),
    ),
    Row(Kind.TRANSIENT, "We couldn't read Gelato's answer. Try again in a minute.", statuses=frozenset(range(200, 400))),
    Row(Kind.REJECTED, "Gelato couldn't quote this. {said}", doing=Doing.QUOTE),
    Row(Kind.REJECTED, "Gelato rejected the draft, so it wasn't created. {said}", doing=Doing.CREATE),
    Row(Kind.REJECTED, "Gelato rejected the request. {said}"),
)  # fmt: skip


def failure(answer: Answer) -> Failure:
    """What an answer that is not good means."""
    row = next(row for row in TABLE if row.matches(answer))
    sentences = dict.fromkeys((answer.refusal.said, *answer.refusal.fields.values()))
    given = "; ".join(words.rstrip(".") for words in sentences if words)
    said = _SAID.format(said=given) if given else ""
    detail = f"{answer.doing}: {answer.status or answer.met} {answer.refusal.code} {answer.problem}".strip()
    reason = row.reason.format(said=said).strip()
    return Failure(row.kind, reason[:REASON_MAX], detail, retry_after=answer.wait, service="gelato")
