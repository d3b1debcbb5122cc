"""What outlives a name: actions of packages above this one that run in the transaction that erases a person.

Light on purpose: every process registers here at its start, so it must never import what only an erasure needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from elistit.accounts.models import User

_acts: list[Callable[[User, list[str]], None]] = []


def before_forgetting(act: Callable[[User, list[str]], None]) -> None:
    """Have `act` called with a person who is about to be erased and every address they confirmed: what must outlive the name is
    kept as a digest then. Registering twice is harmless."""
    if act not in _acts:
        _acts.append(act)


def remember(owner: User, addresses: list[str]) -> None:
    """Call every act that was registered, in the caller's transaction."""
    for act in _acts:
        act(owner, addresses)
