"""How many credits and projects a seller may order a day (UTC): by setting for everyone, and for one person by an operator.

Asked at the quote, so that no one fills in an order for nothing, and once more in the transaction that charges it, where a
refusal undoes the whole action. What was charged is read from the books, so there is no second count that could differ from
them; a refund doesn't give the day's allowance back. It must never refuse what costs nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from elistit import config, ports
from elistit.accounts.limit_models import SellerLimit
from elistit.credits.models import CreditTransaction
from elistit.projects.errors import DailyLimit
from elistit.projects.models import Project


@dataclass(frozen=True)
class Limits:
    """What one person may order a day; None for any number."""

    credits: int | None
    projects: int | None


@dataclass(frozen=True)
class Used:
    """What was charged today, in credits, and how many projects were launched."""

    credits: int
    projects: int


def limits(owner_id: int) -> Limits:
    """The limits that hold for a person: their own where an operator set one, else the studio's."""
    people, own = config.current().people, SellerLimit.objects.filter(pk=owner_id).first()
    credits = own.credits if own is not None and own.credits is not None else people.seller_credits_per_day or None
    projects = own.projects if own is not None and own.projects is not None else people.seller_projects_per_day or None
    return Limits(credits, projects)


def used(owner_id: int) -> Used:
    """What this person was charged and launched since midnight (UTC)."""
    today = dt.datetime.combine(ports.now().date(), dt.time(), dt.UTC)
    first = ports.first_id(today)
    rows = CreditTransaction.objects.filter(account__owner_id=owner_id, type="SPEND_CREDIT", pk__gte=first)
    spent = rows.aggregate(total=Sum("amount"))["total"] or 0
    return Used(-spent, Project.objects.filter(owner_id=owner_id, pk__gte=first).count())


def problem(owner_id: int, credits: int, projects: int = 0) -> str:
    """Why an order of this price and this many projects isn't possible today, in one sentence; empty when it is."""
    if not credits:
        return ""
    allowed = limits(owner_id)
    if allowed == Limits(None, None):
        return ""
    return _words(allowed, used(owner_id), credits, projects)


def check(owner_id: int, credits: int, projects: int = 0) -> None:
    """Refuse an order before its price is frozen. Raises DailyLimit."""
    if words := problem(owner_id, credits, projects):
        raise DailyLimit(words)


def check_charged(owner_id: int, credits: int, projects: int) -> None:
    """Refuse an order whose price was just taken, in the same transaction, which must end with it. The charge holds the account
    until then, so of two orders at once the second one sees the first. Raises DailyLimit."""
    allowed = limits(owner_id)
    if not credits or allowed == Limits(None, None):
        return
    so_far = used(owner_id)
    if words := _words(allowed, Used(so_far.credits - credits, so_far.projects), credits, projects):
        raise DailyLimit(words)


def _words(allowed: Limits, so_far: Used, credits: int, projects: int) -> str:
    if projects and allowed.projects is not None and so_far.projects + projects > allowed.projects:
        left = max(0, allowed.projects - so_far.projects)
        return (
            f"You can launch {_left(left, 'project')} today: the limit is {allowed.projects:,} a day. It starts again at "
            "midnight UTC. You were not charged."
        )
    if allowed.credits is not None and so_far.credits + credits > allowed.credits:
        left = max(0, allowed.credits - so_far.credits)
        return (
            f"This costs {credits:,} credits, and you can spend {_left(left, 'credit')} today: the limit is "
            f"{allowed.credits:,} a day. It starts again at midnight UTC. You were not charged."
        )
    return ""


def _left(number: int, noun: str) -> str:
    return f"no more {noun}s" if not number else f"{number:,} more {noun}{'' if number == 1 else 's'}"
