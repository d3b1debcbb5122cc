"""Print on demand in a real browser: from a real poster's downloads to a draft, whose file the stand-in fetches by its address."""

from __future__ import annotations

import hashlib
import urllib.request
from typing import Any

import pytest

from tests.delivery.gelato_server import KEY, FakeGelato

from .conftest import sign_in, wait_until
from .test_accessibility import look

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_poster_becomes_a_draft_by_keyboard(start: Any, open_page: Any) -> None:
    with FakeGelato() as gelato:
        studio = start(
            ELISTIT_GELATO_KEY=KEY, ELISTIT_GELATO_ORDER_URL=gelato.url, ELISTIT_GELATO_PRODUCT_URL=gelato.url
        )
        link = studio.add("mara@example.com", 60)
        page = open_page()
        sign_in(page, link)
        made = studio.cli(
            "launch", "--user", "mara@example.com", "--product", "poster", "--idea", "a red fox", "--mode", "production"
        )
        at = f"{studio.url}/projects/{made['public_id']}/"
        page.goto(f"{at}downloads/")
        for _ in range(60):
            if page.get_by_role("link", name="Print on demand").count():
                break
            page.wait_for_timeout(4000)
            page.reload()
        page.get_by_role("link", name="Print on demand").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/print/")
        assert not (wrong := look(page, page.url)), wrong
        page.get_by_label("Poster size and resolution").select_option(index=1)
        for label, text in (
            ("Country code", "US"),
            ("State or province", "NY"),
            ("City", "New York"),
            ("Postal code", "11203"),
        ):
            page.get_by_label(label).fill(text)
        page.get_by_label("Postal code").press("Enter")
        page.wait_for_selector("text=Gelato’s quote")
        assert page.get_by_text("11.50 USD").is_visible()
        assert not (wrong := look(page, page.url)), wrong
        page.get_by_label("Courier").check()
        for label, text in (
            ("First name", "Ada"),
            ("Last name", "Recipient"),
            ("Address", "451 Clarkson Ave"),
            ("Email", "ada@example.org"),
        ):
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_label("Last name").press("Enter")
        page.wait_for_selector("text=Nothing is printed until it is submitted there.")
        assert not (wrong := look(page, page.url)), wrong
        [order] = gelato.orders.values()
        assert (order["orderType"], order["shipmentMethodUid"]) == ("draft", "courier") and gelato.unfit == []
        # What Gelato gets, by the address alone, is the print file to the last byte.
        with urllib.request.urlopen(order["items"][0]["files"][0]["url"], timeout=30) as answer:
            fetched = answer.read()
        prints = [f for f in studio.cli("status", made["public_id"])["files"] if f["role"] == "print"]
        assert [hashlib.sha256(fetched).hexdigest()] == [f["sha256"] for f in prints]
        order["fulfillmentStatus"] = "pending_approval"
        page.get_by_role("button", name="Check status").press("Enter")
        page.wait_for_selector("text=(Gelato: pending_approval)")
        page.get_by_text("Delete draft").first.press("Enter")
        page.get_by_role("button", name="Delete draft").press("Enter")
        wait_until(page, "text=The draft was deleted.", 20)
        assert gelato.orders == {}
