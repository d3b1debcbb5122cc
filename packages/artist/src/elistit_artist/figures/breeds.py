"""Dogs with faces of their own, for the shared poses: pugs, French bulldogs and doodles.

Head units, back to front; coats are data. The poses and what a dog may wear are `poses`' and `accessories`'.
"""

from __future__ import annotations

from collections.abc import Sequence

from .anatomy import Coat, Face, blush, eye, eyes, mouth, nose
from .geometry import Point, Sheet, darker, flipped, lighter, mirrored, mix, toward, trace
from .poses import Build
from .subject import animal


def _both(sheet: Sheet, right: list[Point], color: str) -> None:
    for side in (-1, 1):
        sheet.shape(right if side > 0 else flipped(right), color, ease=0.33)


def pug_head(sheet: Sheet, coat: Coat, face: Face) -> None:
    """A broad head with folded ears, a wrinkled brow, a dark mask and round eyes."""
    sheet.shape(mirrored(trace("0,-82 48,-80 90,-54 110,-4 108,42 82,74 42,88 0,90")), coat.main)
    _both(sheet, trace("50,-80 84,-86 116,-60 126,-14 112,16 88,-2 70,-34"), coat.dark)
    with sheet.at(face.x(0, 10), 0):
        for y, half in ((-56, 22), (-38, 30)):
            sheet.stroke([(-half, y + 5), (0, y - 4), (half, y + 5)], (2, 6, 2), mix(coat.main, coat.dark, 0.5))
        sheet.shape(mirrored(trace("0,-8 20,0 46,14 66,38 58,66 34,82 0,86")), mix(coat.main, coat.dark, 0.86))
    for side in (-1, 1):
        sheet.oval(face.x(side * 52), 2, 27, 28, mix(coat.main, coat.dark, 0.72))
        if face.mood == "open":
            sheet.oval(face.x(side * 51), 2, 18, 19, "#f6efe6")
            eye(sheet, face.x(side * 50), 3, 16)
        else:
            eye(sheet, face.x(side * 50), 4, 16, face.mood, "#efe2d2")
    blush(sheet, face, 82, 40, 13)
    x = face.x(0, 17)
    nose(sheet, x, 26, 32, 20, "#2f2725")
    sheet.shape(trace("-11,56 0,60 11,56 10,76 0,84 -10,76", x, 0), "#d98a86")
    mouth(sheet, x, 38, 22, 12, "#2f2725")


def frenchie_head(sheet: Sheet, coat: Coat, face: Face) -> None:
    """Bat ears, a square head and wide lips."""
    outer, inner = (
        trace("34,-62 52,-116 74,-146 96,-144 110,-104 106,-40 72,-30"),
        trace("54,-66 66,-108 78,-128 92,-122 96,-88 90,-48 72,-44"),
    )
    _both(sheet, outer, coat.main)
    _both(sheet, inner, coat.inner)
    sheet.shape(mirrored(trace("0,-80 48,-78 86,-52 102,-8 108,34 88,68 44,86 0,88")), coat.main)
    sheet.shape(mirrored(trace("0,-80 13,-76 12,-36 20,0 0,14")), coat.light)
    with sheet.at(face.x(0, 12), 0):
        sheet.shape(mirrored(trace("0,8 30,12 62,34 74,60 56,80 26,78 0,70")), coat.light)
        for side in (-1, 1):
            sheet.stroke(trace("30,-4 40,6 58,14", wide=side), (2, 5, 2), mix(coat.main, coat.dark, 0.6))
            for dx, dy in ((36, 46), (48, 56), (36, 62)):
                sheet.oval(side * dx, dy, 2.8, 2.8, mix(coat.light, coat.dark, 0.5))
    blush(sheet, face, 80, 34, 14)
    eyes(sheet, face, 50, -4, 13)
    x = face.x(0, 18)
    nose(sheet, x, 22, 38, 24, "#332a29")
    sheet.stroke([(x, 32), (x, 46)], (3.6, 3.6), "#4a3a36")
    for side in (-1, 1):
        sheet.stroke([(x, 46), (x + side * 26, 62), (x + side * 52, 56)], (3.4, 4, 2), "#4a3a36")


def _curls(sheet: Sheet, places: Sequence[tuple[float, float, float]], color: str, mark: str) -> None:
    for x, y, r in places:
        sheet.oval(x, y, r, r * 0.94, color)
    for x, y, r in places[::2]:
        ring: list[Point] = [toward((x, y), way, r * 0.5) for way in (200, 260, 320, 20)]
        sheet.stroke(ring, (2, 4.5, 4.5, 2), mark)


def doodle_head(sheet: Sheet, coat: Coat, face: Face) -> None:
    """A head of curls with long curly ears and a pale muzzle."""
    mark = mix(coat.main, coat.dark, 0.7)
    for side in (-1, 1):
        lobes = [
            (side * x, y, r) for x, y, r in ((92, -34, 34), (108, 2, 35), (110, 38, 34), (102, 68, 27), (84, 20, 28))
        ]
        _curls(sheet, lobes, coat.shade, darker(coat.dark, 0.1))
    sheet.shape(mirrored(trace("0,-82 44,-78 80,-54 94,-10 94,32 76,66 40,86 0,90")), coat.main)
    crown = [(-66, -50, 30), (-40, -76, 32), (-4, -88, 34), (34, -80, 32), (64, -54, 30), (-20, -58, 27), (20, -60, 27)]
    _curls(sheet, crown, lighter(coat.main, 0.08), mark)
    for side in (-1, 1):
        _curls(sheet, [(side * 76, 46, 24), (side * 60, 68, 22)], lighter(coat.main, 0.06), mark)
    with sheet.at(face.x(0, 12), 0):
        _curls(
            sheet, [(-28, 54, 26), (28, 54, 26), (0, 70, 25), (0, 40, 24)], coat.light, mix(coat.light, coat.dark, 0.34)
        )
    blush(sheet, face, 66, 34, 14)
    eyes(sheet, face, 42, 0, 12)
    x = face.x(0, 18)
    nose(sheet, x, 32, 34, 24, coat.nose)
    sheet.shape(trace("-12,60 0,64 12,60 11,80 0,87 -11,80", x, 0), "#d98a86")
    mouth(sheet, x, 44, 18, 10)


def poodle_head(sheet: Sheet, coat: Coat, face: Face) -> None:
    """A high topknot, long ears of curls and a slim shaven muzzle."""
    mark = mix(coat.main, coat.dark, 0.6)
    sheet.shape(mirrored(trace("0,-70 40,-66 66,-34 68,10 52,54 34,84 0,92")), coat.light)
    for side in (-1, 1):
        ear = [(82, -46, 30), (100, -12, 33), (110, 26, 34), (112, 64, 34), (100, 98, 30), (84, 62, 24)]
        _curls(sheet, [(side * x, y, r) for x, y, r in ear], coat.main, mark)
    top = [
        (-60, -66, 33),
        (60, -66, 33),
        (-52, -110, 38),
        (52, -110, 38),
        (0, -136, 44),
        (-24, -84, 34),
        (26, -84, 34),
        (0, -62, 30),
    ]
    _curls(sheet, top, lighter(coat.main, 0.06), mark)
    with sheet.at(face.x(0, 10), 0):
        sheet.shape(mirrored(trace("0,10 22,16 36,44 34,74 0,90")), lighter(coat.light, 0.2))
    blush(sheet, face, 56, 34, 13)
    eyes(sheet, face, 36, -4, 12)
    x = face.x(0, 15)
    nose(sheet, x, 36, 32, 23, coat.nose)
    mouth(sheet, x, 48, 16, 10)


def pompon_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A thin tail with a ball of curls at its end."""
    mark = mix(coat.main, coat.dark, 0.6)
    spines = {"sit": trace("66,262 120,240 136,190"), "sleep": trace("178,90 220,80 236,56")}
    spine = spines.get(pose, trace("238,80 272,40 282,-10"))
    sheet.stroke(spine, (18, 15, 13), coat.light)
    x, y = spine[-1][:2]
    _curls(
        sheet, [(x - 20, y, 24), (x + 20, y - 2, 24), (x, y - 24, 26), (x, y + 8, 24), (x, y - 8, 24)], coat.main, mark
    )


def curl_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A short tail curled over the back."""
    spines = {"sit": trace("66,262 104,250 114,222 94,208 82,226"), "sleep": trace("178,84 204,92 204,118 182,120")}
    sheet.stroke(spines.get(pose, trace("238,86 268,66 268,36 242,34 240,54")), (24, 24, 20, 15), coat.shade)


def stub(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A stub of a tail."""
    x, y = {"sit": (84, 262), "sleep": (186, 100)}.get(pose, (248, 92))
    sheet.oval(x, y, 20, 17, coat.shade)


def plume_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A curly plume."""
    places = {
        "sit": [(86, 256, 26), (114, 238, 28), (134, 208, 29), (142, 176, 24)],
        "sleep": [(184, 116, 26), (160, 140, 27), (128, 150, 25)],
    }.get(pose, [(248, 82, 26), (274, 58, 29), (290, 26, 29), (290, -6, 24)])
    _curls(sheet, [(float(x), float(y), float(r)) for x, y, r in places], coat.shade, darker(coat.dark, 0.1))


def curly_coat(sheet: Sheet, coat: Coat, pose: str) -> None:
    """Curls over the shoulders and sides."""
    mark = mix(coat.main, coat.dark, 0.6)
    places: dict[str, list[tuple[float, float]]] = {
        "stand": [(100, 76), (136, 66), (172, 66), (208, 74), (118, 108), (156, 104), (194, 106), (228, 110)],
        "sit": [(56, 110), (-58, 116), (66, 150), (-68, 156), (70, 192), (-72, 198), (66, 232), (-68, 236)],
        "teddy": [(76, 128), (-80, 134), (86, 168), (-90, 176), (88, 210), (-92, 216)],
        "sleep": [(10, -8), (48, -20), (88, -20), (126, -6), (28, 20), (70, 16), (110, 24), (150, 30)],
    }
    for x, y in places.get(pose, []):
        ring: list[Point] = [toward((x, y), way, 12) for way in (180, 240, 300, 360)]
        sheet.stroke(ring, (2, 5, 5, 2), mark)


def _pug(main: str, light: str, dark: str) -> Build:
    return Build(Coat(main, light, dark, inner="#cfa48a"), pug_head, curl_tail, plump=1.16, bib=False)


def _frenchie(main: str, light: str, dark: str, inner: str = "#e3b5a8") -> Build:
    return Build(Coat(main, light, dark, inner=inner), frenchie_head, stub, plump=1.16)


def _doodle(main: str, light: str, dark: str) -> Build:
    return Build(Coat(main, light, dark), doodle_head, plume_tail, plump=1.1, back=curly_coat, bib=False)


PUGS = {"a fawn pug": _pug("#dcb98a", "#efdbb8", "#4f4442"), "a black pug": _pug("#5b5458", "#756d70", "#3a3537")}
FRENCHIES = {
    "a fawn French bulldog": _frenchie("#d3a878", "#f3e4cd", "#8a6244"),
    "a gray French bulldog": _frenchie("#9a9ba3", "#ebe7e2", "#6a6b75"),
    "a cream French bulldog": _frenchie("#ecdcc2", "#faf2e4", "#b89a76"),
    "a brindle French bulldog": _frenchie("#6f5a50", "#efe4d4", "#4a3c38", "#c99a8a"),
}
DOODLES = {
    "a goldendoodle": _doodle("#dcae6e", "#f3dfba", "#b07f45"),
    "a cream labradoodle": _doodle("#ebd9bb", "#f9efdd", "#bf9f72"),
    "a chocolate labradoodle": _doodle("#93694e", "#c79f7c", "#654534"),
    "a bernedoodle": _doodle("#5c5458", "#ece3d8", "#3f393c"),
}
POODLES = {
    "a white poodle": Build(
        Coat("#f1e9de", "#faf4ea", "#c9b8a4"), poodle_head, pompon_tail, plump=0.98, back=curly_coat, bib=False
    ),
    "an apricot poodle": Build(
        Coat("#e2b07c", "#f2d6b2", "#b3804e"), poodle_head, pompon_tail, plump=0.98, back=curly_coat, bib=False
    ),
    "a black poodle": Build(
        Coat("#57525a", "#85808a", "#37333a"), poodle_head, pompon_tail, plump=0.98, back=curly_coat, bib=False
    ),
    "a gray poodle": Build(
        Coat("#a5a6ab", "#cdced1", "#74767f"), poodle_head, pompon_tail, plump=0.98, back=curly_coat, bib=False
    ),
}
_POSES = ("sitting", "sitting up", "walking", "sleeping")
_WEARS = ("a bandana", "a flower crown", "a knitted scarf", "a bow tie", "a party hat")
_TAGS = ("animal", "puppy", "pet", "dog")
SUBJECTS = (
    animal("pug", "pug", ("pets",), _TAGS, PUGS, _POSES, _WEARS),
    animal("french_bulldog", "French bulldog", ("pets",), (*_TAGS, "frenchie"), FRENCHIES, _POSES, _WEARS),
    animal("goldendoodle", "doodle puppy", ("pets",), _TAGS, DOODLES, _POSES, _WEARS),
    animal("poodle", "poodle", ("pets",), _TAGS, POODLES, _POSES, _WEARS),
)
