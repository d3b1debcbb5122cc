"""A small batch in a real browser: a pasted list becomes a table priced as it is edited, one press launches it, and the reviews
follow one another by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until
from .test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
PHONE = {"width": 390, "height": 844}


def looks_well(page: Any, name: str) -> None:
    """No violation and nothing that scrolls sideways, on a desk and on a phone. ELISTIT_TEST_SHOTS keeps pictures of it."""
    desk = page.viewport_size
    for label, size in (("desk", desk), ("phone", PHONE)):
        page.set_viewport_size(size)
        if folder := os.environ.get("ELISTIT_TEST_SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{label}.png", full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls on a {label}"
    page.set_viewport_size(desk)


def test_a_list_of_five_from_the_paste_to_the_last_review(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    sign_in(page, studio.add("batch@example.com", 60))
    page.goto(studio.url + "/batches/new/")
    page.fill("#ideas", "red fox\nowl\nhedgehog\nbear\n\naccordion with a typewriter\n")
    page.select_option("#product", "sticker")
    page.fill("#count", "1")
    looks_well(page, "new")
    page.click("#read-list")
    page.wait_for_selector("#row-5")
    assert page.locator(".batch-row").count() == 5
    first = page.inner_text("#launch-batch")

    # A field that was made larger has a style of its own, which its replacement must not be given: the policy forbids it.
    corner = page.locator("#idea-1").bounding_box()
    page.mouse.move(corner["x"] + corner["width"] - 4, corner["y"] + corner["height"] - 4)
    page.mouse.down()
    page.mouse.move(corner["x"] + corner["width"] - 4, corner["y"] + corner["height"] + 60, steps=4)
    page.mouse.up()
    assert "height" in page.get_attribute("#idea-1", "style")
    page.fill("#count-1", "2")
    page.press("#count-1", "Tab")
    page.wait_for_function("before => document.querySelector('#launch-batch').textContent !== before", arg=first)
    page.uncheck("#include-5")
    page.wait_for_selector("#launch-batch:has-text('Launch 4 projects')")
    looks_well(page, "draft")
    assert page.inner_text("#balance") == "60 credits"
    total = int(page.get_attribute("[name=seen]", "value"))
    page.click("#launch-batch")
    page.wait_for_selector("#batch-money")
    assert f"Charged {total} credits." in page.inner_text("#batch-money")
    assert page.inner_text("#balance") == f"{60 - total} credits"

    wait_until(page, "#review-batch:has-text('Review 4 projects')", 300)
    looks_well(page, "waiting")
    page.click("#review-batch")
    page.wait_for_selector("#gate")
    page.wait_for_load_state()  # keys work once the scripts have run
    assert "1 of 4 to review" in page.inner_text(".batch-stream")
    here = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda address: address != here and "/approve/" in address)
    page.keyboard.press("p")
    page.wait_for_url(here)
    looks_well(page, "gate")
    for left in (3, 2, 1):
        here = page.url
        page.wait_for_selector("#approve:not([disabled])")
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, here=here: address != here and "/approve/" in address)
        assert f"of {left} to review" in page.inner_text(".batch-stream")
    page.wait_for_selector("#approve:not([disabled])")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/*/")
    assert page.locator("#review-batch").count() == 0
    assert refused == []
