"""What runs first in every subprocess for heavy work. It must never import Django or a database: subprocesses need neither."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

MEMORY_BYTES = int(os.environ.get("ELISTIT_TASK_MEMORY_MB", "6144")) * 1024 * 1024


def enter(parent: int) -> None:
    """Runs first in each subprocess: die with the worker, ignore Ctrl-C (the worker decides), cap the memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
