"""Ties a process to the one that started it: when the parent ends, however it ends, the child ends too.

A server's child that outlives its parent keeps the port and answers with old code; heavy work that outlives its worker
paints for no one. This module must never end a process whose parent is alive, and imports nothing of ours: the heavy-work
subprocesses and the web server's children load it first.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time

LOOK_EVERY = 0.5
"""Seconds between two looks at the parent, where the kernel sends no signal of its own."""

PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """End this process by SIGKILL when process `parent`, which must have started it, is gone. Ends it at once when it is
    gone already. Idempotent; safe from any thread.

    On Linux the kernel sends the signal. It counts the *thread* that made the child as its parent, so that thread must live
    as long as the process. Everywhere, and where the kernel refuses, a thread watches whose child this is.
    """
    if sys.platform == "linux":
        # Refused in some sandboxes (seccomp), or a C library without it; then the watch below is all there is.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # Asked for too late when the parent died before: then this is already another's child.
    _end_unless_child_of(parent)
    threading.Thread(target=_watch, args=(parent,), name="lifeline-parent", daemon=True).start()


def end_with_named(parent: str) -> None:
    """`end_with` the web server's main process, where its number was handed over. Other servers hand over none."""
    if parent:
        end_with(int(parent))


def _watch(parent: int) -> None:
    while True:
        _end_unless_child_of(parent)
        time.sleep(LOOK_EVERY)


def _end_unless_child_of(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
