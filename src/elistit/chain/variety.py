"""Variety: how many items of a storyboard look different, by the perceptual distance that flags near-duplicates at the gate.

A mirror image counts as the same. Judged on sketches in the style that is painted, so that it is known before launch; it must
never be used to refuse an image that was made.
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
# Tiles nearer than this look the same. The two nearest of a coordinated set measured 11.7, the same tile saved again under 2.
TILES_DISTANCE = 6.0


def is_lettered(art: dict[str, Any]) -> bool:
    """Whether an item's art is lettering. Each is planned to differ, by its words, font, layout or colors: two brackets of an
    alphabet repeat nothing, however alike they look, and a quote in sage is another one than in mustard."""
    return bool(art.get("plan", {}).get("lettering"))


def different(arts: Sequence[dict[str, Any]], limit: int | None = None) -> list[int]:
    """The places of the planned drawings that no earlier one looks like, in their order; at most `limit` of them. Art of
    another artist counts as different."""
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
            # Alone there is nothing to compare it with: not worth a sketch.
            if pictured > 1 and not _by_plan(art) and not _is_new(key, shown):
                continue
        found.append(place)
    return found


def distinct(arts: Sequence[dict[str, Any]]) -> int:
    """How many of some planned drawings no earlier one looks like (see `different`)."""
    return len(different(arts))


def _by_plan(art: dict[str, Any]) -> bool:
    """Whether planned drawings like this differ by their plans alone: tiles of one set share figures and colors by
    intent, and of lettering a sketch would call O and Q one image."""
    return patterns.is_tile(art) or bool(art.get("lettering"))


def _key(art: dict[str, Any]) -> str:
    """What a planned drawing is the same as another by; "" for art of another artist."""
    if patterns.is_tile(art):
        return patterns.identity(art)
    if not (art.get("subject") or art.get("scene")):
        return ""
    return json.dumps({k: art[k] for k in sketch.SHOWN if art.get(k)}, sort_keys=True)


def _is_new(key: str, shown: list[bytes]) -> bool:
    """Whether a sketch looks like none before it; kept for those after it when it doesn't."""
    mine = _signature(key)
    if any(checks.distance(mine, other) < checks.LIMITS.duplicate_distance for other in shown):
        return False
    shown.append(mine)
    return True


def twin(signature: str, others: Sequence[tuple[int, str]], *, tiles: bool = False) -> int | None:
    """The number of the first other image that looks nearly the same. Signatures are hexadecimal; empty ones are passed over.
    `tiles`: seamless ones, which share their colors within a set, so that more must agree."""
    nearest = TILES_DISTANCE if tiles else checks.LIMITS.duplicate_distance
    mine = bytes.fromhex(signature)
    for number, other in others:
        if other and checks.distance(bytes.fromhex(other), mine) < nearest:
            return number
    return None


def flag(sibling: int) -> dict[str, str]:
    """What the gate shows beside an image that looks nearly like a sibling."""
    found = checks.duplicate_flag(sibling)
    return {"code": found.code, "words": found.words}


@lru_cache(maxsize=4_000)
def _signature(art: str) -> bytes:
    image = sketch.raster(json.loads(art), SIDE_PX)
    rgba = (image if image.hasalpha() else image.addalpha()).numpy()
    return checks.signature_of(rgba)
