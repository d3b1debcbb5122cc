"""Cut lines of what the artist really draws: one line, crossing itself nowhere, at the size it was cut and at any other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from elistit.artwork import sticker
from elistit_artist import brief
from elistit_artist.paint.job import paint_to_file
from tests.products import reading as files


def cut_line(idea: str, seed: int, subject: str, folder: Path) -> str:
    """The path data of the first sticker of `subject` among the twelve of that idea and seed."""
    pick = next(p for p in brief.plan(idea, {}, 12, seed, "flat").picks if p.art["subject"] == subject)
    order = {k: pick.art.get(k) for k in ("subject", "params", "grade", "manner")}
    about = {"style": "flat", "seed": seed, "width": 1024, "height": 1024, "transparent": True}
    answer = paint_to_file({**order, **about, "out": str(folder / "art.png")})
    assert "failed" not in answer, answer
    sticker.kiss_cut(folder / "art.png", folder / "sticker.png", folder / "cut.svg")
    [data] = files.paths(files.svg(folder / "cut.svg"))
    return data


@pytest.mark.parametrize(
    ("idea", "seed", "subject"),
    [("birthday party", 4, "cake"), ("woodland animals", 6, "wolf"), ("christmas", 7, "gingerbread")],
)
def test_a_cut_line_never_crosses_itself(idea: str, seed: int, subject: str, tmp_path: Path) -> None:
    """Each of these had points 0.01 px apart where two outlines were joined, and the curve through them tied a knot."""
    data = cut_line(idea, seed, subject, tmp_path)
    on_the_sheet = re.sub(r"-?\d+\.?\d*", lambda number: f"{float(number[0]) * 0.878 + 3.137:.2f}", data)
    assert len(files.area(data).geoms) == 1
    assert len(files.area(on_the_sheet).geoms) == 1
