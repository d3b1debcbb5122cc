"""Variety: how many items of a storyboard look different, by the perceptual distance that flags near-duplicates at the gate.

A mirror image counts as the same. It compares sketches in the chosen style, so that the answer is known before launch.
It must never be used to refuse an image that was made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from elistit.on_use import OnUse
from elistit.providers.builtin import patterns, sketch

if TYPE_CHECKING:
    from elistit.artwork import checks
else:
    checks = OnUse("elistit.artwork.checks")

SIDE_PX = 96
DUPLICATE = "near_duplicate"
# Tiles closer than this look the same. The two closest of a coordinated set measured 11.7, the same tile saved again
# below 2.
TILES_DISTANCE = 6.0


def is_lettered(art: dict[str, Any]) -> bool:
    """Whether an item's art is lettering. Lettering differs by its words, font, layout or colors by design: two
    brackets of an alphabet look alike but aren't duplicates, and neither is the same quote in another color."""
    return bool(art.get("plan", {}).get("lettering"))


def different(arts: Sequence[dict[str, Any]], limit: int | None = None) -> list[int]:
    """The indexes of the planned drawings that don't look like an earlier one, in order; at most `limit` of them. Art
    of other artists than the built-in one counts as different."""
    seen: set[str] = set()
    shown: list[bytes] = []
    found: list[int] = []
    pictured = len({_key(art) for art in arts if not _by_plan(art)} - {""})
    for place, art in enumerate(arts):
        if limit is not None and len(found) >= limit:
            break
        key = _key(art)
        if key in seen:
            continue
        if key:
            seen.add(key)
            # With nothing to compare it with, no sketch is needed.
            if pictured > 1 and not _by_plan(art) and not _is_new(key, shown):
                continue
        found.append(place)
    return found


def distinct(arts: Sequence[dict[str, Any]]) -> int:
    """How many of the planned drawings don't look like an earlier one (see `different`)."""
    return len(different(arts))


def _by_plan(art: dict[str, Any]) -> bool:
    """Whether drawings of this kind are compared by their plans alone: tiles of a set share figures and colors on
    purpose, and sketches of lettering can't tell O from Q."""
    return patterns.is_tile(art) or bool(art.get("lettering"))


def _key(art: dict[str, Any]) -> str:
    """Identifies a planned drawing: equal keys mean the same drawing. Empty for art of other artists."""
    if patterns.is_tile(art):
        return patterns.identity(art)
    if not (art.get("subject") or art.get("scene")):
        return ""
    return json.dumps({k: art[k] for k in sketch.SHOWN if art.get(k)}, sort_keys=True)


def _is_new(key: str, shown: list[bytes]) -> bool:
    """Whether a sketch looks like none in `shown`; if so, it is added to them."""
    mine = _signature(key)
    if any(checks.distance(mine, other) < checks.LIMITS.duplicate_distance for other in shown):
        return False
    shown.append(mine)
    return True


def twin(signature: str, others: Sequence[tuple[int, str]], *, tiles: bool = False) -> int | None:
    """The number of the first other image that looks nearly the same, or None. Signatures are hexadecimal; empty ones
    are skipped. With `tiles`, more must agree, because the tiles of a set share their colors."""
    nearest = TILES_DISTANCE if tiles else checks.LIMITS.duplicate_distance
    mine = bytes.fromhex(signature)
    for number, other in others:
        if other and checks.distance(bytes.fromhex(other), mine) < nearest:
            return number
    return None


def flag(sibling: int) -> dict[str, str]:
    """What the gate shows beside an image that looks nearly the same as a sibling."""
    found = checks.duplicate_flag(sibling)
    return {"code": found.code, "words": found.words}


@lru_cache(maxsize=4_000)
def _signature(art: str) -> bytes:
    image = sketch.raster(json.loads(art), SIDE_PX)
    rgba = (image if image.hasalpha() else image.addalpha()).numpy()
    return checks.signature_of(rgba)
