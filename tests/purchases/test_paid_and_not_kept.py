"""What a provider made and was paid for, and our own side could not keep: no failure of the provider, and never bought again.

OpenAI and Recraft hand a picture over once. Disk, memory and our own limits fail here at each place an answer passes: as it is
decoded, as it is made into an image, as it is checked, and as it is put where it lasts.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips

from elistit.artwork import export
from elistit.chain import outcomes
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import audit
from elistit.credits.models import CreditTransaction
from elistit.delivery.store import StoreFailure
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Item, Job
from elistit.purchases import calls, purchase_cache
from elistit.support import diagnostic_report, metrics
from tests.conformance.conftest import World, clock, world
from tests.providers_outside.asking import asked_for, openai_at, recraft_at, run
from tests.providers_outside.conftest import images
from tests.providers_outside.fakes import FakeImages
from tests.providers_outside.loopback import Reply

__all__ = ["clock", "images", "world"]
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
PROVIDERS = {"openai": (openai_at, "openai/gpt-image"), "recraft": (recraft_at, "recraft/v4-1")}


@pytest.fixture
def job(world: World, settings: Any, tmp_path: Path) -> Job:
    settings.DATA_DIR = tmp_path / "data"
    return world.job(world.launch())


@pytest.fixture(params=sorted(PROVIDERS))
def shop(request: pytest.FixtureRequest, images: FakeImages) -> Any:
    at, model = PROVIDERS[request.param]
    return at(images.url), model


def good(made: Made) -> Outcome:
    return Made({"file": {"path": "kept"}}, made.cost_micros, made.provider_id)


def attempt(
    shop: Any, job: Job, folder: Path, number: int, accept: Callable[[Made], Outcome] = good, heavy: Any = run
) -> Outcome:
    provider, model = shop
    this = AttemptKey(job.pk, "generating", 1, 0, number, 0)
    place = folder / f"attempt-{number}"
    place.mkdir(exist_ok=True)
    return calls.buy_once(provider, asked_for(place, model, calls.call_key(this)), this, job, heavy, accept)


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


OUR_LIMITS = [
    TimeoutError("took more than 120 s"),
    RuntimeError("the subprocess died (exit code -9)"),
    FULL,
    MemoryError(),
]


@pytest.mark.parametrize("trouble", OUR_LIMITS, ids=lambda error: type(error).__name__)
def test_what_came_and_could_not_be_made_into_an_image_is_made_later_and_not_bought_again(
    shop: Any, images: FakeImages, job: Job, tmp_path: Path, trouble: Exception
) -> None:
    first = attempt(shop, job, tmp_path, 1, heavy=raising(trouble))
    assert isinstance(first, Failure) and first.kind == Kind.TRANSIENT and "our side" in first.reason
    call = ProviderCall.objects.get()
    assert call.state == "unknown" and call.cost_micros > 0 and "not kept yet" in call.detail
    assert [row["lost"] for row in diagnostic_report.paid_and_not_kept()] == [False]
    second = attempt(shop, job, tmp_path, 2)
    assert isinstance(second, Made) and second.cost_micros == call.cost_micros and images.bought == 1
    assert not diagnostic_report.paid_and_not_kept() and not list((tmp_path / "data/work").glob("bought-*"))


def test_what_never_becomes_an_image_on_our_side_ends_as_our_loss(
    shop: Any, images: FakeImages, job: Job, tmp_path: Path
) -> None:
    died = raising(RuntimeError("the subprocess died (exit code -9)"))
    ended = [attempt(shop, job, tmp_path, number, heavy=died) for number in (1, 2, 3, 4)]
    assert [outcomes.stored_kind(o) for o in ended if isinstance(o, Failure)] == ["transient"] * 3 + ["not_kept"]
    assert images.bought == 1 and ProviderCall.objects.get().outcome == "not_kept"


def full_from(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A disk on which nothing more is written below a folder."""
    real = Path.write_bytes

    def write(self: Path, data: bytes) -> int:
        if folder in self.parents:
            real(self, data[: len(data) // 2])
            raise FULL
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", write)


def test_an_answer_that_a_full_disk_did_not_take_is_written_down_as_paid_and_not_kept(
    shop: Any, images: FakeImages, world: World, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as disk:
        full_from(disk, tmp_path)
        first = attempt(shop, job, tmp_path, 1)
    assert isinstance(first, Failure) and outcomes.stored_kind(first) == "not_kept"
    call = ProviderCall.objects.get()
    assert (call.state, call.outcome) == ("answered", "not_kept") and call.cost_micros > 0
    assert "No space left" in call.detail
    for number in (1, 2, 3, 4):
        assert attempt(shop, job, tmp_path, number) == first and images.bought == 1


Place = tuple[str, Callable[[Made], Outcome]]
AT_THE_END: list[Exception] = [
    FULL,
    MemoryError(),
    TimeoutError("took more than 60 s"),
    RuntimeError("the subprocess died"),
    StoreFailure(Failure(Kind.TRANSIENT, "The storage could not be reached.")),
    StoreFailure(Failure(Kind.OPERATOR, "The disk for file storage is full.")),
]


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("trouble", AT_THE_END, ids=lambda error: type(error).__name__)
def test_an_image_that_could_not_be_checked_or_stored_is_used_later_or_known_as_lost(
    shop: Any,
    images: FakeImages,
    job: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    cached: bool,
) -> None:
    with monkeypatch.context() as disk:
        if not cached:
            disk.setattr(purchase_cache, "_link", raising(FULL))
        if cached:
            with pytest.raises(type(trouble)):
                attempt(shop, job, tmp_path, 1, raising(trouble))
        else:
            lost = attempt(shop, job, tmp_path, 1, raising(trouble))
            assert isinstance(lost, Failure) and outcomes.stored_kind(lost) == "not_kept"
    call = ProviderCall.objects.get()
    assert call.cost_micros > 0 and len(diagnostic_report.paid_and_not_kept()) == 1
    second = attempt(shop, job, tmp_path, 2)
    assert isinstance(second, Made) is cached and images.bought == 1


def test_a_loss_of_ours_is_refunded_once_and_shown_to_the_operator(
    images: FakeImages, world: World, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = openai_at(images.url), "openai/gpt-image"

    def work(this: AttemptKey, of: Job) -> Outcome:
        if this.stage == "generating" and this.item == 1:
            with monkeypatch.context() as disk:
                full_from(disk, tmp_path)
                return attempt(shop, of, tmp_path, this.number)
        return world.good(this, of)

    world.engine.runner = work
    world.engine.run()
    item = Item.objects.get(job=job, number=1)
    assert item.state == "failed" and "our side" in item.reason
    assert list(Attempt.objects.filter(item=1, note=False).values_list("number", "outcome")) == [(1, "not_kept")]
    refunds = CreditTransaction.objects.filter(type="REFUND_CREDIT")
    assert [r.amount for r in refunds] == [1] and audit.run()["ok"]
    text = metrics.text().decode()
    assert 'elistit_provider_paid_and_not_kept{provider="openai"} 1.0' in text
    row = diagnostic_report.paid_and_not_kept()[0]
    assert row["lost"] and row["dollars"] > 0 and row["project"].pk == job.project_id


BROKEN: dict[str, dict[str, Any]] = {
    "no entries": {"data": []},
    "no image in the entry": {"data": [{}]},
    "null": {"data": [{"b64_json": None}]},
    "empty": {"data": [{"b64_json": ""}]},
    "zero bytes after a prefix": {"data": [{"b64_json": "data:image/png;base64,"}]},
    "not base64": {"data": [{"b64_json": "%%%"}]},
    "a web page": {"data": [{"b64_json": "PGh0bWw+"}]},
    "half a PNG": {"data": [{"b64_json": "iVBORw0KGgoAAAANSUhEUgAAAAE="}]},
}


@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_a_success_without_a_usable_image_is_a_passing_failure_and_bought_anew(
    shop: Any, images: FakeImages, job: Job, tmp_path: Path, broken: str
) -> None:
    images.answer = Reply(200, {"created": 1, **BROKEN[broken]})
    outcome = attempt(shop, job, tmp_path, 1)
    images.answer = None
    assert isinstance(outcome, Failure) and outcome.kind == Kind.TRANSIENT and not outcome.ours
    assert "content" not in outcome.reason
    assert isinstance(attempt(shop, job, tmp_path, 2), Made)
    assert ProviderCall.objects.count() == 2


def test_a_full_disk_in_the_image_library_is_no_fault_of_the_picture() -> None:
    with pytest.raises(OSError, match="No space left"), export.reading():
        raise pyvips.Error("unable to call pngsave", "wbuffer_write: write failed\nunix error: No space left on device")
    with pytest.raises(MemoryError), export.reading():
        raise pyvips.Error("vips_tracked: out of memory -- size == 400MB")
    with pytest.raises(export.ImageBroken), export.reading():
        raise pyvips.Error("pngload: premature end")
