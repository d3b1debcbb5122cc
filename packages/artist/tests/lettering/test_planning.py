"""What an order's words come to: which are set, how, and what is said of those that are not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elistit_artist.lettering import asking, drawing, planning
from elistit_artist.lettering.faces import Mood


@pytest.mark.parametrize(
    ("idea", "form", "texts"),
    [
        ('"be kind" quote print', "quote", ("be kind",)),
        ("“stay wild” and “be brave” stickers", "quote", ("stay wild", "be brave")),
        ("monogram AB", "monogram", ("AB",)),
        ("KMR monogram in blackletter", "monogram", ("KMR",)),
        ("family name sign The Millers est. 2019", "sign", ("The Millers est. 2019",)),
        ("a name sign for Olivia", "sign", ("Olivia",)),
        ("birth print Olivia Rose, 7 lb 4 oz", "birth", ("Olivia Rose 7 lb 4 oz",)),
        ("alphabet clipart", "letter", ()),
        ("number set in slab", "letter", ()),
    ],
)
def test_an_idea_asks_for_letters(idea: str, form: str, texts: tuple[str, ...]) -> None:
    request = asking.read(idea, {}, "svg")
    assert request is not None and (request.form, request.texts, request.unused) == (form, texts, ())


@pytest.mark.parametrize(
    "idea", ["a fox in the woods", "a monogram", "family of bears", "number of cats", "5' 10\" shelf", ""]
)
def test_an_idea_without_words_to_set_asks_for_none(idea: str) -> None:
    assert asking.read(idea, {}, "svg") is None and planning.plan(idea, {}, 3, 1, "svg", "1:1") is None


def test_style_words_choose_face_layout_and_colors_and_others_are_named() -> None:
    request = asking.read('a fox, "be kind" in Pacifico, badge, sage green', {}, "svg")
    assert request is not None and request.face is not None
    assert (request.face.name, request.layout, request.palette) == ("Pacifico", "badge", "sage")
    assert request.unused == ("fox",) and {"be", "kind", "pacifico", "badge", "sage", "green"} <= set(request.used)
    slab = planning.plan('"be kind" in slab', {}, 6, 1, "svg", "1:1")
    assert slab is not None and {drawing.face(p.art["lettering"]["face"]).mood for p in slab.items} == {Mood.SLAB}


def test_many_images_are_distinct_and_neighbors_unlike() -> None:
    made = planning.plan('"do small things with great love"', {}, 50, 3, "svg", "1:1")
    assert made is not None
    plans = [p.art["lettering"] for p in made.items]
    looks = [(p["face"], p["layout"], p["palette"]) for p in plans]
    assert len(set(looks)) == len(looks) == 50
    assert all(a[:2] != b[:2] for a, b in pairwise(looks))
    assert len({p.subject for p in made.items}) == len({p.prompt for p in made.items}) == 50


def test_a_prompt_asks_for_the_same_again() -> None:
    for idea in ('"be kind"', "monogram AB", "family name sign The Millers est. 2019", "birth print Ada, 3 kg"):
        made = planning.plan(idea, {}, 3, 5, "wall_art", "3:4")
        assert made is not None
        for one in made.items:
            again = planning.plan(one.prompt, {}, 1, 9, "wall_art", "3:4")
            assert again is not None
            same = ("form", "text", "face", "palette")
            first, second = one.art["lettering"], again.items[0].art["lettering"]
            assert [first[k] for k in same] == [second[k] for k in same], one.prompt


def test_another_seed_is_another_print_and_the_same_seed_the_same() -> None:
    one, same, other = (planning.plan('"be kind"', {}, 4, seed, "poster", "2:3") for seed in (1, 1, 2))
    assert one == same and one != other


@pytest.mark.parametrize(
    ("options", "field", "words"),
    [
        ({"lettering": "x" * 301}, "options.lettering", "at most 300"),
        ({"lettering": "???"}, "options.lettering", "at least one letter"),
        ({"lettering": "日本"}, "options.lettering", "“日” (cjk unified ideograph-65e5)"),
        ({"lettering_style": "script"}, "options.lettering_style", "Write the words"),
        ({"lettering": "hi", "lettering_style": "zebra"}, "options.lettering_style", "zebra"),
    ],
)
def test_what_cannot_be_set_is_said_in_one_sentence(options: dict[str, str], field: str, words: str) -> None:
    found = planning.problem("a quote", options, "svg")
    assert found is not None and found[0] == field and words in found[1]


def test_a_font_without_a_character_gives_way_and_the_note_says_so() -> None:
    made = planning.plan("a quote", {"lettering": "Žofka ŵ", "lettering_style": "UnifrakturCook"}, 1, 1, "svg", "1:1")
    assert made is not None and "UnifrakturCook doesn’t have" in made.note and "“ŵ”" in made.note


@settings(max_examples=150, deadline=None)
@given(idea=st.text(max_size=120), text=st.text(max_size=80), style=st.text(max_size=30))
def test_reading_never_fails_for_what_may_be_typed(idea: str, text: str, style: str) -> None:
    options = {"lettering": text, "lettering_style": style}
    found = planning.problem(idea, options, "svg")
    if found is None:
        made = planning.plan(idea, options, 2, 1, "svg", "1:1")
        assert made is None or len(made.items) == 2
    else:
        assert found[0] in ("idea", "options.lettering", "options.lettering_style") and found[1].endswith(".")
