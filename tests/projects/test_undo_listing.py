"""Undoing edits of a listing and the choice of its title: exactly once, never over a later change, never once it is on Etsy, free.
On both databases."""

from __future__ import annotations

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.actions import commands, listing_edits, titles
from elistit.credits.models import CreditTransaction
from elistit.ports import FixedClock
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.listing_text import Text
from elistit.projects.listing_titles import KEPT_MAX
from elistit.projects.models import Listing, Project
from tests.conformance.conftest import World
from tests.studio.test_organizing import undo_of

from .test_listing_titles import clock, done, world

__all__ = ["clock", "done", "world"]
EDITED = Text("Fox Clipart", ("fox png", "fox clipart"), "Foxes.", 500, "USD")


@pytest.fixture
def page(world: World) -> Client:
    client = Client()
    client.force_login(world.user)
    return client


def text(project: Project) -> dict[str, object]:
    return listing_edits.plain(Listing.objects.get(project=project))


def edited(world: World, project: Project, wanted: Text = EDITED) -> tuple[dict[str, object], str]:
    before = text(project)
    commands.edit_listing(world.user, project.pk, wanted)
    return before, listing_edits.digest(text(project))


def test_an_edit_is_undone_whole_twice_is_once_and_nothing_is_charged(world: World, done: Project) -> None:
    rows = CreditTransaction.objects.count()
    before, after = edited(world, done)
    assert text(done)["tags"] == ["fox png", "fox clipart"] != before["tags"]
    for _ in range(2):
        listing_edits.put_back(world.user, done.pk, before, after)
        assert text(done) == before
    assert CreditTransaction.objects.count() == rows


def test_the_order_of_the_tags_is_part_of_the_text(world: World, done: Project) -> None:
    commands.edit_listing(world.user, done.pk, EDITED)
    reordered = Text(EDITED.title, EDITED.tags[::-1], EDITED.description, EDITED.price_cents, EDITED.currency)
    before, after = edited(world, done, reordered)
    listing_edits.put_back(world.user, done.pk, before, after)
    assert text(done)["tags"] == list(EDITED.tags)


def test_an_undo_never_goes_over_a_later_edit_or_a_draft_on_etsy(world: World, done: Project) -> None:
    before, after = edited(world, done)
    commands.edit_listing(world.user, done.pk, Text("Later", ("later",), "Later.", 500, "USD"))
    with pytest.raises(NotPossible, match="changed again since"):
        listing_edits.put_back(world.user, done.pk, before, after)
    commands.edit_listing(world.user, done.pk, EDITED)
    Listing.objects.filter(project=done).update(draft=Listing.Draft.CREATED)
    with pytest.raises(NotPossible, match="already on Etsy"):
        listing_edits.put_back(world.user, done.pk, before, after)
    assert text(done)["title"] == EDITED.title
    with pytest.raises(NotFound):
        listing_edits.put_back(User.objects.create_user("b@example.com"), done.pk, before, after)


def test_the_history_of_titles_knows_an_undone_edit(world: World, done: Project, clock: FixedClock) -> None:
    titles.add(world.user, done.pk, "Fox PNG")
    clock.advance(60)
    before, after = edited(world, done)
    clock.advance(60)
    listing_edits.put_back(world.user, done.pk, before, after)
    used = {t["title"]: len(t["used_since"]) for t in titles.compare(done)}
    assert used == {str(before["title"]): 2, "Fox PNG": 0, EDITED.title: 1}


def press(page: Client, project: Project, what: str, **form: str) -> str:
    return page.post(f"/projects/{project.pk}/listing/{what}", form, follow=True).content.decode()


def take(page: Client, value: str) -> str:
    return page.post("/projects/undo/", {"undo": value}, follow=True).content.decode()


def test_the_page_offers_to_undo_an_edit(page: Client, done: Project) -> None:
    before = text(done)
    form = {"title": "Fox PNG", "tags": "fox png", "description": "Foxes.", "price": "5"}
    shown = press(page, done, "edit/", **form)
    assert "Listing saved." in shown and text(done)["tags"] == ["fox png"]
    assert "Undone." in take(page, undo_of(shown)) and text(done) == before
    press(page, done, "edit/", **form)
    again = press(page, done, "edit/", **form)
    assert "Listing saved." in again and 'id="undo-last"' not in again, "nothing was changed"


def test_the_page_offers_to_undo_a_choice_of_title(page: Client, world: World, done: Project) -> None:
    before = str(text(done)["title"])
    titles.add(world.user, done.pk, "Fox PNG")
    shown = press(page, done, "titles/2/use/")
    assert "The next draft will use this title." in shown and text(done)["title"] == "Fox PNG"
    for _ in range(2):
        assert "Undone." in take(page, undo_of(shown)) and text(done)["title"] == before
    again = press(page, done, "titles/1/use/")
    assert 'id="undo-last"' not in again, "it was in use"
    value = undo_of(press(page, done, "titles/2/use/"))
    titles.remove(world.user, done.pk, 1)
    assert "was removed" in take(page, value) and text(done)["title"] == "Fox PNG"


def test_a_title_that_was_kept_or_removed_is_put_back_as_it_was(page: Client, world: World, done: Project) -> None:
    shown = press(page, done, "titles/", title="Fox PNG")
    assert "Title kept." in shown
    for _ in range(2):
        assert "Undone." in take(page, undo_of(shown))
        assert [(t["title"], t["removed"]) for t in titles.compare(done)] == [(text(done)["title"], False)]
    press(page, done, "titles/", title="Fox PNG")
    assert 'id="undo-last"' not in press(page, done, "titles/", title="Fox PNG"), "it was kept already"
    removed = undo_of(press(page, done, "titles/2/remove/"))
    for _ in range(2):
        assert "Undone." in take(page, removed)
        assert [t["title"] for t in titles.compare(done) if not t["removed"]] == [text(done)["title"], "Fox PNG"]
    titles.remove(world.user, done.pk, 2)
    for n in range(KEPT_MAX - 1):
        titles.add(world.user, done.pk, f"Fox {n}")
    assert f"You have {KEPT_MAX} other titles now." in take(page, removed)
