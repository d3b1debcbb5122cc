"""Cats and dogs of several coats, for the shared poses.

One cat head carries every coat; dogs differ in ears and markings. Head units, back to front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .anatomy import Coat, Face, blush, ear_pointed, eyes, mouth, nose, whiskers
from .geometry import Point, Sheet, darker, flipped, mirrored, mix, rows, trace
from .poses import Build, HeadPainter
from .subject import animal

GINGER = Coat("#d99a5b", "#f6e6cf", "#b8733c", inner="#efbfa6", nose="#b8736a")
GRAY = Coat("#a3a3a6", "#ece8e2", "#77777d", inner="#e3b9ae", nose="#9a6a68")
BLACK = Coat("#55505a", "#6d6670", "#423d47", inner="#c79a98", nose="#2a2528", blush="#c98d8a")
WHITE = Coat("#eee6da", "#f8f2e8", "#c9bcab", inner="#efc1b3", nose="#c98a80")
SIAMESE = Coat("#e6d3b6", "#f4e8d4", "#6f5646", inner="#b58f7c", nose="#4f3d36")


def _side(sheet: Sheet, right: list[Point], color: str, sides: tuple[int, ...] = (-1, 1)) -> None:
    for side in sides:
        sheet.shape(right if side > 0 else flipped(right), color, ease=0.33)


def cat_head(marks: str) -> HeadPainter:
    """A cat's head; ``marks`` is tabby, plain, mask (points) or patch (calico)."""

    def paint(sheet: Sheet, coat: Coat, face: Face) -> None:
        ears = coat.dark if marks == "mask" else coat.main
        for side in (-1, 1):
            ear_pointed(
                sheet,
                side,
                trace("24,-64 46,-104 72,-138 84,-138 96,-100 98,-48 62,-40"),
                trace("46,-72 60,-98 74,-116 84,-92 84,-60"),
                ears,
                coat.inner,
            )
        sheet.shape(mirrored(trace("0,-78 44,-76 84,-50 102,-4 104,34 80,66 40,82 0,86")), coat.main)
        if marks == "mask":
            sheet.shape(mirrored(trace("0,-16 34,-12 62,8 64,40 40,74 0,84")), mix(coat.main, coat.dark, 0.62))
        if marks == "patch":
            sheet.shape(trace("-8,-78 -44,-76 -84,-50 -101,-6 -70,22 -34,20 -22,-24"), "#d59a5e")
            sheet.shape(trace("30,-78 60,-68 88,-44 98,-12 72,-14 46,-40"), "#6d5f5c")
        if marks == "tabby":
            for x, tall in ((0, 42), (-20, 32), (20, 32)):
                sheet.stroke([(x, -77), (x * 0.9, -77 + tall * 0.6), (x * 0.8, -77 + tall)], (12, 10, 3), coat.dark)
            for side in (-1, 1):
                for y in (14, 34):
                    sheet.stroke(trace("102,0 84,2 72,6", 0, y, wide=side), (9, 7, 2), coat.dark)
        if marks != "mask":
            with sheet.at(face.x(0, 13), 0):
                sheet.shape(mirrored(trace("0,24 20,28 44,46 36,70 14,80 0,80")), coat.light)
        blush(sheet, face, 72, 40, 14, coat.blush)
        if coat.main == BLACK.main or marks == "dark":
            for side in (-1, 1):
                sheet.oval(face.x(side * 46), 4, 17, 18, "#d9c47a")
        eyes(sheet, face, 46, 4, 12)
        nose(sheet, face.x(0, 17), 36, 20, 14, coat.nose)
        mouth(sheet, face.x(0, 17), 43, 14, 7, darker(coat.nose, 0.35))
        whiskers(sheet, face, 46, 44, darker(coat.dark, 0.2))

    return paint


def cat_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A long tail that curls at its tip."""
    spines: dict[str, list[Point]] = {
        "sit": trace("50,268 124,276 166,236 156,186 180,150"),
        "sleep": trace("194,110 190,158 120,174 30,172 -20,166"),
    }
    spine = spines.get(pose, trace("246,96 288,70 296,10 282,-50 306,-86"))
    sheet.stroke(spine, (28, 31, 30, 29, 22), coat.dark if coat.main == SIAMESE.main else coat.shade)


def tabby_back(sheet: Sheet, coat: Coat, pose: str) -> None:
    """Stripes over the back and sides."""
    if pose == "stand":
        for x in (104, 142, 180, 218):
            sheet.stroke(trace("0,62 5,92 -2,118", x, 0), (12, 11, 3), coat.dark)
    elif pose == "sleep":
        for x, y in ((14, -22), (58, -30), (100, -28)):
            sheet.stroke(trace("0,0 12,26 16,52", x, y), (13, 11, 3), coat.dark)
    elif pose == "sit":
        for side in (-1, 1):
            for y in (136, 166, 196):
                sheet.stroke(trace("70,0 56,5 46,10", 0, y, wide=side), (10, 8, 2), coat.dark)


def patch_back(sheet: Sheet, coat: Coat, pose: str) -> None:
    """Ginger and dark patches."""
    if pose == "stand":
        sheet.shape(trace("90,62 140,66 150,100 116,124 84,100"), "#d59a5e")
        sheet.shape(trace("190,58 238,78 256,120 222,134 192,104"), "#6d5f5c")
    elif pose == "sleep":
        sheet.shape(trace("10,-24 70,-33 90,6 50,40 14,20"), "#d59a5e")
        sheet.shape(trace("120,-22 164,2 176,34 140,42 112,14"), "#6d5f5c")
    elif pose == "sit":
        sheet.shape(trace("66,120 74,180 71,226 48,210 46,150"), "#6d5f5c")
        sheet.shape(trace("-68,160 -75,200 -70,246 -50,230 -48,180"), "#d59a5e")


def dog_head(ears: str, marks: str = "") -> HeadPainter:
    """A dog's head; ``ears`` hang or stand, ``marks`` is blaze, spots, eyebrows or none."""

    def paint(sheet: Sheet, coat: Coat, face: Face) -> None:
        if ears == "up":
            for side in (-1, 1):
                ear_pointed(
                    sheet,
                    side,
                    trace("26,-60 48,-112 76,-154 90,-152 100,-104 98,-44 62,-38"),
                    trace("50,-68 64,-104 78,-128 88,-98 86,-56"),
                    coat.main,
                    coat.inner,
                )
        sheet.shape(mirrored(trace("0,-84 44,-79 80,-54 97,-8 100,32 80,66 42,86 0,90")), coat.main)
        if marks == "blaze":
            sheet.shape(mirrored(trace("0,-84 15,-78 13,-40 18,0 40,26 76,32 92,52 70,74 40,86 0,90")), coat.light)
        else:
            with sheet.at(face.x(0, 12), 0):
                sheet.shape(mirrored(trace("0,8 26,16 50,44 42,72 18,84 0,85")), coat.light)
        if marks == "patch":
            sheet.shape(trace("-20,0 -30,-40 -62,-50 -84,-22 -80,18 -52,28 -28,20"), coat.dark)
        if marks == "brows":
            for side in (-1, 1):
                sheet.oval(face.x(side * 40), -26, 12, 9, coat.light)
        if marks == "spots":
            for x, y, r in rows("-62,-46,12 36,-62,10 74,-22,9 -84,24,8 8,-48,6 82,30,7 -30,-66,7"):
                sheet.oval(x, y, r, r * 0.9, coat.dark)
        if ears == "hang":
            lobe: list[Point] = trace("52,-78 84,-74 112,-36 122,20 112,58 90,66 76,36 76,-14 62,-46")
            _side(sheet, lobe, coat.dark)
        if ears == "half":
            flap: list[Point] = trace("40,-80 70,-104 100,-92 118,-54 112,-30 94,-36 78,-50 60,-62")
            _side(sheet, flap, coat.dark)
        blush(sheet, face, 66, 38, 14)
        eyes(sheet, face, 43, -2, 11.5)
        x = face.x(0, 19)
        nose(sheet, x, 30, 34, 24, coat.nose)
        sheet.shape(trace("-12,58 0,62 12,58 11,78 0,85 -11,78", x, 0), "#d98a86")
        mouth(sheet, x, 42, 18, 10)

    return paint


def dog_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A tail held up."""
    spines: dict[str, list[Point]] = {
        "sit": trace("62,264 112,258 146,218 158,180"),
        "sleep": trace("190,110 196,150 150,166 104,166"),
    }
    sheet.stroke(spines.get(pose, trace("244,92 280,70 300,30 306,-6")), (28, 34, 30, 14), coat.shade)


def dalmatian_back(sheet: Sheet, coat: Coat, pose: str) -> None:
    """Round spots."""
    places = {
        "stand": (
            (80, 84, 11),
            (112, 110, 9),
            (140, 82, 12),
            (170, 112, 10),
            (206, 82, 11),
            (234, 114, 10),
            (130, 150, 9),
            (92, 150, 8),
            (40, 200, 7),
            (238, 196, 8),
        ),
        "sit": ((52, 120, 9), (-54, 140, 8), (62, 180, 10), (-64, 200, 9), (54, 232, 8), (-84, 240, 9), (84, 246, 8)),
        "teddy": ((74, 120, 9), (-78, 140, 8), (84, 190, 9), (-84, 210, 9)),
        "sleep": ((0, 0, 11), (44, -12, 10), (90, -6, 12), (134, 12, 10), (60, 34, 9), (18, 44, 8)),
    }.get(pose, ())
    for x, y, r in places:
        sheet.oval(x, y, r, r * 0.9, coat.dark)


def _dog(
    coat: Coat,
    ears: str,
    marks: str = "",
    back: Callable[[Sheet, Coat, str], None] | None = None,
    bib: bool = True,
    socks: str | None = None,
) -> Build:
    return Build(coat, dog_head(ears, marks), dog_tail, plump=1.04, bib=bib, back=back, socks=socks)


CATS = {
    "an orange tabby cat": Build(GINGER, cat_head("tabby"), cat_tail, plump=1.02, back=tabby_back),
    "a gray tabby cat": Build(GRAY, cat_head("tabby"), cat_tail, plump=1.02, back=tabby_back),
    "a black cat": Build(BLACK, cat_head("plain"), cat_tail, bib=False),
    "a white cat": Build(WHITE, cat_head("plain"), cat_tail, bib=False),
    "a calico cat": Build(replace(WHITE, nose="#b8736a"), cat_head("patch"), cat_tail, back=patch_back, bib=False),
    "a Siamese cat": Build(SIAMESE, cat_head("mask"), cat_tail, bib=False, socks=SIAMESE.dark),
}
DOGS = {
    "a golden retriever": _dog(Coat("#d9ab6d", "#f1dcb8", "#bf8a4c", inner="#e3b58f"), "hang"),
    "a corgi": _dog(Coat("#d3914f", "#f6ead9", "#b8763a", inner="#ecc0a4"), "up", "blaze"),
    "a beagle": _dog(Coat("#c1895a", "#f3e7d6", "#8a5a3c"), "hang", "blaze"),
    "a dalmatian": _dog(Coat("#ece6dc", "#f8f3ea", "#57504f"), "hang", "spots", dalmatian_back, bib=False),
    "a terrier": _dog(Coat("#efe3d0", "#faf3e6", "#a5774f"), "half", "patch", bib=False),
    "a brown puppy": _dog(Coat("#9b6f50", "#dab894", "#6f4c38", inner="#c99a7c"), "hang"),
    "a dachshund": _dog(Coat("#6d5248", "#c98f5f", "#54403a"), "hang", "brows"),
}
SUBJECTS = (
    animal(
        "cat",
        "cat",
        ("pets", "halloween", "farm"),
        ("animal", "kitten", "kitty", "pet"),
        CATS,
        ("sitting", "sleeping", "walking", "peeking over a log"),
        ("a bow tie", "a flower crown", "a knitted scarf", "a bandana", "a party hat"),
    ),
    animal(
        "dog",
        "dog",
        ("pets", "farm"),
        ("animal", "puppy", "pet", "hound"),
        DOGS,
        ("sitting", "sitting up", "walking", "sleeping"),
        ("a bandana", "a flower crown", "a knitted scarf", "a bow tie", "a party hat"),
    ),
)
