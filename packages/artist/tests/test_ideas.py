"""Ideas as sellers type them, each judged by hand: what is drawn, which words count, which are named as not drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from elistit_artist import brief, figures, names
from elistit_artist.known_as import KNOWN_AS
from elistit_artist.plans import Pick

LISTED = Path(__file__).with_name("ideas.tsv")
PRECISION_MIN = 0.98


@dataclass(frozen=True)
class Idea:
    text: str
    product: str
    subjects: frozenset[str]
    used: frozenset[str]
    unused: frozenset[str]
    confirm: bool


@cache
def ideas() -> list[Idea]:
    rows = [line.split("\t") for line in LISTED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Idea(t, p, frozenset(s.split(",")) - {""}, frozenset(u.split()), frozenset(n.split()), c == "yes")
        for t, p, s, u, n, c in rows
    ]


@cache
def plan(text: str, product: str = "clipart") -> brief.Plan:
    return brief.plan(text, {}, 15 if product == "clipart" else 1, 7, "watercolor", product=product, ratio="3:4")


def shown(picks: list[Pick]) -> set[str]:
    """Figures and composers that are drawn because the idea asks for them."""
    asked = [p for p in picks if not p.beyond]
    hosts = [p.art["guest"] for p in asked if p.art.get("guest")]
    guests = {g["subject"] for host in hosts for g in (host, *host.get("others", ()))}
    return {p.art.get("scene") or p.subject for p in asked} | guests


def test_there_are_enough_ideas_to_say_something_about_the_rest() -> None:
    assert len({i.text for i in ideas()}) >= 300
    assert sum(i.confirm for i in ideas()) >= 80 and sum(not i.confirm for i in ideas()) >= 200


def test_what_an_idea_asks_for_is_drawn() -> None:
    wrong = [i.text for i in ideas() if not i.subjects <= shown(plan(i.text, i.product).picks)]
    assert wrong == []


@pytest.mark.parametrize("which", ["used", "unused"])
def test_words_are_reported_as_they_are(which: str) -> None:
    said = [(i, w) for i in ideas() for w in getattr(plan(i.text, i.product), which)]
    wrong = [f"{i.text}: {w}" for i, w in said if w not in getattr(i, which)]
    assert len(said) > 150
    assert 1 - len(wrong) / len(said) >= PRECISION_MIN, wrong
    missed = [
        f"{i.text}: {w}" for i in ideas() for w in getattr(i, which) if w not in getattr(plan(i.text, i.product), which)
    ]
    assert len(missed) / len(said) <= 1 - PRECISION_MIN, missed


def test_the_main_noun_that_is_not_drawn_needs_a_tick() -> None:
    wrong = [i.text for i in ideas() if plan(i.text, i.product).needs_confirmation != i.confirm]
    assert len(wrong) / len(ideas()) <= 1 - PRECISION_MIN, wrong


def arts(text: str, product: str) -> list[str]:
    keys = ("subject", "params", "scene", "kind", "scheme", "guest", "grade", "manner")
    return sorted(repr([p.art.get(k) for k in keys]) for p in plan(text, product).picks)


def without(text: str, word: str) -> str:
    return re.sub(rf"(?i)(?<![\w'’]){re.escape(word)}(?![\w'’])", "", text)


def test_a_used_word_changes_the_drawing_and_another_does_not() -> None:
    for idea in ideas()[::3]:
        made, before = plan(idea.text, idea.product), arts(idea.text, idea.product)
        for word in made.used:
            assert arts(without(idea.text, word), idea.product) != before, (idea.text, word)
        assert not set(made.used) & set(made.unused)


@pytest.mark.parametrize(
    ("idea", "theme"),
    [("ocean animals", "ocean"), ("fruit", "fruit"), ("vegetables", "vegetable"), ("insects", "insect"), ("arctic animals", "arctic"),
     ("spring", "spring"), ("sweets", "sweet")],
)  # fmt: skip
def test_nothing_of_another_theme_is_in_a_set_uncounted(idea: str, theme: str) -> None:
    catalogue = figures.catalogue()
    for pick in plan(idea).picks:
        subject = catalogue[pick.subject]
        own = {w.removesuffix("s") for w in (*subject.themes, *subject.tags)}
        assert pick.beyond == (theme not in own), pick.prompt


@pytest.mark.parametrize(
    ("idea", "kind"),
    [("golden retriever", "golden retriever"), ("corgi", "corgi"), ("black cat", "black cat"), ("snowy owl", "snowy owl"),
     ("red apple", "red apple"), ("leo", "sign Leo"), ("scorpio constellation", "constellation Scorpio"),
     ("a cup of coffee", "cup of coffee"), ("blue butterfly", "blue butterfly")],
)  # fmt: skip
def test_a_kind_that_is_painted_is_found_by_its_name(idea: str, kind: str) -> None:
    made = [p for p in plan(idea).picks if not p.beyond]
    assert made and all(kind in p.prompt for p in made)


@pytest.mark.parametrize(
    "idea", ["set of cats", "a pair of cats", "bunch of cats", "bottle cats", "kids cats", "bundle of cats"]
)
def test_what_holds_or_counts_things_is_no_thing(idea: str) -> None:
    assert {p.subject for p in plan(idea).picks} == {"cat"}


@pytest.mark.parametrize(
    ("typed", "meant"), [("hedgehgo", "hedgehog"), ("elefant", "elephant"), ("butterflys", "butterfly")]
)
def test_a_slip_of_the_keyboard_is_read_as_what_was_meant(typed: str, meant: str) -> None:
    made = plan(typed)
    assert {p.subject for p in made.picks} == {meant} and made.used == [typed]


@pytest.mark.parametrize("word", ["gosling", "socket", "canyon", "barge", "crane"])
def test_a_real_word_is_never_taken_for_a_slip(word: str) -> None:
    made = plan(word)
    assert made.unused == [word] and made.needs_confirmation and all(p.beyond for p in made.picks)


@pytest.mark.parametrize(
    ("idea", "worn"),
    [("golden retriever puppy with a red bandana", "a red bandana"), ("cat in a navy blue scarf", "a navy knitted scarf"),
     ("foxes in yellow hats", "a little yellow hat"), ("bunnies with pink bows", "a pink bow tie"),
     ("highland cow with purple flower crown", "a purple flower crown")],
)  # fmt: skip
def test_the_color_of_what_is_worn_is_not_the_color_of_who_wears_it(idea: str, worn: str) -> None:
    made = plan(idea)
    assert f"wearing {worn}" in made.picks[0].prompt and made.picks[0].prompt.endswith("watercolor")
    assert not made.unused and set(worn.split()) & set(made.used)


def test_an_image_without_what_it_should_wear_goes_beyond_the_idea() -> None:
    for pick in plan("golden retriever with a bandana").picks:
        assert pick.beyond == ("bandana" not in pick.prompt)


def test_what_is_only_worn_for_a_season_may_be_missing() -> None:
    assert not any(p.beyond for p in plan("spring bunny with tulips and easter eggs").picks)


def test_every_named_figure_comes_before_others_of_its_theme() -> None:
    made = plan("cute dinosaurs, t-rex, triceratops, stegosaurus")
    assert [p.subject for p in made.picks[:3]] == ["trex", "triceratops", "stegosaur"]


def test_a_name_means_the_kinds_it_says() -> None:
    """A kind that no figure is painted in would mean every kind of it, unnoticed: of raspberries the blackberries."""
    for word, meant in KNOWN_AS.items():
        for one in meant.split("+"):
            code, _, part = one.partition("=")
            kinds = {names.label(p) for p in figures.variants(code)}
            asked = {k for a in names.dictionary()[word].asks if a.code == code for k in a.kinds}
            assert not part or asked, f"{word}: {one} is none of {sorted(kinds)}"


def test_raspberries_are_no_blueberries() -> None:
    asked = [p.prompt for p in plan("raspberries").picks if not p.beyond]
    assert asked and all("raspberries" in prompt for prompt in asked)


@pytest.mark.parametrize(
    ("idea", "never"),
    [("ghost dogs", "hot_dog"), ("breakfast eggs and bacon", "easter_egg"), ("raccoon in a trash can", "watering_can"),
     ("globe", "snow_globe"), ("a knight with a brown shield", "starburst")],
)  # fmt: skip
def test_a_word_in_another_things_name_is_not_that_thing(idea: str, never: str) -> None:
    assert never not in {p.subject for p in plan(idea).picks if not p.beyond}


def test_each_name_has_its_turn_however_many_figures_it_means() -> None:
    made = plan("garden tools and sunflowers")
    assert [p.subject for p in made.picks[:4]] == ["trowel", "sunflower", "wheelbarrow", "hand_fork"]


@pytest.mark.parametrize(("idea", "never"), [("donuts", "cookie"), ("pencils", "crayon"), ("bread", "croissant")])
def test_a_name_does_not_mean_what_else_the_figure_may_be(idea: str, never: str) -> None:
    assert not [p.prompt for p in plan(idea).picks if never in p.prompt and not p.beyond]
