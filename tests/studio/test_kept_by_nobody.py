"""What may be kept of an answer: nothing of what somebody signed in sees; and the promise of https where it is asked for."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from elistit.cli import environment
from tests.studio.conftest import booked

PAGES = (
    "/",
    "/new/",
    "/settings/billing/",
    "/settings/plans/",
    "/settings/integrations/",
    "/settings/keys/",
    "/prices/",
)


def kept(client: Client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return {part.strip() for part in answer["Cache-Control"].split(",")}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_somebody_signed_in_is_kept_by_nobody(page: Client, address: str) -> None:
    assert {"private", "no-store"} <= kept(page, address)


def test_a_project_is_kept_by_nobody(page: Client, alice: object) -> None:
    project = booked(alice)  # type: ignore[arg-type]
    assert {"private", "no-store"} <= kept(page, f"/projects/{project.pk}/")


def test_style_sheets_may_be_kept(page: Client) -> None:
    answer = page.get("/static/studio/studio.css")
    assert answer.status_code == 200 and "no-store" not in answer.headers.get("Cache-Control", "")


@pytest.mark.django_db
def test_a_page_without_a_session_is_left_alone(client: Client) -> None:
    assert "Cache-Control" not in client.get("/prices/").headers


@pytest.mark.django_db
def test_browsers_are_held_to_https_when_asked_for_and_only_over_https(client: Client, settings: LazySettings) -> None:
    assert "Strict-Transport-Security" not in client.get("/prices/", secure=True).headers
    settings.SECURE_HSTS_SECONDS = 31536000
    fresh = Client()
    assert fresh.get("/prices/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in fresh.get("/prices/").headers


@pytest.mark.parametrize(
    ("value", "good"), [("", True), ("0", True), ("31536000", True), ("-1", False), ("a year", False)]
)
def test_a_wrong_number_of_seconds_is_refused(value: str, good: bool) -> None:
    found = [p.name for p in environment.problems({"ELISTIT_HSTS_SECONDS": value})]
    assert (found == []) is good
