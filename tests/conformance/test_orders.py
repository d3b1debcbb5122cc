"""What an order may say, what is filled in, what it costs, and what every refusal reads like (rules §3, §7)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from elistit.credits import prices
from elistit.projects import errors, orders
from elistit.projects import launch as launching
from elistit.projects.orders import LaunchSpec
from tests.conformance.order_steps import CLIPART, checked, refused

from .conftest import PRICE, World

# ---- what is filled in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "count", "model", "ratio", "mode"),
    [
        ("clipart", 15, "builtin/watercolor", "1:1", ""),
        ("sticker", 12, "builtin/sticker", "1:1", ""),
        ("wall_art", 1, "builtin/watercolor", "3:4", ""),
        ("poster", 1, "builtin/watercolor", "2:3", "design"),
        ("svg", 6, "builtin/flat", "1:1", ""),
        ("greeting_card", 1, "builtin/watercolor", "5:7", ""),
        ("pattern", 12, "builtin/watercolor", "1:1", ""),
        ("custom", 1, "", "original", ""),
    ],
)
def test_what_an_order_does_not_say_is_filled_in(product: str, count: int, model: str, ratio: str, mode: str) -> None:
    spec = checked(product)
    assert (spec.product, spec.count, spec.ratio, spec.mode) == (product, count, ratio, mode)
    assert spec.model == (model if product in ("custom",) else prices.models(product)[0].code)
    assert (spec.idea, spec.name, spec.options, spec.words, spec.uploads, spec.scene) == (
        "boho sun", "Boho sun", {}, {}, (), "",
    )  # fmt: skip


def test_what_an_order_says_is_kept_and_tidied() -> None:
    spec = checked(
        "wall_art", "  boho \n sun ", ratio="4:3", model="builtin/ink", name=" My \t sun ", scene="s1",
        options={"mood": " very \n calm ", "setting": "  "},
    )  # fmt: skip
    assert spec == LaunchSpec(
        "wall_art", "boho sun", 1, "builtin/ink", "4:3", {"mood": "very calm"}, "My sun", "", {}, (), "s1"
    )
    card = checked("greeting_card", words={"front": " Happy \n day ", "inside": " "})
    assert card.words == {"front": "Happy\nday"}
    assert checked("poster", mode="production").mode == "production"
    assert orders.check(spec) == spec, "checking again changes nothing"


def test_no_project_is_without_a_name() -> None:
    """A letter under more accents than a name holds is not cut in two, and leaves nothing to call the project by."""
    piled = "e" + "\u0323" * 130
    assert checked("wall_art", piled).name == "Wall art"
    assert checked("wall_art", "🦊").name == "🦊"
    assert checked("wall_art", "ß" * 60).name == "SS" + "ß" * 59


def test_a_project_is_named_after_its_idea_cut_at_a_word() -> None:
    assert checked("clipart", "élan vital").name == "Élan vital"
    assert checked("clipart", "x" * 60).name == "X" + "x" * 59
    assert checked("clipart", "word " * 11 + "another").name == "Word" + " word" * 10, "62 characters"
    assert checked("clipart", "word " * 10 + "a long one!").name == "Word" + " word" * 9 + " a long", "61"
    assert checked("clipart", "word " * 12 + "last one").name == "Word" + " word" * 11
    assert checked("clipart", "y" * 70).name == "Y" + "y" * 59


# ---- what is refused ----------------------------------------------------------------------------------------------------------


def test_an_unknown_product_is_answered_with_those_there_are() -> None:
    known = "wall_art, poster, clipart, sticker, svg, greeting_card, pattern, custom"
    assert refused("jigsaw") == {"product": f"There is no product type “jigsaw”. Choose one of: {known}."}
    assert "“" + "z" * 40 + "”" in refused("z" * 50)["product"]


def test_every_wrong_field_is_named_at_once_with_what_is_wrong() -> None:
    errors = refused(
        "clipart", " ", count=14, ratio="3:4" * 10, options={"smell" * 9: "x", "mood": "y" * 201}, model="oil" * 30,
        mode="design", words={"front" * 9: "Hi"}, name="n" * 121, uploads=("u",), scene="s",
    )  # fmt: skip
    offered = ", ".join(m.code for m in prices.models("clipart"))
    assert errors == {
        "idea": "Describe your idea in a few words.",
        "uploads": "Clipart bundle is made from the idea; only your own images take uploads.",
        "count": "Clipart bundle: choose between 15 and 100 images, not 14.",
        "ratio": "Clipart bundle is made in 1:1, not 3:43:43:43:43:43:43:, because the files are cut from it.",
        "options." + ("smell" * 9)[:40]: f"There is no design option “{('smell' * 9)[:40]}”.",
        "options.mood": "Mood: at most 200 characters fit.",
        "model": f"The model “{('oil' * 30)[:60]}” does not make clipart bundles. Choose one of: {offered}.",
        "mode": "Only a poster is made in design or production mode.",
        "words." + ("front" * 9)[:40]: "Words are only for the front and the inside of a greeting card.",
        "name": "The name is 121 characters long; at most 120 fit.",
        "scene": "Clipart bundle can't have a mockup with your own photo; wall art, posters, cards and your own images can.",
    }


@pytest.mark.parametrize(
    ("product", "said", "errors"),
    [
        ("clipart", {"idea": "x" * 1001}, {"idea": "The idea is 1,001 characters long; at most 1,000 fit."}),
        ("clipart", {"count": 101}, {"count": "Clipart bundle: choose between 15 and 100 images, not 101."}),
        ("clipart", {"count": 0}, {"count": "Clipart bundle: choose between 15 and 100 images, not 0."}),
        ("wall_art", {"ratio": "1:1"}, {"ratio": "Wall art is made in 3:4 or 4:3, not 1:1, because the files are cut from it."}),
        ("poster", {"mode": "both"}, {"mode": "A poster is made in design mode or in production mode."}),
        ("greeting_card", {"words": {"front": "x" * 61}}, {"words.front": "At most 60 characters fit there."}),
        ("greeting_card", {"words": {"back": "x"}}, {"words.back": "Words are only for the front and the inside of a greeting card."}),
        ("wall_art", {"words": {"front": "x"}}, {"words.front": "Words are only for the front and the inside of a greeting card."}),
        ("custom", {"uploads": ("a", "b", "a")}, {"uploads": "An upload is named twice."}),
        ("custom", {"uploads": ("a", "b"), "count": 3}, {"count": "There are 2 uploads, not 3."}),
        ("custom", {"failover": True}, {"failover": "No model makes your own images, so none can step in."}),
        ("custom", {"count": 101}, {"count": "Your own images: choose between 1 and 100 images, not 101."}),
    ],
)  # fmt: skip
def test_one_wrong_field_is_refused_alone(product: str, said: dict[str, Any], errors: dict[str, str]) -> None:
    assert refused(product, **{"idea": "boho sun", **said}) == errors


def test_as_much_as_fits_is_taken() -> None:
    assert len(checked("clipart", "x" * 1000).idea) == 1000
    assert len(checked("clipart", name="n" * 120).name) == 120
    assert checked("clipart", count=100).count == 100
    assert len(checked("clipart", options={"mood": "m" * 200}).options["mood"]) == 200
    assert len(checked("greeting_card", words={"front": "f" * 60, "inside": "i" * 300}).words) == 2


def test_uploads_say_how_many_images_there_are() -> None:
    assert checked("custom", uploads=("a", "b", "c")).count == 3
    assert checked("custom", uploads=("a", "b"), count=2).uploads == ("a", "b")
    assert checked("custom", count=5).count == 5, "priced before anything was sent"


def test_a_product_nobody_makes_yet_is_said_to_have_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = dataclasses.replace(prices.price_list(), models=())
    monkeypatch.setattr(prices, "price_list", lambda: empty)
    assert refused("svg") == {"model": "The model “” does not make svgs. Choose one of: none yet."}


# ---- what it costs ------------------------------------------------------------------------------------------------------------


def test_a_price_follows_the_order() -> None:
    def priced(spec: LaunchSpec) -> list[tuple[str, int, int]]:
        return [(line.action, line.quantity, line.credits) for line in orders.price(spec)]

    assert priced(CLIPART) == [("generate", 15, 15), ("upscale", 15, 0), ("mockups", 3, 0), ("listing", 1, 2)]
    assert priced(LaunchSpec("poster", "sun")) == [("generate", 1, 1)], "a design alone"
    assert [action for action, *_ in priced(LaunchSpec("poster", "sun", mode="production"))] == [
        "generate", "upscale", "mockups", "listing",
    ]  # fmt: skip
    assert priced(LaunchSpec("wall_art", "sun", scene="s"))[-2:] == [("mockups", 1, 1), ("listing", 1, 2)]
    assert priced(LaunchSpec("custom", "sun", count=3)) == [("upscale", 3, 3), ("mockups", 3, 0), ("listing", 1, 2)]
    with pytest.raises(errors.InvalidSpec):
        orders.price(LaunchSpec("clipart", "sun", count=1))


def test_a_quote_freezes_the_price_of_the_order(seller: World) -> None:
    quote = launching.quote(seller.user, CLIPART)
    assert (quote.owner_id, quote.product, quote.model, quote.count, quote.total) == (
        seller.user.pk, "clipart", "builtin/watercolor", 15, PRICE,
    )  # fmt: skip
    with pytest.raises(errors.InvalidSpec):
        launching.quote(seller.user, LaunchSpec("clipart", ""))
