"""The claims of a listing compared with what was found in the ZIPs, by separate code that reads its text (rules §3, §4).

Reads what a buyer would rely on: count, size, formats, transparent, seamless, cut lines. It must never use the code
that writes listings, and never read what was ordered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from elistit.trial import promises
from elistit.trial.report import Findings

_PIXELS = re.compile(r"(\d{3,5})\s*(?:px|pixels)?\s*[×x]\s*(\d{3,5})\s*(?:px\b|pixels?\b)", re.IGNORECASE)
_DPI = re.compile(r"(\d{2,4})\s*(?:DPI|PPI)\b", re.IGNORECASE)
_INCHES = re.compile(
    r"(?<![\d.])(\d{1,2}(?:\.\d+)?)\s*(?:in|inch|inches|\")?\s*[×x]\s*(\d{1,2}(?:\.\d+)?)\s*(?:in\b|inch|\")",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\d×x.-])(\d{1,3})\s+(?:different\s+)?"
    r"(?:(?:transparent|unique|digital|seamless|die-cut|layered|cute|printable)\s+)*"
    r"(?:pictures?|images?|designs?|cliparts?|clip arts?|stickers|drawings|tiles|patterns|digital papers|PNGs|JPGs|SVGs)\b",
    re.IGNORECASE,
)
_DOWNLOADS = re.compile(r"save all (\d+) files", re.IGNORECASE)
_FORMATS = {"PNG": "png", "JPG": "jpg", "JPEG": "jpg", "SVG": "svg", "PDF": "pdf", "DXF": "dxf", "EPS": "eps"}
_NOT = re.compile(r"\b(?:no|not|without|isn't|aren't|non)\b[^.\n]{0,24}\Z", re.IGNORECASE)
# A size in words is rounded to a tenth of an inch.
_INCH_NEAR = 0.06


def check(
    title: str, tags: Sequence[str], description: str, trial: dict[str, Any], count: int, promise: dict[str, Any]
) -> dict[str, Any]:
    """Check a listing's claims; returns `ok` and `checks` as in the trial's report. `trial` is the result of
    `buyer.examine`, `count` the number of images the buyer gets, and `promise` the one the trial was made with."""
    findings, made = Findings(), promises.Promise(promise)
    text = "\n".join([title, *tags, description])
    files = [{**f, "name": PurePath(f["name"]).name} for f in trial["files"]]
    prints = [f for f in files if made.role(f["name"]) == "print" and f.get("width")]
    _numbers(text, prints, count, len(trial["parts"]), findings)
    _print_sizes(text, files, prints, findings)
    there = {"jpg" if f["kind"] == "jpeg" else f["kind"] for f in files if f["name"] != promises.CARD}
    for word, kind in _FORMATS.items():
        if _claimed(rf"\b{word}s?\b", text):
            lacking = "" if kind in there else f"The listing promises {word} and there is no such file."
            findings.judge("listing.formats", "listing", lacking, word)
    if _claimed(r"\btransparent\b", text):
        solid = next((f["name"] for f in prints if f["kind"] == "png" and f["alpha"] != "real"), "")
        none = not any(f["kind"] == "png" for f in prints)
        words = "The listing says transparent, and this file isn't." if solid or none else ""
        findings.judge("listing.transparent", solid or "listing", words)
    if _claimed(r"\bseamless\b", text):
        bad = next((f["name"] for f in prints if not f.get("seamless")), "" if prints else "listing")
        words = "The listing says seamless, and this file wasn't measured to be." if bad else ""
        findings.judge("listing.seamless", bad or "listing", words)
    if _claimed(r"\bcut[- ](?:lines?|files?)\b", text):
        words = "" if any(f.get("cut_lines") for f in files) else "The listing promises cut lines and there are none."
        findings.judge("listing.cut_lines", "listing", words)
    if _claimed(r"\blayered\b", text):
        drawn = [f for f in files if f["kind"] == "svg" and made.role(f["name"]) == "vector"]
        flat = next((f["name"] for f in drawn if not f.get("layers")), "" if drawn else "listing")
        findings.judge(
            "listing.layers", flat or "listing", "It has no layers, and the listing promises them." if flat else ""
        )
    return {"ok": findings.ok, "checks": findings.checks()}


def _claimed(pattern: str, text: str) -> bool:
    """Whether a text makes a claim and doesn't deny it."""
    return any(not _NOT.search(text[: m.start()]) for m in re.finditer(pattern, text, re.IGNORECASE))


def _numbers(text: str, prints: list[dict[str, Any]], count: int, parts: int, findings: Findings) -> None:
    for number in {int(m[1]) for m in _COUNT.finditer(text)}:
        right = number in (count, len(prints))
        findings.judge(
            "listing.count",
            "listing",
            "" if right else f"It names {number} images, and there are {count}.",
            f"{number}",
        )
    for number in {int(m[1]) for m in _DOWNLOADS.finditer(text)}:
        words = "" if number == parts else f"It names {number} downloads, and there are {parts}."
        findings.judge("listing.downloads", "listing", words)
    sizes = {(f["width"], f["height"]) for f in prints}
    for match in {(int(m[1]), int(m[2])) for m in _PIXELS.finditer(text)}:
        right = match in sizes or match[::-1] in sizes
        # “Each” is a claim about all of them; a size among several must match one of them.
        words = "" if right else f"It says {match[0]} × {match[1]} pixels, and no file has that size."
        if right and len(sizes) > 1 and re.search(rf"each\s+{match[0]}\s*×", text, re.IGNORECASE):
            words = f"It says each file has {match[0]} × {match[1]} pixels, and not all have."
        findings.judge("listing.pixels", "listing", words, f"{match[0]} × {match[1]}")
    for dpi in {int(m[1]) for m in _DPI.finditer(text)}:
        other = next((f["name"] for f in prints if f.get("dpi") != dpi), "" if prints else "listing")
        findings.judge(
            "listing.dpi",
            other or "listing",
            f"The listing says {dpi} DPI, and this file doesn't." if other else "",
            f"{dpi}",
        )


def _print_sizes(text: str, files: list[dict[str, Any]], prints: list[dict[str, Any]], findings: Findings) -> None:
    """A size in inches must be that of a file, or fit it: a file can be printed at its full size or smaller in the same
    shape."""
    full = [(f["width"] / promises.DPI, f["height"] / promises.DPI) for f in prints]
    pages = [tuple(f["inches"]) for f in files if f["kind"] in ("pdf", "svg") and f.get("inches")]
    # A folded card is half of its sheet.
    pages += [(w / 2, h) for w, h in pages]
    for wide, high in {(float(m[1]), float(m[2])) for m in _INCHES.finditer(text)}:
        right = any(_fits(wide, high, size) or _fits(high, wide, size) for size in full)
        right = right or any(abs(wide - w) < _INCH_NEAR and abs(high - h) < _INCH_NEAR for w, h in pages)
        right = right or any(abs(high - w) < _INCH_NEAR and abs(wide - h) < _INCH_NEAR for w, h in pages)
        words = "" if right else f"It says {wide:g} × {high:g} in, and no file prints at that size."
        findings.judge("listing.inches", "listing", words, f"{wide:g} × {high:g} in")


def _fits(wide: float, high: float, size: tuple[float, float]) -> bool:
    smaller = wide <= size[0] + _INCH_NEAR and high <= size[1] + _INCH_NEAR
    return smaller and abs(wide * size[1] - high * size[0]) <= _INCH_NEAR * (size[0] + size[1])
