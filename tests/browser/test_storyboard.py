"""The storyboard in a real browser: it follows the idea, is edited, and what it shows at the launch is what the review shows; on a
desk and on a phone. An idea the artist can't draw needs a tick."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def subjects(page: Any) -> list[str]:
    return [str(field.input_value()) for field in page.locator("#storyboard input[name=subject]").all()]


def act(page: Any, button: str) -> list[str]:
    """Press a button of the storyboard; its subjects when the answer is there."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(f"#storyboard {button}").click()
    page.wait_for_load_state("networkidle")
    return subjects(page)


@pytest.mark.parametrize(
    ("device", "idea"), [(DESK, "woodland animals in autumn"), (PHONE, "ocean animals")], ids=["desk", "phone"]
)
def test_what_the_edited_storyboard_shows_is_what_the_review_shows(
    studio: Studio, chromium: Any, device: dict[str, Any], idea: str
) -> None:
    context = chromium.new_context(**device)
    page = context.new_page()
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, studio.add(f"{idea.split()[0]}@example.com"))
    page.goto(studio.url + "/new/?product=sticker")
    page.fill("#idea", idea)
    page.fill("#count", "5")
    # Live: nothing was launched, and it follows what is typed.
    page.wait_for_selector("#storyboard li:nth-child(5)")
    page.wait_for_selector("#storyboard li:nth-child(6)", state="detached")
    shown = subjects(page)
    assert len(shown) == len(set(shown)) == 5
    until = time.monotonic() + 30
    drawn = "images => images.slice(0, 2).every(i => i.complete && i.naturalWidth)"
    while not page.locator("#storyboard .mat img").evaluate_all(drawn):
        assert time.monotonic() < until, "the sketches are drawn"
        page.wait_for_timeout(100)

    first, second = shown[:2]
    moved = act(page, "button[value='down:1']")
    assert moved[:2] == [second, first] and sorted(moved) == sorted(shown)
    left = act(page, "button[value='remove:5']")
    assert left == moved[:4]
    page.fill("#subject-3", "snowy owl")
    reworded = act(page, "button[value=apply]")
    assert reworded[2] == "snowy owl" and len(reworded) == 4
    page.fill("#find", "corgi")
    act(page, "button[value=find]")
    added = act(page, "button[value^='add:'] >> nth=0")
    assert added[:4] == reworded and "corgi" in added[4]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "7 credits" in page.inner_text("#launch-button")

    page.click("#launch-button")
    page.wait_for_url("**/projects/*/")
    wait_until(page, "#to-gate")
    page.click("#to-gate")
    labels = [plate.get_attribute("aria-label") or "" for plate in page.locator(".judged").all()]
    assert [label.partition(": ")[2].lower() for label in labels] == [subject.lower() for subject in added]
    assert "30" not in page.inner_text("#balance") and page.inner_text("#balance") == "23 credits"
    context.close()
    assert not errors


def test_an_idea_the_artist_cannot_draw_needs_a_tick(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("typist@example.com"))
    page.goto(studio.url + "/new/?product=sticker")
    page.fill("#idea", "typewriter with a ribbon")
    page.fill("#count", "3")
    page.wait_for_selector("#confirm-not-drawn")
    assert "typewriter" in page.inner_text("#storyboard .trouble >> nth=0")
    page.wait_for_selector("#launch-button:not([disabled])")
    page.click("#launch-button")
    page.wait_for_selector("#confirm-error")
    assert page.inner_text("#balance") == "30 credits" and page.url.rstrip("/").endswith("/new")
    assert page.input_value("#idea") == "typewriter with a ribbon"
    shown = subjects(page)
    page.check("#confirm-not-drawn")
    page.click("#launch-button")
    page.wait_for_url("**/projects/*/")
    wait_until(page, "#to-gate")
    page.click("#to-gate")
    labels = [plate.get_attribute("aria-label") or "" for plate in page.locator(".judged").all()]
    assert [label.partition(": ")[2].lower() for label in labels] == [subject.lower() for subject in shown]
