"""Templates of the launch form: what each stands for, and what a launch of one takes."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Schema

from elistit.api.shapes.words import TEXT, Id, Request
from elistit.projects.orders import NAME_MAX
from elistit.projects.products import IDEA_MAX


class TemplateOrder(Schema):
    """The fields of an order. Empty ones are left to the product type."""

    product: str
    idea: str
    count: int | None
    model: str
    ratio: str
    mode: str
    options: dict[str, str]
    words: dict[str, str]
    scene: str
    failover: bool
    video: bool
    shop: str
    brand_kit: str
    series: str


class Template(Schema):
    """A template of the launch form. `order` is what it fills in."""

    id: Id
    name: str
    order: TemplateOrder


class Templates(Schema):
    items: list[Template]


class TemplateLaunch(Request):
    """What differs from the template."""

    idea: Annotated[str, Field(max_length=IDEA_MAX, pattern=TEXT, description="Defaults to the template's idea.")] = ""
    name: Annotated[
        str, Field(max_length=NAME_MAX, pattern=TEXT, description="Leave empty to name it after the idea.")
    ] = ""
    confirm_not_drawn: Annotated[
        bool, Field(strict=True, description="Launch even though the main subject of the idea won't be drawn.")
    ] = False
    confirm_trademarks: Annotated[bool, Field(strict=True, description="You may use the protected names.")] = False
