"""What an image provider is: one folder under `providers/` that answers this protocol.

A provider makes one image per call and answers with `Made` or `Failure`; it never raises for something that can happen,
never retries automatically and never waits without a time-out. What a failure means for the seller is not decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from elistit.ports import Failure, Made, Outcome

__all__ = [
    "Failure",
    "Finishes",
    "Hook",
    "ImageProvider",
    "ImageRequest",
    "Made",
    "ModelInfo",
    "Outcome",
    "Run",
    "can_be_asked",
    "lost_since",
    "since_mark",
]

# How a provider runs heavy work of its own: a function importable by name and JSON-safe arguments, run in a bounded
# subprocess. Raises TimeoutError when the time is up and RuntimeError when the subprocess died.
Run = Callable[..., Any]


@dataclass(frozen=True)
class ModelInfo:
    """One model of a provider. `code` is unique over all providers, e.g. `builtin/watercolor`."""

    code: str
    name: str
    provider: str
    products: frozenset[str]
    transparent: bool
    note: str = ""


@dataclass(frozen=True)
class Hook:
    """How a provider may notify us that one call has ended. `url` is where it may say so; `news` is what it has
    said, checked to be its own word, None until then."""

    url: str
    news: Callable[[], dict[str, Any] | None]


@dataclass(frozen=True)
class ImageRequest:
    """One image to make. `key` is our request key, the same whenever the same image is requested again; sizes in pixels.

    `art` is what the briefing decided beyond the prompt (for the built-in artist: subject, palette, style), JSON-safe.
    `source` is the image a tool (a model that changes an image) works on. The image is written as a PNG to `out`; what came
    lies at `raw` until then. `permit` is asked right before the one request that costs leaves: nothing may leave when it
    answers False.
    """

    key: str
    model: str
    prompt: str
    negative: str
    width: int
    height: int
    seed: int
    transparent: bool
    out: Path
    art: dict[str, Any] = field(default_factory=dict)
    source: Path | None = None
    hook: Hook | None = None
    permit: Callable[[], bool] | None = field(default=None, compare=False, repr=False)

    @property
    def raw(self) -> Path:
        """Where a provider puts what came before it is made into the image."""
        return self.out.with_name(f"{self.out.stem}.fetched")


@runtime_checkable
class Finishes(Protocol):
    """A provider that hands an image over once and cannot be asked for it again: what came is kept by the one that bought it, and
    made into the image later where that failed on our side."""

    can_be_asked: bool

    def finish(self, request: ImageRequest, run: Run, provider_id: str, cost_micros: int) -> Outcome:
        """Make the image at `request.out` from what came before and lies at `request.raw`. Asks no one and buys nothing."""
        ...


def can_be_asked(provider: object) -> bool:
    """Whether a provider can be asked later for what it made. A provider that does not say so can."""
    return bool(getattr(provider, "can_be_asked", True))


_SINCE = "since:"


def since_mark(moment: dt.datetime) -> str:
    """What a call is known by that may have been sent since a moment and that a restored database forgot: it stands where
    the provider's id would."""
    return f"{_SINCE}{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def lost_since(provider_id: str) -> dt.datetime | None:
    """The moment of such a mark; None for every other id."""
    if not provider_id.startswith(_SINCE):
        return None
    return dt.datetime.strptime(provider_id.removeprefix(_SINCE), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


class ImageProvider(Protocol):
    """One provider. `name` is its folder's name; `can_redraw` means it makes the same image again at any size, free."""

    name: str
    can_redraw: bool

    def models(self) -> list[ModelInfo]: ...

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Make one image at `request.out`. `sent(provider_id)` is called as soon as the provider's own id is known.

        `Made.data` has `width`, `height`, `bytes`, `sha256` of the file and `art` (what a redraw needs). Safe to call
        again with the same key: the image is the same, or the provider recognises the key.
        """
        ...

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """What happened to a call whose answer we never saw. None: the provider says it never received it.

        Answer `Failure(UNKNOWN, …)` when the provider cannot be asked or does not know yet. `provider_id` is a `since_mark`
        for a call that a restored database may have forgotten: no one knows whether it was sent.
        """
        ...

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """Make the same image at `request.width` × `request.height`. Only when `can_redraw`.

        `Made` means that the whole file was read back and shows what was drawn: no one checks it again.
        """
        ...
