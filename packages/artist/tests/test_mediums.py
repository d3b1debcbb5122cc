"""Styles that an idea names: chosen or offered, never "not drawn"; and the ink that is a thing."""

from __future__ import annotations

import pytest

from elistit_artist import api, brief, plans


def plan(idea: str, style: str = "watercolor", product: str = "clipart") -> plans.Plan:
    return brief.plan(idea, {}, 4, 7, style, product=product, ratio="3:4")


NAMED = [
    ("fox in ink", "ink"), ("pen and ink fox", "ink"), ("pen & ink fox", "ink"), ("ink drawing of a mushroom", "ink"), ("india ink owl", "ink"),
    ("owls done in pen and ink", "ink"), ("mushrooms drawn with ink", "ink"), ("fox, ink", "ink"), ("fox ink sketch", "ink"),
    ("crosshatched owl", "ink"), ("hand drawn whale sketch", "ink"), ("lions in gouache style", "gouache"), ("gouache lemons", "gouache"),
    ("kawaii frog", "kawaii"), ("cartoon dinosaur", "kawaii"), ("coloring page of a fox", "lineart"), ("line art rose", "lineart"),
    ("vector fox", "flat"), ("flat design cactus", "flat"), ("vintage botanical fern", "vintage"), ("etching of a fox", "vintage"),
    ("watercolour rose", "watercolor"), ("botanical watercolor of ferns", "watercolor"),
]  # fmt: skip


@pytest.mark.parametrize(("idea", "code"), NAMED)
def test_a_style_that_an_idea_names_is_never_called_undrawn(idea: str, code: str) -> None:
    other = "gouache" if code != "gouache" else "watercolor"
    found = plan(idea, other)
    assert (found.style, found.named_style, found.unused) == (other, code, [])
    assert "names the style" in found.note and "Not drawn" not in found.note
    assert plan(idea, code).note.count("names the style") == 0


@pytest.mark.parametrize(("idea", "code"), NAMED)
def test_without_a_style_the_one_that_is_named_is_chosen(idea: str, code: str) -> None:
    found = api.understand(idea, count=2)
    assert found.style == code and all(p.art["style"] == code for p in found.picks)
    assert api.understand(idea, count=2, style="gouache").style == "gouache", "a style that was selected stays"


@pytest.mark.parametrize(
    ("idea", "unused"),
    [("octopus with ink", ["ink"]), ("ink bottle and feather", ["ink", "bottle"]), ("quill and ink", ["quill", "ink"]),
     ("an octopus squirting ink", ["squirting", "ink"]), ("squid ink", ["squid", "ink"]), ("fountain pen and books", ["fountain", "pen"]),
     ("pug sketchbook", ["sketchbook"]), ("alcohol ink fox", ["alcohol", "ink"]), ("lino print fern", ["lino", "print"]),
     ("oil painting of a cow", ["oil", "painting"]), ("chalk pastel sunflower", ["chalk", "pastel"])],
)  # fmt: skip
def test_what_is_no_style_of_the_artist_is_named_as_not_drawn(idea: str, unused: list[str]) -> None:
    found = plan(idea)
    assert (found.named_style, found.unused) == ("", unused)


@pytest.mark.parametrize(("product", "style"), [("sticker", "kawaii"), ("svg", "flat")])
def test_a_style_that_the_product_is_not_painted_in_is_not_offered(product: str, style: str) -> None:
    found = plan("fox in ink", style, product)
    assert found.named_style == "" and found.unused == ["ink"]


def test_whole_images_name_their_style_too() -> None:
    found = plan("gouache lemons print", product="wall_art")
    assert (found.named_style, found.unused) == ("gouache", []) and "names the style Gouache" in found.note


@pytest.mark.parametrize(
    "words",
    ["png", "transparent background", "commercial use", "300 dpi", "instant download", "for sublimation", "printable", "50 pc", "set of 20",
     "svg bundle", "8x10 inches", "A4", "hi-res", "oversized", "digital download PNG + SVG", "POD license", "die-cut", "editable template"],
)  # fmt: skip
def test_words_about_the_product_ask_for_nothing(words: str) -> None:
    plain, said = plan("mushroom"), plan(f"mushroom {words}")
    assert (said.unused, said.used, said.needs_confirmation) == ([], ["mushroom"], False)
    assert [p.art for p in said.picks] == [p.art for p in plain.picks]


@pytest.mark.parametrize(
    ("idea", "used"),
    [("black & white zebra", ["black", "white", "zebra"]), ("burnt orange pumpkins", ["orange", "pumpkins"]),
     ("off-white rose", ["off", "white", "rose"]), ("multicolor butterflies", ["multicolor", "butterflies"]),
     ("burgundy rose", ["burgundy", "rose"]), ("navy & white whale", ["navy", "whale"]), ("neutral tones rabbit", ["neutral", "rabbit"])],
)  # fmt: skip
def test_colors_of_two_words_are_colors(idea: str, used: list[str]) -> None:
    found = plan(idea)
    assert set(used) <= set(found.used) and found.unused == [] and not found.needs_confirmation
