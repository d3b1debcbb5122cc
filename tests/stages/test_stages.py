"""The stages' own work, with the built-in artist, a real store and no worker."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from elistit.actions import commands, queries
from elistit.chain import attempts, due, settle
from elistit.chain.models import ProviderPause
from elistit.delivery.store import StoreFailure
from elistit.ports import Failure, Kind
from elistit.projects.models import Project
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages import files
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt
from tests.conformance.conftest import World, clock

__all__ = ["clock"]


def here(function: Any, *args: Any, timeout: float = 0, **kwargs: Any) -> Any:
    """What `runtime.cpu` does, in this process."""
    return function(*args, **kwargs)


@pytest.fixture
def studio(transactional_db: None, clock: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """A world whose work is the product's own, on small pictures."""
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    world = World(clock)
    world.engine = InlineEngine(clock, partial(run_attempt, StageContext(here)))
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


def until(world: World, project: Project, stage: str, items: int = 1) -> None:
    """Run tries until a stage has been tried for so many items."""
    from elistit.chain.models import Attempt

    while Attempt.objects.filter(stage=stage, note=False).exclude(outcome="").count() < items:
        assert world.engine.step()


def test_making_the_same_try_again_gives_the_same_bytes(studio: World) -> None:
    project = studio.launch()
    until(studio, project, "briefing")
    [this, *_] = due.due(studio.job(project).pk)
    job = attempts.begin(this, "w")
    kit = StageContext(here)
    first, second = run_attempt(kit, this, job), run_attempt(kit, this, job)  # type: ignore[arg-type]
    assert first == second


def test_the_description_is_what_the_api_promises(studio: World) -> None:
    project = studio.launch()
    until(studio, project, "generating", 2)
    project.refresh_from_db()
    said = queries.describe(project)
    assert set(said) >= {"public_id", "product", "stage", "job", "quote", "items", "files", "listing"}
    assert said["job"]["charged"] == said["quote"]["total"] == 17
    assert {i["number"] for i in said["items"]} == set(range(1, 16))
    assert [f["role"] for f in said["files"]] == ["image", "image", "preview", "preview"]
    assert all(len(f["sha256"]) == 64 and f["bytes"] > 0 for f in said["files"])
    text = [a["text"] for a in queries.activity(project)]
    assert text[:2] == ["Writing the brief: done", "Making the images, item 1: done"]


@pytest.mark.parametrize("fault", ["garbage", "unknown", "transient", "blocked_output", "throttled(1)"])
def test_a_picture_that_cannot_be_used_is_a_failed_try_and_the_next_one_works(
    studio: World, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setenv("ELISTIT_FAULTS", f"generating.1={fault}")
    project = studio.launch()
    until(studio, project, "briefing")
    first = due.due(studio.job(project).pk)[0]
    [again] = settle.perform(first, "w", studio.engine.runner)
    settle.perform(again, "w", studio.engine.runner)
    outcomes = [t.outcome for t in studio.tries(project, "generating", 1)]
    # What the built-in artist never received is painted again, so its lost answer is a passing failure.
    said = {"garbage": "transient", "throttled(1)": "throttled", "unknown": "transient"}.get(fault, fault)
    assert outcomes == [said, "made"]
    assert studio.job(project).items.get(number=1).state == "made"


def test_a_full_disk_fails_the_project_and_pauses_no_provider(studio: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise StoreFailure(Failure(Kind.OPERATOR, "The disk for file storage is full."))

    monkeypatch.setattr(files, "keep", full)
    project = commands.launch(studio.user, commands.LaunchSpec("wall_art", "boho sun"), idempotency_key="k")
    studio.engine.run()
    project.refresh_from_db()
    assert (project.stage, studio.balance()) == ("failed", 100)
    assert "The disk for file storage is full." in studio.job(project).failure_reason
    assert not ProviderPause.objects.exists(), "the artist had no part in it"
