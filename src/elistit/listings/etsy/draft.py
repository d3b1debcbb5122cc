"""One draft on Etsy with its images and files, however often it is asked for and wherever it broke off before.

The draft is recognised by a marker line in its description, so a lost answer is looked up and never guessed
(rules §5.7): it is found again, continued where it stopped, and never made twice. It must never publish a listing
(rules §4), and it leaves a listing alone that the seller has published.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from elistit import ports
from elistit.listings import currencies, rules
from elistit.listings.etsy import access, names, outcomes, taxonomy
from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.listings.etsy.client import LIST_PAGE, EtsyClient
from elistit.listings.etsy.config import EtsyConfig, when_made
from elistit.listings.etsy.draft_request import MARK, QUANTITY, DraftRequest, Stop, marker_line, refuse_what_etsy_would
from elistit.listings.etsy.wire import Timeouts
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Made, Outcome

_NUMBERED = re.compile(r", (?:image|picture) (\d+) of \d+$")
"""The end of an alt text of ours. Drafts begun before this version say “picture”."""
PAGES_MAX = 200
PUBLISHED = ("active", "inactive", "expired", "sold_out")
"""The states in which Etsy lists what has been published."""


def create_draft(
    shop: EtsyShop, request: DraftRequest, *, timeouts: Timeouts | None = None, client: EtsyClient | None = None
) -> Outcome:
    """Have the draft of a request on Etsy, complete. Idempotent by marker; call again after any failure.

    Made: `data` has `listing_id` (int), `url`, `images`, `files`, `videos` (how many of ours are there) and `adopted` (it was
    there before). Failure: `provider_id` is the draft's id when one exists. Two calls for one marker must not run at
    the same time. `client` is who speaks with Etsy when that is not to be made from the shop's own connection.
    """
    try:
        refuse_what_etsy_would(request)
        return _Drafting(shop, request, client or _connected(shop, timeouts)).run()
    except Stop as stop:
        return stop.failure


def look_for(shop: EtsyShop, request: DraftRequest, *, timeouts: Timeouts | None = None) -> int | Failure:
    """The id of a request's draft in a shop, published or not; 0 when the shop has none. Reads only."""
    try:
        looking = _Drafting(shop, replace(request, published_too=True), _connected(shop, timeouts))
        found = looking._find()
        return int(found["listing_id"]) if found else 0
    except Stop as stop:
        return stop.failure


def held_drafts(shop: EtsyShop, *, timeouts: Timeouts | None = None) -> list[tuple[str, int]] | Failure:
    """Every draft of a shop that carries a marker, as (marker, listing id). Reads only."""
    try:
        looking = _Drafting(shop, DraftRequest("", "", "", (), 0), _connected(shop, timeouts))
        found = []
        for listing in looking.drafts():
            lines = str(listing.get("description", "")).splitlines()
            marks = {line.strip().removeprefix(MARK) for line in lines if line.strip().startswith(MARK)}
            found += [(mark, int(listing["listing_id"])) for mark in sorted(marks)]
        return found
    except Stop as stop:
        return stop.failure


def _connected(shop: EtsyShop, timeouts: Timeouts | None) -> EtsyClient:
    """A client with the shop's own connection. Raises Stop when there is no valid token."""
    token = access.access_token(shop)
    if isinstance(token, Failure):
        raise Stop(token)
    return EtsyClient(EtsyConfig.for_shop(shop), token, timeouts)


class _Drafting:
    """One run. Every step looks at what Etsy has, does what is missing, and stops the run with a failure otherwise."""

    def __init__(self, shop: EtsyShop, request: DraftRequest, client: EtsyClient) -> None:
        self.shop, self.request, self.client = shop, request, client
        self.listing_id = 0

    def run(self) -> Outcome:
        listing = self._find()
        adopted = listing is not None
        if listing is None:
            listing = self._create()
        self.listing_id = int(listing["listing_id"])
        images, files, video = self._missing_images(), self._missing_files(), self._missing_video()
        if (images or files or video) and listing.get("state", "draft") != "draft":
            raise Stop(
                Failure(
                    Kind.REJECTED,
                    "This listing was published on Etsy before all its images and files were there, so we did not "
                    "change it. Please add what is missing on Etsy, or delete the listing there and retry the draft.",
                    provider_id=str(self.listing_id),
                )
            )
        if adopted and listing.get("state", "draft") == "draft":
            self._update_text(listing)
        for rank, path in images:
            self._must(partial(self._image, path, rank), f"image {rank} of {len(self.request.images)}")
        for rank, path, name in files:
            self._must(partial(self._file, path, rank, name), f"file {rank} of {len(self.request.files)}")
        if video:
            self._must(partial(self._video, video), "the video")
        data = {
            "listing_id": self.listing_id,
            "url": _url(listing, self.listing_id),
            "images": len(self.request.images),
            "files": len(self.request.files),
            "videos": int(self.request.video is not None),
            "adopted": adopted,
        }
        return Made(data=data, provider_id=str(self.listing_id))

    # --- the listing --------------------------------------------------------------------------------------------------

    def _find(self) -> dict[str, Any] | None:
        """Our draft if it is there. The oldest, should there ever be two, so that every look finds the same one."""
        if self.request.listing_id.isdigit():
            answer = self._ask(lambda: self.client.listing(int(self.request.listing_id)))
            if answer.good and self._is_ours(answer.data or {}):
                return answer.data
            if not answer.good and answer.status not in (403, 404):
                raise self._stop(answer, "looking for the draft")
        for state in ("draft", *(PUBLISHED if self.request.published_too else ())):
            found = [listing for listing in self.drafts(state) if self._is_ours(listing)]
            if found:
                return min(found, key=lambda listing: int(listing["listing_id"]))
        return None

    def drafts(self, state: str = "draft") -> Iterator[dict[str, Any]]:
        """Every draft the shop holds, or every listing in another state, page by page."""
        for page in range(PAGES_MAX):
            offset = page * LIST_PAGE
            answer = self._must(
                partial(self.client.listings, self.shop.shop_id, state=state, offset=offset),
                "looking for the draft",
            )
            results = (answer.data or {}).get("results")
            if not isinstance(results, list):
                raise self._stop(
                    Answer(Doing.READ, Met.NO_ANSWER, problem="no results in list"), "looking for the draft"
                )
            yield from (r for r in results if isinstance(r, dict))
            if len(results) < LIST_PAGE:
                return
        words = (
            f"This shop has more than {PAGES_MAX * LIST_PAGE:,} drafts, so we cannot tell whether ours is among them."
        )
        raise Stop(Failure(Kind.REJECTED, words))

    def _is_ours(self, listing: dict[str, Any]) -> bool:
        description = listing.get("description")
        if not isinstance(listing.get("listing_id"), int) or not isinstance(description, str):
            return False
        if listing.get("shop_id", self.shop.shop_id) != self.shop.shop_id:
            return False
        return marker_line(self.request.marker) in (line.strip() for line in description.splitlines())

    def _create(self) -> dict[str, Any]:
        category = taxonomy.taxonomy_id(self.request.product)
        if taxonomy.is_gone(self.client, category):
            words = "Etsy no longer has the category this studio uses for these files. The operator has to change it."
            raise Stop(Failure(Kind.OPERATOR, words, f"category {category} is not in Etsy's tree"))
        answer = self._ask(lambda: self._send_create(when_made(ports.now())[0]))
        for era in when_made(ports.now())[1:]:
            if answer.status != 400 or not _names_when_made(answer):
                break
            answer = self._ask(partial(self._send_create, era))
        listing = answer.data if answer.good else None
        if listing is not None and isinstance(listing.get("listing_id"), int):
            return listing
        if answer.good:
            answer = Answer(Doing.CREATE, Met.NO_ANSWER, status=answer.status, problem="no listing id in answer")
        stop = self._stop(answer, "creating the draft")
        if stop.failure.kind is Kind.UNKNOWN and (made := self._look_again()) is not None:
            return made  # Etsy did what we asked and only its answer was lost.
        raise stop

    def _look_again(self) -> dict[str, Any] | None:
        """One more look after an unclear create. When the look fails too, the create stays unclear and that is what
        the caller hears."""
        try:
            return self._find()
        except Stop:
            return None

    def _text(self) -> dict[str, Any]:
        request = self.request
        description = f"{request.description.rstrip()}\n\n{marker_line(request.marker)}"
        return {"title": request.title, "description": description, "tags": list(request.tags)}

    def _update_text(self, listing: dict[str, Any]) -> None:
        """A draft of an earlier try says what the seller says now: the listing may have been edited in between. Its price
        stays: Etsy changes that another way, and the one that publishes looks at it."""
        there = {name: html.unescape(value) if isinstance(value, str) else value for name, value in listing.items()}
        changed = {
            name: value for name, value in self._text().items() if there.get(name) is not None and there[name] != value
        }
        if changed:
            # Left out, the type can make a digital listing a physical one.
            fields = {**changed, "type": "download"}
            self._must(
                partial(self.client.update_draft, self.shop.shop_id, self.listing_id, fields), "editing the draft"
            )

    def _send_create(self, era: str) -> Answer:
        request = self.request
        fields = {
            **self._text(),
            "price": currencies.get(request.currency).plain(request.price_cents),
            "quantity": QUANTITY,
            "type": "download",
            "who_made": request.who_made,
            "when_made": era,
            "is_supply": False,
            "taxonomy_id": taxonomy.taxonomy_id(request.product),
            "tags": list(request.tags) or None,  # an empty list is no list to Etsy
            "materials": list(request.materials) or None,
            "shop_section_id": request.section or None,
            "should_auto_renew": request.renews,
        }
        return self.client.create_draft(self.shop.shop_id, fields)

    # --- images and files -------------------------------------------------------------------------------------------

    def _missing_images(self) -> list[tuple[int, Path]]:
        """(rank, image) of what is not there. An image is known by the end of its alt text, which says its number
        whatever the title was when it was sent; one without, by its rank."""
        answer = self._must(lambda: self.client.images(self.listing_id), "looking at the images")
        there = _results(answer)
        ours = (_NUMBERED.search(html.unescape(str(i.get("alt_text") or ""))) for i in there)
        known = {int(found[1]) for found in ours if found}
        unnamed = {i.get("rank") for i in there if not i.get("alt_text")}
        wanted = enumerate(self.request.images, start=1)
        return [(rank, path) for rank, path in wanted if rank not in known and rank not in unnamed]

    def _missing_files(self) -> list[tuple[int, Path, str]]:
        """(rank, file, name) of what is not there. A file is known by its name and size; also by the name it got before
        part numbers were kept, when the size is right too."""
        answer = self._must(lambda: self.client.files(self.shop.shop_id, self.listing_id), "looking at the files")
        sizes = {names.key(str(f.get("filename", ""))): f.get("size_bytes") for f in _results(answer)}
        missing = []
        called = names.file_names([p.name for p in self.request.files])
        for rank, (path, name) in enumerate(zip(self.request.files, called, strict=True), start=1):
            size = path.stat().st_size
            if names.key(name) in sizes:
                if sizes[names.key(name)] != size:
                    words = f"The draft on Etsy already has another file named {name}. Please delete it there, then retry the draft."
                    raise Stop(Failure(Kind.REJECTED, words, provider_id=str(self.listing_id)))
            elif sizes.get(names.key(names.name_before(path.name))) != size:
                missing.append((rank, path, name))
        return missing

    def _missing_video(self) -> Path | None:
        """The video when the draft has none. A listing holds one, so any that is there is ours, or the seller's own choice."""
        if self.request.video is None:
            return None
        answer = self._must(lambda: self.client.videos(self.listing_id), "looking at the video")
        there = [v for v in _results(answer) if v.get("video_state") != "deleted"]
        return None if there else self.request.video

    def _video(self, path: Path) -> Answer:
        return self.client.upload_video(self.shop.shop_id, self.listing_id, path, name=path.name)

    def _alt_text(self, rank: int) -> str:
        """What a listing image shows, and its number, by which it is recognized on the draft."""
        alt_text = self.request.alt_texts[rank - 1] if rank <= len(self.request.alt_texts) else ""
        number = f", image {rank} of {len(self.request.images)}"
        return (alt_text or self.request.title)[: rules.ALT_TEXT_MAX - len(number)].rstrip(" .,") + number

    def _image(self, path: Path, rank: int) -> Answer:
        return self.client.upload_image(
            self.shop.shop_id, self.listing_id, path, rank=rank, alt_text=self._alt_text(rank)
        )

    def _file(self, path: Path, rank: int, name: str) -> Answer:
        return self.client.upload_file(self.shop.shop_id, self.listing_id, path, name=name, rank=rank)

    # --- asking -------------------------------------------------------------------------------------------------------

    def _must(self, call: Callable[[], Answer], step: str) -> Answer:
        answer = self._ask(call)
        if not answer.good:
            raise self._stop(answer, step)
        return answer

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """One call; once more with a new token when Etsy refused the old one, which it does before doing anything."""
        answer = call()
        if not _token_refused(answer):
            return answer
        token = access.access_token(self.shop, refused=self.client.access)
        if isinstance(token, Failure):
            raise Stop(token)
        self.client.access = token
        return call()

    def _stop(self, answer: Answer, step: str) -> Stop:
        failure = outcomes.failure(answer, provider_id=str(self.listing_id or ""))
        if outcomes.row_for(answer).reconnect:
            access.disconnect(self.shop, failure.reason)
        return Stop(
            Failure(failure.kind, failure.reason, f"{step}: {failure.detail}", failure.retry_after, failure.provider_id)
        )


def _token_refused(answer: Answer) -> bool:
    return answer.met is Met.ANSWER and answer.status == 401 and outcomes.row_for(answer).reconnect


def _names_when_made(answer: Answer) -> bool:
    text = f"{answer.said} {' '.join(answer.paths)}"
    return "when_made" in text or "when made" in text


def _results(answer: Answer) -> list[dict[str, Any]]:
    results = (answer.data or {}).get("results")
    return [r for r in results if isinstance(r, dict)] if isinstance(results, list) else []


def _url(listing: dict[str, Any], listing_id: int) -> str:
    """Where the seller finds the draft. Only a web address is passed on, whatever Etsy's answer holds."""
    url = listing.get("url")
    if isinstance(url, str) and re.match(r"https?://[^\s\"'<>]+$", url) and len(url) <= 300:
        return url
    return f"https://www.etsy.com/listing/{listing_id}"
