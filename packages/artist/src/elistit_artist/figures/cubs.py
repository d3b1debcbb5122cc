"""Young ones that look unlike the grown animal: the lion cub.

Heads and coats only, for the shared poses.
"""

from __future__ import annotations

from .anatomy import Coat, Face
from .geometry import Sheet
from .heads import Blush, Eyes, Head, Middle, Mouth, Nose, RoundEars
from .poses import Build
from .safari import tuft_tail
from .subject import DRESSED, animal

CUB = Coat("#e3bb7c", "#f6e7c8", "#b98350", inner="#e2b08a")


def _spots(sheet: Sheet, coat: Coat, face: Face) -> None:
    """The faint spots a cub is born with."""
    for x, y, r in ((-24, -52, 6), (0, -60, 7), (24, -52, 6), (-12, -40, 4.5), (12, -40, 4.5)):
        sheet.oval(face.x(x, 6), y, r, r * 0.8, coat.shade)


CUB_HEAD = Head(
    RoundEars(74, -62, 36, color="main"),
    Middle("0,-80 44,-76 82,-46 98,2 86,50 52,80 0,86", "main"),
    _spots,
    Middle("0,14 28,20 48,46 36,74 0,82", "light", depth=14),
    Blush(70, 40, 15),
    Eyes(43, 2, 13),
    Nose(18, 30, 30, 19, "#7a4a3c"),
    Mouth(18, 40, 14, 9),
)

SUBJECTS = (
    animal(
        "lion_cub",
        "lion cub",
        ("safari",),
        ("animal", "jungle", "zoo", "africa", "lion"),
        Build(CUB, CUB_HEAD, tuft_tail, plump=1.08),
        ("sitting", "sitting up", "walking", "sleeping"),
        DRESSED,
    ),
)
