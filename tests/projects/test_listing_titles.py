"""Several titles for one listing: kept, compared, chosen; the draft has the one in use. On both databases."""

from __future__ import annotations

import pytest

from elistit.accounts.models import User
from elistit.actions import commands, titles
from elistit.listings import keyword_list
from elistit.ports import FixedClock
from elistit.projects import listing_titles
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.listing_text import Text
from elistit.projects.models import Listing, Project
from elistit.projects.title_models import ListingTitle
from elistit.runtime import engine
from tests.conformance.conftest import World, clock

__all__ = ["clock"]


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock)
    world.shop = False
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def done(world: World) -> Project:
    """A finished project of 15 foxes whose listing is written and not on Etsy."""
    project = world.to_end()
    Listing.objects.filter(project=project).update(title="Fox Clipart, 15 PNGs", tags=["fox clipart"])
    return project


def shown(project: Project) -> list[tuple[int, str, bool, bool]]:
    return [(t["number"], t["title"], t["in_use"], t["removed"]) for t in titles.compare(project)]


def test_titles_are_kept_beside_each_other_and_one_is_used(world: World, done: Project) -> None:
    before = world.balance()
    assert shown(done) == [(0, "Fox Clipart, 15 PNGs", True, False)]
    titles.add(world.user, done.pk, "  Watercolor Fox   PNG ")
    assert shown(done) == [(1, "Fox Clipart, 15 PNGs", True, False), (2, "Watercolor Fox PNG", False, False)]
    titles.add(world.user, done.pk, "Watercolor Fox PNG")
    assert len(shown(done)) == 2
    world.clock.advance(60)
    titles.use(world.user, done.pk, 2)
    assert shown(done) == [(1, "Fox Clipart, 15 PNGs", False, False), (2, "Watercolor Fox PNG", True, False)]
    assert Listing.objects.get(project=done).title == "Watercolor Fox PNG"
    titles.use(world.user, done.pk, 2)
    world.clock.advance(60)
    titles.use(world.user, done.pk, 1)
    used = [row.used for row in ListingTitle.objects.filter(project=done).order_by("number")]
    assert [len(u) for u in used] == [2, 1] and used[0][0] < used[1][0] < used[0][1]
    assert world.balance() == before, "free"


def test_each_title_says_its_length_its_truth_and_the_keywords_it_covers(world: World, done: Project) -> None:
    keyword_list.add_file(world.user, b"keyword,volume\nfox clipart,900\nfox png,100\ndinosaur,5000\n")
    titles.add(world.user, done.pk, "Set of 20 Fox PNG and Dinosaur")
    first, second = titles.compare(done)
    assert (first["length"], first["words"], first["untrue"], first["problems"]) == (20, 4, [], [])
    assert (first["keywords"], first["searches"]) == (["fox clipart", "fox png"], 1000)
    assert (second["keywords"], second["searches"]) == (["dinosaur", "fox png"], 5100)
    assert any("15 images" in words for words in second["untrue"]) and any("Dinosaur" in w for w in second["untrue"])


@pytest.mark.parametrize("title", ["", "  ", "x" * 141, "Fox 🦊", "A & B & C", "Fox $5"])
def test_what_etsy_would_not_take_is_not_kept(world: World, done: Project, title: str) -> None:
    with pytest.raises(InvalidSpec):
        titles.add(world.user, done.pk, title)
    assert not ListingTitle.objects.exists()


def test_a_title_in_use_stays_and_a_used_one_stays_in_the_history(world: World, done: Project) -> None:
    titles.add(world.user, done.pk, "Second")
    titles.add(world.user, done.pk, "Never used")
    with pytest.raises(NotPossible):
        titles.remove(world.user, done.pk, 1)
    titles.remove(world.user, done.pk, 3)
    assert [n for n, *_ in shown(done)] == [1, 2]
    world.clock.advance(1)
    titles.use(world.user, done.pk, 2)
    titles.remove(world.user, done.pk, 1)
    titles.remove(world.user, done.pk, 1)
    assert shown(done) == [(1, "Fox Clipart, 15 PNGs", False, True), (2, "Second", True, False)]
    with pytest.raises(NotFound):
        titles.use(world.user, done.pk, 1)
    titles.add(world.user, done.pk, "Never used")
    assert [n for n, *_ in shown(done)] == [1, 2, 3]


def test_nothing_changes_once_the_draft_is_on_etsy(world: World, done: Project) -> None:
    titles.add(world.user, done.pk, "Second")
    for state in (Listing.Draft.PENDING, Listing.Draft.CREATED):
        Listing.objects.filter(project=done).update(draft=state)
        with pytest.raises(NotPossible):
            titles.use(world.user, done.pk, 2)
        with pytest.raises(NotPossible):
            listing_titles.use(world.user, done.pk, 2)
    assert Listing.objects.get(project=done).title == "Fox Clipart, 15 PNGs"
    Listing.objects.filter(project=done).update(draft=Listing.Draft.FAILED)
    titles.use(world.user, done.pk, 2)


def test_an_edited_title_is_in_the_history_too(world: World, done: Project) -> None:
    titles.add(world.user, done.pk, "Second")
    world.clock.advance(1)
    commands.edit_listing(world.user, done.pk, Text("Third", ("fox clipart",), "Text.", 500, "USD"))
    assert shown(done)[-1] == (3, "Third", True, False)
    assert [len(row.used) for row in ListingTitle.objects.filter(project=done).order_by("number")] == [1, 0, 1]


def test_there_is_an_end_and_another_sellers_titles_are_not_there(world: World, done: Project) -> None:
    for number in range(listing_titles.KEPT_MAX - 1):
        titles.add(world.user, done.pk, f"Title {number}")
    with pytest.raises(InvalidSpec, match="10 titles"):
        titles.add(world.user, done.pk, "One more")
    other = User.objects.create_user("mallory@example.com")
    for act in (lambda: titles.add(other, done.pk, "Mine"), lambda: titles.use(other, done.pk, 2)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        titles.remove(other, done.pk, 2)
    with pytest.raises(NotFound):
        titles.use(world.user, done.pk, 99)
