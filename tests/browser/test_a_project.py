"""A seller's whole way in a real browser, with script and without, alone and in two tabs at once."""

from __future__ import annotations

import hashlib
import re
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from elistit.studio.headers import POLICY

from .conftest import Studio, launch, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def balance(page: Any) -> str:
    return str(page.inner_text("#balance"))


def test_a_seller_launches_watches_approves_and_downloads(
    studio: Studio, open_page: Callable[..., Any], tmp_path: Path
) -> None:
    link = studio.add("seller@example.com")
    # What a mail program does to preview it. It must not use the link up.
    urllib.request.urlopen(link, timeout=60).read()
    page = open_page(accept_downloads=True)
    sign_in(page, link)
    assert "You have no projects yet" in page.inner_text("main")

    page.goto(studio.url + "/new/")
    page.fill("#idea", "woodland animals in autumn")
    page.fill("#count", "16")
    page.wait_for_selector("#launch-button:has-text('18 credits')")
    page.fill("#count", "50")
    page.wait_for_selector("#launch-button[disabled]")
    assert "22 credits short" in page.inner_text("#quote")
    page.goto(studio.url + "/new/?product=sticker")
    page.fill("#idea", "woodland animals in autumn")
    page.fill("#count", "5")
    page.wait_for_selector("#launch-button:not([disabled]):has-text('7 credits')")
    page.click("#launch-button")
    page.wait_for_url("**/projects/*/")
    address = page.url
    assert balance(page) == "23 credits"

    wait_until(page, "#to-gate")
    assert "Review" in page.inner_text(".stages .now")
    page.click("#to-gate")
    assert page.locator(".judged").count() == 5
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("d")
    page.wait_for_selector("#plate-2.dropped")
    assert page.evaluate("document.activeElement.id") == "plate-2"
    assert "4 kept, 1 dropped" in page.inner_text("#gate-totals")
    page.keyboard.press("k")
    page.wait_for_selector("#plate-2.made")
    page.click("#approve")
    page.wait_for_url(address)

    wait_until(page, "#to-files", 400)
    assert page.locator(".plate.made").count() == 5
    page.click("#to-files")
    page.click("#checksums summary")
    rows = page.locator("#checksums tbody tr").all()
    sums = {row.locator("td").nth(0).inner_text(): row.locator("td").nth(1).inner_text() for row in rows}
    pictures = 0
    for zip_link in page.locator("a[download]", has_text=re.compile(r"\.zip$")).all():
        with page.expect_download() as caught:
            zip_link.click()
        target = tmp_path / caught.value.suggested_filename
        caught.value.save_as(target)
        assert hashlib.sha256(target.read_bytes()).hexdigest() == sums[target.name]
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            pictures += sum(1 for name in archive.namelist() if name.endswith(".png"))
    assert pictures == 6, "five stickers and their sheet"

    page.goto(address + "listing/")
    assert page.locator(".tags li").count() == 13
    assert "No Etsy shop is connected" in page.inner_text("main")
    page.goto(studio.url + "/settings/billing/")
    assert page.locator("tr", has_text="−7").count() == 1
    assert studio.cli("audit")["ok"] is True


def test_everything_about_money_and_approval_works_without_script(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, studio.add("noscript@example.com"))

    def until(selector: str) -> None:
        for _ in range(240):
            if page.locator(selector).count():
                return
            page.wait_for_timeout(500)
            page.reload()
        raise AssertionError(f"{selector} did not come")

    page.goto(studio.url + "/new/")
    page.click("button[value=sticker]")
    page.fill("#idea", "sea animals")
    page.fill("#count", "4")
    page.click("button[value=launch]")
    assert "You haven't been charged yet" in page.inner_text("main") and "6 credits" in page.inner_text("#quote")
    assert page.input_value("#idea") == "sea animals"
    page.fill("#count", "3")
    page.click("button[value=price]:visible")
    assert "5 credits" in page.inner_text("#quote")
    page.click("button[value=launch]")
    page.wait_for_url("**/projects/*/")
    address = page.url
    until("#to-gate")
    page.click("#to-gate")
    page.click("#drop-3")
    assert page.url.endswith("/approve/#plate-3")
    assert "2 kept, 1 dropped" in page.inner_text("#gate-totals")
    page.click("#remake-2")
    page.fill("#prompt-2", "a whale with a red hat")
    page.click("#plate-2 form[action*=remake] button")
    assert balance(page) == "24 credits"
    until("#approve:not([disabled])")
    page.click("#approve")
    page.wait_for_url(address)
    assert page.locator(".stages .done", has_text="Review").count() == 1

    page.goto(f"{studio.url}/new/?like={address.split('/')[-2]}")
    page.click("button[value=launch]")
    page.wait_for_url("**/projects/*/")
    page.goto(page.url + "delete/")
    assert "5 credits won't be refunded." in page.inner_text("main")
    page.click("button.grave")
    page.wait_for_url("**/")
    assert balance(page) == "19 credits"


def test_a_project_is_launched_judged_and_approved_by_keyboard_alone(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    sign_in(page, studio.add("keys@example.com"))
    page.goto(studio.url + "/new/?product=sticker")
    press = page.keyboard.press

    def here() -> str:
        return str(page.evaluate("document.activeElement.id"))

    def at(name: str) -> None:
        page.wait_for_function("name => document.activeElement.id === name", arg=name)

    def tab_to(name: str) -> None:
        for _ in range(60):
            press("Tab")
            if here() == name:
                return
        raise AssertionError(f"Tab never came to {name}")

    tab_to("idea")
    page.keyboard.type("ocean animals")
    tab_to("count")
    press("Control+a")
    page.keyboard.type("3")
    page.wait_for_selector("#launch-button:has-text('5 credits')")
    tab_to("launch-button")
    press("Enter")
    page.wait_for_url("**/projects/*/")
    address = page.url
    wait_until(page, "#to-gate")
    tab_to("to-gate")
    press("Enter")
    page.wait_for_url("**/approve/")
    page.wait_for_load_state("load")
    press("?")
    page.wait_for_selector("#keys[open]")
    press("Escape")
    page.wait_for_selector("#keys", state="hidden")
    press("ArrowRight")
    at("plate-1")
    press("ArrowRight")
    at("plate-2")
    press("d")
    page.wait_for_selector("#gate-totals:has-text('2 kept, 1 dropped')")
    press("u")
    page.wait_for_selector("#gate-totals:has-text('3 kept')")
    page.wait_for_selector("#undo[disabled]")
    at("plate-2")
    press("Enter")
    page.wait_for_selector("#beside-title:has-text('Image 2')")
    press("ArrowRight")
    page.wait_for_selector("#beside-title:has-text('Image 3')")
    press("d")
    page.wait_for_selector("#beside .verdict:has-text('Dropped')")
    press("Escape")
    at("plate-3")
    press("a")
    at("approve")
    press("Enter")
    page.wait_for_url(address)
    assert balance(page) == "25 credits"


def test_two_tabs_approving_at_once_approve_once(studio: Studio, open_page: Callable[..., Any]) -> None:
    one = open_page()
    sign_in(one, studio.add("tabs@example.com"))
    address = launch(one, studio, stickers=3)
    wait_until(one, "#to-gate")
    two = one.context.new_page()
    for tab in (one, two):
        tab.goto(address + "approve/")
    # Both forms are sent before either answer can arrive.
    for tab in (one, two):
        tab.evaluate("setTimeout(() => document.getElementById('approve').form.requestSubmit(), 0)")
    for tab in (one, two):
        tab.wait_for_url(address)
        assert tab.locator(".notice.trouble").count() == 0
        assert balance(tab) == "25 credits"
    wait_until(one, ".caption-note:has-text('Print-ready')")
    one.goto(address + "activity/")
    lines = one.locator(".log li").all_inner_texts()
    firsts = [line for line in lines if "item 1:" in line and "Making print files" in line]
    assert len(firsts) == 1
    one.goto(address + "delete/")
    one.click("button.grave")
    one.wait_for_url("**/")


def test_the_pages_hold_under_a_strict_content_policy(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.cli("users", "link", "seller@example.com")["url"])
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)

    def strict(route: Any) -> None:
        if route.request.resource_type != "document":
            route.continue_()
            return
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": POLICY})

    own = page.locator(".card").first.get_attribute("href")
    page.route("**/*", strict)
    for path in ("/", "/new/", "/settings/billing/", own, f"{own}downloads/", f"{own}listing/"):
        page.goto(studio.url + path)
        page.wait_for_timeout(200)
    page.goto(studio.url + "/new/")
    page.fill("#count", "16")
    page.wait_for_selector("#launch-button:has-text('18 credits')")
    assert not refused


def test_the_first_tab_stop_leads_past_the_navigation(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(studio.url + "/prices/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
