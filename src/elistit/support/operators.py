"""Who operates this studio: the first person of a new one, and whom an operator's command line names.

A studio must never lose its last active operator here, and nobody becomes one by signing up once anybody else is there.
Every change is made under one lock of the whole studio, so that of two first people at the same moment one is the operator.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q

from elistit.accounts.models import User

LOCK = 0x656C6F70
"""The PostgreSQL advisory lock under which people become operators ("elop")."""


class LastOperator(Exception):
    """The only active operator can't be made a seller: nobody could read the console any more."""


def lock() -> None:
    """Let one transaction at a time decide who is an operator, until it ends. Call it inside `atomic`. On SQLite the
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
        return _set(user, True)


def promote(user: User) -> bool:
    """Make a person an operator. False when they were one. Idempotent."""
    with transaction.atomic():
        lock()
        return _set(user, True)


def demote(user: User) -> bool:
    """Make an operator a seller. False when they weren't one. Idempotent. Raises LastOperator for the only active one."""
    with transaction.atomic():
        lock()
        others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
        if User.objects.filter(pk=user.pk, is_staff=True).exists() and not others.exists():
            raise LastOperator
        return _set(user, False)


def _set(user: User, staff: bool) -> bool:
    changed = bool(User.objects.filter(pk=user.pk).exclude(is_staff=staff).update(is_staff=staff))
    user.is_staff = staff
    return changed
