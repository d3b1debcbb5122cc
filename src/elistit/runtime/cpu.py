"""Heavy work in bounded subprocesses, so that heartbeats and pages stay responsive and memory stays bounded.

A task is a function importable by name with JSON-safe arguments. A task that crashes or runs too long ends only its own
subprocess. The subprocesses end with their worker, however it ends. This module must never retry.
"""

from __future__ import annotations

import contextlib
import contextvars
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from pebble import ProcessExpired, ProcessPool

from elistit import config
from elistit.database_outage import release_connection
from elistit.runtime.fair_slots import FairSlots
from elistit.runtime.subprocess_entry import enter

TASKS_PER_PROCESS = 200
_OWNER = contextvars.ContextVar("owner", default="")


class Cpu:
    """A pool of at most `processes` subprocesses, started when first needed.

    The pool starts them on a thread that lives as long as the pool: the kernel treats the thread that created a
    subprocess as its parent, and kills the subprocess when that thread ends.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()
        self._slots = FairSlots(processes)

    @contextlib.contextmanager
    def working_for(self, owner: object) -> Iterator[None]:
        """Within the block, work started by this thread, or in a copy of its context, counts as `owner`'s and is queued
        fairly with other sellers' work."""
        before = _OWNER.set(str(owner))
        try:
            yield
        finally:
            _OWNER.reset(before)

    def _started(self) -> ProcessPool:
        with self._lock:
            if self._pool is None or not self._pool.active:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPool(
                    max_workers=self.processes,
                    max_tasks=TASKS_PER_PROCESS,
                    context=context,
                    initializer=enter,
                    initargs=[os.getpid(), config.current().workers.task_memory_bytes],
                )
            return self._pool

    def run(self, function: Callable[..., Any], *args: Any, timeout: float = 300.0, **kwargs: Any) -> Any:
        """Run `function(*args, **kwargs)` in a subprocess and return its result.

        Waits for a free process and the seller's turn (see `working_for`); `timeout` is in seconds of real time,
        counted from the start of the function. Raises TimeoutError when it took longer (the process is killed),
        RuntimeError when the process died (out of memory, a crash in native code), and whatever the function raised.
        """

        release_connection()
        try:
            with self._slots.turn(_OWNER.get()):
                return self._started().schedule(function, args=list(args), kwargs=kwargs, timeout=timeout).result()
        except FutureTimeout:
            raise TimeoutError(f"took more than {timeout:.0f} s") from None
        except ProcessExpired as died:
            raise RuntimeError(f"the subprocess died (exit code {died.exitcode})") from None

    def close(self) -> None:
        """Stop the subprocesses."""
        with self._lock, contextlib.suppress(Exception):
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join(timeout=5)
                self._pool = None
