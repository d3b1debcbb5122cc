"""Signing in by a one-time link: a preview does not burn it, the button does, once."""

from __future__ import annotations

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts import links
from elistit.accounts.models import User

pytestmark = pytest.mark.django_db


def test_opening_a_link_any_number_of_times_does_not_use_it_up(alice: User, client: Client) -> None:
    token = links.make_link(alice)
    for _ in range(5):
        answer = client.get(f"/enter/{token}")
        assert answer.status_code == 200 and b"Sign in as alice@example.com" in answer.content
        assert answer["Referrer-Policy"] == "same-origin"
        client.head(f"/enter/{token}")
    answer = client.post(f"/enter/{token}")
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert b"30 credits" in client.get("/").content


def test_a_link_works_once(alice: User, client: Client) -> None:
    token = links.make_link(alice)
    assert client.post(f"/enter/{token}").status_code == 302
    other = Client()
    assert other.post(f"/enter/{token}").status_code == 410
    assert b"no longer works" in other.get(f"/enter/{token}").content
    assert other.get("/").status_code == 302


def test_a_link_ends_with_its_time(alice: User, client: Client, clock: ports.FixedClock) -> None:
    token = links.make_link(alice, hours=1)
    clock.advance(3601)
    assert client.get(f"/enter/{token}").status_code == 410
    assert client.post(f"/enter/{token}").status_code == 410


def test_an_unknown_link_says_the_same_as_a_used_one(client: Client, db: None) -> None:
    assert client.get("/enter/aaaaaaaaaaaaaaaaaaaa").status_code == 410


def test_signing_in_leads_to_where_one_wanted_to_go_but_never_elsewhere(alice: User, client: Client) -> None:
    client.get("/enter/?next=/settings/billing/")
    assert client.post(f"/enter/{links.make_link(alice)}")["Location"] == "/settings/billing/"
    client.post("/leave/")
    client.get("/enter/?next=https://elsewhere.example/")
    assert client.post(f"/enter/{links.make_link(alice)}")["Location"] == "/"


def test_signing_out_ends_it(page: Client) -> None:
    assert page.post("/leave/")["Location"] == "/enter/"
    assert page.get("/").status_code == 302


def test_the_door_says_how_to_get_a_link(client: Client, db: None) -> None:
    assert b"elistit users link" in client.get("/enter/").content


def test_a_part_asked_for_after_the_sign_in_ended_leads_the_whole_page_to_the_door(client: Client, db: None) -> None:
    answer = client.get("/projects/01ARZ3NDEKTSV4RRFFQ69G5FAV/live/", headers={"HX-Request": "true"}, follow=True)
    assert answer["HX-Redirect"].startswith("/enter/?next=")
