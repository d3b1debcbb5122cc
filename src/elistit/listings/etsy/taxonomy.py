"""Which Etsy category a product type is listed under, and whether Etsy still has it.

The ids are Etsy's and may change; `missing` lets the operator's check find out before a seller's draft does.
"""

from __future__ import annotations

from typing import Any

from elistit.listings.etsy import outcomes
from elistit.listings.etsy.client import EtsyClient
from elistit.ports import Failure

CLIP_ART_AND_IMAGE_FILES = 6844
DIGITAL_PRINTS = 2078
_PRINTS = ("wall_art", "poster", "greeting_card")


def taxonomy_id(product: str) -> int:
    """The Etsy category a product type is listed under."""
    return DIGITAL_PRINTS if product in _PRINTS else CLIP_ART_AND_IMAGE_FILES


def missing(client: EtsyClient) -> list[int] | Failure:
    """Those of our category ids that Etsy's tree no longer has. One large read; needs the key but no seller."""
    answer = client.taxonomy()
    if not answer.good:
        return outcomes.failure(answer)
    known: set[Any] = set()
    waiting = list((answer.data or {}).get("results") or [])
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            known.add(node.get("id"))
            waiting += node.get("children") or []
    return [number for number in (CLIP_ART_AND_IMAGE_FILES, DIGITAL_PRINTS) if number not in known]
