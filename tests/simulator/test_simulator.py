"""The simulator: the same seed is the same history, in memory and on SQLite alike, every planted bug is seen, and the real rules
hold. Each part runs as users run it, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

PROGRAM = """
import json, sys
from elistit.simulator import running
running.prepare({tables})
{body}
"""


def run(body: str, tables: bool = True) -> Any:
    """What a program on the simulator prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(body=body, tables=tables)], capture_output=True, text=True, timeout=280, check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def in_memory(body: str) -> Any:
    """The same on tables in memory; `history` lives one."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    start = "from functools import partial\nhistory = partial(running.history, memory=True)\n"
    return run(f"{start}with running.staying_in_memory():\n{indented}", tables=False)


def test_a_seed_is_a_history_to_the_last_word_and_its_decisions_are_the_same_history() -> None:
    body = (
        "seed = next(s for s in range(99) if len(history(s).told) > 20)\n"
        "a, b = history(seed), history(seed)\nc = history(seed, a.choices)\nother = history(seed + 1)\n"
        "print(json.dumps([a.told == b.told, a.told == c.told, len(a.told), a.violations, other.told != a.told]))"
    )
    same, replayed, length, violations, other = in_memory(body)
    assert same and replayed and other and length > 20 and violations == []


def test_both_worlds_live_the_same_history_to_the_last_row() -> None:
    body = (
        "from elistit.simulator import worlds\nfrom elistit.simulator.profiles import PROFILES\nfound, told = [], 0\n"
        "for n, profile in enumerate(list(PROFILES) * 5):\n"
        "    result, differences = worlds.compared(9000 + n, profile)\n"
        "    found += [(n, profile, d) for d in differences]; told += result.statements\n"
        "print(json.dumps([found, told]))"
    )
    differences, statements = run(body)
    assert differences == [] and statements > 3000


def test_the_real_rules_hold_over_many_histories_of_every_kind_of_day() -> None:
    body = (
        "from elistit.simulator.profiles import PROFILES\n"
        "rs = [history(5000 + s, faults=p) for p in PROFILES for s in range(60)]\n"
        "print(json.dumps([sum(r.projects for r in rs), [v for r in rs for v in r.violations],"
        " {w: sum(w in t for r in rs for t in r.told) for w in ('dies', 'loses', 'freezes', 'set back')},"
        " sum(r.faults['etsy made_but_broke'] for r in rs), sorted({e for r in rs for e in r.ends})]))"
    )
    projects, violations, told, lost_drafts, ends = in_memory(body)
    assert violations == [] and projects > 400
    assert all(times > 10 for times in told.values()) and lost_drafts > 10, "and those histories were bad days"
    assert set(ends) == {"completed", "failed", "deleted", "design_ready"}


def test_every_planted_bug_is_found() -> None:
    body = (
        "from elistit.simulator import planted\nfound = {}\n"
        "for name, bug in planted.BUGS.items():\n"
        "    with bug.plant():\n"
        "        found[name] = next((r.violations[0] for r in map(history, range(2000)) if r.violations), '')\n"
        "print(json.dumps(found))"
    )
    found = in_memory(body)
    assert len(found) >= 12
    assert [name for name, words in found.items() if not words] == []
    assert "drafts were made" in found["draft-not-looked-for"]


def test_a_failing_history_is_made_smaller_and_still_fails() -> None:
    body = (
        "from elistit.simulator import planted\n"
        "with planted.BUGS['rejected-again'].plant():\n"
        "    r = next(r for r in map(history, range(99)) if r.violations)\n"
        "    s = running.smaller(r)\n"
        "print(json.dumps([sum(map(bool, r.choices)), sum(map(bool, s.choices)), s.violations]))"
    )
    before, after, violations = in_memory(body)
    assert after < before and "rejected" in violations[0]


def simulate(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "elistit.cli", "simulate", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)


def test_the_command_says_what_it_did_and_what_broke() -> None:
    good = json.loads(simulate("--projects", "5", "--jobs", "1", "--faults", "storm", "--json").stdout)
    assert good["violations"] == [] and good["projects"] >= 5 and not good["stopped"]
    assert sum(good["ended"].values()) == good["projects"] and sum(good["faults"].values()) > 5
    listed = simulate("--planted", "list").stdout
    assert "refund-forgotten" in listed
    assert {"calm", "usual", "storm", "worker-deaths", "providers-down"} <= set(
        simulate("--faults", "list").stdout.split()
    )
    bad = simulate("--planted", "rejected-again", "--jobs", "1")
    assert bad.returncode == 1 and "A promise broke" in bad.stdout and "Again: elistit simulate" in bad.stdout
    for wrong in (
        ["--planted", "nothing"],
        ["--product", "house"],
        ["--product", "poster"],
        ["--projects", "0"],
        ["--faults", "x"],
        ["--step", "2"],
        ["--every-point", "--database", "mysql://x"],
    ):
        refused = simulate(*wrong)
        assert refused.returncode == 2 and len(refused.stderr.strip().splitlines()) == 1, refused.stderr


def test_an_interrupted_run_says_what_it_had_done() -> None:
    command = [sys.executable, "-m", "elistit.cli", "simulate", "--projects", "100000000", "--jobs", "1", "--json"]
    # Tests that a shell started in the background ignore the interrupt, and so would a process of theirs.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, ours)
    assert running.stderr is not None
    assert "projects" in running.stderr.readline(), "it says how far it is"
    running.send_signal(signal.SIGINT)
    said = json.loads(running.communicate(timeout=280)[0])
    assert running.returncode == 1 and said["stopped"] and said["projects"] > 0 and said["violations"] == []
