"""A ComfyUI server: what it is sent, what each of its endings means, and that nothing is queued twice whatever breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers import http, registry
from elistit.providers.comfyui import client, workflow
from elistit.providers.comfyui.client import identity_of
from elistit.providers.comfyui.models import CODE
from tests.conformance.conftest import World, clock, world
from tests.providers_outside.asking import KEY, asked_for, comfy_at, picture, run
from tests.providers_outside.breaks import every_break, reset
from tests.providers_outside.fakes import FakeComfy
from tests.providers_outside.loopback import Break, Fault, Reply, closed_port

from .test_network_faults import kind, tries

__all__ = ["clock", "world"]
VALIDATION = {
    "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation", "details": ""},
    "node_errors": {"1": {"class_type": "CheckpointLoaderSimple", "errors": [{"message": "Value not in list", "details": "x.ckpt"}]}},
}  # fmt: skip


def generate(server: FakeComfy, tmp_path: Path, **more: Any) -> Outcome:
    return comfy_at(server.url).generate(asked_for(tmp_path, CODE, **more), run, lambda _: None)


def error(*events: Any) -> dict[str, Any]:
    return {"outputs": {}, "status": {"status_str": "error", "completed": False, "messages": list(events)}}


def test_a_picture_is_queued_under_our_id_and_costs_nothing(comfy: FakeComfy, tmp_path: Path) -> None:
    known: list[str] = []
    request = asked_for(tmp_path, CODE, transparent=True)
    outcome = comfy_at(comfy.url).generate(request, run, known.append)
    assert isinstance(outcome, Made), outcome
    assert known == [identity_of(request.key)] == [outcome.provider_id]
    assert (outcome.cost_micros, outcome.data["width"]) == (0, 64)
    [graph] = comfy.graphs
    assert graph["1"]["inputs"]["ckpt_name"] == "sdxl.safetensors"
    assert graph["2"]["inputs"]["text"].startswith("a red fox, watercolor. The whole subject")
    assert graph["3"]["inputs"]["text"] == "text"
    assert (graph["4"]["inputs"]["width"], type(graph["5"]["inputs"]["seed"])) == (64, int)
    view = next(a.path for a in comfy.asked if a.path.startswith("/view"))
    assert view == "/view?filename=elistit_00001_.png&subfolder=&type=output"
    assert all("authorization" not in a.headers for a in comfy.asked), "no key, no header"


def test_a_key_goes_along_with_every_question(comfy: FakeComfy, tmp_path: Path) -> None:
    assert isinstance(comfy_at(comfy.url, key=KEY).generate(asked_for(tmp_path, CODE), run, lambda _: None), Made)
    assert {a.headers["authorization"] for a in comfy.asked} == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("entry", "expected", "words"),
    [
        (error(["execution_error", {"node_type": "K", "exception_type": "torch.OutOfMemoryError"}]), Kind.TRANSIENT, "memory"),
        (error(["execution_start", {}], ["execution_error", {"node_type": "X", "exception_message": "boom"}]), Kind.TRANSIENT, "couldn't make"),
        (error(["execution_interrupted", {}]), Kind.REJECTED, "stopped"),
        (error(), Kind.TRANSIENT, "couldn't make"),
        ({"status": {"status_str": "error", "messages": "odd"}}, Kind.TRANSIENT, "couldn't make"),
        ({"outputs": {}}, Kind.TRANSIENT, "without an image"),
        ({"outputs": {"7": {"text": ["x"]}}, "status": None}, Kind.TRANSIENT, "without an image"),
        ({"outputs": {"7": {"images": [{"filename": 7, "type": "output"}]}}}, Kind.TRANSIENT, "without an image"),
    ],
)  # fmt: skip
def test_how_work_ends_badly(
    comfy: FakeComfy, tmp_path: Path, entry: dict[str, Any], expected: Kind, words: str
) -> None:
    comfy.entry = entry
    outcome = generate(comfy, tmp_path)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, words in outcome.reason) == (expected, True), outcome


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(400, VALIDATION), Kind.OPERATOR), (Reply(401, b"no"), Kind.OPERATOR), (Reply(403, b"no"), Kind.OPERATOR),
        (Reply(404, b"<html>"), Kind.OPERATOR), (Reply(413, b""), Kind.REJECTED), (Reply(500, b"oops"), Kind.TRANSIENT),
        (Reply(502, b"<html>"), Kind.TRANSIENT), (Reply(429, b"", {"retry-after": "7"}), Kind.THROTTLED),
        (Reply(504, b""), Kind.UNKNOWN), (Reply(200, b"<html>"), Kind.UNKNOWN), (Reply(200, {"odd": 1}), Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_how_queueing_is_refused(comfy: FakeComfy, tmp_path: Path, reply: Reply, expected: Kind) -> None:
    comfy.answer = reply
    outcome = generate(comfy, tmp_path)
    assert isinstance(outcome, Failure)
    assert outcome.kind == expected, outcome
    assert comfy.bought == 0
    if reply.body is VALIDATION:
        assert "CheckpointLoaderSimple Value not in list x.ckpt" in outcome.detail


def test_a_full_queue_is_waited_out_and_nothing_is_queued(comfy: FakeComfy, tmp_path: Path) -> None:
    comfy.remaining = client.QUEUE_MAX
    outcome = generate(comfy, tmp_path)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.retry_after, comfy.bought) == (Kind.THROTTLED, client.BUSY_SECONDS, 0)


def test_a_slow_server_is_asked_again_by_the_next_try_and_never_given_the_work_twice(
    comfy: FakeComfy, job: Job, tmp_path: Path
) -> None:
    comfy.steps = 1_000_000
    provider = comfy_at(comfy.url)
    assert [kind(o) for o in tries(provider, CODE, job, tmp_path, up_to=1)] == [Kind.UNKNOWN]
    comfy.work = dict.fromkeys(comfy.work, 0)
    assert [kind(o) for o in tries(provider, CODE, job, tmp_path, up_to=1)] == ["made"]
    assert comfy.bought == 1


@every_break
def test_a_lost_answer_is_found_in_queue_or_history(comfy: FakeComfy, job: Job, tmp_path: Path, play: Break) -> None:
    comfy.faults["create"] = Fault(play)
    assert [kind(o) for o in tries(comfy_at(comfy.url), CODE, job, tmp_path)] == ["made"]
    assert comfy.bought == 1


@every_break
def test_a_question_that_breaks_off_is_asked_again(comfy: FakeComfy, tmp_path: Path, play: Break) -> None:
    provider, request = comfy_at(comfy.url), asked_for(tmp_path, CODE)
    for number, point in enumerate(("history", "queue", "view"), 1):
        comfy.faults[point] = Fault(play)
        known: list[str] = []
        outcome: Outcome | None = provider.generate(request, run, known.append)
        for _ in range(3):
            if isinstance(outcome, Failure):
                assert outcome.kind == Kind.UNKNOWN, (point, outcome)
                outcome = provider.look_up(request, known[-1], run)
        assert isinstance(outcome, Made), (point, outcome)
        assert comfy.bought == number


def test_what_never_arrived_is_queued_by_the_next_try(comfy: FakeComfy, job: Job, tmp_path: Path) -> None:
    comfy.faults["create"] = Fault(reset, early=True)
    assert [kind(o) for o in tries(comfy_at(comfy.url), CODE, job, tmp_path)] == [Kind.TRANSIENT, "made"]
    assert comfy.bought == 1


def test_work_a_server_forgot_is_a_passing_failure(comfy: FakeComfy, tmp_path: Path) -> None:
    comfy.forgets = True
    outcome = generate(comfy, tmp_path)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, "no longer knows" in outcome.reason) == (Kind.TRANSIENT, True)


def test_a_server_that_gives_ids_of_its_own_is_followed_by_them(comfy: FakeComfy, tmp_path: Path) -> None:
    comfy.own_ids = True
    known: list[str] = []
    outcome = comfy_at(comfy.url).generate(asked_for(tmp_path, CODE), run, known.append)
    assert isinstance(outcome, Made)
    assert known[1:] == ["own-0"] == [outcome.provider_id]


def test_a_server_that_is_away_and_one_that_is_none(comfy: FakeComfy, tmp_path: Path) -> None:
    away = comfy_at(closed_port())
    outcome = away.generate(asked_for(tmp_path, CODE), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert outcome.kind == Kind.TRANSIENT
    asked = away.look_up(asked_for(tmp_path, CODE), "some-id", run)
    assert isinstance(asked, Failure)
    assert asked.kind == Kind.UNKNOWN
    comfy.file = Reply(302, b"", {"location": "https://example.com/a.png"})
    lured = generate(comfy, tmp_path)
    assert isinstance(lured, Failure)
    assert lured.kind == Kind.OPERATOR
    comfy.file = Reply(200, picture(32, 32), {"content-type": "image/png"})
    small = generate(comfy, tmp_path)
    assert isinstance(small, Failure)
    assert small.kind == Kind.TRANSIENT


def test_the_doctor_asks_whether_the_checkpoint_is_there(comfy: FakeComfy) -> None:
    assert comfy_at(comfy.url).check() is None
    other = workflow.read("", "other.safetensors")
    missing = comfy_at(comfy.url, other).check()
    assert missing is not None
    assert (missing.kind, "other.safetensors" in missing.detail, comfy.bought) == (Kind.OPERATOR, True, 0)
    assert comfy_at(closed_port()).check() is not None


# ---- the workflow and the address --------------------------------------------------------------------------------------


def test_placeholders_take_their_values_and_a_prompt_stays_a_prompt() -> None:
    graph = {
        "1": {"class_type": "T", "inputs": {"a": "%seed%", "b": "art of %prompt%, %width% wide", "c": [2, "%height%"]}}
    }
    values: dict[str, str | int] = {
        "%prompt%": "a %seed% fox",
        "%seed%": 7,
        "%width%": 64,
        "%height%": 32,
        "%negative%": "",
    }
    filled = workflow.Workflow(json.dumps(graph)).filled(values)
    assert filled["1"]["inputs"] == {"a": 7, "b": "art of a %seed% fox, 64 wide", "c": [2, 32]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"), ("[]", "API format"), ('{"nodes": [], "links": []}', "API format"), ("{}", "API format"),
        ('{"1": {"class_type": "T", "inputs": {"t": "%prompt% %width% %height%"}}}', "has no %seed%"), (None, "cannot be read"),
    ],
)  # fmt: skip
def test_a_workflow_that_cannot_be_used_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    file = tmp_path / "flow.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(http.BadSettings, match=words):
        workflow.read(str(file), "")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("http://127.0.0.1:8188", True), ("http://192.168.1.7:8188", True), ("http://10.0.0.2", True), ("http://gpu:8188", True),
        ("http://gpu.local:8188", True), ("http://[fd00::1]:8188", True), ("https://gpu.example", True),
        ("http://gpu.example:8188", False), ("http://8.8.8.8:8188", False),
    ],
)  # fmt: skip
def test_plain_http_is_for_networks_of_ones_own(monkeypatch: pytest.MonkeyPatch, url: str, good: bool) -> None:
    monkeypatch.setenv("ELISTIT_COMFYUI_URL", url)
    monkeypatch.setenv("ELISTIT_COMFYUI_CHECKPOINT", "a.safetensors")
    assert ("comfyui" in registry.providers(), registry.problems() == []) == (good, good)


def test_another_workflow_is_another_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_COMFYUI_URL", "http://127.0.0.1:8188")
    assert registry.problems() and "comfyui" not in registry.providers()
    monkeypatch.setenv("ELISTIT_COMFYUI_CHECKPOINT", "a.safetensors")
    first = registry.provider_for(CODE)
    assert registry.provider_for(CODE) is first
    assert CODE in registry.offered("sticker") and CODE not in registry.offered("svg")
    monkeypatch.setenv("ELISTIT_COMFYUI_CHECKPOINT", "b.safetensors")
    assert registry.provider_for(CODE) is not first


@pytest.fixture
def job(world: World) -> Job:
    return world.job(world.launch())
