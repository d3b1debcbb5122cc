"""Who paid for the free sample is read from the rows (rules §7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from elistit import ports
from elistit.credits import ledger, plans, samples

pytestmark = pytest.mark.django_db
Key = Callable[[], str]


def sample(owner: int, credits: int = 17, project: str = "P1") -> None:
    ends = ports.now() + dt.timedelta(days=30)
    ledger.grant(owner, credits, source="sample", idempotency_key="sample", reason="Sample", expires_at=ends)
    ledger.spend(owner, credits, job="J1", project=project, idempotency_key="launch", reason="Launch")


def test_a_sample_that_cost_no_more_than_was_given_costs_nothing(owner: int) -> None:
    plans.start_trial(owner)
    sample(owner)
    assert samples.words(owner, "P1", 17) == "They came with the free sample: it costs you nothing."
    assert [(g.source, g.remaining) for g in ledger.grants(owner)] == [("trial", 30)], "the trial stays whole"


def test_a_paid_remake_of_the_sample_is_the_sellers_own(owner: int) -> None:
    plans.start_trial(owner)
    sample(owner)
    ledger.spend(owner, 1, job="J1", project="P1", item=3, idempotency_key="remake", reason="Remake")
    assert ledger.balance(owner) == 29
    assert samples.words(owner, "P1", 18) == ("17 of them came with the free sample; 1 came from your own credits.")
    assert samples.split(owner, "P1", 18) == (17, 1)


def test_what_came_back_of_the_sample_pays_for_its_remake(owner: int) -> None:
    plans.start_trial(owner)
    sample(owner)
    ledger.refund(owner, job="J1", project="P1", item=3, amount=1, idempotency_key="lost", reason="Lost")
    ledger.spend(owner, 1, job="J1", project="P1", item=3, idempotency_key="remake", reason="Remake")
    assert samples.words(owner, "P1", 17).endswith("it costs you nothing.")
    assert ledger.balance(owner) == 30


def test_nothing_is_said_of_other_projects_or_without_a_sample(owner: int) -> None:
    plans.start_trial(owner)
    assert samples.words(owner, "P1", 5) == ""
    sample(owner)
    ledger.spend(owner, 5, job="J2", project="P2", idempotency_key="other", reason="Launch")
    assert samples.words(owner, "P2", 5) == "" and samples.words(owner, "P1", 0) == ""
