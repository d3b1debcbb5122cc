"""Is every pinned package whole, allowed and without a known hole? `.venv/bin/python scripts/audit_dependencies.py`

Every package of every lock must have its hashes and its licence in docs/licences.md. Then pip-audit, in an environment of its
own, asks the advisory service about each. A known vulnerability fails; a service that could not be asked never does, but it
is said, and so is every package it does not know: silence is not a clean bill.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "bench/requirements.lock", "scripts/audit_dependencies.lock")
# The shortest first, to learn whether anyone answers; the first of LOCKS is part of the second.
ASKED = (LOCKS[2], LOCKS[3], LOCKS[1])
TOOL, PLACE = ROOT / LOCKS[3], ROOT / ".venv-audit"
_ENTRY = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)[ ]*(;[^\\\n]*)?")


def entries(lock: str) -> list[tuple[str, str, str]]:
    """Name, version and whole text of every package a lock pins."""
    parts = re.split(r"\n(?=[A-Za-z0-9])", lock)
    return [(found[1].lower(), found[2], part) for part in parts if (found := _ENTRY.match(part))]


def problems(lock: str, listed: str) -> list[str]:
    """What is missing of the packages of a lock: hashes, or a licence in the list. Both are texts."""
    licences = {
        (name.lower(), version): licence
        for name, version, licence in re.findall(r"^\| (\S+) \| (\S+) \| (.*) \|$", listed, re.M)
    }
    wrong = []
    for name, version, text in entries(lock):
        if not re.search(r"--hash=sha256:[0-9a-f]{64}", text):
            wrong.append(f"{name} {version} has no hash")
        if licences.get((name, version), "see the package") in ("", "see the package"):
            wrong.append(f"{name} {version} has no licence in docs/licences.md")
    return wrong


def tool() -> str | None:
    """The command of pip-audit, set up when it is not there; None when its packages cannot be had now."""
    command, mark = PLACE / "bin/pip-audit", PLACE / ".made-for"
    if mark.is_file() and mark.read_text() == TOOL.read_text() and command.is_file():
        return str(command)
    pip = [str(PLACE / "bin/python"), "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", str(TOOL)]
    for step in ([sys.executable, "-m", "venv", "--clear", str(PLACE)], pip):
        if subprocess.run(step, capture_output=True, check=False).returncode:
            return None
    mark.write_text(TOOL.read_text())
    return str(command)


def answered(said: str) -> tuple[list[str], list[str], int]:
    """What pip-audit's JSON says: known vulnerabilities, packages it could say nothing about, packages it looked at."""
    packages = json.loads(said)["dependencies"]
    holes = [
        f"{p['name']} {p['version']}: {v['id']}, fixed in {', '.join(v['fix_versions']) or 'no version yet'}"
        for p in packages
        for v in p.get("vulns", [])
    ]
    return holes, [p["name"] for p in packages if "skip_reason" in p], len(packages)


def ask(command: str, lock: str) -> tuple[list[str], list[str], int] | None:
    """The advisory service's word on a lock; None when it could not be asked."""
    done = subprocess.run(
        [command, "-r", str(ROOT / lock), "--no-deps", "--disable-pip", "--format", "json", "--timeout", "10"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        return answered(done.stdout)
    except (ValueError, KeyError):
        return None


def main() -> int:
    listed = (ROOT / "docs/licences.md").read_text()
    wrong = [f"{lock}: {problem}" for lock in LOCKS for problem in problems((ROOT / lock).read_text(), listed)]
    said, unasked = list[str](), list[str]()
    command = tool()
    for lock in ASKED:
        answer = ask(command, lock) if command and not unasked else None
        if answer is None or len(answer[1]) == answer[2]:
            unasked.append(lock)
            continue
        wrong += [f"{lock}: {hole}" for hole in answer[0]]
        if answer[1]:
            said.append(f"Not known to the advisory service: {', '.join(answer[1])} ({lock}).")
    if unasked:
        # Begins like this because ./test looks for it.
        said.append(
            f"NOT CHECKED for known vulnerabilities: the advisory service could not be asked about {', '.join(unasked)}."
        )
    said += wrong or ["Every pinned package has its hashes and a licence."]
    sys.stdout.write("\n".join([*said, ""]))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
