"""Bulk actions of an owner: choose, see what will happen and what it costs, confirm once, read what happened to each row.

The preview does each row through `support.actions`, the same functions as the single buttons, in a transaction that is undone: what
it says is what the rules would do, read from the rows they would write. Confirming does each row in a separate transaction, under
a key made from the plan, so no row is ever done twice and one that is refused keeps no other from being done. Nothing is
done without a plan that was shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from ulid import ULID

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt
from elistit.credits.ledger import IdempotencyConflict
from elistit.ports import Kind
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.models import Job, Project
from elistit.projects.states import JobStatus
from elistit.support import actions, margins
from elistit.support.bulk_models import BulkPlan, BulkRow
from elistit.support.models import OperatorAct, SentMail

log = logging.getLogger(__name__)

MOST = 200
"""Rows of one plan. Each is a transaction, all in one request."""
VALID = dt.timedelta(hours=1)
"""How long a plan can be confirmed: what it says must still be so."""
NOT_THE_SELLERS = (Kind.TRANSIENT, Kind.THROTTLED, Kind.OPERATOR, Kind.UNKNOWN)
"""Failures of the studio or a provider; what a filter blocked or the seller's input caused is no outage."""
COST_DAYS = 90
LONGEST_SPAN = dt.timedelta(days=31)
DRY_REASON = "Preview of a bulk action"
State = BulkRow.State


@dataclass(frozen=True)
class Target:
    """What one row is about: a project's owner with the project, a person, or a message to a person."""

    person: User
    project: str = ""
    mail: str = ""


class _Undo(Exception):
    """Ends a preview's transaction."""


# ---- choosing -----------------------------------------------------------------------------------------------------


def of_projects(ids: Iterable[str]) -> list[Target]:
    """Targets for projects by their public ids, in their order and each once. Raises NotPossible for an unknown one."""
    wanted = list(dict.fromkeys(ids))
    found = Project.objects.select_related("owner").in_bulk(wanted)
    if missing := [one for one in wanted if one not in found]:
        raise NotPossible(f"There is no project {missing[0][:40]}.")
    return [Target(found[one].owner, project=one) for one in wanted]


def of_people(emails: Iterable[str]) -> list[Target]:
    """Targets for people by their addresses, each once. Raises NotPossible for an unknown one."""
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    found = {u.email: u for u in User.objects.filter(email__in=wanted, is_active=True)}
    if missing := [one for one in wanted if one not in found]:
        raise NotPossible(f"No active account has the e-mail address {missing[0][:80]}.")
    return [Target(found[one]) for one in wanted]


def of_mail(keys: Iterable[str]) -> list[Target]:
    """Targets for messages by their keys. Raises NotPossible for an unknown one."""
    wanted = list(dict.fromkeys(keys))
    found = SentMail.objects.select_related("person").in_bulk(wanted)
    if missing := [one for one in wanted if one not in found]:
        raise NotPossible(f"There is no message {missing[0][:80]}.")
    return [Target(found[one].person, project=found[one].project, mail=one) for one in wanted]


def hit_by_outage(since: dt.datetime, until: dt.datetime, *, provider: str = "", delayed: bool = False) -> list[Target]:
    """Everyone whose project failed in [since, until) because of the studio or a provider; with `delayed` also those whose attempts
    failed so and were retried. `provider` narrows to projects made with its models. Raises NotPossible for a wrong span."""
    if not since < until <= since + LONGEST_SPAN:
        raise NotPossible("Choose a time span that ends after it begins and is at most 31 days.")
    jobs = Job.objects.filter(
        status=JobStatus.FAILED, failure_kind__in=NOT_THE_SELLERS, ended_at__gte=since, ended_at__lt=until
    )
    tried = Attempt.objects.filter(note=False, outcome__in=NOT_THE_SELLERS, ended_at__gte=since, ended_at__lt=until)
    if provider:
        jobs = jobs.filter(project__model__startswith=f"{provider}/")
        tried = tried.filter(job__project__model__startswith=f"{provider}/")
    people = set(jobs.values_list("project__owner_id", flat=True))
    if delayed:
        people |= set(tried.values_list("job__project__owner_id", flat=True))
    return [Target(one) for one in User.objects.filter(pk__in=people, is_active=True).order_by("pk")]


# ---- planning -----------------------------------------------------------------------------------------------------


def plan(actor: User, kind: BulkPlan.Kind, targets: list[Target], *, credits: int = 0) -> BulkPlan:
    """Write a plan with what each row would do and cost, and do none of it. Raises NotPossible for none or too many rows, for
    credits that can't be given, and for people who aren't owners."""
    if not User.objects.get(pk=actor.pk).is_owner:
        raise NotPossible("Your role doesn't allow this. Nothing was changed.")
    if not targets:
        raise NotPossible("Nothing was chosen.")
    if len(targets) > MOST:
        raise NotPossible(f"{len(targets):,} rows are too many: choose at most {MOST} at a time.")
    if kind == BulkPlan.Kind.GOODWILL and not 1 <= credits <= actions.GOODWILL_MAX:
        raise NotPossible(f"Goodwill is 1 to {actions.GOODWILL_MAX:,} credits for each seller.")
    each = cost_per_credit()
    with transaction.atomic():
        made = BulkPlan.objects.create(actor=actor, kind=kind)
        for number, target in enumerate(targets, 1):
            row = BulkRow(plan=made, number=number, person=target.person, project=target.project, mail=target.mail)
            row.credits = credits if kind == BulkPlan.Kind.GOODWILL else 0
            _preview(row, actor, each)
            row.save()
    return made


def _preview(row: BulkRow, actor: User, each: float | None) -> None:
    """Fill in what a row would do, by doing it and undoing it."""
    try:
        with transaction.atomic():
            began = ports.now()
            recorded = _do(row, actor, DRY_REASON, ports.new_id())
            if row.plan.kind == BulkPlan.Kind.FAIL:
                row.credits = int(recorded.detail["returned"])
                row.money_micros = margins.refunded_micros(recorded.detail["job"], since=began)
            elif row.plan.kind == BulkPlan.Kind.GOODWILL:
                row.money_micros = round(row.credits * (each or 0))
                if recorded.act == OperatorAct.Act.ASK_GOODWILL:
                    row.words = "Needs another owner's approval."
            raise _Undo
    except _Undo:
        pass
    except (NotPossible, NotFound) as refused:
        row.state, row.words, row.credits, row.money_micros = State.REFUSED, str(refused)[:300], 0, 0


def cost_per_credit() -> float | None:
    """What providers charged for each credit spent in the last 90 days, in millionths of a dollar; None without any such spending."""
    now = ports.now()
    total = margins.of(now - dt.timedelta(days=COST_DAYS), now).total
    spent = total.charged - total.refunded
    return total.cost / spent if spent > 0 else None


# ---- confirming ---------------------------------------------------------------------------------------------------


def confirm(actor: User, plan_id: str, *, reason: str) -> BulkPlan:
    """Do the rows of a plan that are not done yet, each once however often this is called. Raises NotPossible for a plan of another
    person's or one that is too old, and NoReason; nothing was done then. A row that a fault of ours interrupts stays planned, and
    confirming again continues."""
    reason = actions.checked_reason(reason)
    found = BulkPlan.objects.filter(pk=plan_id, actor=actor).first()
    if found is None:
        raise NotPossible("Only the person who made this plan can confirm it.")
    if found.confirmed_at is None:
        if found.at < ports.now() - VALID:
            raise NotPossible("This preview is more than an hour old. Make it again, so that you see today's cost.")
        BulkPlan.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=ports.now())
    for row in found.rows.filter(state=State.PLANNED).select_related("person", "plan"):
        _finish(row, actor, reason)
    if not found.rows.filter(state=State.PLANNED).exists():
        BulkPlan.objects.filter(pk=found.pk, finished_at=None).update(finished_at=ports.now())
    found.refresh_from_db()
    return found


def _finish(row: BulkRow, actor: User, reason: str) -> None:
    key = row_key(row)
    try:
        recorded = _do(row, actor, reason, key)
    except (NotPossible, NotFound, IdempotencyConflict) as refused:
        # Another request for the same plan may have done the row a moment ago.
        done = OperatorAct.objects.filter(pk=key).first()
        if done is None:
            _settle(row, State.REFUSED, 0, str(refused))
            return
        recorded = done
    except Exception:
        log.exception("row %d of bulk plan %s was interrupted", row.number, row.plan_id)
        return
    requested = recorded.act == OperatorAct.Act.ASK_GOODWILL
    given = int(recorded.detail.get("returned", 0 if requested else recorded.detail.get("amount", 0)))
    _settle(row, State.REQUESTED if requested else State.DONE, given, "")


def _settle(row: BulkRow, state: State, given: int, words: str) -> None:
    BulkRow.objects.filter(pk=row.pk, state=State.PLANNED).update(state=state, given=given, words=words[:300])


def _do(row: BulkRow, actor: User, reason: str, key: str) -> OperatorAct:
    deeds: dict[str, Callable[[], OperatorAct]] = {
        BulkPlan.Kind.RETRY_DRAFTS: lambda: actions.retry_draft(actor, row.project, reason=reason, key=key),
        BulkPlan.Kind.FAIL: lambda: actions.fail_and_refund(actor, row.project, reason=reason, key=key),
        BulkPlan.Kind.GOODWILL: lambda: actions.goodwill(actor, row.person, row.credits, reason=reason, key=key),
        BulkPlan.Kind.RESEND_MAIL: lambda: actions.resend_mail(actor, row.mail, reason=reason, key=key),
    }
    return deeds[row.plan.kind]()


def row_key(row: BulkRow) -> str:
    """The key a row is done under: the time of its plan, and a digest of the plan and the row's number."""
    began = ULID.from_str(row.plan_id).bytes[:6]
    return str(ULID.from_bytes(began + hashlib.sha256(f"{row.plan_id}:{row.number}".encode()).digest()[:10]))


@dataclass(frozen=True)
class Sums:
    """A plan in figures: rows by state, credits shown and given, and money shown, in millionths of a dollar."""

    rows: int
    states: dict[str, int]
    credits: int
    given: int
    money_micros: int


def sums(found: BulkPlan) -> Sums:
    """The figures of a plan, from its rows."""
    rows = list(found.rows.all())
    states = {state.value: sum(row.state == state for row in rows) for state in State}
    wanted = [row for row in rows if row.state != State.REFUSED]
    return Sums(
        rows=len(rows),
        states=states,
        credits=sum(row.credits for row in wanted),
        given=sum(row.given for row in rows),
        money_micros=sum(row.money_micros for row in wanted),
    )
