"""The stage context: bounded subprocesses for heavy work, file storage, and a work folder. It must never write one of
our tables."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from elistit.delivery.store import Store, open_store
from elistit.providers.base import Run


@dataclass
class StageContext:
    """What a stage receives to work with: `run` does heavy work in a bounded subprocess (see `runtime.cpu`)."""

    run: Run

    @property
    def store(self) -> Store:
        return open_store(settings.STORAGE_URL)

    def workplace(self) -> tempfile.TemporaryDirectory[str]:
        """A temporary work folder, removed at the end of the `with` block."""
        base = Path(settings.DATA_DIR) / "work"
        base.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=base, prefix="try-", ignore_cleanup_errors=True)
