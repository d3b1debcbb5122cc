"""A real server and a real worker on data of their own, and a real Chromium in front of them.

Each `Studio` is `elistit up` as a seller starts it. Nothing here is faked; waits that the rules promise are shortened
with ELISTIT_CLOCK_SPEED where a test would otherwise stand still for a minute.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.installations import with_tables

CHROMIUM = os.environ.get("ELISTIT_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = ""
    if not Path(CHROMIUM).exists():
        reason = f"Chromium is not installed ({CHROMIUM}); install it with: apt-get install chromium"
    else:
        try:
            import playwright.sync_api  # noqa: F401
        except ImportError:
            reason = "The Python package playwright is not installed"
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Studio:
    """One running installation."""

    url: str
    data: Path
    environment: dict[str, str]

    def cli(self, *arguments: str) -> Any:
        """Run `elistit ARGUMENTS --json` on this installation's data and answer what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "elistit.cli", *arguments, "--json"],
            env=self.environment, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    def add(self, email: str, amount: int = 30) -> str:
        """Add a person and answer their sign-in link."""
        self.cli("users", "add", email, "--credits", str(amount))
        return str(self.cli("users", "link", email)["url"])


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, **extra: str) -> tuple[Studio, subprocess.Popen[bytes]]:
    port = _free_port()
    with_tables(folder / "data")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    url = f"http://127.0.0.1:{port}"
    environment = {**kept, "ELISTIT_DATA": str(folder / "data"), "ELISTIT_BASE_URL": url, **extra}
    log = (folder / "log.txt").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "elistit.cli", "up", "--port", str(port)], env=environment, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 240  # only a ceiling: on a busy machine the first start takes its time
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/enter/", timeout=10):
            return Studio(url, folder / "data", environment), process
        assert process.poll() is None, (folder / "log.txt").read_text()
        time.sleep(0.1)
    raise AssertionError((folder / "log.txt").read_text())


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Studio]]:
    """Start an installation with extra environment; all are stopped at the end of the file."""
    running = []

    def _one(**extra: str) -> Studio:
        studio, process = _start(tmp_path_factory.mktemp("studio"), **extra)
        running.append(process)
        return studio

    yield _one
    for process in running:
        _stop(process)


@pytest.fixture(scope="module")
def studio(start: Callable[..., Studio]) -> Studio:
    return start()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a page in a browser of its own. A script error in any page fails the test."""
    troubles: list[str] = []
    contexts = []

    def _open(**options: Any) -> Any:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield _open
    for context in contexts:
        context.close()
    assert not troubles


def sign_in(page: Any, link: str) -> None:
    page.goto(link)
    page.click("main button")
    page.wait_for_url("**/")


def launch(page: Any, studio: Studio, idea: str = "woodland animals in autumn", stickers: int = 0) -> str:
    """Launch a clipart project of 15, or so many stickers, by the form; the address of its page. Painting fifteen images is most
    of what a test with a clipart project costs."""
    page.goto(studio.url + ("/new/?product=sticker" if stickers else "/new/"))
    page.fill("#idea", idea)
    if stickers:
        page.fill("#count", str(stickers))
        page.wait_for_selector(f"#launch-button:has-text('{stickers + 2} credits')")
    page.click("#launch-button")
    # The storyboard of fifteen images is planned in this request, on a machine that may run other tests beside.
    page.wait_for_url("**/projects/*/", timeout=60_000)
    return str(page.url)


def wait_until(page: Any, selector: str, seconds: float = 240) -> None:
    page.wait_for_selector(selector, timeout=seconds * 1000)
