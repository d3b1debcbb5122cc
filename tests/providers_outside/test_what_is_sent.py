"""What each service is asked for: one image, pinned models, our key as bearer token and nowhere else, the cost written down."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from elistit.ports import Made
from elistit.providers import http_asking as asking
from elistit.providers.base import ImageProvider
from tests.providers_outside.asking import KEY, SVG, asked_for, openai_at, picture, recraft_at, replicate_at, run
from tests.providers_outside.fakes import FakeImages, FakeReplicate
from tests.providers_outside.loopback import Reply


def made(provider: ImageProvider, tmp_path: Path, model: str, **more: Any) -> tuple[Made, list[str]]:
    known: list[str] = []
    outcome = provider.generate(asked_for(tmp_path, model, **more), run, known.append)
    assert isinstance(outcome, Made), outcome
    return outcome, known


def test_openai_is_asked_for_one_transparent_png(images: FakeImages, tmp_path: Path) -> None:
    images.image = picture(768, 1024, alpha=True)
    outcome, known = made(openai_at(images.url), tmp_path, "openai/gpt-image", transparent=True, width=768, height=1024)
    (asked,) = images.asked
    assert asked.path == "/images/generations"
    assert asked.body == {
        "model": "gpt-image-2.5-flare", "prompt": "a red fox, watercolor. Leave out: text.", "n": 1, "size": "768x1024",
        "quality": "medium", "output_format": "png", "moderation": "auto", "background": "transparent",
    }  # fmt: skip
    assert asked.headers["x-client-request-id"] == "job:1:0:1.0"
    assert (known, outcome.provider_id, outcome.cost_micros) == (["req_1"], "req_1", 53_000)
    assert (outcome.data["width"], outcome.data["height"], outcome.data["alpha"]) == (768, 1024, True)


def test_openai_gets_sides_in_steps_of_16_and_a_greeting_card_comes_out_exact(
    images: FakeImages, tmp_path: Path
) -> None:
    images.image = picture(1504, 2112)
    outcome, _ = made(openai_at(images.url), tmp_path, "openai/gpt-image-high", width=1500, height=2100)
    assert (images.asked[0].body["size"], images.asked[0].body["background"]) == ("1504x2112", "opaque")
    assert (outcome.data["width"], outcome.data["height"]) == (1500, 2100)


def test_openais_model_may_be_set_and_its_cost_is_what_openai_counted(
    images: FakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_OPENAI_MODEL", "gpt-image-3")
    images.ending = {"usage": {"input_tokens": 20, "output_tokens": 1000}}
    outcome, _ = made(openai_at(images.url), tmp_path, "openai/gpt-image")
    assert images.asked[0].body["model"] == "gpt-image-3"
    assert outcome.cost_micros == 20 * 5 + 1000 * 30
    for odd in ({}, {"input_tokens": "x", "output_tokens": 5}, {"input_tokens": -1, "output_tokens": 5}, None, 7):
        images.ending = {"usage": odd}
        assert made(openai_at(images.url), tmp_path, "openai/gpt-image")[0].cost_micros == 53_000


def test_recraft_is_asked_for_a_picture_inside_the_answer(images: FakeImages, tmp_path: Path) -> None:
    images.image = picture(1024, 1024)
    outcome, known = made(recraft_at(images.url), tmp_path, "recraft/v4-1", transparent=True, width=1024, height=1024)
    (asked,) = images.asked
    assert asked.path == "/images/generations/raster"
    assert asked.body["prompt"].endswith(f"{asking.PLAIN} Leave out: text.")
    assert (asked.body["model"], asked.body["n"], asked.body["size"]) == ("recraftv4_1", 1, "1024x1024")
    assert (asked.body["response_format"], asked.body["image_format"]) == ("b64_json", "png")
    assert asked.body["controls"] == {"background_color": {"rgb": [255, 255, 255]}}
    assert (known, outcome.cost_micros) == (["img-1"], 35_000)


def test_recraft_draws_vectors(images: FakeImages, tmp_path: Path) -> None:
    images.image = SVG
    outcome, _ = made(recraft_at(images.url), tmp_path, "recraft/v4-1-vector", width=256, height=256)
    assert images.asked[0].path == "/images/generations/vector"
    assert "image_format" not in images.asked[0].body
    assert outcome.data["svg"]["name"] == "image.svg"
    assert (tmp_path / "image.svg").read_bytes() == SVG
    assert outcome.cost_micros == 80_000


def test_replicate_is_told_when_to_give_up_and_known_by_seed_before_it_is_by_id(
    replicate: FakeReplicate, tmp_path: Path
) -> None:
    outcome, known = made(replicate_at(replicate.url), tmp_path, "replicate/flux-schnell")
    asked = replicate.asked[0]
    assert asked.path == "/models/black-forest-labs/flux-schnell/predictions"
    assert asked.headers["cancel-after"] == "60s"
    assert "prefer" not in asked.headers
    assert set(asked.body) == {"input"}
    assert (asked.body["input"]["aspect_ratio"], asked.body["input"]["num_outputs"]) == ("1:1", 1)
    assert known == [f"seed:{asked.body['input']['seed']}", "pred1"]
    assert (outcome.provider_id, outcome.cost_micros) == ("pred1", 3_000)


def test_replicates_other_models_are_pinned_by_version_and_sized(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.file = Reply(200, picture(1024, 1024, alpha=True), {"content-type": "image/png"})
    made(replicate_at(replicate.url), tmp_path, "replicate/sticker-maker", transparent=True, width=1024, height=1024)
    asked = replicate.asked[0]
    assert asked.path == "/predictions"
    assert asked.body["version"].startswith("fofr/sticker-maker:4acb778e")
    assert asked.body["input"]["negative_prompt"] == "text"
    replicate.asked.clear()
    replicate.file = Reply(200, picture(832, 1248), {"content-type": "image/png"})
    made(replicate_at(replicate.url), tmp_path, "replicate/flux-1.1-pro", width=832, height=1248)
    assert {k: replicate.asked[0].body["input"][k] for k in ("aspect_ratio", "width", "height")} == {
        "aspect_ratio": "custom", "width": 832, "height": 1248,
    }  # fmt: skip


def test_a_list_of_many_pages_is_followed_only_on_replicate_itself(replicate: FakeReplicate, tmp_path: Path) -> None:
    provider, request = replicate_at(replicate.url), asked_for(tmp_path, "replicate/flux-schnell")
    known: list[str] = []
    provider.generate(request, run, known.append)
    real = replicate.handle
    elsewhere = {"next": "http://127.0.0.1:1/predictions", "results": []}
    paged = {"next": f"{replicate.url}/predictions?cursor=2", "results": []}

    def handle(method: str, path: str, body: Any) -> Reply:
        if path.startswith("/predictions?created_after"):
            return Reply(200, paged)
        return real(method, path, body)

    replicate.handle = handle  # type: ignore[method-assign]
    assert isinstance(provider.look_up(request, known[0], run), Made)
    paged = elsewhere
    assert not isinstance(provider.look_up(request, known[0], run), Made)


def test_no_key_is_written_anywhere(
    images: FakeImages, replicate: FakeReplicate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    images.answer = Reply(401, f"the key {KEY} is not ours".encode())
    replicate.answer = Reply(401, {"detail": f"token {KEY}"})
    told = [
        repr(provider.generate(asked_for(tmp_path, model), run, lambda _: None)) + repr(vars(provider))
        for provider, model in (
            (openai_at(images.url), "openai/gpt-image"),
            (recraft_at(images.url), "recraft/v4-1"),
            (replicate_at(replicate.url), "replicate/flux-schnell"),
        )
    ]
    assert images.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text + "".join(told)
    assert all(KEY not in str(a.body) + a.path for a in images.asked + replicate.asked)


def test_a_seed_belongs_to_its_request_key(tmp_path: Path) -> None:
    first = asking.seed(asked_for(tmp_path, "x/y"))
    assert first == asking.seed(asked_for(tmp_path, "x/z")) < 2**31
    assert first != asking.seed(asked_for(tmp_path, "x/y", key="job:1:0:2.0"))
    assert first != asking.seed(asked_for(tmp_path, "x/y", seed=8))


def test_words_are_said_plainly_and_not_too_long(tmp_path: Path) -> None:
    request = asked_for(tmp_path, "x/y", prompt="  a fox.  ", negative="")
    assert asking.words(request, plain_ground=False, leave_out=True, limit=100) == "a fox."
    assert (
        len(asking.words(asked_for(tmp_path, "x/y", prompt="x" * 500), plain_ground=True, leave_out=True, limit=50))
        == 50
    )
