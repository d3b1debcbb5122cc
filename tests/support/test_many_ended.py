"""More projects end within a day than one prefetch can take on SQLite, and the mail about each is still found, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elistit import ports
from elistit.accounts.models import User
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import due, mail
from elistit.support.due import Search
from elistit.support.models import MailPreference, SentMail

pytestmark = pytest.mark.django_db
MANY = 1_200


@pytest.fixture
def many(finished: Project) -> int:
    """Finished projects beside the first, as an evening's batches leave them; a tenth of them failed."""
    [job] = finished.jobs.all()
    now = ports.now()
    projects = [
        Project(
            owner=finished.owner,
            name=f"p{n}",
            product="clipart",
            idea="fox",
            ratio="1:1",
            count=1,
            seed=n,
            stage=Stage.FAILED if n % 10 == 0 else Stage.COMPLETED,
            stage_since=now,
        )
        for n in range(MANY)
    ]
    Project.objects.bulk_create(projects)
    Listing.objects.bulk_create([Listing(project=project) for project in projects])
    Job.objects.bulk_create(
        [
            Job(
                project=project,
                quote=job.quote,
                idempotency_key=f"many{n}",
                request_digest="",
                ended_at=now,
                status=JobStatus.FAILED if project.stage == Stage.FAILED else JobStatus.SUCCEEDED,
            )
            for n, project in enumerate(projects)
        ]
    )
    return MANY


def test_each_of_many_ended_projects_is_due_once(many: int, finished: Project) -> None:
    search = Search(ports.now() - dt.timedelta(hours=24), lambda kind: set())
    found = [one.key for one in due._ended(search)]
    assert len(found) == len(set(found)) == many + 1
    assert sum(key.startswith("failed:") for key in found) == many // 10
    assert f"done:{finished.pk}" in found


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """What was sent."""
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    outbox.outbox = []
    return outbox.outbox


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The projects whose figures are read."""
    real, read = due._money, list[str]()

    def money(project: Project) -> str:
        read.append(project.pk)
        return real(project)

    monkeypatch.setattr(due, "_money", money)
    return read


def test_a_run_reads_no_more_figures_than_it_may_send(
    many: int, finished: Project, monkeypatch: pytest.MonkeyPatch, mailed: list[EmailMessage]
) -> None:
    """With a hundred thousand ended in a day, reading all of them to send a hundred took seven minutes, every minute."""
    read = counted(monkeypatch)
    monkeypatch.setattr(mail, "AT_ONCE", 30)
    monkeypatch.setattr(mail, "LOOKED_UP", 40)
    assert [mail.send_due() for _ in range(3)] == [30, 30, 30]
    assert len(read) <= 3 * 40
    keys = set(SentMail.objects.values_list("key", flat=True))
    assert len(keys) == len(mailed) == 90


def test_figures_for_people_without_mail_are_not_read_and_hold_nobody_up(
    many: int, finished: Project, monkeypatch: pytest.MonkeyPatch, mailed: list[EmailMessage]
) -> None:
    read = counted(monkeypatch)
    monkeypatch.setattr(mail, "LOOKED_UP", 40)
    MailPreference.objects.create(person=finished.owner, off=["done", "failed", "low_balance"])
    assert mail.send_due() == 0 and read == []
    other = User.objects.create_user("other@example.com")
    last = Project.objects.filter(stage=Stage.COMPLETED).order_by("-pk")[0]
    Project.objects.filter(pk=last.pk).update(owner=other)
    assert mail.send_due() == 1
    assert [message.to for message in mailed] == [["other@example.com"]]


def test_what_was_mailed_about_is_not_read_again(many: int, finished: Project) -> None:
    done = set(Project.objects.filter(stage=Stage.COMPLETED).values_list("pk", flat=True)) - {finished.pk}
    failed = set(Job.objects.filter(status=JobStatus.FAILED).values_list("pk", flat=True))
    search = Search(ports.now() - dt.timedelta(hours=24), lambda kind: done if kind == due.DONE else failed)
    with CaptureQueriesContext(connection) as captured:
        assert [one.key for one in due._ended(search)] == [f"done:{finished.pk}"]
    assert len(captured.captured_queries) < 12
