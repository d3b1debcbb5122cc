"""The moments a seller remembers: too few credits, a sign-in that ended while typing, a worker that dies while they watch, a
poster in two steps, a draft Etsy refuses, and what deleting costs. In a real browser against the real server and worker."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from elistit.listings.etsy.sandbox import Sandbox

from .conftest import Studio, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def launch_as(page: Any, studio: Studio, product: str, idea: str = "boho sun", count: int | None = None) -> str:
    page.goto(f"{studio.url}/new/?product={product}")
    page.fill("#idea", idea)
    if count:
        page.fill("#count", str(count))
        page.wait_for_timeout(600)
    # A launch is for the price that was seen, and the price follows what is typed. Where the machine is too busy for that, the
    # form comes back with the new price, and a seller presses again.
    page.wait_for_load_state("networkidle")
    for _ in range(2):
        with page.expect_navigation():
            page.click("#launch-button")
        if "/projects/" in page.url:
            return str(page.url)
    raise AssertionError(page.inner_text("main"))


def worker_of(studio: Studio) -> psutil.Process:
    """The worker process of this installation, found by its data folder."""
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if re.search(r"elistit\.cli worker", line) and process.environ().get("ELISTIT_DATA") == str(studio.data):
            return process
    raise AssertionError("no worker is running")


def test_too_few_credits_are_told_before_anything_is_spent(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("short@example.com", 10))
    page.goto(studio.url + "/new/")
    page.fill("#idea", "woodland animals")
    page.wait_for_selector("text=You are 7 credits short")
    assert page.is_disabled("#launch-button")
    page.fill("#count", "16")
    page.wait_for_selector("text=You are 8 credits short")
    assert page.inner_text("#balance") == "10 credits"


def test_enter_in_a_field_of_the_launch_form_prices_what_was_chosen(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    sign_in(page, studio.add("enter@example.com", 30))
    page.goto(studio.url + "/new/?product=sticker")
    page.fill("#idea", "ocean animals")
    page.fill("#count", "4")
    page.press("#count", "Enter")
    page.wait_for_load_state("networkidle")
    assert page.locator('[name="switch"][aria-current="true"]').get_attribute("value") == "sticker"
    assert page.input_value("#count") == "4" and page.inner_text("#balance") == "30 credits"


def test_a_press_on_launch_is_not_lost_when_a_new_price_arrives_in_the_middle_of_it(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    """The price replaces its lines and moves the button; the pointer is still down on it."""
    page = open_page()
    sign_in(page, studio.add("press@example.com", 60))
    page.goto(studio.url + "/new/?product=sticker")
    page.fill("#idea", "ocean animals")
    page.fill("#count", "4")
    page.wait_for_load_state("networkidle")
    button = page.locator("#launch-button")
    for_four = button.inner_text()

    def press(count: str) -> None:
        """Put the pointer down on the button, and let the price of another count arrive."""
        box = button.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 4)
        page.mouse.down()
        with page.expect_response("**/new/price/"):
            page.evaluate(
                "n => { const f = document.getElementById('count'); f.value = n;"
                " f.dispatchEvent(new Event('input', {bubbles: true})); }",
                count,
            )
        page.wait_for_timeout(300)

    press("6")
    assert button.inner_text() == for_four, "nothing is replaced under the pointer"
    page.mouse.move(5, 5)
    page.mouse.up()  # beside the button: no launch, and the price follows after all
    page.wait_for_function("old => document.getElementById('launch-button').textContent !== old", arg=for_four)
    page.wait_for_load_state("networkidle")
    price = int(re.sub(r"\D", "", button.inner_text()))
    press("6")
    page.mouse.up()
    page.wait_for_url("**/projects/*/")
    assert page.inner_text("#balance") == f"{60 - price} credits"


def test_a_sign_in_that_ends_while_typing_loses_nothing(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("typing@example.com", 30))
    page.goto(studio.url + "/new/?product=greeting_card")
    page.context.clear_cookies(name="sessionid")
    page.fill("#idea", "a wreath of spring flowers")
    page.wait_for_url("**/enter/?next=*")
    page.goto(str(studio.cli("users", "link", "typing@example.com")["url"]))
    page.click("main form button")
    page.wait_for_url("**/new/?product=greeting_card")
    assert page.input_value("#idea") == "a wreath of spring flowers"
    assert "you haven't been charged" in page.inner_text("main") and page.inner_text("#balance") == "30 credits"


def test_a_worker_that_dies_while_its_project_is_watched_is_only_a_pause(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    sign_in(page, studio.add("watching@example.com", 30))
    launch_as(page, studio, "sticker", "ocean animals", 6)
    page.wait_for_timeout(1500)
    os.kill(worker_of(studio).pid, signal.SIGKILL)
    wait_until(page, "#to-gate", 120)
    page.click("text=Activity")
    page.wait_for_url("**/activity/")
    assert studio.cli("audit")["ok"] is True


def test_a_poster_is_designed_then_decided_on_then_made_print_ready(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    sign_in(page, studio.add("poster@example.com", 30))
    address = launch_as(page, studio, "poster", "misty mountains")
    assert page.inner_text("#balance") == "29 credits", "only the design is charged"
    wait_until(page, "a[href$='/print-ready/']", 120)
    # Money is moved without script as well as with it.
    plain = open_page(java_script_enabled=False)
    sign_in(plain, str(studio.cli("users", "link", "poster@example.com")["url"]))
    plain.goto(address + "print-ready/")
    assert "2 credits" in plain.inner_text(".receipt")
    plain.click(".receipt button.main")
    plain.wait_for_url(address)
    assert plain.inner_text("#balance") == "27 credits"
    page.reload()
    assert page.locator("#money h3").nth(1).inner_text() == "Print-ready quote"
    wait_until(page, "#to-files", 240)


def test_deleting_says_the_exact_loss_and_keeps_to_it(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("leaving@example.com", 30))
    address = launch_as(page, studio, "sticker", "pets", 3)
    wait_until(page, "#to-gate", 120)
    page.goto(address + "delete/")
    assert "5 credits" in page.inner_text("main")
    page.click("main form button.grave")
    page.wait_for_url(studio.url + "/")
    assert page.inner_text("#balance") == "25 credits"
    assert page.goto(address).status in (404, 410) or "deleted" in page.inner_text("main").lower()


def test_a_draft_etsy_refuses_is_retried_or_skipped_free(
    start: Callable[..., Studio], open_page: Callable[..., Any]
) -> None:
    sandbox = Sandbox()
    try:
        studio = start(ELISTIT_FAULTS="drafting=rejected*3", ELISTIT_CLOCK_SPEED="5", ELISTIT_ETSY_API_URL=sandbox.url)
        page = open_page()
        sign_in(page, studio.add("shop@example.com", 30))
        page.goto(studio.url + "/settings/integrations/")
        page.click("text=Connect a practice shop")
        page.wait_for_selector("text=is connected")
        address = launch_as(page, studio, "greeting_card", "spring flowers")
        wait_until(page, "#to-files", 240)
        paid = page.inner_text("#balance")
        page.click("text=Retry draft")
        page.wait_for_selector("text=Retrying the Etsy draft")
        wait_until(page, "h2:has-text('Etsy rejected the draft')", 120)
        assert page.locator("text=Retrying the Etsy draft").count() == 0, (
            "it was retried, and this page says how that ended"
        )
        watching, page = page, open_page(java_script_enabled=False)
        sign_in(page, str(studio.cli("users", "link", "shop@example.com")["url"]))
        page.goto(address + "listing/")
        page.click("text=Retry draft")
        for _ in range(60):
            page.goto(address + "listing/")
            if page.locator("button:has-text('Skip')").count():
                break
            page.wait_for_timeout(500)
        page.click("button:has-text('Skip')")
        page.wait_for_selector("text=You skipped the draft")
        watching.goto(address + "listing/")
        watching.click("button:has-text('draft')")
        watching.wait_for_selector("text=Creating the Etsy draft")
        wait_until(watching, "#to-draft", 120)
        assert watching.locator("text=Creating the Etsy draft").count() == 0
        assert len(sandbox.drafts()) == 1 and page.inner_text("#balance") == paid
        assert studio.cli("audit")["ok"] is True
    finally:
        sandbox.stop()
