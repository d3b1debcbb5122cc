"""Each act of an operator does what it says, is recorded with its reason for good, and leaves the books whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt, ProviderPause
from elistit.credits import audit, ledger
from elistit.projects import changes
from elistit.projects.errors import NotPossible
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import actions
from elistit.support.models import OperatorAct
from tests.studio.conftest import booked, bring_to, job_of

from .conftest import REASON, press

pytestmark = pytest.mark.django_db


def key() -> str:
    return ports.new_id()


def the_books_hold() -> None:
    result = audit.run()
    assert result["ok"], [c for c in result["checks"] if not c["ok"]]


@pytest.mark.parametrize("stage", [Stage.BRIEFING, Stage.GENERATING, Stage.AWAITING_APPROVAL, Stage.PROCESSING])
def test_failing_a_project_returns_its_credits_and_is_recorded(
    console: Client, olga: User, alice: User, stage: Stage, asked: list[str], django_capture_on_commit_callbacks: object
) -> None:
    project = bring_to(booked(alice), stage)
    assert ledger.balance(alice.pk) == 13
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = press(console, f"/console/projects/{project.pk}/fail/")
    assert b"17 credits went back to alice@example.com" in answer.content  # type: ignore[attr-defined]
    project.refresh_from_db()
    assert project.stage == Stage.FAILED and job_of(project).status == JobStatus.FAILED
    assert ledger.balance(alice.pk) == 30
    act = OperatorAct.objects.get()
    assert (act.actor, act.act, act.project, act.person, act.reason) == (olga, "fail", project.pk, alice, REASON)
    assert act.detail == {"job": job_of(project).pk, "stage": stage.value, "returned": 17, "status": "FAILED"}
    assert asked == [f"cancel {job_of(project).pk}"]
    assert Attempt.objects.filter(job__project=project, note=True, outcome="operator").exists()
    the_books_hold()


def test_the_seller_reads_that_the_operator_ended_it_and_not_why(console: Client, page: Client, alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    press(console, f"/console/projects/{project.pk}/fail/")
    shown = page.get(f"/projects/{project.pk}/").content.decode()
    assert actions.ENDED_WORDS in shown and REASON not in shown
    assert "You were not charged: all 17 credits are back in your balance." in shown
    assert ProviderPause.objects.count() == 0


def test_failing_in_the_listing_stage_keeps_the_files_and_returns_only_the_listing(
    console: Client, alice: User
) -> None:
    project = bring_to(booked(alice), Stage.LISTING)
    press(console, f"/console/projects/{project.pk}/fail/")
    project.refresh_from_db()
    assert project.stage == Stage.COMPLETED and job_of(project).status == JobStatus.SUCCEEDED
    assert ledger.balance(alice.pk) == 15
    assert Listing.objects.get(project=project).text == Listing.Text.FAILED
    assert OperatorAct.objects.get().detail["returned"] == 2
    the_books_hold()


def test_what_has_ended_cannot_be_failed_again(console: Client, failed: Project, alice: User) -> None:
    answer = press(console, f"/console/projects/{failed.pk}/fail/")
    assert b"nothing to stop" in answer.content  # type: ignore[attr-defined]
    assert not OperatorAct.objects.exists() and ledger.balance(alice.pk) == 30


def test_pressing_twice_is_one_act(console: Client, alice: User, olga: User) -> None:
    same = key()
    for _ in range(2):
        press(console, f"/console/people/{alice.pk}/goodwill/", amount="20", key=same)
    assert ledger.balance(alice.pk) == 50
    assert OperatorAct.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "too short", " " * 40, "x" * 301])
def test_no_act_without_a_reason(console: Client, alice: User, at_gate: Project, reason: str) -> None:
    for address, fields in (
        (f"/console/projects/{at_gate.pk}/fail/", {}),
        (f"/console/projects/{at_gate.pk}/retry-draft/", {}),
        (f"/console/people/{alice.pk}/goodwill/", {"amount": "5"}),
        ("/console/providers/builtin/pause/", {}),
        ("/console/recover/", {}),
    ):
        answer = press(console, address, **fields, **{"reason": reason})
        assert b"Give a reason of 10 to 300 characters" in answer.content  # type: ignore[attr-defined]
    assert not OperatorAct.objects.exists() and not ProviderPause.objects.exists()
    assert ledger.balance(alice.pk) == 13


def test_goodwill_stands_in_the_sellers_history_with_its_reason(
    console: Client, page: Client, alice: User, olga: User
) -> None:
    press(console, f"/console/people/{alice.pk}/goodwill/", amount="25", reason="Sorry for the long wait yesterday")
    row = ledger.history(alice.pk)[0]
    assert (row.type, row.amount, row.actor) == ("GRANT_CREDIT", 25, olga.reference)
    assert "Goodwill: Sorry for the long wait yesterday" in page.get("/settings/billing/").content.decode()
    the_books_hold()


@pytest.mark.parametrize("amount", ["0", "-5", "5001", "x", "", "1.5"])
def test_a_wrong_amount_gives_nothing(console: Client, alice: User, amount: str) -> None:
    press(console, f"/console/people/{alice.pk}/goodwill/", amount=amount)
    assert ledger.balance(alice.pk) == 30 and not OperatorAct.objects.exists()


def test_more_than_500_takes_two_operators(console: Client, ottos: Client, olga: User, otto: User, alice: User) -> None:
    press(console, f"/console/people/{alice.pk}/goodwill/", amount="501")
    assert ledger.balance(alice.pk) == 30
    asked = OperatorAct.objects.get(act="ask_goodwill")
    mine = press(console, f"/console/requests/{asked.pk}/", answer="approve")
    assert b"Another owner has to approve this." in mine.content  # type: ignore[attr-defined]
    assert ledger.balance(alice.pk) == 30
    assert "501 credits" in ottos.get("/console/").content.decode()
    press(ottos, f"/console/requests/{asked.pk}/", answer="approve")
    assert ledger.balance(alice.pk) == 531
    press(ottos, f"/console/requests/{asked.pk}/", answer="approve")
    assert ledger.balance(alice.pk) == 531
    assert ledger.history(alice.pk)[0].actor == f"{olga.reference} and {otto.reference}"
    assert actions.open_requests() == []
    the_books_hold()


def test_a_refused_request_gives_nothing_and_cannot_be_approved_later(olga: User, otto: User, alice: User) -> None:
    asked = actions.goodwill(olga, alice, 600, reason=REASON, key=key())
    actions.answer_request(olga, asked.pk, approve=False, reason="I asked by mistake", key=key())
    with pytest.raises(NotPossible):
        actions.answer_request(otto, asked.pk, approve=True, reason=REASON, key=key())
    assert ledger.balance(alice.pk) == 30


def test_small_gifts_in_one_day_add_up(olga: User, alice: User, clock: ports.FixedClock) -> None:
    assert actions.goodwill(olga, alice, 300, reason=REASON, key=key()).act == "goodwill"
    assert actions.goodwill(olga, alice, 201, reason=REASON, key=key()).act == "ask_goodwill"
    assert actions.goodwill(olga, alice, 200, reason=REASON, key=key()).act == "goodwill"
    clock.advance(86_401)
    assert actions.goodwill(olga, alice, 500, reason=REASON, key=key()).act == "goodwill"


def test_an_operator_gives_themselves_nothing(olga: User, otto: User) -> None:
    asked = actions.goodwill(olga, olga, 1, reason=REASON, key=key())
    assert asked.act == "ask_goodwill" and ledger.balance(olga.pk) == 0
    for_olga = actions.goodwill(otto, olga, 600, reason=REASON, key=key())
    with pytest.raises(NotPossible):
        actions.answer_request(olga, for_olga.pk, approve=True, reason=REASON, key=key())


def test_retrying_a_draft_for_the_seller(console: Client, finished: Project) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="Etsy said no.")
    press(console, f"/console/projects/{finished.pk}/retry-draft/")
    assert Listing.objects.get(project=finished).draft == Listing.Draft.PENDING
    assert OperatorAct.objects.get().act == "retry_draft"
    again = press(console, f"/console/projects/{finished.pk}/retry-draft/")
    assert b"There is no failed draft to retry." in again.content  # type: ignore[attr-defined]
    assert OperatorAct.objects.count() == 1


def test_a_paused_provider_is_not_offered_and_a_resumed_one_is(
    console: Client, page: Client, clock: ports.FixedClock
) -> None:
    press(console, "/console/providers/builtin/pause/", reason="The painter makes only blank pages")
    pause = ProviderPause.objects.get()
    assert pause.reason == actions.PAUSED_WORDS and "blank pages" in pause.detail
    model = {"product": "clipart", "idea": "foxes", "count": "15", "model": "builtin/watercolor", "act": "launch"}
    refused = page.post("/new/", {**model, "seen": "17"})
    assert refused.status_code == 409 and actions.PAUSED_WORDS in refused.content.decode()
    press(console, "/console/providers/builtin/pause/")
    press(console, "/console/providers/nobody/pause/")
    clock.advance(1)
    press(console, "/console/providers/builtin/resume/")
    assert not ProviderPause.objects.exists()
    assert page.post("/new/", {**model, "seen": "17"}).status_code == 302
    assert [a.act for a in OperatorAct.objects.all()] == ["resume_provider", "pause_provider"]


def test_recovering_runs_one_pass_and_keeps_what_it_did(
    console: Client, at_gate: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[int] = []
    monkeypatch.setattr(
        actions.service, "recover_once", lambda: passes.append(1) or {"done": {"queued a lost launch": 1}}
    )
    same = key()
    for _ in range(2):
        answer = press(console, "/console/recover/", project=at_gate.pk, key=same)
    assert passes == [1] and b"queued a lost launch: 1" in answer.content  # type: ignore[attr-defined]
    row = OperatorAct.objects.get()
    assert row.project == at_gate.pk and row.detail == {"done": {"queued a lost launch": 1}}


def test_a_recovery_that_breaks_is_recorded_and_said(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("the engine is away")

    monkeypatch.setattr(actions.service, "recover_once", broken)
    answer = press(console, "/console/recover/")
    assert b"Recovery failed" in answer.content  # type: ignore[attr-defined]
    assert "the engine is away" in OperatorAct.objects.get().detail["trouble"]


def test_the_database_refuses_to_change_or_remove_an_act(olga: User, alice: User) -> None:
    row = actions.goodwill(olga, alice, 5, reason=REASON, key=key())
    for touch in (
        lambda: OperatorAct.objects.filter(pk=row.pk).update(reason="Something else entirely"),
        lambda: OperatorAct.objects.filter(pk=row.pk).delete(),
        lambda: OperatorAct.objects.create(actor=olga, act="recover", reason="short"),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            touch()
    assert OperatorAct.objects.get().reason == REASON


def test_an_act_that_is_refused_leaves_nothing_behind(olga: User, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    monkeypatch.setattr(actions.failure, "settle_failure", lambda *a: None)
    with pytest.raises(NotPossible):
        actions.fail_and_refund(olga, project.pk, reason=REASON, key=key())
    assert not Attempt.objects.filter(note=True).exists() and not OperatorAct.objects.exists()


def test_two_operators_failing_one_project_refund_it_once(olga: User, otto: User, alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    actions.fail_and_refund(olga, project.pk, reason=REASON, key=key())
    with pytest.raises(NotPossible):
        actions.fail_and_refund(otto, project.pk, reason=REASON, key=key())
    assert ledger.balance(alice.pk) == 30


def test_a_form_key_is_not_taken_for_another_act(olga: User, otto: User, alice: User) -> None:
    same = key()
    actions.goodwill(olga, alice, 5, reason=REASON, key=same)
    with pytest.raises(NotPossible):
        actions.goodwill(otto, alice, 5, reason=REASON, key=same)
    with pytest.raises(NotPossible):
        actions.pause_provider(olga, "builtin", reason=REASON, key=same)


def test_the_record_shows_every_act(console: Client, alice: User, at_gate: Project) -> None:
    press(console, f"/console/people/{alice.pk}/goodwill/", amount="5", project=at_gate.pk)
    press(console, "/console/providers/builtin/pause/")
    shown = console.get("/console/record/").content.decode()
    assert "Goodwill credits, 5 credits" in shown and "Paused a provider, builtin" in shown and REASON in shown


def test_a_job_that_a_worker_settles_meanwhile_is_not_failed_as_well(olga: User, alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    job = job_of(project)
    changes.move_job(job.pk, JobStatus.FAILED)
    Job.objects.filter(pk=job.pk).update(ended_at=ports.now() + dt.timedelta(seconds=1))
    with pytest.raises(NotPossible):
        actions.fail_and_refund(olga, project.pk, reason=REASON, key=key())
