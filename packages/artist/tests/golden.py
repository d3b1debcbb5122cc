"""What the artist drew and painted before: kept beside this file, so that a change that means to change nothing can prove it.

Drawings are compared by a skeleton (the SVG's digest without its numbers and colors) and by sums over its numbers, so that a
last binary digit that another machine rounds otherwise says nothing and a moved point does. Paintings are compared as 32 × 32
averages of their pixels. `python packages/artist/tests/golden.py` writes both files anew: only after a change that is meant to
be seen. With names ("figure fox" "scene hills" "painting owl ink") it writes only those, and with --new only drawings that
aren't kept yet.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from elistit_artist import compose, figures
from elistit_artist.compose.colors import SCHEMES
from elistit_artist.paint import job, png

HERE = Path(__file__).parent
DRAWINGS, PAINTINGS = HERE / "golden_drawings.json", HERE / "golden_paintings.npz"
SIDE, SMALL = 256, 32
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")

# Figure, seed and style: every style, and every kind of figure (animals, birds, plants, arrangements, things, sky, food).
FIGURES = [
    ("fox", 3, "watercolor"), ("owl", 4, "ink"), ("hedgehog", 5, "gouache"), ("mushroom", 6, "vintage"),
    ("rose", 7, "watercolor"), ("wreath", 8, "ink"), ("whale", 9, "kawaii"), ("moon", 10, "flat"),
    ("pumpkin", 11, "lineart"), ("cupcake", 12, "kawaii"), ("monstera", 13, "vintage"), ("deer", 14, "gouache"),
    ("cow", 15, "lineart"), ("snowman", 16, "flat"), ("bouquet", 17, "gouache"), ("lion", 18, "watercolor"),
]  # fmt: skip
# Composer, seed and style.
SCENES = [
    ("hills", 21, "watercolor"), ("moon_phases", 22, "ink"), ("abstract", 23, "gouache"), ("still_life", 24, "flat"),
    ("nursery", 25, "vintage"), ("herbs", 26, "watercolor"), ("sea", 27, "gouache"), ("figure_card", 28, "flat"),
]  # fmt: skip
# The figure of the composers that show one; the others leave it out.
GUEST = {"subject": "fox", "params": {}}


# A last digit rounded otherwise moves one number by a tenth or a hundredth; weights go up to 97.
SUM_MAX, WEIGHTED_MAX = 0.5, 20.0


@cache
def _kept() -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = json.loads(DRAWINGS.read_text())
    return kept


def assert_drawn_as_kept(name: str, found: list[str | float]) -> None:
    """What was drawn is what is kept under this name, within what another machine rounds otherwise."""
    skeleton, count, total, weighted = _kept()[name]
    assert found[:2] == [skeleton, count], f"{name} is made of other shapes than before"
    assert abs(float(found[2]) - total) <= SUM_MAX, f"{name} has other points or colors"
    assert abs(float(found[3]) - weighted) <= WEIGHTED_MAX, f"{name} has other points or colors"


def signature(svgs: list[str]) -> list[str | float]:
    """Digest of the skeletons, how many numbers, their sum, and their sum weighted by place; colors count as three numbers."""
    skeleton = hashlib.sha256()
    numbers: list[float] = []
    for svg in svgs:
        numbers += [int(c[i : i + 2], 16) for c in _COLOR.findall(svg) for i in (1, 3, 5)]
        bare = _COLOR.sub("#", svg)
        numbers += [float(n) for n in _NUMBER.findall(bare)]
        skeleton.update(_NUMBER.sub("0", bare).encode())
    values = np.array(numbers)
    weights = 1 + np.arange(len(values)) % 97
    return [
        skeleton.hexdigest()[:20],
        len(values),
        round(float(values.sum()), 1),
        round(float((values * weights).sum()), 1),
    ]


Draw = Callable[[str, dict[str, Any], int], str]
"""Draws a figure: code, choices, seed."""


def figure(code: str, draw: Draw = job.drawing) -> list[str | float]:
    """The signature of a figure: all variants with seed 1, the first also with seed 2."""
    variants = figures.variants(code) or [{}]
    svgs = [draw(code, params, 1) for params in variants]
    return signature([*svgs, draw(code, variants[0], 2)])


def scene(code: str) -> list[str | float]:
    """The signature of a composer: each of its kinds upright and wide, in schemes that take turns."""
    svgs: list[str] = []
    for number, kind in enumerate(compose.catalogue()[code].kinds):
        scheme = SCHEMES[number % len(SCHEMES)].code
        for wide, high in ((3, 4), (3, 2)):
            made = compose.compose(code, 1 + number, wide, high, scheme, kind.code, GUEST)
            svgs += [made.svg, made.ground, *([made.letters] if made.letters else [])]
    return signature(svgs)


def orders() -> dict[str, dict[str, Any]]:
    """The orders of the kept paintings, by name."""
    found: dict[str, dict[str, Any]] = {}
    for code, seed, style in FIGURES:
        params = figures.variants(code)[0]
        found[f"{code} {style}"] = {
            "subject": code,
            "params": params,
            "seed": seed,
            "style": style,
            "transparent": True,
        }
    for number, (code, seed, style) in enumerate(SCENES):
        found[f"{code} {style}"] = {
            "scene": code, "kind": compose.catalogue()[code].kinds[0].code, "seed": seed, "style": style,
            "scheme": SCHEMES[number % len(SCHEMES)].code, "canvas": [1, 1], "guest": GUEST,
        }  # fmt: skip
    return found


def painted(order: dict[str, Any]) -> NDArray[np.uint8]:
    """The picture of an order, averaged down to 32 × 32 RGBA."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "one.png"
        answer = job.paint_to_file({**order, "width": SIDE, "height": SIDE, "out": str(out)})
        assert "failed" not in answer, answer
        return small(png.read_back(out))


def small(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    real = rgba.astype(np.float32)
    real[..., :3] *= real[..., 3:] / 255
    reduced = cv2.resize(real, (SMALL, SMALL), interpolation=cv2.INTER_AREA)
    return np.clip(reduced + 0.5, 0, 255).astype(np.uint8)


def main(chosen: list[str]) -> None:
    makers = {f"figure {code}": (figure, code) for code in figures.catalogue()}
    makers |= {f"scene {code}": (scene, code) for code in compose.catalogue()}
    kept = json.loads(DRAWINGS.read_text()) if chosen else {}
    wanted = [n for n in makers if not chosen or n in chosen or ("--new" in chosen and n not in kept)]
    drawn = {n: make(code) if n in wanted else kept[n] for n, (make, code) in makers.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in drawn.items())
    DRAWINGS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    new = {f"painting {name}": (name, order) for name, order in orders().items()}
    before = dict(np.load(PAINTINGS)) if chosen else {}
    asked = {name: order for long, (name, order) in new.items() if not chosen or long in chosen}
    if asked:
        np.savez_compressed(PAINTINGS, **{**before, **{name: painted(order) for name, order in asked.items()}})


if __name__ == "__main__":
    main(sys.argv[1:])
