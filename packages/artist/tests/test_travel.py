"""Travel posters: the place is taken from the idea's own words, and nothing else is lettered."""

from __future__ import annotations

import pytest

from elistit_artist import compose, places_named, understand
from elistit_artist.plans import Plan


def poster(idea: str, product: str = "poster") -> Plan:
    return understand(idea, count=1, product=product, ratio="2:3")


@pytest.mark.parametrize(
    ("idea", "name", "kind"),
    [
        ("travel poster of Yosemite", "Yosemite", "mountains"),
        ("vintage travel poster Paris", "Paris", "paris"),
        ("Zion National Park travel poster", "Zion National Park", "desert"),
        ("grand canyon national park poster", "Grand Canyon", "desert"),
        ("new york city retro travel poster", "New York City", "city"),
        ("travel poster of Joshua Tree at sunset", "Joshua Tree", "desert"),
        ("travel poster, Lake Como, blue", "Lake Como", "hills"),
        ("hawaii travel poster with palm trees", "Hawaii", "beach"),
        ("minimalist travel poster of Ljubljana", "Ljubljana", "hills"),
        ("amalfi coast travel print in gouache", "Amalfi Coast", "sea"),
        ("vintage travel poster of the Black Forest", "Black Forest", "forest"),
        ("New Orleans travel poster for my mom", "New Orleans", "hills"),
    ],
)
def test_the_place_is_lettered_above_a_fitting_scene(idea: str, name: str, kind: str) -> None:
    made = poster(idea)
    art = made.picks[0].art
    assert (art["scene"], art["kind"]) == ("travel", kind)
    assert art["words"][0].startswith(name) and art["words"][0] in made.picks[0].prompt
    assert not made.needs_confirmation
    assert {w.lower() for w in art["words"][0].split()} <= {w.lower().strip(",") for w in idea.split()}


@pytest.mark.parametrize(
    "idea", ["retro national park poster", "travel posters", "mountain lake travel poster", "blue travel poster for my mom",
             "cat travel poster"],
)  # fmt: skip
def test_without_a_place_nothing_is_lettered(idea: str) -> None:
    made = poster(idea)
    assert made.picks[0].art["scene"] == "travel" and "words" not in made.picks[0].art
    assert "nothing is lettered" in made.note
    assert compose.compose("travel", 1, 2, 3, "retro", made.picks[0].art["kind"]).letters.count("<path") == 4


def test_a_thing_on_a_travel_poster_is_not_claimed() -> None:
    made = poster("cat travel poster")
    assert "cat" in made.unused and made.needs_confirmation


def test_an_unknown_place_is_said_to_be_no_view_of_it() -> None:
    assert "not a view of Ljubljana" in poster("travel poster of Ljubljana").note


@pytest.mark.parametrize("idea", ["travel suitcase", "fox poster", "yosemite", "mountains print"])
def test_other_ideas_are_no_travel_posters(idea: str) -> None:
    assert places_named.asked(idea) is None
    assert poster(idea).picks[0].art["scene"] != "travel"


def test_a_card_is_never_a_travel_poster() -> None:
    assert poster("travel poster of Yosemite", "greeting_card").picks[0].art["scene"] != "travel"


def test_each_word_of_the_name_counts_and_all_scenes_letter_it() -> None:
    assert {"zion", "national", "park"} <= set(poster("Zion National Park travel poster").used)
    for kind in compose.catalogue()["travel"].kinds:
        for canvas in ((2, 3), (3, 2), (3, 4)):
            bare = compose.compose("travel", 2, *canvas, "retro", kind.code)
            named = compose.compose(
                "travel", 2, *canvas, "retro", kind.code, words=["Great Smoky Mountains National Park"]
            )
            assert len(named.letters) > len(bare.letters) + 500


@pytest.mark.parametrize(
    ("idea", "lettered", "kind"),
    [("travel poster Amalfi coast", "Amalfi Coast", "sea"), ("travel poster of cinque terre italy", "Cinque Terre Italy", "sea")],
)  # fmt: skip
def test_a_place_is_known_with_its_country_and_lettered_with_capitals(idea: str, lettered: str, kind: str) -> None:
    place = places_named.asked(idea)
    assert place is not None and (place.name, place.kind, place.known) == (lettered, kind, True)
