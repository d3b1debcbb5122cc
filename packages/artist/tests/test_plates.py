"""Plates of natural history: which figures are lettered with which name, and that nothing else ever is."""

from __future__ import annotations

import re

import pytest

from elistit_artist import compose, draw, figures, names, sketch, species, understand
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.colors import scheme
from elistit_artist.compose.lettered import set_line
from elistit_artist.lettering.faces import face
from elistit_artist.plans import Pick

LATIN = re.compile(r"[A-Z][a-z]+ (?:× )?[a-z]+(?:-[a-z]+)?")


def plate(idea: str, style: str = "vintage", product: str = "wall_art") -> Pick:
    return understand(idea, count=1, style=style, product=product, ratio="3:4").picks[0]


def test_every_species_is_a_figure_and_its_name_a_binomial() -> None:
    catalogue = figures.catalogue()
    for key, found in species.listed().items():
        code, _, kind = key.partition("=")
        assert code in catalogue and (not kind or kind in names.kinds_of(code)), key
        assert LATIN.fullmatch(found.latin), found.latin
        assert found.called and found.below in ("", "roots", "taproot", "bulb")
    assert len({f.latin for f in species.listed().values()}) >= 80


def test_a_latin_name_has_one_number_and_a_number_one_name() -> None:
    pairs = {(f.latin, f.number) for f in species.listed().values()}
    assert len(pairs) == len({p[0] for p in pairs}) == len({p[1] for p in pairs})


@pytest.mark.parametrize(
    ("number", "said"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (99, "XCIX"), (102, "CII")]
)
def test_numbers_are_roman(number: int, said: str) -> None:
    assert species.roman(number) == said


@pytest.mark.parametrize(
    ("idea", "latin"),
    [("fox", "Vulpes vulpes"), ("red poppy", "Papaver rhoeas"), ("mushroom", "Amanita muscaria"), ("lemon", "Citrus × limon"),
     ("lavender", "Lavandula angustifolia"), ("basil", "Ocimum basilicum"), ("trex", "Tyrannosaurus rex")],
)  # fmt: skip
@pytest.mark.parametrize("product", ["wall_art", "poster"])
def test_the_storyboard_says_what_a_vintage_plate_letters(idea: str, latin: str, product: str) -> None:
    pick = plate(idea, product=product)
    assert pick.art["scene"] == "plate"
    found = species.of(pick.art["guest"]["subject"], pick.art["guest"]["params"])
    assert found is not None and found.latin == latin
    assert f"lettered {latin}, {found.called}, {found.plate}" in pick.prompt


@pytest.mark.parametrize(
    "idea", ["blue poppy", "teapot", "pink spotted mushroom", "mountains", "wreath of flowers", "crab"]
)
def test_what_is_no_known_species_gets_no_plate(idea: str) -> None:
    pick = plate(idea)
    assert pick.art["scene"] != "plate" and "lettered" not in pick.prompt


@pytest.mark.parametrize("idea", ["fox in a forest", "fox wearing a scarf", "fox on the moon"])
def test_a_place_or_dress_that_is_asked_for_is_kept(idea: str) -> None:
    assert plate(idea).art["scene"] == "nursery"


@pytest.mark.parametrize("style", ["watercolor", "gouache", "ink", "flat"])
def test_other_styles_make_a_plate_only_when_asked(style: str) -> None:
    assert plate("fox", style).art["scene"] == "nursery"
    assert plate("botanical plate of lavender", style).art["scene"] == "plate"


def test_cards_and_sets_of_figures_are_never_plates() -> None:
    for product in ("greeting_card", "clipart"):
        picks = understand("fox", count=4, style="vintage", product=product).picks
        assert all(p.art.get("scene") != "plate" for p in picks)


def test_nothing_on_a_plate_is_worn() -> None:
    for pick in understand("woodland animals", count=12, style="vintage", product="poster", ratio="2:3").picks:
        if pick.art["scene"] == "plate":
            assert "wearing" not in pick.prompt and "holding" not in pick.prompt


def outlines_of(text: str, how: str, tracking: float) -> str:
    canvas = Canvas.of(3, 4, scheme("linen"))
    set_line(canvas, text, face(how), (500, 500), 25, 900, "#000000", tracking)
    return re.sub(r"[^MLZ]", "", canvas.letters[0])


def test_the_letters_are_those_of_the_name() -> None:
    made = compose.compose("plate", 1, 3, 4, "linen", "plate", {"subject": "fox", "params": {"pose": "sitting"}})
    drawn = [re.sub(r"[^MLZ]", "", d) for d in re.findall(r'd="([^"]+)"', made.letters)]
    assert outlines_of("RED FOX", "josefin-sans", 0.2) in drawn
    fox = species.of("fox", {})
    assert fox is not None
    assert outlines_of(f"{fox.plate}.", "cormorant-garamond", 0.04) in drawn
    assert outlines_of("RED OXF", "josefin-sans", 0.2) not in drawn


def test_a_figure_without_a_name_is_shown_without_one() -> None:
    named = compose.compose("plate", 1, 3, 4, "linen", "plate", {"subject": "poppy", "params": {"kind": "a red poppy"}})
    bare = compose.compose("plate", 1, 3, 4, "linen", "plate", {"subject": "poppy", "params": {"kind": "a blue poppy"}})
    # Two rules and three lines; two rules, "fig. 1" and "fig. 2".
    assert named.letters.count("<path") == 5 and bare.letters.count("<path") == 4


def test_the_letters_are_in_the_sketch_the_pixels_and_the_layers() -> None:
    pick = plate("fox")
    scene = compose.compose("plate", 1, 3, 4, pick.art["scheme"], "plate", pick.art["guest"])
    assert scene.letters in sketch.svg(pick.art)
    vector = draw(pick, vector=True)
    assert f'<g id="letters">{scene.letters}</g>' in vector.svg
    pixels = draw(pick, "flat", size=480).pixels.astype(int)
    # The thin border's color, in the middle of its left side.
    ink = re.search(r'fill="(#[0-9a-f]{6})"', scene.letters)
    assert ink is not None
    line = pixels[240, 12:40, :3]
    wanted = [int(ink[1][k : k + 2], 16) for k in (1, 3, 5)]
    assert abs(line - wanted).sum(1).min() < 90


@pytest.mark.parametrize("canvas", [(3, 4), (4, 3), (2, 3), (3, 2), (1, 1)])
def test_every_species_fits_its_plate_at_every_ratio(canvas: tuple[int, int]) -> None:
    for key in list(species.listed())[:: 5 if canvas != (3, 4) else 1]:
        code, _, kind = key.partition("=")
        params = next((p for p in figures.variants(code) if not kind or p.get("kind") == kind), {})
        made = compose.compose(
            "plate", 3, *canvas, "linen", "plate", {"subject": code, "params": {**params, "wearing": ""}}
        )
        xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", made.letters)]
        assert min(xs) > 0 and max(xs) < made.width, key
