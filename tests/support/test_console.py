"""The console answers “what failed and why” on one screen, and finds a project or a person by what an operator has."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.chain import database_clock
from elistit.chain.models import Attempt, ClockMark, ProviderCall, Worker
from elistit.maintenance import clock_guard, tasks
from elistit.projects.models import Job, Listing, Project, ProjectFile
from elistit.projects.states import Stage
from elistit.runtime import engine, leases
from elistit.support import queues
from tests.studio.conftest import booked, bring_to, job_of, paint

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_every_console_page_renders_when_there_is_nothing(console: Client, olga: User) -> None:
    for address in ("/console/", "/console/record/", f"/console/people/{olga.pk}/", "/console/?q=nobody"):
        text(console, address)


def test_a_project_is_found_by_its_public_id_and_by_its_jobs(console: Client, failed: Project) -> None:
    here = f"/console/projects/{failed.pk}/"
    for asked in (failed.pk, failed.pk.lower(), f"  {failed.pk} ", job_of(failed).pk):
        answer = console.get("/console/", {"q": asked})
        assert answer.status_code == 302 and answer["Location"] == here


def test_people_are_found_by_a_part_of_their_email(console: Client, alice: User, bob: User) -> None:
    assert console.get("/console/", {"q": "alice@"})["Location"] == f"/console/people/{alice.pk}/"
    shown = text(console, "/console/?q=example.com")
    assert "alice@example.com" in shown and "bob@example.com" in shown
    assert "No project, job or person matches" in text(console, "/console/?q=zzzz")


def test_the_dossier_says_what_failed_and_why_on_one_screen(console: Client, failed: Project) -> None:
    job = job_of(failed)
    Attempt.objects.filter(job=job, number=2).update(detail="Traceback: boom", starts=2)
    ProviderCall.objects.create(
        key=f"{job.pk}:3:0:1.0", job=job, item=3, provider="replicate", model="replicate/flux", provider_id="pred-77",
        state="answered", outcome="transient", cost_micros=4200, requests=2, answered_at=ports.now(), detail="HTTP 502",
    )  # fmt: skip
    shown = text(console, f"/console/projects/{failed.pk}/")
    for words in (
        failed.pk, job.pk, "alice@example.com", "The writer did not answer.", "Traceback: boom", "started 2 times",
        "pred-77", "$0.0042", "HTTP 502", "1 sent more than once", "REFUND_CREDIT", "+17", "SPEND_CREDIT", "−17", "w1",
        "You were not charged: all 17 credits are back in your balance.",
    ):  # fmt: skip
        assert words in shown, words


def test_the_dossier_shows_what_should_run_and_the_engines_word(
    console: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    job = job_of(project)
    held = f"job:{job.pk}:generating:1:0:1"
    monkeypatch.setattr(engine.queue, "states", lambda ids: {held: "ENQUEUED"})
    shown = text(console, f"/console/projects/{project.pk}/")
    assert held in shown and "ENQUEUED" in shown and shown.count("not there") == 14

    def away(ids: list[str]) -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(engine.queue, "states", away)
    shown = text(console, f"/console/projects/{project.pk}/")
    assert "can’t be read right now" in shown and "not there" not in shown


def test_a_file_that_the_store_lost_is_said_to_be_missing(console: Client, finished: Project) -> None:
    assert "missing" not in text(console, f"/console/projects/{finished.pk}/")
    ProjectFile.objects.filter(project=finished, role="zip").update(path=f"{finished.pk}/not-there.zip")
    assert "missing" in text(console, f"/console/projects/{finished.pk}/")


def test_the_first_page_lists_stuck_failed_waiting_and_refused_drafts(
    console: Client, alice: User, failed: Project, clock: ports.FixedClock
) -> None:
    stuck = bring_to(booked(alice, name="The stuck one"), Stage.GENERATING)
    Job.objects.filter(project=stuck).update(changed_at=ports.now() - dt.timedelta(minutes=31))
    shown = text(console, "/console/")
    assert "The stuck one" in shown and failed.name in shown and "The writer did not answer." in shown


def test_what_waits_for_its_seller_has_its_list(console: Client, at_gate: Project) -> None:
    shown = text(console, "/console/")
    assert f"/console/projects/{at_gate.pk}/" in shown.split('id="waiting-title"')[1].split("</section>")[0]


def test_a_refused_draft_is_listed_with_etsys_reason(console: Client, finished: Project) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="Etsy said no.")
    assert "Etsy said no." in text(console, "/console/")
    assert "Retry draft" in text(console, f"/console/projects/{finished.pk}/")


def test_a_deleted_project_keeps_its_dossier(console: Client, page: Client, at_gate: Project) -> None:
    page.post(f"/projects/{at_gate.pk}/delete/", {"loss": "17"})
    shown = text(console, f"/console/projects/{at_gate.pk}/")
    assert "CANCELLED" in shown and "Fail and refund" not in shown


def test_workers_are_live_while_they_beat_within_their_lease(console: Client) -> None:
    now = database_clock.database_now()
    Worker.objects.create(pk="fresh", started_at=now, beat_at=now)
    Worker.objects.create(pk="gone", started_at=now, beat_at=now - dt.timedelta(seconds=leases.lease_seconds() + 60))
    assert {w.id: w.live for w in queues.workers()} == {"fresh": True, "gone": False}
    shown = text(console, "/console/")
    assert "Running" in shown and "No heartbeat for" in shown


def test_the_living_part_is_only_a_part(console: Client) -> None:
    assert console.get("/console/live/")["Location"] == "/console/"
    part = console.get("/console/live/", headers={"HX-Request": "true"}).content.decode()
    assert "every 5s" in part and "<html" not in part


def test_the_dossier_asks_a_fixed_number_of_questions(
    console: Client, alice: User, django_assert_max_num_queries: object
) -> None:
    project = bring_to(booked(alice), Stage.AWAITING_APPROVAL)
    paint(project)
    for number in range(1, 16):
        Attempt.objects.create(job=job_of(project), stage="generating", item=number, outcome="made", worker="w")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        text(console, f"/console/projects/{project.pk}/")


def test_each_maintenance_task_says_how_often_it_runs(console: Client) -> None:
    shown = text(console, "/console/")
    for task in tasks.all_tasks():
        assert task.name in shown
    assert "Runs every" in shown and ">15 s<" in shown and ">1 min<" in shown


def test_a_clock_that_is_not_believed_is_said_with_what_waits_for_it(console: Client) -> None:
    assert "are paused" not in text(console, "/console/")
    ClockMark.objects.create(pk=clock_guard.MARK, wall=ports.now(), refused="The clock jumped from May 1 to May 9.")
    shown = re.sub(r"<[^>]+>", "", text(console, "/console/"))
    assert "Renewals, expiry and deletion are paused. The clock jumped from May 1 to May 9." in shown
