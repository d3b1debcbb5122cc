"""The ledger against a tiny model of it that shares nothing with it: whatever is done in whatever order, both agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit_books, ledger, statement

SELLERS = count()
CLOCK = ports.FixedClock()


@dataclass
class Pot:
    """A grant in the model: what is left, when it ends, its place among equals."""

    left: int
    ends: dt.datetime | None
    place: str
    returns: int = 0  # How often its credits came back after their end.


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.owner = User.objects.create_user(f"seller-{next(SELLERS)}@example.com").pk
        self.keys = (f"{self.owner}-{number}" for number in count())
        self.pots: list[Pot] = []
        # Per job, oldest first, with the moment of the spend; what was returned is taken off.
        self.draws: dict[str, list[tuple[Pot, int, dt.datetime]]] = {}
        self.charged: dict[str, int] = {}
        self.refunded: dict[str, int] = {}
        self.answers: list[tuple[dict[str, object], ledger.Posting]] = []

    def alive(self) -> list[Pot]:
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        pots = [pot for pot in self.pots if pot.left and (pot.ends is None or pot.ends > CLOCK.now())]
        return sorted(pots, key=lambda pot: (pot.ends or far, pot.place))

    def balance(self) -> int:
        return sum(pot.left for pot in self.alive())

    def learn_new_pot(self, amount: int, ends: dt.datetime | None, returns: int = 0) -> Pot:
        """The model takes only the new grant's id (its place among grants that end together) from the ledger."""
        known = {pot.place for pot in self.pots}
        (new,) = [g.pk for g in ledger.grants(self.owner) if g.pk not in known and g.expires_at == ends]
        pot = Pot(amount, ends, new, returns)
        self.pots.append(pot)
        return pot

    @rule(amount=st.integers(1, 40), life=st.sampled_from([None, 1, 2, 5, 11, 30, 90]))
    def grant(self, amount: int, life: int | None) -> None:
        ends = None if life is None else CLOCK.now() + dt.timedelta(days=life)
        ledger.grant(self.owner, amount, source="x", idempotency_key=next(self.keys), reason="x", expires_at=ends)
        self.learn_new_pot(amount, ends)

    @rule(job=st.sampled_from("abc"), amount=st.integers(0, 30))
    def spend(self, job: str, amount: int) -> None:
        name = f"{self.owner}-{job}"
        request = {"job": name, "project": "p", "idempotency_key": next(self.keys), "reason": "x"}
        if amount > self.balance():
            with pytest.raises(ledger.InsufficientCredits) as caught:
                ledger.spend(self.owner, amount, **request)
            assert caught.value.shortfall == amount - self.balance()
            return
        made = ledger.spend(self.owner, amount, **request)
        self.answers.append(({"amount": amount, **request}, made))
        self.charged[name] = self.charged.get(name, 0) + amount
        for pot in self.alive():
            part = min(amount, pot.left)
            if part:
                pot.left -= part
                amount -= part
                self.draws.setdefault(name, []).append((pot, part, CLOCK.now()))

    @precondition(lambda self: self.charged)
    @rule(data=st.data(), amount=st.one_of(st.none(), st.integers(0, 30)))
    def refund(self, data: st.DataObject, amount: int | None) -> None:
        name = data.draw(st.sampled_from(sorted(self.charged)))
        left = self.charged[name] - self.refunded.get(name, 0)
        request = {"job": name, "project": "p", "idempotency_key": next(self.keys), "reason": "x", "amount": amount}
        if amount is not None and amount > left:
            with pytest.raises(ledger.OverRefund):
                ledger.refund(self.owner, **request)
            return
        made = ledger.refund(self.owner, **request)
        returned = left if amount is None else amount
        assert made.amount == returned
        self.refunded[name] = self.refunded.get(name, 0) + returned
        ended: dict[tuple[float, int], int] = {}
        while returned:
            pot, drawn, at = self.draws[name].pop()
            part = min(returned, drawn)
            returned -= part
            if drawn > part:
                self.draws[name].append((pot, drawn - part, at))
            if pot.ends is None or pot.ends > CLOCK.now():
                pot.left += part
            else:
                days = 1.0 if pot.returns else min(30.0, max(7.0, (pot.ends - at) / dt.timedelta(days=1)))
                ended[days, min(pot.returns + 1, 2)] = ended.get((days, min(pot.returns + 1, 2)), 0) + part
        for (days, returns), part in ended.items():
            self.learn_new_pot(part, CLOCK.now() + dt.timedelta(days=days), returns)

    @rule(amount=st.integers(-20, 20).filter(bool))
    def adjust(self, amount: int) -> None:
        request = {"reason": "x", "actor": "ann", "idempotency_key": next(self.keys)}
        if -amount > self.balance():
            with pytest.raises(ledger.InsufficientCredits):
                ledger.adjust(self.owner, amount, **request)
        else:
            ledger.adjust(self.owner, amount, **request)
            if amount > 0:
                self.learn_new_pot(amount, None)
            for pot in self.alive() if amount < 0 else []:
                part = min(-amount, pot.left)
                pot.left -= part
                amount += part

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        request, answer = data.draw(st.sampled_from(self.answers))
        again = ledger.spend(self.owner, **request)  # type: ignore[arg-type]
        assert (again.id, again.balance_after, again.replayed) == (answer.id, answer.balance_after, True)

    @rule(days=st.floats(0.1, 12))
    def time_passes(self, days: float) -> None:
        CLOCK.advance(round(days * 86400))

    @rule()
    def sweep(self) -> None:
        ledger.expire_due(self.owner)

    @invariant()
    def both_agree(self) -> None:
        assert ledger.balance(self.owner) == self.balance()
        assert [(g.pk, g.remaining) for g in ledger.grants(self.owner)] == [
            (pot.place, pot.left) for pot in self.alive()
        ]
        for name, charged in self.charged.items():
            assert ledger.job_money(name) == ledger.JobMoney(charged, self.refunded.get(name, 0))

    def teardown(self) -> None:
        assert statement.verify(statement.export(self.owner)) == []


@pytest.mark.django_db
def test_whatever_is_done_the_ledger_agrees_with_the_model() -> None:
    with ports.use_clock(CLOCK):
        run_state_machine_as_test(
            Books,
            settings=settings(
                max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    for name, check in audit_books.CHECKS.items():
        assert [found for found in check() if isinstance(found, str)] == [], name
