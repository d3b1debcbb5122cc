"""Titles of a listing over the API and on the page."""

from __future__ import annotations

import pytest
from django.test import Client

from elistit.projects.models import Listing, Project
from tests.api.conftest import Caller
from tests.conformance.conftest import World


@pytest.fixture
def done(world: World, api: Caller) -> Project:
    world.shop = False
    project = world.to_end()
    Listing.objects.filter(project=project).update(title="Fox Clipart")
    return project


def test_titles_are_kept_used_and_removed(api: Caller, stranger: Caller, done: Project) -> None:
    address = f"/projects/{done.pk}/titles"
    assert [t["title"] for t in api.get(address).json()["items"]] == ["Fox Clipart"]
    kept = api.post(address, {"title": "Fox PNG"})
    assert kept.status_code == 200 and [t["number"] for t in kept.json()["items"]] == [1, 2]
    used = api.post(f"{address}/2/use").json()["items"]
    assert [t["in_use"] for t in used] == [False, True]
    assert api.get(f"/projects/{done.pk}").json()["listing"]["title"] == "Fox PNG"
    assert api("DELETE", f"{address}/2").status_code == 409
    assert api("DELETE", f"{address}/1").status_code == 200
    assert api.post(address, {"title": "x" * 141}).status_code == 422
    assert api.post(f"{address}/7/use").status_code == 404
    assert stranger.get(address).status_code == stranger.post(address, {"title": "Mine"}).status_code == 404


def test_the_listing_page_compares_titles_without_script(world: World, done: Project) -> None:
    page = Client()
    page.force_login(world.user)
    address = f"/projects/{done.pk}/listing/"
    assert "Titles to compare" in page.get(address).content.decode()
    refused = page.post(f"{address}titles/", {"title": "Fox <b> $5"})
    assert refused.status_code == 422 and "Fox &lt;b&gt; $5" in refused.content.decode()
    shown = page.post(f"{address}titles/", {"title": "Set of 99 Fox PNG"}, follow=True).content.decode()
    assert "Set of 99 Fox PNG" in shown and "isn’t true" in shown.replace("&#x27;", "’").replace("'", "’")
    shown = page.post(f"{address}titles/2/use/", follow=True).content.decode()
    assert Listing.objects.get(project=done).title == "Set of 99 Fox PNG" and "In use." in shown
    page.post(f"{address}titles/1/remove/")
    assert "Removed." in page.get(address).content.decode()
