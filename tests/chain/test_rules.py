"""The pure rules: retries, states, faults."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from elistit.chain import retry
from elistit.chain.retry import Again, GiveUp
from elistit.ports import Failure, Kind
from elistit.projects import guards, states
from elistit.projects.models import Job, Project
from elistit.projects.states import JobStatus, Stage
from elistit.stages import faults
from tests.conformance.conftest import World, clock, world

__all__ = ["clock", "world"]


def decide(kind: Kind, number: int = 1, waits: int = 0, blocked: int = 0, after: float | None = None) -> retry.Decision:
    return retry.decide(Failure(kind, "r", retry_after=after), number, waits, blocked)


@pytest.mark.parametrize("kind", [Kind.TRANSIENT, Kind.UNKNOWN, Kind.THROTTLED])
def test_the_ladder_is_10_30_60_and_then_never(kind: Kind) -> None:
    assert [decide(kind, n) for n in (1, 2, 3)] == [Again(10, True), Again(30, True), Again(60, True)]
    assert isinstance(decide(kind, 4), GiveUp)


@pytest.mark.parametrize("kind", [Kind.REJECTED, Kind.OPERATOR, Kind.BLOCKED_PROMPT])
def test_what_can_never_succeed_is_not_tried_again(kind: Kind) -> None:
    assert isinstance(decide(kind), GiveUp)


def test_a_blocked_output_gets_one_more_try() -> None:
    assert decide(Kind.BLOCKED_OUTPUT) == Again(10, True)
    assert isinstance(decide(Kind.BLOCKED_OUTPUT, 2, blocked=1), GiveUp)


def test_a_pause_of_up_to_60_seconds_uses_up_no_try_five_times() -> None:
    assert decide(Kind.THROTTLED, 4, 4, after=60) == Again(60, False)
    assert isinstance(decide(Kind.THROTTLED, 4, 5, after=60), GiveUp)
    assert decide(Kind.THROTTLED, 1, 5, after=20) == Again(20, True)
    assert decide(Kind.THROTTLED, 1, 5, after=5) == Again(10, True)
    assert decide(Kind.THROTTLED, 1, after=61) == Again(61, True)
    assert decide(Kind.THROTTLED, 1, after=0) == Again(0, False)


def test_a_pause_of_more_than_an_hour_is_not_waited_for() -> None:
    assert decide(Kind.THROTTLED, 1, after=3600) == Again(3600, True)
    assert isinstance(decide(Kind.THROTTLED, 1, after=3601), GiveUp)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_try_has_a_number_from_1_to_4(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        decide(Kind.TRANSIENT, number)


# ---- states ---------------------------------------------------------------------------------------------------------


def test_every_stage_and_status_is_in_its_table() -> None:
    assert set(states.STAGE_TRANSITIONS) == set(Stage)
    assert set(states.JOB_TRANSITIONS) == set(JobStatus)


def test_every_stage_can_be_deleted_and_nothing_leaves_deleted() -> None:
    assert all(
        Stage.DELETED in targets for stage, targets in states.STAGE_TRANSITIONS.items() if stage != Stage.DELETED
    )
    assert not states.STAGE_TRANSITIONS[Stage.DELETED]


def put(project: Project, stage: Stage) -> None:
    """Put a row into a stage past the guard, to try what may leave it."""
    lifted = (
        "SET session_replication_role = replica"
        if connection.vendor == "postgresql"
        else "DROP TRIGGER project_stage_guard"
    )
    with connection.cursor() as cursor:
        cursor.execute(lifted)
        cursor.execute("UPDATE projects_project SET stage = %s WHERE public_id = %s", [stage.value, project.pk])
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            allowed = guards.allowed_sql("stage", states.STAGE_TRANSITIONS)
            cursor.execute(
                f"CREATE TRIGGER project_stage_guard BEFORE UPDATE OF stage ON projects_project WHEN NOT {allowed} "
                "BEGIN SELECT RAISE(ABORT, 'projects_project.stage may not change that way'); END"
            )


@pytest.mark.parametrize("before", list(Stage))
def test_the_database_allows_exactly_the_stages_of_the_table(world: World, before: Stage) -> None:
    project = world.launch()
    for after in Stage:
        put(project, before)
        try:
            with transaction.atomic():
                Project.objects.filter(pk=project.pk).update(stage=after)
            allowed = True
        except DatabaseError:
            allowed = False
        assert allowed == (after == before or after in states.STAGE_TRANSITIONS[before]), f"{before} to {after}"


def test_the_database_refuses_to_bring_an_ended_job_back(world: World) -> None:
    job = world.job(world.launch())
    Job.objects.filter(pk=job.pk).update(status="CANCELLED")
    for status in JobStatus:
        if status != JobStatus.CANCELLED:
            with pytest.raises(DatabaseError), transaction.atomic():
                Job.objects.filter(pk=job.pk).update(status=status)


def test_the_diagram_in_the_readme_is_the_table() -> None:
    from pathlib import Path

    import elistit.chain

    text = (Path(elistit.chain.__file__).parent / "README.md").read_text()
    for title, table in (("Stages", states.STAGE_TRANSITIONS), ("Job status", states.JOB_TRANSITIONS)):
        block = text.split(f"### {title}")[1].split("```")[1]
        drawn = {tuple(line.split(" --> ")) for line in block.splitlines() if " --> " in line}
        assert drawn == {(b.value, a.value) for b, targets in table.items() for a in targets}  # type: ignore[attr-defined]


# ---- failure on command ---------------------------------------------------------------------------------------------


def test_faults_are_read_from_their_grammar() -> None:
    asked = faults.parse(
        "generating.3=blocked_prompt; drafting=rejected*all; processing=kill*2 ;briefing=throttled(30)"
    )
    assert [(f.stage, f.item, f.fault, f.times, f.seconds) for f in asked] == [
        ("generating", 3, "blocked_prompt", 1, None),
        ("drafting", None, "rejected", faults.ALL, None),
        ("processing", None, "kill", 2, None),
        ("briefing", None, "throttled", 1, 30.0),
    ]
    assert faults.parse("") == []


@pytest.mark.parametrize(
    "text", ["nonsense", "painting=transient", "generating=sneeze", "generating=transient*", "generating.x=kill"]
)
def test_faults_that_cannot_be_understood_are_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(faults.BadFaults, match=r"^ELISTIT_FAULTS: .*\.$"):
        faults.parse(text)


@pytest.mark.parametrize("kind", [k.value for k in Kind] + ["hang", "garbage"])
def test_each_fault_is_a_failure_of_its_kind(kind: str) -> None:
    [fault] = faults.parse(f"briefing={kind}")
    assert faults.failure(fault).kind.value == (kind if kind in list(Kind) else "transient")
