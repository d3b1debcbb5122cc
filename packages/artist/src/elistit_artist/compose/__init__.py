"""Composers of whole pictures: wall art, posters and card fronts of any ratio, drawn by code.

`catalogue` lists them, `compose` draws one. Everything is flat filled shapes, decided by seed, ratio, scheme, kind and guest;
nothing here may know pixels or read a clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from elistit_artist.compose import cards, charts, herbal, home, land, ornament, plates, portraits, shapes, sky, travel
from elistit_artist.compose.canvas import Canvas, Scene
from elistit_artist.compose.colors import scheme as scheme_of
from elistit_artist.compose.composer import Composer, Kind


@cache
def _all() -> dict[str, Composer]:
    found: dict[str, Composer] = {}
    for module in (sky, land, shapes, ornament, home, herbal, portraits, cards, plates, travel, charts):
        for composer in module.COMPOSERS:
            if composer.code in found:
                raise ValueError(f"Two composers are called {composer.code}.")
            found[composer.code] = composer
    return found


def catalogue() -> dict[str, Composer]:
    """Every composer by code, in a fixed order. The returned dict is the caller's own."""
    return dict(_all())


def compose(
    code: str, seed: int, width: float, height: float, scheme: str, kind: str = "", guest: dict[str, Any] | None = None,
    words: Sequence[str] = (),
) -> Scene:  # fmt: skip
    """Draw one picture for the ratio width : height (any unit). `guest`: `{"subject", "params"}` of a figure to show, with `others` of the
    same form for a composer of several; `words`: the lines to letter, by a composer that letters any.

    Raises KeyError for an unknown composer, scheme or guest, ValueError for a ratio beyond 1 : 3.
    """
    if not 1 / 3 <= width / height <= 3:
        raise ValueError(f"no composition for {width} × {height}")
    composer = _all()[code]
    canvas = Canvas.of(width, height, scheme_of(scheme))
    if guest:
        canvas.guest = (str(guest["subject"]), dict(guest.get("params") or {}))
        canvas.others = tuple((str(o["subject"]), dict(o.get("params") or {})) for o in guest.get("others") or ())
    canvas.words = tuple(words)
    digest = hashlib.sha256(f"scene|{code}|{kind}|{seed}".encode()).digest()
    composer.draw(canvas, np.random.default_rng(int.from_bytes(digest[:8], "big")), composer.kind(kind).code)
    return canvas.scene()


__all__ = ["Composer", "Kind", "Scene", "catalogue", "compose"]
