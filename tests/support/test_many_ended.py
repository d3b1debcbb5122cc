"""More projects end within a day than one prefetch can take on SQLite, and the mail about each is still found, once."""

from __future__ import annotations

import datetime as dt

import pytest

from elistit import ports
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import due
from elistit.support.due import Search

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
