"""A thin client of Etsy's Open API v3: the few operations a draft needs, one method each, every answer as data.

It never retries, never publishes, never logs a header or a body, and never decides what an answer means (`outcomes`
does). Lists go as comma-separated values in form bodies, because that is the only form Etsy documents.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from elistit.listings.etsy import budget
from elistit.listings.etsy.answers import Answer, Doing, Limits, Met
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.wire import Timeouts, send
from elistit.listings.tokens import Secret

LIST_PAGE = 100
_IMAGE_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}


class EtsyClient:
    """Etsy as one seller. `access` is that seller's access token; set it again after a refresh. Requests leave in their turn
    among those of every other seller and process (`budget`). Not for two threads at once."""

    def __init__(self, config: EtsyConfig, access: Secret | None = None, timeouts: Timeouts | None = None) -> None:
        self.config = config
        self.access = access
        self.timeouts = timeouts or Timeouts()

    # --- reading ------------------------------------------------------------------------------------------------------

    def me(self) -> Answer:
        """Who the token belongs to: {user_id, shop_id}."""
        return self._call(Doing.READ, "GET", "/users/me")

    def shop(self, shop_id: int) -> Answer:
        return self._call(Doing.READ, "GET", f"/shops/{shop_id}")

    def listings(self, shop_id: int, *, state: str, offset: int = 0) -> Answer:
        """One page of `LIST_PAGE` listings in a state: {count, results}, newest first."""
        asked = {"state": state, "limit": LIST_PAGE, "offset": offset}
        return self._call(Doing.READ, "GET", f"/shops/{shop_id}/listings", params=asked)

    def listing(self, listing_id: int) -> Answer:
        return self._call(Doing.READ, "GET", f"/listings/{listing_id}")

    def images(self, listing_id: int) -> Answer:
        return self._call(Doing.READ, "GET", f"/listings/{listing_id}/images")

    def files(self, shop_id: int, listing_id: int) -> Answer:
        return self._call(Doing.READ, "GET", f"/shops/{shop_id}/listings/{listing_id}/files")

    def videos(self, listing_id: int) -> Answer:
        return self._call(Doing.READ, "GET", f"/listings/{listing_id}/videos")

    def taxonomy(self) -> Answer:
        """The whole tree of seller categories; needs no seller. Large: keep it if you need it twice."""
        return self._call(Doing.READ, "GET", "/seller-taxonomy/nodes")

    # --- making -------------------------------------------------------------------------------------------------------

    def create_draft(self, shop_id: int, fields: Mapping[str, Any]) -> Answer:
        """A new draft listing. Not idempotent: look for the draft first and after any answer that is not good."""
        return self._call(Doing.CREATE, "POST", f"/shops/{shop_id}/listings", data=form(fields))

    def update_draft(self, shop_id: int, listing_id: int, fields: Mapping[str, Any]) -> Answer:
        """Other words for a draft that is there. Idempotent. Never its state: that would publish it."""
        if "state" in fields:
            raise ValueError("Nothing here publishes a listing.")
        return self._call(Doing.UPLOAD, "PATCH", f"/shops/{shop_id}/listings/{listing_id}", data=form(fields))

    def upload_image(self, shop_id: int, listing_id: int, path: Path, *, rank: int, alt_text: str) -> Answer:
        """One mockup at a rank (1 is first). One after another only: Etsy mixes up parallel uploads."""
        kind = _IMAGE_TYPES.get(path.suffix.lower(), "application/octet-stream")
        return self._upload(f"/shops/{shop_id}/listings/{listing_id}/images", path, "image", path.name, kind,
                            {"rank": rank, "alt_text": alt_text})  # fmt: skip

    def upload_file(self, shop_id: int, listing_id: int, path: Path, *, name: str, rank: int) -> Answer:
        """One file for the buyer. Etsy refuses a file without a name."""
        return self._upload(f"/shops/{shop_id}/listings/{listing_id}/files", path, "file", name,
                            "application/octet-stream", {"name": name, "rank": rank})  # fmt: skip

    def upload_video(self, shop_id: int, listing_id: int, path: Path, *, name: str) -> Answer:
        """The listing's video. Etsy wants a name with it."""
        return self._upload(
            f"/shops/{shop_id}/listings/{listing_id}/videos", path, "video", name, "video/mp4", {"name": name}
        )

    def translation(self, shop_id: int, listing_id: int, language: str) -> Answer:
        """What a listing says in a language; 404 where it says nothing in it."""
        return self._call(Doing.READ, "GET", _translation(shop_id, listing_id, language))

    def put_translation(
        self, shop_id: int, listing_id: int, language: str, fields: Mapping[str, Any], *, there: bool
    ) -> Answer:
        """Say something in a language; `there`: it says something in it already, which is changed. Idempotent."""
        method = "PUT" if there else "POST"
        return self._call(Doing.UPLOAD, method, _translation(shop_id, listing_id, language), data=form(fields))

    # --- one call -----------------------------------------------------------------------------------------------------

    def _upload(self, path: str, file: Path, part: str, name: str, kind: str, fields: Mapping[str, Any]) -> Answer:
        with file.open("rb") as stream:
            # No content type by hand: the boundary must be the client's own.
            return self._call(Doing.UPLOAD, "POST", path, data=form(fields), files={part: (name, stream, kind)})

    def _call(self, doing: Doing, method: str, path: str, **body: Any) -> Answer:
        """One call in its turn (`budget`), held back when the app's requests are spent."""
        app = budget.app_of(self.config)
        turn = budget.take(app)
        if turn.held:
            spent = Limits(left_today=0) if turn.day_is_spent else Limits()
            return Answer(doing, Met.HELD_BACK, wait=turn.wait, limits=spent)
        if turn.wait:
            time.sleep(turn.wait)
        answer = self._send(doing, method, path, **body)
        budget.heard(app, turn, answer)
        return answer

    def _send(self, doing: Doing, method: str, path: str, **body: Any) -> Answer:
        shared = self.config.secret.reveal()
        headers = {"x-api-key": f"{self.config.keystring}:{shared}"}
        secrets = [shared]
        if self.access:
            headers["authorization"] = f"Bearer {self.access.reveal()}"
            secrets.append(self.access.reveal())
        return send(doing, method, self.config.api_url + path, timeouts=self.timeouts, headers=headers,
                    secrets=tuple(secrets), **body)  # fmt: skip


def _translation(shop_id: int, listing_id: int, language: str) -> str:
    return f"/shops/{shop_id}/listings/{listing_id}/translations/{language}"


def form(fields: Mapping[str, Any]) -> dict[str, str]:
    """Fields as Etsy's form bodies want them: lists with commas, truth as true and false, absent values left out."""
    return {name: _value(value) for name, value in fields.items() if value is not None}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(str(v) for v in value)
    return str(value)
