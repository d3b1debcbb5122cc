"""The themes the artist knows, with the words that mean them. They are data: `themes.toml`, read once.

A theme names the themes and tags of figures it gathers, so a new figure joins by its own tags; the figures it names itself
(`first`) must be there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Theme:
    """One theme. `words` (or phrases) in an idea mean it; figures belong when one of their themes is in `themes` or
    one of their tags or their code is in `tags`; `near` are themes to borrow from when more distinct images are
    wanted. `first` are the figures a buyer expects before any other, in that order."""

    code: str
    title: str
    words: tuple[str, ...]
    themes: tuple[str, ...]
    tags: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


def _read(text: str) -> dict[str, Any]:
    """The file's contents; a field a theme does not have raises TypeError."""
    found = tomllib.loads(text)
    return {**found, "themes": tuple(_theme(**entry) for entry in found["themes"])}


def _theme(code: str, title: str, **listed: list[str]) -> Theme:
    return Theme(code, title, **{field: tuple(values) for field, values in listed.items()})


_DATA = _read(resources.files("elistit_artist").joinpath("themes.toml").read_text(encoding="utf-8"))

THEMES: tuple[Theme, ...] = _DATA["themes"]
FALLBACK: str = _DATA["fallback"]
"""What an idea nothing is known of becomes."""
SOFT: frozenset[str] = frozenset(_DATA["soft"])
"""Themes that color another one."""
THINGS: frozenset[str] = frozenset(_DATA["things"])
"""Words that lead to a theme but name a thing of its own that no figure shows."""


def theme(code: str) -> Theme:
    """The theme of a code. Raises KeyError for an unknown one."""
    for candidate in THEMES:
        if candidate.code == code:
            return candidate
    raise KeyError(code)
