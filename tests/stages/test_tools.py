"""Outside tools in the chain: each work is a call of its own, bought once, checked, and never replaced in silence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from django.conf import settings

from elistit.actions import commands
from elistit.artwork import export
from elistit.chain import due
from elistit.chain import failure as rules
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import products
from elistit.projects.models import Item, Job
from elistit.projects.products import Product
from elistit.providers import registry
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.purchases import calls
from elistit.runtime import engine
from elistit.runtime.outcome_json import outcome_from_json, outcome_to_json
from elistit.stages import generating, tooling
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock, world
from tests.providers_outside.asking import KEY
from tests.stages.test_stages import here

__all__ = ["clock", "world"]
FLUX, CUTTER, ESRGAN = "replicate/flux-schnell", "replicate/background-remover", "replicate/real-esrgan"
PX = 96


def painted(*, alpha: bool) -> pyvips.Image:
    """A dark disc on white, or on nothing."""
    y, x = np.mgrid[0:PX, 0:PX]
    disc = (x - PX / 2) ** 2 + (y - PX / 2) ** 2 < (PX / 3) ** 2
    color = np.where(disc[..., None], np.dstack([x, y, x]) // 2, 255).astype("uint8")
    planes = np.dstack([color, np.where(disc, 255, 0).astype("uint8")]) if alpha else color
    return pyvips.Image.new_from_array(planes).copy(interpretation="srgb")


class Toolbox:
    """Replicate with one model and three tools. `ends` are failures to answer first, by code; `odd` spoils a result."""

    name, can_redraw = "replicate", False

    def __init__(self) -> None:
        self.bought: list[str] = []
        self.ends: dict[str, list[Failure]] = {}
        self.odd = ""

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        assert ProviderCall.objects.get(pk=request.key).state == "sent", "written down before it leaves"
        self.bought.append(request.model)
        sent("theirs")
        if left := self.ends.get(request.model):
            return left.pop(0)
        image = painted(alpha=request.model == CUTTER and self.odd != "opaque")
        if request.model == ESRGAN:
            assert request.source is not None
            before = pyvips.Image.new_from_file(str(request.source))
            assert not before.hasalpha(), "only color goes out"
            image = before.resize(request.art["factor"] if self.odd != "small" else 2)
        export.write_png(image, request.out)
        return Made({"alpha": bool(image.hasalpha()), "art": {}}, cost_micros=1_000, provider_id="theirs")

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        raise AssertionError("every answer is known here")

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("not here")


@pytest.fixture
def toolbox(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Toolbox:
    box = Toolbox()
    small = {
        p: dataclasses.replace(products.PRODUCTS[p], sizes=dict.fromkeys(products.PRODUCTS[p].sizes, (PX, PX)))
        for p in (Product.CLIPART, Product.POSTER)
    }
    for product, kind in small.items():
        monkeypatch.setitem(products.PRODUCTS, product, kind)
    for name, value in (("REPLICATE_TOKEN", KEY), ("CUTOUT", CUTTER), ("UPSCALE", ESRGAN), ("POSTER_UPSCALE", ESRGAN)):
        monkeypatch.setenv(f"ELISTIT_{name}", value)
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(registry, "provider_for", lambda model: box)
    return box


@pytest.fixture
def job(world: World, toolbox: Toolbox) -> Job:
    spec = commands.LaunchSpec(product="clipart", idea="woodland animals", count=15, model=FLUX)
    job = world.job(commands.launch(world.user, spec, idempotency_key="k"))
    Item.objects.filter(job=job).update(prompt="a fox", subject="fox")
    return job


def generated(job: Job, number: int = 1) -> Outcome:
    return generating.run(AttemptKey(job.pk, "generating", 1, 0, number, 0), job, StageContext(here))


def calls_made() -> dict[str, tuple[str, str, int]]:
    return {c.key.rpartition(":")[0]: (c.model, c.outcome, c.cost_micros) for c in ProviderCall.objects.all()}


def test_a_picture_on_a_ground_is_cut_out_by_the_tool_as_a_call_of_its_own(job: Job, toolbox: Toolbox) -> None:
    outcome = generated(job)
    assert isinstance(outcome, Made), outcome
    assert outcome.cost_micros == 2_000
    place = f"{job.pk}:1:0"
    assert calls_made() == {place: (FLUX, "made", 1_000), f"cut:{place}": (CUTTER, "made", 1_000)}
    [image] = [f for f in outcome.data["files"] if f["role"] == "image"]
    assert export.info(StageContext(here).store.local_path(image["path"])).alpha


def test_a_tool_that_fails_is_a_failed_try_and_loses_nothing_that_was_bought(job: Job, toolbox: Toolbox) -> None:
    toolbox.ends[CUTTER] = [Failure(Kind.TRANSIENT, "It broke.")]
    first = generated(job)
    assert isinstance(first, Failure)
    assert (first.kind, first.service) == (Kind.TRANSIENT, "replicate")
    assert isinstance(generated(job, 2), Made)
    assert isinstance(generated(job, 3), Made)
    assert toolbox.bought == [FLUX, CUTTER, CUTTER], "the picture once, the tool until it worked"


def test_a_picture_that_came_back_with_its_ground_is_a_failed_try(job: Job, toolbox: Toolbox) -> None:
    toolbox.odd = "opaque"
    outcome = generated(job)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, "no see-through background" in outcome.reason) == (Kind.TRANSIENT, True)
    assert calls_made()[f"cut:{job.pk}:1:0"] == (CUTTER, "transient", 1_000), "it is paid all the same"


def test_a_picture_bought_for_the_tool_is_used_after_the_tool_was_given_up(
    job: Job, toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolbox.ends[CUTTER] = [Failure(Kind.TRANSIENT, "It broke.")]
    generated(job)
    monkeypatch.setenv("ELISTIT_CUTOUT", "local")
    assert isinstance(generated(job, 2), Made)
    assert toolbox.bought == [FLUX, CUTTER]


def enlarged(job: Job, folder: Path, *, alpha: bool, factor: int = 4, number: int = 1) -> Failure | None:
    image = folder / "image.png"
    export.write_png(painted(alpha=alpha), image)
    this = AttemptKey(job.pk, "processing", 1, 0, number, 0)
    return tooling.enlarge(
        StageContext(here), this, job, job.items.get(number=1), (ESRGAN, factor), image, folder / "out.png"
    )


@pytest.mark.parametrize("alpha", [True, False])
def test_enlarging_is_exact_keeps_transparency_and_is_bought_once(
    job: Job, toolbox: Toolbox, tmp_path: Path, alpha: bool
) -> None:
    for number in (1, 2):
        assert enlarged(job, tmp_path, alpha=alpha, number=number) is None
    assert toolbox.bought == [ESRGAN]
    assert calls_made() == {f"large:{job.pk}:1:0": (ESRGAN, "made", 1_000)}
    info = export.info(tmp_path / "out.png")
    assert (info.width, info.height, info.dpi) == (PX * 4, PX * 4, 300)
    seen = export.open_image(tmp_path / "out.png").numpy()[..., 3]
    assert (int(seen[0, 0]), int(seen[PX * 2, PX * 2])) == (0 if alpha else 255, 255)


def test_an_enlargement_of_another_size_is_a_failed_try(job: Job, toolbox: Toolbox, tmp_path: Path) -> None:
    toolbox.odd = "small"
    failure = enlarged(job, tmp_path, alpha=True)
    assert failure is not None
    assert (failure.kind, failure.service) == (Kind.TRANSIENT, "replicate")
    assert f"instead of {PX * 4}" in failure.reason


def test_a_tools_operator_failure_pauses_the_tools_provider_and_not_the_models(job: Job) -> None:
    failure = Failure(Kind.OPERATOR, "Out of credit.", service="replicate")
    job.project.model = "openai/gpt-image"
    rules.pause_provider(job, "processing", 1, failure)
    assert [p.provider for p in ProviderPause.objects.all()] == ["replicate"]
    assert outcome_from_json(outcome_to_json(failure)) == failure


def test_a_paused_or_missing_tool_is_an_operators_failure_and_buys_nothing(
    job: Job, toolbox: Toolbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProviderPause.objects.create(provider="replicate", reason="It is being looked at.")
    paused = enlarged(job, tmp_path, alpha=False)
    assert paused is not None
    assert (paused.kind, paused.reason, paused.service) == (Kind.OPERATOR, "It is being looked at.", "replicate")

    def gone(model: str) -> Any:
        raise KeyError(model)

    monkeypatch.setattr(registry, "provider_for", gone)
    missing = enlarged(job, tmp_path, alpha=False)
    assert missing is not None
    assert (missing.kind, toolbox.bought) == (Kind.OPERATOR, [])


def test_a_launch_that_needs_a_paused_or_missing_tool_is_refused_before_it_costs(
    world: World, toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_OPENAI_KEY", KEY)
    spec = commands.LaunchSpec(product="clipart", idea="woodland animals", count=15, model="openai/gpt-image")
    ProviderPause.objects.create(provider="replicate", reason="It is being looked at.")
    with pytest.raises(commands.NotPossible, match="being looked at"):
        commands.launch(world.user, spec, idempotency_key="a")
    monkeypatch.delenv("ELISTIT_REPLICATE_TOKEN")
    with pytest.raises(commands.NotPossible, match="isn't set up"):
        commands.launch(world.user, spec, idempotency_key="b")
    built_in = commands.LaunchSpec(product="clipart", idea="woodland animals", count=15)
    assert commands.launch(world.user, built_in, idempotency_key="c").pk, "what the artist draws needs no tool"
    assert len(world.rows()) == 1


def test_enlarging_by_a_tool_waits_where_its_providers_calls_wait(world: World, job: Job) -> None:
    this = AttemptKey(job.pk, "processing", 1, 0, 1, 0)
    assert engine._queue_of(this) == "provider-replicate"
    own = world.launch("own")
    assert engine._queue_of(dataclasses.replace(this, job=world.job(own).pk)) == engine.WORKSHOP
    assert due.tool_provider_of(this) == "replicate"


def test_tools_keys_are_their_own(job: Job) -> None:
    this = AttemptKey(job.pk, "generating", 1, 0, 2, 1)
    assert calls.call_key(this) == f"{job.pk}:1:0:2.1"
    assert calls.call_key(this, "cut") == f"cut:{job.pk}:1:0:2.1"
