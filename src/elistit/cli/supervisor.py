"""Keeps a few processes of ours running: starts them, brings a dead one back with growing pauses, stops them kindly.

Each child runs in a process group of its own, so that Ctrl-C reaches only the supervisor, which then asks each child to
stop and waits. Each child also holds a pipe to the supervisor and ends automatically when the supervisor is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from elistit import handover

PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0


@dataclass
class Child:
    """One process: `elistit ARGUMENTS`. When an essential one ends before it ever ran steadily, everything stops; so does
    it when one has ended `deaths_most` times without running steadily in between (0: it is started again forever). A `last`
    one is stopped only when all others have ended, for they may still need it."""

    name: str
    arguments: list[str]
    essential: bool = False
    deaths_most: int = 0
    last: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float | None = None


class Supervisor:
    """Runs children until asked to stop by SIGINT or SIGTERM. Use as a context manager: leaving it stops every child.

    What the children print goes to `log`, or to our own standard error."""

    def __init__(
        self,
        children: list[Child],
        *,
        say: Callable[[str], None],
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        self.children = children
        self.log = log
        self.say = say
        self.environment = handover.child_environment(**(environment or {}))
        self.stopping = threading.Event()
        self.failed = False
        self._signals: dict[int, Any] = {}
        self._asked = 0

    def __enter__(self) -> Supervisor:
        self._read_end, self._write_end = os.pipe()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._signals[number] = signal.signal(number, self._on_signal)
        for child in self.children:
            self._start(child)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        os.close(self._write_end)
        os.close(self._read_end)
        for number, handler in self._signals.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1
        self.stopping.set()
        if self._asked > 1:
            for child in self._running():
                child.process.kill()  # type: ignore[union-attr]

    def _running(self) -> list[Child]:
        return [c for c in self.children if c.process is not None and c.process.poll() is None]

    def _start(self, child: Child) -> None:
        child.start_again_at = None
        child.started_at = time.monotonic()
        output = self.log.open("ab") if self.log else contextlib.nullcontext(sys.stderr.fileno())
        with output as stream:
            child.process = subprocess.Popen(
                [sys.executable, "-m", "elistit.cli", *child.arguments],
                env={**self.environment, handover.LIFELINE: str(self._read_end)},
                pass_fds=[self._read_end],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def look(self) -> bool:
        """One look at every child; starts again what is due. False when there is no use in continuing."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                if child.deaths and child.process is not None and now - child.started_at > STEADY_S:
                    child.deaths = 0
                continue
            if child.start_again_at is None and not self._note_death(child, now):
                return False
            elif child.start_again_at is not None and now >= child.start_again_at:
                self._start(child)
        return True

    def _note_death(self, child: Child, now: float) -> bool:
        assert child.process is not None
        code = child.process.returncode
        how = f"was killed (signal {-code})" if code < 0 else f"ended (exit {code})"
        # A process that was killed could have started; one that ended on its own says why, and would say so again.
        if child.essential and code >= 0 and not child.deaths and now - child.started_at < STEADY_S / 6:
            self.say(f"{child.name} {how} right after its start; see above.")
            self.failed = True
            return False
        if now - child.started_at > STEADY_S:
            child.deaths = 0
        if child.deaths_most and child.deaths >= child.deaths_most:
            self.say(f"{child.name} {how} once more and is not started again.")
            self.failed = True
            return False
        pause = PAUSES_S[min(child.deaths, len(PAUSES_S) - 1)]
        child.deaths += 1
        child.start_again_at = now + pause
        self.say(f"{child.name} {how}; starting it again in {pause:g} s.")
        return True

    def watch(self) -> int:
        """Keep everything running until asked to stop. Returns the exit code: 0 when asked, 1 when it could not continue."""
        while not self.stopping.is_set() and self.look():
            self.stopping.wait(0.25)
        return 1 if self.failed else 0

    def stop(self) -> None:
        """Ask every child to stop and wait for it; kill what does not stop in time."""
        from elistit import config

        self.stopping.set()
        running = self._running()
        if running and not self.failed and self._asked:
            self.say("Stopping; running work is returned to the queue. Press Ctrl-C again to stop at once.")
        # The worker ends automatically in ELISTIT_STOP_SECONDS; the one that takes longer is stuck.
        until = time.monotonic() + config.current().workers.stop_seconds + 15
        for last in (False, True):
            for child in running:
                if child.last == last and child.process is not None:
                    child.process.terminate()
            while any(child.last == last for child in self._running()) and time.monotonic() < until:
                time.sleep(0.05)
        for child in self._running():
            child.process.kill()  # type: ignore[union-attr]
        for child in self.children:
            if child.process is not None:
                child.process.wait()
