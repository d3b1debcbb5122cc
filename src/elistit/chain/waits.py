"""Retry delays as this installation runs them: shorter in practice runs, while the pages show the real ones."""

from __future__ import annotations

from elistit import config


def wait_seconds(seconds: float) -> float:
    """A delay in seconds, divided by `ELISTIT_CLOCK_SPEED` (1 in normal use), so that demonstrations and tests with
    real processes needn't wait 10, 30 and 60 seconds."""
    return seconds / config.current().practice.clock_speed
