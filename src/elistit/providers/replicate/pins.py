"""What is pinned at Replicate for each model and tool, and how the operator pins another (ELISTIT_REPLICATE_MODELS).

The variable reads `name=owner/model[:version][@dollars]`, several separated by `;`, for example
`real-esrgan=nightmareai/real-esrgan:f121…@0.002`. A name is the part of a code after `replicate/`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from elistit import config

NAME = "ELISTIT_REPLICATE_MODELS"
_PIN = re.compile(
    r"(?P<name>[a-z0-9.-]+)\s*=\s*(?P<path>[\w.-]+/[\w.-]+)(?::(?P<version>[0-9a-f]{64}))?(?:@(?P<cost>\d{1,3}(?:\.\d{1,6})?))?"
)


class BadPins(ValueError):
    """The variable cannot be read. The message is one sentence for the operator."""


@dataclass(frozen=True)
class Pin:
    """`version` is empty for an official model, which Replicate keeps by its name."""

    path: str
    version: str
    cost_micros: int


def pin(code: str, path: str, version: str, cost_micros: int) -> Pin:
    """What is asked for under a code: what the operator pinned, else what is given. An entry that cannot be read is left
    out here and named by `problem`."""
    try:
        own = _read(config.current().replicate.models)
    except BadPins:
        own = {}
    kept = own.get(code.split("/", 1)[-1])
    return (
        Pin(kept[0], kept[1], cost_micros if kept[2] is None else kept[2]) if kept else Pin(path, version, cost_micros)
    )


def problem(known: set[str], text: str) -> str:
    """What is wrong with the variable's text, as one sentence; empty when nothing is. `known` are the names that exist."""
    try:
        strangers = sorted(set(_read(text)) - known)
    except BadPins as bad:
        return str(bad)
    return f"{NAME} names “{strangers[0]}”; it can name {', '.join(sorted(known))}." if strangers else ""


@functools.lru_cache(maxsize=4)
def _read(text: str) -> dict[str, tuple[str, str, int | None]]:
    found: dict[str, tuple[str, str, int | None]] = {}
    for part in filter(None, (p.strip() for p in text.split(";"))):
        match = _PIN.fullmatch(part)
        if match is None:
            raise BadPins(f"{NAME}: “{part[:60]}” is not of the form name=owner/model[:version][@dollars].")
        cost = match["cost"]
        micros = None if cost is None else round(float(cost) * 1_000_000)
        found[match["name"]] = (match["path"], match["version"] or "", micros)
    return found
