"""What stands beside a model before anything is spent: paused, in trouble, or how quick it has been; and how long an order takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt, ProviderPause
from elistit.projects.models import Job, Project
from elistit.projects.states import Stage
from elistit.studio import estimate

from .conftest import job_of

pytestmark = pytest.mark.django_db


def tried(job: Job, outcomes: str, seconds: float, ago: dt.timedelta = dt.timedelta(minutes=5)) -> None:
    """One try for each letter: m made, f failed."""
    start = ports.now() - ago
    for number, letter in enumerate(outcomes, 1):
        Attempt.objects.create(
            job=job, stage=Stage.GENERATING, item=number, started_at=start, ended_at=start + dt.timedelta(seconds=seconds),
            outcome="made" if letter == "m" else "transient",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "seconds", "words"),
    [
        ("mmm", 3.2, "About 3 seconds per image lately."), ("mmmf", 0.4, "About a second per image lately."),
    ],
)  # fmt: skip
def test_the_form_says_how_a_model_does(
    page: Client, alice: User, make: Callable[..., Project], outcomes: str, seconds: float, words: str
) -> None:
    tried(job_of(make(alice)), outcomes, seconds)
    assert words in page.get("/new/").content.decode()


def test_too_little_or_too_old_history_says_nothing(page: Client, alice: User, make: Callable[..., Project]) -> None:
    job = job_of(make(alice))
    tried(job, "mm", 3)
    Attempt.objects.filter(job=job).update(number=9)
    tried(job, "mmm", 3, ago=dt.timedelta(days=2))
    shown = page.get("/new/").content.decode()
    assert "per image lately" not in shown and "Not working right now" not in shown


def test_a_paused_model_says_why_and_cannot_be_chosen(page: Client) -> None:
    ProviderPause.objects.create(provider="builtin", reason="The studio’s account needs attention.")
    shown = page.get("/new/").content.decode()
    assert "Not working right now: The studio’s account needs attention." in shown
    assert 'value="builtin/watercolor" checked disabled' in shown


def test_how_long_an_order_takes_is_told_from_history_or_not_at_all(
    page: Client, alice: User, make: Callable[..., Project], clock: ports.FixedClock
) -> None:
    assert "Usually" not in page.get("/new/").content.decode()
    job = job_of(make(alice))
    Job.objects.filter(pk=job.pk).update(gate_reached_at=job.created_at + dt.timedelta(seconds=150))
    words = "Usually ready to review in about 3 minutes, based on the last one here."
    assert words in page.get("/new/").content.decode()
    assert estimate.expected("clipart", "builtin/watercolor", 30).startswith(
        "Usually ready to review in about 5 minutes"
    )
    assert estimate.expected("poster", "builtin/watercolor", 1) == ""
