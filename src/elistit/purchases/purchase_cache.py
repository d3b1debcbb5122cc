"""Purchase cache: paid images that are not in file storage yet, kept on this machine until they are.

A provider that can't be asked again delivers its image once. If file storage is down at that moment, our processing
fails, or this process is killed, the next attempt on this machine takes the image from the cache instead of losing it
(rules §5.7: nothing is bought twice). It must never be permanent storage: an entry is removed once the store has the
image, and leftovers are deleted with the work folder.
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
    """What a provider sent and that isn't an image yet. `cost_micros` is its cost, in millionths of a dollar."""

    provider_id: str
    cost_micros: int


def _place(key: str) -> Path:
    return Path(settings.DATA_DIR) / "work" / f"bought-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def keep(key: str, out: Path, made: Made) -> bool:
    """Cache what a call made at `out` (and a drawing of the same name, and the file with its C2PA manifest). Atomic:
    the metadata is written last. Returns whether it was cached; a full disk caches nothing."""
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
    """Put the cached image of a call at `out`; None when there is none."""
    place = _place(key)
    try:
        said = json.loads((place / _SAYS).read_text())
    except (OSError, ValueError):
        return None
    for file in place.glob("picture.*"):
        _link(file, out.with_name(f"{out.stem}{file.name.removeprefix('picture')}"))
    return Made(**said)


def keep_raw(key: str, request: ImageRequest, failure: Failure) -> bool:
    """Cache what a call returned at `request.raw` and that couldn't be made into an image. Returns whether it was cached."""
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
    """Put what a call returned at `request.raw`; None when it isn't cached."""
    place = _place(key)
    try:
        said = json.loads((place / _SAYS_OF_RAW).read_text())
        _link(place / "came.raw", request.raw)
    except (OSError, ValueError):
        return None
    return Raw(**said)


def remove(key: str) -> None:
    """Remove the entry of a call: the store has the image, or it is no longer needed. Idempotent."""
    shutil.rmtree(_place(key), ignore_errors=True)


def _say(words: Path, said: dict[str, Any]) -> None:
    half = words.with_name(f"{words.name}.half")
    half.write_text(json.dumps(said))
    half.replace(words)


def _link(file: Path, to: Path) -> None:
    """Make the same content available at another path. A hard link is enough because files are never changed in place;
    copied if the disk has no links."""
    to.unlink(missing_ok=True)
    try:
        os.link(file, to)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(file, to)
