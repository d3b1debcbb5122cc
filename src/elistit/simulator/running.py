"""Running histories: a fresh world for each in memory, judged when it has come to rest, made smaller when a promise broke.

Needs Django set up on an in-memory SQLite database (`prepare` does that for the command line).
"""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from elistit import config, fresh_tables, handover
from elistit.simulator.choices import Choices

SHRINK_ATTEMPTS = 400


@dataclass
class Result:
    """What came of a history. `violations` is empty when every promise held."""

    seed: int
    projects: int
    steps: int
    choices: list[int]
    violations: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    calls: int = 0
    statements: int = 0
    memory: bool = False
    profile: str = "usual"
    ends: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


_template: bytes = b""


def prepare(tables: bool = True) -> None:
    """Set Django up on a database in memory and make its tables once; histories that are lived in memory alone need none.
    Idempotent; for a process that does nothing else."""
    global _template
    if _template:
        return
    config.change({"DATABASE_URL": "sqlite:///:memory:", "ELISTIT_FAULTS": None})
    handover.preset("DJANGO_SETTINGS_MODULE", "elistit.settings")

    if not apps.ready:
        django.setup()

    logging.disable(logging.CRITICAL)
    if not tables:
        return
    connection.ensure_connection()
    fresh_tables.fill(connection.connection)
    call_command("migrate", verbosity=0)
    raw = connection.connection
    raw.execute("PRAGMA synchronous=OFF")
    _template = raw.serialize()


@contextlib.contextmanager
def world() -> Iterator[None]:
    """A database as it was after its tables were made."""

    connection.ensure_connection()
    if connection.vendor == "sqlite" and _template:
        connection.connection.deserialize(_template)
        connection.connection.execute("PRAGMA synchronous=OFF")
        connection.connection.execute("PRAGMA foreign_keys=ON")
    yield


def history(
    seed: int, given: list[int] | None = None, only: tuple[str, int] | None = None, point: tuple[int, str] = (0, ""),
    kill_at: int = 0, memory: bool = False, faults: str = "usual",
    look: Callable[[], object] = lambda: None,
) -> Result:  # fmt: skip
    """Live one history and judge it. The same seed (or decisions) gives the same result, to the last word.

    `memory`: on tables in memory, not on the database; `faults`: a profile's name; `look` is called before the world is gone.
    `point`: the n-th call outside ends so; `kill_at`: the worker dies at its n-th statement.
    """
    from elistit.projects.models import Project
    from elistit.simulator import checkers
    from elistit.simulator.outside import Point
    from elistit.simulator.profiles import PROFILES
    from elistit.simulator.town import Endless, Town

    choices = Choices(seed, given)
    with in_memory() if memory else world():
        town = Town(choices, only=only, point=Point(*point), kill_at=kill_at, profile=PROFILES[faults])
        town.chance.seed(seed)
        broken: list[str] = []
        try:
            town.live()
        except Endless as endless:
            broken.append(f"every job comes to an end: {endless}")
        except Exception as fault:  # a fault of the product's own code is a broken promise too
            broken.append(f"the program does not break: {type(fault).__name__}: {fault}")
        broken += checkers.violations(town)
        look()
        calls, statements = town.outside.point.calls, town.machine.statements
        return Result(
            seed, len(town.projects), len(town.machine.ran), choices.made, broken, town.told, calls, statements, memory, faults,
            Counter(Project.objects.order_by("pk").values_list("stage", flat=True)), town.outside.faults,
        )  # fmt: skip


@contextlib.contextmanager
def in_memory() -> Iterator[None]:
    """Tables in memory behind the models, empty: those that are there, or new ones for the block."""
    from elistit.simulator.memory import world as behind

    store = behind.active()
    if store is not None:
        store.clear()
        yield
        return
    with behind.behind_the_models():
        yield


def staying_in_memory() -> contextlib.AbstractContextManager[object]:
    """For the block the tables in memory stay where they are, so that many histories put them there once."""
    from elistit.simulator.memory import world as behind

    return behind.behind_the_models()


def smaller(result: Result) -> Result:
    """The same kind of violation in a calmer history: decisions are made calm, many at a time, as long as it still breaks."""
    wanted = {v.partition(":")[0] for v in result.violations}
    best, attempts = result, 0
    size = max(1, len(best.choices) // 2)
    while size >= 1 and attempts < SHRINK_ATTEMPTS:
        at = 0
        while at < len(best.choices) and attempts < SHRINK_ATTEMPTS:
            piece = best.choices[at : at + size]
            if any(piece):
                attempts += 1
                decisions = [*best.choices[:at], *[0] * len(piece), *best.choices[at + size :]]
                calmer = history(result.seed, decisions, memory=result.memory, faults=result.profile)
                if wanted & {v.partition(":")[0] for v in calmer.violations}:
                    best = calmer
            at += size
        size //= 2
    return best
