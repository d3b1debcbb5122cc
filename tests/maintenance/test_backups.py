"""What a backup holds and when it is refused: files by digest, copied once, the newest kept; damage is found before a restore."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from elistit import ports
from elistit.delivery.store import open_store
from elistit.maintenance.backups import database, layout, restoring, schedule, taking, verifying
from elistit.maintenance.backups.layout import BackupProblem, Place
from elistit.maintenance.task import Run
from elistit.projects.models import Project, ProjectFile
from elistit.support.setup import installation
from tests.conformance.conftest import World
from tests.delivery.conftest import bucket, s3_key, s3_port
from tests.recovery.test_restore_drill import pg_tools

__all__ = ["bucket", "s3_key", "s3_port"]


@pytest.fixture
def project(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a file storage of the test's own."""
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "files").as_uri())
    for name, value in pg_tools().items():
        monkeypatch.setenv(name, value)
    return World(ports.FixedClock()).launch()


def add(project: Project, name: str, content: bytes) -> ProjectFile:
    """A stored file, as the chain writes one."""
    source = Path(settings.DATA_DIR) / "content"
    source.write_bytes(content)
    stored = open_store(settings.STORAGE_URL).put(source, f"projects/{project.pk}/{name}")
    return ProjectFile.objects.create(
        project=project, job=project.jobs.get(), role="image", name=name, path=stored.key,
        bytes=stored.bytes, sha256=stored.sha256,
    )  # fmt: skip


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_each_content_is_copied_once_and_only_when_it_is_new(project: Project, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    add(project, "a.png", b"same")
    add(project, "b.png", b"same")
    first = taking.take(str(place))
    assert (first.copied, first.manifest.file_count, first.manifest.missing) == (1, 2, [])
    blob = place / "files" / digest(b"same")[:2] / digest(b"same")[2:]
    assert blob.read_bytes() == b"same"
    written = blob.stat().st_mtime_ns
    add(project, "c.png", b"other")
    second = taking.take(str(place))
    assert (second.copied, second.copied_bytes, second.manifest.file_count) == (1, 5, 3)
    assert blob.stat().st_mtime_ns == written
    listed = {json.loads(line)["key"] for line in (place / "backups" / second.manifest.id / "files.jsonl").open()}
    assert listed == {f"projects/{project.pk}/{name}" for name in ("a.png", "b.png", "c.png")}


def test_what_a_killed_backup_left_goes_with_the_next_one(project: Project, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    add(project, "a.png", b"same")
    taking.take(str(place))
    left = [place / "files" / "ab" / ".cd.0123456789ab.part", place / "backups" / ".x.0123456789ab.part"]
    for number, part in enumerate(left):
        part.parent.mkdir(exist_ok=True)
        part.write_bytes(b"half")
        os.utime(part, (0, 0) if number == 0 else None)
    taking.take(str(place))
    assert [part.exists() for part in left] == [False, True], "one from a moment ago may be another's"


def test_a_backup_is_for_this_account_only(project: Project, tmp_path: Path) -> None:
    (Path(settings.DATA_DIR) / "secret.key").write_text("k" * 60)
    try:
        taken = taking.take(str(tmp_path / "backups"))
    finally:
        (Path(settings.DATA_DIR) / "secret.key").unlink()
    here = tmp_path / "backups" / "backups" / taken.manifest.id
    assert (tmp_path / "backups").stat().st_mode & 0o777 == 0o700
    assert {p.name: p.stat().st_mode & 0o777 for p in here.iterdir()} == dict.fromkeys(
        ("manifest.json", "files.jsonl", "secret.key", database.NAMES[connection.vendor]), 0o600
    )
    assert "kkkk" not in (here / "manifest.json").read_text()


def test_a_file_deleted_while_the_backup_runs_is_in_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = add(project, "a.png", b"content")
    snapshot = database.snapshot

    def deleting(url: str, to: Path) -> Any:
        open_store(settings.STORAGE_URL).delete(file.path)
        return snapshot(url, to)

    monkeypatch.setattr(taking.database, "snapshot", deleting)
    taken = taking.take(str(tmp_path / "backups"))
    assert taken.manifest.missing == [] and taken.manifest.file_count == 1


def test_a_file_that_is_missing_or_damaged_in_the_studio_is_named(project: Project, tmp_path: Path) -> None:
    gone, broken = add(project, "gone.png", b"gone"), add(project, "broken.png", b"whole")
    add(project, "good.png", b"good")
    store = open_store(settings.STORAGE_URL)
    store.delete(gone.path)
    store.local_path(broken.path).write_bytes(b"WHOLE")
    taken = taking.take(str(tmp_path / "backups"))
    assert taken.manifest.missing == sorted([gone.path, broken.path]) and taken.manifest.file_count == 1
    assert verifying.verify(str(tmp_path / "backups")).files == 1


def test_only_the_newest_are_kept_with_all_they_name(project: Project, tmp_path: Path) -> None:
    place, ids = str(tmp_path / "backups"), []
    for number in range(4):
        ProjectFile.objects.all().delete()
        add(project, "a.png", b"always")
        add(project, f"{number}.png", b"only %d" % number)
        with ports.use_clock(ports.FixedClock(dt.datetime(2026, 11, 20 + number, tzinfo=dt.UTC))):
            ids.append(taking.take(place, keep=2).manifest.id)
    assert Place(place).complete() == ids[2:]
    kept = {key for key, _ in Place(place).store.listed("files")}
    assert kept == {layout.blob(digest(c)) for c in (b"always", b"only 2", b"only 3")}
    restoring.check_files(Place(place), Place(place).manifest(ids[2]))


@pytest.mark.parametrize("what", ["blob", "gone", "list", "manifest", "database"])
def test_damage_is_found_before_anything_is_restored(project: Project, tmp_path: Path, what: str) -> None:
    add(project, "a.png", b"content")
    place = tmp_path / "backups"
    taken = taking.take(str(place))
    here = place / "backups" / taken.manifest.id
    blob = place / layout.blob(digest(b"content"))
    match what:
        case "blob":
            blob.write_bytes(b"CONTENT")
        case "gone":
            blob.unlink()
        case "list":
            (here / "files.jsonl").write_text((here / "files.jsonl").read_text().replace("a.png", "b.png"))
        case "manifest":
            manifest = here / "manifest.json"
            manifest.write_text(manifest.read_text().replace('"file_count": 1', '"file_count": 2'))
        case "database":
            dump = here / taken.manifest.database.name
            with dump.open("r+b") as file:
                file.seek(1000)
                file.write(b"damage")
    with pytest.raises(BackupProblem):
        verifying.verify(str(place))


def test_two_backups_at_once_follow_each_other(project: Project, tmp_path: Path) -> None:
    with (Path(settings.DATA_DIR) / ".backup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BackupProblem, match="Another backup"):
            taking.take(str(tmp_path / "backups"))
    taking.take(str(tmp_path / "backups"))


def test_the_files_own_folder_is_no_place_for_backups(project: Project, tmp_path: Path) -> None:
    for inside in (tmp_path / "files", tmp_path / "files" / "backups", tmp_path):
        with pytest.raises(BackupProblem, match="own file storage"):
            taking.take(str(inside))


def test_a_backup_in_a_bucket_is_restored_from_there(
    project: Project, tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"s3://{bucket.bucket}/nightly?endpoint={bucket.endpoint}"
    add(project, "a.png", b"content")
    taken = taking.take(address)
    assert Place(address).complete() == [taken.manifest.id]
    assert verifying.verify(address).ok
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "elsewhere").as_uri())
    assert restoring._put_files(Place(address), taken.manifest) == 1
    assert open_store(settings.STORAGE_URL).check(f"projects/{project.pk}/a.png", digest(b"content"))
    assert restoring._put_files(Place(address), taken.manifest) == 0, "what is there already is left alone"
    second = taking.take(address, keep=1)
    assert second.removed == [taken.manifest.id] and second.copied == 0


def test_the_snapshot_is_one_moment_while_others_write(project: Project, tmp_path: Path) -> None:
    """Two rows always change together; in the copy they agree."""
    ProjectFile.objects.all().delete()
    one, other = add(project, "one", b"1"), add(project, "other", b"2")
    over = threading.Event()

    def write() -> None:
        from django.db import transaction

        number = 0
        while not over.is_set():
            number += 1
            with transaction.atomic():
                ProjectFile.objects.filter(pk=one.pk).update(round=number)
                ProjectFile.objects.filter(pk=other.pk).update(round=number)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            to = tmp_path / f"copy-{n}"
            with database.snapshot(taking.engine.database_url(), to) as ask:
                rounds = {row[0] for row in ask("SELECT round FROM projects_projectfile")}
            assert len(rounds) == 1
    finally:
        over.set()
        writer.join()


# ---- by setting ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Iterator[ports.FixedClock]:
    clock = ports.FixedClock(dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC))
    with ports.use_clock(clock):
        yield clock


def test_backups_are_taken_when_they_are_due(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: ports.FixedClock
) -> None:
    run = Run("backup")
    assert schedule.run_due(run) == 0, "nobody asked for one"
    monkeypatch.setenv(schedule.URL, (tmp_path / "backups").as_uri())
    monkeypatch.setenv(schedule.EVERY, "6")
    monkeypatch.setenv(schedule.KEEP, "2")
    assert installation.backups()[0] is False
    assert [schedule.run_due(run), schedule.run_due(run)] == [1, 0]
    assert installation.backups()[0] is True
    clock.advance(6 * 3600 - 1)
    assert schedule.run_due(run) == 0
    clock.advance(1)
    assert schedule.run_due(Run("backup")) == 1, "a worker that knows nothing asks the place itself"
    clock.advance(13 * 3600)
    assert installation.backups()[0] is False, "twice the interval is too old"
    assert schedule.run_due(run) == 1
    assert len(Place(schedule.address()).complete()) == 2


def test_a_scheduled_backup_says_what_was_missing(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(schedule.URL, (tmp_path / "backups").as_uri())
    open_store(settings.STORAGE_URL).delete(add(project, "gone.png", b"gone").path)
    run = Run("backup")
    assert schedule.run_due(run) == 1
    assert len(run.errors) == 1 and "gone.png" in run.errors[0]


# ---- PostgreSQL's own programs -----------------------------------------------------------------------------------------------


def test_without_programs_of_the_servers_version_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in database.TOOLS:
        tool = tmp_path / name
        tool.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) 15.2"\n')
        tool.chmod(0o755)
    monkeypatch.setenv(database.BIN_SETTING, str(tmp_path))
    monkeypatch.setenv("PATH", "/nonexistent")
    assert database.tools(15)["psql"] == str(tmp_path / "psql")
    with pytest.raises(BackupProblem, match=r"postgresql-client-99.*ELISTIT_PG_BIN"):
        database.tools(99)


def test_a_password_is_not_on_a_command_line(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text('#!/bin/sh\necho "$@"\necho "env $PGPASSWORD"\n')
    tool.chmod(0o755)
    line, env = database._run([str(tool)], "postgresql://me:s3cr%2Ft@db:5433/name").splitlines()
    assert "s3cr" not in line and "host=db" in line and env == "env s3cr/t"


def test_a_live_sqlite_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite3"
    held = sqlite3.connect(file)
    held.execute("PRAGMA journal_mode=WAL")
    held.execute("CREATE TABLE t (a)")
    held.commit()
    assert "Stop the studio" in database.sqlite_problem(file)
    held.close()
    assert database.sqlite_problem(file) == ""
