"""How much goodwill a support person may give: to one seller within a day, and to all within a day (set by the owner).

What was given is summed from the record of actions, so no count can differ from it. `lock` must be called first, in the
transaction that writes the ledger row: of two gifts at once the second sees the first. A day is the 24 hours before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from elistit import ports
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.support.models import OperatorAct, SupportLimit

WITHIN = dt.timedelta(days=1)
HIGHEST = 100_000
"""The largest limit an owner may set, in credits."""


@dataclass(frozen=True)
class Limits:
    """Credits a support person may give within a day: to one seller, and to all sellers."""

    per_seller: int = 100
    per_person: int = 500


def limits() -> Limits:
    """The limits the owner has set, or the ones a new studio has."""
    row = SupportLimit.objects.filter(pk=SupportLimit.ONE).first()
    return Limits(row.per_seller, row.per_person) if row else Limits()


def lock(actor: User, person: User) -> None:
    """Let one gift at a time count what this giver gave and this seller got, until the transaction ends. Both rows are taken in
    one order, so that two people who give to each other never wait for each other. On SQLite the transaction holds the database."""
    both = User.objects.filter(pk__in={actor.pk, person.pk}).order_by("pk")
    list(both.select_for_update(no_key=True).values_list("pk", flat=True))


def left(actor: User, person: User) -> int:
    """Credits this support person may still give this seller within a day."""
    allowed = limits()
    to_seller = sum(_amounts(Q(person=person)))
    return max(0, min(allowed.per_seller - to_seller, allowed.per_person - given(actor)))


def given(actor: User) -> int:
    """Credits this support person gave within a day, to everybody."""
    return sum(_amounts(Q(actor=actor)))


def _amounts(of: Q) -> list[int]:
    """The goodwill that support gave within a day; what an owner gave or approved uses up nothing of theirs."""
    recent = OperatorAct.objects.filter(of, act=OperatorAct.Act.GOODWILL, at__gt=ports.now() - WITHIN)
    found = recent.filter(detail__role=Role.SUPPORT.value)
    return [int(detail["amount"]) for detail in found.values_list("detail", flat=True)]
