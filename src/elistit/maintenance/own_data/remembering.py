"""What must survive an erasure: hooks of packages above this one that run in the transaction that erases a person.

Every process registers its hooks at startup, so this module must never import what only an erasure needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from elistit.accounts.models import User

_hooks: list[Callable[[User, list[str]], None]] = []


def before_forgetting(hook: Callable[[User, list[str]], None]) -> None:
    """Register a hook that is called with a person who is about to be erased and every address they confirmed, to store
    what must survive the erasure as a digest. Registering twice has no effect."""
    if hook not in _hooks:
        _hooks.append(hook)


def remember(owner: User, addresses: list[str]) -> None:
    """Call every registered hook, in the caller's transaction."""
    for hook in _hooks:
        hook(owner, addresses)
