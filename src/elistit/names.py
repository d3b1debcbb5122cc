"""Text that people type, made fit to be shown on one line, kept as a message, or used as the name of a file.

The one home of these rules: launch, delivery, ZIP files, Google Drive and downloads all ask here. It must never cut a
character in two (a letter from its accent, an emoji from its skin tone), and never return a name that Windows or macOS
refuses. Pure: no Django, no clock.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import anyascii
import regex

FILE_MAX, FOLDER_MAX = 80, 100
# A file name on Linux has at most 255 bytes; an ending and a number still have to fit.
_BYTES_MAX = 200
# Nothing of these can be seen: controls, format characters (direction marks, zero-width spaces), lone surrogates, private
# and unassigned characters, and the fillers that are letters by category only. Variation selectors choose a shape and stay.
_HIDDEN = regex.compile(r"(?V1)[[\p{C}\p{Default_Ignorable_Code_Point}\u2800]--[\p{Variation_Selector}\n\t]]")
_HIDDEN_BUT_JOINERS = regex.compile(rf"(?V1)(?![\u200C\u200D]){_HIDDEN.pattern.removeprefix('(?V1)')}")
_STRAY_SELECTOR = regex.compile(r"(?:(?<=^)|(?<=[\s\p{Variation_Selector}]))\p{Variation_Selector}+")
_SEEN = regex.compile(r"(?V1)[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]")
# Where a joiner is spelling, not decoration: inside an emoji sequence, and after a letter of a script that joins letters.
_EMOJI_JOINER = regex.compile(r"(?<=\p{Extended_Pictographic}[\p{EMod}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})")
_JOINING = "|".join(
    rf"\p{{Script={name}}}"
    for name in (
        "Arabic", "Syriac", "Mongolian", "Nko", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu",
        "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar", "Tibetan",
    )
)  # fmt: skip
_LETTER_JOINER = regex.compile(rf"(?<=(?:{_JOINING}))(?:\u200C|\u200D)(?=(?:{_JOINING})|\s|\p{{P}}|$)")
_KEPT = {"\u200c": "\ue000", "\u200d": "\ue001"}
_EDGES = regex.compile(r"^[ .\-\p{Variation_Selector}]+|[ .\-]+$")
_NOT_IN_FILES = regex.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029]+')
_RESERVED = regex.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])", regex.IGNORECASE)
_APOSTROPHES = regex.compile(r"(?<=\p{L})['’ʼ](?=\p{L})")


def seen(text: str) -> bool:
    """Whether anything of a text can be seen: at least one letter, digit, sign or symbol."""
    return bool(_SEEN.search(text))


def one_line(text: str) -> str:
    """A name, title or idea as it is kept and shown: composed (NFC), on one line, without characters that cannot be seen
    or that turn the direction of what follows. Empty when nothing of it can be seen. Idempotent.
    """
    return _tidy(" ".join(text.split()))


def message(text: str) -> str:
    """A message of several lines, such as the words of a card: line breaks stay (CRLF becomes LF), blank lines at both
    ends go, and so does everything `one_line` removes, except joiners where a script or an emoji is spelled with them.
    Empty when nothing of it can be seen. Idempotent.
    """
    lines = regex.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text)
    kept = [_tidy(" ".join(line.split()), joiners=True) for line in lines]
    while kept and not kept[0]:
        kept.pop(0)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)


def _tidy(line: str, *, joiners: bool = False) -> str:
    # What goes can make a neighbor of it stray. Each pass only takes away or composes, so that this comes to an end.
    while (tidied := _tidied(line, joiners)) != line:
        line = tidied
    return line if seen(line) else ""


def _tidied(line: str, joiners: bool) -> str:
    # What is hidden goes first: whether a joiner is spelling is judged by the neighbors it has in the end.
    line = unicodedata.normalize("NFC", (_HIDDEN_BUT_JOINERS if joiners else _HIDDEN).sub("", line))
    if joiners:
        for pattern in (_EMOJI_JOINER, _LETTER_JOINER):
            line = pattern.sub(lambda found: _KEPT[found.group()], line)
        line = regex.sub("[\u200c\u200d]", "", line).replace("\ue000", "\u200c").replace("\ue001", "\u200d")
    return " ".join(unicodedata.normalize("NFC", _STRAY_SELECTOR.sub("", line)).split())


def clusters(text: str) -> list[str]:
    """The characters of a text as a reader counts them (extended grapheme clusters)."""
    return regex.findall(r"\X", text)


def cut(text: str, longest: int) -> str:
    """The beginning of a text with at most `longest` code points, no character cut in two, no space at its end.

    Empty when even the first character is longer than that.
    """
    if len(text) <= longest:
        return text.rstrip()
    whole, length = [], 0
    for cluster in clusters(text):
        length += len(cluster)
        if length > longest:
            break
        whole.append(cluster)
    return "".join(whole).rstrip()


def cut_at_word(text: str, longest: int) -> str:
    """As `cut`, but at the last space where there is one, so that no word is cut either."""
    short = cut(text, longest)
    if short == text.rstrip() or text[len(short) : len(short) + 1].isspace():
        return short
    return short.rpartition(" ")[0].rstrip() or short


def plain(text: str) -> str:
    """A text in ASCII letters: Łódź becomes Lodz, Straße Strasse, Ночь Noch. Empty when no letter of it is known."""
    return str(anyascii.anyascii(unicodedata.normalize("NFC", _HIDDEN.sub("", text))))


def slug(text: str, instead: str, longest: int = 60) -> str:
    """A plain file name from words: lower-case letters, digits and hyphens. Never empty and never reserved on Windows.

    `instead` is used where nothing of the text is left; give one that tells this project or image from others.
    """
    for words in (text, instead, "file"):
        bare = plain(_APOSTROPHES.sub("", words)).lower()
        found = regex.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:longest].strip("-")
        if found:
            return _unreserved(found, "-file")
    raise AssertionError("the last of the words is plain")


def file_name(name: str, instead: str = "files", longest: int = FILE_MAX) -> str:
    """A file name any computer takes: ASCII letters, digits, spaces, dots, hyphens and underscores. Idempotent.

    At most `longest` characters, the ending kept. `instead` is used where nothing of the name is left.
    """
    bare = regex.sub(r"\s+", " ", regex.sub(r"[^A-Za-z0-9._ -]+", " ", plain(_APOSTROPHES.sub("", name)))).rstrip(" .")
    stem, ending = _apart(bare)
    stem = stem.strip(" .")[: longest - len(ending)].strip(" .")
    return _unreserved((stem if regex.search(r"[A-Za-z0-9]", stem) else instead) + ending, "_")


def shown_name(name: str, instead: str = "Project", longest: int = FOLDER_MAX) -> str:
    """A file or folder name any computer takes, as close to the given one as can be: letters of any script stay.

    At most `longest` characters and 200 bytes, the ending kept, no character cut in two. Idempotent.
    """
    text = " ".join(_NOT_IN_FILES.sub("-", one_line(name)).split()).rstrip(" .-")
    stem, ending = _apart(text)
    stem = cut(_EDGES.sub("", stem), longest - len(ending))
    while len((stem + ending).encode()) > _BYTES_MAX:
        stem = "".join(clusters(stem)[:-1])
    stem = _EDGES.sub("", stem)
    return _unreserved(stem + ending, "_") if seen(stem) else instead + ending


def unlike(names: Iterable[str]) -> list[str]:
    """The names in their order, each unlike the others also where case is ignored: a repeated one gets a number."""
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        stem, ending = _apart(name)
        number, candidate = 1, name
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{stem[: FILE_MAX - len(ending) - 5]}-{number}{ending}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return found


def _apart(name: str) -> tuple[str, str]:
    """Stem and ending. An ending is a dot and up to eight ASCII letters or digits that are not all digits."""
    found = regex.fullmatch(r"(?s)(.*?)(\.(?=[a-zA-Z0-9]*[a-zA-Z])[a-zA-Z0-9]{1,8})", name)
    return (found.group(1), found.group(2)) if found else (name, "")


def _unreserved(name: str, suffix: str) -> str:
    """Windows keeps some names for devices, also with an ending: such a name gets a suffix before its first dot."""
    first, dot, rest = name.partition(".")
    return f"{first.rstrip()}{suffix}{dot}{rest}" if _RESERVED.fullmatch(first.rstrip()) else name
