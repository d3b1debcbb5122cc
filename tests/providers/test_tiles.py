"""Tiles from the built-in artist as a provider: painted, painted again at another size, drawn as SVG, planned anew for a new prompt."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from elistit.artwork import jobs
from elistit.chain import tools, variety
from elistit.ports import Failure, Made
from elistit.providers import registry
from elistit.providers.base import ImageRequest
from elistit_artist.patterns import plan


def here(function: Any, *args: Any, timeout: float = 0, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


@pytest.fixture
def request_(tmp_path: Path) -> ImageRequest:
    art = plan.plan("foxes", {}, 6, 5, "flat").picks[3].art
    return ImageRequest(
        "k", "builtin/flat", art["prompt"], "", 200, 200, 9, False, tmp_path / "tile.png", art=art
    )  # fmt: skip


def made(outcome: Any) -> dict[str, Any]:
    assert isinstance(outcome, Made), outcome
    return outcome.data


def test_a_tile_is_painted_and_painted_again_at_print_size(request_: ImageRequest) -> None:
    artist = registry.provider_for(request_.model)
    first = made(artist.generate(request_, here, lambda _: None))
    assert (first["width"], first["height"]) == (200, 200) and first["art"]["seed"] == 9
    assert jobs.unusable(str(request_.out), 200, 200) == ""
    assert registry.drawn_subject(request_.model, first["art"]) == plan.subject_of(first["art"])
    again = dataclasses.replace(
        request_, width=600, height=600, art=first["art"], out=request_.out.with_name("print.png")
    )
    assert made(artist.redraw(again, here))["width"] == 600
    small = Image.open(request_.out).convert("RGB").resize((50, 50), Image.Resampling.BOX)
    large = Image.open(again.out).convert("RGB").resize((50, 50), Image.Resampling.BOX)
    apart = [abs(a - b) for a, b in zip(small.tobytes(), large.tobytes(), strict=True)]
    assert sum(apart) / len(apart) < 4, "the same tile"


def test_a_tile_of_a_vector_style_is_handed_over_as_svg(request_: ImageRequest, tmp_path: Path) -> None:
    artist: Any = registry.provider_for(request_.model)
    out = tmp_path / "tile.svg"
    made(artist.draw_svg(dataclasses.replace(request_, out=out, art={**request_.art, "seed": 9}), here))
    assert jobs.repeats(str(out), 200) == ""


def test_a_new_prompt_is_planned_anew_as_a_tile(request_: ImageRequest) -> None:
    artist = registry.provider_for(request_.model)
    art = made(artist.generate(dataclasses.replace(request_, prompt="owls on a trellis"), here, lambda _: None))["art"]
    assert art["pattern"] == "trellis" and art["prompt"] == "owls on a trellis"
    assert "owl" in plan.subject_of(art)


def test_a_tile_that_is_not_square_is_refused(request_: ImageRequest) -> None:
    artist = registry.provider_for(request_.model)
    outcome = artist.generate(dataclasses.replace(request_, height=300), here, lambda _: None)
    assert isinstance(outcome, Failure)


def test_every_style_but_the_coloring_page_is_offered_for_patterns() -> None:
    offered = {m.code for m in registry.models() if "pattern" in m.products}
    assert offered == {f"builtin/{style}" for style in plan.STYLES}


def test_tiles_are_never_enlarged_by_an_outside_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.choice, "chosen", lambda purpose: "replicate/upscaler")
    assert tools.enlarger("pattern", "replicate/flux-1.1-pro") is None
    assert tools.enlarger("clipart", "replicate/flux-1.1-pro") == ("replicate/upscaler", 4)


def test_tiles_of_one_set_count_as_different_by_their_plan() -> None:
    arts = [p.art for p in plan.plan("foxes", {}, 8, 5, "flat").picks]
    assert variety.distinct(arts) == 8
    assert variety.distinct([*arts, arts[0]]) == 8
