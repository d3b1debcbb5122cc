"""A running project's page moves by itself: by its stream, and by asking where there is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, launch, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.mark.parametrize("streams", [True, False], ids=["by its stream", "by asking"])
def test_the_page_moves_by_itself(studio: Studio, open_page: Callable[..., Any], streams: bool) -> None:
    page = open_page()
    sign_in(page, studio.add(f"seller-{streams}@example.com"))
    asked: list[float] = []
    opened: list[str] = []
    page.on("response", lambda r: opened.append(r.url) if "/events/" in r.url and r.status == 200 else None)
    page.on("request", lambda r: asked.append(time.monotonic()) if r.url.endswith("/live/") else None)
    if not streams:
        page.route("**/events/**", lambda route: route.abort())
    began = time.monotonic()
    launch(page, studio, "sea animals", stickers=5)
    wait_until(page, "#to-gate")
    assert bool(opened) is streams and asked
    rest = len(asked)
    page.wait_for_timeout(3000)
    assert len(asked) == rest, "a page whose project rests asks for nothing"
    assert time.monotonic() - began < 240
