"""Paint a sheet of ideas to judge as a buyer would: the first image of each brief, a row of ideas for every style.

    python docs/gallery/make_ideas.py OUT.png [--styles watercolor,flat,ink] [--px 200] [--from 0] [--count 24]

It must never choose: what the brief picks first is shown, whatever it is. Only the file named is written.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pyvips

from elistit_artist import brief
from elistit_artist.paint import job

IDEAS = (
    "highland cow",
    "pink coquette bow",
    "cowboy boots",
    "coffee mug",
    "nurse stethoscope",
    "teacher chalkboard",
    "soccer ball",
    "tennis racket",
    "axolotl",
    "capybara",
    "sloth",
    "dump truck",
    "excavator",
    "graduation cap",
    "unicorn",
    "mermaid",
    "dragon",
    "castle",
    "hot air balloon",
    "fireworks",
    "leo zodiac",
    "ballet slippers",
    "hummingbird",
    "vintage camper",
)
SEED = 20


def painted(idea: str, style: str, px: int, out: Path) -> pyvips.Image:
    """The first image of an idea's brief on white. Raises RuntimeError with the artist's reason when it can't be painted."""
    pick = brief.plan(idea, {}, 1, SEED, style).picks[0]
    answer = job.paint_to_file(
        {**pick.art, "seed": SEED, "style": style, "transparent": True, "width": px, "height": px, "out": str(out)}
    )
    if "failed" in answer:
        raise RuntimeError(f"{idea}: {answer['failed']}")
    return pyvips.Image.new_from_file(str(out)).flatten(background=[255, 255, 255]).copy_memory()


def main() -> None:
    parser = argparse.ArgumentParser(description="Paint a sheet of ideas.")
    parser.add_argument("out")
    parser.add_argument("--styles", default="watercolor,flat,ink")
    parser.add_argument("--px", type=int, default=200)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--count", type=int, default=len(IDEAS))
    chosen = parser.parse_args()
    ideas = IDEAS[chosen.first : chosen.first + chosen.count]
    with tempfile.TemporaryDirectory(prefix="elistit-ideas-") as folder:
        tiles = [
            painted(idea, style, chosen.px, Path(folder) / "one.png")
            for style in chosen.styles.split(",")
            for idea in ideas
        ]
        pyvips.Image.arrayjoin(tiles, across=min(8, len(ideas))).write_to_file(chosen.out)


if __name__ == "__main__":
    main()
