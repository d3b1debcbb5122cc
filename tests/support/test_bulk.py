"""Bulk actions: a preview that does nothing and says what it costs, one confirmation, each row once, a report for each row."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import audit, ledger
from elistit.credits.models import CreditTransaction
from elistit.projects.errors import NotPossible
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import actions, bulk, operators
from elistit.support.bulk_models import BulkPlan, BulkRow
from elistit.support.models import OperatorAct, SentMail
from tests.studio.conftest import a_person, booked, bring_to, job_of

from .conftest import REASON
from .test_roles import a_member, together

Kind = BulkPlan.Kind
PAGE = "/console/bulk/"


def books_hold() -> None:
    assert [c for c in audit.run()["checks"] if not c["ok"]] == []


def everything() -> tuple[int, int, int]:
    """What a preview must not change: rows of the ledger, of the record, and attempts."""
    return CreditTransaction.objects.count(), OperatorAct.objects.count(), Attempt.objects.count()


def preview(client: Client, **fields: object) -> BulkPlan:
    client.post(f"{PAGE}preview/", fields)
    return BulkPlan.objects.first()  # type: ignore[return-value]


def confirm(client: Client, plan: BulkPlan, reason: str = REASON) -> str:
    return str(client.post(f"{PAGE}{plan.pk}/confirm/", {"reason": reason}, follow=True).content.decode())


def states(plan: BulkPlan) -> list[tuple[str, int]]:
    return [(row.state, row.given) for row in plan.rows.all()]


# ---- goodwill -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_goodwill_to_chosen_sellers_is_shown_with_its_price_given_once_and_reported(
    console: Client, alice: User, bob: User, clock: ports.FixedClock
) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)  # 17 credits spent
    ProviderCall.objects.create(
        key="c", job=job_of(project), item=1, provider="openai", model="openai/x", state=ProviderCall.State.ANSWERED,
        outcome="made", cost_micros=3_400_000, sent_at=ports.now() - dt.timedelta(minutes=1),
    )  # fmt: skip
    clock.advance(60)
    before = everything()
    plan = preview(
        console,
        kind="goodwill",
        who="chosen",
        emails="alice@example.com, BOB@example.com alice@example.com",
        credits="10",
    )
    assert everything() == before
    shown = console.get(f"{PAGE}{plan.pk}/").content.decode()
    # $3.40 for 17 credits: $0.20 each, 20 credits cost $4.00 once they are spent.
    assert "<strong>20 credits</strong> to 2 rows" in shown and "$4.00" in shown and "Give 20 credits" in shown
    balances = ledger.balance(alice.pk), ledger.balance(bob.pk)
    for _ in range(3):
        report = confirm(console, plan)
    assert (ledger.balance(alice.pk), ledger.balance(bob.pk)) == (balances[0] + 10, balances[1] + 10)
    assert states(plan) == [("done", 10), ("done", 10)] and "2 done" in report and "20 credits given" in report
    acted = OperatorAct.objects.filter(act="goodwill")
    assert acted.count() == 2 and {a.reason for a in acted} == {REASON}
    assert {a.pk for a in acted} == {bulk.row_key(row) for row in plan.rows.all()}
    books_hold()


@pytest.mark.django_db
def test_without_any_spending_no_cost_is_made_up(console: Client, alice: User) -> None:
    plan = preview(console, kind="goodwill", who="chosen", emails="alice@example.com", credits="10")
    shown = console.get(f"{PAGE}{plan.pk}/").content.decode()
    assert "Provider costs can’t be estimated" in shown and "$0" not in shown


@pytest.mark.django_db
def test_a_row_that_needs_another_owner_becomes_a_request(console: Client, alice: User, olga: User) -> None:
    actions.goodwill(olga, alice, 495, reason=REASON, key=ports.new_id())
    balance = ledger.balance(alice.pk)
    plan = preview(console, kind="goodwill", who="chosen", emails="alice@example.com", credits="6")
    assert "Needs another owner&#x27;s approval." in console.get(f"{PAGE}{plan.pk}/").content.decode()
    report = confirm(console, plan)
    assert states(plan) == [("requested", 0)] and "1 waiting for another owner’s approval" in report
    assert ledger.balance(alice.pk) == balance and "0 credits given" in report


@pytest.mark.django_db
def test_sellers_hit_by_an_outage_are_found_by_span_provider_and_cause(
    console: Client, alice: User, bob: User, clock: ports.FixedClock
) -> None:
    rows = {
        "failed@example.com": ("transient", JobStatus.FAILED, "openai/x", 0),
        "blocked@example.com": ("blocked_prompt", JobStatus.FAILED, "openai/x", 0),
        "elsewhere@example.com": ("transient", JobStatus.FAILED, "recraft/x", 0),
        "earlier@example.com": ("operator", JobStatus.FAILED, "openai/x", 48),
        "delayed@example.com": ("", JobStatus.RUNNING, "openai/x", 0),
    }
    now = ports.now()
    for email, (kind, status, model, hours) in rows.items():
        project = bring_to(booked(a_person(email)), Stage.GENERATING)
        Project.objects.filter(pk=project.pk).update(model=model)
        at = now - dt.timedelta(hours=hours + 1)
        ended = {"ended_at": at} if status == JobStatus.FAILED else {}
        Job.objects.filter(project=project).update(status=status, failure_kind=kind, **ended)
        if email.startswith("delayed"):
            Attempt.objects.create(job=job_of(project), stage=Stage.GENERATING, outcome="throttled", ended_at=at)
    span = {"since": f"{now - dt.timedelta(hours=2):%Y-%m-%dT%H:%M}", "until": f"{now:%Y-%m-%dT%H:%M}"}

    def hit(**more: str) -> list[str]:
        plan = preview(console, kind="goodwill", who="outage", credits="5", **span, **more)
        return sorted(row.person.email.partition("@")[0] for row in plan.rows.all())

    assert hit() == ["elsewhere", "failed"]
    assert hit(provider="openai") == ["failed"]
    assert hit(provider="openai", hit="delayed") == ["delayed", "failed"]
    made = BulkPlan.objects.count()
    for wrong in ({"since": span["until"], "until": span["since"]}, {"since": "yesterday"}, {"provider": "nobody"}):
        console.post(f"{PAGE}preview/", {"kind": "goodwill", "who": "outage", "credits": "5", **span, **wrong})
    assert BulkPlan.objects.count() == made


# ---- refunds, drafts, mail ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_refunds_say_beforehand_what_comes_back_and_what_it_was_sold_for(
    console: Client, alice: User, bob: User
) -> None:
    """Alice's 17 credits come from the trial; Bob's from a pack. What has nothing to stop is said and stops no other row."""
    ledger.grant(bob.pk, 1_000, source="pack-100", idempotency_key="p", reason="Pack", type="PURCHASE_CREDIT",
                 expires_at=ports.now() + dt.timedelta(hours=1))  # fmt: skip
    first, second = bring_to(booked(alice), Stage.GENERATING), bring_to(booked(bob), Stage.LISTING)
    ended = bring_to(booked(a_person("carl@example.com")), Stage.COMPLETED)
    before = everything()
    plan = preview(console, kind="fail", chosen=[first.pk, second.pk, ended.pk])
    assert everything() == before and {p.stage for p in Project.objects.filter(pk__in=[first.pk])} == {"generating"}
    assert [(r.state, r.credits) for r in plan.rows.all()] == [("planned", 17), ("planned", 2), ("refused", 0)]
    shown = console.get(f"{PAGE}{plan.pk}/").content.decode()
    assert (
        "Refund 19 credits" in shown
        and plan.rows.get(number=3).words.split("’")[0].split("'")[0] in shown
        and plan.rows.get(number=3).words
    )
    for _ in range(2):
        confirm(console, plan)
    assert states(plan) == [("done", 17), ("done", 2), ("refused", 0)]
    assert ledger.balance(alice.pk) == 30
    assert OperatorAct.objects.filter(act="fail").count() == 2
    books_hold()


@pytest.mark.django_db
def test_drafts_are_retried_free_and_each_once(console: Client, finished: Project) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="Etsy said no.")
    assert finished.pk in console.get(PAGE).content.decode()
    plan = preview(console, kind="retry_drafts", chosen=[finished.pk, finished.pk])
    assert Listing.objects.get(project=finished).draft == Listing.Draft.FAILED
    assert "This costs no credits and no money." in console.get(f"{PAGE}{plan.pk}/").content.decode()
    confirm(console, plan)
    # It fails again meanwhile; a reload of the confirmation must not retry it a second time.
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED)
    confirm(console, plan)
    assert Listing.objects.get(project=finished).draft == Listing.Draft.FAILED
    assert states(plan) == [("done", 0)] and OperatorAct.objects.count() == 1


@pytest.mark.django_db
def test_mail_that_was_not_delivered_is_put_in_line_again_and_sent_mail_is_not(console: Client, alice: User) -> None:
    made = {"kind": "done", "person": alice}
    SentMail.objects.create(key="done:lost", state=SentMail.State.GIVEN_UP, tries=5, trouble="OSError", **made)
    SentMail.objects.create(key="done:sent", state=SentMail.State.SENT, **made)
    old = ports.now() - dt.timedelta(hours=25)
    SentMail.objects.create(key="done:old", state=SentMail.State.GIVEN_UP, at=old, **made)
    shown = console.get(PAGE).content.decode()
    assert "done:lost" in shown and "done:sent" not in shown and "done:old" not in shown
    plan = preview(console, kind="resend_mail", chosen=["done:lost", "done:sent", "done:old"])
    assert SentMail.objects.get(pk="done:lost").state == SentMail.State.GIVEN_UP
    confirm(console, plan)
    assert [state for state, _ in states(plan)] == ["done", "refused", "refused"]
    lost = SentMail.objects.get(pk="done:lost")
    assert (lost.state, lost.tries) == (SentMail.State.WAITING, 0)
    assert SentMail.objects.get(pk="done:sent").state == SentMail.State.SENT


# ---- who, when, and nothing by half -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "goodwill", "who": "chosen", "emails": "nobody@example.com", "credits": "5"},
        {"kind": "goodwill", "who": "chosen", "emails": "alice@example.com", "credits": "0"},
        {"kind": "goodwill", "who": "chosen", "emails": "alice@example.com", "credits": "5001"},
        {"kind": "goodwill", "who": "chosen", "emails": "alice@example.com", "credits": "x"},
        {"kind": "goodwill", "who": "chosen", "emails": "", "credits": "5"},
        {"kind": "fail", "chosen": ["01J00000000000000000000000"]},
        {"kind": "fail"},
        {"kind": "resend_mail", "chosen": ["done:none"]},
        {"kind": "delete"},
    ],
)
def test_a_wrong_choice_makes_no_plan(console: Client, alice: User, fields: dict[str, object]) -> None:
    assert console.post(f"{PAGE}preview/", fields, follow=True).status_code == 200
    assert not BulkPlan.objects.exists()


@pytest.mark.django_db
def test_a_plan_is_confirmed_by_who_made_it_within_an_hour_with_a_reason(
    console: Client, ottos: Client, alice: User, clock: ports.FixedClock
) -> None:
    balance = ledger.balance(alice.pk)
    plan = preview(console, kind="goodwill", who="chosen", emails="alice@example.com", credits="5")
    assert "Only the person who made this plan can confirm it." in confirm(ottos, plan)
    assert "Give a reason" in confirm(console, plan, "short")
    clock.advance(3_601)
    assert "more than an hour old" in confirm(console, plan)
    plan.refresh_from_db()
    assert ledger.balance(alice.pk) == balance and plan.confirmed_at is None and not OperatorAct.objects.exists()


@pytest.mark.django_db
def test_an_owner_who_became_support_confirms_nothing(olga: User, otto: User, alice: User) -> None:
    plan = bulk.plan(olga, Kind.GOODWILL, bulk.of_people([alice.email]), credits=5)
    operators.set_role(olga, Role.SELLER)
    bulk.confirm(olga, plan.pk, reason=REASON)
    assert states(plan) == [("refused", 0)] and ledger.balance(alice.pk) == 30
    with pytest.raises(NotPossible):
        bulk.plan(olga, Kind.GOODWILL, bulk.of_people([alice.email]), credits=5)


@pytest.mark.django_db
def test_a_fault_in_one_row_stops_no_other_and_confirming_again_continues(
    console: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, clock: ports.FixedClock
) -> None:
    plan = preview(console, kind="goodwill", who="chosen", emails="alice@example.com bob@example.com", credits="5")
    balances = ledger.balance(alice.pk), ledger.balance(bob.pk)
    real, broken = actions.goodwill, [True]

    def sometimes(actor: User, person: User, *args: object, **more: object) -> OperatorAct:
        if person == alice and broken:
            raise RuntimeError("the power went out")
        return real(actor, person, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "goodwill", sometimes)
    assert "Some rows were interrupted" in confirm(console, plan)
    assert states(plan) == [("planned", 0), ("done", 5)]
    broken.clear()
    clock.advance(7_200)  # a plan that has begun can be finished however late
    report = confirm(console, plan)
    assert states(plan) == [("done", 5), ("done", 5)] and re.search("2 done", report)
    assert (ledger.balance(alice.pk), ledger.balance(bob.pk)) == (balances[0] + 5, balances[1] + 5)


@pytest.mark.django_db
def test_more_rows_than_fit_are_refused(olga: User, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    with pytest.raises(NotPossible, match="at most 1"):
        bulk.plan(olga, Kind.GOODWILL, [bulk.Target(alice), bulk.Target(olga)], credits=1)


@pytest.mark.django_db(transaction=True)
def test_confirming_six_times_at_one_moment_gives_each_row_once() -> None:
    olga = a_member("olga@example.com", Role.OWNER)
    sellers = [a_person(f"p{n}@example.com", 0) for n in range(4)]
    plan = bulk.plan(olga, Kind.GOODWILL, [bulk.Target(one) for one in sellers], credits=7)
    answers = together([lambda n=n: bulk.confirm(olga, plan.pk, reason=f"{REASON} {n}") for n in range(6)])  # type: ignore[misc]
    assert all(isinstance(a, BulkPlan) for a in answers), answers
    assert [ledger.balance(one.pk) for one in sellers] == [7] * 4
    assert states(plan) == [("done", 7)] * 4
    assert BulkRow.objects.filter(plan=plan).count() == OperatorAct.objects.count() == 4
    books_hold()
