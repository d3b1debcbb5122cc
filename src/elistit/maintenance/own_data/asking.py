"""What a person may request about their own data: an export, the erasure of their account, and its withdrawal.

It must never build or erase anything: `exporting` and `ending` do that in the background. Requests are limited: one
export at a time and three a day, one erasure at a time.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from elistit import config, ports
from elistit.accounts.data_models import DataExport, Erasure
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.credits import ledger
from elistit.payments import subscriptions
from elistit.projects import remove
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.models import Project
from elistit.projects.states import Stage

EXPORTS_A_DAY = 3
FILE_NAME = "elistit-export.zip"
DAY = dt.timedelta(days=1)
OPERATOR = "You work for this studio. Ask an owner to make you a seller first (Console → Team, or “elistit users role … seller”)."


def grace() -> dt.timedelta:
    """How long a requested erasure can still be withdrawn (`ELISTIT_ERASURE_DAYS`)."""
    return dt.timedelta(days=config.current().people.erasure_days)


def request_export(owner: User, *, with_files: bool = False) -> DataExport:
    """Request an export of everything. While one is being prepared, returns that one. Raises NotPossible after three in
    24 hours."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # Two simultaneous requests wait for each other here.
        if pending := DataExport.objects.filter(owner=owner, state=DataExport.State.PENDING).first():
            return pending
        if DataExport.objects.filter(owner=owner, requested_at__gt=ports.now() - DAY).count() >= EXPORTS_A_DAY:
            raise NotPossible(
                f"You can request {EXPORTS_A_DAY} exports a day. Download one of those you have, or wait until tomorrow."
            )
        return DataExport.objects.create(owner=owner, with_files=with_files)


def exports(owner: User) -> list[DataExport]:
    """The person's exports, newest first."""
    return list(DataExport.objects.filter(owner=owner)[:20])


def export_of(owner: User, export_id: str) -> DataExport:
    """One of the person's own exports. Raises NotFound."""
    found = DataExport.objects.filter(owner=owner, pk=export_id).first()
    if found is None:
        raise NotFound("There is no such export.")
    return found


def available(export: DataExport) -> bool:
    """Whether an export can be downloaded now."""
    ends = export.expires_at
    return export.state == DataExport.State.READY and ends is not None and ends > ports.now()


def open_erasure(owner: User) -> Erasure | None:
    """The requested erasure that is neither withdrawn nor done; None without one."""
    return Erasure.objects.filter(owner=owner, withdrawn_at=None, ended_at=None).first()


class Loss:
    """What an erasure costs a person: `balance` credits they still have, `waiting` credits charged to unfinished
    projects, which aren't refunded when they are deleted (rules §5.4), and whether a paid plan ends."""

    def __init__(self, owner: User) -> None:
        self.balance = ledger.balance(owner.pk)
        standing = Project.objects.filter(owner=owner).exclude(stage=Stage.DELETED)
        self.projects = standing.count()
        self.waiting = sum(
            remove.loss(project) for project in standing.exclude(stage__in=(Stage.COMPLETED, Stage.FAILED))
        )
        self.plan = subscriptions.running(owner.pk) is not None


def request_erasure(owner: User, *, at_once: bool = False) -> Erasure:
    """Request the erasure of the account, which begins when it can no longer be withdrawn. Returns the open request if
    there is one. Raises NotPossible for an owner and for support. `at_once` is only for the operator's command line."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=owner.pk)
        if person.role != Role.SELLER:
            raise NotPossible(OPERATOR)
        due = ports.now() if at_once else ports.now() + grace()
        if (held := open_erasure(person)) is not None:
            if at_once and held.due_at > due:
                Erasure.objects.filter(pk=held.pk).update(due_at=due)
                held.due_at = due
            return held
        try:
            with transaction.atomic():
                return Erasure.objects.create(owner=person, due_at=due)
        except IntegrityError:
            return Erasure.objects.get(owner=person, withdrawn_at=None, ended_at=None)


def withdraw_erasure(owner: User) -> bool:
    """Withdraw the erasure. False when none is open. Raises NotPossible once it has begun."""
    if Erasure.objects.filter(owner=owner, withdrawn_at=None, ended_at=None, started_at=None).update(
        withdrawn_at=ports.now()
    ):
        return True
    if open_erasure(owner) is not None:
        raise NotPossible("The erasure has begun and can't be canceled anymore.")
    return False
