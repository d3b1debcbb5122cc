"""What each product type promises its buyer, defined independently of the code that makes it (product rules §3).

A promise is plain values: `product`, `numbers` (in the file names, in order), `files` (name, role, sha256, width and
height of everything made for the buyer, and `flagged` where the seller accepted an image that our check had flagged),
`source_type` and each file's own (the IPTC digital source type it states, empty for none; the first is the product
card's), `link` (the buyer's download link, if the files are too large for Etsy), `colors` (the maximum for a drawing).
It must never be derived from the contents of the ZIP.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath
from typing import Any

from elistit.trial import drawings, images, pdfs
from elistit.trial.report import Findings

CARD, LICENCES = "product-card.pdf", "LICENSES-ART.txt"
SHEETS, SILHOUETTE, DXF = "-sheets.svg", "-silhouette.svg", ".dxf"
DPI = 300
LETTER = (8.5, 11.0)
# Files that were shrunk to fit an Etsy listing have at least this many pixels on their longest side.
SMALLER = (3600, 3000)
_NUMBER = re.compile(r"(\d{2,3})-")
_TRANSPARENT = ("clipart", "sticker", "svg")
_POSTER = ((7200, 10800), (10800, 7200))
_CARD_FRONT, _CARD_TRIM = (1500, 2100), (10.0, 7.0)
_TILE = (3600, 3600)
_RATIOS = {"2x3": 2 / 3, "3x4": 3 / 4, "4x5": 4 / 5, "11x14": 11 / 14, "ISO-A": 2**-0.5}
# ISO sizes are exact only to the millimeter.
_RATIO_NEAR = 0.002


class Promise:
    """A promise, with the queries of the readers. An empty one (for someone else's files) promises nothing."""

    def __init__(self, promise: dict[str, Any] | None) -> None:
        self.stated = promise or {}
        self.product = str(self.stated.get("product", ""))
        self.made = {f["name"]: f for f in self.stated.get("files", ())}
        self.link = str(self.stated.get("link") or "")

    def role(self, name: str) -> str:
        return str(self.made.get(name, {}).get("role", ""))

    def source(self, name: str) -> str:
        """The digital source type that a file of this name must state; empty for none."""
        stated = self.stated if name == CARD else self.made.get(name, {})
        return str(stated.get("source_type") or "")

    def image(self, name: str) -> images.Wanted:
        """What is promised of an image by this name."""
        made = self.made.get(name)
        if made is None:
            return images.Wanted()
        tile = self.product == "pattern" and made["role"] == "print" and not made.get("flagged")
        return images.Wanted(
            sizes=_sizes(self.product, made),
            dpi=DPI,
            srgb=True,
            transparent=made["role"] == "print" and self.product in _TRANSPARENT and not made.get("flagged"),
            seamless=tile,
            shows=True,
            accepted=self.product == "custom" or bool(made.get("flagged")),
        )

    def pdf(self, name: str) -> pdfs.Wanted:
        if name == CARD and self.product:
            return pdfs.Wanted(media=LETTER, link=self.link)
        role = self.role(name)
        if self.product == "greeting_card" and role == "vector":
            return pdfs.Wanted(pages=2, trim=_CARD_TRIM, print_ready=True)
        if role == "sheet":
            return pdfs.Wanted(pages=1, media=LETTER if self.product == "sticker" else None)
        return pdfs.Wanted(pages=1) if role else pdfs.Wanted()

    def drawing(self, name: str) -> drawings.Wanted:
        cut = self.role(name) in ("cut", "maker") or PurePath(name).stem.endswith("-cut")
        layers = self.product == "svg" and self.role(name) == "vector"
        most = int(self.stated["colors"]) if self.stated.get("colors") and self.product == "svg" else None
        colors = 1 if self.role(name) == "maker" and name.endswith(SILHOUETTE) else most if name in self.made else None
        # A drawing of the seller's that couldn't be read completely has no cut file and is delivered unchanged.
        kept = self.product == "custom" and not cut and f"{PurePath(name).stem}-cut.svg" not in self.made
        return drawings.Wanted(
            cut=cut, layers=layers, inches=self._image_of(name), own=kept and name in self.made, colors=colors
        )

    def _image_of(self, name: str) -> tuple[float, float] | None:
        """The size in inches of the image a sticker's cut line belongs to."""
        if self.product != "sticker" or self.role(name) != "cut":
            return None
        png = self.made.get(f"{PurePath(name).stem.removesuffix('-cut')}.png")
        return (png["width"] / DPI, png["height"] / DPI) if png and png.get("width") else None


def _sizes(product: str, made: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    if product == "poster":
        return _POSTER
    if product == "greeting_card" and made["role"] == "print":
        return (_CARD_FRONT,)
    if product == "pattern" and made["role"] == "print":
        return (_TILE,)
    if not made.get("width"):
        return ()
    size = int(made["width"]), int(made["height"])
    if not made["name"].lower().endswith(".png"):
        return (size,)
    longest = max(size)
    smaller = [(round(size[0] * px / longest), round(size[1] * px / longest)) for px in SMALLER if px < longest]
    return (size, *smaller)


def keep(promise: Promise, inventory: list[dict[str, Any]], findings: Findings) -> None:
    """Compare everything found in the ZIPs with a promise. `inventory`: name, kind, sha256 and what its reader found."""
    names = Counter(PurePath(f["name"]).name for f in inventory)
    here = {PurePath(f["name"]).name: f for f in inventory}
    for name, made in promise.made.items():
        times = names.get(name, 0)
        findings.judge("delivery.complete", name, _once(times))
        # Only a PNG may have been shrunk to fit.
        if times and not name.lower().endswith(".png"):
            same = here[name]["sha256"] == made["sha256"]
            findings.judge("delivery.same", name, "" if same else "It isn't the file that was made.")
    card_is_there(inventory, findings)
    strange = [n for n in names if n not in promise.made and n not in (CARD, LICENCES)]
    for name in strange:
        findings.failed("delivery.same", name, "It is in the ZIP and was never made for the buyer.")
    _numbering(promise, list(names), findings)
    for name, words in _contents(promise, [n for n in names if n in promise.made], here):
        findings.failed("delivery.contents", name, words)
    findings.passed("delivery.contents", f"{len(names)} files")


def card_is_there(inventory: list[dict[str, Any]], findings: Findings) -> None:
    """The product card and the licenses must exist, each once."""
    names = Counter(PurePath(f["name"]).name for f in inventory)
    for name in (CARD, LICENCES):
        findings.judge("delivery.card", name, _once(names.get(name, 0)))


def _once(times: int) -> str:
    if times == 1:
        return ""
    return f"It is there {times} times." if times else "It isn't in the ZIP."


def _numbering(promise: Promise, names: list[str], findings: Findings) -> None:
    numbers = [int(n) for n in promise.stated.get("numbers", ())]
    if not numbers:
        return
    found = sorted({int(m[1]) for n in names if (m := _NUMBER.match(n))})
    words = ""
    if found != sorted(numbers):
        lacking, more = set(numbers) - set(found), set(found) - set(numbers)
        odd = min(lacking or more)
        words = f"Number {odd} is missing." if lacking else f"Number {odd} belongs to no image of this project."
    findings.judge("delivery.numbering", f"{len(numbers)} images", words, f"{len(found)} numbers")
    sheets = sorted({int(m[1]) for n in names if (m := re.search(r"-sheet-(\d+)", n))})
    if sheets:
        whole = sheets == list(range(1, len(sheets) + 1))
        findings.judge("delivery.numbering", "print sheets", "" if whole else "A print sheet's number is missing.")


def _contents(promise: Promise, names: list[str], here: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """What a product type promises and the buyer doesn't get: the missing file, and a sentence."""
    suffixes = {
        "clipart": (".png",), "sticker": (".png", "-cut.svg"), "svg": (".svg", "-cut.svg", ".png", ".pdf"), "pattern": (),
    }.get(promise.product)  # fmt: skip
    numbers = [int(n) for n in promise.stated.get("numbers", ())]
    if suffixes and any(promise.role(n) == "maker" for n in promise.made):
        # A delivery from before there were files for makers has none of them.
        suffixes = (*suffixes, SHEETS, SILHOUETTE, DXF)
    if suffixes is not None:
        return [
            (f"image {number}", f"There is no file ending in {suffix} for it.")
            for number in numbers
            for suffix in suffixes
            if not any(_is_of(n, number, suffix) for n in names)
        ] + _sheets(promise, names, here, len(numbers))
    rules = {"wall_art": _five_ratios, "poster": _one_poster, "greeting_card": _card_files}
    rule = rules.get(promise.product)
    return rule(names, here) if rule else []


def _is_of(name: str, number: int, suffix: str) -> bool:
    match = _NUMBER.match(name)
    return bool(match and int(match[1]) == number and name.endswith(suffix)) and (
        suffix != ".svg" or not name.endswith(("-cut.svg", SHEETS, SILHOUETTE))
    )


def _sheets(promise: Promise, names: list[str], here: dict[str, dict[str, Any]], count: int) -> list[tuple[str, str]]:
    if promise.product != "sticker":
        return []
    sheets = [n for n in names if promise.role(n) == "sheet"]
    found = [(n, "The print sheet has no PDF, PNG or cut file beside it.") for n in sheets if not _mates(n, sheets)]
    placed = sum(here[n].get("images", 0) for n in sheets if n.endswith(".pdf"))
    if placed != count:
        found.append(("print sheets", f"They show {placed} stickers, and there are {count}."))
    return found


def _mates(name: str, sheets: list[str]) -> bool:
    stem = PurePath(name).stem.removesuffix("-cut")
    return all(f"{stem}{end}" in sheets for end in (".pdf", ".png", "-cut.svg"))


def _five_ratios(names: list[str], here: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    found = []
    for ratio, value in _RATIOS.items():
        files = [n for n in names if f"-{ratio}-" in n and n.endswith(".jpg")]
        if len(files) != 1:
            found.append((ratio.replace("x", ":"), f"There are {len(files)} files of this ratio, not one."))
            continue
        width, height = here[files[0]].get("width", 0), here[files[0]].get("height", 0)
        if not width or abs(min(width, height) / max(width, height) - value) > _RATIO_NEAR:
            found.append((files[0], f"It is {width} × {height} px, which isn't {ratio.replace('x', ':')}."))
    return found


def _one_poster(names: list[str], here: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    return [] if len(names) == 1 else [("poster", f"There are {len(names)} print files, not exactly one.")]


def _card_files(names: list[str], here: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    kinds = sorted(PurePath(n).suffix for n in names)
    return [] if kinds == [".pdf", ".png"] else [("greeting card", "It isn't one PDF and one PNG of the front.")]
