"""What the shapes are made of: texts, ids, and requests that take no field they do not know."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Schema
from pydantic import ConfigDict

from elistit.projects.products import IDEA_MAX, LETTERING_MAX, OPTION_MAX

PUBLIC_ID = "[0-9A-HJKMNP-TV-Z]{26}"
# No control characters: PostgreSQL keeps no NUL, and nobody means the others. Tab and line breaks are fine.
TEXT = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"

Idea = Annotated[str, Field(max_length=IDEA_MAX, pattern=TEXT, description="The idea, in a sentence or two.")]
Option = Annotated[str | None, Field(max_length=OPTION_MAX, pattern=TEXT)]
Lettering = Annotated[
    str | None,
    Field(max_length=LETTERING_MAX, pattern=TEXT, description="Words to letter; several quotes are separated by “|”."),
]
LetteringStyle = Annotated[
    str | None,
    Field(max_length=OPTION_MAX, pattern=TEXT, description="A mood, a font, a layout or a color of the lettering."),
]
Id = Annotated[str, Field(json_schema_extra={"pattern": f"^{PUBLIC_ID}$"}, examples=["01KAPG7R3ZJ4X9M2V5T8W6Q1YB"])]


class Request(Schema):
    model_config = ConfigDict(extra="forbid")
