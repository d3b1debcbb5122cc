"""The storyboard on the launch form: shown beside the price, edited by buttons, confirmed by a tick, sketched at one size."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from elistit.accounts.models import User
from elistit.projects.models import Project, Storyboard
from tests.studio.test_launching import typed


def subjects(html: str) -> list[str]:
    return re.findall(r'name="subject" value="([^"]*)"', html)


def post(page: Client, **said: Any) -> str:
    return page.post("/new/", typed(**{"act": "price", **said})).content.decode()


def test_the_form_shows_what_will_be_made_without_script(page: Client) -> None:
    html = post(page, idea="black cats and a knight")
    assert len(subjects(html)) == 15 and set(subjects(html)) == {"black cat"}
    assert "Not drawn:" in html and "knight" in html
    assert html.count("/new/sketch/") == 15


def test_the_live_price_brings_the_storyboard_along(page: Client) -> None:
    answer = page.post("/new/price/", typed(idea="sea animals"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="quote"' in answer and re.search(r'<section id="storyboard"[^>]*hx-swap-oob="true"', answer)
    assert len(subjects(answer)) == 15


def test_a_sketch_is_a_small_image_and_only_of_what_was_planned(page: Client, client: Client) -> None:
    address = re.findall(r'src="(/new/sketch/[^"]+)"', post(page, idea="foxes"))[0]
    answer = page.get(address)
    image = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], image.format, max(image.size)) == ("image/webp", "WEBP", 200)
    assert "immutable" in answer["Cache-Control"]
    assert page.get(address[:-6] + "xxxxx/").status_code == 404
    assert Client().get(address).status_code in (302, 404), "only for those signed in"


def test_subjects_are_removed_moved_added_and_reworded(page: Client, alice: User) -> None:
    first = subjects(post(page, idea="woodland animals"))
    both = {"subject": first, "shown": first}
    removed = post(page, idea="woodland animals", count="15", board="remove:15", **both)
    assert subjects(removed) == first[:-1] and "between 15 and 100" in removed, "fourteen are too few for a bundle"
    moved = subjects(post(page, idea="woodland animals", board="down:1", **both))
    assert moved[:2] == [first[1], first[0]]
    added = post(page, idea="woodland animals", board="add:black cat", **both)
    assert subjects(added) == [*first, "black cat"] and "18 credits" in added
    reworded = [*first[:-1], "snowy owl"]
    page.post("/new/", typed(idea="woodland animals", act="launch", seen="17", subject=reworded, shown=first))
    board = Storyboard.objects.get(pk=Project.objects.get().jobs.get().quote_id)
    assert [i["subject"] for i in board.items] == reworded


def test_a_subject_nobody_draws_is_named_and_the_list_is_kept(page: Client) -> None:
    first = subjects(post(page, idea="woodland animals"))
    wrong = [*first[:-1], "zeppelin"]
    answer = page.post("/new/", typed(idea="woodland animals", board="apply", subject=wrong, shown=first))
    html = answer.content.decode()
    assert answer.status_code == 422 and "zeppelin" in html and subjects(html) == wrong


def test_the_artist_can_be_searched_for_more(page: Client) -> None:
    html = post(page, idea="woodland animals", board="find", find="owl")
    assert 'value="add:snowy owl"' in html
    assert "The artist draws nothing" in post(page, idea="woodland animals", board="find", find="zeppelin")


def test_a_main_noun_that_is_not_drawn_needs_the_tick(page: Client, alice: User) -> None:
    order = typed(idea="knight", act="launch", seen="17")
    refused = page.post("/new/", order)
    assert refused.status_code == 422 and 'name="confirm_not_drawn"' in refused.content.decode()
    assert not Project.objects.exists()
    assert page.post("/new/", {**order, "confirm_not_drawn": "on"}).status_code == 302
    assert Project.objects.exists()


@pytest.mark.parametrize("said", [{"board": "remove:x"}, {"board": "up:999"}, {"board": "add:"}, {"edited": "1"}])
def test_no_button_can_break_the_form(page: Client, said: dict[str, str]) -> None:
    assert page.post("/new/", typed(idea="foxes", **said)).status_code in (200, 422)


def test_a_style_the_idea_names_is_offered_and_not_called_undrawn(page: Client) -> None:
    html = post(page, idea="foxes in ink", model="builtin/watercolor")
    assert "Not drawn:" not in html and 'value="builtin/ink"' in html.split('id="named-style"')[1].split("</p>")[0]
    assert 'id="named-style"' not in post(page, idea="foxes in ink", model="builtin/ink")
    assert 'id="named-style"' not in post(page, idea="foxes", model="builtin/watercolor")
    thing = post(page, idea="octopus with ink", model="builtin/watercolor")
    assert "Not drawn:" in thing and 'id="named-style"' not in thing


def test_the_offered_style_is_taken_by_its_button(page: Client) -> None:
    html = post(page, idea="foxes in ink", model="builtin/watercolor", use_model="builtin/ink")
    assert re.search(r'value="builtin/ink"[^>]*(checked|selected)', html) and 'id="named-style"' not in html
