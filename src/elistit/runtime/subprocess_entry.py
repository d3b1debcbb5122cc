"""What runs first in every subprocess for heavy work. It must never import Django or a database: subprocesses need neither."""

from __future__ import annotations

import resource
import signal
import sys

from elistit import handover, lifeline


def enter(parent: int, memory: int) -> None:
    """Set up a subprocess for heavy work: end with its `parent` (process id), ignore Ctrl-C (the worker decides), and
    limit its memory to `memory` bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lifeline.end_with(parent)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    handover.preset("VIPS_CONCURRENCY", "1")
