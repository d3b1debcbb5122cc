"""Daily limits of a seller: by setting and by person, at the quote and at the charge, on pages and in the API; also when two race."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from elistit import ports
from elistit.accounts.limit_models import SellerLimit
from elistit.accounts.models import ApiKey
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction, Quote
from elistit.maintenance import requested_launches
from elistit.ports import FixedClock
from elistit.projects import daily_limits
from elistit.projects.errors import DailyLimit
from elistit.projects.models import Project
from elistit.projects.request_models import AcceptedRequest
from elistit.runtime import engine
from elistit.support.models import OperatorAct
from tests.api.conftest import Caller, problem
from tests.api.test_batches import a_list
from tests.api.test_key_limits import ORDER
from tests.conformance.conftest import PRICE, World
from tests.support.conftest import REASON, an_operator

pytestmark = pytest.mark.django_db
CREDITS, PROJECTS = "ELISTIT_SELLER_CREDITS_PER_DAY", "ELISTIT_SELLER_PROJECTS_PER_DAY"


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock, credits=100)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def api(world: World) -> Caller:
    return Caller(world.user)


def launch(api: Caller, key: str) -> object:
    return api.post("/projects", ORDER, Idempotency_Key=key)


def spends() -> int:
    return CreditTransaction.objects.filter(type="SPEND_CREDIT").count()


def test_without_a_limit_nothing_is_asked(api: Caller, world: World) -> None:
    assert daily_limits.limits(world.user.pk) == daily_limits.Limits(None, None)
    assert daily_limits.problem(world.user.pk, 1_000_000, 1_000) == ""


def test_credits_a_day_are_refused_at_the_quote_and_at_the_launch(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CREDITS, str(2 * PRICE - 1))
    assert launch(api, "a").status_code == 201  # type: ignore[attr-defined]
    words = f"This costs {PRICE} credits, and you can spend {PRICE - 1} more credits today"
    for refused in (api.post("/quotes", ORDER), launch(api, "b")):
        assert words in problem(refused, "daily-limit", 403)["detail"]
    assert (spends(), ledger.balance(world.user.pk)) == (1, 100 - PRICE)
    assert not AcceptedRequest.objects.filter(key="b").exists() and Project.objects.count() == 1
    # What was accepted is answered again.
    assert launch(api, "a").status_code == 201  # type: ignore[attr-defined]
    world.clock.advance(dt.timedelta(days=1).total_seconds())
    assert launch(api, "b").status_code == 201  # type: ignore[attr-defined]


def test_a_quote_taken_before_the_limit_was_reached_is_refused_at_the_launch(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROJECTS, "1")
    quote = api.post("/quotes", ORDER).json()["id"]
    assert launch(api, "a").status_code == 201  # type: ignore[attr-defined]
    answer = api.post("/projects", {**ORDER, "quote_id": quote}, Idempotency_Key="b")
    detail = problem(answer, "daily-limit", 403)["detail"]
    assert "You can launch no more projects today: the limit is 1 a day" in detail and "not charged" in detail
    assert (spends(), Project.objects.count()) == (1, 1) and Quote.objects.filter(pk=quote).exists()


def test_a_batch_is_launched_whole_or_not_at_all(api: Caller, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROJECTS, "2")
    three = a_list()
    assert len(three["rows"]) == 3
    batch = api.post("/batches", three, Idempotency_Key="c").json()["id"]
    requested_launches.launch_due()
    assert api.get(f"/batches/{batch}").json()["launch"]["problem"] == "daily-limit"
    assert (spends(), Project.objects.count(), ledger.balance(world.user.pk)) == (0, 0, 100)
    two = {**three, "rows": three["rows"][:2]}
    assert api.post("/batches", two, Idempotency_Key="d").status_code == 201
    requested_launches.launch_due()
    assert Project.objects.count() == 2


def test_a_person_s_own_limit_counts_more_than_the_setting(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROJECTS, "1")
    SellerLimit.objects.create(person=world.user, projects=2)
    assert [launch(api, key).status_code for key in "abc"] == [201, 201, 403]  # type: ignore[attr-defined]
    SellerLimit.objects.update(projects=0)
    assert daily_limits.limits(world.user.pk).projects == 0, "0 of a person's own is none at all"
    assert launch(api, "d").status_code == 403  # type: ignore[attr-defined]


def test_the_form_says_it_beside_the_price(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CREDITS, "1")
    page = Client()
    page.force_login(world.user)
    order = {"product": "clipart", "idea": "a red fox", "count": "15", "model": "builtin/watercolor"}
    shown = page.post("/new/price/", order).content.decode()
    assert "the limit is 1 a day" in shown
    assert spends() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_limit_lets_one_through(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CREDITS, str(PRICE))
    secret = ApiKey.issue(world.user, "racing")
    start, answers = threading.Barrier(2), []

    def run(key: str) -> None:
        try:
            client = Client()
            start.wait()
            answers.append(
                client.post(
                    "/api/v1/projects", ORDER, content_type="application/json",
                    headers={"authorization": f"Bearer {secret}", "idempotency-key": key},
                ).status_code
            )  # fmt: skip
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(key,)) for key in ("x", "y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [201, 403]
    assert (spends(), Project.objects.count(), ledger.balance(world.user.pk)) == (1, 1, 100 - PRICE)


def test_an_operator_sets_them_with_a_reason_that_is_recorded(world: World) -> None:
    olga = an_operator("olga@example.com")
    console = Client()
    console.force_login(olga)
    here = f"/console/people/{world.user.pk}/"
    assert "of any number today" in console.get(here).content.decode()
    form = {"credits": "40", "projects": "", "reason": REASON, "key": ports.new_id()}
    for _ in range(2):
        console.post(f"{here}limits/", form)
    assert (SellerLimit.objects.get().credits, SellerLimit.objects.get().projects) == (40, None)
    act = OperatorAct.objects.get()
    assert (act.act, act.actor, act.person, act.reason, act.detail) == (
        "set_limits", olga, world.user, REASON, {"credits": 40, "projects": None},
    )  # fmt: skip
    assert "of 40 today" in console.get(here).content.decode()
    for wrong in ({"credits": "-1"}, {"credits": "many"}, {"reason": "short"}):
        console.post(f"{here}limits/", {**form, "key": ports.new_id(), **wrong})
    assert OperatorAct.objects.count() == 1 and SellerLimit.objects.get().credits == 40
    with pytest.raises(DailyLimit):
        daily_limits.check(world.user.pk, 41)
