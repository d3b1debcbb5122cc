"""A loopback server that stands in for Stripe: it remembers what it made, honours idempotency keys, charges, tells, and
breaks as told. It believes nothing that Stripe would refuse."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY, SECRET = "sk_test_loopback_0123456789", "whsec_loopback_secret_0123456789"
MONTH = 30 * 24 * 3600


def unfolded(body: str) -> dict[str, Any]:
    """`a[b][0][c]=1` as nested dicts; a dict whose keys are 0, 1, … as a list."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        *way, last = name.replace("]", "").split("[")
        here = tree
        for step in way:
            here = here.setdefault(step, {})
        here[last] = value

    def settled(node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        if node and all(key.isdecimal() for key in node):
            return [settled(node[key]) for key in sorted(node, key=int)]
        return {key: settled(value) for key, value in node.items()}

    return settled(tree)


class Refused(Exception):
    def __init__(self, status: int, **error: Any) -> None:
        super().__init__(error)
        self.status, self.error = status, error


class StripeWorld:
    """What Stripe knows. `events` is what it has to tell, oldest first, each a dict; `signed` makes them sendable."""

    def __init__(self) -> None:
        self.now = int(time.time())
        self.things: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.trouble: list[str] = []
        self.declines = False
        self.page = 100
        self.endpoints: list[dict[str, Any]] = []
        self._number = itertools.count(1)
        self.lock = threading.RLock()

    # What people do at Stripe

    def pay(self, session_id: str) -> None:
        """The seller pays on the Checkout page."""
        session = self.things[session_id]
        session.update(status="complete", payment_status="paid")
        line = session["line_items"][0]["price_data"]
        if session["mode"] == "payment":
            session.update(amount_total=int(line["unit_amount"]), payment_intent=self.id("pi"))
            self.tell("checkout.session.completed", session)
            return
        subscription = self.make(
            "sub", object="subscription", status="active", customer=session["customer"], cancel_at_period_end=False,
            metadata=session["subscription_data"]["metadata"], price_cents=int(line["unit_amount"]),
            items={"object": "list", "data": [{"id": self.id("si"), "object": "subscription_item"}]},
        )  # fmt: skip
        session.update(subscription=subscription["id"], amount_total=int(line["unit_amount"]))
        self.bill(subscription["id"])
        self.tell("checkout.session.completed", session)

    def bill(self, subscription_id: str) -> dict[str, Any]:
        """A month of a subscription is charged, from now on."""
        subscription = self.things[subscription_id]
        invoice = self.make(
            "in", object="invoice", customer=subscription["customer"], amount_paid=subscription["price_cents"],
            payment_intent_made=self.id("pi"),
            parent={"type": "subscription_details",
                    "subscription_details": {"subscription": subscription_id, "metadata": dict(subscription["metadata"])}},
            lines={"object": "list", "data": [{
                "id": self.id("il"), "amount": subscription["price_cents"], "metadata": dict(subscription["metadata"]),
                "period": {"start": self.now, "end": self.now + MONTH}}]},
        )  # fmt: skip
        self.tell("invoice.paid", invoice)
        return invoice

    def charge_of(self, payment_intent: str) -> dict[str, Any]:
        return self.things.setdefault(f"ch_{payment_intent}", {
            "id": f"ch_{payment_intent}", "object": "charge", "payment_intent": payment_intent, "amount_refunded": 0,
            "customer": self.customer_of(payment_intent)})  # fmt: skip

    def customer_of(self, payment_intent: str) -> str | None:
        for thing in self.things.values():
            if payment_intent in (thing.get("payment_intent"), thing.get("payment_intent_made")):
                return thing["customer"]
        return None

    def give_back(self, payment_intent: str, cents: int) -> None:
        charge = self.charge_of(payment_intent)
        charge["amount_refunded"] += cents
        self.tell("charge.refunded", charge)

    def dispute(self, payment_intent: str, cents: int, status: str, number: int = 1) -> None:
        kind = "created" if status.endswith("needs_response") else "closed"
        dispute = self.things[f"dp_{number}_{payment_intent}"] = {
            "id": f"dp_{number}_{payment_intent}", "object": "dispute", "payment_intent": payment_intent, "amount": cents,
            "charge": self.charge_of(payment_intent)["id"], "status": status}  # fmt: skip
        self.tell(f"charge.dispute.{kind}", dispute)

    # What Stripe says

    def tell(self, type: str, thing: dict[str, Any]) -> None:
        self.now += 1
        self.events.append({
            "id": self.id("evt"), "object": "event", "type": type, "created": self.now,
            "data": {"object": json.loads(json.dumps(thing))}})  # fmt: skip

    def signed(self, event: dict[str, Any], *, secret: str = SECRET, at: int | None = None) -> tuple[bytes, str]:
        body, moment = json.dumps(event).encode(), int(time.time()) if at is None else at
        mark = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return body, f"t={moment},v1={mark}"

    # What it answers

    def id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._number):06d}"

    def make(self, prefix: str, **facts: Any) -> dict[str, Any]:
        thing = {"id": self.id(prefix), **facts}
        self.things[thing["id"]] = thing
        return thing

    def answer(self, method: str, path: str, params: dict[str, Any], key: str) -> dict[str, Any]:
        with self.lock:
            self.asked.append((method, path, params))
            if method == "POST" and key:
                if key in self.answers:
                    before, made = self.answers[key]
                    if before != params:
                        raise Refused(400, type="idempotency_error", message="Keys for idempotent requests differ")
                    return made
                made = self._made(method, path, params)
                self.answers[key] = (params, made)
                return made
            return self._made(method, path, params)

    def _made(self, method: str, path: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request. Raises Refused as Stripe would."""
        parts = path.removeprefix("/v1/").split("/")
        kinds = (self._catalog, self._sessions, self._reports, self._money, self._invoices, self._subscriptions)
        for answer in kinds:
            if (made := answer(method, parts, params)) is not None:
                return made
        raise Refused(404, type="invalid_request_error", message=f"Unrecognized request URL ({method}: {path})")

    def _catalog(self, method: str, parts: list[str], params: dict[str, Any]) -> dict[str, Any] | None:
        """Customers, prices and the customer portal."""
        match (method, parts):
            case ("POST", ["customers"]):
                return self.make("cus", object="customer", **params)
            case ("GET", ["prices"]):
                found = [t for t in self.things.values() if t["object"] == "price"
                         and t["lookup_key"] in params["lookup_keys"]]  # fmt: skip
                return {"object": "list", "data": found}
            case ("POST", ["prices"]):
                return self.make("price", object="price", **params)
            case ("POST", ["billing_portal", "sessions"]):
                return {
                    "id": "bps_1",
                    "object": "billing_portal.session",
                    "url": "https://billing.stripe.com/p/session/1",
                }
        return None

    def _sessions(self, method: str, parts: list[str], params: dict[str, Any]) -> dict[str, Any] | None:
        """Checkout Sessions: made, found and expired."""
        match (method, parts):
            case ("POST", ["checkout", "sessions"]):
                if params["mode"] not in ("payment", "subscription") or not params["line_items"]:
                    raise Refused(400, type="invalid_request_error", message="Invalid mode", param="mode")
                int(params["line_items"][0]["price_data"]["unit_amount"])
                session = self.make(
                    "cs",
                    object="checkout.session",
                    status="open",
                    payment_status="unpaid",
                    payment_intent=None,
                    **params,
                )
                session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}"
                return session
            case ("GET", ["checkout", "sessions"]):
                name = "customer" if "customer" in params else "payment_intent"
                return self._list("checkout.session", lambda t: t.get(name) == params[name])
            case ("POST", ["checkout", "sessions", session_id, "expire"]):
                session = self._thing(session_id)
                if session["status"] != "open":
                    raise Refused(400, type="invalid_request_error", message="Only Checkout Sessions with a status in "
                                  "[\"open\"] can be expired.")  # fmt: skip
                session["status"] = "expired"
                self.tell("checkout.session.expired", session)
                return session
            case ("GET", ["checkout", "sessions", session_id]):
                return self._thing(session_id)
        return None

    def _reports(self, method: str, parts: list[str], params: dict[str, Any]) -> dict[str, Any] | None:
        """The record of events, and the webhook endpoints."""
        match (method, parts):
            case ("GET", ["events"]):
                since, until = int(params["created"]["gte"]), int(params["created"]["lt"])
                found = [e for e in self.events if since <= e["created"] < until and e["type"] in params["types"]]
                found = sorted(found, key=lambda e: -e["created"])
                if "starting_after" in params:
                    found = found[1 + [e["id"] for e in found].index(params["starting_after"]) :]
                most = min(int(params["limit"]), self.page)
                return {"object": "list", "data": found[:most], "has_more": len(found) > most}
            case ("GET", ["events", event_id]):
                for event in self.events:
                    if event["id"] == event_id:
                        return event
                raise Refused(404, type="invalid_request_error", code="resource_missing", message="No such event")
            case ("GET", ["webhook_endpoints"]):
                return {"object": "list", "data": self.endpoints}
        return None

    def _money(self, method: str, parts: list[str], params: dict[str, Any]) -> dict[str, Any] | None:
        """The balance, charges, disputes and refunds."""
        match (method, parts):
            case ("GET", ["balance"]):
                return {"object": "balance", "available": []}
            case ("GET", ["charges", charge_id]):
                return self._thing(charge_id)
            case ("GET", ["charges"]):
                return self._list("charge", lambda t: t["payment_intent"] == params["payment_intent"])
            case ("GET", ["disputes"]):
                return self._list("dispute", lambda t: t["payment_intent"] == params["payment_intent"])
            case ("POST", ["refunds"]):
                charge = self.charge_of(params["payment_intent"])
                paid = next(t for t in self.things.values() if params["payment_intent"] in
                            (t.get("payment_intent"), t.get("payment_intent_made")))  # fmt: skip
                left = int(paid.get("amount_paid") or paid.get("amount_total")) - charge["amount_refunded"]
                if left <= 0:
                    raise Refused(400, type="invalid_request_error", code="charge_already_refunded", message="Refunded")
                self.give_back(params["payment_intent"], left)
                return self.make("re", object="refund", amount=left, status="succeeded", **params)
        return None

    def _invoices(self, method: str, parts: list[str], params: dict[str, Any]) -> dict[str, Any] | None:
        """Invoices and their payments."""
        match (method, parts):
            case ("GET", ["invoices"]):
                return self._list("invoice", lambda t: self._bills(t, params["subscription"]))
            case ("GET", ["invoice_payments"]) if "invoice" in params:
                intent = self._thing(params["invoice"])["payment_intent_made"]
                return {"object": "list", "data": [
                    {"id": "inpay_1", "object": "invoice_payment", "invoice": params["invoice"],
                     "payment": {"type": "payment_intent", "payment_intent": intent}}]}  # fmt: skip
            case ("GET", ["invoice_payments"]):
                wanted = params["payment"]["payment_intent"]
                found = [{"id": "inpay_1", "object": "invoice_payment", "invoice": t["id"]} for t in self.things.values()
                         if t["object"] == "invoice" and t["payment_intent_made"] == wanted]  # fmt: skip
                return {"object": "list", "data": found}
        return None

    def _subscriptions(self, method: str, parts: list[str], params: dict[str, Any]) -> dict[str, Any] | None:
        """Subscriptions: read, changed and canceled."""
        match (method, parts):
            case ("DELETE", ["subscriptions", subscription_id]):
                subscription = self._thing(subscription_id)
                if subscription["status"] == "canceled":
                    raise Refused(404, type="invalid_request_error", code="resource_missing", message="No such")
                subscription.update(status="canceled", ended_at=self.now)
                self.tell("customer.subscription.deleted", subscription)
                return subscription
            case ("GET", ["subscriptions", subscription_id]):
                return self._thing(subscription_id)
            case ("POST", ["subscriptions", subscription_id]):
                return self._changed(self._thing(subscription_id), params)
        return None

    def _list(self, object: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Newest first, as Stripe lists."""
        found = [t for t in self.things.values() if t["object"] == object and wanted(t)]
        return {"object": "list", "data": found[::-1], "has_more": False}

    def _bills(self, invoice: dict[str, Any], subscription: str) -> bool:
        return invoice["parent"]["subscription_details"]["subscription"] == subscription

    def _changed(self, subscription: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        if "items" in params:
            if self.declines:
                raise Refused(402, type="card_error", code="card_declined", message="Your card has insufficient funds.")
            price = self._thing(params["items"][0]["price"])
            subscription.update(
                price_cents=int(price["unit_amount"]), metadata={**subscription["metadata"], **params["metadata"]}
            )
            self.bill(subscription["id"])
        if "cancel_at_period_end" in params:
            subscription["cancel_at_period_end"] = params["cancel_at_period_end"] == "true"
        self.tell("customer.subscription.updated", subscription)
        return subscription

    def _thing(self, thing: str) -> dict[str, Any]:
        if thing not in self.things:
            raise Refused(404, type="invalid_request_error", code="resource_missing", message=f"No such: {thing}")
        return self.things[thing]


@contextmanager
def serving(world: StripeWorld) -> Iterator[str]:
    """The address of `world` on the loopback. `world.trouble` names what the next answers do instead of the right thing:
    lost (done, no answer), down (500), busy (429), html, nokey (401)."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def do_DELETE(self) -> None:
            self._serve("DELETE")

        def _serve(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            parts = urlsplit(self.path)
            trouble = world.trouble.pop(0) if world.trouble else ""
            if trouble in ("down", "busy", "html"):
                status = {"down": 500, "busy": 429, "html": 200}[trouble]
                self._send(status, b"<html>Bad day</html>" if trouble == "html" else b'{"error":{"message":"Sorry"}}')
                return
            if trouble == "nokey" or self.headers.get("authorization") != f"Bearer {KEY}":
                self._send(
                    401,
                    b'{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_loop"}}',
                )
                return
            try:
                made = world.answer(
                    method, parts.path, unfolded(body or parts.query), self.headers.get("idempotency-key", "")
                )
            except Refused as refused:
                self._send(refused.status, json.dumps({"error": refused.error}).encode())
                return
            if trouble == "lost":
                self.close_connection = True
                self.connection.close()
                return
            self._send(200, json.dumps(made).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "text/html" if body.startswith(b"<") else "application/json")
            self.send_header("content-length", str(len(body)))
            self.send_header("request-id", "req_loopback")
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
