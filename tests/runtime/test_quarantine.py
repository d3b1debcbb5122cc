"""A suspect's own death is told from its worker's, with real processes (rules §6)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from elistit.chain import outcomes
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind, Made
from elistit.runtime import quarantine

THIS = AttemptKey("01J", "processing", 2, 0, 1, 0)

CHILD = """
import json, os, signal, sys
asked = json.load(sys.stdin)
parent, writing = json.loads(os.environ["ELISTIT_QUARANTINE"])
with open({log!r}, "a") as log:
    log.write(json.dumps([asked, parent == os.getppid()]) + "\\n")
times = len(open({log!r}).readlines())
{act}
os.write(writing, json.dumps({{"outcome": {{"made": True, "data": {{"n": times}}, "cost_micros": 7, "provider_id": "p"}}}}).encode())
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def play(monkeypatch: pytest.MonkeyPatch, log: Path, act: str) -> object:
    monkeypatch.setattr(quarantine, "COMMAND", (sys.executable, "-c", CHILD.format(log=str(log), act=act)))
    return quarantine.runner(THIS, None)  # type: ignore[arg-type]


def begun(log: Path) -> int:
    return len(log.read_text().splitlines())


def test_what_it_makes_is_the_outcome(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    assert play(monkeypatch, log, "pass") == Made({"n": 1}, cost_micros=7, provider_id="p")
    assert '"stage": "processing"' in log.read_text() and "true]" in log.read_text()


def test_two_deaths_in_a_row_prove_that_the_step_kills(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    assert play(monkeypatch, log, "os.kill(os.getpid(), signal.SIGSEGV)") == outcomes.crashed()
    assert begun(log) == quarantine.DEATHS


def test_one_death_can_still_be_somebodys_kill(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    made = play(monkeypatch, log, "times > 1 or os.kill(os.getpid(), signal.SIGKILL)")
    assert made == Made({"n": 2}, cost_micros=7, provider_id="p")


def test_a_process_that_ends_without_an_answer_crashed_nothing(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    failure = play(monkeypatch, log, "sys.exit(3)")
    assert isinstance(failure, Failure) and failure.kind == Kind.TRANSIENT
    assert outcomes.stored_kind(failure) != outcomes.CRASHED and begun(log) == 1
