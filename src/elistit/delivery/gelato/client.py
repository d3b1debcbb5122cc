"""A thin client of Gelato's order API v4 and product API v3: the few operations a draft needs, every answer as data.

It never retries, never logs, never decides what an answer means (`outcomes` does), and can't submit an order: what it creates
is always a draft, and it has no method that turns a draft into an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from elistit.delivery.gelato.config import GelatoConfig
from elistit.delivery.gelato.wire import Answer, Doing, send
from elistit.network.call import Timeouts

ORDERS = "/v4/orders"
SEARCH = "/v3/catalogs/posters/products:search"
PAGE = 100
"""The most products Gelato answers with at once."""
DRAFT = "draft"
TIMEOUTS = Timeouts(connect=5.0, read=20.0, write=10.0, whole=25.0)


class GelatoClient:
    """Gelato as one account."""

    def __init__(self, config: GelatoConfig, timeouts: Timeouts | None = None) -> None:
        self.config = config
        self.timeouts = timeouts or TIMEOUTS

    def posters(self, orientation: str, offset: int = 0, limit: int = PAGE) -> Answer:
        """One page of the posters sold on the configured paper, printed on one side: {products}. `orientation`: ver or hor."""
        wanted = {"PaperType": [self.config.paper], "Orientation": [orientation], "ProductStatus": ["activated"]}
        body = {"attributeFilters": wanted, "limit": limit, "offset": offset}
        return self._call(Doing.CATALOG, "POST", self.config.product_url + SEARCH, json=body)

    def quote(self, reference: str, customer: str, recipient: Mapping[str, str], item: Mapping[str, Any]) -> Answer:
        """What one copy costs and which shipping there is: {quotes}. Creates nothing."""
        body = {
            **self._references(reference, customer),
            "allowMultipleQuotes": False,
            "recipient": dict(recipient),
            "products": [dict(item)],
        }
        return self._call(Doing.QUOTE, "POST", f"{self.config.order_url}{ORDERS}:quote", json=body)

    def create_draft(
        self, reference: str, customer: str, address: Mapping[str, str], item: Mapping[str, Any], shipping: str
    ) -> Answer:
        """A new draft order. Not idempotent: look for the reference first, and after any answer that is not good."""
        body = {
            "orderType": DRAFT,
            **self._references(reference, customer),
            "items": [dict(item)],
            "shippingAddress": dict(address),
            "shipmentMethodUid": shipping,
        }
        return self._call(Doing.CREATE, "POST", self.config.order_url + ORDERS, json=body)

    def order(self, order_id: str) -> Answer:
        """One order: {id, orderType, fulfillmentStatus, financialStatus, …}."""
        return self._call(Doing.LOOK, "GET", self._address(order_id))

    def search(self, references: Sequence[str]) -> Answer:
        """Orders and drafts with these references: {orders}. A draft may be missing from it for a while after it was created."""
        body = {"orderReferenceIds": list(references), "orderTypes": [DRAFT, "order"], "limit": PAGE}
        return self._call(Doing.LOOK, "POST", f"{self.config.order_url}{ORDERS}:search", json=body)

    def delete_draft(self, order_id: str) -> Answer:
        """Delete a draft; Gelato deletes nothing else. Idempotent: 404 when it is gone."""
        return self._call(Doing.DELETE, "DELETE", self._address(order_id))

    def _references(self, reference: str, customer: str) -> dict[str, str]:
        return {
            "orderReferenceId": reference,
            "customerReferenceId": customer,
            "currency": self.config.currency,
        }

    def _address(self, order_id: str) -> str:
        return f"{self.config.order_url}{ORDERS}/{quote(order_id, safe='')}"

    def _call(self, doing: Doing, method: str, url: str, **body: Any) -> Answer:
        return send(doing, method, url, timeouts=self.timeouts, key=self.config.key.reveal(), **body)
