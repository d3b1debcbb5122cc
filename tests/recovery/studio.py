"""One installation as its operator runs it, `elistit up`, for tests that kill its processes or fill its disk."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.installations import with_tables

Found = TypeVar("Found")
SECONDS = 100
"""How long a machine that does other things beside may take; the product's own pauses are below ten seconds."""


class Studio:
    """One `up` on a data folder and port of its own. Its processes are found by their environment, whoever started them."""

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.folder, self.data = folder, data or folder / "data"
        if "DATABASE_URL" not in os.environ:
            with_tables(self.data)
        with contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_")}
        self.environment = {**kept, "ELISTIT_DATA": str(self.data), "ELISTIT_LOG": "ERROR"}
        self.ups: list[subprocess.Popen[bytes]] = []

    def up(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log.txt").open("ab") as log:
            self.ups.append(
                subprocess.Popen(
                    [sys.executable, "-m", "elistit.cli", "up", "--port", str(self.port), "--concurrency", "1"],
                    env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )
            )  # fmt: skip
        return self.ups[-1]

    def cli(self, *arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "elistit.cli", *arguments, "--json"],
            env=self.environment, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    def ask(self, path: str, key: str = "", body: Any = None) -> tuple[int, Any]:
        """What the web server answers: status and JSON. Unlike `cli`, this starts no process."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            json.dumps(body).encode() if body else None,
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "one"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def stage(self, project: str, key: str) -> str:
        """The stage of a project, by the API; empty while it doesn't answer."""
        with contextlib.suppress(OSError):
            status, told = self.ask(f"/api/v1/projects/{project}", key)
            return str(told["stage"]) if status == 200 else ""
        return ""

    def processes(self) -> dict[int, tuple[int, str]]:
        """Every living process of this studio: its parent and its command line."""
        mark, found = f"ELISTIT_DATA={self.data}".encode(), {}
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
                    if state != "Z":
                        words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                        found[int(folder.name)] = (int(parent), words)
        return found

    def main_of(self, command: str) -> int | None:
        """The process that runs `elistit COMMAND` itself, started by the newest `up`."""
        of_up = [
            pid
            for pid, (parent, words) in self.processes().items()
            if parent == self.ups[-1].pid and f" {command}" in words
        ]
        return of_up[0] if len(of_up) == 1 else None

    def children_of(self, parent: int | None) -> list[int]:
        return [pid for pid, (its, _) in self.processes().items() if its == parent]

    def heavy(self) -> list[int]:
        """The subprocesses that paint."""
        worker = self.main_of("worker")
        return [
            pid
            for pid, (parent, words) in self.processes().items()
            if parent == worker and "resource_tracker" not in words
        ]

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as page,
        ):
            return bool(page.status == 200)
        return False

    def ready(self) -> bool:
        """Pages answer and a worker beats."""
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as page,
        ):
            return bool(page.status == 200)
        return False

    def listens(self) -> bool:
        """Whether anybody holds the port, answering or not."""
        wanted = f":{self.port:04X}"
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        return any(line.split()[1].endswith(wanted) and line.split()[3] == "0A" for line in lines)

    def wait(self, what: Callable[[], Found], why: str, seconds: float = SECONDS) -> Found:
        """The first answer that is not empty: to ask a second time may find what went away in between."""
        until = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > until:
                pytest.fail(f"waited {seconds} s for {why}\n{self.processes()}\n{self.log()[-4000:]}")
            time.sleep(0.1)
        return found

    def log(self) -> str:
        return (self.folder / "log.txt").read_text()

    def kill(self) -> None:
        """End whatever is left of it."""
        for up in self.ups:
            with contextlib.suppress(ProcessLookupError):
                os.kill(up.pid, signal.SIGKILL)
            up.wait()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
