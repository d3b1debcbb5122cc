"""Whether a listing is true: every claim of its text held against what was made.

Written apart from the writers on purpose, so that a mistake of theirs is found here: it reads the finished text as a buyer
does, and compares counts, sizes, resolution, formats, properties and things named with the rows and files of the project. It
must never change a text, and never take what was asked for as proof of what was made. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elistit.listings import subjects

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "hundred": 100,
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{'|'.join(_NUMBERS)})"
_IMAGES = (
    r"images?|pictures?|pngs?|jpe?gs?|svgs?|designs?|illustrations?|elements?|graphics?|clip\s?arts?|drawings?|paintings?|"
    r"artworks?|stickers?|cards?|posters?|patterns?|papers?|tiles?|prints?|pieces?|pcs|vectors?|cut files?"
)
_COUNTED = re.compile(
    rf"\b{_NUMBER}\+?(?:[\s-]+(?!and\b|or\b|x\b|by\b)[^\W\d_][\w'’]*){{0,3}}?[\s-]+(?P<noun>{_IMAGES}|files?)\b", re.I
)
_SET_OF = re.compile(
    rf"\b(?:set|bundle|pack|collection|bundles|sets)\s+of\s+{_NUMBER}\b|\b{_NUMBER.replace('number', 'other')}[\s-]*(?:pack|piece set)\b",
    re.I,
)
_PAIR = re.compile(
    r"\b(\d+(?:[.,]\d+)?)\s*(?:in(?:ch(?:es)?)?|cm|px|mm|[\"”″])?\s*(?:[x×:]|by)\s*(\d+(?:[.,]\d+)?)\b", re.I
)
_DPI = re.compile(r"\b(\d{2,5})\s*(?:dpi|ppi)\b", re.I)
_PIXELS = re.compile(r"\b(\d{1,3}(?:,\d{3})+|\d{3,6})\s*(?:px|pixels?)\b", re.I)
_FORMAT = re.compile(r"(?<![\w.])(png|jpe?g|svg|pdf|eps|dxf|psd|tiff?|webp|gif|bmp|stl|mp4)s?\b", re.I)
_TENS = re.compile(r"\b(twenty|thirty|forty|fifty)[\s-](one|two|three|four|five|six|seven|eight|nine)\b", re.I)
# What something is for or who it is for, and no claim of what is shown.
_USES = re.compile(
    r"\b(?:(?:cup)?cake toppers?|rose gold|hen part(?:y|ies)|tea towels?|coffee bar|book ?marks?|"
    r"(?:baby|bab(?:y|ies)|girls?|boys?|mothers?|fathers?|wom[ae]n|m[ae]n|child(?:ren)?|teachers?|nurses?|doctors?|family|bride|"
    r"groom|mother['’]?s|father['’]?s)[ -](?:lovers?|gifts?|showers?|day|part(?:y|ies)|birthday|room|nursery|decor|keepsake)|"
    r"(?:new|for) (?:baby|girls?|boys?|mother|father|wom[ae]n|m[ae]n|children|teachers?|nurses?|family))\b",
    re.I,
)
_NOT = re.compile(r"(?:\bno|\bnot|\bnon|\bwithout|\bnothing|\bnever|n['’]t)\b(?:[\s-]+\w+){0,2}[\s-]*$", re.I)


@dataclass(frozen=True)
class Property:
    """A property a text can claim: the words that claim it, and the fact that must hold."""

    fact: str
    claim: str
    words: re.Pattern[str]
    reason: str


def _p(fact: str, claim: str, pattern: str, reason: str) -> Property:
    return Property(fact, claim, re.compile(rf"\b(?:{pattern})\b", re.I), reason)


_PROPERTIES = (
    _p("transparent", "transparent", r"transparent|no background|background removed", "the background is not transparent"),
    _p("seamless", "seamless", r"seamless(?:ly)?|tileable|repeat(?:ing)? pattern", "the edges don't join without a seam"),
    _p("vector", "vector", r"vectors?|vectori[sz]ed|infinitely scalable|layered", "the files are not vector drawings"),
    _p("cut_lines", "cut lines", r"cut lines?|die[ -]cut|kiss[ -]cut", "there are no cut lines"),
    _p(
        "by_hand", "made by hand",
        r"hand[ -]?(?:painted|drawn|made|crafted|lettered|illustrated|sketched|dyed)|painted by hand|drawn by hand",
        "a program made the images",
    ),
    _p(
        "never", "a physical product",
        r"free shipping|ships (?:free|fast|today|from)|framed print included|printed and shipped|frame included",
        "nothing is shipped",
    ),
    _p("no_ai", "made without AI", r"(?:no|not|without|non)[ -](?:any )?(?:ai|a\.i\.|artificial intelligence)|ai[ -]free", "AI made the images"),
    _p("never", "royalty free", r"royalty[ -]free|unlimited (?:commercial|use)|public domain|resell rights|plr", "the license doesn't allow it"),
)  # fmt: skip
_COLORS = (
    "red", "orange", "yellow", "green", "blue", "purple", "violet", "pink", "brown", "black", "white", "gray", "grey", "teal",
    "turquoise", "beige", "gold", "silver", "navy", "lavender", "mint", "peach", "coral", "sage", "mustard", "burgundy",
    "maroon", "cream", "ivory", "terracotta",
)  # fmt: skip
_SEEN_AS = {
    "violet": "purple", "lavender": "purple", "navy": "blue", "turquoise": "teal", "mint": "green", "sage": "green",
    "gold": "yellow", "mustard": "yellow", "burgundy": "red", "maroon": "red", "coral": "orange", "peach": "orange",
    "terracotta": "orange", "cream": "beige", "ivory": "beige", "grey": "gray", "silver": "gray",
}  # fmt: skip
_NEAR = {
    "teal": {"green", "blue"}, "orange": {"red", "brown", "yellow"}, "pink": {"red", "purple"}, "brown": {"orange", "beige"},
    "beige": {"white", "yellow", "brown", "orange"}, "yellow": {"orange"}, "purple": {"pink", "blue"},
    "red": {"pink", "orange", "brown"}, "green": {"teal", "yellow"}, "blue": {"teal", "purple", "gray"}, "gray": {"white", "black", "blue"},
    "white": {"beige", "gray"}, "black": {"gray", "brown"},
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What was made, read from rows and files.

    `count` images; `files` are the numbers “files” may truly be said of. `pixels` are (width, height) of the print files,
    `dpi` their resolutions, `sizes` named ones (“2:3”, “5 × 7 in”). `formats` in capitals (PNG, JPG …). `shown` are the words
    of what is shown; None when only the seller knows (their own images). `colors` are the colors measured in the images; None
    when they were not. `by_hand` and `no_ai` are True where only the seller knows and may say so.
    """

    count: int
    files: frozenset[int] = frozenset()
    pixels: frozenset[tuple[int, int]] = frozenset()
    dpi: frozenset[int] = frozenset()
    sizes: tuple[str, ...] = ()
    formats: frozenset[str] = frozenset()
    transparent: bool = False
    seamless: bool = False
    vector: bool = False
    cut_lines: bool = False
    by_hand: bool = False
    no_ai: bool = False
    shown: tuple[str, ...] | None = None
    colors: frozenset[str] | None = None
    never: bool = False


@dataclass(frozen=True)
class Falsehood:
    """One claim that does not hold. `field` is title, tags or description; `claim` as it is written there; `words` one
    sentence for the seller."""

    field: str
    claim: str
    words: str


def check(title: str, tags: Sequence[str], description: str, facts: Facts) -> list[Falsehood]:
    """Every claim of a listing that the facts don't bear out; an empty list means nothing false was found.

    Things and colors are looked for in title and tags only: a description may speak of what an image goes well with.
    """
    texts = [("title", title), *(("tags", tag) for tag in tags), ("description", description)]
    found = []
    for field, text in texts:
        claims = [*_measured(text, facts), *_properties(text, facts)]
        if field != "description":
            claims += [*_things(text, facts), *_colors(text, facts)]
        found += [Falsehood(field, claim, f"“{claim}” isn't true of these files: {why}.") for claim, why in claims]
    return list(dict.fromkeys(found))


def is_true(text: str, facts: Facts) -> bool:
    """Whether a piece of a title or a tag claims nothing false."""
    return not check(text, (), "", facts)


def summary(facts: Facts) -> str:
    """What the text was checked against, in one sentence for the seller."""
    parts = [f"{facts.count} {'image' if facts.count == 1 else 'images'}", ", ".join(sorted(facts.formats))]
    if len(facts.pixels) == 1:
        [(width, height)] = facts.pixels
        parts.append(f"{width} × {height} px")
    parts += [f"{dpi} DPI" for dpi in sorted(facts.dpi)]
    parts += [
        n
        for n, true in (("transparent", facts.transparent), ("seamless", facts.seamless), ("vector", facts.vector))
        if true
    ]
    return f"Title, tags and description were checked against the files: {', '.join(p for p in parts if p)}."


# --- claims -----------------------------------------------------------------------------------------------------------


def _measured(text: str, facts: Facts) -> Iterable[tuple[str, str]]:
    """Sizes, resolution, formats and counts. What was read as a size is blanked out before numbers are counted."""
    for match in _DPI.finditer(text):
        if facts.dpi and int(match[1]) not in facts.dpi:
            yield match[0], f"they have {' or '.join(map(str, sorted(facts.dpi)))} DPI"
    text = _DPI.sub(_blank, text)
    pairs = _pairs(facts)
    for match in _PAIR.finditer(text):
        if not _fits(match, pairs):
            yield match[0].strip(), "no file has this size or shape"
    text = _PAIR.sub(_blank, text)
    for match in _PIXELS.finditer(text):
        if facts.pixels and int(match[1].replace(",", "")) not in {n for size in facts.pixels for n in size}:
            yield match[0], "no file has this size"
    text = _PIXELS.sub(_blank, text)
    text = _TENS.sub(lambda m: str(_NUMBERS[m[1].lower()] + _NUMBERS[m[2].lower()]), text)
    for match in _FORMAT.finditer(text):
        name = match[1].upper().replace("JPEG", "JPG").replace("TIFF", "TIF")
        if facts.formats and name not in facts.formats and not _negated(text, match.start()):
            yield match[0], f"the files are {', '.join(sorted(facts.formats))}"
    for match in _COUNTED.finditer(text):
        number, files = _number(match["number"]), match["noun"].lower().startswith("file")
        true = facts.files | {facts.count} if files else {facts.count}
        if number not in true and not (files and not facts.files):
            yield match[0], f"there {'is 1 image' if facts.count == 1 else f'are {facts.count} images'}"
    for match in _SET_OF.finditer(text):
        if _number(match["number"] or match["other"]) not in {facts.count, *facts.files}:
            yield match[0], f"there {'is 1 image' if facts.count == 1 else f'are {facts.count} images'}"


def _properties(text: str, facts: Facts) -> Iterable[tuple[str, str]]:
    for known in _PROPERTIES:
        if getattr(facts, known.fact):
            continue
        for match in known.words.finditer(text):
            if known.fact == "no_ai" or not _negated(text, match.start()):
                yield match[0], known.reason


def _things(text: str, facts: Facts) -> Iterable[tuple[str, str]]:
    if facts.shown is None:
        return
    for word in unshown(text, facts.shown):
        yield word, "it isn't among what is shown"


def unshown(text: str, shown: Sequence[str]) -> list[str]:
    """The words of a text that name a thing which is not among the things shown."""
    there = [w for s in shown for w in _words(s)]
    there += [f"{a}_{b}" for s in shown for a, b in zip(_words(s), _words(s)[1:], strict=False)]
    text = _USES.sub(_blank, text)
    return [
        w for w in _words(text) if subjects.is_thing(w) and w.lower() not in _COLORS and not subjects.is_among(w, there)
    ]


def _colors(text: str, facts: Facts) -> Iterable[tuple[str, str]]:
    if facts.colors is None:
        return
    named = {_SEEN_AS.get(w.lower(), w.lower()) for s in facts.shown or () for w in _words(s)}
    text = _USES.sub(_blank, text)
    for word in _words(text):
        color = _SEEN_AS.get(word.lower(), word.lower())
        if (
            word.lower() not in _COLORS
            or color in named
            or color in facts.colors
            or facts.colors & _NEAR.get(color, set())
        ):
            continue
        yield word, "this color isn't in the images"


# --- reading ----------------------------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)


def _blank(match: re.Match[str]) -> str:
    return "·" * len(match[0])


def _negated(text: str, place: int) -> bool:
    return bool(_NOT.search(text[max(0, place - 40) : place]))


def _number(text: str) -> int:
    return _NUMBERS.get(text.lower(), 0) or int(text.replace(",", ""))


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def _pairs(facts: Facts) -> list[tuple[float, float, float]]:
    """(smaller, larger, tolerance) of every size that is true: pixels, inches and centimeters of the files, named sizes."""
    found: list[tuple[float, float, float]] = []
    for wide, high in facts.pixels:
        width, height = float(wide), float(high)
        found.append((width, height, 0.5))
        for dpi in facts.dpi:
            found += [(width / dpi, height / dpi, 0.06), (width / dpi * 2.54, height / dpi * 2.54, 0.51)]
        if width == height:
            found.append((1, 1, 0))
    for size in facts.sizes:
        for match in _PAIR.finditer(size):
            width, height = _decimal(match[1]), _decimal(match[2])
            found.append((width, height, 0.01))
            if re.search(r"\bin\b|inch|[\"”″]", size):
                found.append((width * 2.54, height * 2.54, 0.51))
    return [(min(a, b), max(a, b), t) for a, b, t in found]


def _fits(match: re.Match[str], pairs: list[tuple[float, float, float]]) -> bool:
    low, high = sorted((_decimal(match[1]), _decimal(match[2])))
    return any(abs(low - a) <= t and abs(high - b) <= t for a, b, t in pairs) or not pairs
