"""A set of seamless patterns from idea to draft: every tile joins itself, by a measure of its own, and so does every SVG."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from elistit.actions import commands
from elistit.artwork import jobs
from elistit.projects import gate
from elistit.projects.products import PRODUCTS, Product
from elistit.stages import facts, storyboards
from elistit_artist.patterns import job as tiles
from tests.products import reading as files
from tests.products.conftest import Studio


def joins(pixels: np.ndarray) -> bool:
    """No column differs more from the first than neighbors do inside, and no row: on gray values, written for this test."""
    gray = pixels[..., :3].astype(np.float32) @ np.array([0.3, 0.59, 0.11], np.float32)
    for lines in (gray, gray.T):
        inside = [float(np.abs(b - a).mean()) for a, b in itertools.pairwise(lines)]
        if float(np.abs(lines[-1] - lines[0]).mean()) > max(inside):
            return False
    return True


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles generated at 300 px, and printed at their real size."""
    kind = PRODUCTS[Product.PATTERN]
    monkeypatch.setitem(PRODUCTS, Product.PATTERN, dataclasses.replace(kind, sizes={"1:1": (300, 300)}, print_scale=12))


def test_a_set_of_patterns_goes_from_idea_through_the_gate_to_its_files(studio: Studio, small: None) -> None:
    spec = commands.LaunchSpec("pattern", "foxes and mushrooms", 6, "builtin/flat")
    shown = storyboards.plan(studio.world.user, spec)
    assert shown is not None
    project = studio.launch("pattern", "foxes and mushrooms", count=6, model="builtin/flat")
    assert project.stage == "awaiting_approval"
    assert studio.world.rows() == [("SPEND_CREDIT", -8, None)], "six tiles and the listing text"
    items = list(gate.items_of(project))
    assert [(i.subject, i.prompt) for i in items] == [(i.subject, i.prompt) for i in shown.items], (
        "as the storyboard said"
    )
    assert [i.art["redraw"]["pattern"] for i in items] == [i.art["pattern"] for i in shown.items]
    assert all(not i.flags and 0 <= i.art["seam"] <= 1 for i in items)
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    prints = studio.files("print")
    assert len(prints) == 6
    for file in prints:
        image = files.picture(file, mode="RGB", kind="JPEG")
        assert image.size == (3600, 3600)
        assert joins(np.asarray(image)), file.name
    drawings = studio.files("vector")
    assert len(drawings) == 6 and all(f.suffix == ".svg" for f in drawings)
    for drawing in drawings:
        assert files.inches(files.svg(drawing)) == pytest.approx((12, 12))
    [sheet] = studio.files("sheet")
    [page] = files.pages(sheet)
    assert page["media"] == pytest.approx([0, 0, 8.5, 11])
    assert page["images"] == 12, "each tile at its real size and as a whole"
    studio.finished(roles=("print", "vector", "sheet"), mockups=3)
    text = f"{project.listing.title} {project.listing.description}"
    project.refresh_from_db()
    assert "Seamless" in project.listing.title or "seamless pattern" in project.listing.tags, text
    assert facts.of(project).seamless


def test_a_tile_that_does_not_join_is_made_again_once_for_free_and_then_flagged(
    studio: Studio, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An artist whose tiles are cut out of something larger, as an image model's are."""

    whole = tiles.paint_tile

    def cropped(order: dict[str, Any]) -> dict[str, Any]:
        side = int(order["width"])
        large = Path(order["out"]).with_name("large.png")
        made = whole({**order, "width": 2 * side, "height": 2 * side, "out": str(large)})
        assert "failed" not in made
        image = files.Image.open(large).convert("RGBA").crop((0, 0, side, side))
        image.save(order["out"], dpi=(300, 300))
        large.unlink()
        size = Path(order["out"]).stat().st_size
        return {"width": side, "height": side, "bytes": size, "sha256": files.sha256(Path(order["out"]))}

    monkeypatch.setattr("elistit_artist.patterns.job.paint_tile", cropped)
    project = studio.launch("pattern", "foxes and mushrooms", count=6, model="builtin/flat")
    assert project.stage == "awaiting_approval"
    items = list(gate.items_of(project))
    flagged = [i for i in items if any(f["code"] == "seam" for f in i.flags)]
    assert len(flagged) >= 4, "plain checks may be cut where nothing shows"
    assert all(i.free_remake_used for i in flagged), "made again once"
    assert studio.world.rows() == [("SPEND_CREDIT", -8, None)], "free"
    assert not facts.of(project).seamless, "the listing may not say it"
    assert any("don’t join" in f["words"] for f in flagged[0].flags)


def test_the_listing_says_seamless_of_measured_tiles_only(studio: Studio, small: None) -> None:
    project = studio.launch("pattern", "foxes", count=6, model="builtin/flat")
    assert facts.of(project).seamless
    first = gate.items_of(project).order_by("number").first()
    assert first is not None
    first.art.pop("seam")
    first.save()
    assert not facts.of(project).seamless
    first.art["seam"] = 1.4
    first.flags = [{"code": "seam", "words": "The edges don’t join."}]
    first.save()
    assert not facts.of(project).seamless


def test_the_sellers_list_of_tiles_is_what_is_made(studio: Studio, small: None) -> None:
    spec = commands.LaunchSpec("pattern", "foxes and mushrooms", 8, "builtin/flat")
    shown = storyboards.plan(studio.world.user, spec)
    assert shown is not None
    mine = tuple(reversed([i.subject for i in shown.items]))[:7]
    again = storyboards.plan(studio.world.user, dataclasses.replace(spec, storyboard=mine, count=7))
    assert again is not None
    assert [i.subject for i in again.items] == list(mine)
    assert not again.needs_confirmation


def test_the_checks_measure_a_tile_and_nothing_else(tmp_path: Path) -> None:
    image = tmp_path / "tile.png"
    files.Image.new("RGB", (64, 64), "#aabbcc").save(image)
    look = jobs.examine(str(image), str(tmp_path / "p.webp"), False, 32, True)
    assert look["seam"] <= 1
    assert "seam" not in jobs.examine(str(image), str(tmp_path / "q.webp"), False, 32)
    assert PRODUCTS[Product.PATTERN].seamless
    assert not any(PRODUCTS[p].seamless for p in PRODUCTS if p != Product.PATTERN)
