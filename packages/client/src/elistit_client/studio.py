"""One seller's studio as a Python object.

Every method makes one request and answers a model; StudioError says in words what went wrong. What costs credits takes an
idempotency key: the same key with the same order charges once, however often it is sent. `get` and `post` reach every
operation that has no method of its own.
"""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import ValidationError

from elistit_client import models
from elistit_client.base import Model
from elistit_client.errors import StudioError
from elistit_client.http import Http

RESTING = frozenset({"awaiting_approval", "design_ready", "completed", "failed", "deleted"})
"""Stages at which a project waits for a person, or has ended."""
Answer = TypeVar("Answer", bound=Model)


@dataclass(frozen=True)
class Saved:
    """A file of a project, and where it is on this machine."""

    file: models.File
    path: Path


class Studio:
    """A studio and the seller whose API key this is.

    `url` is its address, such as https://studio.example.com. It can be used as a context manager, which closes the
    connection at the end. Safe to use from several threads.
    """

    def __init__(
        self, url: str, key: str, *, agent: str = "elistit-client", transport: httpx.BaseTransport | None = None
    ) -> None:
        self._http = Http(url, key, agent=agent, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; nothing can be asked afterwards."""
        self._http.close()

    # ---- any operation ----------------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """The JSON answer of a GET. `path` begins after `/api/v1`; a query value of None is left out."""
        return self._http.ask("GET", path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        """The JSON answer of a POST, with `key` as its idempotency key."""
        return self._http.ask("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def bytes(self, url: str) -> bytes:
        """A small file, such as a preview. `url` is as the API gives it."""
        return self._http.bytes(url)

    # ---- before anything is spent -----------------------------------------------------------------------------------

    def credits(self) -> models.Credits:
        return _read(models.Credits, self.get("/credits"))

    def transactions(self, limit: int = 50) -> list[models.Transaction]:
        """The newest rows of the ledger, newest first."""
        return _read(models.TransactionPage, self.get("/credits/transactions", limit=limit)).items

    def prices(self) -> models.Prices:
        return _read(models.Prices, self.get("/prices"))

    def model_prices(self) -> list[models.ModelPrice]:
        return _read(models.Models, self.get("/models")).items

    def products(self) -> list[models.ProductType]:
        return _read(models.Products, self.get("/products")).items

    def quote(self, order: models.QuoteRequest) -> models.Quote:
        """The exact price of an order, frozen, with its storyboard. Free."""
        return _read(models.Quote, self.post("/quotes", _body(order)))

    def upload(self, path: Path) -> models.Upload:
        """Take in an image of the seller's own, for an order's `uploads`."""
        with path.open("rb") as file:
            return _read(models.Upload, self._http.ask("POST", "/uploads", files={"file": (path.name, file)}))

    # ---- projects ---------------------------------------------------------------------------------------------------

    def launch(self, order: models.LaunchRequest, *, key: str | None = None) -> models.Project:
        """Launch a project: the price is charged and the work begins. Without `key` one is made up, and sending the order
        again after a lost answer would charge again."""
        return _read(models.Project, self.post("/projects", _body(order), key=key or new_key()))

    def projects(self, *, limit: int = 25, **narrowed: Any) -> list[models.ProjectSummary]:
        """The newest projects. `narrowed` as the API has it: stage, product, label, favorite, archived, needs_you, q."""
        return _read(models.ProjectPage, self.get("/projects", limit=limit, **narrowed)).items

    def project(self, public_id: str) -> models.Project:
        return _read(models.Project, self.get(f"/projects/{public_id}"))

    def activity(self, public_id: str) -> list[models.ActivityEntry]:
        """What happened to a project, oldest first."""
        return _read(models.Activity, self.get(f"/projects/{public_id}/activity")).items

    def wait(self, public_id: str, *, seconds: float = 600, pause: float = 1.0) -> models.Project:
        """The project once it rests (see RESTING), or as it is after so many seconds."""
        until = time.monotonic() + seconds
        while (found := self.project(public_id)).stage not in RESTING and time.monotonic() < until:
            time.sleep(pause)
        return found

    def follow(self, public_id: str) -> Iterator[dict[str, Any]]:
        """The project's events as they happen, each as the API tells it. Ends when the studio ends the stream; then ask for
        the project and follow again."""
        with self._http.stream(f"/api/v1/projects/{public_id}/events") as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line[6:])

    # ---- deciding ---------------------------------------------------------------------------------------------------

    def keep(self, public_id: str, number: int) -> models.Project:
        return self._act(public_id, f"items/{number}/keep")

    def drop(self, public_id: str, number: int) -> models.Project:
        return self._act(public_id, f"items/{number}/drop")

    def choose(self, public_id: str, number: int, round_: int) -> models.Project:
        """Keep another version of an image. Free."""
        return self._act(public_id, f"items/{number}/choose", {"round": round_})

    def remake_price(self, public_id: str, number: int, prompt: str | None = None) -> models.RemakePrice:
        path = f"/projects/{public_id}/items/{number}/remake-price"
        return _read(models.RemakePrice, self.get(path, prompt=prompt))

    def remake(
        self, public_id: str, number: int, request: models.RemakeRequest | None = None, *, key: str | None = None
    ) -> models.Project:
        """Make one image again; see `remake_price` for what it costs."""
        return self._act(public_id, f"items/{number}/remake", _body(request) if request else {}, key=key or new_key())

    def approve(self, public_id: str) -> models.Project:
        """Go on with the kept items. Free, and can't be taken back."""
        return self._act(public_id, "approve")

    def make_print_ready(self, public_id: str, *, key: str | None = None) -> models.Project:
        """Make a poster's design print-ready: a job with its own price, charged now."""
        return self._act(public_id, "make-print-ready", key=key or new_key())

    def edit_listing(self, public_id: str, listing: models.ListingRequest) -> models.Project:
        return _read(models.Project, self._http.ask("PUT", f"/projects/{public_id}/listing", json=_body(listing)))

    def retry_draft(self, public_id: str) -> models.Project:
        return self._act(public_id, "retry-draft")

    def skip_draft(self, public_id: str) -> models.Project:
        return self._act(public_id, "skip-draft")

    def organize(self, public_id: str, request: models.OrganizeRequest) -> models.Project:
        """Rename, label, archive or favorite. What is left out stays as it is."""
        return _read(models.Project, self._http.ask("PATCH", f"/projects/{public_id}", json=_body(request)))

    def delete(self, public_id: str) -> models.Deleted:
        """Delete a project for good; `loss_on_delete` of the project says what that costs."""
        return _read(models.Deleted, self._http.ask("DELETE", f"/projects/{public_id}"))

    # ---- files ------------------------------------------------------------------------------------------------------

    def files(self, public_id: str) -> list[models.File]:
        return _read(models.Files, self.get(f"/projects/{public_id}/files")).items

    def save(self, file: models.File, folder: Path) -> Path:
        """Download a file into a folder under its own name, checked against its SHA-256. What is there already isn't
        downloaded again; nothing unfinished stays behind."""
        return self._http.save(file.url, file.name, file.sha256, folder)

    def save_all(self, public_id: str, folder: Path, ids: Iterable[int] | None = None) -> list[Saved]:
        """Download the files of a project, or some of them. Files with the same name go to a folder of their own each."""
        listed = self.files(public_id)
        names = Counter(file.name for file in listed)
        wanted = None if ids is None else set(ids)
        saved = []
        for file in listed:
            if wanted is None or file.id in wanted:
                place = folder if names[file.name] == 1 else folder / str(file.id)
                place.mkdir(parents=True, exist_ok=True)
                saved.append(Saved(file, self.save(file, place)))
        return saved

    def _act(self, public_id: str, act: str, body: dict[str, Any] | None = None, *, key: str = "") -> models.Project:
        return _read(models.Project, self.post(f"/projects/{public_id}/{act}", body, key=key))


def new_key() -> str:
    """An idempotency key nobody has used."""
    return uuid.uuid4().hex


def _body(model: Model) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_none=True, by_alias=True)


def _read(model: type[Answer], answer: dict[str, Any]) -> Answer:
    try:
        return model.model_validate(answer)
    except ValidationError as unknown:
        words = f"The studio answered what this version of elistit-client can't read ({unknown.error_count()} fields)."
        raise StudioError(words) from unknown
