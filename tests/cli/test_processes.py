"""Real processes: `up` starts, answers and stops; the supervisor restarts what dies and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import clean_environment

pytestmark = pytest.mark.processes


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
        return True
    return False


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def start(arguments: list[str], **names: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                arguments, env=clean_environment(**names), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return running[-1]

    yield start
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.communicate()


def test_up_prints_a_link_that_opens_and_stops_on_one_signal(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "elistit.cli", "up", "--port", str(port), "--json"]
    up = started(command, ELISTIT_DATA=str(tmp_path / "data"), ELISTIT_STOP_SECONDS="1")
    assert up.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        line = up.stdout.readline()
        assert line, up.stderr.read() if up.stderr else ""
        text += line
    answer = json.loads(text)
    assert answer["url"] == f"http://127.0.0.1:{port}"
    assert answer["sign_in"].startswith(f"http://127.0.0.1:{port}/enter/")
    with urllib.request.urlopen(answer["sign_in"], timeout=60) as page:
        assert page.status == 200
        assert answer["email"] in page.read().decode()
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=120) == 0
    assert not answers(port)


SUPERVISOR = textwrap.dedent(
    """
    import sys
    from elistit.cli.supervisor import Child, Supervisor
    child = Child("The sandbox", ["sandbox", "etsy", "--port", sys.argv[1]])
    with Supervisor([child], say=lambda words: print(words, flush=True)) as supervisor:
        sys.exit(supervisor.watch())
    """
)


def child_of(process: subprocess.Popen[str]) -> int | None:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(found[0]) if found else None


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_dead_child_is_started_again_and_a_killed_supervisor_leaves_none(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    port = free_port()
    supervisor = started([sys.executable, "-c", SUPERVISOR, str(port)], ELISTIT_DATA=str(tmp_path / "data"))
    assert until(lambda: answers(port))
    first = child_of(supervisor)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert until(lambda: child_of(supervisor) not in (None, first))
    assert until(lambda: answers(port))
    second = child_of(supervisor)
    assert second is not None
    supervisor.kill()
    supervisor.wait()
    assert until(lambda: not alive(second))
    assert until(lambda: not answers(port))
    assert not (tmp_path / "data").exists()
