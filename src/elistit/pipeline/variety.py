"""How many items of a storyboard look different: one perceptual distance, the same that flags near-duplicates at the gate.

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


def distinct(arts: Sequence[dict[str, Any]]) -> int:
    """How many of some planned drawings no earlier one looks like. Art of another artist counts as different."""
    kept: list[bytes] = []
    others = 0
    for art in arts:
        if not (art.get("subject") or art.get("scene")):
            others += 1
            continue
        seen = _signature(json.dumps({k: art[k] for k in sketch.SHOWN if art.get(k)}, sort_keys=True))
        if all(checks.distance(seen, other) >= checks.LIMITS.duplicate_distance for other in kept):
            kept.append(seen)
    return others + len(kept)


@lru_cache(maxsize=4_000)
def _signature(art: str) -> bytes:
    image = sketch.raster(json.loads(art), SIDE_PX)
    rgba = (image if image.hasalpha() else image.addalpha()).numpy()
    return checks.signature_of(rgba)
