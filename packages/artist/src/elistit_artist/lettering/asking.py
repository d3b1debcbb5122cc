"""What lettering an order asks for: the words to set and how, read from the idea and the lettering options.

Words in quotation marks are words to set; "alphabet", "monogram AB", "family name sign The Millers" and "birth print Olivia"
ask for their own forms. It must never raise for what a seller may type, and never change the words to set.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from elistit_artist.lettering import palettes
from elistit_artist.lettering.alphabets import TREATMENTS
from elistit_artist.lettering.faces import FACES, Face, Mood
from elistit_artist.lettering.layouts import LAYOUTS
from elistit_artist.lettering.signs import BIRTHS, MONOGRAMS, SIGNS

# The longest text that is set, in characters.
TEXT_MAX = 300
MOOD_WORDS: dict[str, Mood] = {
    **{m.value: m for m in Mood if m != Mood.PLAIN},
    **dict.fromkeys(("cursive", "calligraphy", "elegant", "wedding"), Mood.SCRIPT),
    **dict.fromkeys(("brushed", "marker", "brushstroke"), Mood.BRUSH),
    **dict.fromkeys(("serifs", "didone", "roman"), Mood.SERIF),
    **dict.fromkeys(("slabs", "western", "varsity", "collegiate"), Mood.SLAB),
    **dict.fromkeys(("bubble", "playful", "cute", "chunky", "kids"), Mood.ROUNDED),
    **dict.fromkeys(("handwritten", "handlettered", "handdrawn", "doodle", "chalk"), Mood.HAND),
    **dict.fromkeys(("gothic", "fraktur", "medieval", "tattoo"), Mood.BLACKLETTER),
    **dict.fromkeys(("typed", "typewritten", "courier"), Mood.TYPEWRITER),
}
# Words that say that letters are wanted, or what for, and ask for nothing more.
_SILENT = frozenset(
    [
        "quote",
        "quotes",
        "quoted",
        "saying",
        "sayings",
        "phrase",
        "phrases",
        "words",
        "word",
        "text",
        "lettering",
        "letter",
        "letters",
        "typography",
        "typographic",
        "type",
        "print",
        "prints",
        "poster",
        "posters",
        "wall",
        "art",
        "sign",
        "signs",
        "svg",
        "svgs",
        "cut",
        "file",
        "files",
        "cutting",
        "decal",
        "decals",
        "sticker",
        "stickers",
        "clipart",
        "clip",
        "card",
        "cards",
        "greeting",
        "design",
        "designs",
        "image",
        "images",
        "file",
        "printable",
        "inspirational",
        "motivational",
        "home",
        "decor",
        "decoration",
        "style",
        "styled",
        "font",
        "fonts",
        "in",
        "with",
        "a",
        "an",
        "the",
        "and",
        "of",
        "for",
        "on",
        "my",
        "our",
        "set",
        "sets",
        "welded",
        "vector",
        "layered",
        "die",
        "vinyl",
        "cricut",
        "family",
        "name",
        "names",
        "surname",
        "last",
        "first",
        "est",
        "established",
        "monogram",
        "monograms",
        "initial",
        "initials",
        "alphabet",
        "alphabets",
        "number",
        "numbers",
        "numeral",
        "numerals",
        "digits",
        "birth",
        "announcement",
        "stats",
        "stat",
        "baby",
        "newborn",
        "nursery",
        "that",
        "says",
        "saying",
        "reading",
        "reads",
        "colors",
        "color",
        "capital",
        "capitals",
        "uppercase",
        "lowercase",
        "marks",
        "punctuation",
        "hand",
        "lettered",
        "drawn",
        "old",
        "english",
        "nice",
        "beautiful",
        "modern",
        "to",
        "by",
        "bold",
    ]
)
_QUOTED = re.compile(r"[“„«\"]\s*([^“”„«»\"]{1,1000}?)\s*[”“»\"]")
_ALPHABET = re.compile(
    r"\balphabets?\b|\bletters?\s+(?:set|clip ?art|a\s?(?:-|–|to)\s?z)\b|\ba\s?(?:-|–|to)\s?z letters\b", re.I
)
_NUMBERS = re.compile(r"\bnumbers?\s+(?:set|sets|clip ?art)\b|\bnumerals\b|\bdigits\b", re.I)
_LETTERS = r"[^\W\d_](?:[ &.+/]{0,3}[^\W\d_]){0,2}"
_MONOGRAM = re.compile(rf"\b(?:[Mm]onograms?|[Ii]nitials?)\b\s*(?:of|for|with|:)?\s*({_LETTERS})(?![\w])")
_MONOGRAM_BEFORE = re.compile(r"(?<!\w)([^\W\d_](?:[ &.+/]{0,3}[^\W\d_]){0,2})\s+[Mm]onograms?\b")
_CAPITALIZED = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŽŠČ][\w’'-]*|&|and|the|de|van|von|der|la)"
_NAME = rf"((?:[Tt]he\s+)?[A-ZÀ-ÖØ-ÞŁŚŻŽŠČ][\w’'-]*(?:\s+{_CAPITALIZED})*)"
_SIGN = re.compile(
    r"\b(?:[Ff]amily|[Nn]ame|[Ss]urname|[Ll]ast\s+name|[Nn]ursery|[Ww]edding|[Dd]oor)(?:\s+name)?\s+(?:sign|print|plaque|name)\b"
    rf"\s*(?:for|of|:|,|saying|that\s+says)?\s*{_NAME}"
)
_EST = re.compile(r"\b(est(?:\.|ablished|d)?\s*(?:in\s+)?\d{4})\b", re.I)
_BIRTH = re.compile(rf"\b[Bb]irth\s+(?:print|announcement|stats?|poster|sign|details)\b\s*(?:for|of|:|,)?\s*{_NAME}")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_FACTS: dict[str, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})[a-z]*\.?,?\s+\d{{4}}|(?:{_MONTH})[a-z]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?"
        r"\s+\d{4}|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})\b",
        re.I,
    ),
    "time": re.compile(r"\b\d{1,2}:\d\d(?:\s*[ap]\.?m\b\.?)?", re.I),
    "weight": re.compile(r"\b\d+\s*lbs?\.?(?:\s*\d+\s*oz\.?)?|\b\d+(?:[.,]\d+)?\s*(?:kg|g)\b", re.I),
    "length": re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:inches|inch|in|cm)\b", re.I),
}


@dataclasses.dataclass(frozen=True)
class Request:
    """Lettering asked for. `form` is `quote`, `sign`, `monogram`, `birth` or `letter`; `texts` are the words to set, in turn
    for several images. `field` is where the words stood: `options.lettering` or `idea`. `used` and `unused` are words of the
    idea; words that ask for nothing are in neither."""

    form: str
    texts: tuple[str, ...]
    field: str
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)
    face: Face | None = None
    mood: Mood | None = None
    layout: str = ""
    palette: str = ""
    treatment: str = ""
    numbers: bool = False
    used: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def read(idea: str, options: Mapping[str, str], product: str) -> Request | None:
    """The lettering an order asks for; None when it asks for none."""
    given = " ".join(options.get("lettering", "").split())
    source, where = (given, "options.lettering") if given else (idea, "idea")
    found = _form(source, where, product, whole=bool(given))
    if found is None:
        return None
    form, texts, details, spans = found
    rest = idea if given else _without(idea, spans)
    said = _words(
        " ".join([rest, options.get("lettering_style", ""), options.get("color_palette", ""), options.get("mood", "")])
    )
    face, mood, taken = _face_asked(f"{options.get('lettering_style', '')} {rest}", said)
    layout, layout_word = _layout_asked(form, said)
    treatment = next((t for t in TREATMENTS if t in said), "") if form == "letter" else ""
    color = palettes.asked(said, paper=product in PAPER)
    taken |= {*layout_word.split(), treatment, *(color[0].words if color else ()), color[0].code if color else ""}
    taken |= {w for text in texts for w in _words(text)}
    own = _words(rest)
    used = [w for w in dict.fromkeys(own) if w in taken]
    unused = [w for w in dict.fromkeys(own) if w not in taken and not _silent(w, rest)]
    set_words = [] if given else [w for text in texts for w in _words(text)]
    return Request(
        form,
        texts,
        where,
        details,
        face,
        mood,
        layout,
        color[0].code if color else "",
        treatment,
        form == "letter" and bool(_NUMBERS.search(source)) and not _ALPHABET.search(source),
        tuple(dict.fromkeys([*set_words, *used])),
        tuple(unused),
    )


# Products whose images have a paper; those of the others lie on any ground.
PAPER = frozenset({"wall_art", "poster", "greeting_card"})
_Found = tuple[str, tuple[str, ...], dict[str, str], list[tuple[int, int]]]


def _form(source: str, where: str, product: str, *, whole: bool) -> _Found | None:
    """Form, texts, details and where they stand in the source. `whole`: the source is nothing but lettering."""
    quoted = list(_QUOTED.finditer(source))
    if found := _birth(source) or _sign(source, quoted) or _monogram(source):
        return found
    if quoted:
        return "quote", tuple(" ".join(m[1].split()) for m in quoted), {}, [m.span() for m in quoted]
    if product not in PAPER and (_ALPHABET.search(source) or _NUMBERS.search(source)):
        spans = [m.span() for m in (_ALPHABET.search(source), _NUMBERS.search(source)) if m]
        return "letter", (), {}, spans
    if whole:
        texts = tuple(t for t in (" ".join(part.split()) for part in source.split("|")) if t)
        return ("quote", texts, {}, []) if texts else None
    return None


def _birth(source: str) -> _Found | None:
    found = _BIRTH.search(source)
    if not found:
        return None
    details, spans = {"name": _name(found[1])}, [found.span()]
    for key, pattern in _FACTS.items():
        fact = pattern.search(source)
        if fact:
            details[key] = " ".join(fact[0].split())
            spans.append(fact.span())
    return "birth", (" ".join(details.values()),), details, spans


def _sign(source: str, quoted: list[re.Match[str]]) -> _Found | None:
    found = _SIGN.search(source)
    asked = re.search(r"\b(?:family|name|surname|nursery|wedding|door)\s+(?:name\s+)?(?:sign|plaque)\b", source, re.I)
    if not found and not (asked and quoted):
        return None
    est = _EST.search(source)
    said = _name(found[1]) if found else " ".join(quoted[0][1].split())
    if est and est[0] in said:
        said = said.replace(est[0], "").strip(" ,")
    spans = [found.span() if found else quoted[0].span(), *([est.span()] if est else [])]
    first, _, rest = said.partition(" ")
    before, name = (first, rest) if first.lower() == "the" and rest else ("", said)
    details = {"name": name, **({"before": before} if before else {}), **({"after": est[1]} if est else {})}
    return "sign", (" ".join(filter(None, (before, name, est[1] if est else ""))),), details, spans


def _monogram(source: str) -> _Found | None:
    for found in (*_MONOGRAM.finditer(source), *_MONOGRAM_BEFORE.finditer(source)):
        letters = "".join(c for c in found[1] if c.isalpha())
        # "Monogram for" and "A monogram" name no initials.
        if letters.isupper() and not found[0].startswith("A "):
            return "monogram", (letters,), {}, [found.span()]
    return None


def _name(text: str) -> str:
    """A name without words that only joined it to what follows."""
    said = text.split()
    while said and said[-1].lower() in ("and", "the", "est", "born", "&", "de", "la", "van", "von", "der"):
        said.pop()
    return " ".join(said)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _words(text: str) -> list[str]:
    return [w.strip("'’-") for w in re.findall(r"[^\W_][\w’'-]*", text.lower())]


def _face_asked(text: str, said: list[str]) -> tuple[Face | None, Mood | None, set[str]]:
    """A face by its name, or a mood by a word; and the words that ask."""
    lower = f" {' '.join(_words(text))} "
    for face in FACES:
        name = " ".join(_words(face.name))
        if f" {name} " in lower:
            return face, face.mood, set(name.split())
    if " old english " in lower:
        return None, Mood.BLACKLETTER, {"old", "english"}
    word = next((w for w in said if w.replace("-", "") in MOOD_WORDS), "")
    return None, MOOD_WORDS.get(word.replace("-", "")), {word}


def _layout_asked(form: str, said: list[str]) -> tuple[str, str]:
    if form == "quote":
        whole = f" {' '.join(said)} "
        if named := next((one for one in LAYOUTS if f" {' '.join(_words(one.name))} " in whole), None):
            return named.code, " ".join(_words(named.name))
        return next(((one.code, w) for w in said for one in LAYOUTS if w == one.code or w in one.words), ("", ""))
    codes = {"sign": SIGNS, "monogram": MONOGRAMS, "birth": BIRTHS}.get(form, ())
    return next(((c, w) for w in said for c in codes if w == c), ("", ""))


def _silent(word: str, text: str) -> bool:
    """Whether a word asks for nothing that could be missed: it says that letters are wanted, or whom they are for."""
    if word in _SILENT or word.isdigit():
        return True
    return bool(re.search(rf"\bfor\s+(?:(?:a|an|the|my|our|your)\s+)?(?:[\w’'-]+\s+)?{re.escape(word)}\b", text, re.I))


def style_problem(style: str) -> str:
    """What is wrong with a lettering style, as a sentence; empty when it names a mood, font, layout, set manner or color."""
    said = _words(style)
    face, mood, _ = _face_asked(style, said)
    layouts = any(_layout_asked(form, said)[0] for form in ("quote", "sign", "monogram", "birth"))
    if face or mood or layouts or palettes.asked(said, paper=True) or any(t in said for t in TREATMENTS) or not said:
        return ""
    moods = ", ".join(m.value for m in Mood if m != Mood.PLAIN)
    return f"There is no lettering style “{style[:40]}”. Choose a mood ({moods}), a font such as “Pacifico” or a layout such as “badge”."
