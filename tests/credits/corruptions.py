"""Each way the books can be made wrong, past every guard; what the auditor must say of each stands in findings.json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from flushing import guards_lifted
from town import Town, booked, drafted, give_back

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import chain, ledger, posting, quotes
from elistit.credits.models import CreditTransaction
from elistit.payments.models import Payment, Subscription
from elistit.projects.models import Item, ItemRound, Job, Listing, ProjectFile
from elistit.projects.request_models import AcceptedCharge, AcceptedRequest


def sql(statement: str, *params: Any) -> None:
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def unchecked(statement: str) -> None:
    """Past the database's own CHECKs as well as its triggers."""
    if connection.vendor == "sqlite":
        sql("PRAGMA ignore_check_constraints = ON")
    else:
        for table, name in (
            ("creditaccount", "credit_balance_never_negative"),
            ("creditgrant", "credit_grant_remaining_range"),
        ):
            sql(f"ALTER TABLE credits_{table} DROP CONSTRAINT {name}")
    try:
        sql(statement)
    finally:
        if connection.vendor == "sqlite":
            sql("PRAGMA ignore_check_constraints = OFF")


def rewrite(**changes: Any) -> None:
    """A careful forger: changes a row and makes its hash and the head right again (only the last row can be)."""
    row = CreditTransaction.objects.filter(account__owner__email="seller@example.com").order_by("-seq").first()
    assert row is not None
    entries = [[e.grant_id, e.amount, e.drawn_from_id] for e in row.entries.order_by("id")]
    said = {
        field: getattr(row, field) for field in chain.FIELDS if field not in ("account", "entries", "created_at", "id")
    }
    said |= {"account": row.account_id, "entries": entries, "created_at": chain.stamp(row.created_at), "id": row.pk}
    said |= changes
    digest = chain.row_hash(said)
    sets = ", ".join(f"{field} = %s" for field in changes)
    sql(f"UPDATE credits_credittransaction SET {sets}, hash = %s WHERE id = %s", *changes.values(), digest, row.pk)
    sql("UPDATE credits_creditaccount SET head_hash = %s WHERE id = %s", digest, row.account_id)


CORRUPTIONS: dict[str, Callable[[Town], Any]] = {
    "a balance is raised": lambda town: sql(
        "UPDATE credits_creditaccount SET balance = balance + 5 WHERE id = (SELECT MIN(id) FROM credits_creditaccount)"
    ),
    "a balance and seq move without a row": lambda town: sql(
        "UPDATE credits_creditaccount SET balance = balance + 5, seq = seq + 1"
    ),
    "a row in the middle is deleted": lambda town: (
        sql(
            "DELETE FROM credits_creditentry WHERE transaction_id = (SELECT id FROM credits_credittransaction WHERE idempotency_key = 'remake')"
        ),
        sql("DELETE FROM credits_credittransaction WHERE idempotency_key = 'remake'"),
    ),
    "an entry is changed": lambda town: sql(
        "UPDATE credits_creditentry SET amount = amount - 1 WHERE id = (SELECT MAX(id) FROM credits_creditentry)"
    ),
    "a reason is reworded": lambda town: sql(
        "UPDATE credits_credittransaction SET reason = 'gift' WHERE idempotency_key = 'lost-2'"
    ),
    "the last row is forged with a right hash": lambda town: rewrite(amount=-2, balance_after=97),
    "a grant is drained": lambda town: sql(
        "UPDATE credits_creditgrant SET remaining = remaining - 1 WHERE source = 'pack'"
    ),
    "a dead grant is made to have been alive": lambda town: sql(
        "UPDATE credits_creditgrant SET expires_at = created_at WHERE source = 'plan'"
    ),
    "returned credits are made to live longer": lambda town: sql(
        "UPDATE credits_creditgrant SET expires_at = %s WHERE source = 'returned'",
        posting.moment(ports.now() + ports.dt.timedelta(days=29)),
    ),
    "returned credits are made to live for ever": lambda town: sql(
        "UPDATE credits_creditgrant SET expires_at = NULL WHERE source = 'returned'"
    ),
    "a correction hides who made it": lambda town: rewrite(actor=""),
    "a trigger is dropped": lambda town: connection.cursor().execute(
        "DROP TRIGGER credits_entry_stays" + ("" if connection.vendor == "sqlite" else " ON credits_creditentry")
    ),
    "a failed job keeps its charge": lambda town: sql(
        "UPDATE projects_job SET status = 'FAILED' WHERE public_id = %s", town["good"].pk
    ),
    "a deleted project is refunded": lambda town: give_back(town["cancelled"], "sorry"),
    "a deleted project's item is refunded afterwards": lambda town: give_back(town["cancelled"], "sorry", 1, item=1),
    "a job was never charged": lambda town: _uncharged(town),
    "a charge differs from its quote": lambda town: sql(
        "UPDATE credits_quote SET total = total + 1 WHERE id = %s", town["good"].quote_id
    ),
    "a lost item is not refunded": lambda town: Item.objects.filter(job=town["good"], number=1).update(state="failed"),
    "a made item is refunded": lambda town: give_back(town["good"], "gift", 1, item=1),
    "another model nobody allowed": lambda town: give_back(
        town["item lost"], f"item:{town['item lost'].pk}:1:0:failover", 1, item=1
    ),
    "a lost listing is not refunded": lambda town: Listing.objects.filter(project=town["good"].project_id).update(
        text="failed"
    ),
    "a written listing is refunded": lambda town: give_back(town["good"], "gift", 2),
    "a succeeded job is refunded": lambda town: give_back(town["good"], "gift"),
    "more is refunded than was charged": lambda town: sql(
        "UPDATE credits_credittransaction SET job = %s WHERE idempotency_key = 'no-listing'", town["failed"].pk
    ),
    "a charge names a job that does not exist": lambda town: ledger.spend(
        town["good"].project.owner_id, 1, job="ghost", project="p", idempotency_key="x", reason="x"
    ),
    "a provider call ends without an outcome": lambda town: ProviderCall.objects.filter(key="call:good").update(
        outcome=""
    ),
    "two projects keep one draft": lambda town: Listing.objects.filter(
        project__in=[town["good"].project_id, town["failed"].project_id]
    ).update(draft="created", draft_id="7", draft_url="https://etsy.example/7"),
    "a file has no digest": lambda town: ProjectFile.objects.filter(path="good/1.png").update(sha256=""),
    "a made item has no file": lambda town: ProjectFile.objects.filter(path="good/2.png").delete(),
    "a paid pack is not booked": lambda town: Payment.objects.create(
        owner_id=town["good"].project.owner_id,
        kind="top_up",
        code="pack-100",
        credits=100,
        price_cents=800,
        state="paid",
    ),
    "a plan goes on when its subscription has ended": lambda town: Subscription.objects.update(ended=True),
    "a seller pays for two plans": lambda town: Subscription.objects.create(
        owner=Subscription.objects.get().owner, subscription="sub_2", code="grow", told_at=ports.now()
    ),
    "an entry lies on another account's grant": lambda town: sql(
        "UPDATE credits_creditentry SET grant_id = (SELECT id FROM credits_creditgrant WHERE source = 'trial')"
        " WHERE transaction_id = (SELECT id FROM credits_credittransaction WHERE idempotency_key = 'remake')"
    ),
    "a row vanishes and its entries stay": lambda town: sql(
        "DELETE FROM credits_credittransaction WHERE idempotency_key = 'remake'"
    ),
    "a dropped item our check flagged is not refunded": lambda town: Item.objects.filter(
        job=town["good"], number=1
    ).update(state="dropped", flags=[{"code": "halo"}]),
    "a flagged round that was not kept stays paid": lambda town: ItemRound.objects.filter(
        item__job=town["no listing"], item__number=1
    ).update(returned=False),
    "a good round is marked as returned": lambda town: ItemRound.objects.filter(
        item__job=town["no listing"], item__number=3
    ).update(returned=True),
    "an item dropped by taste is refunded": lambda town: (
        Item.objects.filter(job=town["good"], number=1).update(state="dropped"),
        give_back(town["good"], "gift", 1, item=1),
    ),
    "a call of a job that succeeded is still open": lambda town: ProviderCall.objects.filter(key="call:good").update(
        state="sent", outcome="", answered_at=None
    ),
    "only the preview of a made item is left": lambda town: ProjectFile.objects.filter(path="good/2.png").update(
        role="preview"
    ),
    "two tries made a draft": lambda town: (drafted(town["good"], 1), drafted(town["good"], 2)),
    "a draft is said to be on Etsy that no try made": lambda town: Listing.objects.filter(
        project=town["good"].project_id
    ).update(draft="created", draft_id="7"),
    "a row of nothing is deleted": lambda town: _nothing_deleted(town),
    "a balance is below zero": lambda town: unchecked("UPDATE credits_creditaccount SET balance = -1"),
    "an account's head is moved": lambda town: sql("UPDATE credits_creditaccount SET head_hash = 'elsewhere'"),
    "a grant holds more than came in": lambda town: unchecked(
        "UPDATE credits_creditgrant SET remaining = amount + 1 WHERE source = 'trial'"
    ),
    "a grant came in larger than its first entry": lambda town: sql(
        "UPDATE credits_creditgrant SET amount = amount + 1 WHERE source = 'plan'"
    ),
    "a grant is expired before its end": lambda town: sql(
        "UPDATE credits_creditgrant SET expires_at = '2027-11-22 09:00:00+00:00' WHERE source = 'plan'"
    ),
    "a job moves credits on two accounts": lambda town: ledger.spend(
        town["running"].project.owner_id,
        1,
        job=town["good"].pk,
        project=town["good"].project_id,
        idempotency_key="x",
        reason="x",
    ),
    "a transaction's account is not there": lambda town: sql(
        "UPDATE credits_credittransaction SET account_id = 999999 WHERE idempotency_key = 'remake'"
    ),
    "a job is charged to somebody else": lambda town: sql(
        "UPDATE projects_project SET owner_id = %s WHERE public_id = %s",
        town["running"].project.owner_id,
        town["good"].project_id,
    ),
    "a job is charged for another project": lambda town: sql(
        "UPDATE credits_credittransaction SET project = 'another' WHERE idempotency_key = 'spend:good'"
    ),
    "a refund is of another project than its job": lambda town: sql(
        "UPDATE credits_credittransaction SET project = 'another' WHERE idempotency_key = 'lost-2'"
    ),
    "a failed job of nothing has no closing row": lambda town: _free_and_failed(town),
    "an item is refunded more than it cost": lambda town: give_back(town["good"], "gift", 2, item=1),
    "a row is for an item that is not there": lambda town: give_back(town["good"], "gift", 1, item=9),
    "part of a succeeded job is refunded": lambda town: give_back(town["good"], "gift", 1),
    "a launch was charged less than its quote": lambda town: sql(
        "UPDATE credits_credittransaction SET amount = amount + 1 WHERE idempotency_key = 'spend:good'"
    ),
    "an attempt is open in a failed job": lambda town: Attempt.objects.filter(job=town["failed"]).update(
        ended_at=None, outcome=""
    ),
    "a provider call has its outcome and is still open": lambda town: ProviderCall.objects.filter(
        key="call:good"
    ).update(state="sent", answered_at=None),
    "a draft is on Etsy and nobody knows where": lambda town: Listing.objects.filter(
        project=town["good"].project_id
    ).update(draft="created"),
    "more was taken back than the payment says": lambda town: Payment.objects.update(taken_credits=7),
    "an unpaid pack is booked": lambda town: booked(
        Payment.objects.create(
            owner_id=town["good"].project.owner_id,
            kind="top_up",
            code="pack-100",
            credits=100,
            price_cents=800,
            state="open",
        )
    ),
    "a provider call is answered and nobody knows when or how": lambda town: ProviderCall.objects.filter(
        key="call:good"
    ).update(outcome="", answered_at=None),
    "a row of nothing is deleted before the last credit goes": lambda town: _nothing_deleted_of_nothing(town),
    "a file is empty": lambda town: ProjectFile.objects.filter(path="good/1.png").update(bytes=0),
    "a quote is raised behind a job with a remake and a loss": lambda town: sql(
        "UPDATE credits_quote SET total = total + 1 WHERE id = %s", town["item lost"].quote_id
    ),
    "a charge lost its request": lambda town: _of(town["good"]).charges.all().delete(),
    "a charge is of another seller's request": lambda town: AcceptedRequest.objects.filter(key="key:good").update(
        owner=town["running"].project.owner_id
    ),
    "a request was answered with another job": lambda town: AcceptedRequest.objects.filter(key="key:good").update(
        answer={"job": town["running"].pk}
    ),
    "a request was never answered": lambda town: AcceptedRequest.objects.filter(key="key:remake").update(digest=""),
    "a request is charged with a row that is not there": lambda town: AcceptedCharge.objects.create(
        request=_of(town["good"]), posting="none"
    ),
    "a launch was accepted and not charged": lambda town: AcceptedRequest.objects.create(
        owner_id=town["good"].project.owner_id, key="free", act="launch", digest="0" * 64, answer={"job": "ghost"}
    ),
    "a batch launched a project it was not charged for": lambda town: AcceptedRequest.objects.create(
        owner_id=town["good"].project.owner_id,
        key="free",
        act="batch",
        digest="0" * 64,
        answer={"batch": "b", "jobs": [town["good"].pk]},
    ),
    "print size comes back for an image that was kept": lambda town: give_back(
        town["good"], f"job:{town['good'].pk}:print-size", 1
    ),
}


def _of(job: Job) -> AcceptedRequest:
    return AcceptedRequest.objects.get(key=f"key:{job.project.name}")


def _uncharged(town: Town) -> None:
    job = town["running"]
    Job.objects.create(project=job.project, quote=job.quote, idempotency_key="new", request_digest="", status="RUNNING")


def _nothing_deleted(town: Town) -> None:
    """Without it every balance still follows; only its number is missing."""
    good = town["good"]
    owner = good.project.owner_id
    ledger.spend(owner, 0, job=good.pk, project=good.project_id, idempotency_key="nothing", reason="Free")
    ledger.adjust(owner, 1, reason="Later", actor="ann", idempotency_key="later")
    sql("DELETE FROM credits_credittransaction WHERE idempotency_key = 'nothing'")


def _nothing_deleted_of_nothing(town: Town) -> None:
    """The same where the balance that follows is zero, which is a balance like any other."""
    good, third = town["good"], User.objects.create_user("third@example.com").pk
    ledger.grant(third, 5, source="trial", idempotency_key="g4", reason="Trial")
    ledger.spend(third, 0, job=good.pk, project=good.project_id, idempotency_key="nothing", reason="Free")
    ledger.adjust(third, -5, reason="Later", actor="ann", idempotency_key="later")
    sql("DELETE FROM credits_credittransaction WHERE idempotency_key = 'nothing'")


def _free_and_failed(town: Town) -> None:
    """A job that was charged 0, failed, and was never closed with a refund row of 0."""
    good = town["good"]
    free = quotes.freeze(good.project.owner_id, "clipart", "builtin/watercolor", 1, [])
    job = Job.objects.create(
        project=good.project, quote=free, idempotency_key="free", request_digest="", status="FAILED", kind="listing"
    )
    ledger.spend(
        good.project.owner_id, 0, job=job.pk, project=good.project_id, idempotency_key="free", reason="Free of charge"
    )
