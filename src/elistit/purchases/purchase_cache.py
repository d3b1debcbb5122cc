"""A picture that was bought and is not in the store yet, kept on this machine until it is.

A provider that cannot be asked again hands its picture over once. Should the store be away at that moment, or this process
be killed, the next try here takes the picture from where it lies instead of losing it (rules §5.7: nothing is bought twice).
It must never be where a file stays: once the store has it, it goes, and what is left over is swept with the work folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

from django.conf import settings

from elistit.ports import Made

_SAYS = "made.json"


def _place(key: str) -> Path:
    return Path(settings.DATA_DIR) / "work" / f"bought-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def keep(key: str, out: Path, made: Made) -> None:
    """Keep what a call made at `out` (and a drawing of the same name). Whole or not at all: the words are written last. A disk
    that takes nothing more keeps nothing, and the picture goes its way without this."""
    place = _place(key)
    if not out.is_file():
        return
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        for file in (out, out.with_suffix(".svg")):
            if file.is_file():
                _link(file, place / f"picture{file.suffix}")
        words = json.dumps({"data": made.data, "cost_micros": made.cost_micros, "provider_id": made.provider_id})
        (place / f"{_SAYS}.half").write_text(words)
        (place / f"{_SAYS}.half").replace(place / _SAYS)


def find(key: str, out: Path) -> Made | None:
    """The picture of a call at `out` once more; None when it does not lie here."""
    place = _place(key)
    try:
        said = json.loads((place / _SAYS).read_text())
    except (OSError, ValueError):
        return None
    for file in place.glob("picture.*"):
        _link(file, out.with_suffix(file.suffix))
    return Made(**said)


def remove(key: str) -> None:
    """The store has it. Idempotent."""
    shutil.rmtree(_place(key), ignore_errors=True)


def _link(file: Path, to: Path) -> None:
    """The same content at another place; nobody here changes a picture in its place. Copied where the disk cannot link."""
    to.unlink(missing_ok=True)
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)
