"""Open a delivery as a buyer would, each file read once, and report the findings (rules §3). It must never write
anything: unpacked files stay in memory, one at a time."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from PIL import ImageFont

from elistit.trial import archive, drawings, dxf, images, pdfs, promises, sources
from elistit.trial.archive import Archive, Entry, NotAZip
from elistit.trial.report import Findings

__all__ = ["NotAZip", "examine"]

# The limits of an Etsy listing.
PART_BYTES_MAX, PARTS_MAX = 20_000_000, 5
_PART = re.compile(r"(.*) part (\d+) of (\d+)\.zip\Z", re.IGNORECASE)
_TEXTS = {".txt", ".md", ".csv", ".json", ".html", ".htm"}
_FONTS = {".ttf", ".otf", ".ttc"}


def look(
    parts: Sequence[str], promise: dict[str, Any] | None, downloads: Sequence[str], share: int, shares: int
) -> list[dict[str, Any]]:
    """One of several equal shares of the files in a delivery, opened and read: what `examine` takes as `looked_at`, JSON-safe.
    Shares may be looked at in several processes. Raises as `examine` does."""
    wanted, looked_at, place = promises.Promise(promise), [], -1
    for at, path in enumerate([*parts, *downloads]):
        with Path(path).open("rb") as file:
            opened = archive.open_archive(Path(path).name, file, Findings())
            for number, entry in enumerate(opened.files if opened else ()):
                place += 1
                if opened is None or place % shares != share:
                    continue
                findings = Findings()
                found = _look_at(opened, entry, wanted, findings)
                looked_at.append({"at": [at, number], "found": found, "findings": findings.plain()})
    return looked_at


def examine(
    parts: Sequence[str],
    promise: dict[str, Any] | None = None,
    downloads: Sequence[str] = (),
    looked_at: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Open ZIP files and everything in them. Returns, JSON-safe, `ok`, `checks` (`report.Findings.checks`), `parts`
    (name, bytes) and `files` (name, kind, bytes, sha256 and what its reader found).

    `parts` are the files of an Etsy listing, `downloads` the larger parts behind a download link. `promise` is what the
    product promises (`promises`); without one, only what applies to anyone's files is checked. `looked_at`: files that
    `look` has read already, with the same arguments; the report is the same as without them. Raises NotAZip for a file that
    isn't a ZIP, OSError for one that can't be read.
    """
    findings, wanted = Findings(), promises.Promise(promise)
    known = {tuple(one["at"]): one for one in looked_at}
    _parts([Path(p) for p in parts], bool(promise), findings)
    every = [_open(Path(p), wanted, findings, known, at) for at, p in enumerate([*parts, *downloads])]
    inventory = [found for files in every[: len(parts)] for found in files]
    behind_link = [found for files in every[len(parts) :] for found in files]
    if downloads:
        _numbered([Path(p).name for p in downloads], findings)
    if promise and downloads:
        # The listing's small ZIP has the card with the link, and the licenses; everything is behind the link.
        promises.card_is_there(inventory, findings)
    if promise:
        promises.keep(wanted, behind_link if downloads else inventory, findings)
    sizes = [{"name": Path(p).name, "bytes": Path(p).stat().st_size} for p in [*parts, *downloads]]
    return {"ok": findings.ok, "checks": findings.checks(), "parts": sizes, "files": [*inventory, *behind_link]}


def _parts(parts: list[Path], whole: bool, findings: Findings) -> None:
    for path in parts:
        size = path.stat().st_size
        large = size > PART_BYTES_MAX
        words = f"It has {size / 1e6:.1f} MB, and Etsy takes {PART_BYTES_MAX / 1e6:.0f} MB a file." if large else ""
        findings.judge("parts.size", path.name, words, f"{size / 1e6:.1f} MB")
    many = len(parts) > PARTS_MAX
    words = f"There are {len(parts)} ZIPs, and Etsy takes {PARTS_MAX}." if many else ""
    findings.judge("parts.count", parts[0].name if parts else "delivery", words, f"{len(parts)}")
    if whole and not parts:
        findings.failed("parts.count", "delivery", "There is no ZIP.")
    if whole or len(parts) > 1:
        _numbered([p.name for p in parts], findings)


def _numbered(names: list[str], findings: Findings) -> None:
    """Check that parts are numbered from 1 to the stated count with one common name, and that a single one has no number."""
    parts = [_PART.match(name) for name in names]
    words = ""
    if len(names) == 1 and parts[0] is None:
        pass
    elif None in parts:
        words = "Its name doesn't say which part it is." if len(names) > 1 else ""
    else:
        stems = {m[1] for m in parts if m}
        places = sorted((int(m[2]), int(m[3])) for m in parts if m)
        if len(stems) > 1 or places != [(n, len(names)) for n in range(1, len(names) + 1)]:
            words = f"{len(names)} {'part is' if len(names) == 1 else 'parts are'} there, and the names say otherwise."
    findings.judge("parts.numbering", names[0], words)


def _open(
    path: Path, wanted: promises.Promise, findings: Findings, known: dict[tuple[int, ...], dict[str, Any]], at: int
) -> list[dict[str, Any]]:
    """The files in a ZIP, the `at`-th, in their order; those that are `known` aren't read again."""
    inventory = []
    with path.open("rb") as file:
        opened = archive.open_archive(path.name, file, findings)
        for number, entry in enumerate(opened.files if opened else ()):
            if one := known.get((at, number)):
                findings.add(one["findings"])
                inventory.append(one["found"])
            elif opened:
                inventory.append(_look_at(opened, entry, wanted, findings))
    return inventory


def _look_at(opened: Archive, entry: Entry, wanted: promises.Promise, findings: Findings) -> dict[str, Any]:
    """One file, unpacked once and given to the reader of its kind."""
    suffix = PurePath(entry.name).suffix.lower()
    found: dict[str, Any] = {"name": entry.name, "part": opened.name, "kind": suffix[1:], "bytes": entry.size}
    data = archive.read(opened, entry, findings)
    if data is None:
        return {**found, "sha256": ""}
    found["sha256"] = hashlib.sha256(data).hexdigest()
    if not data:
        return found
    name = PurePath(entry.name).name
    shown = entry.name
    if promised := wanted.source(name):
        sources.judge(shown, suffix, data, promised, findings)
    if suffix in images.FORMATS:
        found |= images.look_at(shown, suffix, data, wanted.image(name), findings)
    elif suffix == ".pdf":
        found |= pdfs.look_at(shown, data, wanted.pdf(name), findings)
    elif suffix == ".svg":
        found |= drawings.look_at(shown, data, wanted.drawing(name), findings)
    elif suffix == ".dxf":
        found |= dxf.look_at(shown, data, findings) if wanted.role(name) else _foreign_dxf(findings)
    elif suffix in _TEXTS:
        findings.judge("text.reads", shown, _unreadable(data))
    elif suffix in _FONTS:
        findings.judge("font.opens", shown, _not_a_font(data))
    else:
        findings.passed("other.kept", suffix or "no ending")
    return found


def _foreign_dxf(findings: Findings) -> dict[str, Any]:
    """Nothing is required of someone else's DXF: a drawing needn't be for cutting."""
    findings.passed("other.kept", ".dxf")
    return {}


def _unreadable(data: bytes) -> str:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "It isn't text."
    try:
        data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return "Its letters aren't UTF-8, so some programs show other letters."
    return ""


def _not_a_font(data: bytes) -> str:
    try:
        ImageFont.truetype(io.BytesIO(data), 20).getbbox("A")
    except (OSError, ValueError):
        return "The font can't be opened."
    return ""
