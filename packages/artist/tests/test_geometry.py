"""The curves and the sheet every figure is built on."""

from __future__ import annotations

import numpy as np
import pytest

from elistit_artist.figures import geometry as g


def test_a_soft_curve_passes_through_its_points() -> None:
    points = [(0.0, 0.0), (10.0, 5.0), (20.0, 0.0), (10.0, -8.0)]
    curve = g.smooth(points)
    assert np.allclose(curve[0:-1:3], points)
    assert np.allclose(curve[-1], points[0])


def test_a_corner_keeps_its_handles_on_the_point() -> None:
    curve = g.smooth([(0, 0), (10, 0, 1), (10, 10), (0, 10)])
    assert np.allclose(curve[2], (10, 0)) and np.allclose(curve[4], (10, 0))


def test_a_soft_curve_does_not_overshoot_a_square_by_much() -> None:
    line = g.sampled(g.smooth([(0, 0), (100, 0), (100, 100), (0, 100)]))
    assert line.min() > -30 and line.max() < 130


def test_a_mirrored_outline_is_symmetric_and_does_not_repeat_the_axis() -> None:
    outline = g.mirrored([(0, -10), (8, 0), (0, 10)])
    assert outline == [(0, -10), (8, 0), (0, 10), (-8, 0)]


def test_a_trace_reads_points_corners_offsets_and_stretch() -> None:
    assert g.trace("1,2 3,-4!") == [(1, 2), (3, -4, 1)]
    assert g.trace("1,2 3,-4!", 10, 20, wide=-2) == [(8, 22), (4, 16, 1)]


def test_the_sheet_fits_any_drawing_into_its_square() -> None:
    sheet = g.Sheet()
    with sheet.at(5000, -300, turn=30, size=7):
        sheet.oval(0, 0, 40, 10, "#aa8866")
    words = sheet.svg().split('d="M')[1].split('Z"')[0].replace("C", " ").split()
    ends = np.array(words, float).reshape(-1, 2)[::3]
    assert ends.min() >= 60 and ends.max() <= 940
    assert ends.max() - ends.min() > 700


def test_a_flipped_frame_mirrors_what_is_drawn_in_it() -> None:
    sheet = g.Sheet()
    with sheet.at(100, 0, flip=True):
        sheet.shape([(10, 0), (20, 0), (20, 10)], "#aa8866")
    left, _, right, _ = sheet.bounds()
    assert left < 81 and right == pytest.approx(90, abs=3)


def test_a_frame_is_left_as_it_was_found_even_after_an_error() -> None:
    sheet = g.Sheet()
    before = sheet.placement.copy()
    with pytest.raises(RuntimeError), sheet.at(3, 4, turn=9):
        raise RuntimeError
    assert np.array_equal(sheet.placement, before)


def test_colors_are_varied_a_little_and_repeatably() -> None:
    one = g.vary("#996633", np.random.default_rng(5))
    assert one == g.vary("#996633", np.random.default_rng(5))
    assert one != "#996633"
    assert max(abs(a - b) for a, b in zip(g.rgb(one), g.rgb("#996633"), strict=True)) < 0.3


def test_bands_lie_across_their_stroke() -> None:
    (band,) = g.bands([(0, 0), (50, 0), (100, 0)], (20, 20), ((0.4, 0.6),))
    xs, ys = [p[0] for p in band], [p[1] for p in band]
    assert min(xs) >= 38 and max(xs) <= 62 and min(ys) == pytest.approx(-10) and max(ys) == pytest.approx(10)
