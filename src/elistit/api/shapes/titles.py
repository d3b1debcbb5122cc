"""The titles of a listing, to be compared."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Field, Schema

from elistit.api.shapes.words import TEXT, Request


class Title(Schema):
    """A kept title. `number` is 0 for the listing's own while no other was kept; `problems` are Etsy's rules it breaks,
    `untrue` what in it isn't true of the files. `keywords` are those of yours all of whose words are in it, and `searches` the
    sum of their monthly searches. `used_since` are the moments from which the listing had it."""

    number: int
    title: str
    in_use: bool
    removed: bool
    length: int
    words: int
    problems: list[str]
    untrue: list[str]
    keywords: list[str]
    keywords_covered: int
    searches: int
    used_since: list[dt.datetime]
    created_at: dt.datetime


class Titles(Schema):
    items: list[Title]


class TitleRequest(Request):
    title: Annotated[str, Field(min_length=1, max_length=400, pattern=TEXT)]
