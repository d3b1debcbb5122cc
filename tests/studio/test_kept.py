"""A sign-in that ends while somebody types: what was typed is there again after the sign-in, and nothing was done with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from elistit.accounts import links
from elistit.accounts.models import User
from elistit.projects.models import Item, Listing, Project
from elistit.support.models import HelpRequest

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}
Comes = Callable[[str, str, dict[str, str]], str]


@pytest.fixture
def sent_signed_out(page: Client, alice: User) -> Comes:
    """Send a form after the sign-in has ended, sign in again by a mailed link, and answer the page that is shown then."""

    def _sent(on: str, to: str, form: dict[str, str]) -> str:
        page.logout()
        door = page.post(to, form, headers={"Referer": f"http://testserver{on}"})
        page.get(door["Location"])
        back = page.post(f"/enter/{links.make_link(alice)}/")
        assert back["Location"] == on
        return page.get(back["Location"]).content.decode()

    return _sent


def test_the_question_to_support_comes_back_and_was_not_sent(sent_signed_out: Comes, failed: Project) -> None:
    address = f"/projects/{failed.pk}/help/"
    shown = sent_signed_out(address, address, {"expected": "I expected fifteen foxes.", "key": ""})
    assert ">I expected fifteen foxes.</textarea>" in shown and "Your session had expired" in shown
    assert not HelpRequest.objects.exists()


def test_a_prompt_for_a_remake_comes_back_in_its_picture_and_nothing_is_remade(
    sent_signed_out: Comes, page: Client, at_gate: Project
) -> None:
    gate = f"/projects/{at_gate.pk}/approve/"
    shown = sent_signed_out(gate, f"/projects/{at_gate.pk}/items/3/remake/", {"prompt": "a fox in a red coat"})
    assert shown.count("a fox in a red coat</textarea>") == 1 and shown.count('<details class="remake" open>') == 1
    assert not Item.objects.exclude(state="made").exists()
    assert "a fox in a red coat" not in page.get(gate).content.decode(), "it comes back once"


def test_dropping_a_picture_signed_out_leads_back_to_the_gate_and_drops_nothing(
    sent_signed_out: Comes, at_gate: Project
) -> None:
    gate = f"/projects/{at_gate.pk}/approve/"
    shown = sent_signed_out(gate, f"/projects/{at_gate.pk}/items/3/drop/", {})
    assert "15 kept" in shown and "Your session had expired" in shown


def test_a_listing_being_edited_comes_back_and_was_not_saved(sent_signed_out: Comes, finished: Project) -> None:
    Listing.objects.update_or_create(
        project=finished, defaults={"text": "written", "title": "As it was", "tags": ["a"]}
    )
    address = f"/projects/{finished.pk}/listing/edit/"
    typed = {"title": "Autumn foxes", "tags": "fox, autumn", "price": "4.50", "description": "Drawn by rules."}
    shown = sent_signed_out(address, f"/projects/{finished.pk}/listing/check/", typed)
    assert 'value="Autumn foxes"' in shown and "fox, autumn" in shown and "Your session had expired" in shown
    assert Listing.objects.get(project=finished).title == "As it was"


@pytest.mark.parametrize("told", ["", "https://elsewhere.example/new/"])
def test_a_page_elsewhere_is_never_led_back_to(page: Client, told: str) -> None:
    page.logout()
    answer = page.post("/new/", {"idea": "a heron"}, headers={"Referer": told, **SCRIPT})
    assert answer["HX-Redirect"] == "/enter/?next=%2Fnew%2F"


def test_more_than_a_form_holds_is_not_kept(page: Client) -> None:
    page.logout()
    page.post("/new/", {"idea": "x" * 50_000})
    assert "kept_form" not in page.session
