"""Each message is sent once, says what the ledger says, and not at all to those who switched it off."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail as outbox
from django.test import Client

from elistit import config, ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt, ProviderPause
from elistit.credits import ledger
from elistit.delivery.google_drive import outcomes as drive
from elistit.delivery.models import DriveCopy
from elistit.ports import Kind
from elistit.projects import changes
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import due, mail, mailbox
from elistit.support.actions import PAUSED_WORDS
from elistit.support.models import MailPreference, SentMail
from tests.studio.conftest import a_person, booked, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    outbox.outbox = []


def sent() -> list[str]:
    return [m.subject for m in outbox.outbox]


def test_a_finished_project_is_mailed_once(finished: Project) -> None:
    assert mail.send_due() == 2  # finished, and the balance it left
    assert mail.send_due() == 0
    assert sent() == [f"“{finished.name}” is finished", "You have 13 credits left"]
    message = outbox.outbox[0]
    assert message.to == ["alice@example.com"]
    body, html = message.body, message.alternatives[0][0]
    for part in (body, html):
        assert f"/projects/{finished.pk}/downloads/" in part and "15 images" in part
        assert "17 credits were used." in part
    assert "<p" not in body and "{{" not in body + html and "{%" not in body + html


def test_a_failed_project_is_mailed_with_its_refund_row(failed: Project, alice: User) -> None:
    assert mail.send_due() == 1
    message = outbox.outbox[0]
    html = message.alternatives[0][0]
    for part in (message.body, html):
        assert "The writer did not answer." in part and "+17" in part
        assert "You were not charged: all 17 credits are back in your balance." in part
        assert "Your balance is 30 credits" in part
    assert mail.send_due() == 0


def test_many_refund_rows_are_added_up(alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    job = project.jobs.get()
    for n in range(1, 16):
        ledger.refund(
            alice.pk,
            job=job.pk,
            project=project.pk,
            item=n,
            amount=1,
            idempotency_key=f"i{n}",
            reason=f"Item {n}: blocked",
        )
    ledger.refund(alice.pk, job=job.pk, project=project.pk, idempotency_key="rest", reason="None could be made")
    changes.move_job(job.pk, JobStatus.FAILED)
    changes.move_stage(project.pk, Stage.FAILED)
    Job.objects.filter(pk=job.pk).update(failure_kind="blocked_prompt", failure_reason="Blocked.", ended_at=ports.now())
    mail.send_due()
    [message] = [m for m in outbox.outbox if "could not be made" in m.subject]
    for part in (message.body, message.alternatives[0][0]):
        assert "15 rows" in part and "+15" in part and "+2" in part and "Item 7" not in part


def test_a_failure_without_a_refund_says_no_refund(failed: Project, alice: User) -> None:
    booked(alice)
    other = Job.objects.exclude(status=JobStatus.FAILED).get()
    Job.objects.filter(pk=other.pk).update(status=JobStatus.RUNNING)
    Job.objects.filter(pk=other.pk).update(status=JobStatus.FAILED, ended_at=ports.now(), failure_reason="Gone.")
    mail.send_due()
    mine = next(m for m in outbox.outbox if "Gone." in m.body)
    assert "Refunded" not in mine.body and "not charged" not in mine.body


def test_waiting_for_approval_is_mailed_once_however_often_it_waits(at_gate: Project) -> None:
    assert mail.send_due() == 2
    Job.objects.filter(project=at_gate).update(gate_reached_at=ports.now())
    assert mail.send_due() == 0
    assert "waits for your approval" in sent()[0]
    assert f"/projects/{at_gate.pk}/approve/" in outbox.outbox[0].body


def test_a_low_balance_is_mailed_once_for_each_time_credits_came_in(
    at_gate: Project, alice: User, clock: ports.FixedClock
) -> None:
    mail.send_due()
    assert sent().count("You have 13 credits left") == 1
    ledger.grant(alice.pk, 17, source="goodwill", idempotency_key="g", reason="More")
    mail.send_due()
    second = booked(alice)
    mail.send_due()
    assert len([s for s in sent() if "credits left" in s]) == 1, "not while work runs that may come back"
    Job.objects.filter(project=second).update(status=JobStatus.RUNNING)
    Job.objects.filter(project=second).update(status=JobStatus.WAITING)
    clock.advance(1)
    mail.send_due()
    mail.send_due()
    assert len([s for s in sent() if "credits left" in s]) == 2


def test_what_happened_long_ago_is_not_mailed(finished: Project, clock: ports.FixedClock) -> None:
    clock.advance(25 * 3600)
    assert mail.send_due() == 0 and not SentMail.objects.exists()


def test_who_switched_a_kind_off_gets_none_of_it(page: Client, finished: Project, alice: User) -> None:
    assert page.get("/settings/notifications/").content.decode().count(" checked") == len(due.kinds_for(alice))
    page.post("/settings/notifications/", {"kind": ["failed", "waiting"]})
    assert MailPreference.objects.get(person=alice).off == ["answered", "done", "low_balance", "not_launched"]
    assert mail.send_due() == 0 and sent() == []


def test_the_link_in_a_message_switches_off_its_own_kind_only_when_pressed(client: Client, finished: Project) -> None:
    mail.send_due()
    message = outbox.outbox[0]
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    path = re.sub(r"^https?://[^/]+", "", link)
    assert client.get(path).status_code == 200
    assert not MailPreference.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailPreference.objects.get().off == ["done"]
    assert client.get(path[:-3] + "x/").status_code == 404


def test_a_message_the_server_does_not_take_is_tried_again_and_then_given_up(
    failed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> int:
        raise OSError("connection refused to smtp://user:secret@mail")

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.message.EmailMessage.send", refuse)
        assert mail.send_due() == 0
        row = SentMail.objects.get()
        assert (row.state, row.tries, row.trouble) == ("waiting", 1, "OSError")
    assert mail.send_due() == 1
    assert SentMail.objects.get().state == "sent" and len(sent()) == 1
    SentMail.objects.update(state="waiting", tries=4)
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.message.EmailMessage.send", refuse)
        mail.send_due()
    assert SentMail.objects.get().state == "given_up"
    assert mail.send_due() == 0


def test_a_message_cut_short_is_not_sent_a_second_time(failed: Project) -> None:
    mail.send_due()
    SentMail.objects.update(state="sending")
    assert mail.send_due() == 0


def test_two_workers_at_once_send_one_message(failed: Project) -> None:
    search = due.Search(ports.now() - due.LOOK_BACK, lambda kind: set())
    found = next(one for source in due.SOURCES for one in source(search))
    assert mail._claim(found) and not mail._claim(found)


def test_the_first_person_of_an_installation_has_no_mailbox() -> None:
    person = a_person("seller@localhost")
    booked(person)
    Job.objects.update(status=JobStatus.RUNNING)
    Job.objects.update(status=JobStatus.FAILED, ended_at=ports.now())
    assert mail.send_due() == 0


def test_a_name_with_a_line_break_cannot_add_a_header(finished: Project) -> None:
    Project.objects.filter(pk=finished.pk).update(name="Foxes\nBcc: everybody@example.com")
    mail.send_due()
    assert "\n" not in outbox.outbox[0].subject and outbox.outbox[0].bcc == []


def test_a_name_with_markup_stays_text(finished: Project) -> None:
    Project.objects.filter(pk=finished.pk).update(name="<b>Foxes</b> & co")
    mail.send_due()
    message = outbox.outbox[0]
    assert "<b>Foxes</b> & co" in message.body
    assert "&lt;b&gt;Foxes" in message.alternatives[0][0] and "<b>Foxes" not in message.alternatives[0][0]


def test_a_refused_draft_is_said_in_the_message(finished: Project) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="Etsy said no.")
    mail.send_due()
    assert "Etsy rejected the draft: Etsy said no. Retrying and skipping are both free." in outbox.outbox[0].body


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "tls"),
    [
        ("smtp://u:p%40ss@mail.example.com", "mail.example.com", 587, False, True),
        ("smtps://u:p@mail.example.com", "mail.example.com", 465, True, False),
        ("smtp://relay:25?tls=no", "relay", 25, False, False),
    ],
)
def test_a_mail_server_is_named_by_one_address(
    monkeypatch: pytest.MonkeyPatch, url: str, host: str, port: int, ssl: bool, tls: bool
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", url)
    made = mailbox.connection()
    assert made is not None
    assert (made.host, made.port, made.use_ssl, made.use_tls) == (host, port, ssl, tls)  # type: ignore[attr-defined]
    assert made.timeout == mailbox.TIMEOUT  # type: ignore[attr-defined]


def test_mail_goes_to_a_folder_locally_and_nowhere_when_off(
    monkeypatch: pytest.MonkeyPatch, failed: Project, tmp_path: object
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "off:")
    assert mail.send_due() == 0 and not SentMail.objects.exists()
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "pigeon://x")
    with pytest.raises(config.BadConfig, match="ELISTIT_EMAIL_URL should begin with smtp://"):
        mail.send_due()
    monkeypatch.setenv("ELISTIT_EMAIL_URL", f"file://{tmp_path}")
    assert mail.send_due() == 1
    assert len(list(tmp_path.iterdir())) == 1  # type: ignore[attr-defined]


def test_operators_are_told_once_that_a_provider_was_paused(alice: User) -> None:
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    pause = ProviderPause.objects.create(provider="openai", reason="Its key is refused.", detail="HTTP 401")
    ProviderPause.objects.create(provider="recraft", reason=PAUSED_WORDS, detail="olga: by hand")
    assert (mail.send_due(), mail.send_due()) == (1, 0)
    [message] = outbox.outbox
    assert (message.to, message.subject) == ([olga.email], "The provider openai was paused")
    for part in (message.body, message.alternatives[0][0]):
        assert "Its key is refused." in part and "HTTP 401" in part and "/console/" in part
    pause.delete()
    ProviderPause.objects.create(
        provider="openai", reason="Its key is refused.", since=ports.now() + dt.timedelta(seconds=5)
    )
    assert mail.send_due() == 1, "another pause is another message"


def test_only_operators_can_choose_what_only_operators_get(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "A provider was paused" not in client.get("/settings/notifications/").content.decode()
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert "A provider was paused" in client.get("/settings/notifications/").content.decode()


def test_operators_are_told_once_a_day_what_only_they_can_mend(finished: Project) -> None:
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    refused = "Etsy does not accept this studio's Etsy key. The operator has been notified."
    for number in (1, 2):
        Attempt.objects.create(
            job=finished.jobs.get(), stage=Stage.DRAFTING, item=0, round=7, number=number, outcome=Kind.OPERATOR,
            reason=refused, detail="HTTP 403", ended_at=ports.now(),
        )  # fmt: skip
    mail.send_due()
    [message] = [m for m in outbox.outbox if m.to == [olga.email]]
    assert message.subject == f"Needs your attention: {refused}"
    for part in (message.body, message.alternatives[0][0]):
        assert "2 times" in part and "HTTP 403" in part and "/console/" in part
        assert "{{" not in part and "{%" not in part
    assert mail.send_due() == 0, "once a day, however often it is met"


def test_operators_are_told_of_a_drive_that_refuses_the_studio_and_of_nothing_twice(finished: Project) -> None:
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    [reason, *_] = sorted(drive.FOR_THE_OPERATOR)
    DriveCopy.objects.create(
        project=finished.pk, owner=finished.owner, state=DriveCopy.State.FAILED, reason=reason, ended_at=ports.now()
    )
    # A pause has a message of its own.
    ProviderPause.objects.create(provider="chat", reason="Its key is refused.")
    Attempt.objects.create(
        job=finished.jobs.get(), stage=Stage.LISTING, item=0, round=7, number=1, outcome=Kind.OPERATOR,
        reason="Its key is refused.", ended_at=ports.now(),
    )  # fmt: skip
    mail.send_due()
    assert sorted(m.subject for m in outbox.outbox if m.to == [olga.email]) == sorted(
        [f"Needs your attention: {reason}", "The provider chat was paused"]
    )
