"""The built-in briefing: words in, distinct pictures out, and honesty about what was not understood."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elistit_artist import brief, figures, lexicon, palettes, themes


def plan(idea: str, count: int = 15, seed: int = 4, **options: str) -> brief.Plan:
    return brief.plan(idea, options, count, seed, "watercolor")


def test_woodland_animals_are_animals_of_the_wood() -> None:
    found = plan("woodland animals, watercolor clipart bundle")
    catalogue = figures.catalogue()
    assert found.theme == "woodland"
    assert found.title == "Woodland Animals"
    assert all("woodland" in catalogue[p.subject].themes for p in found.picks)
    assert found.unused == []
    assert found.note == ""


@pytest.mark.parametrize("count", [1, 15, 30, 100])
@pytest.mark.parametrize("idea", ["woodland animals", "fox", "wedding flowers", "qwertz uiop", ""])
def test_there_are_exactly_as_many_distinct_picks_as_asked(idea: str, count: int) -> None:
    picks = plan(idea, count).picks
    assert len(picks) == count
    assert len({p.prompt for p in picks}) == count
    assert len({json.dumps([p.art[k] for k in ("subject", "params", "grade")], sort_keys=True) for p in picks}) == count


def test_every_subject_comes_once_before_any_comes_twice() -> None:
    subjects = [p.subject for p in plan("woodland", 60).picks]
    distinct = len(set(subjects))
    assert len(set(subjects[: min(distinct, 15)])) == min(distinct, 15)


def test_the_same_idea_and_seed_give_the_same_brief() -> None:
    assert plan("autumn mushrooms", 30) == plan("autumn mushrooms", 30)
    assert plan("autumn mushrooms", 30, seed=5).picks != plan("autumn mushrooms", 30).picks


def test_a_figure_called_by_name_comes_first_and_alone() -> None:
    found = plan("foxes and rabbits", 12)
    assert {p.subject for p in found.picks} == {"fox", "rabbit"}
    assert found.title == "Red Fox and Rabbit"


def test_something_worn_is_worn_and_is_no_theme() -> None:
    found = plan("sleepy fox with a flower crown", 3)
    assert {p.subject for p in found.picks} == {"fox"}
    assert "flower crown" in found.picks[0].prompt
    assert "sleeping" in found.picks[0].prompt
    assert found.unused == []


def test_an_unknown_idea_becomes_botanicals_and_the_note_says_so() -> None:
    found = plan("zeppelin qwertz", 5)
    assert found.theme == themes.FALLBACK
    assert "no figure for this idea" in found.note
    assert {"zeppelin", "qwertz"} <= set(found.unused)


def test_words_without_effect_are_named() -> None:
    found = plan("woodland animals playing saxophone")
    assert "saxophone" in found.unused
    assert "saxophone" in found.note
    assert "saxophone" not in found.used


def test_colors_of_the_options_reach_the_picture_and_the_prompt() -> None:
    plainly, soft = plan("fox", 1), plan("fox", 1, color_palette="Pastel", mood="dreamy")
    assert soft.picks[0].art["grade"] != plainly.picks[0].art["grade"]
    assert "pastel" in soft.picks[0].prompt
    assert {"pastel", "dreamy"} <= set(soft.used)


def test_what_should_be_left_out_is_left_out() -> None:
    asked = plan("woodland animals", 15)
    first = asked.picks[0].subject
    without = plan("woodland animals", 15, negative=figures.catalogue()[first].name)
    assert first not in {p.subject for p in without.picks}


def test_what_the_idea_itself_does_not_want_is_left_out() -> None:
    found = plan("autumn woodland animals without owls", 40)
    assert "owl" not in {p.subject for p in found.picks}
    assert found.title == "Woodland Animals", "autumn only colors the woodland"
    assert "autumn colors" in found.picks[0].prompt
    assert found.unused == []


def test_two_themes_share_the_set() -> None:
    catalogue = figures.catalogue()
    found = plan("ocean and safari animals", 10)
    for theme in ("ocean", "safari"):
        assert sum(theme in catalogue[p.subject].themes for p in found.picks) >= 4


def test_a_color_that_is_a_kind_of_the_figure_picks_the_kind() -> None:
    found = plan("a cream rose", 1)
    assert found.picks[0].subject == "rose"
    assert "cream" in found.picks[0].prompt.split(",")[0]
    assert found.picks[0].art["grade"]["colors"] == []


def test_a_thing_without_a_figure_is_not_called_used() -> None:
    found = plan("a mermaid in the ocean")
    assert found.theme == "ocean"
    assert "mermaid" in found.unused or any(p.subject == "mermaid" for p in found.picks)


def test_prompts_are_plain_english_and_the_art_is_json() -> None:
    for pick in plan("woodland animals", 40).picks:
        assert pick.prompt.endswith(("watercolor", "colors", "rose", "neutrals", "blues", "lilac", "blush"))
        assert "{" not in pick.prompt and "_" not in pick.prompt
        assert json.loads(json.dumps(pick.art)) == pick.art
        assert pick.art["prompt"] == pick.prompt


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=200),
    st.dictionaries(st.sampled_from(["color_palette", "mood", "negative", "setting"]), st.text(max_size=60)),
)
def test_nothing_a_seller_types_can_break_it(idea: str, options: dict[str, str]) -> None:
    assert len(brief.plan(idea, options, 7, 1, "no-such-style").picks) == 7


@pytest.mark.parametrize(
    ("plural", "one"),
    [("foxes", "fox"), ("berries", "berry"), ("leaves", "leaf"), ("bus", "bus"), ("hedgehogs", "hedgehog")],
)
def test_plurals_become_singular(plural: str, one: str) -> None:
    assert lexicon.singular(plural) == one


def test_two_palettes_blend_and_say_both() -> None:
    colors = palettes.read_colors("sage green and blush")
    assert {"sage", "green", "blush"} <= set(colors.used)
    assert len(colors.grade.colors) > 10
    assert palettes.read_colors("a plain fox").phrase == ""


def test_no_theme_or_palette_is_listed_twice() -> None:
    for codes in ([t.code for t in themes.THEMES], [p.code for p in palettes.PALETTES]):
        assert len(codes) == len(set(codes))
    for theme in themes.THEMES:
        assert all(themes.theme(near) for near in theme.near)


def test_every_figure_a_theme_names_first_is_there() -> None:
    known = set(figures.catalogue())
    assert {code for theme in themes.THEMES for code in theme.first} <= known


@pytest.mark.parametrize(
    ("idea", "expected"),
    [
        ("wildflowers", {"cosmos", "poppy", "daisy"}),
        ("kitchen and baking", {"mixing_bowl", "whisk", "rolling_pin"}),
        ("baby nursery", {"rabbit", "elephant", "moon"}),
        ("christmas", {"christmas_tree", "reindeer", "snowman"}),
        ("back to school", {"books", "pencil", "globe"}),
    ],
)
def test_an_idea_begins_with_what_a_buyer_expects_of_it(idea: str, expected: set[str]) -> None:
    picks = brief.plan(idea, {}, 6, 1, "watercolor").picks
    assert {p.subject for p in picks[:3]} == expected


def test_scarves_are_knitted_unless_leaves_are_asked_for() -> None:
    worn = [p.prompt for p in brief.plan("animals wearing scarves", {}, 12, 7, "watercolor").picks]
    assert all("knitted scarf" in p for p in worn)
    leafy = [p.prompt for p in brief.plan("foxes with leaf scarves", {}, 3, 7, "watercolor").picks]
    assert all("leaf scarf" in p for p in leafy)


def test_animals_wear_bows_and_things_stand_beside_them() -> None:
    bears = brief.plan("bears with bows", {}, 4, 7, "watercolor").picks
    assert all("bow" in p.prompt for p in bears) and "ribbon_bow" not in {p.subject for p in bears}
    assert "ribbon_bow" in {p.subject for p in brief.plan("mug with a bow", {}, 4, 7, "watercolor").picks}
