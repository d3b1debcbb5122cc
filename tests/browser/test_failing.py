"""What a seller sees when nothing can be made: the tries, the failure in words, and the credits back in the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, launch, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_project_that_cannot_be_made_ends_failed_with_its_refund_in_the_history(
    start: Callable[..., Studio], open_page: Callable[..., Any]
) -> None:
    studio = start(ELISTIT_FAULTS="generating=transient*all", ELISTIT_CLOCK_SPEED="5")
    page = open_page()
    sign_in(page, studio.add("unlucky@example.com"))
    assert "Test failures are switched on" in page.inner_text(".faults")
    address = launch(page, studio)
    assert page.inner_text("#balance") == "13 credits"
    # The page shows the next try without being loaded again.
    wait_until(page, "text=/Attempt 2 of 4/")
    wait_until(page, "#failure-title")
    words = page.inner_text(".failure")
    assert "You were not charged: all 17 credits are back in your balance." in words
    assert "had a problem." in words and "60 attempts, from" in words
    page.click(".tries summary")
    assert "attempt 4 of 4" in page.inner_text(".tries")
    # The top bar follows the books without the page being loaded again.
    assert page.inner_text("#balance") == "30 credits"
    card = page.locator("#money")
    assert "Refunded 17 credits Paid 0 credits" in " ".join(card.inner_text().split())
    page.click("#money .all-rows summary")
    assert page.locator("#money .moves li", has_text="Refunded").count() >= 1
    page.click("#to-help")
    page.wait_for_url("**/help/")
    facts = page.inner_text("#help-text")
    assert "Refunded: 17 credits." in facts and "Launched:" in facts and "Public id:" in facts
    assert "item 15: attempt 4 of 4 failed" in page.inner_text(".help-activity")
    page.fill("#expected", "Fifteen animals. None was made, and I would like to know why.")
    page.click("#send-help")
    page.wait_for_selector("text=Not answered yet")
    page.goto(address)
    page.click("#to-history")
    refunds = page.locator("tr", has_text="Refunded")
    assert refunds.count() >= 1
    returned = sum(int(row.locator("td.amount").first.inner_text().replace("+", "")) for row in refunds.all())
    assert returned == 17
    page.goto(address)
    page.click("#again")
    assert page.input_value("#idea") == "woodland animals in autumn"
    assert studio.cli("audit")["ok"] is True
