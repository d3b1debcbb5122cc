"""Judging many images and looking at them closely in a real browser: select, keep and drop, versions side by side, zoom; images
dropped on the form and pasted. By mouse and keyboard, on a phone and on a wide screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until
from .test_accessibility import look, violations
from .test_moments import launch_as

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def place_of(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"], box["y"]


def test_a_gate_with_many_images(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("gate@example.com", 60))
    address = launch_as(page, studio, "sticker", "ocean animals", 4)
    wait_until(page, "#to-gate")
    gate = address + "approve/"
    page.goto(gate)

    # Comparing moves nothing: both buttons keep their place.
    before = place_of(page, "#approve"), place_of(page, "#undo")
    assert page.is_disabled("#undo") and page.is_disabled("#show-beside")
    page.focus("#plate-1")
    assert page.evaluate("getComputedStyle(document.getElementById('plate-1')).outlineStyle") == "solid"
    page.keyboard.press("c")
    page.focus("#plate-2")
    page.keyboard.press("c")
    page.keyboard.press("d")
    page.wait_for_selector("#plate-2.dropped")
    assert page.is_enabled("#undo") and page.is_enabled("#show-beside")
    assert (place_of(page, "#approve"), place_of(page, "#undo")) == before
    page.keyboard.press("u")
    page.wait_for_selector("#plate-2:not(.dropped)")

    # Several by keyboard, and their undo on the page that follows.
    for number in (1, 3):
        page.focus(f"#plate-{number}")
        page.keyboard.press("x")
    assert page.inner_text("#selected-items") == "2 images selected"
    page.click("#judge [value='drop']")
    page.wait_for_selector("text=2 images dropped.")
    assert page.locator(".judged.dropped").count() == 2
    page.click("#undo-last")
    page.wait_for_selector("text=Undone.")
    assert page.locator(".judged.dropped").count() == 0

    # Full size: zoom by keys, Esc gives the focus back.
    page.focus("#plate-3")
    page.keyboard.press("Enter")
    page.keyboard.press("+")
    assert page.locator("#beside-pictures.zoomed").count() == 1
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#beside-title") == "Image 4"
    page.keyboard.press("Escape")
    # The dialog tells that it was closed a moment after it gave the focus back.
    page.wait_for_selector("#plate-4:focus")

    # A remake keeps the version before it: side by side, and chosen there.
    page.focus("#plate-1")
    page.keyboard.press("r")
    page.fill("#prompt-1", "a smiling whale")
    page.click("#plate-1 .remake button:has-text('Remake')")
    wait_until(page, "#versions-1:visible")
    page.focus("#plate-1")
    page.keyboard.press("v")
    assert page.locator("#beside-pictures figure img").count() == 2
    loaded = "() => [...document.querySelectorAll('#beside-pictures img')].every(i => i.naturalWidth > 0)"
    page.wait_for_function(loaded)
    troubles = violations(page)
    page.click("#beside-pictures button:has-text('Keep version 1')")
    page.wait_for_selector("#version-1-0[aria-pressed='true']")

    for width in (360, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(gate)
        page.locator(".pick-item").first.check()
        troubles += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    troubles += look(page, gate + "flagged/")
    assert not troubles, "\n".join(troubles)


def test_every_image_has_a_larger_look(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("zoom@example.com", 60))
    address = launch_as(page, studio, "wall_art", "a boho sun over hills")
    wait_until(page, "#to-files", 400)
    troubles: list[str] = []
    for path, width in (("", 1600), ("downloads/", 360)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address + path)
        mark = page.locator("[data-zoom]:visible").first
        mark.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('#lightbox img').naturalWidth > 0")
        troubles += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        title = page.inner_text("#lightbox-title")
        page.keyboard.press("+")
        page.keyboard.press("+")
        assert page.get_attribute("#lightbox", "data-zoomed") == "2.25"
        page.keyboard.press("-")
        page.keyboard.press("0")
        assert page.get_attribute("#lightbox", "data-zoomed") == "1.00"
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#lightbox-title") != title
        page.keyboard.press("ArrowLeft")
        for _ in range(12):
            page.keyboard.press("Tab")
            inside = "document.activeElement === document.body || !!document.activeElement.closest('#lightbox')"
            assert page.evaluate(inside), "the focus stays in the dialog"
        page.keyboard.press("Escape")
        assert not page.is_visible("#lightbox")
        assert page.evaluate("document.activeElement.hasAttribute('data-zoom')"), "the focus comes back"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(studio.url + "/")
    page.click(".carded [data-zoom]")
    page.wait_for_selector("#lightbox[open]")
    page.click("#lightbox button:has-text('Close')")
    assert not page.is_visible("#lightbox")
    assert not troubles, "\n".join(troubles)


PNG = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 80;
  canvas.getContext("2d").fillRect(10, 10, 40, 40);
  const blob = await new Promise(done => canvas.toBlob(done, "image/png"));
  const data = new DataTransfer();
  data.items.add(new File([blob], "NAME", {type: "image/png"}));
  return data;
}"""


def test_images_are_dropped_and_pasted(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("drop@example.com", 60))
    page.goto(studio.url + "/new/?product=custom")
    data = page.evaluate_handle(PNG.replace("NAME", "dropped.png"))
    with page.expect_navigation():
        page.dispatch_event("#pictures-field", "drop", {"dataTransfer": data})
    page.wait_for_selector(".own-pictures:has-text('dropped.png')")
    with page.expect_navigation():
        page.evaluate(
            f"""async () => {{
              const data = await ({PNG.replace("NAME", "pasted.png")})();
              document.dispatchEvent(new ClipboardEvent("paste", {{clipboardData: data, bubbles: true, cancelable: true}}));
            }}"""
        )
    page.wait_for_selector(".own-pictures:has-text('pasted.png')")
    assert page.locator(".own-pictures li").count() == 2
    # Everything was added already: pressing the button again is no error.
    page.click("#add-pictures")
    page.wait_for_load_state("networkidle")
    assert page.locator(".own-pictures li").count() == 2 and page.locator(".error").count() == 0
    assert not violations(page)
