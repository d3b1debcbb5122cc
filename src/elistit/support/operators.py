"""Who owns this studio and who supports its sellers: the first person of a new one, and whom an owner names.

A studio must never lose its last active owner here, and nobody becomes one by signing up once anybody else is there.
Every change is made under one lock of the whole studio, so that of two first people at the same moment one is the operator.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q

from elistit.accounts.models import User
from elistit.accounts.roles import Role, flags

LOCK = 0x656C6F70
"""The PostgreSQL advisory lock under which roles change ("elop")."""


class LastOperator(Exception):
    """The only active owner can't be given another role: nobody could set up the studio or see its money."""


def lock() -> None:
    """Let one transaction at a time decide who has which role, until it ends. Call it inside `atomic`. On SQLite the
    transaction holds the database's write lock from its start."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def claim(user: User) -> bool:
    """Make `user` the operator when nobody else is here (rules §10); whether they became it. Idempotent: a later call changes
    nothing and answers False. A sign-up whose address was never confirmed isn't a person yet: it neither gets the studio
    nor keeps it from the person who confirms first. Of several who confirm at the same moment it is the one who signed up first."""
    with transaction.atomic():
        lock()
        # An account is opened after this was asked: somebody who confirmed and has none is asking at this very moment.
        here = Q(is_staff=True) | Q(last_login__isnull=False) | Q(credit_account__isnull=False)
        here |= Q(emailaddress__verified=True, pk__lt=user.pk)
        if User.objects.exclude(pk=user.pk).filter(here).exists():
            return False
        if not EmailAddress.objects.filter(user=user, verified=True).exists():
            return False
        return _set(user, Role.OWNER)


def promote(user: User) -> bool:
    """Make a person an owner. False when they were one. Idempotent."""
    return set_role(user, Role.OWNER)


def demote(user: User) -> bool:
    """Make a person a seller. False when they were one. Idempotent. Raises LastOperator for the only active owner."""
    return set_role(user, Role.SELLER)


def set_role(user: User, role: Role) -> bool:
    """Give a person a role in place of the one they have. False when they had it. Idempotent. Raises LastOperator when that would
    take the role of the only active owner."""
    with transaction.atomic():
        lock()
        others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
        owner = User.objects.filter(pk=user.pk, is_staff=True).exists()
        if owner and role != Role.OWNER and not others.exists():
            raise LastOperator
        return _set(user, role)


def team() -> list[User]:
    """Everyone who may enter the console, owners first."""
    return list(User.objects.filter(Q(is_staff=True) | Q(is_support=True)).order_by("-is_staff", "email"))


def _set(user: User, role: Role) -> bool:
    columns = flags(role)
    changed = bool(User.objects.filter(pk=user.pk).exclude(**columns).update(**columns))
    for name, value in columns.items():
        setattr(user, name, value)
    return changed
