"""Refusals (RFC 9457)."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Schema


class FieldError(Schema):
    field: str
    detail: str


class Problem(Schema):
    """Problem details (RFC 9457). Act on `type`; `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: Annotated[list[FieldError] | None, Field(description="invalid-request: each field that is not right.")] = (
        None
    )
    needed: Annotated[int | None, Field(description="insufficient-credits: what it costs.")] = None
    balance: Annotated[int | None, Field(description="insufficient-credits: what there is.")] = None
    shortfall: Annotated[int | None, Field(description="insufficient-credits: what is missing.")] = None
    retry_after: Annotated[int | None, Field(description="rate-limited: seconds until the next request may come.")] = (
        None
    )
