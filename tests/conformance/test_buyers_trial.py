"""Rules §3, §5: a delivery that fails the buyer's trial is retried, then refunded and explained; one that passes says so."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from elistit.actions import queries
from elistit.artwork import export, package
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import audit
from elistit.listings import truth, writer
from elistit.ports import TRIAL, Made, Outcome
from elistit.projects.models import BuyerTrial, Job, Project, ProjectFile
from elistit.projects.states import Stage
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages import delivering, files, listing
from elistit.stages.context import StageContext
from tests.artwork.conftest import blob
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db
WriteZip = Callable[[Path, list[tuple[Path, str]]], Path]


def here(function: Any, *args: Any, timeout: float = 0, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


class Packing(World):
    """A world whose print files are real, and packed, delivered and listed by the real stages."""

    folder: Path

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        self.worked.append(this)
        context = StageContext(here)
        if this.stage == Stage.DELIVERING:
            return delivering.run(this, job, context)
        if this.stage == Stage.LISTING:
            return listing.run(this, job, context)
        made = self.good(this, job)
        if this.stage == Stage.GENERATING:
            item = job.items.get(number=this.item)
            preview = self._kept(context, job, f"{files.stem(item)}.png", "preview", item.number)
            return Made({**made.data, "files": [*made.data["files"], preview]})
        if this.stage == Stage.PROCESSING:
            name = f"{files.final_stem(job.items.get(number=this.item))}.png" if this.item else ""
            return Made({"files": [self._kept(context, job, name, "print", this.item)] if name else []})
        return made

    def _kept(self, context: StageContext, job: Job, name: str, role: str, number: int) -> dict[str, Any]:
        path, source = self.folder / name, self.folder / "art.png"
        Image.fromarray(blob(number, 160)).save(source)
        export.save_print(source, path)
        return files.keep(context, job, path, role, name, round_=0 if role == "preview" else None, item=number)


@pytest.fixture
def packing(transactional_db: None, clock: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Packing:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    world = Packing(clock)
    world.folder = tmp_path
    world.engine = InlineEngine(clock, world.work)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


def spoil(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[WriteZip, Path, list[Any]], Path], times: int = 99
) -> None:
    """Plant a fault in how a ZIP is written, so many times."""
    real, left = package._write_zip, [times]

    def write(out: Path, contents: list[tuple[Path, str]]) -> Path:
        left[0] -= 1
        return change(real, out, contents) if left[0] >= 0 else real(out, contents)

    monkeypatch.setattr(package, "_write_zip", write)


def without_the_last(real: WriteZip, out: Path, contents: list[Any]) -> Path:
    return real(out, contents[:-1])


def with_a_flipped_byte(real: WriteZip, out: Path, contents: list[Any]) -> Path:
    made = real(out, contents)
    data = bytearray(made.read_bytes())
    data[data.index(b"IDAT") + 20] ^= 1
    made.write_bytes(bytes(data))
    return made


def page(world: World, name: str, project: Project) -> str:
    client = Client()
    client.force_login(world.user)
    answer = client.get(reverse(name, args=[project.pk]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def sound() -> None:
    assert [check for check in audit.run()["checks"] if not check["ok"]] == []


@pytest.mark.parametrize(
    ("fault", "file", "check"),
    [(without_the_last, "15-fox.png", "delivery.complete"), (with_a_flipped_byte, "01-fox.png", "zip.intact")],
)
def test_a_spoiled_delivery_is_retried_then_refunded_and_explained(
    packing: Packing, monkeypatch: pytest.MonkeyPatch, fault: Any, file: str, check: str
) -> None:
    spoil(monkeypatch, fault)
    project = packing.to_end()
    attempts = packing.tries(project, Stage.DELIVERING)
    assert [(a.number, a.outcome) for a in attempts] == [(n, TRIAL) for n in (1, 2, 3, 4)]
    waits = [(b.started_at - a.ended_at).total_seconds() for a, b in itertools.pairwise(attempts)]
    assert waits == [10, 30, 60]
    job = packing.job(project)
    assert (project.stage, job.status, job.failure_kind) == ("failed", "FAILED", TRIAL)
    assert packing.rows() == [("SPEND_CREDIT", -PRICE, None), ("REFUND_CREDIT", PRICE, None)]
    assert file in job.failure_reason
    assert not ProjectFile.objects.filter(project=project, role="zip").exists(), "what failed is not stored"
    shown = page(packing, "project", project)
    assert file in shown
    assert "our side" in shown
    assert f"You were not charged: all {PRICE} credits are back in your balance." in shown
    told = queries.describe(project)["trial"]
    assert not told["ok"]
    assert file in {p["file"] for c in told["checks"] if c["name"] == check for p in c["problems"]}
    sound()


def test_a_fault_that_passes_costs_attempts_only_and_the_page_says_what_was_checked(
    packing: Packing, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, with_a_flipped_byte, times=2)
    project = packing.to_end()
    outcomes = [a.outcome for a in packing.tries(project, Stage.DELIVERING)]
    assert outcomes == [TRIAL, TRIAL, "made"]
    assert (project.stage, packing.job(project).status) == ("completed", "SUCCEEDED")
    assert packing.rows() == [("SPEND_CREDIT", -PRICE, None)]
    row = BuyerTrial.objects.get(project=project)
    assert row.ok and row.job_id == packing.job(project).pk
    told = queries.describe(project)["trial"]
    assert told["ok"] and len(told["checks"]) > 25
    shown = page(packing, "project-downloads", project)
    assert f"Checked as a buyer would: {len(told['checks'])} checks passed" in shown
    sound()


def test_a_listing_that_claims_what_the_files_are_not_loses_only_its_own_price(
    packing: Packing, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = writer.write

    def lying(source: Any, facts: Any = None) -> writer.ListingText:
        text = real(source, facts)
        lie = text.description.replace("15 different images", "25 different images")
        assert lie != text.description
        return writer.ListingText(text.title, text.tags, lie, text.price_cents, text.currency, text.notes)

    monkeypatch.setattr(writer, "write", lying)
    monkeypatch.setattr(truth, "check", lambda *a: [])
    project = packing.to_end()
    assert [a.outcome for a in packing.tries(project, Stage.LISTING)] == [TRIAL] * 4
    assert project.stage == "completed"
    assert [row[:2] for row in packing.rows()] == [("SPEND_CREDIT", -PRICE), ("REFUND_CREDIT", 2)]
    project.listing.refresh_from_db()
    assert "25 images, and there are 15" in project.listing.text_reason
    assert BuyerTrial.objects.get(project=project).ok, "the files passed, and stay"
    sound()
