"""How a bench script tells its figures: a Markdown section on stdout, progress on stderr.

A section says its own command and conditions, so that it can be read, and measured again, alone.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Sequence


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with `--markdown`, which every bench script takes; the first line of the description is its help."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    made.add_argument("--markdown", action="store_true", help="print the section of docs/figures.md")
    return made


def say(*words: object) -> None:
    """Progress, for whoever watches."""
    print(*words, file=sys.stderr, flush=True)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; every column but the first is ranged right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def section(title: str, *parts: str) -> None:
    """Print a section: its heading, then paragraphs and tables with an empty line between them."""
    print("\n\n".join([f"## {title}", *(part.strip("\n") for part in parts)]))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed; 0.5 is the median."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
