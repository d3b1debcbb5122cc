"""What runs first in every subprocess for heavy work. It must never import Django or a database: subprocesses need neither."""

from __future__ import annotations

import os
import resource
import signal
import sys

from elistit import lifeline

MEMORY_BYTES = int(os.environ.get("ELISTIT_TASK_MEMORY_MB", "6144")) * 1024 * 1024


def enter(parent: int) -> None:
    """Runs first in each subprocess: die with the worker, ignore Ctrl-C (the worker decides), cap the memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lifeline.end_with(parent)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
