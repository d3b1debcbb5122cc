"""What an idea comes to: a few words about the idea, and one pick for each picture to make.

Data only. A pick's `art` is JSON-safe and holds all the artist needs beside a seed and a size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pick:
    """One image to make: the figure's code (`scene/` and a composer's code for a whole image), the prompt in plain
    English, and what the artist needs (JSON-safe). `beyond`: no word of the idea asks for it."""

    subject: str
    prompt: str
    art: dict[str, Any]
    beyond: bool = False


@dataclass(frozen=True)
class Plan:
    """What an idea came to. `used` are the words without which something else would be drawn, `unused` those that will not
    be drawn; words that ask for nothing are in neither. `needs_confirmation`: the main noun is among `unused`, or nothing of
    the idea is drawn. `note` says in plain words what differs from what was asked (empty when nothing does)."""

    title: str
    theme: str
    used: list[str]
    unused: list[str]
    note: str
    picks: list[Pick]
    needs_confirmation: bool = False
    # The style the images are planned in, and the style the words of the idea name ("" for none), by code.
    style: str = ""
    named_style: str = ""
