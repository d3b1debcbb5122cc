"""Every pinned package has its hashes and a licence, and the question after known vulnerabilities is never answered by silence."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HASH = f"    --hash=sha256:{'0' * 64}"


@pytest.fixture
def audit() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts/audit_dependencies.py"))


def test_every_pinned_package_has_hashes_and_a_licence(audit: dict[str, Any]) -> None:
    listed = (ROOT / "docs/licences.md").read_text()
    for lock in audit["LOCKS"]:
        text = (ROOT / lock).read_text()
        assert len(audit["entries"](text)) == len(re.findall(r"^[^\s#]+==", text, re.M)) > 10, lock
        assert audit["problems"](text, listed) == [], f"{lock}: make the list again with scripts/licences.py"


@pytest.mark.parametrize(
    ("lock", "listed", "wrong"),
    [
        (f"a==1 \\\n{HASH}\n", "| a | 1 | MIT |", []),
        ("a==1\n", "| a | 1 | MIT |", ["a 1 has no hash"]),
        (f"a==1 \\\n{HASH}\nb==2\n", "| a | 1 | MIT |\n| b | 2 | MIT |", ["b 2 has no hash"]),
        (f"a==1 \\\n{HASH}\n", "| a | 2 | MIT |", ["a 1 has no licence in docs/licences.md"]),
        (f"a==1 \\\n{HASH}\n", "| a | 1 | see the package |", ["a 1 has no licence in docs/licences.md"]),
    ],
)
def test_a_missing_hash_or_licence_is_found(audit: dict[str, Any], lock: str, listed: str, wrong: list[str]) -> None:
    assert audit["problems"](lock, listed) == wrong


def run(audit: dict[str, Any], answer: str | None) -> int:
    """The script's exit code when the service answers this about every lock."""
    main = audit["main"]
    main.__globals__["tool"] = lambda: "pip-audit"
    main.__globals__["ask"] = lambda command, lock: None if answer is None else audit["answered"](answer)
    code: int = main()
    return code


def said(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages)})


GOOD = {"name": "a", "version": "1", "vulns": []}
HOLE = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


def test_a_known_vulnerability_fails(audit: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(audit, said(GOOD, HOLE)) == 1
    assert "b 2: PYSEC-1, fixed in 3" in capsys.readouterr().out


@pytest.mark.parametrize("answer", [None, said(UNKNOWN)])
def test_a_service_that_says_nothing_does_not_fail_and_is_named(
    audit: dict[str, Any], capsys: pytest.CaptureFixture[str], answer: str | None
) -> None:
    assert run(audit, answer) == 0
    assert "NOT CHECKED for known vulnerabilities" in capsys.readouterr().out


def test_a_package_the_service_does_not_know_is_named(
    audit: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(audit, said(GOOD, UNKNOWN)) == 0
    told = capsys.readouterr().out
    assert "Not known to the advisory service: c" in told and "NOT CHECKED" not in told
