"""The clean styles: sharp at any size, solid where they must be, and a vector file that says what the picture shows."""

from __future__ import annotations

import numpy as np
import pytest
from painting_samples import FACE, SPRIG

from elistit_artist import styles
from elistit_artist.paint import color, vector


def drawn(look: vector.Look, px: int = 512, svg: str = FACE) -> np.ndarray:
    drawing = vector.read(svg)
    return vector.put_on_pixels(drawing, look(drawing, color.Grade()), px, px)


@pytest.mark.parametrize("look", [vector.flat, vector.lines, vector.sticker])
def test_clear_pixels_are_empty_and_the_figure_is_solid(look: vector.Look) -> None:
    rgba = drawn(look)
    assert not rgba[rgba[..., 3] == 0].any()
    assert (rgba[..., 3] == 255).mean() > 0.2 and (rgba[..., 3] == 0).mean() > 0.2
    assert ((rgba[..., 3] > 0) & (rgba[..., 3] < 255)).mean() < 0.02


def test_flat_has_few_colors_and_no_see_through_shapes() -> None:
    drawing = vector.read(FACE)
    shapes = vector.flat(drawing, color.Grade())
    assert len(shapes) == len(drawing.pieces)
    assert len({name for name, _ in shapes}) <= 6
    assert not any("opacity" in markup for _, markup in shapes)
    cheek = next(name for (name, _), p in zip(shapes, drawing.pieces, strict=True) if p.opacity < 1)
    assert cheek not in ("#ef9a8c", "#f8efe2"), "a blush on fur is neither the blush nor the fur"


def test_near_colors_become_one_and_far_ones_stay_apart() -> None:
    names = vector.one_color_each([(0.5, 0.6, 0.4), (0.51, 0.6, 0.41), (0.8, 0.3, 0.2)], [1, 9, 2])
    assert names[0] == names[1] == vector.hexed((0.51, 0.6, 0.41))
    assert names[2] != names[0]


def test_a_coloring_page_is_black_and_white_with_a_closed_outline() -> None:
    rgba = drawn(vector.lines)
    solid = rgba[rgba[..., 3] == 255][:, :3].astype(int)
    assert (np.ptp(solid, axis=1) < 12).all(), "no colors"
    white = (solid.min(1) > 245).mean()
    assert 0.5 < white < 0.97
    edge = rgba[..., 3] > 127
    rows = np.nonzero(edge.any(1))[0]
    for y in rows[5:-5:9]:
        xs = np.nonzero(edge[y])[0]
        for x in (xs[0] + 2, xs[-1] - 2):
            assert rgba[y, x, :3].max() < 120, "the first thing from outside is the line"


def test_a_sticker_has_a_dark_soft_outline_and_keeps_its_colors() -> None:
    flat, sticker = drawn(vector.flat), drawn(vector.sticker)
    assert (sticker[..., 3] > 127).sum() > (flat[..., 3] > 127).sum() * 1.02
    assert sticker[250, 256, 0] > 190, "the forehead stays orange"


def test_colors_of_the_idea_reach_the_flat_picture_and_the_paper() -> None:
    blue = color.Grade(("#4f7399", "#9db9d3"), 0.8)
    drawing = vector.read(SPRIG)
    assert vector.flat(drawing, blue)[0][0] != vector.flat(drawing, color.Grade())[0][0]
    assert vector.toned("#f6ecde", color.Grade(lift=0.3)) != "#f6ecde"


def test_an_svg_file_names_its_layers_and_escapes_its_title() -> None:
    drawing = vector.read(FACE)
    text = vector.document(drawing, vector.flat(drawing, color.Grade()), 'a "fox" <b> & co')
    assert '<g id="layer-01-' in text and "<title>a &quot;fox" not in text
    assert "&lt;b&gt; &amp; co" in text


def test_an_old_plate_is_muted_but_a_sellers_colors_stay_theirs() -> None:
    plain = styles.aged(color.Grade())
    assert plain.colors and plain.warmth > 0
    asked = styles.aged(color.Grade(("#4f7399",), 0.8))
    assert asked.colors == ("#4f7399",) and asked.chroma < 1


def test_every_product_has_a_style_and_every_style_a_product() -> None:
    for product in ("clipart", "sticker", "svg", "wall_art", "poster", "greeting_card"):
        assert any(product in s.products for s in styles.OFFERED)
    assert all(s.products for s in styles.OFFERED)
    assert all(s.scene for s in styles.OFFERED if s.products & styles.PICTURES)
