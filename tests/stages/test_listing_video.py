"""A project with a listing video: kept with its files, and fair when it cannot be made. On both databases, with images made once;
tests/products/test_listing_video.py makes a whole one at its real size."""

from __future__ import annotations

import dataclasses
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from elistit.actions import commands, queries, upload_kit
from elistit.artwork import encoder, mockup_jobs
from elistit.credits import audit
from elistit.maintenance import rebuild_files
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Job, Project, ProjectFile
from elistit.projects.products import PRODUCTS, Product
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt
from tests.clips import clip
from tests.conformance.conftest import World, clock
from tests.kept_work import here

__all__ = ["clock"]


@pytest.fixture
def studio(transactional_db: None, one_set: None, clock: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """Posters are painted at the size of the gate and enlarged for the print, and every test has the same one."""
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    code = Product.POSTER
    monkeypatch.setitem(PRODUCTS, code, dataclasses.replace(PRODUCTS[code], print_scale=1))
    world = World(clock)
    world.engine = InlineEngine(clock, partial(run_attempt, StageContext(here)))
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], list[str]]]:
    """Videos made small, so that a test of what happens around them is quick: what they were made of."""
    asked: list[tuple[list[str], list[str]]] = []

    def make(out: str, mockups: list[str], images: list[str], ffmpeg: str) -> dict[str, Any]:
        asked.append((mockups, images))
        clip(Path(out), 6.0, (1350, 1080), 2)
        return {"path": out, "width": 1350, "height": 1080, "seconds": 6.0, "frames": 12}

    monkeypatch.setattr(mockup_jobs, "listing_video", make)
    return asked


def launch(world: World, video: bool = True) -> Project:
    spec = commands.LaunchSpec(product="poster", idea="a red fox", mode="production", video=video)
    project = commands.launch(world.user, spec, idempotency_key="video")
    Project.objects.filter(pk=project.pk).update(seed=1)
    return project


def run(world: World, project: Project) -> Project:
    world.engine.run()
    project.refresh_from_db()
    return project


def the_video(project: Project) -> list[ProjectFile]:
    return [f for f in queries.current_files(project) if f.role == "video"]


def test_the_video_is_kept_beside_the_zip_and_free(studio: World, quick: list[Any], tmp_path: Path) -> None:
    project = run(studio, launch(studio))
    assert project.stage == "completed"
    [row] = the_video(project)
    assert (row.name, row.width, row.height) == ("listing-video.mp4", 1350, 1080)
    assert queries.describe(project)["video"] is True
    assert "video" in {f["role"] for f in queries.describe(project)["files"]}
    job = Job.objects.get(project=project)
    assert not [line for line in job.quote.lines if "video" in str(line).casefold()], "free"
    upload_kit.write(project, tmp_path / "kit.zip")
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        assert "video/listing-video.mp4" in kit.namelist()
        assert "listing-video.mp4" in kit.read("listing.txt").decode()
    [packed] = [f for f in queries.current_files(project) if f.role == "zip"]
    with zipfile.ZipFile(StageContext(here).store.local_path(packed.path)) as delivery:
        assert not [n for n in delivery.namelist() if n.endswith(".mp4")]


def test_without_asking_there_is_none(studio: World, quick: list[Any]) -> None:
    project = run(studio, launch(studio, video=False))
    assert project.stage == "completed" and not the_video(project) and not quick


def test_a_launch_with_a_video_is_refused_free_where_there_is_no_encoder(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = studio.balance()
    monkeypatch.setenv("ELISTIT_FFMPEG", "/nowhere/ffmpeg")
    with pytest.raises(InvalidSpec) as refused:
        launch(studio)
    assert "can't make listing videos" in refused.value.errors["video"]
    assert studio.balance() == before and not Project.objects.exists()
    monkeypatch.delenv("ELISTIT_FFMPEG")
    project = launch(studio)
    monkeypatch.setenv("ELISTIT_FFMPEG", "/nowhere/ffmpeg")
    assert launch(studio).pk == project.pk, "what was launched is answered as it was"


def test_an_encoder_that_is_gone_after_the_launch_fails_and_refunds_everything(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, project = studio.balance(), launch(studio)
    monkeypatch.setenv("ELISTIT_FFMPEG", "/nowhere/ffmpeg")
    run(studio, project)
    assert project.stage == "failed" and studio.balance() == before
    job = Job.objects.get(project=project)
    assert (job.failure_stage, job.failure_kind) == ("processing", "operator")
    assert "can't make listing videos" in job.failure_reason
    assert not the_video(project) and [check for check in audit.run()["checks"] if not check["ok"]] == []


def test_a_video_that_fails_is_retried_and_then_refunded(studio: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise encoder.EncodingFailed("disk full")

    monkeypatch.setattr(mockup_jobs, "listing_video", fails)
    before, project = studio.balance(), launch(studio)
    run(studio, project)
    assert project.stage == "failed" and studio.balance() == before
    assert len(studio.tries(project, "processing")) == 4
    assert "couldn't be made" in Job.objects.get(project=project).failure_reason


def test_a_video_that_fails_once_is_made_by_the_next_attempt(
    studio: World, quick: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, broken = mockup_jobs.listing_video, [True]

    def first_broken(out: str, mockups: list[str], images: list[str], ffmpeg: str) -> dict[str, Any]:
        answer = made(out, mockups, images, ffmpeg)
        if broken.pop() if broken else False:
            Path(out).write_bytes(Path(out).read_bytes()[:2000])
        return answer

    monkeypatch.setattr(mockup_jobs, "listing_video", first_broken)
    project = run(studio, launch(studio))
    assert project.stage == "completed" and len(the_video(project)) == 1
    first, second = studio.tries(project, "processing")
    assert "failed our check" in first.reason and second.outcome == "made"
    [(mockups, images), *_] = quick
    assert len(mockups) == 3 and len(images) == 1


def test_rebuilt_files_have_the_video_again_and_the_buyers_files_never_wait_for_an_encoder(
    studio: World, quick: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = run(studio, launch(studio))
    store = StageContext(here).store
    [row] = the_video(project)
    store.local_path(row.path).unlink()
    commands.make_files_again(studio.user, project.pk)
    rebuild_files.rebuild_due(StageContext(here))
    assert store.local_path(the_video(project)[0].path).is_file()
    [packed] = [f for f in queries.current_files(project) if f.role == "zip"]
    store.local_path(packed.path).unlink()

    def gone(*_: Any) -> Any:
        raise encoder.EncoderMissing("no FFmpeg")

    monkeypatch.setattr(mockup_jobs, "listing_video", gone)
    commands.make_files_again(studio.user, project.pk)
    rebuild_files.rebuild_due(StageContext(here))
    assert store.local_path(packed.path).is_file()
    assert any("video wasn't rebuilt" in entry["text"] + str(entry) for entry in queries.activity(project))
