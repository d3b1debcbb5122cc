"""Measures what each test file costs: CPU seconds of this process and of the processes it started and waited for.

A session's own set-up, such as the test database, belongs to no file and is left out. scripts/cpu_costs.py reads the result.
"""

from __future__ import annotations

import json
import os
import resource
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def cpu_seconds() -> float:
    """What this process and its ended children have used so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Recorder:
    """A plugin that leaves `costs-PROCESS.json` in a folder when the session ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_file: Counter[str] = Counter()
        self._shared = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        began, self._shared = cpu_seconds(), 0.0
        try:
            return (yield)
        finally:
            self.by_file[item.nodeid.partition("::")[0]] += max(0.0, cpu_seconds() - began - self._shared)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[Any]:
        # One that needs another is set up after it, never around it, so nothing is counted twice.
        began = cpu_seconds()
        try:
            return (yield)
        finally:
            if fixturedef.scope == "session":
                self._shared += cpu_seconds() - began

    def pytest_sessionfinish(self) -> None:
        (self.folder / f"costs-{os.getpid()}.json").write_text(json.dumps(self.by_file), encoding="utf-8")
