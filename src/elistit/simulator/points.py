"""Every single point: one walk of each product type for each point at which a process can die and each way a call can end.

On SQLite in memory or on a PostgreSQL database of its own, made beside the one that was named and dropped afterwards. After
each walk the checkers, the auditor and, after a death, the undisturbed walk itself are the judges: a death may change
neither the books nor what became of the project.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from elistit.simulator import running
from elistit.simulator.branches import Branches

WAYS = ("whole", "failed", "deleted")
PRODUCTS = ("clipart", "sticker", "wall_art", "poster", "svg", "greeting_card", "custom")
# How a call can end badly. Only a provider's call can be blocked or its answer lost.
WORK_ENDS = ("transient", "throttled", "rejected", "killed_after")
PROVIDER_ENDS = (
    "transient", "throttled", "throttled_long", "blocked_prompt", "blocked_output", "rejected", "operator", "unknown_made",
    "unknown_lost", "killed_after",
)  # fmt: skip
VACUUM_EVERY = 300


@dataclass(frozen=True)
class Point:
    """Where one walk goes wrong: at the point numbered `dies`, or with the call numbered `call` ending so. Neither: nowhere."""

    product: str
    way: str = "whole"
    dies: int = 0
    call: int = 0
    end: str = ""

    def __str__(self) -> str:
        what = f"a process dies at point {self.dies}" if self.dies else f"call {self.call} ends {self.end}"
        return f"{self.product}, {self.way}: {what if self.dies or self.call else 'nothing goes wrong'}"


@dataclass
class Walked:
    """What came of a walk. `books` is what a death may not change; `passed` and `asked` the points and calls there were."""

    violations: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    books: Any = None
    passed: int = 0
    asked: list[str] = field(default_factory=list)


def walk(point: Point, branches: Branches | None = None) -> Walked:
    """Walk once in an empty world and judge it. Needs `database` around it. With `branches`, at every point of the walk a copy
    of this process takes the turn of that point and is judged as well."""
    from elistit.simulator.walk import Walk

    with _world():
        town = Walk(point.product, point.way, point.dies, (point.call, point.end))
        town.chance.seed(0)
        if branches is not None:
            _branch(town, point, branches)
        broken: list[str] = []
        try:
            town.go()
        except Exception as fault:
            broken.append(f"the program does not break: {type(fault).__name__}: {fault}")
        walked = Walked(broken, town.told, town.books, town.deaths.seen, town.script.asked)
        if branches is not None:
            branches.end(lambda: _with(walked, _judged(town)))
        return _with(walked, _judged(town))


def _with(walked: Walked, words: Iterator[str]) -> Walked:
    walked.violations += words
    return walked


def _branch(town: Any, point: Point, branches: Branches) -> None:
    def called(number: int, stage: str) -> str:
        ends = _ends(point.product, stage)
        return next((e for e in ends if branches(Point(point.product, point.way, call=number, end=e))), "")

    town.deaths.here = lambda number: branches(Point(point.product, point.way, dies=number))
    town.script.elsewhere = called


def _judged(town: Any) -> Iterator[str]:
    from elistit import ports
    from elistit.credits import audit
    from elistit.simulator import checkers

    yield from checkers.violations(town)
    with ports.use_clock(town.clock):
        for check in audit.run()["checks"]:
            for words in check["violations"]:
                yield f"the auditor, {check['name']}: {words}"


def every_point(product: str, step: int = 1, first: int = 1) -> Iterator[tuple[Point, Walked]]:
    """The points of a product, each with what came of it; the undisturbed walks come first. `step` takes every so-manieth
    from the `first`, counted over all of them. Where the world is in this process's own memory, all of them branch off the
    one undisturbed walk; elsewhere each is walked from its beginning."""
    number = 0
    for way in WAYS:
        calm = walk(Point(product, way))
        yield Point(product, way), calm
        if _in_memory():
            branches = Branches(step, first, number)
            walk(Point(product, way), branches)
            number, walks = branches.number, iter(branches.found)
        else:
            points = [*_deaths(product, way, calm), *_calls(product, way, calm)]
            walks = ((p, walk(p)) for n, p in enumerate(points, number + 1) if (n - first) % step == 0)
            number += len(points)
        for point, told in walks:
            walked = told or Walked([f"the walk comes to its end: {point}"])
            if point.dies and walked.books != calm.books:
                walked.violations.append(f"a death changes nothing: {_difference(calm.books, walked.books)}")
            yield point, walked


def _in_memory() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite" and hasattr(os, "fork")


def _deaths(product: str, way: str, calm: Walked) -> Iterator[Point]:
    for n in range(1, calm.passed + 1):
        yield Point(product, way, dies=n)


def _calls(product: str, way: str, calm: Walked) -> Iterator[Point]:
    for n, stage in enumerate(calm.asked, 1):
        for end in _ends(product, stage):
            yield Point(product, way, call=n, end=end)


def _ends(product: str, stage: str) -> tuple[str, ...]:
    return PROVIDER_ENDS if stage == "generating" and product != "custom" else WORK_ENDS


def _difference(calm: Any, other: Any) -> str:
    if other is None:
        return "the walk did not come to its end"
    return "; ".join(f"{was} became {now}" for was, now in zip(calm, other, strict=True) if was != now)


# ---- the databases ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def database(url: str = "") -> Iterator[None]:
    """The world's database for this process, which must not have set Django up: SQLite in memory, or a new database on the
    PostgreSQL server of `url`, dropped afterwards. The database named in `url` itself is not touched."""
    if not url:
        running.prepare()
        yield
        return
    import psycopg

    name = f"elistit_points_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        _prepare_postgresql(urlunsplit(urlsplit(url)._replace(path=f"/{name}")))
        yield
    finally:
        from django.db import connection

        with contextlib.suppress(Exception):
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


_tables: list[str] = []
_worlds = 0


def _prepare_postgresql(url: str) -> None:
    import logging

    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
    os.environ.pop("ELISTIT_FAULTS", None)
    # Nothing here has to outlive the machine, and waiting for its disk would be most of the time.
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if not cursor.fetchone()[0]:
                _tables.append(table)


@contextlib.contextmanager
def _world() -> Iterator[None]:
    from django.db import connection

    if connection.vendor != "postgresql":
        with running.world():
            yield
        return
    global _worlds
    _worlds += 1
    with connection.cursor() as cursor:
        # The books refuse to forget; only this database of our own may.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in _tables))
        cursor.execute("SET session_replication_role = DEFAULT")
        if _worlds % VACUUM_EVERY == 0:
            cursor.execute("VACUUM")
    yield
