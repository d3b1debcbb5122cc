"""The three roles of a studio, and which of them a person has (rules §10).

A seller orders for themselves. Support looks at the work of sellers, answers their questions and gives goodwill credits within
the owner's limits. An owner does everything, sees what the studio earns and spends, and gives roles. Each role may do what the one
before it may. Nothing here may be asked in place of the database when credits move: `support.actions` reads the role again in its
transaction.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to this studio."""

    SELLER = "seller"
    SUPPORT = "support"
    OWNER = "owner"

    @property
    def label(self) -> str:
        return {"seller": "Seller", "support": "Support", "owner": "Owner"}[self.value]

    @property
    def phrase(self) -> str:
        """The role with its article, for the end of a sentence."""
        return {"seller": "a seller", "support": "support", "owner": "an owner"}[self.value]

    def covers(self, least: Role) -> bool:
        """Whether this role may do what `least` may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


def flags(role: Role) -> dict[str, bool]:
    """The columns of `User` that hold a role. An owner is `is_staff`, so that a version from before there were roles takes owners
    for operators and support for sellers."""
    return {"is_staff": role == Role.OWNER, "is_support": role == Role.SUPPORT}
