"""One-time sign-in links: once, in time, for people who may still come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from elistit import ports
from elistit.accounts import links
from elistit.accounts.models import SignInLink, User
from elistit.cli import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann@shop.example")


def test_a_link_lets_its_person_in_exactly_once(ann: User) -> None:
    token = links.make_link(ann)
    assert links.redeem(token) == ann
    assert links.redeem(token) is None


def test_the_database_holds_no_token(ann: User) -> None:
    token = links.make_link(ann)
    assert token not in str(SignInLink.objects.values().get())


def test_a_link_ends_after_its_hours(ann: User) -> None:
    with ports.use_clock(ports.FixedClock()) as clock:
        token = links.make_link(ann, hours=2)
        clock.advance(2 * 3600 + 1)  # type: ignore[attr-defined]
        assert links.redeem(token) is None


def test_a_link_does_not_let_in_somebody_who_was_shut_out(ann: User) -> None:
    token = links.make_link(ann)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert links.redeem(token) is None


def test_a_wrong_token_lets_nobody_in(ann: User) -> None:
    links.make_link(ann)
    assert links.redeem("x" * 43) is None


def test_a_link_leads_to_where_the_pages_were_last_served_unless_an_address_is_set(
    ann: User, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR, settings.BASE_URL = tmp_path, "http://127.0.0.1:8000"
    monkeypatch.delenv("ELISTIT_BASE_URL", raising=False)
    assert people.studio_address() == "http://127.0.0.1:8000"
    people.remember_address("http://127.0.0.1:28999")
    assert people.studio_address() == "http://127.0.0.1:28999"
    monkeypatch.setenv("ELISTIT_BASE_URL", "https://studio.example")
    settings.BASE_URL = "https://studio.example"
    assert people.studio_address() == "https://studio.example"


def test_a_link_leads_to_the_studio_s_own_address(ann: User) -> None:
    assert links.address("abc", "https://studio.example/") == "https://studio.example/enter/abc"
