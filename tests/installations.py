"""Data folders of installations whose tables are made already, for tests of what comes after a first start.

Making the tables takes several seconds of a processor; it is done once for each test process and copied. What a first start does
in an empty folder is proved by tests/cli/test_first_start.py, which never uses this.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

DATABASE = "elistit.sqlite3"


def with_tables(data: Path) -> Path:
    """Make a data folder that holds the SQLite database of this version, without any rows, and nothing else: the first process
    makes its own secret. Returns `data`."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(_made(), data / DATABASE)
    return data


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="elistit-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    program = "from elistit.cli import preflight; preflight.ready()"
    subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "ELISTIT_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "elistit.settings"},
        check=True,
        timeout=240,
    )
    database = folder / "data" / DATABASE
    assert not database.with_name(f"{DATABASE}-wal").exists(), "the last one out leaves everything in the file"
    return database
