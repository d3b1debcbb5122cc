"""Reads thousands of made-up SVG documents and lets two renderers judge: `python bench/svg_fuzz.py --examples 10000 [--markdown]`.

Prints how many were read as flat, how many stay as they are and why, how many the reader crashed on, and how many came out
silently different (the last two must be none). `--seed` makes another set. Exit code 1 when one is; the first ones are printed
whole.
"""

from __future__ import annotations

import argparse
import collections
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from elistit.artwork import renderings
from tests.artwork import svgs


@dataclass
class Found:
    """What came out of a run. `wrong` is every document that came out different, or that the reader crashed on, with the
    reason; `why` counts the reasons for keeping a document as it is."""

    counts: collections.Counter[str] = field(default_factory=collections.Counter)
    why: collections.Counter[str] = field(default_factory=collections.Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)


def judge(text: str, found: Found) -> None:
    """Read one document and count what became of it."""
    found.counts["read"] += 1
    try:
        verdict = svgs.judged(text)
    except renderings.CannotRender:
        # Such a drawing is never delivered: the comparison at the upload refuses it.
        found.counts["undrawable"] += 1
        return
    except Exception as error:  # whatever it is, it is what this looks for
        found.counts["crashed"] += 1
        found.wrong.append((f"crashed: {type(error).__name__}: {error}", text))
        return
    if not verdict.flat:
        found.counts["kept"] += 1
        found.why[verdict.why] += 1
        return
    found.counts["flat"] += 1
    found.counts["disputed"] += verdict.disputed
    if verdict.silently_different:
        found.counts["different"] += 1
        found.wrong.append((f"different: {verdict.differs}", text))


def markdown(found: Found, asked: argparse.Namespace) -> str:
    counts = found.counts
    rows = [
        ("drawings", counts["read"]),
        ("read as flat shapes", counts["flat"]),
        ("of these, drawn differently by the two renderers themselves", counts["disputed"]),
        ("kept as they are", counts["kept"]),
        ("of those, for different reasons", len(found.why)),
        ("no renderer draws", counts["undrawable"]),
        ("**the reader crashed on**", f"**{counts['crashed']:,}**"),
        ("**silently different**", f"**{counts['different']:,}**"),
    ]
    return "\n".join(
        [
            "## Made-up drawings, read by two renderers",
            "",
            f"`python bench/svg_fuzz.py --examples {asked.examples} --seed {asked.seed} --markdown`: SVG documents made at random. A document",
            "either is read as flat shapes, and then librsvg and resvg judge that it looks as it did, or stays as it is.",
            "",
            "| | |",
            "| --- | ---: |",
            *(f"| {name} | {value:,} |" if isinstance(value, int) else f"| {name} | {value} |" for name, value in rows),
        ]
    )


def plain(found: Found) -> str:
    lines = [f"{count:7} {name}" for name, count in found.counts.items()]
    return "\n".join([*lines, *(f"{count:7}   {words}" for words, count in found.why.most_common(40))])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--markdown", action="store_true", help="print the section of docs/figures.md")
    asked = parser.parse_args()
    found = Found()
    for number in range(asked.examples):
        judge(svgs.Maker(Random(asked.seed * 1_000_003 + number)).document(), found)
    print(markdown(found, asked) if asked.markdown else plain(found))
    for words, text in sorted(found.wrong, key=lambda w: len(w[1]))[: asked.show]:
        print(f"\n{words}\n{text}", file=sys.stderr)
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
