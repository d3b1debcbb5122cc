"""A seller brings pictures of their own: added as soon as they are chosen, hung in a scene of theirs by mouse and by keyboard,
launched, finished and taken away; and nothing on those pages is an axe violation."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from .conftest import Studio, sign_in, wait_until
from .test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def a_picture(path: Path, size: tuple[int, int] = (900, 700), kind: str = "PNG") -> Path:
    image = Image.new("RGB", size, (196, 188, 176))
    ImageDraw.Draw(image).rectangle(
        (size[0] // 4, size[1] // 5, size[0] * 3 // 4, size[1] * 4 // 5), fill=(250, 249, 246)
    )
    image.save(path, kind)
    return path


def test_own_pictures_in_a_scene_of_ones_own(studio: Studio, open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page(accept_downloads=True)
    sign_in(page, studio.add("own@example.com", 30))
    troubles = []
    page.goto(studio.url + "/settings/scenes/")
    page.set_input_files("#photo", str(a_picture(tmp_path / "hall.jpg", (1200, 900), "JPEG")))
    page.click("aside button.main")
    page.wait_for_url("**/settings/scenes/*/")
    troubles += violations(page)
    dot = page.locator(".dot").first
    box = dot.bounding_box()
    before = page.input_value("#x1")
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] - 20, box["y"] + 5, steps=4)
    page.mouse.up()
    dragged = page.input_value("#x1")
    assert int(dragged) < int(before)
    dot.focus()
    page.keyboard.press("ArrowRight")
    assert int(page.input_value("#x1")) > int(dragged)
    page.click("form button.main >> text=Save corners")
    page.wait_for_selector("#sample-title:text-is('Sample')")
    troubles += violations(page)

    page.goto(studio.url + "/new/")
    page.fill("#idea", "a quiet hallway")
    page.click("button[value=custom]")
    page.wait_for_selector("#pictures")
    (tmp_path / "notes.txt").write_text("not a picture")
    page.set_input_files("#pictures", [str(a_picture(tmp_path / "door.png")), str(tmp_path / "notes.txt")])
    page.wait_for_selector(".own-pictures")
    assert "notes.txt" in page.inner_text("#pictures-error") and page.input_value("#idea") == "a quiet hallway"
    troubles += violations(page)
    page.select_option("#scene", label="hall")
    page.wait_for_selector("#launch-button:has-text('4 credits')")
    page.click("#launch-button")
    page.wait_for_url("**/projects/*/")
    wait_until(page, "#to-files", 240)
    page.goto(page.url + "downloads/")
    troubles += violations(page)
    assert "4-your-scene.jpg" in page.inner_text("main")
    with page.expect_download() as taken:
        page.click("text=Upload kit for Etsy")
    with zipfile.ZipFile(taken.value.path()) as kit:
        assert {"listing.txt", "listing.csv", "pictures/4-your-scene.jpg"} <= set(kit.namelist())
    page.click("text=Check files")
    page.wait_for_selector("text=checking the files")
    wait_until(page, "text=are complete", 60)
    assert not troubles, "\n".join(troubles)
