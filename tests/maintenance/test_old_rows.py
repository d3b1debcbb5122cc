"""What is old goes, a bounded share at a time, and nothing that is needed with it; `disk` counts what takes room."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from elistit.accounts.models import SignInLink, User
from elistit.chain.models import ProviderCall
from elistit.cli import frame
from elistit.maintenance import disk, old_rows
from elistit.maintenance.task import Run
from elistit.projects.models import Job, ProjectFile
from elistit.support import old_mail
from elistit.support.models import SentMail
from tests.conformance.conftest import World
from tests.installations import with_tables
from tests.maintenance.aged import NOW, clock, world

__all__ = ["clock", "world"]
pytestmark = pytest.mark.django_db


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


def call(job: Job, key: str, age: float, **more: object) -> ProviderCall:
    facts = {
        "state": "answered",
        "outcome": "made",
        "answer": {"file": "x"},
        "news": {"id": "y"},
        "cost_micros": 7,
        **more,
    }
    return ProviderCall.objects.create(
        key=key, job=job, provider="p", model="m", provider_id="theirs", sent_at=NOW - days(age), **facts
    )


def test_old_answers_are_emptied_and_the_call_and_its_cost_stay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, running = world.job(world.launch("a")), world.job(world.launch("b"))
    Job.objects.filter(pk=ended.pk).update(ended_at=NOW - days(100))
    for number in range(5):
        call(ended, f"old-{number}", 200 - number)
    call(ended, "young", 80)
    call(ended, "open", 150, state="unknown")
    call(running, "of-running", 170)
    monkeypatch.setattr(old_rows, "BATCH", 3)
    run, done = Run(), 0
    for _ in range(10):
        done += old_rows.forget_answers(run)
    assert done == 5
    emptied = set(ProviderCall.objects.filter(answer={}, news={}).values_list("key", flat=True))
    assert emptied == {f"old-{n}" for n in range(5)}
    kept = ProviderCall.objects.get(pk="old-0")
    assert (kept.outcome, kept.cost_micros, kept.provider_id) == ("made", 7, "theirs")
    assert old_rows.forget_answers(run) == 0


def test_calls_of_one_moment_are_all_reached(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = world.job(world.launch())
    Job.objects.filter(pk=job.pk).update(ended_at=NOW - days(100))
    for number in range(5):
        call(job, f"k{number}", 150 if number else 160)
    monkeypatch.setattr(old_rows, "BATCH", 6)
    run = Run()
    assert sum(old_rows.forget_answers(run) for _ in range(4)) == 5


def test_how_long_answers_are_kept_is_a_setting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = world.job(world.launch())
    Job.objects.filter(pk=job.pk).update(ended_at=NOW - days(40))
    call(job, "k", 41)
    assert old_rows.forget_answers() == 0
    monkeypatch.setenv("ELISTIT_KEEP_CALLS_DAYS", "30")
    assert old_rows.forget_answers() == 1


def test_sessions_that_are_over_go_and_others_stay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, age in (("over-1", 1), ("over-2", 2), ("over-3", 3), ("runs", -1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=NOW - days(age))
        UserSession.objects.create(user=world.user, session_key=key, ip="127.0.0.1", user_agent="x")
    SignInLink.objects.create(user=world.user, digest="a" * 64, expires_at=NOW - days(31))
    SignInLink.objects.create(user=world.user, digest="b" * 64, expires_at=NOW - days(29))
    monkeypatch.setattr(old_rows, "BATCH", 2)
    assert old_rows.delete_sessions() == 2 + 1
    assert set(Session.objects.values_list("pk", flat=True)) == {"over-1", "runs"}, (
        "the oldest first, a share at a time"
    )
    assert old_rows.delete_sessions() == 1
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"runs"}
    assert SignInLink.objects.get().digest == "b" * 64
    assert User.objects.exists()


def test_mail_of_long_ago_is_forgotten_and_what_waits_is_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, state, age in (("a", "sent", 91), ("b", "waiting", 91), ("c", "sent", 89), ("d", "given_up", 91)):
        SentMail.objects.create(key=key, kind="done", person=world.user, state=state, at=NOW - days(age))
    folder = Path(settings.DATA_DIR) / "mail"
    folder.mkdir(exist_ok=True)
    for other in folder.glob("*.log"):  # what tests before this one sent
        other.unlink()
    for name, age in (("old.log", 91), ("young.log", 1)):
        (folder / name).write_text("mail")
        then = (NOW - days(age)).timestamp()
        os.utime(folder / name, (then, then))
    assert old_mail.delete_old() == 3
    assert set(SentMail.objects.values_list("key", flat=True)) == {"b", "c"}
    assert [p.name for p in folder.glob("*.log")] == ["young.log"]
    monkeypatch.setenv("ELISTIT_KEEP_MAIL_DAYS", "7")
    assert old_mail.delete_old() == 1


def test_the_error_log_begins_anew_when_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "elistit-errors.log"
    monkeypatch.setattr(frame, "LOG_MAX_BYTES", 10)
    for number in range(6):
        frame._rotate(log)
        with log.open("a") as out:
            out.write(f"fault number {number}\n")
    kept = {p.name: p.read_text() for p in tmp_path.iterdir()}
    assert kept == {
        "elistit-errors.log": "fault number 5\n", "elistit-errors.log.1": "fault number 4\n",
        "elistit-errors.log.2": "fault number 3\n", "elistit-errors.log.3": "fault number 2\n",
    }  # fmt: skip


def test_disk_counts_what_is_there(world: World) -> None:
    project = world.launch()
    for number, size in enumerate((1000, 500)):
        ProjectFile.objects.create(
            project=project,
            job=world.job(project),
            role="zip",
            name="a",
            path=f"p/{number}",
            bytes=size,
            sha256="0" * 64,
        )
    folder = Path(settings.DATA_DIR) / "a-large-folder"
    (folder / "within").mkdir(parents=True)
    (folder / "within" / "file").write_bytes(os.urandom(3_000_000))
    found = disk.look()
    said = subprocess.run(
        ["du", "-s", "-B1", str(folder / "within" / "file")], capture_output=True, text=True, check=True
    )
    assert next(r for r in found.folders if r.name == "a-large-folder").bytes == int(said.stdout.split()[0])
    assert next(r for r in found.roles if r.name == "zip") == disk.Room("zip", 1500, 2)
    assert found.projects[0].bytes == 1500 and project.pk in found.projects[0].name
    assert found.database_bytes > 100_000 and found.tables[0].bytes >= found.tables[-1].bytes > 0


def test_disk_is_a_command(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    env["ELISTIT_DATA"] = str(with_tables(tmp_path / "data"))
    done = subprocess.run(
        [sys.executable, "-m", "elistit.cli", "disk", "--json"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["database_bytes"] > 0 and {"name", "bytes", "count"} == set(found["folders"][0])
