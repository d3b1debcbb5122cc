"""The real Gelato, with a key of its own in the environment: sizes, a quote, a draft that is deleted again at once.

Nothing is ordered: the client can only create drafts, and a draft is neither printed nor charged. Without a key it is skipped, and
the stand-in (tests/delivery/gelato_server.py) alone holds requests against the fields Gelato publishes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from elistit import ports
from elistit.accounts.vault import Secret
from elistit.delivery.gelato.client import GelatoClient
from elistit.delivery.gelato.config import ORDER_URL, PRODUCT_URL, GelatoConfig
from elistit.delivery.gelato.sizes import sheets

NAME = "ELISTIT_TEST_GELATO_KEY"
PLACE = {
    "firstName": "Contract", "lastName": "Test", "addressLine1": "451 Clarkson Ave", "city": "New York", "state": "NY",
    "postCode": "11203", "country": "US", "email": "contract@example.com",
}  # fmt: skip
FILE = "https://dashboard.gelato.com/docs/img/order-status-flow.png"

pytestmark = pytest.mark.skipif(not os.environ.get(NAME), reason=f"{NAME} isn't set, so the real Gelato isn't asked")


@pytest.fixture
def gelato() -> GelatoClient:
    return GelatoClient(GelatoConfig(ORDER_URL, PRODUCT_URL, Secret(os.environ[NAME]), "200-gsm-uncoated", "USD"))


@pytest.fixture
def drafts(gelato: GelatoClient) -> Iterator[list[str]]:
    made: list[str] = []
    yield made
    for order in made:
        gelato.delete_draft(order)


def test_sizes_a_quote_and_a_draft(gelato: GelatoClient, drafts: list[str]) -> None:
    answer = gelato.posters("ver")
    assert answer.good and answer.data, answer
    found = sheets(answer.data["products"])
    assert found, "the catalog describes sheets as we read them"
    reference = f"contract-{ports.new_id()}"
    item = {
        "itemReferenceId": "1", "productUid": found[0].product, "quantity": 1, "files": [{"type": "default", "url": FILE}],
    }  # fmt: skip
    quote = gelato.quote(reference, "contract", PLACE, item)
    assert quote.good and quote.data, quote
    [only] = quote.data["quotes"]
    assert {"price", "currency"} <= set(only["products"][0])
    method = only["shipmentMethods"][0]
    assert {"shipmentMethodUid", "name", "price", "currency", "minDeliveryDays", "maxDeliveryDays"} <= set(method)
    made = gelato.create_draft(reference, "contract", PLACE, item, method["shipmentMethodUid"])
    assert made.good and made.data, made
    drafts.append(made.data["id"])
    seen = gelato.order(made.data["id"])
    assert seen.good and seen.data and seen.data["orderType"] == "draft"
    assert gelato.search([reference]).good
    assert gelato.delete_draft(made.data["id"]).good
    drafts.clear()


def test_a_wrong_key_is_refused_as_we_read_it() -> None:
    wrong = GelatoClient(GelatoConfig(ORDER_URL, PRODUCT_URL, Secret("wrong-key-000000"), "200-gsm-uncoated", "USD"))
    assert wrong.posters("ver").status in (401, 403)
