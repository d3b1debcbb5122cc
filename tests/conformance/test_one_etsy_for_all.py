"""What all workers share of Etsy, on whichever database: one renewal of a shop's tokens, one row of moments to ask in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from elistit import ports
from elistit.accounts.models import User
from elistit.listings.etsy import budget
from elistit.listings.etsy.access import access_token
from elistit.listings.etsy.answers import Answer, Doing, Limits, Met
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyBudget, EtsyShop
from elistit.listings.tokens import Secret, decrypt
from elistit.ports import Failure

APP = "a" * 64
WORKERS = 4


@pytest.fixture
def shop(transactional_db: None, sandbox: Sandbox) -> EtsyShop:
    return connect_sandbox(User.objects.create_user("seller@example.com"), sandbox.url)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def at_once(work: Callable[[], None]) -> None:
    """The same work in several threads that begin together, each with a connection of its own."""
    together, broke = threading.Barrier(WORKERS), []

    def run() -> None:
        try:
            together.wait(10)
            work()
        except Exception as error:
            broke.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not broke, broke


def test_workers_that_need_a_new_token_at_once_renew_it_once(shop: EtsyShop, sandbox: Sandbox) -> None:
    EtsyShop.objects.update(expires_at=ports.now())
    got: list[Secret | Failure] = []
    at_once(lambda: got.append(access_token(EtsyShop.objects.get())))
    assert sandbox.state()["counts"]["refresh"] == 1
    shop.refresh_from_db()
    kept = decrypt(shop.access_token)
    assert got == [kept] * WORKERS
    assert (shop.refresh_lease, shop.disconnected_reason) == ("", "")
    assert {decrypt(shop.refresh_token).reveal()} == set(sandbox.world.refresh), "the one that still works was kept"


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_get_a_moment_each() -> None:
    began = time.time()
    turns: list[budget.Turn] = []
    at_once(lambda: turns.extend(budget.take(APP) for _ in range(6)))
    assert len(turns) == WORKERS * 6 and not any(t.held for t in turns)
    taken = EtsyBudget.objects.get().next_at / 1_000_000 - began
    assert taken >= len(turns) * 0.11, "as many moments were taken as were asked for"


@pytest.mark.django_db(transaction=True)
def test_a_pause_and_a_spent_day_reach_every_worker() -> None:
    first = budget.take(APP)
    budget.heard(APP, first, Answer(Doing.READ, Met.ANSWER, status=429, wait=86_400, limits=Limits(per_second=20)))
    turns: list[budget.Turn] = []
    at_once(lambda: turns.append(budget.take(APP)))
    assert all(t.held and t.day_is_spent and t.wait > 86_000 and t.per_second == 20 for t in turns)
