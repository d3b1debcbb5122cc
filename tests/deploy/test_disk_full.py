"""A real full disk under a running studio: a small file system in memory, filled and freed. Skipped where mounting is not
permitted; `tests/api/test_disk_full.py` proves the same rules with injected errors everywhere."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recovery.studio import Studio

pytestmark = pytest.mark.processes
ORDER = {"product": "svg", "idea": "a fox", "count": 2, "model": "builtin/flat"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with 40 MB of room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux"):
        pytest.skip("a file system in memory is mounted the Linux way")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_disk_refuses_orders_shows_what_is_there_and_work_resumes(small_disk: Path) -> None:
    studio = Studio(small_disk.parent, small_disk / "data")
    studio.environment.pop("DATABASE_URL", None)
    try:
        key = studio.cli("users", "add", "ann@shop.example", "--credits", "100")["api_key"]
        project = studio.cli("launch", "--product", "svg", "--count", "4", "--idea", "woodland animals")["public_id"]
        studio.up()
        studio.wait(studio.ready, "the studio to be ready")
        before = studio.ask("/api/v1/credits", key)
        with contextlib.suppress(OSError), (small_disk / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(os.urandom(1 << 18))

        status, said = studio.ask("/readyz")
        assert (status, said["ready"], said["disk"]) == (503, False, False)
        assert "full" in said["reason"]
        assert studio.ask("/readyz?pages")[0] == 200
        status, said = studio.ask("/api/v1/projects", key, ORDER)
        assert (status, said["type"]) == (503, "urn:elistit:problem:disk-full")
        assert "You weren't charged" in said["detail"]
        assert studio.ask("/api/v1/credits", key) == before
        assert studio.ask(f"/api/v1/projects/{project}", key)[0] == 200
        lines = studio.log().count("\n")

        (small_disk / "fill").unlink()
        studio.wait(studio.ready, "the studio to be ready again")
        assert studio.ask("/api/v1/projects", key, ORDER)[0] == 201
        ended = ("completed", "failed", "awaiting_approval")
        studio.wait(lambda: studio.stage(project, key) in ended, "the project to end", 240)
        assert studio.cli("status", project)["stage"] != "failed"
        assert lines < 400, "the log did not flood"
        assert studio.cli("audit")["ok"]
    finally:
        studio.kill()
