"""A seller's hands in a real browser: every click, key and field filled in is counted, every second is measured.

Waiting for a page belongs to the seconds, what a test does to look doesn't count as an act. Nothing is done by script that a
person couldn't do.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lib import studio

PATIENCE_MS = 600_000


@dataclass
class Hands:
    """A signed-in page, and what was done on it since `begin`."""

    page: Any
    url: str
    clicks: int = 0
    keys: int = 0
    fields: int = 0
    began: float = 0.0
    old: bool = False
    """Whether these are the pages of an older studio."""

    def begin(self, address: str = "/") -> None:
        """Go to where a task begins; from now on acts and seconds count."""
        self.page.goto(self.url + address)
        self.page.wait_for_load_state()
        self.clicks = self.keys = self.fields = 0
        self.began = time.monotonic()

    def seconds(self) -> float:
        """How long it is since `begin`."""
        return time.monotonic() - self.began

    def click(self, selector: str) -> None:
        """One click on what is there and can be clicked."""
        self.page.locator(selector).first.click()
        self.clicks += 1

    def fill(self, selector: str, text: str) -> None:
        """Type or paste into one field."""
        self.page.fill(selector, text)
        self.fields += 1

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list: two clicks."""
        self.page.select_option(selector, value)
        self.clicks += 2

    def press(self, key: str) -> None:
        """One key, wherever the focus is."""
        self.page.keyboard.press(key)
        self.keys += 1

    def see(self, selector: str) -> None:
        """Wait until something is on the page."""
        self.page.wait_for_selector(selector, timeout=PATIENCE_MS)


@contextlib.contextmanager
def signed_in(place: studio.Studio, email: str) -> Iterator[Hands]:
    """A browser in which a seller is signed in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=studio.CHROMIUM, args=["--headless", "--no-sandbox"])
        # The studio's own rule lets a form lead to Stripe, and not to Stripe when its API is a stand-in's.
        context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, bypass_csp=True)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(place.link(email))
        page.click("main button")
        page.wait_for_url("**/")
        yield Hands(page, place.url)
        browser.close()
