"""The meaning of each of Google's responses: one table, read from the top, first match wins (rules §5.7).

No other module in this folder may decide a failure kind. Reasons are for sellers: calm, exact, and with what to do if
there is something to do. The project's files are in file storage whatever happens here, and the sentences say so where
it matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from elistit.delivery.google_drive.wire import Answer, Doing, Met
from elistit.ports import Failure, Kind

_ANY = frozenset(Doing)
_GRANTS = frozenset({Doing.TOKEN, Doing.EXCHANGE})
_UPLOADS = frozenset({Doing.BEGIN, Doing.SEND, Doing.ASK})
REASON_MAX = 400
RECONNECT = "Connect it again under Settings → Shops → Integrations, then press Retry."
NOT_CONNECTED = f"Google Drive is no longer connected. Your files are here under Downloads. {RECONNECT}"


@dataclass(frozen=True)
class Row:
    """One line of the table. Empty `statuses` match any response; `words` is searched for in Google's reasons and
    message. `reason` may contain {said}: Google's own sentence. `reconnect` means that the connection is over."""

    name: str
    kind: Kind
    reason: str
    met: Met = Met.ANSWER
    doing: frozenset[Doing] = _ANY
    statuses: frozenset[int] = frozenset()
    words: str = ""
    reconnect: bool = False

    def matches(self, answer: Answer) -> bool:
        if answer.met is not self.met or answer.doing not in self.doing:
            return False
        if self.statuses and answer.status not in self.statuses:
            return False
        return not self.words or bool(re.search(self.words, f"{' '.join(answer.reasons)} {answer.said}", re.IGNORECASE))


def _s(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


_SERVER_ERRORS = frozenset(range(500, 600))
_OVER = f"Google no longer accepts the connection to your Drive: it was revoked or has expired. {RECONNECT}"
_KEY = "Google rejects this studio's own key. The operator has been notified; your files are here under Downloads."

TABLE: tuple[Row, ...] = (
    # Google never got the request, or we never got its response.
    Row("not reached", Kind.TRANSIENT, "Google Drive could not be reached.", met=Met.NOT_SENT),
    Row(
        "create unanswered", Kind.UNKNOWN, "Google Drive did not answer. We check there before we retry.",
        met=Met.NO_ANSWER, doing=frozenset({Doing.CREATE}),
    ),
    Row("unanswered", Kind.TRANSIENT, "Google Drive did not answer in time.", met=Met.NO_ANSWER),
    # The connection of the seller and the studio's own key.
    Row("grant over", Kind.REJECTED, _OVER, doing=frozenset({Doing.TOKEN}), words=r"invalid_grant", reconnect=True),
    Row(
        "code over", Kind.REJECTED,
        "Google did not accept this sign-in, perhaps because it took too long. Please connect your Drive again.",
        doing=frozenset({Doing.EXCHANGE}), words=r"invalid_grant",
    ),
    Row(
        "client unknown", Kind.OPERATOR, _KEY, doing=_GRANTS,
        statuses=_s(400, 401, 403), words=r"invalid_client|unauthorized_client|redirect_uri_mismatch|invalid_request",
    ),
    Row(
        "blocked by an administrator", Kind.REJECTED,
        "The administrator of your Google account does not allow this studio to use Drive. Ask them to, or connect another account.",
        statuses=_s(400, 403), words=r"domainPolicy|admin_policy|appBlocked|org_internal",
    ),
    Row("token refused", Kind.REJECTED, _OVER, doing=_ANY - _GRANTS, statuses=_s(401), reconnect=True),
    Row(
        "Drive not switched on", Kind.OPERATOR, _KEY,
        statuses=_s(403), words=r"accessNotConfigured|SERVICE_DISABLED|projectNotLinked|has not been used in project",
    ),
    # Limits.
    Row(
        "Drive full", Kind.REJECTED,
        "Your Google Drive is full. Free some space or get more, then press Retry; files already copied stay there.",
        statuses=_s(403, 413), words=r"storageQuotaExceeded|teamDriveFileLimitExceeded|storage quota",
    ),
    Row(
        "day spent", Kind.OPERATOR, "This studio has reached Google's daily limit. Retry tomorrow; your files are here.",
        statuses=_s(403, 429), words=r"dailyLimitExceeded",
    ),
    Row(
        "upload day spent", Kind.REJECTED,
        "Your Google account has reached its daily upload limit. Press Retry tomorrow; files already copied stay there.",
        statuses=_s(403, 429), words=r"uploadLimitExceeded|user has exceeded.*upload",
    ),
    Row(
        "too fast", Kind.THROTTLED, "Google Drive asked us to slow down.",
        statuses=_s(403, 429), words=r"rateLimitExceeded|sharingRateLimit|RESOURCE_EXHAUSTED",
    ),
    Row("too fast", Kind.THROTTLED, "Google Drive asked us to slow down.", statuses=_s(429)),
    Row(
        "scope missing", Kind.REJECTED, f"Your connection does not allow us to write files to Drive. {RECONNECT}",
        statuses=_s(403), words=r"insufficient(Permissions|_scope|FilePermissions)?|ACCESS_TOKEN_SCOPE", reconnect=True,
    ),
    Row("forbidden", Kind.REJECTED, "Google Drive rejected this request. {said}", statuses=_s(403)),
    # The folder was moved to the trash, or an upload expired, during the copy: the next attempt looks again.
    Row("upload over", Kind.TRANSIENT, "Google Drive lost a partly copied file.", doing=_UPLOADS, statuses=_s(404, 410)),
    Row("folder gone", Kind.TRANSIENT, "A folder on your Drive was removed while we were copying.", statuses=_s(404, 410)),
    Row("timed out there", Kind.TRANSIENT, "Google Drive did not answer in time.", statuses=_s(408)),
    Row("not accepted", Kind.REJECTED, "Google Drive did not accept a file. {said}", statuses=frozenset(range(400, 500))),
    # Errors of Google's. A create may have been carried out anyway.
    Row(
        "create broke there", Kind.UNKNOWN, "Google Drive reported an error. We check there before we retry.",
        doing=frozenset({Doing.CREATE}), statuses=_SERVER_ERRORS,
    ),
    Row("broke there", Kind.TRANSIENT, "Google Drive reported an error.", statuses=_SERVER_ERRORS),
    # A response that isn't from the API: 200 with a web page, a redirect, an empty body.
    Row(
        "create misread", Kind.UNKNOWN, "Google Drive's answer could not be read. We check there before we retry.",
        doing=frozenset({Doing.CREATE}),
    ),
    Row("misread", Kind.TRANSIENT, "Google Drive's answer could not be read."),
)  # fmt: skip


FOR_THE_OPERATOR = frozenset(row.reason for row in TABLE if row.kind == Kind.OPERATOR)
"""What a seller reads where only the operator can fix it."""


def row_for(answer: Answer) -> Row:
    """The line of the table that matches a response that isn't a success."""
    return next(row for row in TABLE if row.matches(answer))


def failure(answer: Answer) -> Failure:
    """A response that isn't a success, as a failure. `detail` names status and table line, no secret and no address."""
    row = row_for(answer)
    said = f"Google said: {answer.said.rstrip('.')}." if answer.said else ""
    detail = [f"{answer.doing}: {answer.met}", row.name]
    if answer.status:
        detail.append(f"HTTP {answer.status}")
    detail += [part for part in (",".join(answer.reasons), answer.said, answer.problem) if part]
    waits = row.kind in (Kind.THROTTLED, Kind.TRANSIENT)
    return Failure(
        row.kind, " ".join(row.reason.format(said=said).split())[:REASON_MAX], detail="; ".join(detail)[:500],
        retry_after=answer.wait if waits else None,
    )  # fmt: skip
