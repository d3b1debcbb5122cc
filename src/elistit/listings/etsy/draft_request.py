"""What a draft on Etsy is to be: the request, the marker it is recognised by, and the refusal of what Etsy would refuse.

It must never call Etsy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from elistit.listings import currencies, rules
from elistit.listings.etsy import names, outcomes
from elistit.ports import Failure, Kind

QUANTITY = 999


@dataclass(frozen=True)
class DraftRequest:
    """A draft to have on Etsy. `marker` is unique to it and stays the same over all attempts (the project's public id).

    `images` in the order they are to be shown, `alt_texts` what each shows, in the same order; `files` are what the buyer
    downloads; `video` is shown with the images. `price_cents` is in hundredths of `currency`, which is the shop's.
    `listing_id` is an earlier draft of this request, when one is known (`Failure.provider_id`). `published_too`: a draft of
    this request may have been created and published without our knowing, because the database was restored, so every
    listing of the shop is looked at. `who_made`, `section` (0 for none) and `renews` (None: as Etsy does) are Etsy's fields of
    those names, used when the draft is created.
    """

    marker: str
    title: str
    description: str
    tags: Sequence[str]
    price_cents: int
    images: Sequence[Path] = ()
    files: Sequence[Path] = ()
    alt_texts: Sequence[str] = ()
    currency: str = currencies.USD
    product: str = "clipart"
    materials: Sequence[str] = ()
    listing_id: str = ""
    published_too: bool = False
    video: Path | None = None
    who_made: str = "i_did"
    section: int = 0
    renews: bool | None = None


MARK = "Ref. "


def marker_line(marker: str) -> str:
    """The line of the description a draft is recognised by."""
    return f"{MARK}{marker}"


class Stop(Exception):
    """The draft can't be made or continued now, for this reason."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind)
        self.failure = failure


def refuse_what_etsy_would(request: DraftRequest) -> None:
    """Stops before anything is sent when the request breaks Etsy's rules or a file of ours is gone."""
    try:
        images = [(p.name, p.stat().st_size) for p in request.images]
        called = names.file_names([p.name for p in request.files])
        files = [(name, p.stat().st_size) for name, p in zip(called, request.files, strict=True)]
        videos = [(request.video.name, request.video.stat().st_size)] if request.video else []
    except OSError as error:
        raise Stop(
            Failure(Kind.TRANSIENT, "A file of this project can't be read right now.", type(error).__name__)
        ) from None
    problems = rules.check(
        request.title,
        request.tags,
        request.description,
        request.price_cents,
        currency=request.currency,
        materials=request.materials,
        images=images,
        files=files,
        videos=videos,
    )
    if not request.marker.strip() or "\n" in request.marker:
        raise ValueError("A draft needs a marker of one line.")
    if problems:
        words = " ".join(p.words for p in problems[:3])
        fields = ",".join(sorted({p.field for p in problems}))
        reason = f"The listing does not meet Etsy's rules yet. {words}"[: outcomes.REASON_MAX]
        raise Stop(Failure(Kind.REJECTED, reason, f"rules: {fields}"))
