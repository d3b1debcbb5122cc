"""No page has anything axe calls a violation or scrolls sideways, in light and in dark; the console works in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver

import elistit.studio

from . import every_page
from .conftest import Studio, launch, sign_in, wait_until
from .test_moments import launch_as

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
OPERATOR = "operator@example.com"


FONTS = Path(elistit.studio.__file__).parent / "static" / "studio" / "fonts"
WEIGHT_MAX = 120_000 + sum(font.stat().st_size for font in FONTS.iterdir())
"""Bytes: of a page and its styles and scripts, and of the fonts, which come once a year."""
# Everything a page brings, cached or not, as it comes over the wire; pictures of projects, products and models are artwork.
WEIGHT = """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .filter(e => !/\\/(pictures|files|art|uploads|scenes)\\//.test(new URL(e.name).pathname) || e.entryType === "navigation")
    .reduce((sum, e) => sum + (e.encodedBodySize || 0), 0)"""


def violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [f"{page.url} {v['id']}: {v['help']} {n['target']}" for v in found for n in v["nodes"]]


def look(page: Any, address: str) -> list[str]:
    """What is wrong with a page in light and in dark, on the smallest phone and on a wide screen."""
    troubles = []
    for scheme, width in (("light", 360), ("dark", 1600)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        troubles += [f"{address}: scrolls sideways at {width} px ({wide} px)"] if wide > width else []
        weight = page.evaluate(WEIGHT)
        assert weight > 5_000, "the page and its style at the least"
        troubles += [f"{address}: weighs {weight} bytes without artwork"] if weight >= WEIGHT_MAX else []
        troubles += violations(page)
    return troubles


def an_operator(studio: Studio) -> str:
    studio.cli("users", "add", OPERATOR, "--credits", "0", "--staff")
    return str(studio.cli("users", "link", OPERATOR)["url"])


def test_every_address_is_visited_somewhere_or_is_no_page() -> None:
    named: set[str] = set()

    def walk(patterns: Iterable[Any], prefix: str) -> None:
        for p in patterns:
            address = prefix + str(p.pattern)
            if hasattr(p, "url_patterns") and not address.startswith(("api/", "console/tables/")):
                walk(p.url_patterns, address)
            elif not hasattr(p, "url_patterns"):
                named.add(str(p.name))

    walk(get_resolver().url_patterns, "")
    known = {*every_page.OPEN, *every_page.SELLER, *every_page.PROJECT, *every_page.CONSOLE}
    assert named == known | every_page.MADE_FIRST | every_page.IN_BETWEEN | every_page.NO_PAGE


def test_no_page_of_a_seller_has_a_violation_or_scrolls_sideways(
    start: Callable[..., Studio], open_page: Callable[..., Any]
) -> None:
    studio = start(ELISTIT_SIGNUP="open", ELISTIT_WEBHOOKS_PRIVATE="1")
    page = open_page()
    troubles: list[str] = []
    for path in every_page.OPEN.values():
        troubles += look(page, studio.url + path)
    sign_in(page, studio.add("able@example.com", 40))
    troubles += look(page, studio.url + "/")
    address = launch_as(page, studio, "sticker", "ocean animals", 3)
    troubles += look(page, address)
    for path in (*every_page.SELLER.values(), *every_page.VARIANTS):
        troubles += look(page, studio.url + path)
    troubles += made_first(page, studio)
    page.goto(address)
    wait_until(page, "#to-gate")
    for path in ("", "approve/", "delete/", "activity/", "help/"):
        troubles += look(page, address + path)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address + "approve/")
    page.check("#on-dark")
    assert page.evaluate("getComputedStyle(document.querySelector('.checker')).backgroundColor") == "rgb(38, 35, 31)"
    for number in (2, 3):
        page.focus(f"#plate-{number}")
        page.keyboard.press("c")
    page.click("#show-beside")
    assert page.locator("#beside figure img").count() == 2
    troubles += violations(page)
    page.keyboard.press("Escape")
    page.click("#show-keys")
    troubles += violations(page)
    page.keyboard.press("Escape")
    page.check("#on-checker")
    page.click("#approve")
    page.wait_for_url(address)
    wait_until(page, "#to-files", 400)
    for path in every_page.PROJECT.values():
        troubles += look(page, address + path)
    assert not troubles, "\n".join(troubles)


def made_first(page: Any, studio: Studio) -> list[str]:
    """Pages that are there only once something was made: a key and a webhook with their secrets, a password to change."""
    page.goto(studio.url + "/settings/keys/")
    page.fill("#name", "A script of mine")
    page.click("aside button.main")
    troubles = violations(page)
    page.goto(studio.url + "/settings/webhooks/")
    page.fill("#url", "http://127.0.0.1:9/hook")
    page.click("aside button.main")
    troubles += violations(page)
    page.click("#webhooks-title ~ table a")
    troubles += look(page, page.url)
    page.goto(studio.url + "/account/password/set/")
    for name in ("password1", "password2"):
        page.fill(f"[name={name}]", "a long sentence of mine")
    with page.expect_navigation():
        page.press("[name=password2]", "Enter")
    for path in ("/account/password/change/", "/account/reauthenticate/"):
        troubles += look(page, studio.url + path)
    return troubles


def test_an_operator_finds_a_project_and_every_console_page_is_accessible(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    seller = open_page()
    sign_in(seller, studio.add("lost@example.com"))
    address = launch(seller, studio)
    seller.goto(address + "help/")
    seller.fill("#expected", "I launched it by mistake. Can it be stopped?")
    seller.click("#send-help")
    seller.wait_for_selector("text=Not answered yet")
    public_id = re.search(r"/projects/(\w{26})/", address)
    assert public_id
    page = open_page()
    sign_in(page, an_operator(studio))
    assert seller.goto(studio.url + "/console/").status == 404
    page.goto(studio.url + "/console/")
    page.wait_for_selector("#engine td:has-text('Running')")
    page.fill("#q", public_id[1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/projects/{public_id[1]}/")
    troubles = look(page, page.url)
    page.fill(".asked textarea", "Yes: I stop it now, and all of it comes back.")
    page.click(".asked button.main")
    page.wait_for_selector("text=gets it on the help page")
    page.click("summary:has-text('Fail and refund')")
    page.fill("#reason-fail", "The seller launched it by mistake")
    page.click("button:has-text('Fail and refund')")
    page.wait_for_selector("text=17 credits went back to lost@example.com")
    troubles += violations(page)
    seller.goto(address)
    assert "You were not charged" in seller.inner_text("#live")
    seller.goto(address + "help/")
    assert "I stop it now" in seller.inner_text("main")
    page.goto(studio.url + "/console/?q=lost@")
    page.fill("#amount", "600")
    page.fill("#reason-goodwill", "For the trouble with the launch")
    page.click("button:has-text('Give')")
    page.wait_for_selector("text=need another owner’s approval. Nothing was given yet.")
    troubles += violations(page)
    for path in (*every_page.CONSOLE.values(), "/console/?q=example.com"):
        troubles += look(page, studio.url + path)
    for path in ("", "projects/project/", f"projects/project/{public_id[1]}/change/"):
        page.goto(f"{studio.url}/console/tables/{path}")
        assert page.locator("#site-name").inner_text() == "Elistit tables"
    assert not troubles, "\n".join(troubles)
    assert studio.cli("audit")["ok"] is True


def test_health_and_numbers_answer_from_the_real_server(studio: Studio, open_page: Callable[..., Any]) -> None:
    import json
    import urllib.request

    def get(path: str) -> str:
        with urllib.request.urlopen(studio.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    assert json.loads(get("/readyz")) == {"ready": True, "database": True, "engine": True, "worker": True}
    assert "elistit_workers_live 1.0" in get("/metrics") and "elistit_engine_up 1.0" in get("/metrics")
