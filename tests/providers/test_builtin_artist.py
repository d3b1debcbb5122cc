"""The built-in artist by the provider protocol: makes, makes again, and answers every trouble with a Failure."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips

from elistit.artwork import checks
from elistit.ports import Failure, Kind, Made
from elistit.providers.base import ImageProvider, ImageRequest
from elistit.providers.builtin.provider import BuiltinArtist
from elistit_artist import brief, styles
from elistit_artist.paint import job


def here(function: Callable[..., Any], *args: Any, timeout: float) -> Any:
    assert timeout > 0
    return function(*args)


def nobody(_: str) -> None:
    return None


@pytest.fixture
def request_(tmp_path: Path) -> ImageRequest:
    pick = brief.plan("woodland animals", {}, 1, 1, "watercolor").picks[0]
    return ImageRequest(
        "key-1", "builtin/watercolor", pick.prompt, "", 256, 256, 11, True, tmp_path / "one.png", pick.art
    )


def test_it_is_an_image_provider() -> None:
    artist: ImageProvider = BuiltinArtist()
    assert artist.name == "builtin" and artist.can_redraw
    assert [m.code for m in artist.models()] == ["builtin/" + s.code for s in styles.OFFERED]
    assert all("clipart" in m.products and m.transparent for m in artist.models())
    for fixed in ("sticker", "svg"):
        assert [m.code for m in artist.models() if fixed in m.products] == [f"builtin/{styles.FIXED[fixed].code}"]


def test_a_picture_is_made_and_its_facts_are_true(request_: ImageRequest) -> None:
    told: list[str] = []
    made = BuiltinArtist().generate(request_, here, told.append)
    assert isinstance(made, Made)
    assert told == ["key-1"]
    assert (made.data["width"], made.data["height"]) == (256, 256)
    assert made.data["bytes"] == request_.out.stat().st_size
    assert made.cost_micros == 0


def test_the_same_request_gives_the_same_bytes(request_: ImageRequest, tmp_path: Path) -> None:
    again = dataclasses.replace(request_, key="other", out=tmp_path / "two.png")
    first, second = (BuiltinArtist().generate(r, here, nobody) for r in (request_, again))
    assert isinstance(first, Made) and isinstance(second, Made)
    assert first.data["sha256"] == second.data["sha256"]


def test_a_redraw_needs_only_the_art_that_was_returned(request_: ImageRequest, tmp_path: Path) -> None:
    made = BuiltinArtist().generate(request_, here, nobody)
    assert isinstance(made, Made)
    same = dataclasses.replace(request_, seed=999, art=made.data["art"], out=tmp_path / "again.png")
    again = BuiltinArtist().redraw(same, here)
    assert isinstance(again, Made)
    assert again.data["sha256"] == made.data["sha256"]
    larger = BuiltinArtist().redraw(dataclasses.replace(same, width=512, height=512), here)
    assert isinstance(larger, Made) and larger.data["width"] == 512


def test_a_remake_with_another_seed_is_another_picture(request_: ImageRequest) -> None:
    made = BuiltinArtist().generate(request_, here, nobody)
    assert isinstance(made, Made)
    other = BuiltinArtist().generate(dataclasses.replace(request_, seed=12, art=made.data["art"]), here, nobody)
    assert isinstance(other, Made) and other.data["sha256"] != made.data["sha256"]


def test_an_edited_prompt_is_followed(request_: ImageRequest) -> None:
    made = BuiltinArtist().generate(dataclasses.replace(request_, prompt="a sleeping rabbit"), here, nobody)
    assert isinstance(made, Made)
    assert made.data["art"]["subject"] == "rabbit"
    assert made.data["art"]["params"]["pose"] == "sleeping"


def test_a_request_without_art_is_planned_from_its_prompt(request_: ImageRequest) -> None:
    made = BuiltinArtist().generate(dataclasses.replace(request_, art={}), here, nobody)
    assert isinstance(made, Made) and made.data["art"]["subject"]


def test_every_model_paints_the_same_figure_its_own_way(request_: ImageRequest, tmp_path: Path) -> None:
    made = [
        BuiltinArtist().generate(dataclasses.replace(request_, model=m.code, out=tmp_path / f"{i}.png"), here, nobody)
        for i, m in enumerate(BuiltinArtist().models())
    ]
    facts = [m.data for m in made if isinstance(m, Made)]
    assert len({f["sha256"] for f in facts}) == len(styles.OFFERED)
    assert len({f["art"]["subject"] for f in facts}) == 1
    assert [f["art"]["style"] for f in facts] == [s.code for s in styles.OFFERED]


@pytest.mark.parametrize("idea", ["a red fox", "an old hammer", "a pineapple"])
def test_hatching_is_not_taken_for_a_rim_of_old_background(tmp_path: Path, idea: str) -> None:
    """Paper between the lines of an ink drawing reaches its outline. Our check must not have each image made twice for it."""
    pick = brief.plan(idea, {}, 1, 3, "ink").picks[0]
    out = tmp_path / "ink.png"
    order = ImageRequest("key-3", "builtin/ink", pick.prompt, "", 1024, 1024, 21, True, out, pick.art)
    assert isinstance(BuiltinArtist().generate(order, here, nobody), Made)
    assert checks.check_image(out, transparent=True, min_px=1024) == []


def test_opaque_pictures_have_no_transparency(request_: ImageRequest) -> None:
    made = BuiltinArtist().generate(dataclasses.replace(request_, transparent=False), here, nobody)
    assert isinstance(made, Made)
    assert job.png.read_back(request_.out)[..., 3].min() == 255


def test_an_answer_never_seen_is_simply_painted_again(request_: ImageRequest) -> None:
    assert BuiltinArtist().look_up(request_, "key-1", here) is None


@pytest.mark.parametrize(
    ("change", "kind"), [({"model": "builtin/oil"}, Kind.REJECTED), ({"width": 40000}, Kind.REJECTED), ({"height": 1}, Kind.REJECTED)]
)  # fmt: skip
def test_what_it_does_not_offer_is_rejected_before_anything_is_sent(
    request_: ImageRequest, change: dict[str, Any], kind: Kind
) -> None:
    def never(_: str) -> None:
        raise AssertionError("sent")

    answer = BuiltinArtist().generate(dataclasses.replace(request_, **change), here, never)
    assert isinstance(answer, Failure) and answer.kind is kind


@pytest.mark.parametrize("error", [TimeoutError(), RuntimeError("killed"), OSError("no processes")])
def test_a_subprocess_that_dies_is_a_transient_failure_in_plain_words(request_: ImageRequest, error: Exception) -> None:
    def dies(*_: Any, **__: Any) -> Any:
        raise error

    for answer in (BuiltinArtist().generate(request_, dies, nobody), BuiltinArtist().redraw(request_, dies)):
        assert isinstance(answer, Failure)
        assert answer.kind is Kind.TRANSIENT
        assert answer.reason.endswith(".") and "Error" not in answer.reason


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"failed": "disk", "detail": "full"}, {"failed": "new kind"},
     {"width": 256, "height": 256, "bytes": 10, "sha256": "0"}, {"width": 1, "height": 1, "bytes": 4, "sha256": "0"}],
)  # fmt: skip
def test_a_success_without_a_usable_file_is_a_failure(request_: ImageRequest, answer: Any) -> None:
    request_.out.write_bytes(b"four")
    outcome = BuiltinArtist().generate(request_, lambda *_, **__: answer, nobody)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.TRANSIENT


def test_the_job_answers_in_words_when_it_cannot_write(request_: ImageRequest, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = BuiltinArtist().generate(dataclasses.replace(request_, out=tmp_path / "file" / "x.png"), here, nobody)
    assert isinstance(outcome, Failure)
    assert "disk" in outcome.reason


def test_a_figure_that_is_gone_is_planned_again_or_rejected(request_: ImageRequest) -> None:
    art = {**request_.art, "subject": "knight"}
    made = BuiltinArtist().generate(dataclasses.replace(request_, art=art), here, nobody)
    assert isinstance(made, Made), "generating plans afresh"
    gone = BuiltinArtist().redraw(dataclasses.replace(request_, art=art), here)
    assert isinstance(gone, Failure) and gone.kind is Kind.REJECTED, "a redraw must be the same picture or nothing"


def test_an_empty_picture_is_not_handed_over(request_: ImageRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    speck = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h.01v9h-.01z" fill="#888"/></svg>'
    monkeypatch.setattr(job, "drawing", lambda *_: speck)
    outcome = BuiltinArtist().generate(request_, here, nobody)
    assert isinstance(outcome, Failure) and outcome.kind in (Kind.TRANSIENT, Kind.REJECTED)
    assert not request_.out.exists()


def picture_request(tmp_path: Path, idea: str, model: str, width: int = 192, height: int = 256) -> ImageRequest:
    pick = brief.plan(idea, {}, 1, 3, model.partition("/")[2], product="wall_art", ratio="3:4").picks[0]
    out = tmp_path / "picture.png"
    return ImageRequest("key-2", model, pick.prompt, "", width, height, 21, False, out, pick.art)


def test_a_whole_picture_is_opaque_and_redrawn_from_its_art(tmp_path: Path) -> None:
    request = picture_request(tmp_path, "boho sun", "builtin/watercolor")
    made = BuiltinArtist().generate(request, here, nobody)
    assert isinstance(made, Made)
    pixels = job.png.read_back(request.out)
    assert pixels.shape == (256, 192, 4) and pixels[..., 3].min() == 255
    same = dataclasses.replace(
        request, seed=5, prompt="something else", art=made.data["art"], out=tmp_path / "again.png"
    )
    again = BuiltinArtist().redraw(same, here)
    assert isinstance(again, Made) and again.data["sha256"] == made.data["sha256"]


def test_an_edited_prompt_of_a_picture_stays_a_picture(tmp_path: Path) -> None:
    request = dataclasses.replace(picture_request(tmp_path, "boho sun", "builtin/flat"), prompt="misty mountains, sage")
    made = BuiltinArtist().generate(request, here, nobody)
    assert isinstance(made, Made)
    assert (made.data["art"]["scene"], made.data["art"]["scheme"]) == ("mountains", "sage")
    assert made.data["art"]["canvas"] == [3, 4]


def test_a_style_without_pictures_rejects_one(tmp_path: Path) -> None:
    request = dataclasses.replace(picture_request(tmp_path, "boho sun", "builtin/flat"), model="builtin/kawaii")
    outcome = BuiltinArtist().generate(request, here, nobody)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.REJECTED


def test_the_svg_is_the_picture_that_was_made(request_: ImageRequest, tmp_path: Path) -> None:
    flat = dataclasses.replace(request_, model="builtin/flat", width=512, height=512)
    made = BuiltinArtist().generate(flat, here, nobody)
    assert isinstance(made, Made)
    order = dataclasses.replace(flat, art=made.data["art"], seed=999, out=tmp_path / "one.svg")
    first, second = BuiltinArtist().draw_svg(order, here), BuiltinArtist().draw_svg(order, here)
    assert isinstance(first, Made) and isinstance(second, Made)
    assert first.data == second.data and first.data["layers"] > 3
    root = ET.fromstring((tmp_path / "one.svg").read_text())
    assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {"svg", "g", "path", "title"}
    assert not any("href" in name or name.startswith("on") for e in root.iter() for name in e.attrib)
    drawn: Any = pyvips.Image.svgload(str(tmp_path / "one.svg"))
    drawn = drawn.resize(512 / drawn.width).numpy().astype(int)
    painted = job.png.read_back(flat.out).astype(int)
    assert np.abs(drawn[..., 3] - painted[..., 3]).mean() < 3
    both = (drawn[..., 3] > 250) & (painted[..., 3] > 250)
    assert np.abs(drawn[both][:, :3] - painted[both][:, :3]).mean() < 3


@pytest.mark.parametrize("error", [TimeoutError(), RuntimeError("killed")])
def test_an_svg_that_is_not_drawn_is_a_transient_failure(request_: ImageRequest, error: Exception) -> None:
    def dies(*_: Any, **__: Any) -> Any:
        raise error

    for answer in (
        BuiltinArtist().draw_svg(request_, dies),
        BuiltinArtist().draw_svg(request_, lambda *_, **__: {"bytes": 3}),
    ):
        assert isinstance(answer, Failure) and answer.kind is Kind.TRANSIENT
