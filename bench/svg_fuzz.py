"""Reads thousands of made-up SVG documents and lets two renderers judge: `python bench/svg_fuzz.py --examples 10000`.

Prints how many were read as flat, how many stay as they are and why, and how many came out silently different (which must be
none). `--seed` makes another set. Exit code 1 when one is silently different; the first ones are printed whole.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.artwork import svgs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    asked = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    why: collections.Counter[str] = collections.Counter()
    wrong: list[tuple[svgs.Verdict, str]] = []

    for number in range(asked.examples):
        text = svgs.Maker(Random(asked.seed * 1_000_003 + number)).document()
        verdict = svgs.judged(text)
        counts["read"] += 1
        if not verdict.flat:
            counts["kept as it is"] += 1
            why[verdict.why] += 1
            continue
        counts["flat"] += 1
        counts["flat, renderers apart on the document itself"] += verdict.disputed
        if verdict.silently_different:
            counts["silently different"] += 1
            wrong.append((verdict, text))
    for name, count in counts.items():
        print(f"{count:7} {name}")
    for words, count in why.most_common(40):
        print(f"{count:7}   {words}")
    for verdict, text in sorted(wrong, key=lambda w: len(w[1]))[: asked.show]:
        print(f"\n{verdict.differs}\n{text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
