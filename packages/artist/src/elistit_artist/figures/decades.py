"""Figures of past decades and of the night: groovy flowers, mid-century starbursts, the phases of the moon.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from .geometry import Sheet, arc, blob, darker, leaf, lighter, mix, oval, toward, trace, vary
from .subject import Params, plain

_GROOVY: dict[str, tuple[str, str]] = {
    "an orange groovy daisy": ("#e07b39", "#f4d58d"),
    "a mustard groovy daisy": ("#e0a526", "#8c3b1f"),
    "a pink groovy daisy": ("#e58ca4", "#f2c14e"),
    "a teal groovy daisy": ("#3f8f8c", "#f4e3c1"),
    "a brown groovy daisy": ("#8c4a2b", "#e8a33d"),
    "a smiling cream daisy": ("#f3e2bd", "#e0a526"),
    "a smiling orange daisy": ("#e07b39", "#f2c14e"),
    "a smiling pink daisy": ("#e58ca4", "#f4d58d"),
}


def groovy_daisy(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A fat round flower as the seventies had it, some with a smile."""
    kind = str(params.get("kind") or next(iter(_GROOVY)))
    petal, heart = (vary(c, rng, 0.012) for c in _GROOVY[kind])
    count = 6 if "smiling" not in kind else 8
    turn = float(rng.uniform(0, 60))
    reach, round_ = (150, 104) if count == 6 else (164, 84)
    for k in range(count):
        x, y = toward((0, 0), turn + 360 * k / count, reach)
        sheet.shape(blob(x, y, round_, round_, rng, 0.012, 14), petal)
    sheet.shape(blob(0, 0, 150, 150, rng, 0.01, 16), petal)
    for k in range(count):
        a = turn + 360 * (k + 0.5) / count
        sheet.stroke([toward((0, 0), a, 118), toward((0, 0), a, 168)], (5, 10), darker(petal, 0.14))
    sheet.shape(blob(0, 0, 98, 98, rng, 0.012, 16), heart)
    if "smiling" in kind:
        for x in (-34, 34):
            sheet.oval(x, -22, 11, 17, "#3a2a22")
        sheet.stroke(arc(0, 6, 50, 46, 160, 20), (7, 12, 7), "#3a2a22")
        for x in (-60, 60):
            sheet.glaze(oval(x, 12, 15, 11), "#e27d60", 0.5)
    else:
        sheet.stroke(arc(0, 0, 66, 66, 190, 280), (3, 11, 3), lighter(heart, 0.5))


_ATOMIC: dict[str, tuple[str, ...]] = {
    "a mid-century starburst in teal and mustard": ("#2f7f86", "#dba32c", "#d1603d"),
    "a mid-century starburst in orange and brown": ("#d1603d", "#6b4632", "#dba32c"),
    "a mid-century starburst in olive and gold": ("#7d8145", "#c9952f", "#3d6e73"),
}


def starburst(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Long and short rays round a ring, some with a bead at the end."""
    one, two, three = _ATOMIC[str(params.get("kind") or next(iter(_ATOMIC)))]
    turn = float(rng.uniform(-4, 4))
    for k in range(16):
        long = (300, 150, 222, 150)[k % 4]
        tone = (one, two, three, two)[k % 4]
        a = turn + 22.5 * k
        side = 12 if k % 4 == 0 else 9
        tip = (*toward((0, 0), a, long), 1)
        sheet.shape(
            [(*toward((0, 0), a - 90, side), 1), tip, (*toward((0, 0), a + 90, side), 1)], vary(tone, rng, 0.01)
        )
        if k % 2 == 0:
            x, y = toward((0, 0), a, long + 10)
            sheet.oval(x, y, 15, 15, tone)
    sheet.shape(oval(0, 0, 52, 52, 0, 16), one)
    sheet.shape(oval(0, 0, 26, 26, 0, 14), two)


def atomic_shapes(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Leaning rounded shapes, one with a stem of leaves, a dot beside them."""
    cool = str(params.get("kind")) == "mid-century shapes in blue and olive"
    tones = ("#7fa3a8", "#7d8145", "#dba32c") if cool else ("#d98a4a", "#2f7f86", "#dba32c")
    first, second, third = (vary(t, rng, 0.012) for t in tones)
    sheet.shape(trace("-220,-40 -200,-170 -80,-230 40,-180 60,-40 0,90 -120,120 -200,60"), first)
    sheet.shape(trace("-20,60 40,-70 160,-100 240,-10 230,140 130,220 10,190"), second)
    sheet.shape(oval(150, -190, 62, 62, 0, 16), third)
    sheet.stroke(trace("-130,250 -110,60 -60,-120"), (9, 9, 6), "#3a2f2a")
    for k in range(5):
        at = (-128 + 12 * k, 170 - 66 * k)
        for side in (-1, 1):
            sheet.shape(leaf(at, -90 + side * 52, 84 - 8 * k, 26, "lance"), "#3a2f2a")
    sheet.stroke(trace("30,240 120,252 220,238"), (5, 8, 4), darker(third, 0.2))


def boomerang(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Boomerang shapes of the fifties, three of them turned into each other."""
    warm = str(params.get("kind")) != "teal boomerang shapes"
    tones = ("#d1603d", "#dba32c", "#2f7f86") if warm else ("#2f7f86", "#7fa3a8", "#dba32c")
    for k, (x, y, turn, size) in enumerate(((-90, -60, -20, 1.0), (110, 40, 150, 0.86), (-60, 170, 60, 0.6))):
        with sheet.at(x, y, turn=turn + rng.uniform(-4, 4), size=size):
            sheet.shape(
                trace("-190,120 -206,60 -120,-110 0,-170 120,-110 206,60 190,120 130,120 60,10 0,-30 -60,10 -130,120"),
                vary(tones[k], rng, 0.012),
            )
            for u, v in ((-60, -70), (0, -104), (60, -70)):
                sheet.oval(u, v, 14, 14, lighter(tones[k], 0.6))


_PHASES = (
    "a full moon", "a waxing crescent moon", "a first quarter moon", "a waxing gibbous moon",
    "a waning gibbous moon", "a last quarter moon", "a waning crescent moon", "a new moon",
)  # fmt: skip
# How much of the disc is lit: 1 all of it, −1 none.
_LIT = {"full": 1.0, "gibbous": 0.55, "quarter": 0.0, "crescent": -0.55}


def moon_phase(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """The moon in one of its phases: the lit part bright with seas, the rest a dark disc."""
    kind = str(params.get("kind") or _PHASES[0])
    light, night = vary("#ecd9a6", rng, 0.012), vary("#56607a", rng, 0.012)
    radius = 240.0
    if "new" in kind:
        sheet.shape(oval(0, 0, radius, radius, 0, 20), night)
        sheet.shape(oval(0, 0, radius - 26, radius - 26, 0, 20), darker(night, 0.16))
        for x, y, r in ((-80, -70, 46), (66, 40, 62), (-40, 110, 34)):
            sheet.shape(blob(x, y, r, r * 0.9, rng, 0.05, 10), darker(night, 0.28))
        return
    lit = next(share for word, share in _LIT.items() if word in kind)
    side = -1 if "waning" in kind or "last" in kind else 1
    if lit < 1:
        sheet.shape(oval(0, 0, radius - 3, radius - 3, 0, 20), night)
    rim = arc(0, 0, radius, radius, -90, 90, 13)
    inner = arc(0, 0, radius * lit, radius, 90, 270, 13) if lit > 0 else arc(0, 0, radius * -lit, radius, 90, -90, 13)
    outline = [*rim, *inner[1:-1]] if lit else rim
    ends = {0, len(rim) - 1} if lit < 1 else set()
    sheet.shape([(side * p[0], p[1], 1) if k in ends else (side * p[0], p[1]) for k, p in enumerate(outline)], light)
    for x, y, r in (
        (150, -70, 40),
        (110, 60, 56),
        (176, 40, 22),
        (40, -150, 34),
        (20, 130, 30),
        (-90, -40, 46),
        (-60, 90, 32),
    ):
        edge = -radius * lit * math.sqrt(max(0.0, 1 - (y / radius) ** 2))
        if x - r > edge + 14:
            sheet.shape(blob(side * x, y, r, r * 0.9, rng, 0.06, 10), mix(light, "#b79a6a", 0.42))


def _kinds(names: Iterable[str]) -> list[Params]:
    return [{"kind": n} for n in names]


SUBJECTS = (
    plain("groovy_daisy", "groovy daisy", ("retro", "floral"), ("flower", "groovy", "seventies"), groovy_daisy, _kinds(_GROOVY)),
    plain("starburst", "mid-century starburst", ("retro",), ("midcentury", "atomic"), starburst, _kinds(_ATOMIC)),
    plain("atomic_shapes", "mid-century shapes", ("retro",), ("midcentury", "abstract"), atomic_shapes,
          _kinds(("mid-century shapes in orange and teal", "mid-century shapes in blue and olive"))),
    plain("boomerang_shapes", "boomerang shapes", ("retro",), ("midcentury", "atomic"), boomerang,
          _kinds(("orange boomerang shapes", "teal boomerang shapes"))),
    plain("moon_phase", "phase of the moon", ("celestial", "mystical"), ("moon", "lunar"), moon_phase, _kinds(_PHASES)),
)  # fmt: skip
