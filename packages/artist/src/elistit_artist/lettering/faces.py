"""The faces lettering is set in: open fonts from pinned packages, by mood, with their licences.

The one question "can this be set?" is answered here, from the fonts' own character maps. This module must never fall back
to a font of the machine, and must never list a face whose licence does not allow selling what is set in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont


class Mood(StrEnum):
    """What lettering feels like; sellers choose by it."""

    SCRIPT = "script"
    BRUSH = "brush"
    SERIF = "serif"
    SLAB = "slab"
    ROUNDED = "rounded"
    HAND = "hand"
    BLACKLETTER = "blackletter"
    TYPEWRITER = "typewriter"
    # Quiet capitals for the small words beside a display face; no seller asks for it by mood.
    PLAIN = "plain"


@dataclass(frozen=True)
class Face:
    """One cut of a font. `axes` place a variable font. `joined`: letters connect, so they are never spaced out or set in
    capitals. `capitals`: it looks right in all capitals. `licence` is an SPDX identifier."""

    code: str
    name: str
    mood: Mood
    package: str
    file: str
    licence: str = "OFL-1.1"
    axes: tuple[tuple[str, float], ...] = ()
    joined: bool = False
    capitals: bool = True

    @property
    def path(self) -> Path:
        """The font file. Raises FileNotFoundError when the package that carries it is not installed."""
        return _file(self.package, self.file)

    def covers(self, text: str) -> bool:
        """Whether every character of a text has a glyph here."""
        return not _missing(text, self)


class CannotLetter(ValueError):
    """No bundled face has these characters. `characters` are themselves, `names` say them in words."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        self.names = tuple(named(c) for c in self.characters)
        more = f" and {len(self.names) - 10} more" if len(self.names) > 10 else ""
        super().__init__(f"Our lettering fonts can’t set {', '.join(self.names[:10])}{more}.")


@cache
def _file(package: str, file: str) -> Path:
    path = Path(str(files(package).joinpath(file)))
    if not path.is_file():
        raise FileNotFoundError(f"The font file {file} of {package} is not installed.")
    return path


def _pypi(
    code: str,
    name: str,
    mood: Mood,
    file: str,
    axes: str = "",
    *,
    licence: str = "OFL-1.1",
    joined: bool = False,
    capitals: bool = True,
    package: str = "",
) -> Face:
    placed = tuple((a.split("=")[0], float(a.split("=")[1])) for a in axes.split())
    where = package or f"fontpkg_{code.replace('-', '_')}"
    return Face(code, name, mood, where, f"files/{file}", licence, placed, joined, capitals)


def _bundled(code: str, name: str, mood: Mood, file: str, **how: object) -> Face:
    return Face(code, name, mood, "elistit_artist.lettering", f"fonts/{file}", **how)  # type: ignore[arg-type]


_APACHE = "Apache-2.0"

FACES: tuple[Face, ...] = (
    _pypi("great-vibes", "Great Vibes", Mood.SCRIPT, "GreatVibes-Regular.ttf", joined=True, capitals=False),
    _pypi(
        "dancing-script",
        "Dancing Script",
        Mood.SCRIPT,
        "DancingScript[wght].ttf",
        "wght=700",
        joined=True,
        capitals=False,
    ),
    _pypi("pacifico", "Pacifico", Mood.SCRIPT, "Pacifico-Regular.ttf", joined=True, capitals=False),
    _pypi("lobster", "Lobster", Mood.SCRIPT, "Lobster-Regular.ttf", joined=True, capitals=False),
    _pypi("oleo-script", "Oleo Script", Mood.SCRIPT, "OleoScript-Bold.ttf", joined=True, capitals=False),
    _bundled(
        "kaushan-script", "Kaushan Script", Mood.BRUSH, "kaushan-script-latin-400.ttf", joined=True, capitals=False
    ),
    _pypi("satisfy", "Satisfy", Mood.BRUSH, "Satisfy-Regular.ttf", licence=_APACHE, joined=True, capitals=False),
    _pypi(
        "yellowtail", "Yellowtail", Mood.BRUSH, "Yellowtail-Regular.ttf", licence=_APACHE, joined=True, capitals=False
    ),
    _pypi("permanent-marker", "Permanent Marker", Mood.BRUSH, "PermanentMarker-Regular.ttf", licence=_APACHE),
    _pypi("playfair-display", "Playfair Display", Mood.SERIF, "PlayfairDisplay[wght].ttf", "wght=700"),
    _pypi("abril-fatface", "Abril Fatface", Mood.SERIF, "AbrilFatface-Regular.ttf"),
    _pypi("dm-serif-display", "DM Serif Display", Mood.SERIF, "DMSerifDisplay-Regular.ttf"),
    _pypi("cinzel", "Cinzel", Mood.SERIF, "Cinzel[wght].ttf", "wght=600"),
    _pypi("bodoni-moda", "Bodoni Moda", Mood.SERIF, "BodoniModa[opsz,wght].ttf", "opsz=28 wght=600"),
    _pypi("cormorant-garamond", "Cormorant Garamond", Mood.SERIF, "CormorantGaramond[wght].ttf", "wght=600"),
    _pypi("alfa-slab-one", "Alfa Slab One", Mood.SLAB, "AlfaSlabOne-Regular.ttf"),
    _pypi("zilla-slab", "Zilla Slab", Mood.SLAB, "ZillaSlab-Bold.ttf"),
    _pypi("roboto-slab", "Roboto Slab", Mood.SLAB, "RobotoSlab[wght].ttf", "wght=800", licence=_APACHE),
    _pypi("fredoka", "Fredoka", Mood.ROUNDED, "Fredoka[wdth,wght].ttf", "wdth=100 wght=600"),
    _pypi("comfortaa", "Comfortaa", Mood.ROUNDED, "Comfortaa[wght].ttf", "wght=700"),
    _pypi("varela-round", "Varela Round", Mood.ROUNDED, "VarelaRound-Regular.ttf"),
    _pypi("quicksand", "Quicksand", Mood.ROUNDED, "Quicksand[wght].ttf", "wght=700"),
    _pypi("baloo-2", "Baloo 2", Mood.ROUNDED, "Baloo2[wght].ttf", "wght=700"),
    _pypi("lilita-one", "Lilita One", Mood.ROUNDED, "LilitaOne-Regular.ttf"),
    _pypi("amatic-sc", "Amatic SC", Mood.HAND, "AmaticSC-Bold.ttf", package="font_amatic_sc"),
    _pypi("caveat", "Caveat", Mood.HAND, "Caveat[wght].ttf", "wght=700", capitals=False),
    _pypi("indie-flower", "Indie Flower", Mood.HAND, "IndieFlower-Regular.ttf"),
    _pypi("shadows-into-light", "Shadows Into Light", Mood.HAND, "ShadowsIntoLight.ttf"),
    _pypi("delius", "Delius", Mood.HAND, "Delius-Regular.ttf"),
    _pypi("kalam", "Kalam", Mood.HAND, "Kalam-Bold.ttf"),
    _bundled(
        "unifraktur-maguntia",
        "UnifrakturMaguntia",
        Mood.BLACKLETTER,
        "unifrakturmaguntia-latin-400.ttf",
        capitals=False,
    ),
    _bundled("unifraktur-cook", "UnifrakturCook", Mood.BLACKLETTER, "unifrakturcook-latin-700.ttf", capitals=False),
    _bundled("pirata-one", "Pirata One", Mood.BLACKLETTER, "pirata-one-latin-400.ttf", capitals=False),
    _bundled("grenze-gotisch", "Grenze Gotisch", Mood.BLACKLETTER, "grenze-gotisch-latin-600.ttf", capitals=False),
    _bundled("special-elite", "Special Elite", Mood.TYPEWRITER, "special-elite-latin-400.ttf", licence=_APACHE),
    _bundled("courier-prime", "Courier Prime", Mood.TYPEWRITER, "courier-prime-latin-700.ttf"),
    _bundled("cutive-mono", "Cutive Mono", Mood.TYPEWRITER, "cutive-mono-latin-400.ttf"),
    _pypi("josefin-sans", "Josefin Sans", Mood.PLAIN, "JosefinSans[wght].ttf", "wght=600"),
    _pypi("bebas-neue", "Bebas Neue", Mood.PLAIN, "BebasNeue-Regular.ttf"),
)

_BY_CODE = {f.code: f for f in FACES}


def catalogue() -> dict[str, Face]:
    """Every face by its code."""
    return dict(_BY_CODE)


def face(code: str) -> Face:
    """The face of a code. Raises KeyError."""
    return _BY_CODE[code]


def of_mood(mood: Mood) -> tuple[Face, ...]:
    return tuple(f for f in FACES if f.mood == mood)


@cache
def font(face: Face) -> TTFont:
    """The font of a face, opened once. Its character map and outlines are read here; HarfBuzz opens its own."""
    return TTFont(face.path, lazy=True)


@cache
def characters(face: Face) -> frozenset[int]:
    """The code points a face sets. Scripts that need more than letters beside letters, from left to right, are left out."""
    return frozenset(code for code in font(face).getBestCmap() if code < 0x530 or 0x1E00 <= code < 0x2C00)


def _missing(text: str, face: Face) -> list[str]:
    has = characters(face)
    kept = (c for c in unicodedata.normalize("NFC", text) if not _silent(c))
    return list(dict.fromkeys(c for c in kept if ord(c) not in has))


def _silent(character: str) -> bool:
    """Whether a character is only space between words, or belongs to the one before it and shows nothing of its own."""
    return character.isspace() or "\ufe00" <= character <= "\ufe0f" or character in "\u200d\u200b\u00ad"


def unsettable(text: str, face: Face) -> list[str]:
    """The characters of a text that a face has no glyph for, in words, each once: “😀” (grinning face)."""
    return [named(c) for c in _missing(text, face)]


def named(character: str) -> str:
    """A character for a sentence, with its Unicode name where that says more than the character does."""
    name = unicodedata.name(character, "").lower()
    shown = (
        f"“{character}”"
        if character.isprintable() and not unicodedata.combining(character)
        else f"U+{ord(character):04X}"
    )
    return f"{shown} ({name})" if name else shown


def choose(text: str, mood: Mood | None, turn: int = 0) -> Face:
    """A face that has every character of a text: the `turn`-th of its mood, else the `turn`-th of any. Raises CannotLetter
    with the characters that the fittest face lacks."""
    wanted = [f for f in FACES if f.mood != Mood.PLAIN]
    for group in ([f for f in wanted if f.mood == mood], wanted):
        able = [f for f in group if f.covers(text)]
        if able:
            return able[turn % len(able)]
    lacking: list[list[str]] = sorted((_missing(text, f) for f in wanted), key=len)
    raise CannotLetter(lacking[0])


def able(text: str, mood: Mood | None) -> list[Face]:
    """The faces that can set a text: those of a mood, or of all moods in turn so that neighbors differ. Raises
    CannotLetter."""
    if mood is not None:
        found = [f for f in of_mood(mood) if f.covers(text)]
        if found:
            return found
    groups = [[f for f in of_mood(m) if f.covers(text)] for m in Mood if m != Mood.PLAIN]
    found = [g[k] for k in range(max(map(len, groups))) for g in groups if k < len(g)]
    return found or [choose(text, mood)]
