"""A person's own copy: everything of theirs, nothing of anybody else's, no secret; for a while, and not without limit."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from elistit import ports
from elistit.accounts.data_models import DataExport
from elistit.accounts.models import ApiKey, User, digest
from elistit.credits import ledger, statement
from elistit.delivery.store import open_store
from elistit.listings.models import EtsyShop
from elistit.maintenance.own_data import asking, exporting, register
from elistit.ports import FixedClock
from elistit.projects.errors import NotPossible
from elistit.projects.models import ProjectFile
from elistit.projects.serving import may_serve
from elistit.runtime import engine
from tests.conformance.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


def opened(export: DataExport) -> zipfile.ZipFile:
    with open_store(settings.STORAGE_URL).open(export.path) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def built(owner: User, **asked: bool) -> DataExport:
    export = asking.request_export(owner, **asked)
    assert exporting.build_due() == 1
    export.refresh_from_db()
    return export


def test_an_export_of_an_account_that_is_erased_meanwhile_leaves_no_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, write = asking.request_export(world.user), exporting.write

    def erased(*args: object, **more: object) -> None:
        write(*args, **more)  # type: ignore[arg-type]
        DataExport.objects.filter(pk=export.pk).delete()

    monkeypatch.setattr(exporting, "write", erased)
    assert exporting.build_due() == 0
    assert list(open_store(settings.STORAGE_URL).listed(f"exports/{export.pk}")) == []


def test_a_second_builder_takes_nothing_from_the_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    export, write = asking.request_export(world.user), exporting.write

    def first(*args: object, **more: object) -> None:
        monkeypatch.setattr(exporting, "write", write)
        assert exporting.build_due() == 1
        write(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "write", first)
    assert exporting.build_due() == 0
    export.refresh_from_db()
    assert export.state == DataExport.State.READY
    with opened(export) as archive:
        assert archive.testzip() is None


def test_it_has_every_kind_of_record_and_a_statement_that_verifies(world: World) -> None:
    project = world.to_end()
    made = built(world.user)
    with opened(made) as archive:
        names = set(archive.namelist())
        wanted = {f"data/{table.file}.json" for table in register.TABLES if table.file}
        assert names == wanted | {"README.txt", "data/credit-statement.json"} and archive.testzip() is None
        data = {name: json.loads(archive.read(name)) for name in names if name.endswith(".json")}
    assert data["data/profile.json"][0]["email"] == "alice@example.com"
    assert [row["public_id"] for row in data["data/projects.json"]] == [project.pk]
    assert len(data["data/items.json"]) == 15 and data["data/storyboards.json"]
    files = list(ProjectFile.objects.filter(project=project).order_by("pk").values_list("name", "sha256"))
    assert [(row["name"], row["sha256"]) for row in data["data/files.json"]] == files
    assert statement.verify(data["data/credit-statement.json"]) == []
    assert len(data["data/credit-statement.json"]["transactions"]) == len(ledger.history(world.user.pk))


def test_it_has_no_secret_and_nobody_elses_rows(world: World) -> None:
    world.to_gate()
    bob = User.objects.create_user("bob@example.com")
    ApiKey.issue(bob, "bobs key")
    secret = ApiKey.issue(world.user, "mine")
    EtsyShop.objects.create(
        owner=world.user, shop_id=7, shop_name="Foxes", access_token=b"sealed-access", refresh_token=b"sealed-refresh",
        expires_at=ports.now(),
    )  # fmt: skip
    world.user.set_password("a rather long phrase")
    world.user.save()
    with opened(built(world.user)) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for hidden in (secret, digest(secret), "sealed-access", world.user.password, "bob@example.com", "bobs key"):
        assert hidden not in text
    assert "Foxes" in text and "mine" in text


def test_with_files_it_has_the_bytes_that_may_be_served(world: World, tmp_path: Path) -> None:
    project, store = world.to_end(), open_store(settings.STORAGE_URL)
    kept = [file for file in ProjectFile.objects.filter(project=project) if may_serve(file)]
    refused = [file for file in ProjectFile.objects.filter(project=project) if not may_serve(file)]
    for file in (*kept[1:], *refused):
        source = tmp_path / "f"
        source.write_bytes(f"bytes of {file.pk}".encode())
        store.put(source, file.path)
    with opened(built(world.user, with_files=True)) as archive:
        inside = {archive.read(name) for name in archive.namelist() if name.startswith("files/")}
        missing = archive.read("files/MISSING.txt").decode()
    assert {f"bytes of {file.pk}".encode() for file in kept[1:]} <= inside
    assert not {f"bytes of {file.pk}".encode() for file in refused} & inside
    assert f"/{kept[0].pk}-" in missing


def test_it_expires_and_three_a_day_are_enough(world: World) -> None:
    first = asking.request_export(world.user)
    assert asking.request_export(world.user).pk == first.pk
    exporting.build_due()
    for _ in range(2):
        built(world.user)
    with pytest.raises(NotPossible):
        asking.request_export(world.user)
    world.clock.advance(86_401)
    assert built(world.user).state == "ready" and exporting.build_due() == 0
    first.refresh_from_db()
    key = first.path
    assert asking.available(first)
    world.clock.advance(exporting.KEPT.total_seconds())
    assert not asking.available(first), "also before maintenance has come by"
    assert exporting.expire_due() == 4 and not open_store(settings.STORAGE_URL).exists(key)
    assert set(DataExport.objects.values_list("state", flat=True)) == {"expired"}


def test_over_the_api_it_is_asked_for_looked_at_and_downloaded(world: World) -> None:
    def ask(secret: str, method: str, path: str, **more: object) -> object:
        return Client().generic(method, f"/api/v1/account/exports{path}", headers={"authorization": f"Bearer {secret}"}, **more)  # type: ignore[arg-type]  # fmt: skip

    full, reading = ApiKey.issue(world.user, "full"), ApiKey.issue(world.user, "read", ApiKey.Scope.READ)
    asked = ask(full, "POST", "", data='{"files": false}', content_type="application/json")
    assert asked.status_code == 202 and asked.json()["status"] == "pending" and asked.json()["url"] is None  # type: ignore[attr-defined]
    pk = asked.json()["id"]  # type: ignore[attr-defined]
    assert ask(full, "GET", f"/{pk}/file").status_code == 409  # type: ignore[attr-defined]
    exporting.build_due()
    shown = ask(reading, "GET", f"/{pk}").json()  # type: ignore[attr-defined]
    assert shown["status"] == "ready" and shown["url"] == f"/api/v1/account/exports/{pk}/file"
    assert ask(reading, "GET", f"/{pk}/file").status_code == 403  # type: ignore[attr-defined]
    answer = ask(full, "GET", f"/{pk}/file")
    whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(whole) == shown["bytes"] and answer["ETag"] == f'"{shown["sha256"]}"'  # type: ignore[index]
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
    bob = ApiKey.issue(User.objects.create_user("bob@example.com"), "bob")
    assert {ask(bob, "GET", end).status_code for end in (f"/{pk}", f"/{pk}/file")} == {404}  # type: ignore[attr-defined]
