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
    errors: Annotated[
        list[FieldError] | None, Field(description="invalid-request: each invalid field, with the reason.")
    ] = None
    needed: Annotated[int | None, Field(description="insufficient-credits: the price in credits.")] = None
    balance: Annotated[int | None, Field(description="insufficient-credits: the balance in credits.")] = None
    shortfall: Annotated[int | None, Field(description="insufficient-credits: the missing credits.")] = None
    retry_after: Annotated[int | None, Field(description="rate-limited: seconds to wait before the next request.")] = (
        None
    )
