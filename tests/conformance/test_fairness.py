"""The public fairness page: its figures are what the rows say, it names nobody, and there is no page unless it is wanted."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain.models import Attempt
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction
from elistit.maintenance import rule_checks, stuck_jobs
from elistit.maintenance.models import CheckResult
from elistit.ports import Kind
from elistit.projects.models import Job, Project
from elistit.projects.states import JobStatus, Stage
from elistit.studio import fairness

from .conftest import World


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    monkeypatch.setenv("ELISTIT_FAIRNESS_PAGE", "on")
    cache.clear()


def page() -> str:
    answer = Client().get("/fairness/")
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1])).split())


def a_seller(name: str) -> User:
    person = User.objects.create_user(f"{name}@example.com")
    ledger.open_account(person.pk)
    ledger.grant(person.pk, 500, source="test", idempotency_key=f"grant:{name}", reason="For the test")
    return person


def a_project(world: World, owner: User, name: str, *, fails: bool = False) -> Project:
    if fails:
        world.fails("generating", 1, Kind.REJECTED, times=1)
    spec = commands.LaunchSpec(product="wall_art", idea="a quiet lake", name=name, count=1)
    project = commands.launch(owner, spec, idempotency_key=name)
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == (Stage.FAILED if fails else Stage.COMPLETED)
    return project


def a_town(world: World, sellers: int, waits: list[int]) -> list[User]:
    """Sellers with three finished projects and a failed one each; the n-th was refunded `waits[n]` seconds after its failure."""
    people = []
    for number in range(sellers):
        owner = a_seller(f"seller{number}")
        for each in range(3):
            a_project(world, owner, f"Good {number} {each}")
        lost = a_project(world, owner, f"Lost {number}", fails=True)
        failed = Attempt.objects.get(job__project=lost, outcome="rejected")
        assert failed.ended_at is not None
        Attempt.objects.filter(pk=failed.pk).update(ended_at=failed.ended_at - dt.timedelta(seconds=waits[number]))
        people.append(owner)
        world.clock.advance(600)
    return people


def test_the_figures_are_what_the_rows_say(world: World) -> None:
    a_town(world, 6, [1, 2, 3, 4, 5, 61])
    found = fairness.measure()
    # Of each lost project its image's row and the row of the rest; together what it was charged.
    assert found.refunds == fairness.Refunds(12, _charged_to_lost(), 3.5, 61.0)
    assert found.refunds.credits > 0 and found.finished == fairness.Finished(24, 75) and found.stuck == 0
    shown = page()
    assert f"{found.refunds.credits} credits in 12 refunds" in shown
    assert "4 seconds median, 61 seconds at worst" in shown and "75% of 24 that ended" in shown
    assert "Stuck now None" in shown


def test_a_refund_in_the_moment_of_the_failure_is_said_to_be_under_a_second(world: World) -> None:
    a_town(world, 5, [0] * 5)
    assert fairness.measure().refunds == fairness.Refunds(10, _charged_to_lost(), 0.0, 0.0)
    assert "under 1 second median, under 1 second at worst" in page()


def _charged_to_lost() -> int:
    return sum(job.quote.total for job in Job.objects.filter(status=JobStatus.FAILED).select_related("quote"))


def test_nothing_is_shown_of_so_few_that_one_could_be_known(world: World) -> None:
    a_town(world, fairness.SELLERS_MIN - 1, [1] * 4)
    for each in range(fairness.PROJECTS_MIN):
        a_project(world, world.user, f"Mine {each}")
    # Enough projects, and enough sellers for the share; but one seller short for the refunds.
    found = fairness.measure()
    assert found.refunds is None and found.finished is not None
    shown = page()
    assert "Too few refunds to show" in shown and "median" not in shown.split("How these are counted")[0]
    assert not re.search(r"\d+ refund", shown.split("How these are counted")[0])


def test_many_projects_of_few_sellers_make_no_share(world: World) -> None:
    owner = a_seller("only")
    for each in range(fairness.PROJECTS_MIN + 1):
        a_project(world, owner, f"Mine {each}")
    assert fairness.measure().finished is None and "Too few projects to show" in page()


def test_an_empty_studio_has_a_page_too(world: World) -> None:
    shown = page()
    assert "Too few projects" in shown and "Not run yet" in shown and "Stuck now None" in shown


def test_nobody_can_be_recognized(world: World) -> None:
    a_town(world, 6, [1, 2, 3, 4, 5, 6])
    shown = Client().get("/fairness/").content.decode()
    secrets = [*User.objects.values_list("email", flat=True), *Project.objects.values_list("pk", flat=True)]
    secrets += [
        *Project.objects.values_list("name", flat=True),
        *CreditTransaction.objects.values_list("id", flat=True),
    ]
    assert secrets and not [s for s in secrets if s in shown]


def test_what_came_back_by_a_sellers_decision_is_no_refund_after_a_failure(world: World) -> None:
    a_town(world, 6, [1, 2, 3, 4, 5, 6])
    before = fairness.measure().refunds
    project = world.to_gate()
    job = world.job(project)
    for key, more in ((f"job:{job.pk}:print-size", {}), (f"item:{job.pk}:2:dropped", {"item": 2})):
        ledger.refund(
            world.user.pk, job=job.pk, project=project.pk, amount=1, idempotency_key=key, reason="Dropped", **more
        )
    assert fairness.measure().refunds == before
    ledger.refund(
        world.user.pk, job=job.pk, project=project.pk, item=3, amount=1, idempotency_key=f"item:{job.pk}:3:0:generating",
        reason="It failed",
    )  # fmt: skip
    after = fairness.measure().refunds
    assert before is not None and after is not None and after.count == before.count + 1


def test_what_is_older_than_the_window_is_not_counted(world: World, clock: ports.FixedClock) -> None:
    a_town(world, 6, [1, 2, 3, 4, 5, 6])
    clock.advance(fairness.WINDOW.total_seconds() - 3600)
    assert fairness.measure().finished == fairness.Finished(24, 75)
    clock.advance(2 * 3600)
    found = fairness.measure()
    assert found.refunds is None and found.finished is None


def silent(world: World, key: str, **more: Any) -> Job:
    job = world.job(world.launch(key))
    old = ports.now() - stuck_jobs.STUCK_AFTER - dt.timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, changed_at=old)
    Attempt.objects.create(job=job, stage="briefing", started_at=old, **more)
    return job


def test_stuck_is_what_the_operator_sees_as_stuck(world: World) -> None:
    ledger.grant(world.user.pk, 500, source="test", idempotency_key="more", reason="More")
    soon = ports.now() + dt.timedelta(seconds=30)
    silent(world, "moving-again", outcome="transient", ended_at=ports.now(), next_try_at=soon)
    paused = silent(world, "paused")
    Project.objects.filter(pk=paused.project_id).update(paused_at=ports.now())
    assert fairness.measure().stuck == 0 == len(stuck_jobs.stuck())
    for number in range(4):
        silent(world, f"stuck-{number}")
    assert fairness.measure().stuck == 4 == len(stuck_jobs.stuck())
    assert "Fewer than 5 projects" in page()
    silent(world, "one-more")
    cache.clear()
    assert "5 projects no" not in page() and "Stuck now 5 projects" in page()


def test_the_figures_are_kept_for_a_minute(world: World, django_assert_max_num_queries: Any) -> None:
    assert fairness.KEPT_SECONDS == 60
    first = fairness.current()
    world.clock.advance(10)
    with django_assert_max_num_queries(2):
        assert fairness.current() == first
    cache.delete(fairness.CACHE_KEY)
    assert fairness.current().at == first.at + dt.timedelta(seconds=10)


@pytest.mark.parametrize("value", ["", "off", "OFF"])
def test_there_is_no_page_unless_the_operator_wants_one(
    world: World, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    assert 'href="/fairness/"' in Client().get("/prices/").content.decode()
    monkeypatch.setenv("ELISTIT_FAIRNESS_PAGE", value)
    assert Client().get("/fairness/").status_code == 404
    assert 'href="/fairness/"' not in Client().get("/prices/").content.decode()


def test_the_audit_runs_once_a_day_while_the_page_is_on(
    world: World, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.to_end()
    clock.advance(120)
    assert rule_checks.audit_due() == 1 and rule_checks.audit_due() == 0
    kept = CheckResult.objects.get(pk="audit")
    assert kept.ok and kept.checked > 10 and kept.violations == 0 and kept.at == ports.now()
    assert f"Passed {kept.checked} checks" in page()
    clock.advance(rule_checks.AUDIT_EVERY.total_seconds())
    monkeypatch.setenv("ELISTIT_FAIRNESS_PAGE", "")
    assert rule_checks.audit_due() == 0
    monkeypatch.setenv("ELISTIT_FAIRNESS_PAGE", "on")
    assert rule_checks.audit_due() == 1 and CheckResult.objects.get(pk="audit").at == ports.now()


def test_a_failed_check_is_shown_as_failed(world: World) -> None:
    rule_checks.keep_audit({"ok": False, "checks": [{"ok": True}, {"ok": False}, {"ok": False}]})
    rule_checks.keep_simulation({"violations": ["A promise"], "projects": 1234, "first_seed": 77})
    shown = page()
    assert "Failed 3 checks, 2 failed" in shown and "Failed 1,234 projects from seed 77" in shown
    rule_checks.keep_simulation({"violations": [], "projects": 500, "first_seed": 78})
    assert "Failed 1,234" in page(), "the figures are a minute old at most"
    cache.clear()
    assert "Passed 500 projects from seed 78" in page()
