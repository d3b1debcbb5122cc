"""Draws contact sheets of the built-in figures, flat as the code draws them.

    python docs/gallery/make_sheet.py OUT.png [--codes fox,bear] [--theme woodland] [--variants 3] [--px 320] [--seed 7]

It reads the catalogue only and writes the one file named; nothing is painted and no project is touched.
"""

from __future__ import annotations

import argparse
import zlib

import numpy as np
import pyvips

from elistit_artist.figures import catalogue, variants


def main() -> None:
    parser = argparse.ArgumentParser(description="Contact sheet of the built-in figures.")
    parser.add_argument("out")
    parser.add_argument("--codes", default="")
    parser.add_argument("--theme", default="")
    parser.add_argument("--variants", type=int, default=1)
    parser.add_argument("--across", type=int, default=6)
    parser.add_argument("--px", type=int, default=320)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    tiles = []
    for code, subject in catalogue().items():
        if chosen.codes and code not in chosen.codes.split(","):
            continue
        if chosen.theme and chosen.theme not in subject.themes:
            continue
        for k, params in enumerate(variants(code)[: chosen.variants]):
            rng = np.random.default_rng([chosen.seed, zlib.crc32(code.encode()), k])
            drawn = pyvips.Image.svgload_buffer(subject.draw(rng, params).encode(), scale=chosen.px / 1000)
            tiles.append(drawn.flatten(background=[255, 255, 255]))
    pyvips.Image.arrayjoin(tiles, across=chosen.across).write_to_file(chosen.out)


if __name__ == "__main__":
    main()
