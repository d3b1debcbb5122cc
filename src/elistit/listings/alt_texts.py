"""Alt texts of listing images: what each one shows, for buyers who cannot see it and for search.

Pure. It must never describe more than the image's kind and the subjects that were made.
"""

from __future__ import annotations

from collections.abc import Sequence

from elistit.listings import rules

# By the file name after its number ("2-everything.jpg"). The images are made by `artwork.mockup_jobs`.
_SHOWS = {
    "cover": "Cover image with a selection of the images",
    "everything": "All images of the set on one sheet",
    "details": "One image in detail",
    "close": "Detail of the image at full size",
    "room": "The image as a framed print on a wall",
    "room-black": "The image in a black frame on a wall",
    "sizes": "The sizes the print comes in",
    "card": "The printed card standing on a table",
    "inside": "The inside of the card",
    "sheet": "The print sheet",
    "cut-line": "A sticker with its cut line",
    "papers": "The papers of the set laid out around the title",
    "repeat": "A tile repeated beside a ruler",
    "your-scene": "The image in a photo of a room",
}
_ROOM_LEFT = len(", image 20 of 20")


def of(names: Sequence[str], title: str, subjects: Sequence[str]) -> list[str]:
    """One alt text for each listing image, in their order: what kind of view it is, of which product, showing what."""
    shown = ", ".join(dict.fromkeys(s.strip() for s in subjects if s.strip()))
    head = title.split(",")[0].strip()
    return [_text(name, head, shown) for name in names]


def _text(name: str, head: str, shown: str) -> str:
    kind = name.rpartition(".")[0].partition("-")[2].casefold()
    view = _SHOWS.get(kind, "")
    text = f"{view}: {head}" if view else head
    most = rules.ALT_TEXT_MAX - _ROOM_LEFT
    if shown and kind in ("cover", "everything", "sheet", "") and len(text) + len(shown) + 10 <= most:
        text = f"{text}. Shows {shown}"
    return text[:most]
