"""Etsy's listing rules as data, and one check of a listing against them (rules §4, listing).

Pure: no Django, no network, no clock. It says what is wrong in words a seller can act on; it must never repair a text
on its own (that is `writer`) and never decide what happens to a listing that breaks a rule.

Etsy has no published limit for the description; the character classes are those of its API document, the counts are
the ones its own listing form enforces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elistit.listings import currencies

TITLE_MAX = 140
TITLE_MARKS_ONCE = "%:&+"
TAGS_MAX = 13
TAG_MAX = 20
MATERIALS_MAX = 13
MATERIAL_MAX = 45
IMAGES_MAX = 20
IMAGE_BYTES_MAX = 10_000_000
VIDEO_BYTES_MAX = 100_000_000
FILES_MAX = 5
FILE_BYTES_MAX = 20_000_000
FILE_NAME_MAX = 70
ALT_TEXT_MAX = 500
IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif")
# What Etsy's help page lists as digital files; anything else goes into a ZIP.
FILE_ENDINGS = (
    ".bmp", ".doc", ".epub", ".gif", ".ibook", ".jpeg", ".jpg", ".mobi", ".mov", ".mp3", ".mpeg", ".pdf", ".png", ".psp",
    ".rtf", ".stl", ".txt", ".zip",
)  # fmt: skip

_ALWAYS = frozenset("™©®")
_TAG_MARKS = frozenset("-'™©®")


@dataclass(frozen=True)
class Problem:
    """One broken rule. `field` is title, tags, description, price, materials, images or files; `words` one sentence."""

    field: str
    words: str


def title_character(character: str) -> bool:
    """Whether Etsy takes this character in a title: letters, decimal digits, punctuation, mathematical signs, spaces."""
    if character in _ALWAYS:
        return True
    category = unicodedata.category(character)
    return category[0] in "LP" or category in ("Nd", "Sm", "Zs")


def tag_character(character: str) -> bool:
    """Whether Etsy takes this character in a tag: letters, decimal digits, spaces and - ' ™ © ®."""
    return character in _TAG_MARKS or _word_character(character)


def material_character(character: str) -> bool:
    """Whether Etsy takes this character in a material: letters, decimal digits and spaces only."""
    return _word_character(character)


def file_name_character(character: str) -> bool:
    """Whether a file name with this character is safe to send: plain letters, digits, dots, hyphens and underscores."""
    return character.isascii() and (character.isalnum() or character in "._-")


def tag_key(tag: str) -> str:
    """Two tags with the same key are the same tag to Etsy: case and spacing do not count."""
    return " ".join(unicodedata.normalize("NFKC", tag).casefold().split())


def check(
    title: str,
    tags: Sequence[str],
    description: str,
    price_cents: int,
    *,
    currency: str = currencies.USD,
    materials: Sequence[str] = (),
    images: Sequence[tuple[str, int]] = (),
    files: Sequence[tuple[str, int]] = (),
    videos: Sequence[tuple[str, int]] = (),
) -> list[Problem]:
    """Every rule of Etsy's this listing breaks; an empty list means Etsy's published rules are met.

    `price_cents` is in hundredths of `currency`, the shop's; `images`, `files` and `videos` are pairs of file name and size in bytes.
    """
    return [
        *_title(title),
        *_tags(tags),
        *_description(description),
        *_price(price_cents, currency),
        *_materials(materials),
        *_images(images),
        *_files(files),
        *_videos(videos),
    ]


def _word_character(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "L" or category in ("Nd", "Zs")


def _named(characters: Iterable[str]) -> str:
    """The offending characters as a seller can recognise them: the character itself, or its name when it is invisible."""
    seen = list(dict.fromkeys(characters))[:5]
    return ", ".join(c if c.isprintable() and not c.isspace() else unicodedata.name(c, f"U+{ord(c):04X}") for c in seen)


def _title(title: str) -> list[Problem]:
    found = []
    if not title.strip():
        found.append(Problem("title", "The title is empty."))
    if len(title) > TITLE_MAX:
        found.append(Problem("title", f"The title has {len(title)} characters; Etsy takes {TITLE_MAX} at most."))
    if bad := [c for c in title if not title_character(c)]:
        found.append(Problem("title", f"Etsy doesn't allow these characters in a title: {_named(bad)}."))
    for mark in TITLE_MARKS_ONCE:
        if title.count(mark) > 1:
            found.append(Problem("title", f"The title has {mark} more than once; Etsy allows it once."))
    return found


def _tags(tags: Sequence[str]) -> list[Problem]:
    found = []
    if len(tags) > TAGS_MAX:
        found.append(Problem("tags", f"There are {len(tags)} tags; Etsy takes {TAGS_MAX} at most."))
    keys: set[str] = set()
    for tag in tags:
        key = tag_key(tag)
        if not key:
            found.append(Problem("tags", "One tag is empty."))
            continue
        if key in keys:
            found.append(Problem("tags", f"The tag “{tag}” is there twice."))
        keys.add(key)
        if len(tag) > TAG_MAX:
            found.append(Problem("tags", f"The tag “{tag}” has {len(tag)} characters; Etsy takes {TAG_MAX} at most."))
        if bad := [c for c in tag if not tag_character(c)]:
            found.append(Problem("tags", f"Etsy doesn't allow these characters in the tag “{tag}”: {_named(bad)}."))
        if tag[0] in "-'":
            found.append(Problem("tags", f"The tag “{tag}” starts with {tag[0]}, which Etsy doesn't allow."))
    return found


def _description(description: str) -> list[Problem]:
    return [] if description.strip() else [Problem("description", "The description is empty.")]


def _price(cents: int, currency: str) -> list[Problem]:
    words = currencies.get(currency).problem(cents)
    return [Problem("price", words)] if words else []


def _materials(materials: Sequence[str]) -> list[Problem]:
    found = []
    if len(materials) > MATERIALS_MAX:
        found.append(Problem("materials", f"There are {len(materials)} materials; Etsy takes {MATERIALS_MAX} at most."))
    for material in materials:
        if not material.strip():
            found.append(Problem("materials", "One material is empty."))
        elif bad := [c for c in material if not material_character(c)]:
            found.append(Problem("materials", f"Etsy doesn't allow these characters in “{material}”: {_named(bad)}."))
        if len(material) > MATERIAL_MAX:
            words = f"The material “{material}” has {len(material)} characters; Etsy takes {MATERIAL_MAX} at most."
            found.append(Problem("materials", words))
    return found


def _images(images: Sequence[tuple[str, int]]) -> list[Problem]:
    found = []
    if len(images) > IMAGES_MAX:
        found.append(Problem("images", f"There are {len(images)} listing images; Etsy allows {IMAGES_MAX} at most."))
    for name, size in images:
        if not name.lower().endswith(IMAGE_ENDINGS):
            found.append(Problem("images", f"The image {name} is not a JPG, PNG or GIF file."))
        found += _size("images", f"The image {name}", size, IMAGE_BYTES_MAX)
    return found


def _files(files: Sequence[tuple[str, int]]) -> list[Problem]:
    found = []
    if len(files) > FILES_MAX:
        found.append(Problem("files", f"There are {len(files)} files; an Etsy listing takes {FILES_MAX} at most."))
    for name, size in files:
        found += _size("files", f"The file {name}", size, FILE_BYTES_MAX)
        if len(name) > FILE_NAME_MAX:
            words = f"The file name {name} has {len(name)} characters; Etsy takes {FILE_NAME_MAX} at most."
            found.append(Problem("files", words))
        if not name.lower().endswith(FILE_ENDINGS):
            found.append(Problem("files", f"The file {name} is of a kind Etsy doesn't take; put it into a ZIP file."))
        if bad := [c for c in name if not file_name_character(c)]:
            found.append(
                Problem("files", f"Etsy doesn't allow these characters in the file name {name}: {_named(bad)}.")
            )
    if repeated := [n for n, _ in files if [m.lower() for m, _ in files].count(n.lower()) > 1]:
        found.append(Problem("files", f"Two files have the name {repeated[0]}."))
    return found


def _size(field: str, what: str, size: int, most: int) -> list[Problem]:
    if size <= 0:
        return [Problem(field, f"{what} is empty.")]
    if size > most:
        return [Problem(field, f"{what} has {size / 1e6:.1f} MB; Etsy takes {most / 1e6:.0f} MB at most.")]
    return []


def _videos(videos: Sequence[tuple[str, int]]) -> list[Problem]:
    found = []
    if len(videos) > 1:
        found.append(Problem("video", f"There are {len(videos)} videos; an Etsy listing takes one."))
    for name, size in videos:
        if not name.lower().endswith(".mp4"):
            found.append(Problem("video", f"The video {name} is not an MP4."))
        found += _size("video", f"The video {name}", size, VIDEO_BYTES_MAX)
    return found
