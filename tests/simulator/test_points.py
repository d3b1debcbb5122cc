"""Every single point, a slice of it: a process that dies between any two statements, before or after any commit, and a call
that ends in any way, on both databases. All of them: `python bench/points.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.simulator.test_simulator import run, simulate

JUDGE = "from elistit.simulator import planted, points\n"
NOTED = """
from elistit.simulator.deaths import Deaths
seen, real = [], Deaths._point
def noted(self, where, sql=""):
    seen.append(where + (" " + sql.split()[0] if sql else ""))
    real(self, where, sql)
Deaths._point = noted
"""


@pytest.mark.parametrize(
    ("product", "database", "step"),
    [
        ("sticker", "sqlite", 97),
        ("poster", "sqlite", 83),
        ("custom", "sqlite", 83),
        ("sticker", "postgresql", 211),
        ("pattern", "postgresql", 300),
    ],
)
def test_wherever_a_process_dies_and_however_a_call_ends_every_promise_holds(
    product: str, database: str, step: int, request: pytest.FixtureRequest
) -> None:
    where = ["--database", request.getfixturevalue("postgresql_url")] if database == "postgresql" else []
    done = simulate("--every-point", "--product", product, "--step", str(step), "--jobs", "1", "--json", *where)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-4000:]
    found = json.loads(done.stdout)
    assert found["violations"] == []
    assert found["by_product"][product] == found["points"] >= 7


def test_points_lie_around_every_statement_and_commit_and_a_walk_does_everything_a_person_may() -> None:
    body = (
        JUDGE
        + NOTED
        + (
            "walked = points.walk(points.Point('sticker'))\n"
            "print(json.dumps([seen, walked.passed, walked.told, walked.violations]))"
        )
    )
    seen, passed, told, violations = run(body)
    assert violations == [] and passed == len(seen)
    before, after = seen.count("before the commit"), seen.count("after the commit, before anyone was notified")
    assert before == after == seen.count("before BEGIN") > 30
    assert {"before INSERT", "before UPDATE", "before SELECT", "after UPDATE"} <= set(seen)
    for act in ("launch", "drop item 4", "keep item 4", "remake item 1", "remake item 2", "approve", "write the listing again",
                "skip the draft", "retry the draft", "delete"):  # fmt: skip
        assert any(line.endswith(f"a seller’s “{act}”") for line in told), act


def test_a_refund_outside_its_transaction_is_found_by_the_death_in_between() -> None:
    body = (
        JUDGE
        + NOTED
        + (
            "with planted.BUGS['refund-after-commit'].plant():\n"
            "    calm = points.walk(points.Point('wall_art', 'failed'))\n"
            "    ends = [n for n, where in enumerate(seen, 1) if where.startswith('after the commit')]\n"
            "    walks = (points.walk(points.Point('wall_art', 'failed', dies=n)) for n in reversed(ends))\n"
            "    broken = next(w for w in walks if w.violations)\n"
            "print(json.dumps([calm.violations, broken.violations, broken.books != calm.books]))"
        )
    )
    calm, broken, changed = run(body)
    assert calm == [], "when nothing dies the bug is not to be seen"
    assert changed and any("given back 0 when it failed" in words for words in broken), broken


def test_a_copy_of_the_process_walks_on_as_a_walk_of_its_own_would_have_done() -> None:
    """Every point is counted, and at every 20th, the last one among them, a copy is made."""
    body = (
        JUDGE
        + "from elistit.simulator.branches import Branches\n"
        + "there = []\n"
        + "class Noted(Branches):\n"
        + "    def __call__(self, point):\n"
        + "        there.append(bool(point.dies))\n"
        + "        return super().__call__(point)\n"
        + "calm = points.walk(points.Point('wall_art', 'deleted'))\n"
        + "every = Noted(10**9)\n"
        + "points.walk(points.Point('wall_art', 'deleted'), every)\n"
        + "deaths = sum(there)\n"
        + "branches = Branches(20, every.number % 20)\n"
        + "points.walk(points.Point('wall_art', 'deleted'), branches)\n"
        + "alone = [points.walk(point) for point, _ in branches.found]\n"
        + "same = [a.told == t.told and a.books == t.books for a, (_, t) in zip(alone, branches.found)]\n"
        + "print(json.dumps([same, [every.number, branches.number], len(there), deaths, calm.passed]))"
    )
    same, counted, found, deaths, passed = run(body)
    assert len(same) >= 7 and all(same)
    assert counted == [found, found] and found > deaths == passed


def test_on_postgresql_a_copy_walks_on_in_a_copy_of_the_database_as_a_walk_of_its_own_would_have_done(
    postgresql_url: str,
) -> None:
    """And leaves nothing behind on the server."""
    program = (
        "import json\nfrom elistit.simulator import databases\n"
        f"with databases.database({postgresql_url!r}):\n"
        "    from elistit.simulator import points\n"
        "    some = [(p, w) for p, w in points.every_point('wall_art', 47) if p.way == 'deleted' and (p.dies or p.call)]\n"
        "    alone = [points.walk(p) for p, _ in some]\n"
        "    print(json.dumps([[a.told == w.told, a.books == w.books, w.violations] for a, (_, w) in zip(alone, some)]))\n"
        f"import psycopg\nserver = psycopg.connect({postgresql_url!r})\n"
        "print(json.dumps([n for n, in server.execute('SELECT datname FROM pg_database')]))"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=env, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    walks, left = map(json.loads, done.stdout.splitlines())
    assert len(walks) >= 2 and all(walk == [True, True, []] for walk in walks)
    assert not [name for name in left if name.startswith("elistit_points_")]
