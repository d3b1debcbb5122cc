"""Whole pictures: an idea comes to the right composer, and a scene is the same picture at every size, to its very edge."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elistit_artist import brief, compose, figures, styles
from elistit_artist.compose.colors import BY_CODE, FOR_PALETTE, SCHEMES, WORDS, scheme
from elistit_artist.paint import color, layers, sheet
from elistit_artist.palettes import PALETTES

CODES = list(compose.catalogue())
PAINTED = [s.code for s in styles.OFFERED if s.scene]


def plan(idea: str, count: int = 1, product: str = "wall_art", ratio: str = "3:4", **options: str) -> brief.Plan:
    return brief.plan(idea, options, count, 4, "watercolor", product=product, ratio=ratio)


@pytest.mark.parametrize(
    ("idea", "scene"),
    [("boho sun", "boho_sun"), ("moon phases", "moon_phases"), ("rainbow for the nursery", "rainbow"), ("rolling hills", "hills"),
     ("abstract shapes", "abstract"), ("botanical print of a fern", "botanical"), ("bauhaus arches", "arches"),
     ("line art woman face", "line_face"), ("still life with vases", "still_life"), ("abstract mountains", "mountains"),
     ("ocean waves", "sea"), ("japanese waves", "nursery"), ("terrazzo pattern", "pattern"), ("mandala", "mandala"), ("kitchen herbs", "herbs"),
     ("woodland animals nursery", "nursery"), ("starry night sky", "night_sky"), ("wildflower meadow", "meadow"),
     ("lemons", "citrus"), ("misty pine forest", "forest"), ("desert cactus", "desert"), ("matisse cutouts", "cutouts")],
)  # fmt: skip
def test_an_idea_comes_to_its_composer(idea: str, scene: str) -> None:
    found = plan(idea)
    assert found.picks[0].art["scene"] == scene
    assert "no composition" not in found.note


def test_an_animal_that_is_named_is_shown() -> None:
    pick = plan("a sleepy bear for the kids room").picks[0]
    assert pick.art["guest"]["subject"] == "bear"
    assert pick.prompt.startswith("a brown bear")


def test_kids_are_no_goats() -> None:
    assert plan("dinosaur kids room").picks[0].art["guest"]["subject"] != "goat"


def test_colors_asked_for_are_used_and_said() -> None:
    found = plan("mountains", color_palette="sage green")
    assert found.picks[0].art["scheme"] == "sage"
    assert "sage" in found.picks[0].prompt
    assert {"mountains", "sage"} <= set(found.used) and "green" not in found.unused
    assert plan("a vase in blush and sage").picks[0].art["scheme"] == "blush+sage"


def test_words_without_effect_are_named_and_an_unknown_idea_is_owned_up_to() -> None:
    assert "saxophone" in plan("mountains with a saxophone").unused
    lost = plan("qwertz uiop")
    assert "no composition for this idea" in lost.note and {"qwertz", "uiop"} <= set(lost.unused)


def test_what_should_be_left_out_is_left_out() -> None:
    assert plan("mountains and sea", negative="sea").picks[0].art["scene"] == "mountains"
    assert plan("no mountains, sea").picks[0].art["scene"] == "sea"


def test_a_card_says_that_it_has_no_lettering_and_wall_art_gets_no_card() -> None:
    card = plan("birthday flowers", product="greeting_card", ratio="5:7")
    assert compose.catalogue()[card.picks[0].art["scene"]].card
    assert "No lettering" in card.note
    for pick in plan("birthday flowers", 60).picks:
        assert not compose.catalogue()[pick.art["scene"]].card


@pytest.mark.parametrize("product", ["wall_art", "poster", "greeting_card"])
@pytest.mark.parametrize("idea", ["boho sun", "fox", "", "lemons in blue"])
def test_there_are_exactly_as_many_distinct_pictures_as_asked(idea: str, product: str) -> None:
    for count in (1, 12, 60):
        picks = plan(idea, count, product).picks
        assert len(picks) == count == len({p.prompt for p in picks})
        assert json.loads(json.dumps([p.art for p in picks])) == [p.art for p in picks]


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=120),
    st.dictionaries(
        st.sampled_from(["color_palette", "mood", "negative", "setting", "composition"]), st.text(max_size=40)
    ),
    st.sampled_from(["wall_art", "poster", "greeting_card", "sticker", "svg", "custom"]),
    st.sampled_from(["3:4", "3:2", "0:0", "9:1", "x", ""]),
)
def test_nothing_a_seller_types_can_break_it(idea: str, options: dict[str, str], product: str, ratio: str) -> None:
    made = brief.plan(idea, options, 2, 1, "no-such-style", product=product, ratio=ratio)
    assert len(made.picks) == 2


def test_a_product_without_a_choice_of_model_gets_its_own_style() -> None:
    for product, style in (("sticker", "kawaii"), ("svg", "flat")):
        assert brief.plan("fox", {}, 1, 1, "watercolor", product=product).picks[0].art["style"] == style
    assert plan("boho sun").picks[0].art["style"] == "watercolor"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("size", [(768, 1024), (1024, 768), (832, 1248)])
def test_a_composer_draws_flat_shapes_inside_reason(code: str, size: tuple[int, int]) -> None:
    composer = compose.catalogue()[code]
    for place, kind in enumerate(composer.kinds):
        scene = compose.compose(code, 7 + place, *size, composer.schemes[0], kind.code)
        parts, box = layers.leaves(scene.svg)
        assert abs(box[2] / box[3] - size[0] / size[1]) < 0.001 and min(box[2:]) == pytest.approx(1000, abs=0.1)
        assert not re.search(r"<(text|image|filter|linearGradient|mask|clipPath|use)|href|url\(", scene.svg)
        assert 1 <= len(parts) < 1600
        pixels = layers.raster("".join(parts), box, 120, 120)
        assert (pixels[..., 3] > 127).mean() > 0.015, "there is something to see"


def test_a_scene_is_the_same_for_the_same_seed_and_ratio_and_another_for_another_seed() -> None:
    for code in CODES:
        first = compose.compose(code, 3, 768, 1024, "sage")
        assert first == compose.compose(code, 3, 5400, 7200, "sage")
        assert first.svg != compose.compose(code, 4, 768, 1024, "sage").svg


def test_every_kind_draws_something_else() -> None:
    for code, composer in compose.catalogue().items():
        drawn = {compose.compose(code, 3, 3, 4, "sage", k.code).svg for k in composer.kinds}
        assert len(drawn) == len(composer.kinds)


def test_at_least_eight_schemes_and_every_palette_has_one() -> None:
    assert len(SCHEMES) >= 8 and len(BY_CODE) == len(SCHEMES)
    assert set(FOR_PALETTE) == {p.code for p in PALETTES}
    assert {*FOR_PALETTE.values(), *WORDS.values()} <= set(BY_CODE)
    assert all(set(c.schemes) <= set(BY_CODE) for c in compose.catalogue().values())
    assert scheme("coast+blush").ground == BY_CODE["coast"].ground
    for s in SCHEMES:
        apart = abs(color.lightness(color.from_hex(s.ground)) - color.lightness(color.from_hex(s.ink)))
        assert apart > 0.45, f"lines show on {s.code}"


@pytest.mark.parametrize("style", PAINTED)
@pytest.mark.parametrize("scheme_code", ["terracotta", "midnight"])
def test_a_picture_is_the_same_at_every_size_and_covers_its_edge(style: str, scheme_code: str) -> None:
    chosen = styles.style(style)
    scene = compose.compose("boho_sun", 5, 3, 4, scheme_code)
    assert chosen.scene
    small, large = (
        chosen.scene(scene.svg, scene.ground, 5, color.Grade(), chosen.broad, w, h)
        for w, h in ((384, 512), (768, 1024))
    )
    assert small.shape == (512, 384, 4) and small[..., 3].min() == 255 and large[..., 3].min() == 255
    reduced = sheet.reduce(large, 384, 512)
    a, b = small[..., :3].astype(float), reduced[..., :3].astype(float)
    assert np.abs(a - b).mean() < 1.6
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.995
    again = chosen.scene(scene.svg, scene.ground, 5, color.Grade(), chosen.broad, 384, 512)
    assert np.array_equal(small, again)


def test_no_bare_rim_shows_where_a_wash_meets_the_edge() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1333"><path d="M-90 -90H1090V1423H-90Z" fill="#315a75"/></svg>'
    rgba = styles.WATERCOLOR.scene(svg, "#f6ecde", 8, color.Grade(), styles.WATERCOLOR.broad, 384, 512)  # type: ignore[misc]
    light = rgba[..., :3].astype(float).mean(2)
    for rim, near in ((light[:2], light[10:18]), (light[-2:], light[-18:-10]), (light[:, :2], light[:, 10:18])):
        assert abs(rim.mean() - near.mean()) < 7
    assert light.max() < 225, "the paper shows nowhere"


def test_bare_toned_paper_has_no_pale_clouds() -> None:
    scene = compose.compose("night_sky", 9, 3, 4, "midnight", "moon")
    rgba = styles.WATERCOLOR.scene(scene.svg, scene.ground, 9, color.Grade(), styles.WATERCOLOR.broad, 384, 512)  # type: ignore[misc]
    sky = rgba[:60, :, :3].astype(float).mean(2)
    assert np.median(sky) < 80 and np.percentile(sky, 90) < np.median(sky) + 14


def test_a_guest_that_is_not_in_the_catalogue_is_refused() -> None:
    with pytest.raises(KeyError):
        compose.compose("nursery", 1, 3, 4, "sage", "hill", {"subject": "knight", "params": {}})
    with pytest.raises(ValueError):
        compose.compose("hills", 1, 1, 9, "sage")
    assert "fox" in figures.catalogue()
