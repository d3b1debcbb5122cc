"""Fries in their box and a hot dog.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Point, Sheet, darker, lighter, mix, oval, trace, vary
from .subject import Params, plain

BOXES = {"a red box of fries": "#c2493f", "a striped box of fries": "#d9685a", "a blue box of fries": "#5f86a6"}
DOGS = {"a hot dog with mustard": "#e2b23e", "a hot dog with ketchup": "#b93f33"}


def fries(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A full box of fries."""
    kind = str(params.get("kind") or "a red box of fries")
    box = vary(BOXES[kind], rng, 0.015)
    gold = "#e8bd5f"
    for row, (count, low, tall) in enumerate(((8, -60, 250), (7, -30, 205), (6, 0, 160))):
        for k in range(count):
            x = (k - (count - 1) / 2) * 288 / count + rng.uniform(-6, 6)
            lean, high = x * 0.16 + rng.uniform(-10, 10), tall * rng.uniform(0.86, 1.12)
            tone = vary(mix(darker(gold, 0.12), lighter(gold, 0.12), row / 2), rng, 0.02)
            left: list[Point] = [
                (x - 18, low + 90, 1),
                (x + lean - 17, low - high, 1),
                (x + lean + 15, low - high - 8, 1),
                (x + 18, low + 90, 1),
            ]
            sheet.shape(left, tone, 0.2)
            sheet.shape(
                [
                    (x + 6, low + 90, 1),
                    (x + lean + 5, low - high - 4, 1),
                    (x + lean + 15, low - high - 8, 1),
                    (x + 18, low + 90, 1),
                ],
                darker(tone, 0.13),
                0.2,
            )
    sheet.shape(trace("-176,-40! -120,12 0,34 120,12 176,-40! 138,262! 0,274 -138,262!"), box, 0.34)
    if "striped" in kind:
        for x in (-104, -36, 36, 104):
            top = 30 - abs(x) * 0.2
            sheet.shape(
                trace(f"{x - 17},{top}! {x + 17},{top}! {x * 0.84 + 13},266! {x * 0.84 - 13},266!"), "#f4e9da", 0.2
            )
    else:
        sheet.oval(0, 150, 62, 62, "#f4e3c0")
        sheet.shape(trace("-26,150 0,126 26,150 0,176"), box)
    sheet.shape(
        trace("-176,-40! -120,12 0,34 120,12 176,-40! 172,-20! 118,32 0,54 -118,32 -172,-20!"), lighter(box, 0.22), 0.34
    )
    sheet.shape(trace("150,0! 176,-40! 138,262! 112,266!"), darker(box, 0.14), 0.3)


def hot_dog(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A sausage in a bun with a wave of sauce."""
    sauce = DOGS[str(params.get("kind") or "a hot dog with mustard")]
    bun, sausage = vary("#d9a15c", rng, 0.015), vary("#b3573c", rng, 0.015)
    with sheet.at(0, 0, turn=-12 if rng.random() < 0.5 else 12):
        sheet.shape(
            trace("-300,-10 -262,-86 -150,-112 0,-118 150,-112 262,-86 300,-10 250,50 -250,50"), darker(bun, 0.1)
        )
        sheet.shape(trace("-258,6 -240,-14 0,-24 240,-14 258,6 0,40"), "#f0dcb4")
        sheet.shape(
            trace(
                "-352,2 -336,-44 -280,-58 -120,-66 0,-68 120,-66 280,-58 336,-44 352,2 330,40 200,56 -200,56 -330,40"
            ),
            sausage,
        )
        sheet.shape(trace("-300,-34 -180,-46 -60,-48 -70,-38 -190,-34 -296,-22"), lighter(sausage, 0.32))
        leaves = [(-280 + 70 * k, 34 + (10 if k % 2 else -6)) for k in range(9)]
        sheet.shape([*[(x, y - 26) for x, y in leaves], *[(x, y + 24) for x, y in reversed(leaves)]], "#86a35f")
        sheet.shape(
            trace("-310,30 -200,54 0,62 200,54 310,30 300,104 230,150 100,166 0,168 -100,166 -230,150 -300,104"), bun
        )
        sheet.shape(trace("-276,62 -160,80 -40,84 -60,98 -180,96 -270,80"), lighter(bun, 0.34))
        wave: list[Point] = [(-270 + 45 * k, -20 + (24 if k % 2 else -22)) for k in range(13)]
        sheet.stroke(wave, (18, 24, 24, 24, 24, 18), sauce)
        for k in range(5):
            x, y = -210 + 104 * k, 120 + (8 if k % 2 else -4)
            sheet.shape(oval(x, y, 9, 5, 20.0 * k), lighter(bun, 0.62))


SUBJECTS = (
    plain(
        "fries",
        "box of fries",
        ("takeaway", "food"),
        ("food", "snack", "fast food"),
        fries,
        [{"kind": k} for k in BOXES],
    ),
    plain(
        "hot_dog", "hot dog", ("takeaway", "food"), ("food", "snack", "fast food"), hot_dog, [{"kind": k} for k in DOGS]
    ),
)
