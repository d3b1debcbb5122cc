"""A seller's keywords."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Schema


class Keyword(Schema):
    """A search term. `volume` is its searches a month; 0 when the tool it came from doesn't know."""

    term: str
    volume: int


class Keywords(Schema):
    """The most searched first. `count` is how many there are in all."""

    count: int
    items: list[Keyword]


class KeywordImport(Schema):
    """What an import did. `count` is how many keywords there are now."""

    added: int
    updated: int
    count: int
    notes: Annotated[list[str], Field(description="Sentences about the file as a whole.")]


class KeywordsDeleted(Schema):
    deleted: int
