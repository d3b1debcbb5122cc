"""`elistit up` with each of its processes killed by SIGKILL in turn: what is left recovers within seconds, and nothing is
left behind: no process, no listening port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from elistit.runtime import engine

from .studio import Studio

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc to find every process"),
]


@pytest.fixture
def studio(transactional_db: None, tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        studio.environment["DATABASE_URL"] = engine.database_url()
    else:
        studio.environment.pop("DATABASE_URL", None)
    yield studio
    studio.kill()


def test_whichever_process_is_killed_the_rest_recovers_and_nothing_is_left(studio: Studio) -> None:
    up = studio.up()
    studio.wait(studio.ready, "the studio to be ready")

    # The web server's main process: its child goes at once, and the next server gets the port.
    web = studio.main_of("web")
    [child] = studio.children_of(web)
    assert web
    os.kill(web, signal.SIGKILL)
    studio.wait(lambda: child not in studio.processes(), "the orphaned server to end", 30)
    studio.wait(lambda: studio.main_of("web") not in (None, web) and studio.answers(), "the next web server")

    # The process that answers requests: the main one starts another.
    web = studio.main_of("web")
    studio.wait(lambda: studio.children_of(web), "its child")
    [child] = studio.children_of(web)
    os.kill(child, signal.SIGKILL)
    studio.wait(lambda: child not in studio.processes() and studio.answers(), "the next child")

    # A subprocess that paints, then the worker while another one paints.
    key = studio.cli("users", "add", "ann@shop.example", "--credits", "60")["api_key"]
    launched = studio.cli(
        "launch", "--user", "ann@shop.example", "--product", "clipart", "--count", "15", "--idea", "woodland animals"
    )
    project = launched["public_id"]
    killed = studio.wait(studio.heavy, "heavy work")
    for pid in killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    # Those just killed are listed until the worker has waited for them, so only another process shows that work goes on.
    heavy = studio.wait(lambda: set(studio.heavy()) - set(killed), "heavy work to go on")
    worker = studio.main_of("worker")
    assert worker
    os.kill(worker, signal.SIGKILL)
    studio.wait(lambda: not heavy & set(studio.processes()), "the orphaned heavy work to end", 5)
    studio.wait(lambda: studio.main_of("worker") not in (None, worker) and studio.ready(), "the next worker")
    studio.wait(studio.heavy, "the next worker to go on with the work")

    # `up` itself, with a connection held open: the others end by themselves, and the next `up` gets port and worker lock.
    with contextlib.closing(socket.create_connection(("127.0.0.1", studio.port), timeout=5)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        idle.recv(1000)
        up.kill()
        up.wait()
        again = studio.up()
        studio.wait(studio.ready, "the next `up`")
    old = {pid for pid, (parent, _) in studio.processes().items() if parent == 1 and pid != again.pid}
    studio.wait(lambda: not old & set(studio.processes()), "what the killed `up` had started to end", 100)

    # The group of `up`, with nobody to start it again.
    os.killpg(again.pid, signal.SIGKILL)
    again.wait()
    studio.wait(lambda: not studio.listens(), "the port to be free", 60)
    studio.wait(lambda: not studio.processes(), "every process to end", 100)

    # The work is not lost: a last `up` finishes it, and stops with nothing left.
    last = studio.up()
    studio.wait(lambda: studio.stage(project, key) == "awaiting_approval", "the images", 150)
    last.terminate()
    assert last.wait(120) == 0
    assert not studio.processes()
    assert not studio.listens()
    assert studio.cli("audit")["ok"]


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "frozen"])
def test_a_web_server_killed_alone_leaves_no_child(studio: Studio, stopped: bool) -> None:
    """`elistit web` as production runs it, without `up`. A child that hangs (stopped) ends, too: the kernel ends it."""
    with (studio.folder / "log.txt").open("ab") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "elistit.cli", "web", "--port", str(studio.port)],
            env=studio.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    studio.ups.append(web)
    studio.wait(studio.answers, "the pages")
    [child] = studio.children_of(web.pid)
    if stopped:
        os.kill(child, signal.SIGSTOP)
    web.kill()
    web.wait()
    studio.wait(lambda: not studio.processes(), "its child to end", 30)
    # The kernel gives the port back when the last thread of the child is gone, a moment after the child stops being listed.
    studio.wait(lambda: not studio.listens(), "the port to be free", 30)
