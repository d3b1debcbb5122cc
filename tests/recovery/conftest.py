"""Real worker processes on the test's database, and a seller to launch for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from PIL import Image

from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain.models import Worker
from elistit.credits import ledger
from elistit.projects.models import Project
from elistit.runtime import engine

from .till import Till

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 1024 px picture that passes every check."""
    y, x = np.mgrid[0:1024, 0:1024]
    inside = (x - 512) ** 2 + (y - 512) ** 2 < 380**2
    rgba = (
        np.dstack([90 + x // 12, 60 + y // 9, 120 + (x + y) // 24, inside * 255]).astype(np.uint8) * inside[..., None]
    )
    path = tmp_path_factory.mktemp("picture") / "disc.png"
    Image.fromarray(rgba.astype(np.uint8), "RGBA").save(path)
    return path


class Farm:
    """Worker processes of one test."""

    def __init__(self, folder: Path, picture: Path) -> None:
        self.folder, self.log = folder, folder / "work.log"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": str(settings.DATA_DIR),
            "DATABASE_URL": engine.database_url(), "WORK_LOG": str(self.log), "PICTURE": str(picture),
            "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}", "ELISTIT_CLOCK_SPEED": "20", "ELISTIT_LOG": "ERROR",
        }  # fmt: skip
        self.user = User.objects.create_user("alice@example.com")
        ledger.open_account(self.user.pk)
        ledger.grant(self.user.pk, 100, source="test", idempotency_key=f"grant:{folder}", reason="For the test")

    def worker(self, **env: str) -> subprocess.Popen[bytes]:
        errors = (self.folder / f"worker-{len(self.processes)}.err").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.recovery.worker_main"], env={**self.env, **env}, cwd=ROOT, stderr=errors
        )
        self.processes.append(process)
        return process

    def launch(self, key: str = "k", product: str = "clipart", count: int = 15) -> Project:
        spec = commands.LaunchSpec(product=product, idea="woodland animals", count=count)
        return commands.launch(self.user, spec, idempotency_key=key)

    def with_till(self, pace: float = 0.0) -> Till:
        """Have the provider keep books of its own from the next worker on; a picture takes `pace` seconds."""
        self.env |= {"TILL": str(self.folder / "till"), "PACE": str(pace)}
        return Till(self.folder / "till")

    def is_up(self, worker: subprocess.Popen[bytes]) -> str | None:
        """The name a worker goes by, once it beats."""
        return Worker.objects.filter(pk__contains=f"-{worker.pid}-").values_list("pk", flat=True).first()

    def work(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def counts(self) -> Counter[str]:
        """How often each piece of work was done."""
        return Counter(
            str(w["call"].split(":", 1)[1] if "call" in w else f"{w['stage']}.{w['item']}")
            for w in self.work()
            if "look_up" not in w
        )  # type: ignore[attr-defined]

    def wait(self, what: Callable[[], object], seconds: float = 120, why: str = "") -> float:
        """Wait until something holds. Seconds it took; fails the test with the workers' errors when it does not."""
        began = time.monotonic()
        while not what():
            if time.monotonic() - began > seconds:
                errors = "\n".join(p.read_text()[-3000:] for p in self.folder.glob("*.err"))
                pytest.fail(f"waited {seconds} s for {why or what}\n{errors}")
            time.sleep(0.05)
        return time.monotonic() - began

    def approve(self, project: Project) -> None:
        commands.approve(self.user, project.pk)

    def finish(self, project: Project, seconds: float = 180) -> None:
        def ended() -> bool:
            project.refresh_from_db()
            if project.stage == "awaiting_approval":
                commands.approve(self.user, project.pk)
            return project.stage in ("completed", "failed")

        self.wait(ended, seconds, "the project to end")

    def rows(self) -> list[tuple[str, int]]:
        return [(t.type, t.amount) for t in reversed(ledger.history(self.user.pk))][1:]

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()


@pytest.fixture
def farm(transactional_db: None, tmp_path: Path, picture: Path) -> Iterator[Farm]:
    engine.queue.migrate()
    farm = Farm(tmp_path, picture)
    yield farm
    farm.stop()
    live = engine.queue.client.list_workflows(status=list(engine.LIVE), load_input=False, load_output=False)
    engine.queue.client.cancel_workflows([w.workflow_id for w in live])
    engine.queue.close()
    connection.close()
