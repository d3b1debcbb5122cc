"""For the football field and its stands: helmet, jersey, goal posts, whistle and foam finger.

Each painter draws one thing in its own units, back to front; team colors come from the kind asked for.
"""

from __future__ import annotations

import itertools

import numpy as np

from .geometry import Sheet, darker, lighter, oval, toward, trace, vary
from .solids import board
from .subject import Params, plain
from .variety import kinds

TEAMS = {"red": "#b8483f", "blue": "#4f74a3", "green": "#55805c", "orange": "#d3803f"}
WHITE, STEEL = "#f4efe4", "#b9bfc1"


def _team(params: Params, rng: np.random.Generator) -> str:
    words = str(params.get("kind") or "a red").split()
    return vary(next((TEAMS[w] for w in words if w in TEAMS), TEAMS["red"]), rng, 0.012)


def helmet(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A football helmet from the side, with stripe and face mask."""
    shell = _team(params, rng)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.shape(trace("40,150! 86,60 160,30! 120,100 96,180!"), darker(shell, 0.4))
        sheet.shape(
            trace(
                "-226,120 -246,-10 -206,-140 -100,-222 40,-234 150,-190 214,-100 226,-24! 150,-10 110,20 96,80 84,150! 20,196 -90,206 -170,180"
            ),
            shell,
        )
        sheet.shape(trace("-196,-150! -90,-230 50,-240 156,-190! 138,-172 46,-206 -80,-196 -178,-124!"), WHITE)
        sheet.shape(
            trace("-170,-130! -80,-200 46,-210 140,-174! 128,-160 44,-182 -70,-172 -160,-110!"), darker(shell, 0.22)
        )
        sheet.glaze(trace("-226,60 -120,130 20,140 90,110 80,160 0,200 -110,204 -190,170"), darker(shell, 0.5), 0.32)
        sheet.shape(oval(-20, 54, 54, 54), darker(shell, 0.26))
        sheet.shape(oval(-20, 54, 34, 34), "#3f3937")
        sheet.stroke(trace("-180,-60 -150,-120 -96,-160"), (4, 20, 4), lighter(shell, 0.5))
        for spine in (
            "112,40 200,60 278,52 290,10",
            "100,110 190,126 272,118 290,60",
            "96,168 160,190 236,184 276,120",
        ):
            sheet.stroke(trace(spine), (15, 16, 16, 14), STEEL)
        sheet.stroke(trace("286,0 296,60 280,124 240,186"), (15, 16, 16, 15), STEEL)
        sheet.stroke(trace("206,-40 246,-20 288,10"), (14, 15, 15), STEEL)
        sheet.stroke(trace("200,56 196,120 168,188"), (13, 13, 13), darker(STEEL, 0.12))
        sheet.stroke(trace("40,150 100,220 170,206"), (16, 18, 16), WHITE)


def jersey(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A football jersey with a number and striped sleeves."""
    cloth = _team(params, rng)
    sheet.shape(
        trace(
            "-86,-230 -150,-206 -250,-130 -290,-20! -196,26! "
            "-166,-40! -172,250! 0,262 172,250! 166,-40! 196,26! 290,-20! 250,-130 150,-206 86,-230 40,-186 0,-176 -40,-186"
        ),
        cloth,
        0.2,
    )
    for side in (-1, 1):
        for share in (0.06, 0.32):
            near, far = share, share + 0.16
            rim = [(side * (288 - 40 * t), -24 - 106 * t, 1) for t in (near, far)]
            pit = [(side * (194 - 24 * t), 16 - 66 * t, 1) for t in (far, near)]
            sheet.shape([*rim, *pit], WHITE, 0.1)
        sheet.stroke(trace("160,-40 140,-100 150,-150", wide=side), (3, 7, 3), darker(cloth, 0.26))
        sheet.stroke(trace("168,90 156,160 168,236", wide=side), (2, 6, 2), darker(cloth, 0.2))
    sheet.shape(trace("-86,-232! -40,-150 0,-112 40,-150 86,-232! 50,-190 0,-170 -50,-190"), WHITE)
    number = int(rng.integers(0, 3))
    for k, digit in enumerate(("12", "08", "24")[number]):
        with sheet.at(-56 + 112 * k, 60):
            _digit(sheet, digit)
    sheet.glaze(trace("60,240! 110,0 160,-20! 170,248!"), darker(cloth, 0.5), 0.22)


_SEGMENTS = {
    "0": ("-34,-70 34,-70 34,70 -34,70 -34,-70",),
    "1": ("-22,-54 6,-74 6,74",),
    "2": ("-34,-60 34,-70 34,0 -34,6 -34,70 36,70",),
    "4": ("20,74 20,-74 -40,26 44,26",),
    "8": ("-32,-70 32,-70 32,70 -32,70 -32,-70", "-30,0 30,0"),
}


def _digit(sheet: Sheet, digit: str) -> None:
    for line in _SEGMENTS[digit]:
        points = trace(line)
        for a, b in itertools.pairwise(points):
            sheet.stroke([a[:2], b[:2]], (30, 30), WHITE)


def goal_posts(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Goal posts on grass, a ball flying through when asked."""
    gold = vary("#e3bd4a", rng, 0.015)
    sheet.shape(trace("-270,262 -150,240 0,246 150,238 270,262 200,290 0,298 -200,290"), vary("#86a765", rng, 0.02))
    sheet.shape(board(-27, 60, 27, 268, 10), darker(gold, 0.12))
    sheet.shape(board(-34, 150, 34, 264, 16), "#b8483f")
    sheet.shape(board(-212, 30, 212, 62, 8), gold)
    for side in (-1, 1):
        sheet.shape(board(side * 198 - 15, -280, side * 198 + 15, 60, 8), gold)
        sheet.shape(trace("10,-280! 74,-268 74,-246 10,-252!", side * 198), "#d9695a", 0.2)
    sheet.stroke([(-190, 42), (190, 42)], (7, 7), lighter(gold, 0.5))
    if "ball" in str(params.get("kind") or ""):
        with sheet.at(10, -120, turn=-36, size=0.36):
            hide = "#a06a47"
            sheet.shape(trace("-262,0! -180,-96 -70,-146 70,-146 180,-96 262,0! 180,96 70,146 -70,146 -180,96"), hide)
            for side in (-1, 1):
                sheet.shape(trace("150,-112! 176,-98! 184,0 176,98! 150,112! 160,0", wide=side), WHITE)
            sheet.stroke(trace("-86,-62 0,-70 86,-62"), (16, 17, 16), WHITE)
            for x in (-54, 0, 54):
                sheet.stroke([(x, -98), (x + 2, -36)], (16, 16), WHITE)
        for x, y in ((-96, -66), (-84, -30), (-60, -90)):
            sheet.stroke([(x, y), (x - 46, y + 32)], (3, 9), "#cfc8ba")


def whistle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A coach's whistle on its cord."""
    metal = vary(STEEL, rng, 0.012) if "silver" in str(params.get("kind") or "silver") else _team(params, rng)
    sheet.stroke(
        trace("-150,-20 -240,-120 -180,-240 0,-266 130,-220 90,-140 -60,-150 -130,-60"),
        (11, 12, 12, 12, 12, 12, 12, 11),
        "#b8483f",
    )
    sheet.oval(-146, -14, 30, 30, darker(metal, 0.3))
    sheet.oval(-146, -14, 16, 16, "#f4efe4")
    sheet.shape(oval(-40, 96, 150, 146), metal)
    sheet.shape(trace("-90,-44! 270,-70! 286,-56 286,30 270,42! 90,46 80,120 -40,100"), metal, 0.2)
    sheet.shape(oval(-40, 100, 84, 82), darker(metal, 0.2))
    sheet.shape(oval(-40, 104, 62, 60), darker(metal, 0.06))
    sheet.oval(-24, 122, 30, 30, "#b98a5a")
    sheet.shape(trace("40,-58! 130,-64! 116,-10! 60,-2!"), "#4a4340", 0.15)
    sheet.stroke(trace("-150,40 -160,100 -130,170"), (4, 18, 4), lighter(metal, 0.6))
    sheet.stroke([(150, -46), (262, -52)], (9, 9), lighter(metal, 0.6))


def foam_finger(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A fan's big foam hand with one finger up."""
    foam = _team(params, rng)
    with sheet.at(0, 0, turn=rng.uniform(-10, 10)):
        sheet.shape(
            trace(
                "-110,280! -124,90 -168,40 -214,-6 -226,-46 -196,-66 -154,-44 -104,4 -100,-60 -96,-240 -66,-282 -26,-272 -6,-236 "
                "-6,-66 50,-80 88,-58 128,-58 150,-28 176,0 178,60 150,150 124,280!"
            ),
            foam,
            0.32,
        )
        for x in (40, 92, 140):
            sheet.stroke([(x - 12, -58), (x - 8, -6), (x - 26, 34)], (3, 9, 4), darker(foam, 0.26))
        sheet.stroke(trace("-104,10 -70,60 -20,70"), (3, 9, 3), darker(foam, 0.26))
        sheet.shape(board(-112, 206, 122, 246, 10), WHITE)
        sheet.shape([(*toward((16, 132), 36 * k - 90, 52 if k % 2 == 0 else 22), 1) for k in range(10)], WHITE)
        sheet.stroke(trace("-76,-100 -76,-180 -62,-246"), (4, 16, 4), lighter(foam, 0.5))


def _in(template: str, *teams: str) -> list[str]:
    return [template.format(t) for t in teams]


SPORTS = ("sports", "football")
SUBJECTS = (
    plain("football_helmet", "football helmet", SPORTS, ("helmet",), helmet, kinds(_in("a {} football helmet", "red", "blue", "green"))),
    plain("football_jersey", "football jersey", SPORTS, ("jersey", "shirt"), jersey, kinds(_in("a {} football jersey", "blue", "red", "orange"))),
    plain("goal_posts", "pair of goal posts", SPORTS, ("goal",), goal_posts, kinds(("goal posts and a flying ball", "yellow goal posts"))),
    plain("whistle", "whistle", ("sports", "school"), ("coach", "referee"), whistle, kinds(("a silver whistle", "a blue whistle"))),
    plain("foam_finger", "foam finger", SPORTS, ("fan",), foam_finger, kinds(_in("a {} foam finger", "red", "blue", "green"))),
)  # fmt: skip
