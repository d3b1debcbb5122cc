"""A request body says true, false and numbers as JSON does: 0.0 is no false, and "3" no 3, as the OpenAPI document says."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from elistit.api.application import document
from elistit.api.shapes.words import Request

MISTYPED: dict[type, tuple[Any, ...]] = {bool: (0, 0.0, 1, "true", "no"), int: ("3", "3.0", True), float: ("1.5", True)}


def bodies(base: type[Request] = Request) -> Iterator[type[Request]]:
    for body in base.__subclasses__():
        yield body
        yield from bodies(body)


FIELDS = [
    (body, name, kind)
    for body in bodies()
    for name, field in body.model_fields.items()
    for kind in MISTYPED
    if kind in {field.annotation, *typing.get_args(field.annotation)}
]


def test_the_document_has_read_every_body() -> None:
    assert document()["paths"] and len({body for body, _, _ in FIELDS}) > 8


@pytest.mark.parametrize(("body", "name", "kind"), FIELDS, ids=lambda one: getattr(one, "__name__", str(one)))
def test_no_value_of_another_type_is_taken(body: type[Request], name: str, kind: type) -> None:
    field = TypeAdapter(body.model_fields[name].rebuild_annotation())
    for value in MISTYPED[kind]:
        with pytest.raises(ValidationError):
            field.validate_python(value)
