"""What no one uses anymore goes when it is old, and nothing that is used or kept goes with it."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from elistit.accounts.data_models import DataExport
from elistit.accounts.models import ApiKey, ApiKeyDay, User
from elistit.credits import ledger
from elistit.maintenance import delete_files, unused_rows
from elistit.maintenance.own_data import exporting
from elistit.ports import FixedClock
from elistit.projects import changes
from elistit.projects.batch_models import Batch, RequestedLaunch
from elistit.projects.models import Project, Scene
from elistit.projects.request_models import AcceptedRequest
from elistit.projects.states import Stage
from elistit.support import trials, unconfirmed
from elistit.support.bulk_models import BulkPlan, BulkRow
from elistit.support.models import TrialPlace
from tests.conformance.conftest import World
from tests.maintenance.aged import NOW, clock, world
from tests.maintenance.busy_studio import keep_cache_by

__all__ = ["clock", "world"]
pytestmark = pytest.mark.django_db


def ago(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def a_key(world: World, name: str, revoked: float | None) -> ApiKey:
    ApiKey.issue(world.user, name)
    ApiKey.objects.filter(name=name).update(revoked_at=None if revoked is None else ago(revoked))
    return ApiKey.objects.get(name=name)


def test_keys_revoked_long_ago_go_but_not_one_that_a_waiting_list_came_with(world: World) -> None:
    for name, revoked in (("old", 91), ("young", 89), ("works", None), ("waits", 91), ("launched", 91)):
        a_key(world, name, revoked)
    for name, state in (("waits", "waiting"), ("launched", "launched")):
        batch = Batch.objects.create(owner=world.user, name=name)
        request = AcceptedRequest.objects.create(owner=world.user, key=name, act="batch", digest="")
        key = ApiKey.objects.get(name=name)
        RequestedLaunch.objects.create(batch=batch, request=request, api_key=key, state=state)
    assert unused_rows.delete_keys() == 2
    assert set(ApiKey.objects.values_list("name", flat=True)) == {"young", "works", "waits"}
    assert RequestedLaunch.objects.count() == 2


def test_what_a_key_spent_a_month_ago_goes_and_the_key_stays(world: World) -> None:
    key = a_key(world, "program", None)
    for days in (0, 30, 31):
        ApiKeyDay.objects.create(key=key, day=ago(days).date(), spent=1)
    assert (unused_rows.delete_keys(), unused_rows.delete_keys()) == (1, 0)
    assert sorted(key.days.values_list("day", flat=True)) == [ago(30).date(), ago(0).date()]
    assert ApiKey.objects.filter(pk=key.pk).exists()


def test_expired_cache_entries_go(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_cache_by(clock, monkeypatch)
    cache.clear()
    cache.set("short", 1, 60)
    cache.set("long", 2, 3600)
    cache.set("always", 3, None)
    assert unused_rows.delete_cache() == 0
    clock.advance(120)
    assert unused_rows.delete_cache() == 1
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {settings.CACHES['default']['LOCATION']}")
        assert cursor.fetchone() == (2,)
    assert (cache.get("long"), cache.get("always")) == (2, 3)
    cache.clear()


def a_person(email: str, age: float, verified: bool = False, **more: object) -> User:
    person = User.objects.create(email=email, created_at=ago(age), **more)
    EmailAddress.objects.create(user=person, email=email, verified=verified, primary=True)
    return person


def test_sign_ups_that_were_never_confirmed_go_after_a_month_and_no_one_else(world: World) -> None:
    a_person("never@example.com", 31)
    a_person("young@example.com", 29)
    a_person("confirmed@example.com", 400, verified=True)
    a_person("operator@example.com", 400, is_staff=True)
    a_person("support@example.com", 400, is_support=True)
    a_person("was-here@example.com", 400, last_login=ago(300))
    a_person("closed@example.com", 400, is_active=False)
    ledger.open_account(a_person("has-credits@example.com", 400).pk)
    User.objects.create(email="erased-7@erased.invalid", created_at=ago(400))
    before = set(User.objects.values_list("email", flat=True))
    assert (unconfirmed.delete_sign_ups(), unconfirmed.delete_sign_ups()) == (1, 0)
    assert before - set(User.objects.values_list("email", flat=True)) == {"never@example.com"}
    assert not EmailAddress.objects.filter(email="never@example.com").exists()


def test_previews_of_bulk_actions_go_and_what_was_confirmed_stays(world: World) -> None:
    for age, confirmed in ((8, None), (6, None), (400, ago(400))):
        plan = BulkPlan.objects.create(actor=world.user, kind="goodwill", at=ago(age), confirmed_at=confirmed)
        BulkRow.objects.create(plan=plan, number=1, person=world.user)
    assert (unconfirmed.delete_previews(), unconfirmed.delete_previews()) == (1, 0)
    assert BulkPlan.objects.count() == BulkRow.objects.count() == 2
    assert BulkPlan.objects.filter(at=ago(400)).exists()


def test_daily_counts_of_trials_go_after_a_month(clock: FixedClock) -> None:
    for days in (0, 30, 31):
        TrialPlace.objects.create(network="n", day=ago(days).date(), place=1)
    assert (trials.delete_old_places(), trials.delete_old_places()) == (1, 0)
    assert TrialPlace.objects.count() == 2


def test_an_export_is_shown_for_a_month_after_it_expired(world: World) -> None:
    for key, state, expires in (("a", "expired", 31), ("b", "expired", 29), ("c", "ready", 31), ("d", "ready", -1)):
        DataExport.objects.create(pk=key, owner=world.user, state=state, expires_at=ago(expires), path="p")
    DataExport.objects.create(pk="e", owner=world.user)
    exporting.expire_due()
    states = dict(DataExport.objects.values_list("pk", "state"))
    assert states == {"b": "expired", "c": "expired", "d": "ready", "e": "pending"}
    exporting.expire_due()
    assert set(DataExport.objects.values_list("pk", flat=True)) == {"b", "d", "e"}


def test_a_removed_scene_stays_only_where_a_project_was_made_with_it(world: World) -> None:
    for name, removed, path in (
        ("used", 2, "p"),
        ("unused", 2, "p"),
        ("emptied", 400, ""),
        ("young", 0.5, "p"),
        ("shown", None, "p"),
    ):
        Scene.objects.create(
            owner=world.user, name=name, path=path, preview=path, width=1, height=1,
            removed_at=None if removed is None else ago(removed),
        )  # fmt: skip
    project = world.launch()
    changes.move_stage(project.pk, Stage.DELETED)
    Project.objects.filter(pk=project.pk).update(scene=Scene.objects.get(name="used"))
    assert (delete_files.delete_scenes(), delete_files.delete_scenes()) == (3, 0)
    assert dict(Scene.objects.values_list("name", "path")) == {"used": "", "young": "p", "shown": "p"}
