"""Count the lines of Python in the packages at two commits, without tests and migrations (decision 38).

    python scripts/count_lines.py BEFORE AFTER

Prints a row per package, both totals, and the lines of the files that are there on both sides, followed through renames as
Git sees them. It must never change the working tree.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("src/elistit", "packages")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def lines(commit: str) -> dict[str, int]:
    """Lines of each Python file at a commit."""
    empty = git("hash-object", "-t", "tree", "/dev/null").strip()
    found = {}
    for row in git("diff", "--numstat", "--no-renames", empty, commit, "--", *SOURCES).splitlines():
        added, _, name = row.split("\t")
        if name.endswith(".py") and "/migrations/" not in name and "/tests/" not in name:
            found[name] = int(added)
    return found


def package(name: str) -> str:
    if name.startswith("packages/"):
        return "/".join(name.split("/")[:2])
    inside = name.split("/")[2:]
    return inside[0] if len(inside) > 1 else "(modules)"


def followed(before: str, after: str, old: dict[str, int], new: dict[str, int]) -> dict[str, str]:
    """The files of both sides: the name at the later commit by the name at the earlier one."""
    pairs = {name: name for name in old if name in new}
    renames = git("diff", "-M50%", "--name-status", "--diff-filter=R", before, after, "--", *SOURCES)
    for row in renames.splitlines():
        _, was, now = row.split("\t")
        if was in old and now in new:
            pairs[was] = now
    return pairs


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__)
        return 2
    before, after = arguments
    old, new = lines(before), lines(after)
    by_package = [Counter[str](), Counter[str]()]
    for side, counted in zip(by_package, (old, new), strict=True):
        for name, count in counted.items():
            side[package(name)] += count
    for name in sorted({*by_package[0], *by_package[1]}):
        print(f"{name:20} {by_package[0][name]:7} {by_package[1][name]:7}")
    pairs = followed(before, after, old, new)
    print(f"{'total':20} {sum(old.values()):7} {sum(new.values()):7}")
    print(
        f"{'files on both sides':20} {sum(old[n] for n in pairs):7} {sum(new[n] for n in pairs.values()):7}   {len(pairs)} files"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
