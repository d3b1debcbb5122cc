"""Lettering from the order to the files: what is set, where, and that a vector file holds welded outlines alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely

from elistit.actions import commands
from elistit.projects import orders
from elistit.projects.errors import InvalidSpec
from elistit.projects.gate import items_of
from elistit.stages import storyboards
from elistit_artist.lettering import planning
from tests.products import reading as files
from tests.products.conftest import Studio

Master = Callable[[str, int], None]


def planned(studio: Studio, product: str, idea: str, **more: Any) -> storyboards.Board:
    board = storyboards.plan(studio.world.user, orders.check(commands.LaunchSpec(product=product, idea=idea, **more)))
    assert board is not None
    return board


def test_a_quote_svg_is_cut_files_of_closed_outlines_that_do_not_overlap(studio: Studio, master: Master) -> None:
    master("svg", 1)
    order: dict[str, Any] = {"count": 2, "options": {"lettering": "be kind", "lettering_style": "script"}}
    board = planned(studio, "svg", "", **order)
    assert [i.art["lettering"]["text"] for i in board.items] == ["be kind"] * 2 and board.distinct == 2
    project = studio.launch("svg", "", **order)
    assert [i.art["plan"]["lettering"] for i in items_of(project).order_by("number")] == [
        i.art["lettering"] for i in board.items
    ]
    cuts = studio.files("cut")
    assert len(cuts) == 2
    for file in cuts:
        root = files.svg(file)
        shapes = [files.area(d) for d in files.paths(root)]
        assert shapes and all(s.is_valid and s.area > 0 for s in shapes)
        assert all(a.intersection(b).area < 1e-6 * min(a.area, b.area) for a, b in combinations(shapes, 2))
    for file in studio.files("vector"):
        if file.suffix == ".svg":
            text = file.read_text(encoding="utf-8")
            assert "<text" not in text and "font" not in text and "stroke=" not in text
            colors = {e.get("fill") for e in files.svg(file).iter() if e.get("fill")} - {"none"}
            assert 1 <= len(colors) <= 6
    studio.finished(roles=("print", "vector", "cut", "maker"), mockups=3)


def test_a_quoted_idea_is_a_quote_print_on_its_paper(studio: Studio, master: Master) -> None:
    master("wall_art", 1)
    project = studio.launch("wall_art", '"be kind" quote print in sage green')
    [item] = items_of(project)
    plan = item.art["plan"]["lettering"]
    assert (plan["text"], plan["palette"], plan["paper"]) == ("be kind", "sage", True)
    assert project.brief["unused"] == []
    [image] = studio.files("image")
    shown = np.asarray(files.Image.open(image).convert("RGB")).astype(int)
    paper = np.array([0xF1, 0xF3, 0xEC])
    assert np.abs(shown[:8] - paper).max() <= 2 and (np.abs(shown - paper).max(axis=2) > 60).mean() > 0.01


def test_stickers_of_words_are_one_piece_each(studio: Studio, master: Master) -> None:
    master("sticker", 1)
    project = studio.launch("sticker", '"choose joy" stickers', count=2)
    assert project.stage == "awaiting_approval"
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    cuts = studio.files("cut")
    assert len(cuts) == 2
    for file in cuts:
        [data] = files.paths(files.svg(file))
        assert len(shapely.get_parts(files.area(data))) == 1


def test_an_alphabet_is_a_clipart_set_in_one_style(studio: Studio) -> None:
    board = planned(studio, "clipart", "alphabet clipart in rounded letters", count=36)
    plans = [i.art["lettering"] for i in board.items]
    assert "".join(p["text"] for p in plans) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    assert len({(p["face"], p["treatment"], p["palette"]) for p in plans}) == 1
    assert board.distinct == 36 and board.not_drawn == ()


def test_an_alphabet_set_is_made_on_transparent_ground_and_no_letter_is_a_twin(studio: Studio, master: Master) -> None:
    master("clipart", 1)
    project = studio.launch("clipart", "alphabet in slab letters", count=15)
    assert project.stage == "awaiting_approval"
    for item in items_of(project):
        assert not item.flags, (item.number, item.flags)
    heights = []
    for file in studio.files("image"):
        alpha = np.asarray(files.Image.open(file))[..., 3]
        rows = np.flatnonzero(alpha.any(axis=1))
        assert alpha[0].max() == 0 and (alpha > 0).mean() > 0.03
        heights.append(int(rows[-1] - rows[0]))
    # Capitals of one set are of one height, but for the tails of J and Q and rounded overshoot.
    assert np.percentile(heights, 80) - min(heights) < 0.12 * min(heights)


def test_a_card_front_is_lettered_and_keeps_its_message_inside(studio: Studio) -> None:
    studio.launch(
        "greeting_card",
        "birthday",
        options={"lettering": "happy birthday", "lettering_style": "brush"},
        words={"inside": "With love"},
    )
    [image] = studio.files("image")
    shown = np.asarray(files.Image.open(image).convert("RGB")).astype(int)
    assert shown.shape[:2] == (2100, 1500) and (np.abs(shown - shown[0, 0]).max(axis=2) > 60).mean() > 0.01
    studio.finished(roles=("print", "vector"), mockups=3)


def test_what_else_the_idea_asks_for_is_named_and_needs_a_tick(studio: Studio) -> None:
    board = planned(studio, "poster", 'a fox and "hello there"')
    assert board.not_drawn == ("fox",) and board.needs_confirmation and "fox" in board.note


def test_the_seller_may_reorder_and_reword_lettered_subjects(studio: Studio) -> None:
    order: dict[str, Any] = {"options": {"lettering": "be kind | stay wild"}}
    board = planned(studio, "svg", "quotes", count=4, **order)
    mine = tuple(i.subject for i in reversed(board.items))[:3]
    edited = planned(studio, "svg", "quotes", storyboard=(*mine, "“dream big”"), **order)
    assert [i.art["lettering"] for i in edited.items[:3]] == [i.art["lettering"] for i in reversed(board.items)][:3]
    assert edited.items[3].art["lettering"]["text"] == "dream big"


@pytest.mark.parametrize(
    ("product", "idea", "options", "field", "words"),
    [
        ("svg", "a quote", {"lettering": "Fun 😀"}, "options.lettering", "“😀” (grinning face)"),
        ("poster", 'quote "שלום"', {}, "idea", "hebrew letter shin"),
        ("svg", "a quote", {"lettering": "ok", "lettering_style": "zebra"}, "options.lettering_style", "zebra"),
        ("wall_art", "a quote", {"lettering": "…"}, "options.lettering", "at least one letter"),
    ],
)
def test_what_cannot_be_set_is_refused_by_name_before_anything_is_spent(
    studio: Studio, product: str, idea: str, options: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidSpec) as refused:
        studio.launch(product, idea, options=options)
    assert words in refused.value.errors[field]
    assert studio.world.rows() == []


def test_a_remake_sets_the_same_words_in_another_layout() -> None:
    made = planning.plan('"be kind"', {}, 1, 7, "wall_art", "3:4")
    assert made is not None
    one = made.items[0].art["lettering"]
    again = planning.remade(json.loads(json.dumps(one)), 1)
    assert again["layout"] != one["layout"] and again["text"] == one["text"] and again["face"] == one["face"]
