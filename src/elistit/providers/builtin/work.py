"""The artist's heavy work as subprocesses run it: the artist that it takes is lent the installed packs first.

The functions take and return JSON-safe values, never raise, and are called by name (`runtime.cpu`).
"""

from __future__ import annotations

from typing import Any

from elistit.providers.builtin import job, tiles


def paint_to_file(order: dict[str, Any]) -> dict[str, Any]:
    """See `elistit_artist.paint.job.paint_to_file`."""
    return job.paint_to_file(order)


def draw_svg(art: dict[str, Any], seed: int, out: str) -> dict[str, Any]:
    """See `elistit_artist.paint.job.draw_svg`."""
    return job.draw_svg(art, seed, out)


def paint_tile(order: dict[str, Any]) -> dict[str, Any]:
    """See `elistit_artist.patterns.job.paint_tile`."""
    return tiles.paint_tile(order)


def draw_tile(art: dict[str, Any], seed: int, out: str) -> dict[str, Any]:
    """See `elistit_artist.patterns.job.draw_tile`."""
    return tiles.draw_tile(art, seed, out)
