"""The stage context: bounded subprocesses for heavy work, file storage, and a work folder. It must never write one of
our tables."""

from __future__ import annotations

import contextvars
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from elistit.delivery.store import Store, open_store
from elistit.providers.base import Run


@dataclass
class StageContext:
    """What a stage receives to work with: `run` does heavy work in a bounded subprocess (see `runtime.cpu`), of which this
    worker has `at_once`."""

    run: Run
    at_once: int = 1

    @property
    def store(self) -> Store:
        return open_store(settings.STORAGE_URL)

    def side_by_side(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
        """Do tasks that don't depend on each other and do their work with `run`, at the same time as far as there are
        subprocesses. Their results in order. Waits for all of them, then raises what the first one that failed raised.

        The tasks must not use the database: all but one are on threads of their own.
        """
        if self.at_once < 2 or len(tasks) < 2:
            return [task() for task in tasks]
        with ThreadPoolExecutor(min(self.at_once, len(tasks)) - 1, "side-by-side") as others:
            waiting = [others.submit(contextvars.copy_context().run, task) for task in tasks[1:]]
            return [tasks[0](), *(one.result() for one in waiting)]

    def workplace(self) -> tempfile.TemporaryDirectory[str]:
        """A temporary work folder, removed at the end of the `with` block."""
        base = Path(settings.DATA_DIR) / "work"
        base.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=base, prefix="try-", ignore_cleanup_errors=True)
