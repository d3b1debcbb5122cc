"""The auditor finds each way the books can be wrong, and nothing on books that are right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from flushing import guards_lifted

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import (
    audit,
    audit_books,
    audit_drafts,
    audit_projects,
    audit_reading,
    chain,
    ledger,
    prices,
    quotes,
)
from elistit.credits.audit_reading import HeldDraft
from elistit.credits.models import CreditTransaction
from elistit.payments.models import Payment
from elistit.pipeline.models import Attempt, ProviderCall
from elistit.projects.models import Item, Job, Listing, Project, ProjectFile

pytestmark = pytest.mark.django_db


def launch(owner: int, name: str, *, status: str = "SUCCEEDED", text: str = "written", count: int = 3) -> Job:
    """A project as the launch would have written it, with its items, charge, listing, one file and one provider call."""
    lines = prices.quote_lines("clipart", "builtin/watercolor", count)
    quote = quotes.freeze(owner, "clipart", "builtin/watercolor", count, lines)
    project = Project.objects.create(
        owner_id=owner, name=name, product="clipart", idea="foxes", ratio="1:1", count=count, model=quote.model, seed=1
    )
    job = Job.objects.create(
        project=project, quote=quote, idempotency_key=f"launch:{name}", request_digest="", status=status,
        ended_at=ports.now(),
    )  # fmt: skip
    for number in range(1, count + 1):
        Item.objects.create(job=job, number=number, state="made", price=1)
    Listing.objects.create(project=project, text=text)
    for number in range(1, count + 1):
        ProjectFile.objects.create(
            project=project, job=job, item=number, role="image", name=f"{number}.png", path=f"{name}/{number}.png", bytes=3,
            sha256=hashlib.sha256(b"one").hexdigest(),
        )  # fmt: skip
    ProviderCall.objects.create(
        key=f"call:{name}", job=job, provider="builtin", model=quote.model, state="answered", outcome="made",
        answered_at=ports.now(),
    )  # fmt: skip
    ledger.spend(
        owner,
        quote.total,
        job=job.pk,
        project=project.pk,
        idempotency_key=f"spend:{name}",
        reason=f"{name}, {count} images",
    )
    return job


def give_back(job: Job, key: str, amount: int | None = None, item: int | None = None) -> None:
    owner = job.project.owner_id
    ledger.refund(
        owner, job=job.pk, project=job.project_id, idempotency_key=key, reason="Returned", amount=amount, item=item
    )


def drafted(job: Job, number: int = 1) -> None:
    """A try of the job made a draft, and the listing names it."""
    Attempt.objects.create(job=job, stage="drafting", number=number, outcome="made", ended_at=ports.now())
    Listing.objects.filter(project=job.project_id).update(draft="created", draft_id=f"1{number}", draft_url="https://e")


@pytest.fixture
def town(owner: int, clock: ports.FixedClock) -> dict[str, Job]:
    """Two sellers and one job of every fate."""
    other = User.objects.create_user("other@example.com").pk
    ends = ports.now() + ports.dt.timedelta(days=10)
    ledger.grant(owner, 40, source="plan", idempotency_key="g1", reason="Allowance", expires_at=ends)
    ledger.grant(owner, 100, source="pack", idempotency_key="g2", reason="Pack", type="PURCHASE_CREDIT")
    ledger.grant(other, 30, source="trial", idempotency_key="g3", reason="Trial")
    jobs = {
        "good": launch(owner, "good"),
        "item lost": launch(owner, "item lost"),
        "failed": launch(owner, "failed", status="FAILED"),
        "cancelled": launch(owner, "cancelled", status="CANCELLED"),
        "no listing": launch(owner, "no listing", text="failed"),
        "running": launch(other, "running", status="RUNNING"),
    }
    Item.objects.filter(job=jobs["item lost"], number=2).update(state="blocked")
    give_back(jobs["item lost"], "lost-2", 1, item=2)
    Item.objects.filter(job=jobs["item lost"], number=3).update(round=1)
    ledger.spend(
        owner, 1, job=jobs["item lost"].pk, project=jobs["item lost"].project_id, idempotency_key="remake", reason="Remake",
        item=3,
    )  # fmt: skip
    give_back(jobs["no listing"], "no-listing", 2)
    Item.objects.filter(job=jobs["no listing"], number=1).update(state="dropped", flags=[{"code": "halo"}])
    give_back(jobs["no listing"], "flagged", 1, item=1)
    Item.objects.filter(job=jobs["no listing"], number=2).update(state="dropped")
    drafted(jobs["item lost"])
    pack = Payment.objects.create(
        owner_id=owner, kind="top_up", code="pack-100", credits=100, price_cents=800, state="paid"
    )
    _booked(pack)
    clock.advance(11 * 86400)
    give_back(jobs["failed"], "failed")  # Its grant has ended: comes back as a new one.
    ledger.expire_due()
    ledger.adjust(owner, -3, reason="Booked twice", actor="ann", idempotency_key="a")
    return jobs


def failing(result: dict[str, Any]) -> set[str]:
    return {check["name"] for check in result["checks"] if not check["ok"]}


def test_books_that_are_right_have_nothing_to_find(town: dict[str, Job]) -> None:
    result = audit.run()
    assert [check for check in result["checks"] if not check["ok"]] == []
    assert result["ok"] is True
    assert all(check["checked"] > 0 for check in result["checks"] if "draft" not in check["name"])
    assert json.loads(json.dumps(result)) == result


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


Town = dict[str, Job]
CORRUPTIONS: dict[str, tuple[str, Callable[[Town], Any]]] = {
    "a balance is raised": (
        "balances equal transactions, grants and last row",
        lambda town: sql("UPDATE credits_creditaccount SET balance = balance + 5 WHERE id = (SELECT MIN(id) FROM credits_creditaccount)"),
    ),
    "a balance and seq move without a row": (
        "balances equal transactions, grants and last row",
        lambda town: sql("UPDATE credits_creditaccount SET balance = balance + 5, seq = seq + 1"),
    ),
    "a row in the middle is deleted": (
        "rows are gapless and balances follow",
        lambda town: (
            sql("DELETE FROM credits_creditentry WHERE transaction_id = (SELECT id FROM credits_credittransaction WHERE idempotency_key = 'remake')"),
            sql("DELETE FROM credits_credittransaction WHERE idempotency_key = 'remake'"),
        ),
    ),
    "an entry is changed": (
        "entries sum to their transaction",
        lambda town: sql("UPDATE credits_creditentry SET amount = amount - 1 WHERE id = (SELECT MAX(id) FROM credits_creditentry)"),
    ),
    "a reason is reworded": (
        "the hash chain is unbroken",
        lambda town: sql("UPDATE credits_credittransaction SET reason = 'gift' WHERE idempotency_key = 'lost-2'"),
    ),
    "the last row is forged with a right hash": (
        "rows are gapless and balances follow",
        lambda town: rewrite(amount=-2, balance_after=97),
    ),
    "a grant is drained": (
        "grants hold what their entries say",
        lambda town: sql("UPDATE credits_creditgrant SET remaining = remaining - 1 WHERE source = 'pack'"),
    ),
    "a dead grant is made to have been alive": (
        "nothing moves a grant after its end",
        lambda town: sql("UPDATE credits_creditgrant SET expires_at = created_at WHERE source = 'plan'"),
    ),
    "a correction hides who made it": (
        "every row is of a lawful kind",
        lambda town: rewrite(actor=""),
    ),
    "a trigger is dropped": (
        "the database's guards stand",
        lambda town: connection.cursor().execute(
            "DROP TRIGGER credits_entry_stays" + ("" if connection.vendor == "sqlite" else " ON credits_creditentry")
        ),
    ),
    "a failed job keeps its charge": (
        "every failed job is refunded exactly its charge",
        lambda town: sql("UPDATE projects_job SET status = 'FAILED' WHERE public_id = %s", town["good"].pk),
    ),
    "a deleted project is refunded": (
        "no refund after a cancellation",
        lambda town: give_back(town["cancelled"], "sorry"),
    ),
    "a deleted project's item is refunded afterwards": (
        "no refund after a cancellation",
        lambda town: give_back(town["cancelled"], "sorry", 1, item=1),
    ),
    "a job was never charged": (
        "every job is charged its quote",
        lambda town: _uncharged(town),
    ),
    "a charge differs from its quote": (
        "every job is charged its quote",
        lambda town: sql("UPDATE credits_quote SET total = total + 1 WHERE id = %s", town["good"].quote_id),
    ),
    "a lost item is not refunded": (
        "lost items cost nothing and made ones are paid",
        lambda town: Item.objects.filter(job=town["good"], number=1).update(state="failed"),
    ),
    "a made item is refunded": (
        "lost items cost nothing and made ones are paid",
        lambda town: give_back(town["good"], "gift", 1, item=1),
    ),
    "another model nobody allowed": (
        "lost items cost nothing and made ones are paid",
        lambda town: give_back(town["item lost"], f"item:{town['item lost'].pk}:1:0:failover", 1, item=1),
    ),
    "a lost listing is not refunded": (
        "succeeded jobs cost their quote less what was lost",
        lambda town: Listing.objects.filter(project=town["good"].project_id).update(text="failed"),
    ),
    "a written listing is refunded": (
        "succeeded jobs cost their quote less what was lost",
        lambda town: give_back(town["good"], "gift", 2),
    ),
    "a succeeded job is refunded": (
        "succeeded jobs cost their quote less what was lost",
        lambda town: give_back(town["good"], "gift"),
    ),
    "more is refunded than was charged": (
        "no job is refunded more than it was charged",
        lambda town: sql("UPDATE credits_credittransaction SET job = %s WHERE idempotency_key = 'no-listing'", town["failed"].pk),
    ),
    "a charge names a job that does not exist": (
        "every charge and refund has its job",
        lambda town: ledger.spend(town["good"].project.owner_id, 1, job="ghost", project="p", idempotency_key="x", reason="x"),
    ),
    "a provider call ends without an outcome": (
        "every ended provider call has an outcome",
        lambda town: ProviderCall.objects.filter(key="call:good").update(outcome=""),
    ),
    "two projects keep one draft": (
        "at most one draft for a project",
        lambda town: Listing.objects.filter(project__in=[town["good"].project_id, town["failed"].project_id]).update(
            draft="created", draft_id="7", draft_url="https://etsy.example/7"
        ),
    ),
    "a file has no digest": (
        "every file has its digest",
        lambda town: ProjectFile.objects.filter(path="good/1.png").update(sha256=""),
    ),
    "a made item has no file": (
        "every made item has its files",
        lambda town: ProjectFile.objects.filter(path="good/2.png").delete(),
    ),
    "a paid pack is not booked": (
        "every payment is booked exactly once",
        lambda town: Payment.objects.create(
            owner_id=town["good"].project.owner_id, kind="top_up", code="pack-100", credits=100, price_cents=800, state="paid"
        ),
    ),
    "an entry lies on another account's grant": (
        "entries sum to their transaction",
        lambda town: sql(
            "UPDATE credits_creditentry SET grant_id = (SELECT id FROM credits_creditgrant WHERE source = 'trial')"
            " WHERE transaction_id = (SELECT id FROM credits_credittransaction WHERE idempotency_key = 'remake')"
        ),
    ),
    "a row vanishes and its entries stay": (
        "everything referred to is there",
        lambda town: sql("DELETE FROM credits_credittransaction WHERE idempotency_key = 'remake'"),
    ),
    "a dropped item our check flagged is not refunded": (
        "lost items cost nothing and made ones are paid",
        lambda town: Item.objects.filter(job=town["good"], number=1).update(state="dropped", flags=[{"code": "halo"}]),
    ),
    "an item dropped by taste is refunded": (
        "lost items cost nothing and made ones are paid",
        lambda town: (
            Item.objects.filter(job=town["good"], number=1).update(state="dropped"),
            give_back(town["good"], "gift", 1, item=1),
        ),
    ),
    "a call of a job that succeeded is still open": (
        "every ended provider call has an outcome",
        lambda town: ProviderCall.objects.filter(key="call:good").update(state="sent", outcome="", answered_at=None),
    ),
    "only the preview of a made item is left": (
        "every made item has its files",
        lambda town: ProjectFile.objects.filter(path="good/2.png").update(role="preview"),
    ),
    "two tries made a draft": (
        "at most one draft for a project",
        lambda town: (drafted(town["good"], 1), drafted(town["good"], 2)),
    ),
    "a draft is said to be on Etsy that no try made": (
        "at most one draft for a project",
        lambda town: Listing.objects.filter(project=town["good"].project_id).update(draft="created", draft_id="7"),
    ),
    "a row of nothing is deleted": (
        "rows are gapless and balances follow",
        lambda town: _nothing_deleted(town),
    ),
    "a balance is below zero": (
        "balances equal transactions, grants and last row",
        lambda town: unchecked("UPDATE credits_creditaccount SET balance = -1"),
    ),
    "an account's head is moved": (
        "the hash chain is unbroken",
        lambda town: sql("UPDATE credits_creditaccount SET head_hash = 'elsewhere'"),
    ),
    "a grant holds more than came in": (
        "grants hold what their entries say",
        lambda town: unchecked("UPDATE credits_creditgrant SET remaining = amount + 1 WHERE source = 'trial'"),
    ),
    "a grant came in larger than its first entry": (
        "grants hold what their entries say",
        lambda town: sql("UPDATE credits_creditgrant SET amount = amount + 1 WHERE source = 'plan'"),
    ),
    "a grant is expired before its end": (
        "nothing moves a grant after its end",
        lambda town: sql("UPDATE credits_creditgrant SET expires_at = '2027-11-22 09:00:00+00:00' WHERE source = 'plan'"),
    ),
    "a job moves credits on two accounts": (
        "no job is refunded more than it was charged",
        lambda town: ledger.spend(
            town["running"].project.owner_id, 1, job=town["good"].pk, project=town["good"].project_id, idempotency_key="x", reason="x"
        ),
    ),
    "a transaction's account is not there": (
        "everything referred to is there",
        lambda town: sql("UPDATE credits_credittransaction SET account_id = 999999 WHERE idempotency_key = 'remake'"),
    ),
    "a job is charged to somebody else": (
        "every job is charged its quote",
        lambda town: sql("UPDATE projects_project SET owner_id = %s WHERE public_id = %s",
                         town["running"].project.owner_id, town["good"].project_id),
    ),
    "a job is charged for another project": (
        "every job is charged its quote",
        lambda town: sql("UPDATE credits_credittransaction SET project = 'another' WHERE idempotency_key = 'spend:good'"),
    ),
    "a refund is of another project than its job": (
        "every charge and refund has its job",
        lambda town: sql("UPDATE credits_credittransaction SET project = 'another' WHERE idempotency_key = 'lost-2'"),
    ),
    "a failed job of nothing has no closing row": (
        "every failed job is refunded exactly its charge",
        lambda town: _free_and_failed(town),
    ),
    "an item is refunded more than it cost": (
        "lost items cost nothing and made ones are paid",
        lambda town: give_back(town["good"], "gift", 2, item=1),
    ),
    "a row is for an item that is not there": (
        "succeeded jobs cost their quote less what was lost",
        lambda town: give_back(town["good"], "gift", 1, item=9),
    ),
    "part of a succeeded job is refunded": (
        "succeeded jobs cost their quote less what was lost",
        lambda town: give_back(town["good"], "gift", 1),
    ),
    "a launch was charged less than its quote": (
        "succeeded jobs cost their quote less what was lost",
        lambda town: sql("UPDATE credits_credittransaction SET amount = amount + 1 WHERE idempotency_key = 'spend:good'"),
    ),
    "a provider call has its outcome and is still open": (
        "every ended provider call has an outcome",
        lambda town: ProviderCall.objects.filter(key="call:good").update(state="sent", answered_at=None),
    ),
    "a draft is on Etsy and nobody knows where": (
        "at most one draft for a project",
        lambda town: Listing.objects.filter(project=town["good"].project_id).update(draft="created"),
    ),
    "more was taken back than the payment says": (
        "every payment is booked exactly once",
        lambda town: Payment.objects.update(taken_credits=7),
    ),
    "an unpaid pack is booked": (
        "every payment is booked exactly once",
        lambda town: _booked(Payment.objects.create(
            owner_id=town["good"].project.owner_id, kind="top_up", code="pack-100", credits=100, price_cents=800, state="open"
        )),
    ),
}  # fmt: skip


def _booked(payment: Payment) -> None:
    ledger.grant(
        payment.owner_id, payment.credits, source="pack-100", idempotency_key=f"stripe:{payment.pk}", reason="Pack",
        type="PURCHASE_CREDIT",
    )  # fmt: skip


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


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_auditor_finds_it_when(town: Town, corruption: str) -> None:
    check, plant = CORRUPTIONS[corruption]
    plant(town)
    result = audit.run()
    assert not result["ok"]
    assert check in failing(result)


def test_files_are_read_when_a_store_is_given(town: Town) -> None:
    seen: list[str] = []

    def store(path: str, digest: str) -> bool:
        seen.append(path)
        return path != "failed/1.png" and digest == hashlib.sha256(b"one").hexdigest()

    Project.objects.filter(pk=town["good"].project_id).update(stage="deleted")
    result = audit.run(store_check=store)
    assert failing(result) == {"the bytes of every file match its digest"}
    assert "good/1.png" not in seen and len(seen) == 15


def test_a_job_at_work_with_nothing_queued_is_found_once_it_has_been_silent(
    town: Town, clock: ports.FixedClock
) -> None:
    asked: list[str] = []

    def nothing(job: str) -> bool:
        asked.append(job)
        return False

    name = "every job at work has its next try queued"
    clock.time = Job.objects.get(pk=town["running"].pk).created_at
    assert name not in failing(audit.run(work_check=nothing)), "silent for less than a minute"
    clock.advance(61)
    assert name in failing(audit.run(work_check=nothing))
    assert asked == [town["running"].pk], "only what should be at work is asked about"
    assert name not in failing(audit.run(work_check=lambda job: True))


SHOPS = "the shops on Etsy hold one draft for a project"


def test_shops_that_hold_one_draft_of_a_project_or_a_strange_mark_are_right(town: Town) -> None:
    job = town["item lost"]
    held = [HeldDraft(job.project.owner_id, job.project_id, "11"), HeldDraft(job.project.owner_id, "01STRANGE", "12")]
    (check,) = [check for check in audit.run(held=held)["checks"] if check["name"] == SHOPS]
    assert check == {"name": SHOPS, "ok": True, "checked": 1, "violations": []}


HELD: dict[str, tuple[str, Callable[[Job], list[HeldDraft]]]] = {
    "two drafts of one project": (
        "has the drafts 11 and 12 on Etsy",
        lambda job: [HeldDraft(job.project.owner_id, job.project_id, draft) for draft in ("11", "12")],
    ),
    "a draft in another seller's shop": (
        "is in the shop of owner 0",
        lambda job: [HeldDraft(0, job.project_id, "11")],
    ),
    "another draft than our row names": (
        "names draft 11, and its shop holds 99",
        lambda job: [HeldDraft(job.project.owner_id, job.project_id, "99")],
    ),
    "a shop that does not answer": (
        "could not be asked: Etsy is down.",
        lambda job: [HeldDraft(job.project.owner_id, trouble="Etsy is down.")],
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_the_auditor_finds_in_a_shop(town: Town, what: str) -> None:
    words, held = HELD[what]
    result = audit.run(held=held(town["item lost"]))
    assert failing(result) == {SHOPS}
    (check,) = [check for check in result["checks"] if check["name"] == SHOPS]
    assert words in check["violations"][0]


def test_many_violations_are_counted_and_not_all_listed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_SHOWN", 2)
    ProjectFile.objects.update(sha256="")
    (check,) = [check for check in audit.run()["checks"] if check["name"] == "every file has its digest"]
    assert check["checked"] == 18
    assert check["violations"][2:] == ["and 16 more"]


def test_the_auditor_shares_no_code_with_the_ledger() -> None:
    for module in (audit, audit_books, audit_drafts, audit_projects, audit_reading):
        names = {getattr(value, "__module__", getattr(value, "__name__", "")) for value in vars(module).values()}
        assert not names & {"elistit.credits.ledger", "elistit.credits.posting", "elistit.credits.chain"}
        assert not {name for name in names if str(name).endswith(".models")}
        assert ".objects" not in Path(module.__file__ or "").read_text()


@pytest.mark.django_db(transaction=True)
def test_an_audit_outside_a_transaction_takes_one_snapshot_and_leaves_nothing_behind() -> None:
    owner = User.objects.create_user("solo@example.com").pk
    ledger.grant(owner, 5, source="x", idempotency_key="g", reason="x")
    assert audit.run()["ok"]
    assert not connection.in_atomic_block
    ledger.spend(owner, 0, job="j", project="p", idempotency_key="s", reason="x")
    assert failing(audit.run()) == {"every charge and refund has its job"}
