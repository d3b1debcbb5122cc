"""A seller's own order in their projects: names, labels, archive, favorites, saved filters."""

from __future__ import annotations

import pytest

from elistit.accounts.models import User
from elistit.projects import organizing
from elistit.projects.desk_models import Label, SavedFilter
from elistit.projects.errors import InvalidSpec, NotFound
from elistit.projects.models import Project
from tests.studio.conftest import a_person, booked

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return a_person("alice@example.com", 100)


@pytest.fixture
def two(alice: User) -> list[str]:
    return [booked(alice, name="Foxes").pk, booked(alice, name="Owls").pk]


def labels(pk: str) -> list[str]:
    return organizing.labels_of([pk])[pk]


def test_a_new_name_is_kept_on_one_line_and_the_old_one_answered(alice: User, two: list[str]) -> None:
    assert organizing.rename(alice, two[0], "  Fall\n foxes ") == "Foxes"
    assert Project.objects.get(pk=two[0]).name == "Fall foxes"
    for bad in ("", " \n ", "x" * 121):
        with pytest.raises(InvalidSpec):
            organizing.rename(alice, two[0], bad)
    with pytest.raises(NotFound):
        organizing.rename(a_person("bob@example.com"), two[0], "Mine")


def test_archive_and_favorite_say_what_changed(alice: User, two: list[str]) -> None:
    for change in (organizing.archive, organizing.favorite):
        assert change(alice, two) == sorted(two)
        assert change(alice, two) == [], "again changes nothing"
        assert change(alice, [two[0]], yes=False) == [two[0]]
        assert change(a_person(f"{change.__name__}@example.com"), two, yes=False) == []
    row = Project.objects.get(pk=two[1])
    assert row.archived_at and row.favorite_at and row.stage == "queued"


def test_a_label_is_one_whatever_its_case_and_gone_with_its_last_project(alice: User, two: list[str]) -> None:
    assert organizing.add_label(alice, two, "Fall") == sorted(two)
    assert organizing.add_label(alice, two, "fall ") == []
    organizing.add_label(alice, [two[0]], "Animals")
    assert (labels(two[0]), labels(two[1])) == (["Animals", "Fall"], ["Fall"])
    assert organizing.labels(alice) == ["Animals", "Fall"]
    assert organizing.remove_label(alice, two, "FALL") == sorted(two)
    assert organizing.remove_label(alice, two, "FALL") == []
    assert [label.name for label in Label.objects.all()] == ["Animals"]


def test_sellers_do_not_share_labels(alice: User, two: list[str]) -> None:
    bob = a_person("bob@example.com")
    organizing.add_label(alice, two, "Fall")
    assert organizing.add_label(bob, two, "Fall") == [] and organizing.remove_label(bob, two, "Fall") == []
    assert organizing.labels(bob) == [] and labels(two[0]) == ["Fall"]


def test_exactly_the_labels_that_are_set(alice: User, two: list[str]) -> None:
    organizing.add_label(alice, two, "Old")
    organizing.set_labels(alice, two[0], ["New", "new", "Fall"])
    assert (labels(two[0]), labels(two[1])) == (["Fall", "new"], ["Old"])
    for bad in ([""], ["x" * 41], [str(n) for n in range(21)]):
        with pytest.raises(InvalidSpec):
            organizing.set_labels(alice, two[0], bad)
    assert labels(two[0]) == ["Fall", "new"]
    for n in range(18):
        organizing.add_label(alice, [two[0]], f"label {n}")
    with pytest.raises(InvalidSpec):
        organizing.add_label(alice, two, "one too many")
    assert labels(two[1]) == ["Old"], "all or none"


def test_saved_filters(alice: User) -> None:
    organizing.save_filter(alice, "Autumn", "q=owl")
    organizing.save_filter(alice, "Autumn", "q=fox")
    row = SavedFilter.objects.get(owner=alice)
    assert row.query == "q=fox"
    for name, query in (("", "q=a"), ("x" * 61, "q=a"), ("Empty", "")):
        with pytest.raises(InvalidSpec):
            organizing.save_filter(alice, name, query)
    with pytest.raises(NotFound):
        organizing.remove_filter(a_person("bob@example.com"), row.pk)
    assert organizing.remove_filter(alice, row.pk) == ("Autumn", row.query) and not SavedFilter.objects.exists()
