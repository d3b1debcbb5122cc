"""Charts of several things, and themes that are drawn or named as not drawn."""

from __future__ import annotations

import pytest

from elistit_artist import compose, draw, understand


@pytest.mark.parametrize("idea", ["garden tools", "teacher", "gardening tools wall art"])
def test_several_things_of_a_kind_are_shown_side_by_side(idea: str) -> None:
    pick = understand(idea, count=1, product="wall_art", ratio="3:4").picks[0]
    shown = [pick.art["guest"], *pick.art["guest"]["others"]]
    assert pick.art["scene"] == "chart" and len(shown) == 6
    assert len({g["subject"] for g in shown}) == 6
    vector = draw(pick, vector=True)
    fewer = {**pick.art["guest"], "others": pick.art["guest"]["others"][:3]}
    four = compose.compose("chart", 1, 3, 4, pick.art["scheme"], "grid", fewer)
    assert vector.svg.count("<path") > four.svg.count("<path")


@pytest.mark.parametrize("idea", ["trowel", "garden tools on a table", "books", "fox"])
def test_one_thing_or_a_place_is_no_chart(idea: str) -> None:
    assert understand(idea, count=1, product="wall_art", ratio="3:4").picks[0].art["scene"] != "chart"


def test_a_birthday_is_drawn_or_named() -> None:
    made = understand("dinosaur birthday", count=1, product="wall_art", ratio="3:4")
    assert made.picks[0].art["kind"] == "party" and {"dinosaur", "birthday"} <= set(made.used)
