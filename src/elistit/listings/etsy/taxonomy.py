"""Which Etsy category a product type is listed under, and whether Etsy still has it.

The ids are Etsy's and may change, so they are looked up in Etsy's own tree before a draft is made with them. The tree is
large and changes rarely: it is read once a day for the whole studio, and only its numbers are kept.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from elistit import ports
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.models import EtsyCategories

CLIP_ART_AND_IMAGE_FILES = 6844
DIGITAL_PRINTS = 2078
KEPT = dt.timedelta(hours=23)
"""Etsy's terms let content that is no listing be used for under a day."""

_PRINTS = ("wall_art", "poster", "greeting_card")


def taxonomy_id(product: str) -> int:
    """The Etsy category a product type is listed under."""
    return DIGITAL_PRINTS if product in _PRINTS else CLIP_ART_AND_IMAGE_FILES


def is_gone(client: EtsyClient, number: int) -> bool:
    """Whether Etsy's tree no longer has a category. False as well when the tree cannot be had now: Etsy judges the draft
    itself then. Asks Etsy at most once in `KEPT` for the whole studio; needs the key but no seller."""
    api_url, now = client.config.api_url[:200], ports.now()
    kept = EtsyCategories.objects.filter(api_url=api_url).first()
    if kept is None or not now - KEPT < kept.read_at <= now:
        answer = client.taxonomy()
        numbers = _numbers((answer.data or {}).get("results")) if answer.good else []
        if not numbers:
            return False
        kept, _ = EtsyCategories.objects.update_or_create(
            api_url=api_url, defaults={"numbers": numbers, "read_at": now}
        )
    return number not in kept.numbers


def _numbers(nodes: Any) -> list[int]:
    """The ids of a tree, at any depth; empty for anything that is no tree."""
    found: set[int] = set()
    waiting = list(nodes) if isinstance(nodes, list) else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and isinstance(node.get("id"), int):
            found.add(node["id"])
            waiting += node["children"] if isinstance(node.get("children"), list) else []
    return sorted(found)
