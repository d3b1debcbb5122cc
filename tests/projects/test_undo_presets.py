"""Undoing a removed scene and an edited brand kit, as rows: within their time, not without room, never another seller's. On both
databases."""

from __future__ import annotations

import datetime as dt

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.projects import brand_kits, idempotency, scenes
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Scene
from elistit.projects.preset_models import BrandKit

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("mara@example.com")


def a_scene(owner: User, name: str = "hall") -> Scene:
    return Scene.objects.create(owner=owner, name=name, path="scenes/x", preview="x", width=9, height=9)


def test_a_removed_scene_comes_back_for_a_day_and_only_while_its_files_are_there(owner: User) -> None:
    scene, now = a_scene(owner), ports.now()
    scenes.remove(owner, scene.pk)
    for _ in range(2):
        scenes.restore(owner, scene.pk)
        assert list(scenes.of(owner)) == [scene]
    for gone in ({"removed_at": now - dt.timedelta(days=1, seconds=1)}, {"removed_at": now, "path": ""}):
        Scene.objects.filter(pk=scene.pk).update(**gone)
        with pytest.raises(NotPossible, match="“hall” was deleted"):
            scenes.restore(owner, scene.pk)
    with pytest.raises(NotFound):
        scenes.restore(User.objects.create_user("b@example.com"), scene.pk)


def test_a_removed_scene_needs_room(owner: User) -> None:
    scene = a_scene(owner)
    scenes.remove(owner, scene.pk)
    for n in range(scenes.MOST):
        a_scene(owner, f"hall {n}")
    with pytest.raises(NotPossible, match="Remove one first"):
        scenes.restore(owner, scene.pk)


def test_an_edited_brand_kit_is_put_back_unless_its_name_is_taken(owner: User) -> None:
    kit = brand_kits.save(
        owner, None, {"name": "Fern", "styles": ["builtin/ink"], "pricing": {"prices": {"poster": 999}}}
    )
    before = brand_kits.plain(kit)
    after = idempotency.digest(brand_kits.plain(brand_kits.save(owner, kit.pk, {"name": "Moss", "styles": []})))
    for _ in range(2):
        brand_kits.put_back(owner, kit.pk, before, after)
        assert brand_kits.plain(BrandKit.objects.get()) == before and brand_kits.find(owner, "fern") == kit
    brand_kits.save(owner, kit.pk, {"name": "Moss", "styles": []})
    brand_kits.save(owner, None, {"name": "Fern"})
    with pytest.raises(InvalidSpec, match="already have a brand kit named “Fern”"):
        brand_kits.put_back(owner, kit.pk, before, after)
    assert brand_kits.get(owner, kit.pk).name == "Moss"


def test_the_default_goes_back_to_none_and_not_to_a_deleted_kit(owner: User) -> None:
    fern = brand_kits.save(owner, None, {"name": "Fern", "is_default": False})
    moss = brand_kits.save(owner, None, {"name": "Moss", "is_default": True})
    brand_kits.put_default_back(owner, "", moss.pk)
    assert brand_kits.default(owner) is None
    brand_kits.save(owner, moss.pk, {"is_default": True})
    brand_kits.delete(owner, fern.pk)
    with pytest.raises(NotPossible, match="was deleted"):
        brand_kits.put_default_back(owner, fern.pk, moss.pk)
    assert brand_kits.default(owner) == moss, "nothing is changed by a refusal"
