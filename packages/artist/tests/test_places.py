"""Places of wall art: figures are shown where they belong, on the floor that is drawn, and on the moon only when asked."""

from __future__ import annotations

import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray

from elistit_artist import brief, compose, figures
from elistit_artist.compose.places import PLACES
from elistit_artist.plans import Pick


def picks(idea: str, count: int = 6) -> list[Pick]:
    return brief.plan(idea, {}, count, 7, "gouache", product="wall_art", ratio="3:4").picks


def pixels(code: str, guest: dict[str, object]) -> NDArray[np.int16]:
    scene = compose.compose("nursery", 3, 3, 4, "sage", code, guest)
    drawn = pyvips.Image.svgload_buffer(scene.svg.encode(), scale=150 / scene.width).flatten(background=[255, 255, 255])
    return drawn.numpy()[..., :3].astype(np.int16)


def test_there_are_fifteen_places_and_more() -> None:
    assert len(PLACES) >= 15
    assert set(PLACES) <= {k.code for k in compose.catalogue()["nursery"].kinds}


@pytest.mark.parametrize(
    "idea", ["highland cow nursery", "lion", "unicorn", "black cat", "fox and rabbit", "zodiac signs", "sloth"]
)
def test_nothing_stands_on_the_moon_unless_asked(idea: str) -> None:
    assert all("moon" not in p.prompt for p in picks(idea, 12))


def test_the_moon_is_there_when_asked() -> None:
    assert "crescent moon" in picks("sleeping bear on the moon")[0].prompt


@pytest.mark.parametrize(
    ("idea", "place"),
    [
        ("axolotl", "on the sea bed"),
        ("lion", "on the savanna"),
        ("fox", "on a forest path"),
        ("soccer ball", "on a playing field"),
        ("coffee mug", "on a kitchen shelf"),
        ("zodiac signs", "in a garden at night"),
        ("polar bear", "in the snow"),
        ("cat by a window", "by a window"),
        ("cow in front of a barn", "in front of a red barn"),
        ("dump truck", "before a city skyline"),
    ],
)
def test_a_figure_is_shown_where_it_belongs(idea: str, place: str) -> None:
    assert place in picks(idea)[0].prompt


@pytest.mark.parametrize("code", sorted(PLACES))
@pytest.mark.parametrize("subject", ["dump_truck", "fox"])
def test_wide_and_tall_figures_stand_on_the_floor(code: str, subject: str) -> None:
    """Where the figure changes the picture ends at the place's floor, whatever the figure's shape."""
    first = figures.variants(subject)[0]
    shown = pixels(code, {"subject": subject, "params": first})
    height, width = shown.shape[:2]
    changed = np.abs(shown - pixels(code, {"subject": "party_balloons", "params": {}})).max(axis=2) > 24
    middle = changed[:, int(width * 0.36) : int(width * 0.64)]
    above_front = np.flatnonzero(middle[: int(height * (PLACES[code].floor + 0.03))].any(axis=1))
    assert above_front.max() / height == pytest.approx(PLACES[code].floor, abs=0.035)
