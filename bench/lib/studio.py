"""A studio for measurements in a browser: `elistit up` on data and a port of its own, out of any tree of this project.

It must never touch another installation: the environment's ELISTIT_ settings are left out, and the data folder is the caller's.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("ELISTIT_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
START_SECONDS = 240
_AT = """
import datetime, runpy, sys
from elistit import ports
moment = datetime.datetime.fromisoformat(sys.argv.pop(1))
with ports.use_clock(ports.FixedClock(moment)):
    runpy.run_module("elistit.cli", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Studio:
    """A running installation, and how to speak to it."""

    url: str
    data: Path
    environment: dict[str, str]

    def cli(self, *arguments: str, at: dt.datetime | None = None) -> Any:
        """Run `elistit ARGUMENTS --json` on this installation's data; what it prints. `at`: as if it were that time."""
        program = ["-m", "elistit.cli"] if at is None else ["-c", _AT, at.isoformat()]
        command = [sys.executable, *program, *arguments, "--json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=300)
        return json.loads(done.stdout)

    def seller(self, email: str, amount: int) -> None:
        """Add a person with so many credits."""
        self.cli("users", "add", email, "--credits", str(amount))

    def link(self, email: str) -> str:
        """A sign-in link of a person."""
        return str(self.cli("users", "link", email)["url"])

    def launch(self, email: str, product: str, idea: str, *more: str, at: dt.datetime | None = None) -> str:
        """Launch a project by the command line, as if it were the time `at`; its public id."""
        order = ("launch", "--user", email, "--product", product, "--idea", idea, *more)
        return str(self.cli(*order, at=at)["public_id"])

    def wait(self, project: str, *stages: str, seconds: float = 900) -> str:
        """Wait until a project is in one of the stages; which. SystemExit when it fails or takes too long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            stage = str(self.cli("status", project)["stage"])
            if stage in stages:
                return stage
            if stage == "failed":
                break
            time.sleep(2)
        raise SystemExit(f"Project {project} did not come to {' or '.join(stages)}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path, tree: Path = ROOT, *, command: str = "up", **settings: str) -> Iterator[Studio]:
    """Start a studio out of `tree` on data in `folder`, and stop it at the end. `command` is `up`, or `web` for pages without a worker.
    SystemExit when it does not start."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    sources = os.pathsep.join(str(tree / part) for part in ("src", "packages/artist/src") if (tree / part).is_dir())
    environment = {**kept, "PYTHONPATH": sources, "ELISTIT_DATA": str(folder / "data"), "ELISTIT_BASE_URL": url}
    environment |= settings
    with (folder / "studio.log").open("ab") as log:
        arguments = [sys.executable, "-m", "elistit.cli", command, "--port", str(port)]
        process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(url, process, folder / "studio.log")
        yield Studio(url, folder / "data", environment)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/enter/", timeout=10):
            return
        time.sleep(0.2)
    raise SystemExit(f"The studio did not start:\n{log.read_text()[-4000:]}")
