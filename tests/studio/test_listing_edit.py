"""A seller edits the listing: Etsy's rules beside the fields, nothing typed lost, and no edit once the draft is on Etsy."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import ApiKey
from elistit.credits.models import CreditTransaction
from elistit.listings.models import EtsyShop
from elistit.projects.models import Listing, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(finished: Project) -> Project:
    Listing.objects.filter(project=finished).update(
        text="written",
        draft="none",
        title="Fox Clipart",
        tags=["fox", "clipart"],
        description="Foxes.",
        price_cents=450,
    )
    return finished


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Autumn Fox Clipart",
        "tags": "fox, autumn fox",
        "description": "Two foxes.\r\nMade by a program.",
        "price": "5,5",
        **changed,
    }


def test_what_meets_the_rules_is_saved_free_of_charge(page: Client, listed: Project) -> None:
    rows = CreditTransaction.objects.count()
    address = f"/projects/{listed.pk}/listing/edit/"
    assert "Edit the listing" in page.get(f"/projects/{listed.pk}/listing/").content.decode()
    assert 'value="Fox Clipart"' in page.get(address).content.decode()
    assert page.post(address, typed()).status_code == 302
    saved = Listing.objects.get(project=listed)
    assert (saved.title, saved.tags, saved.price_cents) == ("Autumn Fox Clipart", ["fox", "autumn fox"], 550)
    assert saved.description == "Two foxes.\nMade by a program." and CreditTransaction.objects.count() == rows


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "x" * 141}, "Etsy takes 140 at most"),
        ({"title": ""}, "The title is empty"),
        ({"tags": ", ".join(f"tag {n}" for n in range(14))}, "13"),
        ({"tags": "a tag that is much too long for etsy"}, "20"),
        ({"price": "cheap"}, "Enter the price as a number"),
        ({"price": "0.10"}, "price"),
        ({"description": " "}, "description"),
    ],
)
def test_what_breaks_a_rule_comes_back_as_typed_and_nothing_is_saved(
    page: Client, listed: Project, changed: dict[str, Any], words: str
) -> None:
    answer = page.post(f"/projects/{listed.pk}/listing/edit/", typed(**changed))
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in shown and "Nothing was saved" in shown
    assert "Two foxes." in shown or "description" in changed
    assert Listing.objects.get(project=listed).title == "Fox Clipart"


def test_the_rules_are_shown_while_typing_and_nothing_is_saved(page: Client, listed: Project) -> None:
    shown = page.post(f"/projects/{listed.pk}/listing/check/", typed(title="y" * 150)).content.decode()
    assert "150 of 140" in shown and "2 of 13" in shown and "Preview" in shown
    assert (
        "The listing follows all of Etsy’s rules."
        in page.post(f"/projects/{listed.pk}/listing/check/", typed()).content.decode()
    )
    assert Listing.objects.get(project=listed).title == "Fox Clipart"


@pytest.mark.parametrize("draft", ["pending", "created"])
def test_a_text_that_is_on_etsy_is_not_edited_here(page: Client, listed: Project, draft: str) -> None:
    Listing.objects.filter(project=listed).update(draft=draft)
    answer = page.post(f"/projects/{listed.pk}/listing/edit/", typed(), follow=True)
    assert "edit the text there" in answer.content.decode()
    assert Listing.objects.get(project=listed).title == "Fox Clipart"


def test_a_program_edits_it_by_the_same_rules(listed: Project) -> None:
    api = Client(headers={"Authorization": f"Bearer {ApiKey.issue(listed.owner, 'test', ApiKey.Scope.FULL)}"})
    body = {"title": "Fox", "tags": ["fox"], "description": "A fox.", "price_cents": 300}
    address = f"/api/v1/projects/{listed.pk}/listing"
    assert api.put(address, body, "application/json").json()["listing"]["title"] == "Fox"
    refused = api.put(address, {**body, "tags": ["fox", "Fox"]}, "application/json")
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "tags"


@pytest.fixture
def yen(listed: Project) -> Project:
    """Her shop sells in yen."""
    EtsyShop.objects.create(
        owner=listed.owner, shop_id=1, access_token=b"x", refresh_token=b"x", expires_at=ports.now(), currency="JPY",
        currency_read_at=ports.now(),
    )  # fmt: skip
    return listed


def test_a_price_is_edited_in_the_shops_currency(page: Client, yen: Project) -> None:
    address = f"/projects/{yen.pk}/listing/edit/"
    shown = page.get(address).content.decode()
    assert "Price in JPY" in shown and "From 30 JPY to 7,500,000 JPY, whole numbers only." in shown
    refused = page.post(address, typed(price="5,5"))
    assert refused.status_code == 422 and "whole number" in refused.content.decode()
    assert page.post(address, typed(price="1,200")).status_code == 302
    saved = Listing.objects.get(project=yen)
    assert (saved.price_cents, saved.currency) == (120_000, "JPY")
    assert "1,200 JPY" in page.get(f"/projects/{yen.pk}/listing/").content.decode()
    assert 'value="1200"' in page.get(address).content.decode()


def test_a_price_in_another_currency_is_not_taken_over(page: Client, yen: Project) -> None:
    Listing.objects.filter(project=yen).update(price_cents=650, currency="EUR")
    assert 'name="price" value=""' in page.get(f"/projects/{yen.pk}/listing/edit/").content.decode()


def test_what_is_not_true_and_what_is_protected_is_said_while_typing_and_kept_as_notes(
    page: Client, listed: Project
) -> None:
    words = typed(title="20 Dragon PNGs", tags="pokemon fox")
    shown = page.post(f"/projects/{listed.pk}/listing/check/", words).content.decode()
    assert "“20 Dragon PNGs” isn&#x27;t true" in shown and "“Pokemon” is a video game" in shown
    assert page.post(f"/projects/{listed.pk}/listing/edit/", words).status_code == 302, "the seller decides"
    codes = [n["code"] for n in Listing.objects.get(project=listed).notes or []]
    assert codes[0] == "checked" and {"untrue", "trademark"} <= set(codes)
    assert "isn&#x27;t true" in page.get(f"/projects/{listed.pk}/listing/").content.decode()
