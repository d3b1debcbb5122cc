"""A listing in further languages."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.api.shapes.words import Request
from elistit.listings.translations import LANGUAGES


class Translation(Schema):
    """A translation. `reason` says why it failed, or why it waits; `current`: it was made from the text as it is now."""

    language: str
    name: str
    state: Literal["pending", "written", "uploaded", "failed"]
    title: str
    tags: list[str]
    description: str
    reason: str
    model: str
    current: bool


class Translations(Schema):
    items: list[Translation]


class TranslationRequest(Request):
    languages: Annotated[
        list[Annotated[str, Field(max_length=5, pattern=r"^[a-z]{2}$")]],
        Field(min_length=1, max_length=20, description=f"Any of {', '.join(LANGUAGES)}."),
    ]
