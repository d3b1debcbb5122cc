"""Variety: how many items of a storyboard look different, by the perceptual distance that flags near-duplicates at the gate.

A mirror image counts as the same. Judged on sketches in the style that is painted, so that it is known before launch; it must
never be used to refuse an image that was made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from elistit.artwork import checks
from elistit.providers.builtin import patterns, sketch

SIDE_PX = 96
DUPLICATE = "near_duplicate"
# Tiles nearer than this look the same. The two nearest of a coordinated set measured 11.7, the same tile saved again under 2.
TILES_DISTANCE = 6.0


def is_letter(art: dict[str, Any]) -> bool:
    """Whether an item's art is one character of an alphabet. Those are all meant to differ: two brackets of a set repeat
    nothing, however alike they look."""
    return bool(art.get("plan", {}).get("lettering", {}).get("form") == "letter")


def distinct(arts: Sequence[dict[str, Any]]) -> int:
    """How many of some planned drawings no earlier one looks like. Art of another artist counts as different."""
    shown = [art for art in arts if art.get("subject") or art.get("scene")]
    tiles = [art for art in arts if patterns.is_tile(art)]
    # Tiles of one set share figures and colors by intent; what sets them apart is their plan.
    others = len(arts) - len(shown) - len(tiles) + patterns.distinct(tiles)
    # Letters differ by what they say: a sketch would call O and Q one image.
    others += len({json.dumps(a["lettering"], sort_keys=True) for a in shown if a.get("lettering")})
    shown = [art for art in shown if not art.get("lettering")]
    texts = dict.fromkeys(json.dumps({k: a[k] for k in sketch.SHOWN if a.get(k)}, sort_keys=True) for a in shown)
    if len(texts) < 2:
        return others + len(texts)  # nothing to compare it with: not worth a sketch
    kept: list[bytes] = []
    for text in texts:
        seen = _signature(text)
        if all(checks.distance(seen, other) >= checks.LIMITS.duplicate_distance for other in kept):
            kept.append(seen)
    return others + len(kept)


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
