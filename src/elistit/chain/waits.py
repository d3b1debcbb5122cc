"""A promised wait as this installation runs it: in practice runs it is shorter, and the figures on the pages stay the same."""

from __future__ import annotations

from elistit import config


def wait_seconds(seconds: float) -> float:
    """A promised wait in seconds, divided by `ELISTIT_CLOCK_SPEED` (1 in normal use). It exists so that demonstrations and
    tests with real processes need not wait out 10, 30 and 60 seconds."""
    return seconds / config.current().practice.clock_speed
