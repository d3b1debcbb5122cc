"""Exports of a person's own data."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.api.shapes.words import Request


class ExportRequest(Request):
    """What is to be in it."""

    files: Annotated[
        bool, Field(strict=True, description="Include the files themselves, not only their names and digests.")
    ] = False


class Export(Schema):
    """A copy of what the studio keeps about you. `bytes`, `sha256` and `url` are there while it can be downloaded."""

    id: str
    status: Literal["pending", "ready", "expired"]
    files: bool
    requested_at: dt.datetime
    expires_at: dt.datetime | None
    bytes: int | None
    sha256: str | None
    url: str | None


class Exports(Schema):
    """The newest first."""

    items: list[Export]
