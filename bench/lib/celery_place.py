"""Where Celery and Redis of a measurement live: an environment of their own out of bench/requirements.lock, a Redis on a free port."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lib.report import say

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "bench/requirements.lock"
PLACE = ROOT / ".venv-bench"


def python() -> str:
    """The Python of the environment, made when it is not there or the lock has changed. It sees the product's packages
    after its own, for the tasks that write the product's rows."""
    binary, mark = PLACE / "bin/python", PLACE / ".made-for"
    wanted = f"{sys.version_info[:2]} {PLACE} with the artist {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if mark.is_file() and mark.read_text() == wanted:
        return str(binary)
    say("Setting up .venv-bench from bench/requirements.lock")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE)], check=True)
    pip = [str(binary), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True, stdout=sys.stderr)
    asked = [str(binary), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    (Path(site) / "product.pth").write_text(
        f"{ROOT / 'src'}\n{ROOT / 'packages/artist/src'}\n{sysconfig.get_path('purelib')}\n"
    )
    mark.write_text(wanted)
    return str(binary)


@contextlib.contextmanager
def broker(durable: bool) -> Iterator[str]:
    """The address of a Redis of its own. `durable`: every write is on the disk before it is answered, as a database's is."""
    if not (server := shutil.which("redis-server")):
        raise SystemExit("Redis is needed for the comparison; on Debian: apt-get install redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="elistit-bench-redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--loglevel", "warning"]
        options += ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
        process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()
