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
from elistit.providers.builtin import sketch

SIDE_PX = 96
DUPLICATE = "near_duplicate"


def distinct(arts: Sequence[dict[str, Any]]) -> int:
    """How many of some planned drawings no earlier one looks like. Art of another artist counts as different."""
    shown = [art for art in arts if art.get("subject") or art.get("scene")]
    others = len(arts) - len(shown)
    texts = dict.fromkeys(json.dumps({k: a[k] for k in sketch.SHOWN if a.get(k)}, sort_keys=True) for a in shown)
    if len(texts) < 2:
        return others + len(texts)  # nothing to compare it with: not worth a sketch
    kept: list[bytes] = []
    for text in texts:
        seen = _signature(text)
        if all(checks.distance(seen, other) >= checks.LIMITS.duplicate_distance for other in kept):
            kept.append(seen)
    return others + len(kept)


def twin(signature: str, others: Sequence[tuple[int, str]]) -> int | None:
    """The number of the first other image that looks nearly the same. Signatures are hexadecimal; empty ones are passed over."""
    mine = bytes.fromhex(signature)
    for number, other in others:
        if other and checks.distance(bytes.fromhex(other), mine) < checks.LIMITS.duplicate_distance:
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
