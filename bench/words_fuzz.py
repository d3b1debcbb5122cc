"""Makes names of, and sets, thousands of made-up words in 46 scripts: `python bench/words_fuzz.py --examples 20000 [--markdown]`.

Counts texts that were set, refused by naming the characters, and those that crashed, gave an empty or unusable name, or would
be drawn with a box (which must be none). `--seed` makes another set. Exit code 1 when one is; the first ones are printed.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.artwork import words

Wrong = list[tuple[str, str, str]]


def markdown(counts: collections.Counter[str], wrong: Wrong, whole: int, asked: argparse.Namespace) -> str:
    kinds = collections.Counter(
        "crashes" if "crashed" in w else "names" if ": " in w[:7] else "boxes" for _, _, w in wrong
    )
    rows = [
        ("texts", counts["texts"]),
        ("scripts", len(words.SCRIPTS)),
        ("of these, set in some text", whole),
        ("set", counts["set"]),
        ("refused, naming the characters", counts["refused"]),
        ("nothing to be seen, taken as empty", counts["unseen"]),
    ]
    none = [("crashes", "crashes"), ("empty or unusable names", "names"), ("boxes, lost letters", "boxes")]
    return "\n".join(
        [
            "## Made-up words in 46 scripts",
            "",
            f"`python bench/words_fuzz.py --examples {asked.examples} --seed {asked.seed} --markdown`: words of one or several scripts with",
            "marks, joiners, direction marks, emoji and names that Windows refuses. Names are held against Windows' rules; what is set,",
            "against FreeType's and fontTools' reading of the fonts.",
            "",
            "| | |",
            "| --- | ---: |",
            *(f"| {name} | {value:,} |" for name, value in rows),
            *(f"| **{name}** | **{kinds[kind]:,}** |" for name, kind in none),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--markdown", action="store_true", help="print the section of docs/figures.md")
    asked = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    wrong: Wrong = []
    set_scripts: set[str] = set()
    for number in range(asked.examples):
        script = words.SCRIPTS[number % len(words.SCRIPTS)]
        counts["texts"] += 1
        try:
            given, became, faults = words.judged(Random(asked.seed * 1_000_003 + number), script)
        except Exception as error:  # whatever it is, it is what this looks for
            given = words.text(Random(asked.seed * 1_000_003 + number), script)
            became, faults = "crashed", [f"crashed: {type(error).__name__}: {error}"]
        counts[became] += 1
        if became == "set":
            set_scripts.add(script)
        wrong += [(script, given, fault) for fault in faults]
    if asked.markdown:
        print(markdown(counts, wrong, len(set_scripts), asked))
    else:
        print("\n".join(f"{count:7} {name}" for name, count in counts.items()))
        print(f"{len(wrong):7} wrong; set in some text: {', '.join(sorted(set_scripts))}")
    for script, given, fault in wrong[: asked.show]:
        print(f"{script}: {fault}\n  {given!r}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
