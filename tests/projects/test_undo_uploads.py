"""Taking own images out of an order and putting them back, as rows: once, for a day, all of them or none. On both databases."""

from __future__ import annotations

import datetime as dt

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.projects import uploads
from elistit.projects.errors import NotPossible
from elistit.projects.models import Upload
from tests.conformance.conftest import World, clock

__all__ = ["clock"]


@pytest.fixture
def world(transactional_db: None, clock: ports.FixedClock) -> World:
    return World(clock)


def sent(owner: User, count: int) -> list[str]:
    rows = [
        Upload(owner=owner, name=f"{n}.png", kind="png", path="x", preview="x", width=9, height=9, bytes=9, alpha=False)
        for n in range(count)
    ]
    return [row.pk for row in Upload.objects.bulk_create(rows)]


def waiting(owner: User) -> set[str]:
    return set(uploads.waiting(owner).values_list("pk", flat=True))


def test_images_are_set_aside_and_put_back_and_twice_is_once(world: World) -> None:
    ids = sent(world.user, 3)
    for _ in range(2):
        uploads.set_aside(world.user, ids[:2])
        assert waiting(world.user) == {ids[2]} and not uploads.done_with().exists()
    for _ in range(2):
        uploads.put_back(world.user, ids[:2])
        assert waiting(world.user) == set(ids)


def test_what_is_set_aside_cannot_be_launched(world: World) -> None:
    ids, project = sent(world.user, 2), world.launch()
    uploads.set_aside(world.user, ids[:1])
    with pytest.raises(NotPossible, match="was deleted or is used"):
        uploads.claim(world.user, project, ids[:1])
    uploads.claim(world.user, project, ids[1:])
    assert uploads.set_aside(world.user, ids[1:]) == [], "it is the project's"
    with pytest.raises(NotPossible, match="can't be undone anymore"):
        uploads.put_back(world.user, ids)
    assert waiting(world.user) == set(), "none is put back unless all are"


def test_after_a_day_nothing_comes_back(world: World, clock: ports.FixedClock) -> None:
    ids = sent(world.user, 1)
    uploads.set_aside(world.user, ids)
    clock.advance(dt.timedelta(days=1).total_seconds())
    assert list(uploads.done_with().values_list("pk", flat=True)) == ids
    with pytest.raises(NotPossible):
        uploads.put_back(world.user, ids)


def test_another_sellers_images_are_neither_taken_nor_put_back(world: World) -> None:
    ids, other = sent(world.user, 1), User.objects.create_user("other@example.com")
    assert uploads.set_aside(other, ids) == []
    uploads.set_aside(world.user, ids)
    with pytest.raises(NotPossible):
        uploads.put_back(other, ids)
    assert waiting(world.user) == set()


def test_only_the_newest_ones_can_be_put_back_and_only_where_there_is_room(
    world: World, clock: ports.FixedClock
) -> None:
    ids = sent(world.user, uploads.REMOVED_MAX + 1)
    for pk in ids:
        clock.advance(1)
        uploads.set_aside(world.user, [pk])
    assert list(uploads.done_with().values_list("pk", flat=True)) == ids[:1]
    sent(world.user, uploads.WAITING_MAX)
    with pytest.raises(NotPossible, match="120 uploads are waiting already"):
        uploads.put_back(world.user, ids[-1:])
