"""One seller's heavy work leaves at least half of the machine's slots to others: measured with real subprocesses (rules §4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from elistit.runtime.cpu import Cpu
from elistit.runtime.fair_slots import AtOnce, FairSlots

HEAVY, LIGHT = 0.6, 0.2


@pytest.fixture
def cpu() -> Iterator[Cpu]:
    pool = Cpu(2)
    for _ in range(2):
        pool.run(time.sleep, 0)
    yield pool
    pool.close()


def at_work(count: int, work: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_a_flood_of_one_seller_leaves_half_to_another(cpu: Cpu) -> None:
    """14 heavy pieces wait in 14 threads; another seller comes with 6 light ones, one after another."""
    done = []

    def heavy() -> None:
        with cpu.working_for(1):
            cpu.run(time.sleep, HEAVY)
            done.append(1)

    flood = at_work(14, heavy)
    time.sleep(0.1)
    for _ in range(6):
        with cpu.working_for(2):
            cpu.run(time.sleep, LIGHT)
    finished_meanwhile = len(done)
    for thread in flood:
        thread.join()
    # First it waits for a piece that runs, then it has one of two slots whenever it wants it. In the order they came it would
    # have waited for all 14 pieces. Counted in pieces, not in seconds, so that a busy machine may take its time.
    assert finished_meanwhile <= 11, "it was served long before the flood was"
    assert finished_meanwhile >= 1, "the other half went on"


def test_nobody_waits_while_a_slot_is_free(cpu: Cpu) -> None:
    began, each = time.monotonic(), 1.5

    def heavy() -> None:
        with cpu.working_for(1):
            cpu.run(time.sleep, each)

    for thread in at_work(4, heavy):
        thread.join()
    # Two at a time take twice as long as one, one at a time four times; the rest is a busy machine's.
    assert time.monotonic() - began < 3.5 * each


def order(slots: FairSlots, wanted: list[str]) -> list[str]:
    """Who gets the one slot in which order, when all wait for it at once."""
    got: list[str] = []
    gate = threading.Event()

    def first() -> None:
        with slots.turn("nobody"):
            gate.wait(60)

    def take(owner: str) -> None:
        with slots.turn(owner):
            got.append(owner)
            time.sleep(0.02)

    holder = threading.Thread(target=first)
    holder.start()
    time.sleep(0.05)
    threads = []
    for owner in wanted:
        thread = threading.Thread(target=take, args=[owner])
        thread.start()
        threads.append(thread)
        time.sleep(0.02)
    gate.set()
    for thread in [holder, *threads]:
        thread.join()
    return got


def test_with_one_slot_sellers_take_turns_by_the_time_they_used() -> None:
    got = order(FairSlots(1), ["a"] * 8 + ["b"] * 2 + ["c"])
    assert got.index("b") <= 1 and got.index("c") <= 3
    assert set(got[:3]) >= {"a", "b"}


def test_an_error_gives_the_slot_back() -> None:
    slots = FairSlots(1)
    with pytest.raises(ValueError, match="no"), slots.turn("a"):
        raise ValueError("no")
    with slots.turn("b"):
        pass


def test_more_uploads_of_one_seller_than_places_are_refused_and_others_are_not() -> None:
    intake = AtOnce(2)
    with intake.place("a") as one, intake.place("a") as two, intake.place("a") as three, intake.place("b") as other:
        assert (one, two, three, other) == (True, True, False, True)
    with intake.place("a") as again:
        assert again
