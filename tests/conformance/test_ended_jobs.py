"""A job that has ended has no attempt at work, however it ended; and the auditor would see one (rules §5.2, §5.4)."""

from __future__ import annotations

import pytest
from django.db import connection

from elistit.actions import commands
from elistit.chain import attempt_key, attempts, due, settle
from elistit.chain.models import Attempt
from elistit.credits import audit
from elistit.maintenance import requeue_lost
from elistit.ports import Failure, Kind
from elistit.projects.models import Job, Project

from .conftest import World

CHECK = "no attempt is open in a job that has ended"


def finding() -> dict[str, object]:
    return next(c for c in audit.run()["checks"] if c["name"] == CHECK)


def two_at_work(world: World) -> tuple[Project, list[attempt_key.AttemptKey]]:
    """A project whose images are being made, two of them at this moment."""
    project = world.launch()
    job = world.job(project)
    [briefing] = due.start(job.pk)
    following = settle.perform(briefing, "w1", world.work)
    for this in following[:2]:
        assert isinstance(attempts.begin(this, "w1"), Job)
    return project, following


def test_a_failed_job_closes_what_runs_beside(world: World) -> None:
    project, following = two_at_work(world)
    crash = Failure(Kind.REJECTED, "This step stopped our worker three times.", detail="crashed")
    settle.settle(following[0], crash)
    job = world.job(project)
    assert job.status == "FAILED"
    other = Attempt.objects.get(job=job, stage="generating", item=following[1].item)
    assert (other.outcome, other.ended_at is not None) == ("stopped", True)
    assert other.reason == "Stopped because the job failed."
    assert finding()["ok"]
    # What comes of it late changes nothing.
    before = (world.rows(), Attempt.objects.count())
    assert settle.settle(following[1], world.good(following[1], job)) == []
    assert (world.rows(), Attempt.objects.count()) == before
    assert Attempt.objects.get(pk=other.pk).reason == "Stopped because the job failed."


def test_a_deleted_project_closes_its_attempts(world: World) -> None:
    project, following = two_at_work(world)
    commands.delete(world.user, project.pk)
    attempts = Attempt.objects.filter(job__project=project, stage="generating", note=False)
    assert {(a.outcome, a.reason) for a in attempts} == {("stopped", "Stopped because the project was deleted.")}
    assert finding()["ok"]
    settle.settle(following[0], world.good(following[0], world.job(project)))
    assert finding()["ok"]


@pytest.mark.parametrize("half", [False, True], ids=["open", "ended without outcome"])
def test_the_auditor_sees_one_and_recovery_closes_it(world: World, half: bool) -> None:
    project, _ = two_at_work(world)
    commands.delete(world.user, project.pk)
    with connection.cursor() as cursor:  # as a version before left it
        cursor.execute(
            "UPDATE pipeline_attempt SET outcome = ''"
            + ("" if half else ", ended_at = NULL")
            + " WHERE stage = 'generating'"
        )
    found = finding()
    assert not found["ok"]
    assert found["violations"]
    if not half:
        requeue_lost.cancel_leftovers()
        assert finding()["ok"]
