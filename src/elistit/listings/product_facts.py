"""What was made, as a listing knows it, and the part of every description that a buyer must be able to rely on.

Pure. Written by rule, no matter who writes the rest; it must never state anything its input does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from elistit.listings import currencies
from elistit.listings.keywords import Keyword
from elistit.listings.phrases import DISCLOSURES
from elistit.listings.words import plain

SUBJECTS_NAMED = 40
Holds = Callable[[str], bool]
"""Whether a text is true of the product."""
ALLOWED = (
    "• Personal projects and gifts.\n"
    "• Finished products made by you in a small business, such as printed cards or decorated goods.\n"
    "• Not allowed: reselling, sharing or giving away the files, alone or in a collection of files."
)


@dataclass(frozen=True)
class WriterInput:
    """What the writer needs to know. `theme` is a few words ("woodland animals"); the rest is what was really made.

    `title` are the brief's own title words, used before `theme` when given. `width_px` × `height_px` at `dpi` is the
    size of one image; `sizes` names print sizes instead where there are several ("8×10 in"). `downloads` is how many
    files the buyer downloads; `disclosure` is one of `phrases.DISCLOSURES` (`software`, `ai`, `own`).
    `keywords` are the seller's own search terms; those that are true are used first, the most searched first. `license` is the
    seller's own license text, stated instead of the usual one.
    """

    product: str
    theme: str
    title: str = ""
    style: str = ""
    subjects: Sequence[str] = ()
    count: int = 1
    width_px: int = 0
    height_px: int = 0
    dpi: int = 300
    formats: Sequence[str] = ("PNG",)
    transparent: bool = False
    sizes: Sequence[str] = ()
    downloads: int = 1
    disclosure: str = "software"
    currency: str = currencies.USD
    keywords: Sequence[Keyword] = ()
    license: str = ""


def distinct(texts: Iterable[str]) -> list[str]:
    """Without repeats that differ only in case, order kept."""
    first: dict[str, str] = {}
    for text in texts:
        if text:
            first.setdefault(text.casefold(), text)
    return list(first.values())


def formats_of(source: WriterInput) -> str:
    return " ".join(distinct(plain(f, most=8).upper() for f in source.formats[:4]))


def facts(source: WriterInput, true: Holds = lambda _: True) -> str:
    """Everything a buyer must be able to rely on: what is in the files, how to get them, what is allowed, how they were
    made. Always written by rule, no matter who writes the opening. A subject whose name claims something false is not named."""
    parts = [
        "WHAT YOU GET\n" + "\n".join(f"• {line}" for line in _what_you_get(source)),
        _shown(source, true),
        "THIS IS A DIGITAL DOWNLOAD. Nothing is shipped. Colors may look slightly different on your screen and printer.",
        _how_to_download(source),
        f"WHAT IS ALLOWED\n{source.license or ALLOWED}",
        f"HOW IT WAS MADE\n{DISCLOSURES[source.disclosure].words}",
    ]
    return "\n\n".join(part for part in parts if part)


def _what_you_get(source: WriterInput) -> list[str]:
    formats = formats_of(source).replace(" ", ", ")
    many = "1 image" if source.count <= 1 else f"{source.count} different images"
    lines = [f"{many} ({formats})" if formats else many]
    if source.width_px > 0 and source.height_px > 0 and source.dpi > 0:
        wide, high = source.width_px / source.dpi, source.height_px / source.dpi
        lines.append(
            f"Each {source.width_px} × {source.height_px} pixels at {source.dpi} DPI, "
            f"which prints up to {wide:.1f} × {high:.1f} in ({wide * 2.54:.0f} × {high * 2.54:.0f} cm)"
        )
    if sizes := [s.strip() for s in source.sizes if s.strip()]:
        lines.append("Sizes: " + ", ".join(sizes[:12]))
    if source.transparent:
        lines.append("Transparent background, ready to place on anything")
    return lines


def _shown(source: WriterInput, true: Holds) -> str:
    shown = distinct(s for s in (plain(s, most=60) for s in source.subjects[:SUBJECTS_NAMED]) if true(s))
    return "WHAT IS SHOWN\n" + ", ".join(shown) if len(shown) > 1 else ""


def _how_to_download(source: WriterInput) -> str:
    files = "the file" if source.downloads <= 1 else f"all {source.downloads} files"
    return (
        "HOW TO DOWNLOAD\n"
        "1. After your payment, open Purchases in your Etsy account (or the link in Etsy's e-mail).\n"
        f"2. Select Download Files next to your order and save {files}.\n"
        "3. Open any ZIP file on a computer (double-click, or right-click and Extract All) to see what is inside."
    )
