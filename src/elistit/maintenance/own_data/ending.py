"""The erasure of an account, step by step (decision 0058): nothing that identifies the person remains, and the ledger
stays valid.

Each step may be repeated, and an interrupted pass continues with the next one: stop the renewal of a paid plan
immediately; when the erasure can no longer be withdrawn, sign the person out and block sign-in; wait for running work,
so that it is finished or refunded by the rules; delete the projects; disconnect shops and Drive; and then, in one
transaction, the rows. It must never refund or charge on its own, erase an operator, or change a number in the ledger.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Replace

from elistit import ports
from elistit.accounts.data_models import DataExport, Erasure
from elistit.accounts.models import ApiKey, SignInLink, User
from elistit.accounts.roles import Role
from elistit.actions import commands, print_drafts
from elistit.credits import erasing, plans
from elistit.delivery.google_drive import connect as drive
from elistit.delivery.store import open_store
from elistit.listings.etsy import connect as etsy
from elistit.maintenance.own_data import remembering
from elistit.maintenance.own_data.register import SWEPT, TABLES, Fate
from elistit.maintenance.task import Run
from elistit.payments import actions as payments
from elistit.payments import subscriptions
from elistit.projects.errors import NotFound
from elistit.projects.models import Job, Project, Scene, Upload
from elistit.projects.states import JobStatus, Stage
from elistit.runtime import engine

log = logging.getLogger(__name__)

SETTLE = dt.timedelta(minutes=5)
"""Time between stopping all work and erasing its rows: any running step or request has ended by then."""
RUNS, WORK = "work that is running", "the end of running steps"
CLOSED = "erased"


def run_due(run: Run | None = None) -> int:
    """One pass over the open erasures. Returns the number of erased accounts."""
    due = Q(plan_ended_at=None) | Q(due_at__lte=ports.now())
    waiting = Erasure.objects.filter(due, withdrawn_at=None, ended_at=None).order_by("due_at")
    return (run or Run()).each(list(waiting.values_list("pk", flat=True)[:100]), _pass)


def _pass(pk: int) -> bool:
    erasure = Erasure.objects.select_related("owner").get(pk=pk)
    owner = erasure.owner
    if erasure.plan_ended_at is None or erasure.due_at <= ports.now():
        # Also when it begins: another plan may have been bought in the meantime.
        _end_plan(owner)
        Erasure.objects.filter(pk=pk, plan_ended_at=None).update(plan_ended_at=ports.now())
    if erasure.due_at > ports.now() or not _begin(erasure):
        return False
    _let_nobody_in(owner)
    erasure.refresh_from_db()
    if erasure.stopped_at is None:
        if _at_work(owner):
            return _waits(pk, RUNS)
        _stop(owner)
        Erasure.objects.filter(pk=pk).update(stopped_at=ports.now())
        return _waits(pk, WORK)
    if ports.now() < erasure.stopped_at + SETTLE:
        return _waits(pk, WORK)
    _disconnect(owner)
    _delete_files(owner)
    _forget_rows(owner, pk)
    log.info("account %d was erased", owner.pk)
    return True


def _waits(pk: int, why: str) -> bool:
    Erasure.objects.filter(pk=pk).update(waits_for=why)
    return False


def _begin(erasure: Erasure) -> bool:
    """Begin the erasure, after which it can't be withdrawn. False when it was withdrawn in the meantime, or the person
    has become an owner or support."""
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=erasure.owner_id)
        if owner.role != Role.SELLER:
            return _waits(erasure.pk, "an owner or support person can't be erased: make them a seller first")
        open_ = Erasure.objects.filter(pk=erasure.pk, withdrawn_at=None, ended_at=None)
        open_.filter(started_at=None).update(started_at=ports.now())
        return open_.exists()


def _end_plan(owner: User) -> None:
    """Let the plan expire at the end of its month. Raises StripeProblem and CannotBuy while Stripe can't be reached."""
    held = subscriptions.running(owner.pk)
    if held is not None:
        if not held.ends_at_period_end:
            payments.end_plan(owner)
    else:
        with contextlib.suppress(plans.PlanNotPossible):
            plans.cancel(owner)


def _let_nobody_in(owner: User) -> None:
    """Sign the person out everywhere, revoke their keys and turn their webhooks off. Idempotent."""
    with transaction.atomic():
        User.objects.filter(pk=owner.pk).update(is_active=False)
        ApiKey.objects.filter(user=owner, revoked_at=None).update(revoked_at=ports.now())
        SignInLink.objects.filter(user=owner).delete()
        owner.webhook_endpoints.filter(disabled_at=None).update(
            disabled_at=ports.now(), disabled_reason="The account is being erased."
        )
        known = list(UserSession.objects.filter(user=owner).values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=known).delete()
        UserSession.objects.filter(user=owner).delete()


def _at_work(owner: User) -> bool:
    """Whether a job is running or about to run: it will end, finished or failed and refunded. A job that waits for the
    person's decision, or that they paused, would wait forever: it ends as if they had deleted it (rules §5.4)."""
    running = Job.objects.filter(project__owner=owner, status__in=(JobStatus.QUEUED, JobStatus.RUNNING))
    return running.filter(project__paused_at=None).exists()


def _stop(owner: User) -> None:
    """Delete the projects, as their owner would."""
    for public_id in Project.objects.filter(owner=owner).exclude(stage=Stage.DELETED).values_list("pk", flat=True):
        with contextlib.suppress(NotFound):
            commands.delete(owner, public_id)


def _disconnect(owner: User) -> None:
    """Delete print drafts at Gelato, remove the shops and the Drive, and expire open payment pages, so that no one pays for
    an erased account. Raises StillThere while Gelato can't be asked."""
    print_drafts.close_all(owner)
    payments.close_pages(owner)
    etsy.disconnect_all(owner)
    drive.disconnect(owner)


def _delete_files(owner: User) -> None:
    """Delete the person's data in file storage, the engine and the mail folder. Raises StoreFailure while the store is down."""
    store = open_store(settings.STORAGE_URL)
    projects = list(Project.objects.filter(owner=owner).values_list("pk", flat=True))
    prefixes = [f"projects/{pk}" for pk in projects]
    prefixes += [f"uploads/{pk}" for pk in Upload.objects.filter(owner=owner).values_list("pk", flat=True)]
    prefixes += [f"scenes/{pk}" for pk in Scene.objects.filter(owner=owner).values_list("pk", flat=True)]
    prefixes += [f"exports/{pk}" for pk in DataExport.objects.filter(owner=owner).values_list("pk", flat=True)]
    for prefix in prefixes:
        store.delete_prefix(prefix)
    for job in Job.objects.filter(project__owner=owner).values_list("pk", flat=True):
        engine.queue.forget_job(job)
    _delete_mail(_addresses(owner))


def _delete_mail(addresses: list[str]) -> None:
    """Delete messages that were written to a folder of this installation instead of being sent."""
    wanted = [address.encode() for address in addresses]
    for file in (Path(settings.DATA_DIR) / "mail").glob("*.log"):
        with contextlib.suppress(FileNotFoundError):
            if any(address in file.read_bytes().lower() for address in wanted):
                file.unlink()


def _addresses(owner: User) -> list[str]:
    confirmed = EmailAddress.objects.filter(user=owner).values_list("email", flat=True)
    return sorted({owner.email.lower(), *(address.lower() for address in confirmed)})


def _named(owner: User) -> list[str]:
    """Texts that identify the person: their addresses, their shop, the names of their projects and scenes."""
    found = [*_addresses(owner)]
    found += [shop.shop_name for shop in [getattr(owner, "etsy_shop", None)] if shop]
    found += Project.objects.filter(owner=owner).values_list("name", flat=True)
    found += Scene.objects.filter(owner=owner).values_list("name", flat=True)
    return sorted({name.casefold() for name in found if len(name) >= 3})


def _forget_rows(owner: User, pk: int) -> None:
    """Delete all the person's rows or remove their texts, in one transaction. Afterwards no one can be identified, and
    the erasure is done."""
    words, addresses = _named(owner), _addresses(owner)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)
        remembering.remember(owner, addresses)
        erasing.forget_words(owner.pk, lambda text: any(word in text.casefold() for word in words))
        for table in TABLES:
            if table.fate is Fate.DELETED:
                table.rows(owner.pk).delete()
            elif table.blank:
                _blank(table.model, owner.pk)
        for model, field in SWEPT:
            for address in addresses:
                rows = apps.get_model(model)._default_manager.filter(**{f"{field}__icontains": address})
                rows.update(**{field: Replace(field, Value(address), Value(CLOSED))})
        Erasure.objects.filter(pk=pk).update(ended_at=ports.now(), waits_for="")
    _end_sessions(owner.pk)


def _blank(model: str, owner_id: int) -> None:
    table = next(table for table in TABLES if table.model == model)
    for row in table.rows(owner_id).iterator(chunk_size=500):
        table.manager.filter(pk=row.pk).update(**table.blanked(row))


def _end_sessions(owner_id: int) -> None:
    """Delete sessions that aren't listed as a device of the person. They are invalid since the account was closed."""
    now = ports.now()
    over = [
        row.pk
        for row in Session.objects.filter(expire_date__gt=now).iterator(chunk_size=500)
        if str(row.get_decoded().get(SESSION_KEY)) == str(owner_id)
    ]
    Session.objects.filter(pk__in=over).delete()
