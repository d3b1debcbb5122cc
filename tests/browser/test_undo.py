"""Undo in a real browser: own images on the form, the text and title of a listing, a scene; by mouse and by keyboard, free, and
nothing on those pages is an axe violation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until
from .test_accessibility import violations
from .test_own_pictures import a_picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def names(page: Any) -> list[str]:
    return [str(name) for name in page.locator(".own-pictures strong").all_inner_texts()]


def undone(page: Any) -> None:
    page.click("#undo-last")
    page.wait_for_selector("text=Undone.")


def own_images(page: Any, studio: Studio, folder: Path) -> list[str]:
    """Two images are added, one is removed, both are undone; then they are launched."""
    page.goto(studio.url + "/new/?product=custom")
    page.fill("#idea", "a quiet hallway")
    page.set_input_files("#pictures", [str(a_picture(folder / f"{n}.png")) for n in ("door", "wall")])
    page.wait_for_selector("text=2 images added.")
    page.click("text=Remove >> nth=0")
    page.wait_for_selector("text=“door.png” removed.")
    assert names(page) == ["wall.png"]
    troubles = list(violations(page))
    page.focus("#undo-images")
    page.keyboard.press("Enter")
    page.wait_for_selector(".own-pictures strong:text-is('door.png')")
    assert names(page) == ["door.png", "wall.png"] and page.input_value("#idea") == "a quiet hallway"
    page.click("text=Remove >> nth=1")
    page.wait_for_selector("text=“wall.png” removed.")
    page.click("#launch-button")
    page.wait_for_url("**/projects/*/")
    return troubles


def a_listing(page: Any) -> list[str]:
    """The order of the tags is edited, another title is used, and each is undone."""
    address = page.url
    wait_until(page, "#to-files", 240)
    page.goto(address + "listing/")
    tags, title = page.inner_text("#listing-tags"), page.inner_text("#listing-title")
    page.click("text=Edit the listing")
    page.fill("[name=tags]", ", ".join(reversed(tags.split(", "))))
    page.click("button.main >> text=Save")
    page.wait_for_selector("text=Listing saved.")
    assert page.inner_text("#listing-tags") != tags
    troubles = list(violations(page))
    undone(page)
    assert page.inner_text("#listing-tags") == tags
    page.fill("#new-title", "Hallway door, printable art")
    page.click("text=Keep title")
    page.wait_for_selector("text=Title kept.")
    page.click("#titles button:has-text('Use this title')")
    page.wait_for_selector("text=The next draft will use this title.")
    assert page.inner_text("#listing-title") == "Hallway door, printable art"
    undone(page)
    assert page.inner_text("#listing-title") == title
    return troubles


def a_scene(page: Any, studio: Studio, folder: Path) -> None:
    """A scene is removed and comes back."""
    page.goto(studio.url + "/settings/scenes/")
    page.set_input_files("#photo", str(a_picture(folder / "hall.jpg", (1200, 900), "JPEG")))
    page.click("aside button.main")
    page.wait_for_url("**/settings/scenes/*/")
    page.goto(studio.url + "/settings/scenes/")
    page.click("button[aria-label='Remove hall']")
    page.wait_for_selector("text=No scenes yet")
    undone(page)
    assert names(page) == ["hall"]


def test_what_was_just_done_is_undone(studio: Studio, open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page()
    sign_in(page, studio.add("undo@example.com", 30))
    troubles = own_images(page, studio, tmp_path)
    troubles += a_listing(page)
    a_scene(page, studio, tmp_path)
    page.goto(studio.url + "/settings/billing/")
    assert page.inner_text("#balance") == "27 credits", "undo is free"
    assert not troubles, "\n".join(troubles)
