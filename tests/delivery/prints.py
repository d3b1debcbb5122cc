"""A finished poster of Alice's and a Gelato to print it: for tests of print on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from elistit.accounts.models import User
from elistit.actions import print_drafts
from elistit.delivery.gelato import client
from elistit.delivery.models import PrintDraft
from elistit.network.call import Timeouts
from elistit.projects import changes
from elistit.projects.models import FileRole, Project, ProjectFile
from elistit.projects.states import JobStatus, Stage
from tests.delivery.gelato_server import KEY, SMALL, FakeGelato
from tests.studio.conftest import a_picture, add_file, booked, job_of, paint

PLACE = {"country": "us", "city": "New York", "post_code": "11203", "state": "NY"}
PERSON = {
    "first_name": "Ada", "last_name": "Recipient", "address_line1": "451 Clarkson Ave", "address_line2": "", "phone": "",
    "email": "ada@example.org",
}  # fmt: skip


@pytest.fixture
def gelato(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGelato]:
    with FakeGelato() as server:
        monkeypatch.setenv("ELISTIT_GELATO_KEY", KEY)
        monkeypatch.setenv("ELISTIT_GELATO_ORDER_URL", server.url)
        monkeypatch.setenv("ELISTIT_GELATO_PRODUCT_URL", server.url)
        monkeypatch.setattr(client, "TIMEOUTS", Timeouts(connect=2, read=2, write=2, whole=3))
        yield server
        assert server.unfit == [], "every request fits what Gelato publishes"


def a_poster(owner: User) -> Project:
    """A finished poster: one print file, 24 × 36 in at 300 DPI by its row."""
    project = booked(owner, product="poster", idea="a red fox", count=1)
    job = job_of(project)
    changes.move_job(job.pk, JobStatus.RUNNING)
    for stage in (Stage.BRIEFING, Stage.GENERATING, Stage.PROCESSING, Stage.DELIVERING, Stage.LISTING, Stage.COMPLETED):
        changes.move_stage(project.pk, stage)
    changes.move_job(job.pk, JobStatus.SUCCEEDED)
    paint(project)
    file = add_file(project, FileRole.PRINT, "fox-24x36in.png", a_picture(9), 1)
    ProjectFile.objects.filter(pk=file.pk).update(width=7200, height=10800)
    project.refresh_from_db()
    return project


@pytest.fixture
def poster(alice: User) -> Project:
    return a_poster(alice)


def quoted(owner: User, project: Project, product: str = SMALL) -> PrintDraft:
    return print_drafts.quote(owner, project.pk, product, PLACE)
