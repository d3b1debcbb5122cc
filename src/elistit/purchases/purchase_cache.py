"""Purchase cache: paid images that are not in file storage yet, kept on this machine until they are.

A provider that cannot be asked again hands its image over once. Should the store be unavailable at that moment, or our own side fail
to make an image of what came, or this process be killed, the next attempt here takes it from where it lies instead of losing it
(rules §5.7: nothing is bought twice). It must never be where a file stays: once the store has it, it goes, and what is left
over is swept with the work folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from elistit.artwork import provenance
from elistit.ports import Failure, Made
from elistit.providers.base import ImageRequest

_SAYS, _SAYS_OF_RAW = "made.json", "came.json"


@dataclass(frozen=True)
class Raw:
    """What came from a provider and is no image yet. `cost_micros`: what it cost, in millionths of a dollar."""

    provider_id: str
    cost_micros: int


def _place(key: str) -> Path:
    return Path(settings.DATA_DIR) / "work" / f"bought-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def keep(key: str, out: Path, made: Made) -> bool:
    """Keep what a call made at `out` (a drawing of the same name and the file with its C2PA manifest, too). Whole or
    not at all: the words are written last. A disk
    that takes nothing more keeps nothing. Whether it is kept."""
    place = _place(key)
    if not out.is_file():
        return False
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        for file in (out, out.with_suffix(".svg"), provenance.received(out)):
            if file is not None and file.is_file():
                _link(file, place / f"picture{file.name.removeprefix(out.stem)}")
        _say(place / _SAYS, {"data": made.data, "cost_micros": made.cost_micros, "provider_id": made.provider_id})
        return True
    return False


def find(key: str, out: Path) -> Made | None:
    """The image of a call at `out` once more; None when it does not lie here."""
    place = _place(key)
    try:
        said = json.loads((place / _SAYS).read_text())
    except (OSError, ValueError):
        return None
    for file in place.glob("picture.*"):
        _link(file, out.with_name(f"{out.stem}{file.name.removeprefix('picture')}"))
    return Made(**said)


def keep_raw(key: str, request: ImageRequest, failure: Failure) -> bool:
    """Keep what came for a call, lies at `request.raw`, and could not be made into an image. Whether it is kept."""
    place = _place(key)
    if not request.raw.is_file():
        return False
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        _link(request.raw, place / "came.raw")
        _say(place / _SAYS_OF_RAW, {"provider_id": failure.provider_id, "cost_micros": failure.cost_micros})
        return True
    return False


def find_raw(key: str, request: ImageRequest) -> Raw | None:
    """What came for a call, at `request.raw` once more; None when it does not lie here."""
    place = _place(key)
    try:
        said = json.loads((place / _SAYS_OF_RAW).read_text())
        _link(place / "came.raw", request.raw)
    except (OSError, ValueError):
        return None
    return Raw(**said)


def remove(key: str) -> None:
    """The store has it, or no one will want it. Idempotent."""
    shutil.rmtree(_place(key), ignore_errors=True)


def _say(words: Path, said: dict[str, Any]) -> None:
    half = words.with_name(f"{words.name}.half")
    half.write_text(json.dumps(said))
    half.replace(words)


def _link(file: Path, to: Path) -> None:
    """The same content at another place; no one here changes an image in its place. Copied where the disk cannot link."""
    to.unlink(missing_ok=True)
    try:
        os.link(file, to)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(file, to)
