"""A little Etsy with a memory: it keeps every draft it was ever asked for, and its answers fail as the history decides.

It stands where `EtsyClient` stands and is driven by the very code that makes drafts, which must find its own draft again
whatever became of the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from elistit.listings.etsy import taxonomy
from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.simulator.profiles import SHOPS

SHOP_ID = 1


class LittleShop:
    """One shop for all sellers of a history. `ending` says how each request ends, by the names in `profiles.SHOPS`."""

    def __init__(self, ending: Callable[[], str], faults: Counter[str]) -> None:
        self.ending, self.faults = ending, faults
        self.drafts: dict[int, dict[str, Any]] = {}
        self.config = SimpleNamespace(api_url="http://little.shop")

    def taxonomy(self) -> Answer:
        """The categories there are. Asked once in a history, and always answered: what a lost tree means is tested elsewhere."""
        known = (taxonomy.CLIP_ART_AND_IMAGE_FILES, taxonomy.DIGITAL_PRINTS)
        return Answer(Doing.READ, Met.ANSWER, status=200, data={"results": [{"id": n, "children": []} for n in known]})

    def _answer(self, doing: Doing, carry_out: Callable[[], dict[str, Any]]) -> Answer:
        end = self.ending()
        if end != SHOPS[0]:
            self.faults[f"etsy {end}"] += 1
        if end in ("answered", "made_but_broke", "made_unanswered"):
            data = carry_out()
            if end == "answered":
                return Answer(doing, Met.ANSWER, status=200, data=data)
        if end in ("never_answered", "made_unanswered"):
            return Answer(doing, Met.NO_ANSWER)
        if end == "throttled":
            return Answer(doing, Met.ANSWER, status=429, wait=5.0)
        return Answer(doing, Met.ANSWER, status=400 if end == "refused" else 500)

    def listings(self, shop_id: int, *, state: str, offset: int = 0) -> Answer:
        return self._answer(Doing.READ, lambda: {"results": list(self.drafts.values())[offset : offset + 100]})

    def listing(self, listing_id: int) -> Answer:
        if listing_id not in self.drafts:
            return Answer(Doing.READ, Met.ANSWER, status=404)
        return self._answer(Doing.READ, lambda: self.drafts[listing_id])

    def create_draft(self, shop_id: int, fields: Mapping[str, Any]) -> Answer:
        return self._answer(Doing.CREATE, lambda: self._made(fields))

    def _made(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        number = len(self.drafts) + 1
        made = {"listing_id": number, "shop_id": SHOP_ID, "state": "draft", "description": fields["description"]}
        self.drafts[number] = made
        return made

    def images(self, listing_id: int) -> Answer:
        return self._answer(Doing.READ, lambda: {"results": []})

    def files(self, shop_id: int, listing_id: int) -> Answer:
        return self._answer(Doing.READ, lambda: {"results": []})

    def upload_image(self, shop_id: int, listing_id: int, path: Path, *, rank: int, alt_text: str) -> Answer:
        raise NotImplementedError("histories have no images")

    def upload_file(self, shop_id: int, listing_id: int, path: Path, *, name: str, rank: int) -> Answer:
        raise NotImplementedError("histories have no files")
