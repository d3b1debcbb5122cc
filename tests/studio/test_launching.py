"""The launch form: nothing typed is lost, nothing unseen is charged, nothing is charged twice. All without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects.models import Project
from elistit.projects.products import Product

from .conftest import a_person, booked

pytestmark = pytest.mark.django_db


def typed(**changed: Any) -> dict[str, Any]:
    form = {
        "product": "clipart", "idea": "woodland animals", "count": "15", "ratio": "1:1", "model": "builtin/watercolor", "name": "",
        "options.mood": "gentle", "key": ports.new_id(), "act": "launch", "seen": "17",
    }  # fmt: skip
    return {**form, **changed}


def test_showing_the_price_without_script_spends_nothing_and_keeps_all_input(page: Client, alice: User) -> None:
    answer = page.post("/new/", typed(act="price", seen="", count="20"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "20 × 1" in shown and "22 credits" in shown and "Balance after" in shown
    assert ">woodland animals</textarea>" in shown and 'value="20"' in shown and 'value="gentle"' in shown
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()


def test_a_launch_with_a_seen_price_charges_it_and_leads_to_the_project(page: Client, alice: User) -> None:
    answer = page.post("/new/", typed())
    project = Project.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/projects/{project.pk}/"
    assert ledger.balance(alice.pk) == 13
    assert project.options == {"mood": "gentle"}


@pytest.mark.parametrize("seen", ["", "16", "nonsense"])
def test_a_launch_whose_price_was_not_seen_shows_it_and_spends_nothing(page: Client, alice: User, seen: str) -> None:
    answer = page.post("/new/", typed(seen=seen))
    assert answer.status_code == 200 and "been charged yet" in answer.content.decode()
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()


def test_pressing_launch_twice_launches_once(page: Client, alice: User) -> None:
    form = typed()
    first, second = page.post("/new/", form), page.post("/new/", form)
    assert first["Location"] == second["Location"]
    assert Project.objects.count() == 1 and ledger.balance(alice.pk) == 13


def test_going_back_and_changing_the_form_never_launches_by_accident(page: Client, alice: User) -> None:
    ledger.grant(alice.pk, 30, source="goodwill", idempotency_key="more", reason="More")
    form = typed()
    page.post("/new/", form)
    answer = page.post("/new/", {**form, "idea": "sea animals"})
    shown = answer.content.decode()
    assert answer.status_code == 409 and "already launched a project" in shown and ">sea animals</textarea>" in shown
    assert Project.objects.count() == 1
    key = re.search(r'name="key" value="([^"]+)"', shown)
    assert key and key[1] != form["key"]
    assert page.post("/new/", {**form, "idea": "sea animals", "key": key[1]}).status_code == 302
    assert Project.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"idea": "   "}, "Describe your idea in a few words"),
        ({"idea": "x" * 1001}, "at most 1,000"),
        ({"count": "14"}, "between 15 and 100"),
        ({"count": "a dozen"}, "whole number"),
        ({"count": "1e9"}, "whole number"),
        ({"ratio": "3:4"}, "is made in 1:1"),
        ({"model": "nobody/nothing"}, "does not make"),
        ({"product": "spaceship"}, "There is no product type"),
        ({"options.mood": "y" * 201}, "at most 200"),
        ({"name": "n" * 121}, "at most 120"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    page: Client, alice: User, changed: dict[str, str], beside: str
) -> None:
    answer = page.post("/new/", typed(**{"options.setting": "a forest floor", **changed}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert beside in shown and "You haven't been charged" in shown
    [field] = changed
    place = field.replace("options.", "option-")
    assert f'href="#{place}"' in shown and f'id="{place}"' in shown and shown.count(beside) == 2
    assert 'value="a forest floor"' in shown
    for value in changed.values():
        if value.strip() and value not in ("3:4", "nobody/nothing", "custom", "spaceship"):
            assert value in shown
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()


def test_a_short_balance_says_the_shortfall_and_writes_nothing(page: Client, alice: User) -> None:
    answer = page.post("/new/", typed(count="40", seen="42"))
    shown = answer.content.decode()
    assert answer.status_code == 402
    assert "12 credits short" in shown and "disabled>Launch for 42 credits" in shown
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()


def test_all_eight_product_types_can_be_chosen(page: Client) -> None:
    shown = page.get("/new/").content.decode()
    assert all(f'name="switch" value="{product.value}"' in shown for product in Product)
    assert re.search(r'value="clipart"[^>]*aria-current="true"', shown)
    assert 'price">1 credit</span>' in shown and "Credits per image, at full print size." in shown


def test_an_empty_idea_is_an_error_and_the_price_stays(page: Client, alice: User) -> None:
    answer = page.post("/new/", typed(idea="  ", act="launch", seen="17"))
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'id="idea-error"' in shown
    assert "Launch for 17 credits" in shown and 'name="seen" value="17"' in shown and ledger.balance(alice.pk) == 30
    # With another error beside it there is no price to keep.
    both = page.post("/new/", typed(idea="", count="3", act="launch", seen="17")).content.decode()
    assert 'id="idea-error"' in both and 'name="seen"' not in both


def test_the_live_quote_is_a_fragment_that_writes_nothing(page: Client, alice: User) -> None:
    answer = page.post("/new/price/", typed(idea="", count="16"), headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert "<html" not in shown and "18 credits" in shown and 'name="seen" value="18"' in shown
    wrong = page.post("/new/price/", typed(count="7"), headers={"HX-Request": "true"}).content.decode()
    assert "between 15 and 100" in wrong and 'name="seen"' not in wrong
    assert ledger.balance(alice.pk) == 30


def test_a_project_can_be_launched_again_with_the_same_settings(page: Client, alice: User) -> None:
    project = booked(alice, idea="sea animals", count=16, options={"mood": "calm"})
    shown = page.get(f"/new/?like={project.pk}").content.decode()
    assert ">sea animals</textarea>" in shown and 'value="16"' in shown and 'value="calm"' in shown


def test_two_people_with_the_same_key_launch_each_their_own(page: Client, bobs: Client) -> None:
    form = typed()
    assert page.post("/new/", form)["Location"] != bobs.post("/new/", form)["Location"]
    assert Project.objects.count() == 2


def test_an_empty_account_still_gets_a_price(db: None) -> None:
    poor = Client()
    poor.force_login(a_person("poor@example.com", 0))
    shown = poor.get("/new/").content.decode()
    assert "17 credits short" in shown and "0 credits" in shown


def test_another_product_type_keeps_what_was_written_and_sets_the_rest_anew(page: Client) -> None:
    answer = page.post("/new/", typed(idea="boho sun", name="My sun", switch="poster"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert ">boho sun</textarea>" in shown and 'value="My sun"' in shown
    assert 'name="product" value="poster"' in shown and "Design first" in shown and ">2:3</option>" in shown
    assert "Please fix 1 thing below" not in shown


def test_a_poster_waits_for_a_decision_and_is_charged_for_it_once(page: Client, alice: User) -> None:
    page.post("/new/", typed(product="poster", idea="boho sun", count="1", ratio="2:3", mode="design", seen="1"))
    project = Project.objects.get()
    assert (project.product, project.mode, ledger.balance(alice.pk)) == ("poster", "design", 29)
    for stage in ("briefing", "generating", "design_ready"):
        Project.objects.filter(pk=project.pk).update(stage=stage)
    assert "Your design is ready" in page.get(f"/projects/{project.pk}/").content.decode()
    shown = page.get(f"/projects/{project.pk}/print-ready/").content.decode()
    assert "Make print-ready for 2 credits" in shown
    unseen = page.post(f"/projects/{project.pk}/print-ready/", {"key": "k"})
    assert "been charged yet" in unseen.content.decode() and project.jobs.count() == 1
    for _ in range(2):
        page.post(f"/projects/{project.pk}/print-ready/", {"key": "k", "seen": "2"})
    assert (project.jobs.count(), ledger.balance(alice.pk)) == (2, 27)


def test_a_greeting_card_takes_its_words(page: Client) -> None:
    page.post(
        "/new/",
        typed(
            product="greeting_card",
            idea="peonies",
            count="1",
            ratio="5:7",
            seen="3",
            **{"words.front": "Happy birthday"},
        ),
    )
    assert Project.objects.get().words == {"front": "Happy birthday"}


CARD = {"product": "greeting_card", "idea": "peonies", "count": "1", "ratio": "5:7", "seen": "3"}


def test_the_lines_of_a_card_message_are_kept_and_shown_again(page: Client) -> None:
    typed_in = "Roses are red\r\nViolets are blue\r\n\r\nLove, Ann\r\n"
    shown = page.post("/new/", typed(**CARD, act="price", **{"words.inside": typed_in})).content.decode()
    assert "Roses are red\r\nViolets are blue\r\n\r\nLove, Ann\r\n</textarea>" in shown
    page.post("/new/", typed(**CARD, **{"words.inside": typed_in, "words.front": "Happy\r\nBirthday"}))
    project = Project.objects.get()
    assert project.words == {"front": "Happy\nBirthday", "inside": "Roses are red\nViolets are blue\n\nLove, Ann"}
    again = page.get(f"/new/?like={project.pk}").content.decode()
    assert "Roses are red\nViolets are blue\n\nLove, Ann</textarea>" in again


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("words.front", "Hello ᏣᎳ", "can’t set “Ꮳ” “Ꮃ” (Cherokee)"),
        ("words.inside", "x\n" * 90, "of 179 characters fit, line breaks included"),
        ("idea", "\u200b\u2060", "Describe your idea in a few words"),
    ],
)
def test_what_cannot_be_printed_is_refused_beside_its_field_and_nothing_is_lost(
    page: Client, alice: User, field: str, words: str, said: str
) -> None:
    answer = page.post("/new/", typed(**{**CARD, field: words}))
    shown = answer.content.decode()
    assert answer.status_code in (200, 422) and said in shown
    assert f"{words}</textarea>" in shown
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()


def test_nothing_typed_is_lost_when_the_sign_in_had_ended(page: Client, alice: User) -> None:
    page.logout()
    form = typed(idea="a fox with a lantern", **{"options.mood": "quiet"})
    answer = page.post("/new/", form)
    assert answer.status_code == 302 and answer["Location"] == "/enter/?next=%2Fnew%2F"
    assert not Project.objects.exists()
    page.get(answer["Location"])
    session = page.session
    kept = session["kept_form"]
    page.force_login(alice)
    session = page.session
    session["kept_form"] = kept
    session.save()
    shown = page.get("/new/").content.decode()
    assert ">a fox with a lantern</textarea>" in shown and 'value="quiet"' in shown and "been charged" in shown
    assert not Project.objects.exists() and ledger.balance(alice.pk) == 30, "and nothing is launched by itself"
    assert "a fox with a lantern" not in page.get("/new/").content.decode(), "it comes back once"


def test_a_live_price_asked_for_after_the_sign_in_ended_keeps_the_form_too(page: Client) -> None:
    page.logout()
    script = {"HX-Request": "true", "HX-Current-URL": "http://testserver/new/?product=svg"}
    answer = page.post("/new/price/", typed(idea="a heron"), headers=script)
    assert answer["HX-Redirect"] == "/enter/?next=%2Fnew%2F%3Fproduct%3Dsvg"
    assert "a+heron" in page.session["kept_form"]["typed"]


def test_a_protected_name_is_pointed_out_and_needs_a_tick(page: Client, alice: User) -> None:
    shown = page.post("/new/", typed(act="price", seen="", idea="Pokémon foxes")).content.decode()
    assert "Protected names" in shown and "“Pokemon”" in shown and 'name="confirm_trademarks"' in shown
    live = page.post("/new/price/", typed(idea="Pokémon foxes", confirm_trademarks="on")).content.decode()
    assert re.search(r'name="confirm_trademarks" value="on" checked', live)
    refused = page.post("/new/", typed(idea="Pokémon foxes"))
    assert refused.status_code == 422 and 'href="#confirm-trademarks"' in refused.content.decode()
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()
    assert page.post("/new/", typed(idea="Pokémon foxes", confirm_trademarks="on")).status_code == 302
    assert [t["name"] for t in Project.objects.get().trademarks or []] == ["Pokemon"]
    assert "Protected names" not in page.post("/new/", typed(act="price", seen="")).content.decode()


def test_words_no_font_has_are_refused_at_their_field_and_cost_nothing(page: Client, alice: User) -> None:
    order = {"product": "svg", "count": "2", "model": "builtin/flat", "idea": "a quote"}
    answer = page.post("/new/", typed(**order, **{"options.lettering": "Fun 😀"}))
    shown = answer.content.decode()
    assert 'id="option-lettering-error"' in shown and "“😀” (grinning face)" in shown and 'value="Fun 😀"' in shown
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()


def test_the_form_shows_the_words_it_will_letter(page: Client, alice: User) -> None:
    order = {"product": "svg", "count": "2", "model": "builtin/flat", "idea": "", "act": "price", "seen": ""}
    answer = page.post(
        "/new/", typed(**order, **{"options.lettering": "be kind", "options.lettering_style": "Pacifico"})
    )
    shown = answer.content.decode()
    assert "“be kind” in Pacifico" in shown and "option-lettering-error" not in shown


def test_a_listing_video_is_free_off_by_default_and_refused_where_none_can_be_made(
    page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page.get("/new/").content.decode()
    box = re.search(r'<input type="checkbox" id="video"[^>]*>', shown)
    assert box and "checked" not in box[0] and "disabled" not in box[0]
    monkeypatch.setenv("ELISTIT_FFMPEG", "/nowhere/ffmpeg")
    shown = page.get("/new/").content.decode()
    box = re.search(r'<input type="checkbox" id="video"[^>]*>', shown)
    assert box and "disabled" in box[0] and "there is no such program" in shown
    answer = page.post("/new/", typed(video="on"))
    assert answer.status_code == 422 and "can&#x27;t make listing videos" in answer.content.decode()
    assert ledger.balance(alice.pk) == 30 and not Project.objects.exists()
    monkeypatch.delenv("ELISTIT_FFMPEG")
    assert page.post("/new/", typed(video="on")).status_code == 302
    assert Project.objects.get().video and ledger.balance(alice.pk) == 13
    like = page.get(f"/new/?like={Project.objects.get().pk}").content.decode()
    assert re.search(r'id="video"[^>]* checked', like)


def test_more_like_one_image_fills_the_form_with_what_it_shows(page: Client, bobs: Client, at_gate: Project) -> None:
    link = f"/new/?like={at_gate.pk}&amp;item=3"
    assert f'href="{link}"' in page.get(f"/projects/{at_gate.pk}/").content.decode()
    form = page.get(f"/new/?like={at_gate.pk}&item=3").context["form"]
    assert (form.values["idea"], form.values["name"], form.values["product"]) == ("fox 3", "", "clipart")
    assert form.values["model"] == at_gate.model
    for odd in ("99", "x", "-1", "٣"):
        assert page.get(f"/new/?like={at_gate.pk}&item={odd}").context["form"].values["idea"] == at_gate.idea
    assert bobs.get(f"/new/?like={at_gate.pk}&item=3").status_code == 404
