"""A Gelato of the tests' own on loopback: catalog, quotes, drafts. Every request is held against a JSON schema made of the fields
Gelato publishes, and one that doesn't fit is answered as Gelato answers it. It shares no code with the client.

`lose[point]`: "before" breaks the connection unread, "after" carries the request out and then breaks it. `refuse[point]` answers
that instead. Points: catalog, quote, create, search, order, delete. `delay` is how many searches a new draft is missing from.
"""

from __future__ import annotations

import itertools
import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

import jsonschema_rs

from tests.loopback_server import LoopbackServer

KEY = "gelato-key-0123456789"
PAPER = "200-gsm-uncoated"
_WORDS = {"type": "string", "minLength": 1}


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


def _closed(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    fields = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": fields, "additionalProperties": False}


_PERSON = _closed(
    {
        "firstName": _text(25), "lastName": _text(25), "addressLine1": _text(35), "city": _text(30), "postCode": _text(15),
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"}, "email": {"type": "string", "pattern": "^.+@.+$"},
    },
    {"addressLine2": _text(35), "state": _text(35), "phone": _text(25), "companyName": _text(60)},
)  # fmt: skip
_ITEM = _closed(
    {
        "itemReferenceId": _WORDS, "productUid": _WORDS, "quantity": {"type": "integer", "minimum": 1},
        "files": {
            "type": "array", "minItems": 1,
            "items": _closed({"type": {"const": "default"}, "url": {"type": "string", "pattern": "^https?://"}}),
        },
    }
)  # fmt: skip
_REFERENCES = {
    "orderReferenceId": _WORDS,
    "customerReferenceId": _WORDS,
    "currency": {"enum": ["USD", "EUR", "GBP"]},
}
_SCHEMAS = {
    "catalog": _closed(
        {}, {
            "attributeFilters": {"type": "object", "additionalProperties": {"type": "array", "items": _WORDS}},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100}, "offset": {"type": "integer", "minimum": 0},
        },
    ),
    "quote": _closed(
        {**_REFERENCES, "recipient": _PERSON, "products": {"type": "array", "minItems": 1, "items": _ITEM}},
        {"allowMultipleQuotes": {"type": "boolean"}},
    ),
    # Only drafts: whatever else arrives here would have been printed and charged.
    "create": _closed(
        {**_REFERENCES, "orderType": {"const": "draft"}, "items": {"type": "array", "minItems": 1, "items": _ITEM},
         "shippingAddress": _PERSON},
        {"shipmentMethodUid": _WORDS},
    ),
    "search": _closed(
        {}, {
            "orderReferenceIds": {"type": "array", "items": _WORDS}, "limit": {"type": "integer", "maximum": 100},
            "orderTypes": {"type": "array", "items": {"enum": ["draft", "order"]}}, "offset": {"type": "integer"},
        },
    ),
}  # fmt: skip
JUDGES = {name: jsonschema_rs.validator_for(schema) for name, schema in _SCHEMAS.items()}


def sheet(format_: str, width: float, height: float, orientation: str = "ver") -> dict[str, Any]:
    """A product as the catalog describes it."""
    return {
        "productUid": f"flat_product_pf_{format_}_pt_{PAPER}_cl_4-0_{orientation}",
        "attributes": {"Orientation": orientation, "PaperFormat": format_, "PaperType": PAPER, "ColorType": "4-0",
                       "ProductStatus": "activated"},
        "weight": {"value": 12.3, "measureUnit": "grams"},
        "dimensions": {"Width": {"value": width, "measureUnit": "mm"}, "Height": {"value": height, "measureUnit": "mm"},
                       "Thickness": {"value": 0.2, "measureUnit": "mm"}},
    }  # fmt: skip


SHEETS = [
    sheet("300x400-mm", 300, 400), sheet("300x450-mm", 300, 450), sheet("600x900-mm", 600, 900),
    sheet("1400x2100-mm", 1400, 2100), sheet("450x300-mm", 450, 300, "hor"),
]  # fmt: skip
SMALL = SHEETS[1]["productUid"]


class FakeGelato:
    """The server, and what a test asks of it."""

    def __init__(self) -> None:
        self.products = list(SHEETS)
        self.orders: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, Any]] = []
        self.unfit: list[str] = []
        self.lose: dict[str, str] = {}
        self.refuse: dict[str, tuple[int, Any, dict[str, str]]] = {}
        self.delay = 0
        self.price: Any = "11.50"
        self.lock = threading.RLock()
        self._number = itertools.count(1)
        self._server = LoopbackServer(self.serve)
        self.url = self._server.url

    def __enter__(self) -> FakeGelato:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def drafts(self) -> list[dict[str, Any]]:
        return [order for order in self.orders.values() if order["orderType"] == "draft"]

    def points(self) -> list[str]:
        return [point for point, _ in self.asked]

    # --- one exchange ------------------------------------------------------------------------------------------------

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        point = _point(handler.command, handler.path)
        if self.lose.get(point) == "before":
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        text = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        body = json.loads(text) if text else None
        with self.lock:
            self.asked.append((point, body))
            status, answer, headers = self._answer(point, handler.path, body, handler.headers.get("x-api-key", ""))
        if self.lose.get(point) == "after":
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        raw = b"" if answer is None else answer if isinstance(answer, bytes) else _json(answer)
        handler.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(raw)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)

    def _answer(self, point: str, path: str, body: Any, key: str) -> tuple[int, Any, dict[str, str]]:
        if key != KEY:
            return 401, {"code": "invalid_api_key_provided", "message": "Access denied. Token is invalid."}, {}
        if point in self.refuse:
            return self.refuse[point]
        judge = JUDGES.get(point)
        if judge is not None and (wrong := [(list(e.instance_path), e.message) for e in judge.iter_errors(body)]):
            self.unfit += [f"{point}: {where} {words}" for where, words in wrong]
            details = [{"reference": ".".join(map(str, where)), "message": "Invalid value."} for where, _ in wrong]
            return 400, {"code": "invalid_request", "message": "Invalid request.", "details": details}, {}
        status, answer = getattr(self, f"_{point}")(path, body)
        return status, answer, {}

    def _catalog(self, path: str, body: Any) -> tuple[int, Any]:
        filters = body["attributeFilters"]
        fitting = [
            p for p in self.products if all(p["attributes"].get(name) in wanted for name, wanted in filters.items())
        ]
        return 200, {"products": fitting[body["offset"] :][: body["limit"]], "hits": {"attributeHits": {}}}

    def _quote(self, path: str, body: Any) -> tuple[int, Any]:
        [product] = body["products"]
        methods = [
            {"name": name, "shipmentMethodUid": uid, "price": price, "currency": body["currency"], "minDeliveryDays": least,
             "maxDeliveryDays": most, "type": "normal"}
            for name, uid, price, least, most in (
                ("Courier", "courier", "9.90", 2, 3), ("Letter post", "letter_post", "4.05", 5, 8),
            )
        ]  # fmt: skip
        priced = {
            k: product[k] for k in ("itemReferenceId", "productUid", "quantity")
        } | {"price": self.price, "currency": body["currency"]}  # fmt: skip
        quote = {"id": f"quote-{next(self._number)}", "shipmentMethods": methods, "products": [priced]}
        return 200, {"orderReferenceId": body["orderReferenceId"], "quotes": [quote]}

    def _create(self, path: str, body: Any) -> tuple[int, Any]:
        number = next(self._number)
        order = {
            "id": f"00000000-0000-4000-8000-{number:012}", "orderType": "draft", "fulfillmentStatus": "draft",
            "financialStatus": "draft", "createdAt": f"2026-11-28T10:{number:02}:00+00:00", "hidden": self.delay, **{
                k: body[k] for k in ("orderReferenceId", "items", "shippingAddress", "currency", "shipmentMethodUid")
            },
        }  # fmt: skip
        self.orders[order["id"]] = order
        return 200, order

    def _search(self, path: str, body: Any) -> tuple[int, Any]:
        found = []
        for order in self.orders.values():
            if order["orderReferenceId"] in body["orderReferenceIds"] and order["orderType"] in body["orderTypes"]:
                if order["hidden"] > 0:
                    order["hidden"] -= 1
                    continue
                found.append(
                    {k: order[k] for k in ("id", "orderType", "orderReferenceId", "fulfillmentStatus", "createdAt")}
                )
        return 200, {"orders": found}

    def _order(self, path: str, body: Any) -> tuple[int, Any]:
        found = self.orders.get(path.rsplit("/", 1)[1])
        return (200, found) if found else (404, {"code": "order_not_found", "message": "Order not found."})

    def _delete(self, path: str, body: Any) -> tuple[int, Any]:
        order = self.orders.get(path.rsplit("/", 1)[1])
        if order is None:
            return 404, {"code": "order_not_found", "message": "Order not found."}
        if order["orderType"] != "draft":
            return 409, {"code": "not_a_draft", "message": "Only draft orders can be deleted."}
        del self.orders[order["id"]]
        return 204, None


def _json(answer: Any) -> bytes:
    """The answer with its prices as numbers, written just as the test gave them."""
    return re.sub(rb'("price": )"([0-9.]+)"', rb"\1\2", json.dumps(answer).encode())


def _point(method: str, path: str) -> str:
    if path == "/v3/catalogs/posters/products:search" and method == "POST":
        return "catalog"
    named = {
        ("POST", "/v4/orders"): "create",
        ("POST", "/v4/orders:quote"): "quote",
        ("POST", "/v4/orders:search"): "search",
    }
    if (method, path) in named:
        return named[method, path]
    if re.fullmatch(r"/v4/orders/[0-9a-f-]{36}", path) and method in ("GET", "DELETE"):
        return {"GET": "order", "DELETE": "delete"}[method]
    raise AssertionError(f"not an operation of a draft: {method} {path}")
