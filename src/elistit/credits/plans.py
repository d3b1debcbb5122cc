"""Monthly plans, the trial and top-up packs: when credits are granted automatically and when they expire (rules §7).

A plan's allowance is a grant that expires when the next one is added; a top-up never expires; a trial is granted once.
This module must never take a payment: `payments` does and then calls these functions. Each takes effect exactly once
per month and seller, however often it runs. A plan with `paid_by` is renewed only by `bring_paid_month`, when the
payment service reports that the month is paid.
"""

from __future__ import annotations

import calendar
import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from elistit import ports
from elistit.credits import faults, ledger, prices
from elistit.credits.faults import Report
from elistit.credits.ledger import Posting
from elistit.credits.models import CreditGrant, CreditTransaction, Plan
from elistit.credits.prices import PlanPrice

PLANS: dict[str, PlanPrice] = {plan.code: plan for plan in prices.price_list().plans}

Owner = AbstractBaseUser | int


class PlanNotPossible(Exception):
    """The seller's plan doesn't allow this now. The message is one sentence for the seller."""


def start(owner: Owner, code: str) -> Plan:
    """Start a plan and grant its first month's allowance at once.

    Starting a plan again that was canceled and is still paid for undoes the cancellation, without a second allowance. A
    plan started here renews automatically from then on, even if the current month was paid elsewhere. Raises
    PlanNotPossible when another plan is running or the running one is still paid elsewhere, KeyError for an unknown
    plan.
    """
    owner_id, sold, now = _owner_id(owner), PLANS[code], ports.now()
    with transaction.atomic():
        plan = Plan.objects.filter(owner_id=owner_id).first()
        if plan is None:
            try:
                with transaction.atomic():
                    plan = Plan.objects.create(
                        owner_id=owner_id, code=code, started_at=now, renews_at=months_after(now, 1), period=1
                    )
            except IntegrityError as error:
                raise PlanNotPossible("Your plan is already being started.") from error
            _bring_allowance(plan, sold)
            return plan
        if is_running(plan, now):
            if plan.cancelled_at is not None and plan.code == code:
                _move(plan, cancelled_at=None, paid_by=None)
                return plan
            if plan.cancelled_at is None:
                _must_not_be_paid(plan)
            raise PlanNotPossible(f"You already have the {name_of(plan.code)} plan.")
        _move(
            plan, code=code, started_at=now, renews_at=months_after(now, 1), period=plan.period + 1, cancelled_at=None,
            paid_by=None,
        )  # fmt: skip
        _bring_allowance(plan, sold)
        return plan


def upgrade(owner: Owner, code: str) -> Plan:
    """Change to a larger plan at once: a new month starts now, with the full new allowance (rules §7). The unused part
    of the old allowance stays until its original expiry date. Raises PlanNotPossible when no plan is running or the new
    one isn't larger, KeyError for an unknown plan."""
    sold, now = PLANS[code], ports.now()
    with transaction.atomic():
        plan = Plan.objects.filter(owner_id=_owner_id(owner)).first()
        if plan is None or not is_running(plan, now):
            raise PlanNotPossible("You don't have a plan to upgrade. Start one instead.")
        _must_not_be_paid(plan)
        if sold.credits <= allowance_of(plan.owner_id, plan.code):
            raise PlanNotPossible(f"{sold.name} is not larger than your {name_of(plan.code)} plan.")
        _move(
            plan, code=code, started_at=now, renews_at=months_after(now, 1), period=plan.period + 1, cancelled_at=None
        )
        _bring_allowance(plan, sold)
        return plan


def cancel(owner: Owner) -> Plan:
    """Stop renewing. The allowance stays until it expires. Idempotent. Raises PlanNotPossible when no plan is running."""
    now = ports.now()
    with transaction.atomic():
        plan = Plan.objects.filter(owner_id=_owner_id(owner)).first()
        if plan is None or not is_running(plan, now):
            raise PlanNotPossible("You don't have a plan to cancel.")
        _must_not_be_paid(plan)
        if plan.cancelled_at is None:
            _move(plan, cancelled_at=now)
        return plan


class LeftThePriceList(Exception):
    """A plan is due but is no longer on the price list. Nothing was changed; the operator decides."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"The plan “{code}” is not on the price list, so it can't renew. Put it back or cancel the plan."
        )


def renew_due(*, report: Report = faults.log_fault) -> int:
    """Renew every plan whose month is over: expire the unused allowance, grant the new one. Returns how many were
    renewed. Safe to run at any time, in several processes.

    After a long pause a plan gets only the current month's allowance; those of the months in between would have
    expired. Each plan is a separate transaction: one that can't be renewed is reported (LeftThePriceList when its code
    has no price), stays as it is and doesn't stop the others.
    """
    now, renewed = ports.now(), 0
    due = Plan.objects.filter(renews_at__lte=now, cancelled_at=None, paid_by=None).order_by("pk")
    for pk, owner_id in list(due.values_list("pk", "owner_id")):
        with faults.caught(f"plan of seller {owner_id}", report):
            renewed += _renew(pk, now)
    return renewed


def _renew(pk: int, now: dt.datetime) -> int:
    with transaction.atomic():
        plan = Plan.objects.get(pk=pk)
        if plan.renews_at > now or plan.cancelled_at is not None or plan.paid_by is not None:
            return 0
        if plan.code not in PLANS:
            raise LeftThePriceList(plan.code)
        month = 1
        while (until := months_after(plan.started_at, month)) <= now:
            month += 1
        try:
            _move(plan, renews_at=until, period=plan.period + 1)
        except PlanNotPossible:
            return 0  # Another worker renewed it between our read and our update.
        ledger.expire_due(plan.owner_id)
        _bring_allowance(plan, PLANS[plan.code])
        return 1


def bring_paid_month(
    owner: Owner,
    code: str,
    *,
    until: dt.datetime,
    paid_by: str,
    idempotency_key: str,
    since: dt.datetime | None = None,
    credits: int | None = None,
) -> Posting:
    """A month of a plan was paid elsewhere: start, renew or change the plan and grant the allowance until `until`.
    Exactly once per key.

    `since` is when the paid month began (default: now). `credits` is the allowance that was sold, for a plan that has
    since left the price list. A payment reported when its month is nearly over still grants a whole month, so that paid
    credits don't expire on arrival. Raises KeyError for an unknown plan without `credits`.
    """
    owner_id, now = _owner_id(owner), ports.now()
    sold = PLANS[code] if credits is None else PlanPrice(code, name_of(code), credits, 0)
    if until < now + dt.timedelta(days=1):
        until = months_after(now, 1)
    with transaction.atomic():
        first = CreditTransaction.objects.filter(idempotency_key=idempotency_key).first()
        if first is not None:
            return Posting(first.pk, first.type, first.amount, first.balance_after, replayed=True)
        plan = Plan.objects.select_for_update().filter(owner_id=owner_id).first()
        began = since or now
        if plan is None:
            plan = Plan.objects.create(
                owner_id=owner_id, code=code, started_at=began, renews_at=until, period=1, paid_by=paid_by
            )
        elif until >= plan.renews_at:  # A report of an earlier month doesn't change the running plan.
            ended = not is_running(plan, now) or plan.code != code
            _move(
                plan, code=code, started_at=began if ended else plan.started_at, renews_at=until,
                period=plan.period + 1, cancelled_at=None if ended else plan.cancelled_at, paid_by=paid_by,
            )  # fmt: skip
        ledger.expire_due(owner_id)
        return _bring_allowance(plan, sold, until=until, idempotency_key=idempotency_key)


def mark_ending(owner: Owner, ends: bool, *, at: dt.datetime | None = None) -> None:
    """A plan paid elsewhere will not renew, or will after all, as of `at` (default: now). Idempotent: the first time of
    marking is kept. A plan that renews automatically isn't changed."""
    held = Plan.objects.filter(owner_id=_owner_id(owner)).exclude(paid_by=None)
    if ends:
        held.filter(cancelled_at=None).update(cancelled_at=at or ports.now())
    else:
        held.update(cancelled_at=None)


def start_trial(owner: Owner) -> Posting:
    """Grant the trial credits, once per seller. Calling it again returns the same posting, replayed."""
    owner_id, key = _owner_id(owner), f"trial:{_owner_id(owner)}"
    first = CreditTransaction.objects.filter(idempotency_key=key).first()
    if first is not None:  # A price list that changed since then must not turn a second call into a conflict.
        return Posting(first.pk, first.type, first.amount, first.balance_after, replayed=True)
    return ledger.grant(
        owner_id, prices.price_list().trial_credits, source="trial", idempotency_key=key, reason="Trial credits"
    )


def top_up(owner: Owner, code: str, *, idempotency_key: str, actor: str = "") -> Posting:
    """Record a bought top-up pack, which never expires. Exactly once per key. Raises KeyError for an unknown pack."""
    for pack in prices.price_list().top_ups:
        if pack.code == code:
            return ledger.grant(
                _owner_id(owner), pack.credits, source=pack.code, idempotency_key=idempotency_key,
                reason=f"Top-up pack: {pack.name}", actor=actor, type="PURCHASE_CREDIT",
            )  # fmt: skip
    raise KeyError(code)


def is_running(plan: Plan, now: dt.datetime) -> bool:
    """Whether a plan is active: not canceled, or canceled with its paid month not over."""
    return plan.cancelled_at is None or plan.renews_at > now


def months_after(start: dt.datetime, months: int) -> dt.datetime:
    """The same day `months` later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))


def _bring_allowance(
    plan: Plan, sold: PlanPrice, *, until: dt.datetime | None = None, idempotency_key: str = ""
) -> Posting:
    until = until or plan.renews_at
    return ledger.grant(
        plan.owner_id,
        sold.credits,
        source=f"plan:{sold.code}",
        idempotency_key=idempotency_key or f"plan:{plan.owner_id}:{plan.period}",
        reason=f"{sold.name} plan, allowance until {until:%B} {until.day}, {until.year}",
        expires_at=until,
    )


def name_of(code: str) -> str:
    """A plan's name; its code if it is no longer on the price list."""
    return PLANS[code].name if code in PLANS else code.capitalize()


def allowance_of(owner_id: int, code: str) -> int:
    """A month's allowance of a seller's plan, in credits. For a plan no longer on the price list, the last allowance
    the seller got, else 0."""
    if code in PLANS:
        return PLANS[code].credits
    brought = CreditGrant.objects.filter(account__owner_id=owner_id, source=f"plan:{code}").order_by("-id").first()
    return brought.amount if brought is not None else 0


def _must_not_be_paid(plan: Plan) -> None:
    if plan.paid_by is not None:
        raise PlanNotPossible("This plan is billed monthly through Stripe. Change or cancel it there.")


def _move(plan: Plan, **changes: object) -> None:
    """Change a plan only if it is still as it was read, so that two concurrent calls can't both act on one month."""
    stands = Plan.objects.filter(
        pk=plan.pk, code=plan.code, period=plan.period, renews_at=plan.renews_at, cancelled_at=plan.cancelled_at,
        paid_by=plan.paid_by,
    )  # fmt: skip
    if stands.update(**changes) != 1:
        raise PlanNotPossible("Your plan was changed at the same moment. Check it before you continue.")
    for name, value in changes.items():
        setattr(plan, name, value)


def _owner_id(owner: Owner) -> int:
    return owner if isinstance(owner, int) else int(owner.pk)
