"""The simulator: the same seed is the same history, every planted bug is seen, and the real rules hold. Each part runs as
users run it, in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import json, sys
from elistit.simulator import running
running.prepare()
{body}
"""


def run(body: str) -> Any:
    """What a program on the simulator prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(body=body)], capture_output=True, text=True, timeout=280, check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_a_seed_is_a_history_to_the_last_word_and_its_decisions_are_the_same_history() -> None:
    body = (
        "a, b = running.history(5), running.history(5)\nc = running.history(5, a.choices)\n"
        "print(json.dumps([a.told == b.told, a.told == c.told, len(a.told), a.violations, running.history(6).told != a.told]))"
    )
    same, replayed, length, violations, other = run(body)
    assert same and replayed and other and length > 20 and violations == []


def test_the_real_rules_hold_over_many_histories() -> None:
    body = (
        "rs = [running.history(s) for s in range(5000, 5060)]\n"
        "print(json.dumps([sum(r.projects for r in rs), [v for r in rs for v in r.violations],"
        " sum('dies' in t for r in rs for t in r.told), sum('loses' in t for r in rs for t in r.told)]))"
    )
    projects, violations, deaths, losses = run(body)
    assert violations == [] and projects > 60
    assert deaths > 20 and losses > 5, "and those histories were bad days"


def test_every_planted_bug_is_found() -> None:
    body = (
        "from elistit.simulator import planted\nfound = {}\n"
        "for name, bug in planted.BUGS.items():\n"
        "    with bug.plant():\n"
        "        for seed in range(300):\n"
        "            r = running.history(seed)\n"
        "            if r.violations:\n"
        "                found[name] = r.violations[0]; break\n"
        "        else:\n"
        "            found[name] = ''\n"
        "print(json.dumps(found))"
    )
    found = run(body)
    assert len(found) >= 12
    assert [name for name, words in found.items() if not words] == []


def test_a_failing_history_is_made_smaller_and_still_fails() -> None:
    body = (
        "from elistit.simulator import planted\n"
        "with planted.BUGS['rejected-again'].plant():\n"
        "    r = next(r for r in (running.history(s) for s in range(99)) if r.violations)\n"
        "    s = running.smaller(r)\n"
        "print(json.dumps([sum(map(bool, r.choices)), sum(map(bool, s.choices)), s.violations]))"
    )
    before, after, violations = run(body)
    assert after < before and "rejected" in violations[0]


@pytest.mark.parametrize("product", ["sticker", "poster"])
def test_killed_at_any_statement_and_failed_at_any_call_every_promise_holds(product: str) -> None:
    body = (
        f"rs = list(running.every_point({product!r}, step=9))\n"
        "print(json.dumps([len(rs), [(w, r.violations) for w, r in rs if r.violations], rs[0][1].statements]))"
    )
    points, broken, statements = run(body)
    assert broken == [] and statements > 60 and points > 20


def simulate(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "elistit.cli", "simulate", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


def test_the_command_says_what_it_did_and_what_broke() -> None:
    good = json.loads(simulate("--projects", "5", "--jobs", "1", "--json").stdout)
    assert good["violations"] == [] and good["projects"] >= 5
    listed = simulate("--planted", "list").stdout
    assert "refund-forgotten" in listed
    bad = simulate("--planted", "rejected-again", "--jobs", "1")
    assert bad.returncode == 1 and "A promise broke" in bad.stdout and "Again: elistit simulate" in bad.stdout
    for wrong in (["--planted", "nothing"], ["--product", "house"], ["--product", "poster"], ["--projects", "0"]):
        refused = simulate(*wrong)
        assert refused.returncode == 2 and len(refused.stderr.strip().splitlines()) == 1, refused.stderr
