"""What an assistant orders and pays: quotes, launches and remakes, each with its price in the call.

The rule of the MCP server lives here: nothing is sent that costs without a `price`, with a price other than the studio's own,
or above the session's cap. The studio checks the price again (`quote_id`, `price`), so a race can't change it either.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from elistit.cli.assistant.purse import OverCap, Purse
from elistit_client import Studio, StudioError

AGAIN = (
    "Call this tool again with the same arguments: it is charged at most once. The credits stay set aside until then."
)


class Refusal(Exception):
    """The tool did not do it; the message says why and what to do. `unknown`: the studio may have done it."""

    def __init__(self, words: str, *, unknown: bool = False) -> None:
        super().__init__(words)
        self.unknown = unknown


@dataclass
class Quoted:
    """An order whose price was asked for in this session."""

    order: dict[str, Any]
    total: int
    key: str = field(default_factory=lambda: f"mcp-{uuid.uuid4().hex}")


class Orders:
    """The orders of one session. Safe to use from several threads."""

    def __init__(self, studio: Studio, purse: Purse) -> None:
        self.studio, self.purse = studio, purse
        self._quoted: dict[str, Quoted] = {}
        self._open_remakes: dict[str, str] = {}
        self._lock = threading.Lock()

    def quote(self, order: dict[str, Any]) -> dict[str, Any]:
        """The studio's quote of an order, remembered for `launch`."""
        quoted = self.studio.post("/quotes", order)
        self._quoted[quoted["id"]] = Quoted(order, quoted["total"])
        return quoted

    def launch(self, quote_id: str, price: int | None, **confirmed: bool) -> dict[str, Any]:
        """Launch what a quote of this session is for. Raises Refusal."""
        quoted = self._quoted.get(quote_id)
        if quoted is None:
            raise Refusal(
                "There is no such quote in this session. Call quote first and pass its id. Nothing was charged."
            )
        self._must_be(price, quoted.total, "launch")
        body = {**quoted.order, "quote_id": quote_id, **{name: True for name, given in confirmed.items() if given}}
        return self._spend(quoted.key, quoted.total, "/projects", body)

    def remake(
        self, public_id: str, number: int, price: int | None, prompt: str | None, *, confirm_trademarks: bool = False
    ) -> dict[str, Any]:
        """Remake one item at the studio's price. Raises Refusal."""
        at = f"/projects/{public_id}/items/{number}/remake"
        # An answer that never came: the same key again, whatever the price is by now, so that it can't be bought twice.
        asked = hashlib.sha256(repr((public_id, number, prompt, price)).encode()).hexdigest()
        with self._lock:
            key = self._open_remakes.get(asked, "")
        if not key:
            costs = int(self.studio.get(f"{at}-price", prompt=prompt)["credits"])
            self._must_be(price, costs, "remake")
            key = f"mcp-{uuid.uuid4().hex}"
        assert price is not None
        with self._lock:
            self._open_remakes[asked] = key
        body: dict[str, Any] = {"price": price, **({} if prompt is None else {"prompt": prompt})}
        if confirm_trademarks:
            body["confirm_trademarks"] = True
        try:
            remade = self._spend(key, price, at, body)
        except Refusal as refused:
            if not refused.unknown:
                self._open_remakes.pop(asked, None)
            raise
        self._open_remakes.pop(asked, None)
        return remade

    def _must_be(self, price: int | None, costs: int, action: str) -> None:
        if price is None:
            raise Refusal(
                f"This {action} costs {costs} credits. Show that price to the person you work for, and call {action} again with "
                f"price={costs} if they agree. Nothing was charged."
            )
        if price != costs:
            raise Refusal(f"This {action} costs {costs} credits, not {price}. Nothing was charged.")

    def _spend(self, key: str, credits: int, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            fresh = self.purse.reserve(key, credits)
        except OverCap as over:
            raise Refusal(str(over)) from over
        try:
            answered = self.studio.post(path, body, key=key)
        except StudioError as problem:
            if problem.refused or (fresh and problem.before):
                self.purse.release(key)
                raise Refusal(f"{problem} Nothing was charged.") from problem
            raise Refusal(f"{problem} {AGAIN}", unknown=True) from problem
        self.purse.charged(key)
        return answered
