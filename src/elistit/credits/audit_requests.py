"""Audit checks of accepted requests: no charge without its accepted request, no accepted request without its charge,
and the print size of dropped items (rules §5.5, §7).

Reads the tables of projects by name. It must never share code with what writes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import groupby

from elistit.credits.audit_reading import Finding, moment, price_lines, stream, structure

CHARGING = ("launch", "print_ready", "listing")
"""Actions that always charge, even if only 0 credits. A remake may be free."""
NO_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)


def _since() -> dt.datetime:
    """From when on every charge has its request: always, unless an upgrade of an older installation recorded a date."""
    found = [moment(at) for (at,) in stream("SELECT MAX(at) FROM projects_acceptedsince")]
    return found[0] or NO_TIME


CHARGES = """
SELECT t.id, t.amount, t.job, CASE WHEN r.id IS NULL THEN t.created_at END, a.owner_id, r.id, r.owner_id, r.act, r.answer
  FROM credits_credittransaction t
  JOIN credits_creditaccount a ON a.id = t.account_id
  LEFT JOIN projects_acceptedcharge c ON c.posting = t.id
  LEFT JOIN projects_acceptedrequest r ON r.id = c.request_id
 WHERE t.type = 'SPEND_CREDIT'
"""


def charges_have_requests() -> Iterator[Finding]:
    """Per SPEND row: its accepted request has the same owner and names its job. Rows from before accepted requests
    existed may have none."""
    since = _since()
    for posting, amount, job, at, owner, request, asking, act, answer in stream(CHARGES):
        if request is None:
            made = moment(at)
            old = made is not None and made < since
            yield None if old else f"transaction {posting} charges {-amount} and has no accepted request"
        elif asking != owner:
            yield f"transaction {posting} charges owner {owner} for a request of owner {asking}"
        elif job not in (answered := structure(answer)).get("jobs", [answered.get("job")]):
            yield f"transaction {posting} charges job {job}; its request ({act}) was answered with another"
        else:
            yield None


REQUESTS = """
SELECT r.id, r.act, r.digest, r.answer, COUNT(c.id), COUNT(t.id)
  FROM projects_acceptedrequest r
  LEFT JOIN projects_acceptedcharge c ON c.request_id = r.id
  LEFT JOIN credits_credittransaction t ON t.id = c.posting AND t.type = 'SPEND_CREDIT'
 GROUP BY r.id, r.act, r.digest, r.answer
"""


def requests_have_charges() -> Iterator[Finding]:
    """Per accepted request: it was answered, the charges it names are SPEND rows, and one that costs has exactly one; a
    batch has one for each project."""
    for request, act, digest, answer, named, found in stream(REQUESTS):
        if not structure(answer) or len(digest) != 64:
            yield f"accepted request {request} ({act}) was never answered"
        elif named != found:
            yield f"accepted request {request} ({act}) names {named - found} charges that are not in the ledger"
        elif act in CHARGING and found != 1:
            yield f"accepted request {request} ({act}) was charged {found} times"
        elif act == "batch" and found != len(set(structure(answer)["jobs"])):
            yield f"accepted request {request} (batch) launched {len(structure(answer)['jobs'])} projects with {found} charges"
        else:
            yield None


DROPPED = """
SELECT j.public_id, j.created_at, q.lines, i.number, i.flags, i.art, COALESCE(m.back, 0), COALESCE(m.n, 0)
  FROM projects_job j
  JOIN credits_quote q ON q.id = j.quote_id
  LEFT JOIN projects_item i ON i.job_id = j.public_id AND i.state = 'dropped'
  LEFT JOIN (SELECT job, SUM(amount) AS back, COUNT(*) AS n FROM credits_credittransaction
              WHERE type = 'REFUND_CREDIT' AND idempotency_key LIKE 'job:%:print-size' GROUP BY job) m ON m.job = j.public_id
 WHERE j.kind = 'launch' AND j.status = 'SUCCEEDED' AND j.gate_reached_at IS NOT NULL
 ORDER BY j.public_id, i.number
"""


def dropped_items_return_print_size() -> Iterator[Finding]:
    """Per launch that succeeded after an approval: the print size of every image dropped by choice was refunded, and
    nothing more. Launches from before that rule may have kept it."""
    since = _since()
    for (job, at, lines, back, rows), items in groupby(stream(DROPPED), key=lambda r: (r[0], r[1], r[2], r[6], r[7])):
        quoted = sum(
            line["unit_price"] for line in price_lines(lines) if line["action"] == "upscale" and line["per_item"]
        )
        due = 0
        for _, _, _, number, flags, art, *_ in items:
            if number is not None and not structure(flags):
                # The print size of a remake of a lost image, or of another model that stepped in, has its own price.
                due += structure(art).get("print_paid", quoted)
        made = moment(at)
        if back != due and not (rows == 0 and made is not None and made < since):
            yield f"job {job} gave {back} back for the print size of dropped images where {due} was paid for it"
        else:
            yield None


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "every charge has its accepted request": charges_have_requests,
    "every accepted request has its charge": requests_have_charges,
    "the print size of dropped images is refunded": dropped_items_return_print_size,
}
