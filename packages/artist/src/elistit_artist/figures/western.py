"""The ranch and the fair: a highland cow, boots, hats and a horseshoe.

The cow's head, coat and markings are for the shared hoofed body; the other painters draw one thing each, back to front.
"""

from __future__ import annotations

import numpy as np

from .accessories import PETALS, flower
from .anatomy import Coat, Face, blush, eyes, smile
from .farm import FARM
from .geometry import Point, Sheet, arc, darker, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .hoofed import Hoofed, hoofed
from .subject import Params, Subject, plain

GINGER = Coat("#c08a56", "#ecd3ae", "#8f5f3a", inner="#dfae8c")
CREAM = Coat("#e4d2b4", "#f6ead6", "#b79a72", inner="#dfb69a")
BLACK = Coat("#5f544e", "#a3938a", "#3f3733", inner="#b58f80")
HORN = "#dcc8a4"


def _locks(sheet: Sheet, places: str, length: float, color: str, dark: str, rng_turn: float = 0.0) -> None:
    """Hanging locks of hair; each place is x,y,degrees."""
    for k, word in enumerate(places.split()):
        x, y, way = (float(n) for n in word.split(","))
        sheet.shape(
            leaf((x, y), way + rng_turn, length, length * 0.36, "petal", 0.06), mix(color, dark, 0.22 * (k % 3))
        )


def highland_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """Wide horns that turn up, ears held out under them, and a long fringe over the brow."""
    for side in (-1, 1):
        sheet.stroke(trace("30,-62 78,-80 122,-92 148,-132", wide=side), (27, 24, 19, 5), HORN)
        sheet.stroke(trace("118,-92 136,-108 147,-128", wide=side), (7, 8, 3), darker(HORN, 0.4))
    for side in (-1, 1):
        way = 12 if side > 0 else 168
        sheet.shape(leaf((side * 46, -36), way, 92, 48, "round"), coat.shade)
        sheet.shape(leaf((side * 56, -34), way, 66, 26, "round"), coat.inner)
        for k, lean in enumerate((34, 58, 82)):
            turn = lean if side > 0 else 180 - lean
            sheet.shape(
                leaf((side * (74 + 16 * k), -22 + 3 * k), turn, 40, 15, "petal"), mix(coat.main, coat.dark, 0.2)
            )
    sheet.shape(mirrored(trace("0,-86 44,-80 72,-48 74,4 64,48 0,70")), coat.main)
    with sheet.at(face.x(0, 9), 0):
        sheet.shape(mirrored(trace("0,28 42,30 66,50 66,80 42,104 0,110")), coat.light)
        for side in (-1, 1):
            sheet.oval(side * 26, 62, 8, 10.5, mix(coat.light, "#7a5148", 0.75), side * 20)
        smile(sheet, 0, 84, 24, 9, "#7a5148")
    blush(sheet, face, 50, 26, 13)
    eyes(sheet, face, 40, 2, 11.5, "#2f2522" if kind != "a black highland cow" else "#1f1917")
    if kind == "a black highland cow":
        for side in (-1, 1):
            sheet.oval(face.x(side * 40) + 3, -3, 3.8, 3.8, "#fffaf2")
    fringe = "-50,-84,104 50,-84,76 -34,-92,98 34,-92,82 -17,-96,95 17,-96,85 0,-98,90"
    _locks(sheet, fringe, 92, coat.main, coat.dark)
    _locks(sheet, "-24,-104,112 24,-104,68 0,-108,92", 62, lighter(coat.main, 0.16), coat.dark)


def highland_coat(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Shaggy rows of hair along the belly, the chest and the flank."""
    rows = (
        ((196, 60, 6, 42, 44), (232, 40, 7, 40, 52), (266, 84, 6, 38, 50))
        if pose == "standing"
        else (
            (190, 44, 6, 44, 42),
            (228, 20, 7, 44, 44),
        )
    )
    for row, (y, x, count, step, size) in enumerate(rows):
        for k in range(count):
            color = mix(coat.main, coat.dark, 0.1 + 0.13 * ((k + row) % 3))
            sheet.shape(
                leaf((x + step * k + rng.normal(0, 3), y), 92 + rng.normal(0, 7), size, size * 0.42, "petal"), color
            )
    for k, (x, y) in enumerate(((2, 116), (28, 132), (0, 152), (34, 168))):
        sheet.shape(leaf((x, y), 96 + 4 * k, 58, 26, "petal"), mix(coat.main, coat.dark, 0.12 + 0.1 * (k % 2)))


def highland_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A rope with a long tuft."""
    x, y = (306, 174) if pose == "standing" else (312, 214)
    sheet.stroke(trace("0,0 28,32 24,80", x, y), (15, 13, 11), coat.shade)
    for way in (80, 96, 110):
        sheet.shape(leaf((x + 24, y + 62), way, 72, 26, "petal"), mix(coat.dark, coat.main, (way - 80) / 100))


def _highland(code: str, name: str, coat: Coat, kind: str, tags: tuple[str, ...]) -> Subject:
    return hoofed(
        code,
        name,
        FARM,
        ("animal", "country", "barnyard", "cow", *tags),
        Hoofed(
            coat,
            highland_head,
            highland_coat,
            highland_tail,
            neck=0.6,
            leg=0.6,
            girth=1.75,
            thick=1.42,
            head_size=1.22,
            collar=126,
            crown_y=-92,
        ),
        ("standing", "lying down"),
        ("a flower crown", "a bandana", "a bow tie", "a knitted scarf", "a leaf scarf"),
        (kind,),
    )


def _stitched(sheet: Sheet, line: list[Point], color: str) -> None:
    sheet.stroke(line, (4, 5, 4), color)


BOOTS = {
    "a pair of brown cowboy boots": ("#a97247", "#7a4f33", "#ecd0a2"),
    "a pair of pink cowboy boots": ("#dfa3a0", "#b8706f", "#fbeee4"),
    "a pair of white cowboy boots": ("#efe6d8", "#bfa88a", "#c98f80"),
    "a pair of turquoise cowboy boots": ("#83b0a9", "#567f7c", "#f0dfba"),
}


def cowboy_boots(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two boots with stitched shafts, pull straps and slanted heels."""
    tone, dark, thread = BOOTS[str(params.get("kind") or next(iter(BOOTS)))]
    for x, size, shade in ((86, 0.94, 0.1), (-70, 1.0, 0.0)):
        skin = darker(vary(tone, rng, 0.01), shade)
        with sheet.at(x, 0, size=size):
            sheet.shape(trace("40,150! 112,150! 104,222! 52,222!"), darker(dark, 0.2), 0.1)
            sheet.shape(
                trace("-178,188 -140,196 -20,190 58,166 62,190 10,210 -90,222 -160,221 -190,206"), darker(dark, 0.2)
            )
            sheet.shape(
                trace(
                    "-98,-214! -50,-190 4,-180 62,-192 112,-218! 112,-80 104,30 116,110 110,168 60,178 10,196 -90,208 -160,206 "
                    "-184,184 -160,148 -96,112 -66,60 -74,-60"
                ),
                skin,
            )
            sheet.shape(trace("-184,186 -160,148 -112,122 -92,150 -88,206 -160,207"), mix(skin, dark, 0.45))
            sheet.shape(trace("112,110 116,140 110,168 62,178 48,150 76,118"), mix(skin, dark, 0.45))
            sheet.glaze(trace("58,-178 96,-190 102,-80 96,20 68,40 74,-80"), dark, 0.3)
            sheet.shape(
                trace("-98,-214! -50,-190 4,-180 62,-192 112,-218! 110,-184 62,-160 4,-148 -50,-158 -94,-182"),
                mix(skin, dark, 0.5),
            )
            for side in (-1, 1):
                with sheet.at(8, 0, flip=side < 0):
                    _stitched(sheet, trace("4,-120 40,-96 62,-50 40,-4 6,20"), thread)
                    _stitched(sheet, trace("4,-84 28,-68 38,-46 24,-18 6,-4"), thread)
            sheet.shape(mirrored(trace("0,-64! 10,-46 0,-28!", 8, 0), 8), thread)
            _stitched(sheet, trace("-70,84 -20,66 40,72 96,92"), thread)
            _stitched(sheet, trace("-140,158 -112,150 -96,172"), thread)
            sheet.stroke(trace("-84,-150 -72,-60 -60,40"), (3, 11, 3), lighter(skin, 0.4))


HATS = {
    "a brown cowboy hat": ("#a97a52", "#6d4a35", "#d9b98c"),
    "a pink cowboy hat": ("#e0a9ab", "#b8707a", "#fbeee4"),
    "a white cowboy hat": ("#efe5d3", "#b59a78", "#a06a50"),
    "a black cowboy hat": ("#5a4e49", "#362e2b", "#c9a05f"),
}


def cowboy_hat(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A creased crown, a band and a brim that rolls up at both sides."""
    tone, dark, band = HATS[str(params.get("kind") or next(iter(HATS)))]
    felt = vary(tone, rng, 0.012)
    with sheet.at(0, 0, turn=rng.uniform(-5, 5)):
        sheet.shape(
            trace("-250,-28 -214,-10 -120,-4 0,-10 120,-4 214,-10 250,-28 214,60 120,80 0,84 -120,80 -214,60"),
            darker(felt, 0.3),
        )
        sheet.shape(
            trace("-132,50 -136,-40 -118,-140 -76,-188 -34,-170 0,-156 34,-170 76,-188 118,-140 136,-40 132,50 0,76"),
            felt,
        )
        sheet.shape(trace("-58,-178 -20,-158 0,-150 20,-158 58,-178 40,-112 0,-84 -40,-112"), darker(felt, 0.17))
        sheet.glaze(trace("86,-160 122,-120 134,-20 130,44 96,52 104,-60"), dark, 0.3)
        sheet.shape(trace("-138,-4 -70,18 0,24 70,18 138,-4 134,50 70,72 0,78 -70,72 -134,50"), dark)
        sheet.stroke(trace("-134,28 -60,48 0,52 60,48 134,28"), (5, 7, 7, 5), band)
        with sheet.at(88, 34):
            sheet.shape([(*toward((0, 0), 36 * k - 90, 21 if k % 2 == 0 else 9), 1) for k in range(10)], band)
        brim = "-268,-64 -236,-18 -150,34 0,58 150,34 236,-18 268,-64 276,-10 226,72 120,118 0,130 -120,118 -226,72 -276,-10"
        sheet.shape(trace(brim), lighter(felt, 0.06))
        sheet.stroke(trace("-252,-14 -206,58 -110,100 0,112 110,100 206,58 252,-14"), (3, 5, 5, 5, 3), dark)
        sheet.stroke(trace("-104,-30 -108,-90 -88,-142"), (3, 13, 3), lighter(felt, 0.4))


def horseshoe(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A horseshoe, plain or with flowers at its foot."""
    iron = vary("#9a8f86", rng, 0.015)
    outer = [*arc(0, 10, 178, 196, 118, 422, 15)]
    sheet.stroke([(x, y) for x, y in outer], (62, 70, 74, 70, 62), iron)
    sheet.stroke([(x, y) for x, y in arc(0, 10, 178, 196, 120, 420, 15)], (10, 12, 12, 12, 10), darker(iron, 0.32))
    for way in (128, 158, 190, 222, 318, 350, 382, 412):
        x, y = arc(0, 10, 178, 196, way, way + 1, 2)[0]
        sheet.shape(oval(x, y, 13, 8, way), darker(iron, 0.55))
    sheet.stroke(arc(0, 10, 200, 218, 196, 260, 5), (3, 9, 3), lighter(iron, 0.5))
    if "flowers" in str(params.get("kind")):
        for k, way in enumerate((60, 78, 94, 110, 126)):
            x, y = arc(0, 10, 178, 196, way - 180, way - 179, 2)[0]
            for lean in (-60, -120):
                sheet.shape(leaf((x, y), lean + (way - 90), 74, 30, "lance"), vary("#8a9d72", rng, 0.03))
            flower(sheet, x, y, 46 if k % 2 == 0 else 36, PETALS[k], rng)


def _k(names: object) -> list[Params]:
    return [{"kind": n} for n in names]  # type: ignore[attr-defined]


WESTERN = ("western",)
SUBJECTS = (
    _highland("highland_cow", "highland cow", GINGER, "a ginger highland cow", ("scottish", "highland")),
    _highland("cream_highland_cow", "cream highland cow", CREAM, "a cream highland cow", ("scottish", "highland")),
    _highland("black_highland_cow", "black highland cow", BLACK, "a black highland cow", ("scottish", "highland")),
    plain("cowboy_boots", "pair of cowboy boots", WESTERN, ("boot", "cowgirl", "rodeo"), cowboy_boots, _k(BOOTS)),
    plain("cowboy_hat", "cowboy hat", WESTERN, ("cowgirl", "rodeo"), cowboy_hat, _k(HATS)),
    plain(
        "horseshoe",
        "horseshoe",
        WESTERN,
        ("luck", "horse", "rodeo"),
        horseshoe,
        _k(("a plain horseshoe", "a horseshoe with flowers")),
    ),
)
