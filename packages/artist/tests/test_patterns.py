"""Seamless tiles: every layout joins itself in every style, by a measure written here; planned faults in them would be seen."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from elistit_artist.patterns import artist, job, layouts, motifs, packing, painter, palette, plan, torus, vectors
from elistit_artist.patterns.artist import Grade
from elistit_artist.patterns.layouts import LAYOUTS, Wanted
from elistit_artist.patterns.tile import UNITS, Placed, copies

IDEAS = ("foxes and mushrooms", "lavender and lemons in blue", "boho moon and stars")


def worst_seam(pixels: np.ndarray) -> float:
    """How the edges differ against neighbors inside, at most 1 for a tile that joins itself. On gray values, whole lines and sixths of
    them; shares no code with the studio's measure. A sixth may be plain grain, of which one line in a few hundred is the strongest by
    chance: there a quarter more than the strongest line inside is still none."""
    gray = pixels[..., :3].astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    worst = 0.0
    for lines in (gray, gray.T):
        for part, slack in ((lines, 1.0), *((piece, 1.25) for piece in np.array_split(lines, 6, axis=1))):
            inside = max(float(np.abs(b - a).mean()) for a, b in itertools.pairwise(part))
            worst = max(worst, float(np.abs(part[-1] - part[0]).mean()) / max(inside * slack, 0.5))
    return worst


def pixels(art: dict[str, Any], style: str, side: int, seed: int = 7) -> np.ndarray:
    tile = layouts.tile(Wanted.of(art), seed)
    return painter.paint(tile, style, seed, Grade.from_json(art["grade"]), art.get("manner"), side)


@pytest.mark.parametrize(("idea", "style"), list(zip(IDEAS, ("flat", "kawaii", "flat"), strict=True)))
def test_every_tile_of_a_set_of_vectors_joins_itself(idea: str, style: str) -> None:
    made = plan.plan(idea, {}, 10, 5, style)
    assert {p.art["pattern"] for p in made.picks} == set(LAYOUTS) - set(layouts.ON_REQUEST)
    for pick in made.picks:
        image = pixels(pick.art, style, 256)
        assert image.shape == (256, 256, 4) and image[..., 3].min() == 255
        assert worst_seam(image) <= 1, pick.prompt


@pytest.mark.parametrize(
    ("style", "places"), [("watercolor", (4, 5, 6)), ("gouache", (2, 3)), ("ink", (7, 3)), ("vintage", (5, 9))]
)
def test_painted_tiles_join_themselves(style: str, places: tuple[int, ...]) -> None:
    made = plan.plan("mushrooms", {}, 12, 5, style)
    for place in places:
        assert worst_seam(pixels(made.picks[place].art, style, 300)) <= 1, made.picks[place].prompt


def test_a_painted_toss_joins_itself_and_is_the_same_painting_at_another_size() -> None:
    art = plan.plan("mushrooms", {}, 1, 5, "watercolor").picks[0].art
    small, large = pixels(art, "watercolor", 256), pixels(art, "watercolor", 512)
    assert worst_seam(small) <= 1 and worst_seam(large) <= 1
    shrunk = large.reshape(256, 2, 256, 2, 4).mean(axis=(1, 3))
    assert float(np.abs(shrunk[..., :3] - small[..., :3]).mean()) < 6


def test_a_figure_that_is_not_drawn_again_over_the_edge_is_seen() -> None:
    """The independent measure itself finds what it is there for."""
    art = plan.plan("foxes", {}, 1, 5, "flat").picks[0].art
    tile = layouts.tile(Wanted.of(art), 7)
    crossing = [p for p in tile.placed if p.x + p.size / 2 > UNITS or p.x < p.size / 2]
    assert crossing, "something lies over an edge"
    inside = [p for p in tile.placed if p not in crossing]
    grade = Grade.from_json(art["grade"])
    whole = vectors.finished(dataclasses.replace(tile, areas=(), placed=inside), "flat", grade)
    ground = f'<rect width="{UNITS}" height="{UNITS}" fill="{tile.ground}"/>'
    placed = Placed(0, UNITS - 60, UNITS / 2, 372)
    # The same figure once, cut off by the edge instead of coming back on the other side.
    cut = vectors.finished(dataclasses.replace(tile, areas=(), placed=[placed]), "flat", grade).split(
        "</g><g transform="
    )[0]
    image = artist.layers.raster(ground + whole + cut + "</g>", (0, 0, UNITS, UNITS), 300, 300)
    assert worst_seam(np.asarray(image)) > 1


def test_figures_keep_their_distance_also_over_the_edges() -> None:
    art = plan.plan("foxes and mushrooms", {}, 1, 5, "flat").picks[0].art
    tile = layouts.tile(Wanted.of(art), 11)
    assert len(tile.placed) > 12
    taken = np.zeros((packing.GRID, packing.GRID), int)
    for place in tile.placed:
        shape = packing._shape(motifs.silhouette(tile.motifs[place.motif], 11), place.size, place.angle, place.flip)
        h, w = shape.shape
        rows = (np.arange(h) - h // 2 + int(place.y // packing.CELL)) % packing.GRID
        columns = (np.arange(w) - w // 2 + int(place.x // packing.CELL)) % packing.GRID
        taken[np.ix_(rows, columns)] += shape > 0
    assert taken.max() == 1, "no two figures lie on each other"
    assert any(p.x < p.size / 2 or p.x > UNITS - p.size / 2 for p in tile.placed), "and some cross an edge"


def test_an_svg_tile_is_the_picture_that_is_painted() -> None:
    art = plan.plan("foxes", {}, 12, 5, "flat").picks[7].art
    tile = layouts.tile(Wanted.of(art), 3)
    body = vectors.finished(tile, "flat", Grade.from_json(art["grade"]))
    text = vectors.document(tile.ground, body, "A <fox>")
    assert "<title>A &lt;fox&gt;</title>" in text and "<image" not in text and "href" not in text
    inner = text[text.index("<rect") : text.rindex("</svg>")]
    drawn = artist.layers.raster(inner, (0, 0, UNITS, UNITS), 256, 256)
    assert float(np.abs(drawn[..., :3].astype(int) - pixels(art, "flat", 256, 3)[..., :3]).mean()) < 0.5


def test_what_crosses_an_edge_is_drawn_a_tile_away() -> None:
    assert copies(10, 10, 20, 20) == [(0, 0)]
    assert copies(-10, 10, 20, 20) == [(0, 0), (UNITS, 0)]
    assert set(copies(-10, -10, 5, 5)) == {(0, 0), (UNITS, 0), (0, UNITS), (UNITS, UNITS)}


def test_a_plane_read_from_anywhere_goes_on_over_its_edges() -> None:
    plane = torus.noise(3, "test", 120, 12)
    assert abs(float(plane.mean())) < 1e-3 and abs(float(plane.std()) - 1) < 1e-3
    whole = torus.read(plane, 0, 0, 300, 300, 300, 300)
    around = torus.read(plane, 290, 0, 20, 300, 300, 300)
    assert np.allclose(around, np.concatenate([whole[:, 290:], whole[:, :10]], axis=1), atol=1e-3)
    soft = torus.blur(np.pad(np.ones((1, 120), np.float32), ((0, 119), (0, 0))), 3)
    assert np.allclose(soft[1], soft[-1], atol=1e-6), "what is beside the first line is the last one"


def test_a_set_has_as_many_different_tiles_as_asked_for_in_one_palette() -> None:
    for count in (1, 6, 12, 24):
        made = plan.plan("woodland animals", {}, count, 5, "watercolor")
        assert (
            len(made.picks)
            == len({p.prompt for p in made.picks})
            == plan.distinct([p.art for p in made.picks])
            == count
        )
        assert len({tuple(sorted(p.art["accents"])) for p in made.picks}) == 1
        json.dumps([p.art for p in made.picks])
    assert plan.plan("woodland animals", {}, 12, 5, "watercolor") == plan.plan(
        "woodland animals", {}, 12, 5, "watercolor"
    )


def test_layouts_named_in_an_idea_come_first_and_are_not_called_undrawn() -> None:
    made = plan.plan("sage green gingham and damask foxes, seamless pattern digital paper", {}, 6, 5, "watercolor")
    assert [p.art["pattern"] for p in made.picks[:2]] == ["gingham", "damask"]
    assert made.unused == [] and not made.needs_confirmation
    assert "gingham" in made.used and "foxes" in made.used
    said = plan.plan("a typewriter on stripes", {}, 6, 5, "watercolor")
    assert "typewriter" in said.unused and said.needs_confirmation
    assert "green" in plan.subject_of(made.picks[0].art) or "sage" in plan.subject_of(made.picks[0].art)


@pytest.mark.parametrize("idea", ["", "   ", "seamless pattern", "🦊", "x" * 900, "<svg>", "stripes stripes"])
def test_nothing_a_seller_types_stops_the_planning(idea: str) -> None:
    made = plan.plan(idea, {"composition": idea, "color_palette": idea}, 6, 5, "no-such-style")
    assert len(made.picks) == 6
    for pick in made.picks:
        assert plan.is_tile(pick.art) and plan.subject_of(pick.art)


def test_a_tile_is_written_whole_or_said_to_be_wrong(tmp_path: Path) -> None:
    art = plan.plan("foxes", {}, 6, 5, "flat").picks[3].art
    order = {**art, "style": "flat", "seed": 3, "width": 200, "height": 200, "out": str(tmp_path / "tile.png")}
    first = job.paint_tile(order)
    assert first["width"] == first["height"] == 200 and job.paint_tile(order) == first, "the same order, the same bytes"
    assert artist.png.read_back(tmp_path / "tile.png").shape == (200, 200, 4)
    assert job.paint_tile({**order, "pattern": "paisley"})["failed"] == "drawing"
    assert job.paint_tile({**order, "height": 100})["failed"] == "drawing"
    assert job.paint_tile({**order, "figures": [{"subject": "no-such"}], "pattern": "toss"})["failed"] == "drawing"
    drawn = job.draw_tile(art, 3, str(tmp_path / "tile.svg"))
    assert (tmp_path / "tile.svg").stat().st_size == drawn["bytes"]


def test_a_sketch_is_small_and_the_same_twice() -> None:
    art = plan.plan("foxes", {}, 6, 5, "watercolor").picks[2].art
    assert plan.sketch(art, 120) == plan.sketch(dict(art), 120)
    assert plan.sketch(art, 120)[8:12] == b"WEBP" and len(plan.sketch(art, 120)) < 20_000
    with pytest.raises(ValueError, match="pixels a side"):
        plan.sketch(art, 4000)


def test_a_pattern_of_one_thing_shows_that_thing_alone() -> None:
    made = plan.plan("strawberry gingham", {}, 12, 1, "watercolor")
    assert {f["subject"] for p in made.picks for f in p.art["figures"]} == {"strawberry"}
    assert not any(p.beyond for p in made.picks) and len({p.prompt for p in made.picks}) == 12


BARE = (
    "navy and white stripes",
    "pink polka dots",
    "black and white checkerboard",
    "houndstooth",
    "red and white gingham",
    "white polka dots",
)


@pytest.mark.parametrize("idea", BARE)
def test_layouts_and_colors_alone_are_a_set_without_figures(idea: str) -> None:
    made = plan.plan(f"{idea}, seamless pattern", {}, 60, 1, "flat")
    assert not made.unused and not made.note and not made.needs_confirmation
    assert not any(p.art["figures"] or p.beyond for p in made.picks)
    assert len({p.prompt for p in made.picks}) == plan.distinct([p.art for p in made.picks]) == 60
    assert plan.subject_of(made.picks[0].art).split()[-1] in idea
    assert made.title.lower() == f"{idea} patterns"


def test_no_two_tiles_without_figures_look_the_same() -> None:
    """A white check on black is a black one on white, moved: compared as pictures, at every place one could lie on the other."""
    made = plan.plan("black and white checkerboard", {}, 14, 1, "flat")
    shown = [np.asarray(pixels(p.art, "flat", 60)[..., :3], np.float64).mean(axis=2) for p in made.picks]
    shown = [one - one.mean() for one in shown]
    for first, second in itertools.combinations(shown, 2):
        if abs(first.std() - second.std()) > 4:
            continue
        near = np.fft.ifft2(np.fft.fft2(first) * np.conj(np.fft.fft2(second))).real.max() / first.size
        assert near < 0.93 * first.std() * second.std()


@pytest.mark.parametrize(("idea", "style"), [*((idea, "flat") for idea in BARE), ("houndstooth", "watercolor")])
def test_tiles_without_figures_join_themselves(idea: str, style: str) -> None:
    made = plan.plan(idea, {}, 14, 5, style)
    for pick in made.picks[:: 2 if style == "flat" else 5]:
        assert worst_seam(pixels(pick.art, style, 256)) <= 1.001, pick.prompt


@pytest.mark.parametrize(
    ("idea", "color"),
    [("moons and stars on navy", "navy"), ("ghosts on a black background", "black"), ("strawberries, pink background", "pink"),
     ("daisies with a sage green background", "sage green"), ("foxes on cream, seamless pattern", "cream")],
)  # fmt: skip
def test_the_ground_asked_for_is_what_tiles_lie_on(idea: str, color: str) -> None:
    made = plan.plan(idea, {}, 12, 5, "watercolor")
    on = sum(p.art["ground"] == palette.GROUNDS[color] for p in made.picks)
    assert on >= 5 and not made.unused and set(color.split()) <= set(made.used)
    assert made.picks[0].art["ground"] == palette.GROUNDS[color]


def test_a_color_of_the_figures_is_no_ground() -> None:
    for idea in ("black cats", "a cat on red roses", "navy whales"):
        first = plan.plan(idea, {}, 6, 5, "flat")
        assert first.picks[0].art["ground"] not in set(palette.GROUNDS.values())


def test_polka_dots_go_with_figures() -> None:
    made = plan.plan("daisies with polka dots", {}, 12, 5, "flat")
    assert made.picks[0].art["pattern"] == "dots" and "polka" in made.used and not made.unused
    assert sum(bool(p.art["figures"]) for p in made.picks) > 8


@pytest.mark.parametrize("style", ["watercolor", "gouache"])
def test_a_small_tile_is_the_large_one_seen_from_afar(style: str) -> None:
    """Scales lie over each other in many layers: a veil of each would leave nothing of those below."""
    scales = next(p for p in plan.plan("mushrooms", {}, 12, 5, style).picks if p.art["pattern"] == "scallop")
    small, large = pixels(scales.art, style, 200), pixels(scales.art, style, 800)
    shrunk = large.reshape(200, 4, 200, 4, 4).mean(axis=(1, 3))
    assert float(np.abs(shrunk[..., :3] - small[..., :3]).mean()) < 6
