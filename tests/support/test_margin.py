"""The margin page against sums of its own over the same rows, in SQL and plain arithmetic."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import ProviderCall
from elistit.credits import ledger, plans, prices
from elistit.ports import FixedClock, Kind
from elistit.runtime import engine
from elistit.support import margins
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock, credits=20)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


def call(world: World, project: object, key: str, micros: int) -> None:
    job = world.job(project)  # type: ignore[arg-type]
    ProviderCall.objects.create(key=key, job=job, provider="p", model="m", cost_micros=micros, sent_at=ports.now())


def sql(text: str, *params: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [tuple(row) for row in cursor.fetchall()]


def today() -> margins.Report:
    return margins.of(ports.now() - DAY, ports.now() + DAY)


def test_free_credits_bring_nothing_and_sold_ones_their_price(world: World) -> None:
    plans.start(world.user, "launch")  # 240 credits for $15, and they end first
    first = world.launch(key="a")
    call(world, first, "c1", 40_000)
    call(world, first, "c2", 2_500)
    report = today()
    (line,) = report.lines
    plan = next(plan for plan in prices.price_list().plans if plan.code == "launch")
    assert (line.product, line.charged, line.refunded, line.calls, line.cost) == ("clipart", PRICE, 0, 2, 42_500)
    assert line.income_micros == round(PRICE * plan.price_cents * 10_000 / plan.credits)
    assert report.total.margin_micros == line.income_micros - 42_500


def test_what_is_refunded_is_no_income_and_says_its_cause(world: World) -> None:
    world.fails("generating", 3, Kind.BLOCKED_PROMPT)
    world.to_gate()
    world.script.clear()
    ledger.grant(world.user.pk, 100, source="goodwill", idempotency_key="more", reason="More")
    world.fails("briefing", 0, Kind.REJECTED)
    world.launch(key="b")
    world.engine.run()
    report = today()
    ((refunded, rows),) = sql(
        "SELECT SUM(amount), COUNT(*) FROM credits_credittransaction WHERE type = 'REFUND_CREDIT' AND amount > 0"
    )
    assert report.total.refunded == refunded == 18 and report.total.charged == 2 * PRICE and report.total.income == 0
    assert sum(cause.credits for cause in report.causes) == refunded and sum(c.rows for c in report.causes) == rows
    assert [cause.credits for cause in report.causes] == [17, 1]
    assert "content filter" in report.causes[1].words and "invalid" in report.causes[0].words


def test_every_sum_is_the_sum_of_the_rows_and_the_period_is_half_open(world: World) -> None:
    plans.top_up(world.user, prices.price_list().top_ups[0].code, idempotency_key="pack")
    begins = ports.now()
    call(world, world.launch(key="a"), "before", 1_000)
    world.clock.advance(86_400)
    middle = ports.now()
    world.fails("generating", 5, Kind.BLOCKED_PROMPT)
    call(world, world.launch(key="b"), "inside", 3_000)
    world.engine.run()
    world.clock.advance(86_400)
    ends = ports.now()
    call(world, world.launch(key="c"), "after", 5_000)
    whole = margins.of(begins, ends + DAY)
    parts = [margins.of(begins, middle), margins.of(middle, ends), margins.of(ends, ends + DAY)]
    for name in ("charged", "refunded", "income", "calls", "cost"):
        assert sum(getattr(part.total, name) for part in parts) == getattr(whole.total, name), name
    ((spent,),) = sql("SELECT SUM(-amount) FROM credits_credittransaction WHERE type = 'SPEND_CREDIT'")
    ((cost, calls),) = sql("SELECT SUM(cost_micros), COUNT(*) FROM pipeline_providercall")
    assert (whole.total.charged, whole.total.cost, whole.total.calls) == (spent, cost, calls)
    pack = prices.price_list().top_ups[0]
    by_source = sql(
        "SELECT g.source, SUM(-e.amount) FROM credits_creditentry e JOIN credits_creditgrant g ON g.id = e.grant_id"
        " JOIN credits_credittransaction t ON t.id = e.transaction_id WHERE t.type IN ('SPEND_CREDIT', 'REFUND_CREDIT') GROUP BY g.source"
    )
    sold = dict(by_source).get(pack.code, 0)
    assert sold and whole.total.income_micros == round(sold * pack.price_cents * 10_000 / pack.credits)  # type: ignore[operator]


def test_a_refund_that_came_back_as_a_new_grant_takes_the_price_of_the_old(world: World) -> None:
    plans.start(world.user, "launch")
    plans.cancel(world.user)
    world.fails("briefing", 0, Kind.REJECTED)
    project = world.launch(key="a")
    world.clock.advance(40 * 86_400)
    ledger.expire_due()
    world.engine.run()
    assert ledger.job_money(world.job(project).pk).net == 0
    assert sql("SELECT COUNT(*) FROM credits_creditgrant WHERE source LIKE 'returned%%'") == [(1,)]
    report = margins.of(ports.now() - 60 * DAY, ports.now() + DAY)
    assert (report.total.charged, report.total.refunded, report.total.income) == (PRICE, PRICE, 0)


def test_the_page_and_its_csv_say_the_same_to_operators_alone(world: World) -> None:
    plans.start(world.user, "launch")
    call(world, world.launch(key="a"), "c", 42_500)
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    console, seller = Client(), Client()
    console.force_login(olga)
    seller.force_login(world.user)
    day = f"{ports.now():%Y-%m-%d}"
    address = f"/console/margin/?from={day}&to={day}"
    assert seller.get(address).status_code == seller.get("/console/margin.csv").status_code == 404
    page = console.get(address).content.decode()
    assert "$0.0425" in page and "$1.06" in page and "$1.02" in page
    answer = console.get(f"/console/margin.csv?from={day}&to={day}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["product"] for row in rows] == ["clipart", "total"]
    assert {(row["income_usd"], row["cost_usd"], row["margin_usd"]) for row in rows} == {
        ("1.062500", "0.042500", "1.020000")
    }
    for wrong in ("from=x", "from=2026-01-02&to=2026-01-01", "from=2020-01-01&to=2026-01-01"):
        assert console.get(f"/console/margin/?{wrong}").status_code == 422
        assert console.get(f"/console/margin.csv?{wrong}").status_code == 422
