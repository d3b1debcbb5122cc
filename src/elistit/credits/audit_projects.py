"""Audit checks of the ledger against the projects: every job charged once, every failure refunded, nothing else.

The only module in `credits` that reads the tables of projects and the chain, by name. Read-only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from elistit.credits.audit_reading import (
    Finding,
    StoreCheck,
    WorkCheck,
    looked_at,
    moment,
    price_lines,
    stream,
    structure,
)  # fmt: skip

# How long a running job may be silent before missing work in the queue is a violation.
QUIET = dt.timedelta(seconds=60)


def jobs_are_charged() -> Iterator[Finding]:
    """Per job: exactly one launch charge, of its quote's total, on its owner's account, naming its project."""
    for job, project, owner, total, count, charged, accounts, projects in stream(
        "SELECT j.public_id, p.public_id, p.owner_id, q.total, COUNT(t.id), COALESCE(SUM(-t.amount), 0),"
        " COUNT(DISTINCT CASE WHEN a.owner_id <> p.owner_id THEN a.id END),"
        " COUNT(DISTINCT CASE WHEN t.project <> p.public_id THEN t.project END)"
        " FROM projects_job j JOIN projects_project p ON p.public_id = j.project_id"
        " LEFT JOIN credits_quote q ON q.id = j.quote_id"
        " LEFT JOIN credits_credittransaction t ON t.job = j.public_id AND t.type = 'SPEND_CREDIT' AND t.item IS NULL"
        " LEFT JOIN credits_creditaccount a ON a.id = t.account_id"
        " GROUP BY j.public_id, p.public_id, p.owner_id, q.total"
    ):
        if total is None:
            yield f"job {job} has lost its quote"
        elif count != 1:
            yield f"job {job} has {count} launch charges"
        elif charged != total:
            yield f"job {job} was quoted {total} and charged {charged}"
        elif accounts:
            yield f"job {job} of owner {owner} was charged to another account"
        elif projects:
            yield f"job {job} of project {project} was charged for another project"
        else:
            yield None


def charges_have_jobs() -> Iterator[Finding]:
    """Per row that names a job: the job exists, with the project that the row names."""

    def says(transaction: str, kind: str, job: str, project: str, found: str | None) -> str:
        if found is None:
            return f"transaction {transaction} ({kind}) names job {job}, which does not exist"
        return f"transaction {transaction} names project {project}; the job is of {found}"

    return looked_at(
        "SELECT COUNT(*) FROM credits_credittransaction WHERE job <> ''",
        "SELECT t.id, t.type, t.job, t.project, j.project_id FROM credits_credittransaction t"
        " LEFT JOIN projects_job j ON j.public_id = t.job"
        " WHERE t.job <> '' AND (j.project_id IS NULL OR j.project_id <> t.project)",
        says,
    )


MONEY = (
    " LEFT JOIN (SELECT job, SUM(CASE WHEN type = 'SPEND_CREDIT' THEN -amount ELSE 0 END) AS charged,"
    "  SUM(CASE WHEN type = 'REFUND_CREDIT' THEN amount ELSE 0 END) AS refunded,"
    "  COUNT(CASE WHEN type = 'REFUND_CREDIT' THEN 1 END) AS refunds,"
    "  COUNT(CASE WHEN type = 'REFUND_CREDIT' AND item IS NULL AND idempotency_key NOT LIKE 'job:%:print-size' THEN 1 END)"
    "   AS whole,"
    "  MAX(CASE WHEN type = 'REFUND_CREDIT' THEN created_at END) AS last_refund"
    "  FROM credits_credittransaction WHERE job <> '' GROUP BY job) m ON m.job = j.public_id"
)


def failed_jobs_are_refunded() -> Iterator[Finding]:
    """Per FAILED job: exactly the amount charged was refunded, and a refund row says so (rules §5.2, §5.3)."""
    for job, charged, refunded, refunds in stream(
        "SELECT j.public_id, COALESCE(m.charged, 0), COALESCE(m.refunded, 0), COALESCE(m.refunds, 0)"
        f" FROM projects_job j{MONEY} WHERE j.status = 'FAILED'"
    ):
        if charged != refunded:
            yield f"failed job {job} was charged {charged} and refunded {refunded}"
        else:
            yield None if refunds else f"failed job {job} has no refund row"


def cancelled_jobs_are_not_refunded() -> Iterator[Finding]:
    """Per CANCELLED job: only items lost before the cancellation were refunded, nothing after it (rules §5.4)."""
    for job, ended_at, whole, last_refund in stream(
        f"SELECT j.public_id, j.ended_at, COALESCE(m.whole, 0), m.last_refund FROM projects_job j{MONEY}"
        " WHERE j.status = 'CANCELLED'"
    ):
        ended, last = moment(ended_at), moment(last_refund)
        if whole:
            yield f"cancelled job {job} was refunded as a whole"
        else:
            late = ended is not None and last is not None and last > ended
            yield f"cancelled job {job} was refunded after it was cancelled" if late else None


ITEMS = """
SELECT j.public_id, j.status, q.lines, i.number, i.state, i.flags, COALESCE(m.charged, 0), COALESCE(m.refunded, 0),
       COALESCE(m.cheaper, 0), p.failover, (SELECT COUNT(*) FROM projects_itemround r WHERE r.item_id = i.id)
  FROM projects_job j
  JOIN projects_project p ON p.public_id = j.project_id
  JOIN credits_quote q ON q.id = j.quote_id
  JOIN projects_item i ON i.job_id = j.public_id
  LEFT JOIN (SELECT job, item, SUM(CASE WHEN type = 'SPEND_CREDIT' THEN -amount ELSE 0 END) AS charged,
                    SUM(CASE WHEN type = 'REFUND_CREDIT' THEN amount ELSE 0 END) AS refunded,
                    SUM(CASE WHEN type = 'REFUND_CREDIT' AND idempotency_key LIKE 'item:%:failover' THEN amount ELSE 0 END)
                      AS cheaper
               FROM credits_credittransaction WHERE job <> '' AND item IS NOT NULL GROUP BY job, item) m
    ON m.job = j.public_id AND m.item = i.number
 WHERE j.status <> 'FAILED'
 ORDER BY j.public_id, i.number
"""


def items_are_paid_or_refunded() -> Iterator[Finding]:
    """Per item of a job that did not fail: a lost item costs nothing, a made one was paid for (rules §5.6, §8).

    In a job that succeeded, an item dropped by choice was not refunded (the next check covers items that our own check
    flagged). An item's cost is its price line in the quote, plus its remakes, less its refunds. If another model
    stepped in, the seller had allowed it and a lower price was refunded (rules §5.10).
    """
    for (job, status, lines), rows in groupby(stream(ITEMS), key=lambda row: (row[0], row[1], row[2])):
        price = sum(line["unit_price"] for line in price_lines(lines) if line.get("per_item"))
        making = sum(line["unit_price"] for line in price_lines(lines) if line["action"] == "generate")
        for _, _, _, number, state, flags, charged, refunded, cheaper, asked, recorded in rows:
            over, flagged = state == "dropped" and status == "SUCCEEDED", bool(structure(flags))
            cost = price + charged - refunded
            if cheaper and not asked:
                yield f"item {number} of job {job} got {cheaper} back for another model no one had allowed"
            elif cost < 0:
                yield f"item {number} of job {job} was refunded {refunded} and charged {price + charged}"
            elif state in ("blocked", "failed") and cost != 0:
                yield f"item {number} of job {job} was lost and still cost {cost}"
            elif state == "made" and cost < making - cheaper:
                yield f"item {number} of job {job} was made and cost {cost} instead of {price}"
            elif over and flagged and not recorded and cost != 0:
                yield f"item {number} of job {job} was dropped after our check had flagged it and still cost {cost}"
            elif over and not flagged and cost < making - cheaper:
                yield f"item {number} of job {job} was dropped by choice and cost {cost} instead of {price}"
            else:
                yield None


ROUNDS = """
SELECT j.public_id, i.number, i.state, i.art, r.number, r."order", r.state, r.flags, r.charged, r.returned
  FROM projects_itemround r
  JOIN projects_item i ON i.id = r.item_id
  JOIN projects_job j ON j.public_id = i.job_id
 WHERE j.status = 'SUCCEEDED'
 ORDER BY j.public_id, i.number, r.number
"""


def flagged_rounds_come_back() -> Iterator[Finding]:
    """Per item of a job that succeeded: of its orders (a paid round and its free remakes), exactly those were refunded
    of which nothing was made, or of which our own check flagged every version and none was kept (rules §8)."""
    for (job, number, state, art), rows in groupby(stream(ROUNDS), key=lambda row: (row[0], row[1], row[2], row[3])):
        kept = structure(art).get("made_round") if state == "made" else None
        orders: dict[int, list[Any]] = {}
        for row in rows:
            orders.setdefault(row[5], []).append(row)
        found = [_order(job, number, state, kept, order, made) for order, made in orders.items()]
        yield next((finding for finding in found if finding), None)


def _order(job: str, number: int, state: str, kept: int | None, order: int, rows: list[Any]) -> Finding:
    made = [row for row in rows if row[6] == "made"]
    paid = any(row[8] for row in rows)
    back = any(row[9] for row in rows)
    flagged = bool(made) and all(structure(row[7]) for row in made)
    lost = state in ("blocked", "failed") or not made
    due = paid and (lost or (flagged and kept not in {row[4] for row in made}))
    if due and not back:
        return f"round {order} of item {number} of job {job} was not kept and did not come back"
    if back and not due:
        return f"round {order} of item {number} of job {job} came back and was not due"
    return None


SUCCEEDED = """
SELECT j.public_id, j.kind, q.lines, q.total, COALESCE(l.text, ''), COALESCE(m.charged, 0), COALESCE(m.refunded, 0),
       COALESCE(m.remakes, 0), COALESCE(m.whole, 0), COALESCE(m.items, 0), COALESCE(o.orphans, 0),
       (SELECT COUNT(*) FROM projects_job r WHERE r.project_id = j.project_id AND r.kind = 'listing')
  FROM projects_job j
  JOIN credits_quote q ON q.id = j.quote_id
  LEFT JOIN projects_listing l ON l.project_id = j.project_id
  LEFT JOIN (SELECT job, SUM(CASE WHEN type = 'SPEND_CREDIT' THEN -amount ELSE 0 END) AS charged,
                    SUM(CASE WHEN type = 'REFUND_CREDIT' THEN amount ELSE 0 END) AS refunded,
                    SUM(CASE WHEN type = 'SPEND_CREDIT' AND item IS NOT NULL THEN -amount ELSE 0 END) AS remakes,
                    SUM(CASE WHEN type = 'REFUND_CREDIT' AND item IS NULL AND idempotency_key NOT LIKE 'job:%:print-size'
                             THEN amount ELSE 0 END) AS whole,
                    SUM(CASE WHEN type = 'REFUND_CREDIT' AND (item IS NOT NULL OR idempotency_key LIKE 'job:%:print-size')
                             THEN amount ELSE 0 END) AS items
               FROM credits_credittransaction WHERE job <> '' GROUP BY job) m ON m.job = j.public_id
  LEFT JOIN (SELECT t.job, COUNT(*) AS orphans FROM credits_credittransaction t
               LEFT JOIN projects_item i ON i.job_id = t.job AND i.number = t.item
              WHERE t.job <> '' AND t.item IS NOT NULL AND i.id IS NULL GROUP BY t.job) o ON o.job = j.public_id
 WHERE j.status = 'SUCCEEDED'
"""


def succeeded_jobs_cost_their_quote() -> Iterator[Finding]:
    """Per SUCCEEDED job: net = quote total + remakes − refunded items − the listing if it was lost (rules §5.5, §5.6)."""
    for row in stream(SUCCEEDED):
        yield _succeeded(*row)


def _succeeded(
    job: str, kind: str, lines: Any, total: int, text: str, charged: int, refunded: int, remakes: int, whole: int,
    items: int, orphans: int, again: int,
) -> Finding:  # fmt: skip
    listing = sum(line["credits"] for line in price_lines(lines) if line["action"] == "listing")
    if orphans:
        return f"job {job} has {orphans} rows for items it does not have"
    if whole not in (0, listing):
        return f"job {job} succeeded and was refunded {whole} beside its items; its listing was {listing}"
    if kind == "launch" and text == "failed" and whole != listing:
        return f"job {job} has no listing text and was not refunded the listing"
    if kind == "launch" and text == "written" and not again and whole:
        return f"job {job} has its listing text and was refunded {whole} for it"
    if charged - refunded != total + remakes - items - whole:
        return (
            f"job {job} cost {charged - refunded}; its quote, remakes and losses say {total + remakes - items - whole}"
        )
    return None


def provider_calls_have_outcomes() -> Iterator[Finding]:
    """Per provider call: it has an outcome if and only if it has ended, and no call of a job that succeeded is open: it
    was answered, or looked up and found to be unknown."""
    for key, state, outcome, answered_at, status in stream(
        "SELECT c.key, c.state, c.outcome, c.answered_at, j.status FROM pipeline_providercall c"
        " JOIN projects_job j ON j.public_id = c.job_id"
    ):
        ended = state == "answered" or answered_at is not None
        if ended and not outcome:
            yield f"provider call {key} ended without an outcome"
        elif state == "sent" and outcome not in ("", "unknown"):
            yield f"provider call {key} has the outcome {outcome} and is still open"
        elif state == "sent" and status == "SUCCEEDED":
            yield f"provider call {key} was never answered, looked up or given up, and its job succeeded"
        else:
            yield None


def ended_jobs_have_no_open_attempt() -> Iterator[Finding]:
    """Per attempt of a job that failed or was canceled: it has ended, with an outcome. A draft may be retried in a job
    that succeeded."""

    def says(attempt: int, job: str, status: str, stage: str, item: int) -> str:
        return f"attempt {attempt} ({stage}, item {item}) of job {job} is still open, and the job is {status}"

    return looked_at(
        "SELECT COUNT(*) FROM pipeline_attempt a JOIN projects_job j ON j.public_id = a.job_id"
        " WHERE NOT a.note AND j.status IN ('FAILED', 'CANCELLED')",
        "SELECT a.id, a.job_id, j.status, a.stage, a.item FROM pipeline_attempt a"
        " JOIN projects_job j ON j.public_id = a.job_id WHERE NOT a.note AND j.status IN ('FAILED', 'CANCELLED')"
        " AND (a.ended_at IS NULL OR a.outcome = '') ORDER BY a.id",
        says,
    )


def files_have_digests() -> Iterator[Finding]:
    """Per file: a SHA-256 and a size; an empty file can't be an image."""
    for file, path, size, digest in stream("SELECT id, path, bytes, sha256 FROM projects_projectfile"):
        right = len(digest) == 64 and not set(digest) - set("0123456789abcdef") and size > 0
        yield None if right else f"file {file} ({path}) has no digest or is empty"


def file_bytes(store_check: StoreCheck) -> Iterator[Finding]:
    """Per file of a project that isn't deleted: file storage has exactly the bytes that were written."""
    for project, path, digest in stream(
        "SELECT p.public_id, f.path, f.sha256 FROM projects_projectfile f"
        " JOIN projects_project p ON p.public_id = f.project_id WHERE p.stage <> 'deleted'"
    ):
        yield None if store_check(path, digest) else f"file {path} of project {project} is missing or changed"


def made_items_have_files() -> Iterator[Finding]:
    """Per item that was made and paid for, of a job that succeeded in a project that isn't deleted: its original
    exists. Files derived from it may have been deleted, the original never."""
    for job, number, files in stream(
        "SELECT j.public_id, i.number, (SELECT COUNT(*) FROM projects_projectfile f"
        "  WHERE f.project_id = j.project_id AND f.item = i.number AND f.role = 'image')"
        " FROM projects_item i JOIN projects_job j ON j.public_id = i.job_id"
        " JOIN projects_project p ON p.public_id = j.project_id"
        " WHERE i.state = 'made' AND j.status = 'SUCCEEDED' AND p.stage <> 'deleted'"
    ):
        yield None if files else f"item {number} of job {job} was made and paid for, but its image is missing"


def active_jobs_have_work(work_check: WorkCheck, now: dt.datetime) -> Iterator[Finding]:
    """Per job that should be running and has been silent for a minute: the engine has work for it (rules §6). A shorter
    silence is no violation: recovery queues what a crash left unqueued within seconds."""
    for job, created, started, ended in stream(
        "SELECT j.public_id, j.created_at, MAX(a.started_at), MAX(a.ended_at) FROM projects_job j"
        " LEFT JOIN pipeline_attempt a ON a.job_id = j.public_id WHERE j.status IN ('QUEUED', 'RUNNING')"
        " GROUP BY j.public_id, j.created_at"
    ):
        heard = max(at for at in map(moment, (created, started, ended)) if at is not None)
        silent = now - heard > QUIET
        yield f"job {job} is running and has nothing queued" if silent and not work_check(job) else None


PAYMENTS = """
SELECT p.id, p.kind, p.state, p.credits, p.taken_credits, p.invoice,
       (SELECT COUNT(*) FROM credits_credittransaction t WHERE t.idempotency_key = 'stripe:' || COALESCE(p.invoice, p.id)
         AND t.amount = p.credits AND t.type = CASE WHEN p.kind = 'plan' THEN 'GRANT_CREDIT' ELSE 'PURCHASE_CREDIT' END),
       (SELECT COALESCE(-SUM(t.amount), 0) FROM credits_credittransaction t
         WHERE t.type = 'ADJUST_CREDIT' AND t.idempotency_key LIKE 'stripe:' || p.id || ':%')
  FROM payments_payment p
"""


def payments_are_booked_once() -> Iterator[Finding]:
    """Per purchase: paid ones are recorded exactly once, unpaid ones never, and returned money is deducted once."""
    for payment, kind, state, credits, taken, invoice, booked, adjusted in stream(PAYMENTS):
        # The purchase that started a plan grants no credits itself: the invoice of each month does.
        due = int(state == "paid" and (kind == "top_up" or invoice is not None))
        if booked != due:
            yield f"payment {payment} ({state}, {credits} credits) is booked {booked} times"
        else:
            yield (
                None if adjusted == taken else f"payment {payment} says {taken} credits removed; the ledger {adjusted}"
            )


PLANS = """
SELECT p.owner_id, p.paid_by, COUNT(s.id), COUNT(CASE WHEN NOT s.ended THEN 1 END),
       COUNT(CASE WHEN NOT s.ended AND NOT s.ends_at_period_end THEN 1 END),
       CASE WHEN p.cancelled_at IS NULL THEN 1 ELSE 0 END
  FROM credits_plan p LEFT JOIN payments_subscription s ON s.owner_id = p.owner_id
 GROUP BY p.owner_id, p.paid_by, p.cancelled_at
"""


def plans_follow_their_subscriptions() -> Iterator[Finding]:
    """Per plan: at most one subscription runs beside it, and a plan paid by a subscription continues only with it."""
    for owner, paid_by, known, running, going_on, renews in stream(PLANS):
        if running > 1:
            yield f"owner {owner} pays for {running} plans at once"
        elif paid_by == "stripe" and known and renews and not going_on:
            yield f"the plan of owner {owner} continues and no subscription pays for it"
        else:
            yield None


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "every job is charged its quote": jobs_are_charged,
    "every charge and refund has its job": charges_have_jobs,
    "every failed job is refunded exactly its charge": failed_jobs_are_refunded,
    "no refund after a cancellation": cancelled_jobs_are_not_refunded,
    "failed items cost nothing and finished ones are paid": items_are_paid_or_refunded,
    "flagged images that aren't kept are refunded": flagged_rounds_come_back,
    "succeeded jobs cost their quote minus what failed": succeeded_jobs_cost_their_quote,
    "every ended provider call has an outcome": provider_calls_have_outcomes,
    "no attempt is open in a job that has ended": ended_jobs_have_no_open_attempt,
    "every file has its digest": files_have_digests,
    "every made item has its files": made_items_have_files,
    "every payment is booked exactly once": payments_are_booked_once,
    "every plan follows its subscription": plans_follow_their_subscriptions,
}
