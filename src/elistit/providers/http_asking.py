"""What is said to an outside model about one image: words, seed and shape. Pure.

The seed is made from the request key, so every new purchase gets a new image (a repeat of an image that a content
filter refused would be refused again), and a service that lists what it made can be searched for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from elistit.providers.base import ImageRequest

_SEED_BITS = 31
PLAIN = "The whole subject is in view, alone, on a plain pure white background, with no shadow and no text."


def seed(request: ImageRequest) -> int:
    """A whole number below 2³¹ that belongs to this request key."""
    digest = hashlib.sha256(f"{request.seed}:{request.key}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - _SEED_BITS)


def words(request: ImageRequest, *, plain_ground: bool, leave_out: bool, limit: int) -> str:
    """The prompt as sent, at most `limit` characters. `plain_ground`: ask for a background that is easy to cut away;
    `leave_out`: the model has no field of its own for what not to draw."""
    parts = [request.prompt.strip()]
    if plain_ground:
        parts.append(PLAIN)
    if leave_out and request.negative.strip():
        parts.append(f"Leave out: {request.negative.strip()}.")
    said = " ".join(p if p.endswith((".", "!", "?")) else p + "." for p in parts if p)
    return said[:limit]


def nearest(width: int, height: int, ratios: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The ratio or size of a list that is closest in shape to `width` × `height`."""
    wanted = width / height
    return min(ratios, key=lambda r: max(r[0] / r[1] / wanted, wanted * r[1] / r[0]))
