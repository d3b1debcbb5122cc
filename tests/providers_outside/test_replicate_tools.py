"""Tools at Replicate: the picture is handed over, the work is bought once, what comes back is exactly as large as asked."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from elistit.ports import Failure, Kind, Made
from elistit.providers import registry, tools
from elistit.providers.base import ImageRequest
from elistit.providers.replicate import pins
from elistit.providers.replicate.tools import TOOLS
from tests.providers_outside.asking import KEY, asked_for, picture, replicate_at, run
from tests.providers_outside.fakes import FakeReplicate
from tests.providers_outside.loopback import Fault, Reply

from . import breaks as faults

ESRGAN, CUTTER = "replicate/real-esrgan", "replicate/background-remover"


def work(tmp_path: Path, code: str = ESRGAN, factor: int = 4, **more: Any) -> ImageRequest:
    source = tmp_path / "source.png"
    source.write_bytes(picture())
    request = asked_for(tmp_path, code, width=64 * factor, height=64 * factor, **more)
    return dataclasses.replace(request, source=source, art={"factor": factor})


def png(width: int, height: int, **more: Any) -> Reply:
    return Reply(200, picture(width, height, **more), {"content-type": "image/png"})


def test_a_picture_is_handed_over_and_its_work_bought_under_the_pinned_version(
    replicate: FakeReplicate, tmp_path: Path
) -> None:
    replicate.file = png(256, 256)
    known: list[str] = []
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, known.append)
    assert isinstance(outcome, Made), outcome
    handed, bought = (a for a in replicate.asked if a.method == "POST")
    assert handed.headers["content-type"].startswith("multipart/form-data")
    assert picture() in handed.body and handed.headers["authorization"] == f"Bearer {KEY}"
    tool = TOOLS[ESRGAN]
    assert bought.body == {
        "version": f"{tool.path}:{tool.version}",
        "input": {"image": f"{replicate.url}/files/file1", "scale": 4, "face_enhance": False},
    }
    assert known == ["file:file1", "pred1"]
    assert (outcome.cost_micros, outcome.data["width"], outcome.data["height"]) == (3_000, 256, 256)


def test_the_background_remover_is_asked_for_transparency(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.file = png(64, 64, alpha=True)
    outcome = replicate_at(replicate.url).generate(work(tmp_path, CUTTER, 1), run, lambda _: None)
    assert isinstance(outcome, Made)
    assert replicate.asked[1].body["input"] == {
        "image": f"{replicate.url}/files/file1", "format": "png", "background_type": "rgba",
    }  # fmt: skip
    assert outcome.data["alpha"] is True


@pytest.mark.parametrize("size", [(255, 256), (256, 257), (64, 64), (512, 512)])
def test_a_result_of_another_size_is_not_brought_to_size(
    replicate: FakeReplicate, tmp_path: Path, size: tuple[int, int]
) -> None:
    replicate.file = png(*size)
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.cost_micros) == (Kind.TRANSIENT, 3_000)
    assert "instead of 256 × 256" in outcome.detail


def test_a_tool_without_a_result_is_a_fault_and_no_filter(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.ending = {"output": None}
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert outcome.kind == Kind.TRANSIENT


@pytest.mark.parametrize("play", faults.BREAKS, ids=lambda b: b.__name__)
@pytest.mark.parametrize("early", [True, False], ids=["before", "after"])
def test_a_picture_that_could_not_be_handed_over_bought_nothing(
    replicate: FakeReplicate, tmp_path: Path, play: Any, early: bool
) -> None:
    replicate.faults["hand over"] = Fault(play, early)
    known: list[str] = []
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, known.append)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, replicate.bought, known) == (Kind.TRANSIENT, 0, [])
    assert replicate_at(replicate.url).look_up(work(tmp_path), "", run) is None, "never received"


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Kind.OPERATOR), (402, Kind.OPERATOR), (413, Kind.REJECTED), (429, Kind.THROTTLED), (500, Kind.TRANSIENT),
                         (504, Kind.TRANSIENT)]
)  # fmt: skip
def test_a_refusal_of_the_picture_means_what_it_means_elsewhere(
    replicate: FakeReplicate, tmp_path: Path, status: int, kind: Kind
) -> None:
    replicate.handed = Reply(status, {"detail": "no"})
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, replicate.bought) == (kind, 0)


def test_an_address_of_the_picture_that_is_not_replicates_is_not_used(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.handed = Reply(201, {"id": "f1", "urls": {"get": "https://example.com/files/f1"}})
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, replicate.bought) == (Kind.TRANSIENT, 0)


@pytest.mark.parametrize("early", [True, False], ids=["not carried out", "carried out"])
def test_a_lost_answer_is_found_by_the_picture_and_not_bought_again(
    replicate: FakeReplicate, tmp_path: Path, early: bool
) -> None:
    replicate.file = png(256, 256)
    replicate.faults["create"] = Fault(faults.reset, early)
    known: list[str] = []
    provider = replicate_at(replicate.url)
    lost = provider.generate(work(tmp_path), run, known.append)
    assert isinstance(lost, Failure)
    assert (lost.kind, known) == (Kind.UNKNOWN, ["file:file1"])
    found = provider.look_up(work(tmp_path, key="another"), known[-1], run)
    assert isinstance(found, Failure if early else Made)
    assert not isinstance(found, Failure) or found.kind == Kind.UNKNOWN
    assert replicate.bought == (0 if early else 1)
    other = provider.look_up(work(tmp_path), "file:file2", run)
    assert isinstance(other, Failure)


def test_the_operator_pins_another_version_and_cost(
    replicate: FakeReplicate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = "ab" * 32
    monkeypatch.setenv(
        "ELISTIT_REPLICATE_MODELS", f"real-esrgan=me/mine:{version}@0.0125; flux-schnell=black-forest-labs/flux-2"
    )
    replicate.file = png(256, 256)
    outcome = replicate_at(replicate.url).generate(work(tmp_path), run, lambda _: None)
    assert isinstance(outcome, Made)
    assert (replicate.asked[1].body["version"], outcome.cost_micros) == (f"me/mine:{version}", 12_500)
    replicate.file = png(64, 64)
    flux = replicate_at(replicate.url).generate(asked_for(tmp_path, "replicate/flux-schnell"), run, lambda _: None)
    assert isinstance(flux, Made)
    assert replicate.asked[-3].path == "/models/black-forest-labs/flux-2/predictions" or any(
        a.path == "/models/black-forest-labs/flux-2/predictions" for a in replicate.asked
    )
    assert flux.cost_micros == 3_000


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ELISTIT_CUTOUT", "replicate/real-esrgan", "ELISTIT_CUTOUT is “replicate/real-esrgan”; it can be local or"),
        (
            "ELISTIT_UPSCALE",
            "best",
            "ELISTIT_UPSCALE is “best”; it can be auto, neural, fast, replicate/real-esrgan or",
        ),
        ("ELISTIT_POSTER_UPSCALE", "replicate/real-esrgan", "and ELISTIT_REPLICATE_TOKEN is not set."),
        ("ELISTIT_REPLICATE_MODELS", "real-esrgan", "is not of the form name=owner/model"),
        ("ELISTIT_REPLICATE_MODELS", "real-esrgan=a/b:123", "is not of the form"),
        ("ELISTIT_REPLICATE_MODELS", "magic=a/b", "names “magic”; it can name background-remover"),
    ],
)
def test_a_choice_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    assert registry.problems() == []
    monkeypatch.setenv(name, value)
    [said] = registry.problems()
    assert words in said


def test_a_tool_is_no_model_a_seller_could_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_REPLICATE_TOKEN", KEY)
    assert not {m.code for m in registry.models()} & set(TOOLS)
    assert all(t.cost_micros > 0 and len(t.version) == 64 for t in TOOLS.values())
    assert (tools.chosen(tools.UPSCALE), tools.chosen(tools.CUT_OUT)) == ("", "")
    assert pins.pin("replicate/x", "a/b", "", 7) == pins.Pin("a/b", "", 7)
