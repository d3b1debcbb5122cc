"""Our requests and the sandbox's answers against Etsy's own API document, when it is at hand.

ELISTIT_CONTRACTS names a folder with `etsy-oas.json`; the document is Etsy's and not part of this product. The checker
below reads the part of JSON schema that document uses, and is itself checked for refusing.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from elistit.listings.etsy import wire
from elistit.listings.etsy.answers import Answer, Doing
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.listings.tokens import decrypt
from elistit.ports import Made

JSON_TYPES = {"integer": int, "number": (int, float), "string": str, "boolean": bool, "object": dict, "array": list}
USED = {
    "getMe", "getShop", "getSellerTaxonomyNodes", "createDraftListing", "getListingsByShop", "getListing",
    "uploadListingImage", "getListingImages", "uploadListingFile", "getAllListingFiles",
}  # fmt: skip


class Document:
    """Etsy's API document, and what it says about one request and one answer."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.operations = [
            (method.upper(), re.compile(re.sub(r"{\w+}", r"(\\d+)", path) + "$"), operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if isinstance(operation, dict)
        ]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        return next(o for m, pattern, o in self.operations if m == method and pattern.match(path))

    def request_problems(self, operation: dict[str, Any], fields: dict[str, Any], query: dict[str, Any]) -> list[str]:
        """Fields and query against the document: known names, right types, nothing required left out."""
        allowed = {p["name"]: p["schema"] for p in operation.get("parameters", []) if p["in"] == "query"}
        content = operation.get("requestBody", {}).get("content", {})
        schema = next(iter(content.values()))["schema"] if content else {"properties": {}}
        problems = [f"missing {name}" for name in schema.get("required", []) if name not in fields]
        for given, known in ((query, allowed), (fields, schema["properties"])):
            for name, value in given.items():
                if name not in known:
                    problems.append(f"unknown {name}")
                else:
                    problems += self.problems(known[name], _typed(known[name], value), name)
        return problems

    def problems(self, schema: dict[str, Any], value: Any, where: str) -> list[str]:
        """What is wrong with a JSON value; an empty list when it fits."""
        if "$ref" in schema:
            return self.problems(self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], value, where)
        if value is None:
            return [] if schema.get("nullable") else [f"{where} is null"]
        if "oneOf" in schema:
            found = [self.problems(option, value, where) for option in schema["oneOf"]]
            return min(found, key=len)
        kind = schema.get("type")
        if kind and (not isinstance(value, JSON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
            return [f"{where} is not {kind}: {value!r}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{where} is not allowed: {value!r}"]
        if isinstance(value, (int, float)) and value < schema.get("minimum", value):
            return [f"{where} is too small: {value!r}"]
        problems = [
            f"{where} lacks {name}"
            for name in schema.get("required", [])
            if isinstance(value, dict) and name not in value
        ]
        if kind == "array":
            for number, entry in enumerate(value):
                problems += self.problems(schema["items"], entry, f"{where}[{number}]")
        if kind == "object":
            for name, entry in value.items():
                known = schema.get("properties", {}).get(name)
                problems += self.problems(known, entry, f"{where}.{name}") if known else [f"{where}.{name} is unknown"]
        return problems


def _typed(schema: dict[str, Any], text: Any) -> Any:
    """A form value as the document types it: lists are comma-separated."""
    kind = schema.get("type")
    if not isinstance(text, str):
        return text
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "array":
        return text.split(",")
    return text


@pytest.fixture(scope="module")
def document() -> Document:
    folder = os.environ.get("ELISTIT_CONTRACTS", "")
    file = Path(folder) / "etsy-oas.json"
    if not folder or not file.is_file():
        pytest.skip("ELISTIT_CONTRACTS names no folder with etsy-oas.json, Etsy's own API document")
    return Document(json.loads(file.read_text()))


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, Any], Answer]]:
    """Every call the client makes from here on: method, path, what was sent, what came back."""
    calls: list[tuple[str, str, dict[str, Any], Answer]] = []
    real = wire.send

    def send(doing: Doing, method: str, url: str, **more: Any) -> Answer:
        answer = real(doing, method, url, **more)
        calls.append((method, re.sub(r"^http://[^/]+", "", url), more, answer))
        return answer

    monkeypatch.setattr("elistit.listings.etsy.client.send", send)
    return calls


def test_requests_and_answers_are_as_etsys_document_says(
    document: Document, shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, recorded: list[Any]
) -> None:
    made = create_draft(shop, wanted)
    assert isinstance(made, Made)
    client = EtsyClient(EtsyConfig.for_shop(shop), decrypt(shop.access_token))
    client.me(), client.shop(shop.shop_id), client.taxonomy()
    client.listing(made.data["listing_id"]), client.images(made.data["listing_id"])
    client.listings(shop.shop_id, state="draft"), client.files(shop.shop_id, made.data["listing_id"])
    seen = set()
    for method, path, sent, answer in recorded:
        operation = document.operation(method, path)
        seen.add(operation["operationId"])
        fields = {**sent.get("data", {}), **dict.fromkeys(sent.get("files", {}), "bytes")}
        query = {k: str(v) for k, v in sent.get("params", {}).items()}
        assert document.request_problems(operation, fields, query) == [], path
        assert str(answer.status) in operation["responses"], path
        schema = operation["responses"][str(answer.status)]["content"]["application/json"]["schema"]
        assert document.problems(schema, answer.data, operation["operationId"]) == []
        body = operation.get("requestBody", {}).get("content", {})
        assert not sent.get("data") or next(iter(body)) == (
            "multipart/form-data" if sent.get("files") else "application/x-www-form-urlencoded"
        )
    assert seen == USED


def test_the_scopes_asked_for_cover_every_operation_used(document: Document) -> None:
    from elistit.listings.etsy.terms import SCOPES

    needed = {
        scope
        for _, _, operation in document.operations
        if operation["operationId"] in USED
        for way in operation.get("security", [])
        for scope in way.get("oauth2", [])
    }
    assert needed == set(SCOPES)


def test_the_checker_refuses_what_does_not_fit(document: Document) -> None:
    create = document.operation("POST", "/v3/application/shops/1/listings")
    good = {"quantity": "1", "title": "x", "description": "x", "price": "1.00", "who_made": "i_did",
            "when_made": "2020_2026", "taxonomy_id": "6844"}  # fmt: skip
    assert document.request_problems(create, good, {}) == []
    for change in (
        {"who_made": "robot"},
        {"price": "free"},
        {"quantity": "1.5"},
        {"is_digital": "true"},
        {"is_supply": "no"},
    ):
        assert document.request_problems(create, {**good, **change}, {}), change
    for name in good:
        assert document.request_problems(create, {k: v for k, v in good.items() if k != name}, {}), name
    answer = create["responses"]["201"]["content"]["application/json"]["schema"]
    for wrong in (
        {"listing_id": "5"},
        {"listing_id": 0},
        {"state": "gone"},
        {"title": None},
        {"tags": "a"},
        {"price": {"amount": "5"}},
        [],
    ):
        assert document.problems(answer, wrong, "x"), wrong
