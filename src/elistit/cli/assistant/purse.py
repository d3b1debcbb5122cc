"""The spending cap of one session: what was charged, what may have been charged, and what is left.

An amount is set aside before its request is sent and given back only when the studio has refused it for certain. It must
never count an unknown answer as nothing spent. Refunds don't raise the cap again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass


class OverCap(Exception):
    """The session's cap does not allow this. The message says how much is left."""


@dataclass
class _Amount:
    credits: int
    charged: bool = False


class Purse:
    """At most `cap` credits, whichever tools ask at once. Safe to use from several threads."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self._amounts: dict[str, _Amount] = {}
        self._lock = threading.Lock()

    @property
    def spent(self) -> int:
        """Credits charged, or set aside for an answer that has not come."""
        return sum(amount.credits for amount in self._amounts.values())

    @property
    def left(self) -> int:
        return self.cap - self.spent

    def reserve(self, key: str, credits: int) -> bool:
        """Set credits aside for the action under an idempotency key; the same key again sets nothing more aside and answers
        False. Raises OverCap."""
        with self._lock:
            if key in self._amounts:
                return False
            if credits > self.left:
                raise OverCap(
                    f"That costs {credits} credits, and this session may spend {self.left} more (cap {self.cap}, "
                    f"{self.spent} spent). Nothing was charged. The person who started this server sets the cap with --cap."
                )
            self._amounts[key] = _Amount(credits)
            return True

    def charged(self, key: str) -> None:
        """The action was accepted: its credits stay counted whatever is answered later."""
        with self._lock:
            self._amounts[key].charged = True

    def release(self, key: str) -> None:
        """The action was refused for certain. Changes nothing for one that was accepted before."""
        with self._lock:
            if key in self._amounts and not self._amounts[key].charged:
                del self._amounts[key]
