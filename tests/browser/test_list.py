"""The list of projects in a real browser: selecting, labels, archive with undo, and one confirmation for several projects; by
mouse and by keyboard, on a phone and on a wide screen, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until
from .test_accessibility import look, violations
from .test_moments import launch_as

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def boxes(page: Any) -> Any:
    return page.locator(".pick")


def test_a_sellers_list(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("list@example.com", 60))
    owls = launch_as(page, studio, "sticker", "an owl on a branch", 1)
    foxes = launch_as(page, studio, "sticker", "sleeping foxes", 1)
    for address in (owls, foxes):
        page.goto(address)
        wait_until(page, "#to-gate")
    # The top bar says what needs the seller, and leads there.
    page.goto(studio.url + "/")
    assert page.inner_text("#needing").split() == ["Needs", "you", "2"]
    page.click("#needing")
    assert page.locator(".card").count() == 2
    # Found again by its subject, once its words are written.
    page.goto(studio.url + "/?q=owls+this+year")
    assert page.locator(".card-name").all_inner_texts() == ["An owl on a branch"]

    # A favorite and a label by keyboard.
    page.goto(studio.url + "/")
    page.focus(".star >> nth=1")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 project added to favorites.")
    page.goto(owls)
    page.click("#tidy summary")
    page.fill("#new-label", "Night birds")
    page.press("#new-label", "Enter")
    page.wait_for_selector(".organize .labels a:has-text('Night birds')")
    page.click("#tidy summary")
    page.fill("#new-name", "Owls")
    page.press("#new-name", "Enter")
    page.wait_for_selector("h1:text-is('Owls')")
    page.click("#undo-last")
    page.wait_for_selector("h1:text-is('An owl on a branch')")

    # Several at once: nothing is in the way until something is selected.
    page.goto(studio.url + "/")
    assert not page.is_visible("#bulk")
    boxes(page).first.focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#picked:has-text('1 project selected')")
    page.click("#pick-all")
    assert page.inner_text("#picked") == "2 projects selected"
    page.fill("#bulk-label", "Stickers")
    page.click("#bulk [value='add-label']")
    page.wait_for_selector("text=Label added to 2 projects.")
    page.click("#undo-last")
    page.wait_for_selector("text=Undone.")
    assert page.locator(".labels a:has-text('Stickers')").count() == 0
    troubles = look(page, studio.url + "/")
    for width in (360, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(studio.url + "/")
        boxes(page).first.check()
        troubles += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    # Approving both, after one page that says so.
    page.goto(studio.url + "/")
    page.click("#pick-all") if page.is_visible("#pick-all") else [box.check() for box in boxes(page).all()]
    page.click("#bulk [value='approve']")
    page.wait_for_selector("text=Work continues with 2 kept images.")
    troubles += violations(page)
    page.click("#confirm")
    page.wait_for_selector("text=2 projects approved. Work continues.")
    for address in (owls, foxes):
        page.goto(address)
        wait_until(page, "#to-files", 400)
    page.goto(studio.url + "/")
    for box in boxes(page).all():
        box.check()
    page.click("#bulk [value='kits']")
    with page.expect_download() as download:
        page.click("#confirm")
    assert download.value.suggested_filename == "upload-kits.zip"
    assert not troubles, "\n".join(troubles)


def test_several_projects_without_javascript(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, studio.add("plain@example.com", 60))
    for idea in ("an owl", "a fox"):
        page.goto(studio.url + "/new/?product=sticker")
        page.fill("#idea", idea)
        page.fill("#count", "1")
        page.click("#launch-button")
        page.click("#launch-button")
        page.wait_for_url("**/projects/*/")
    page.goto(studio.url + "/")
    assert not page.is_visible("#bulk")
    for box in boxes(page).all():
        box.check()
    assert page.is_visible("#bulk")
    page.click("#bulk [value='archive']")
    page.wait_for_selector("text=2 projects archived.")
    page.click("#undo-last")
    page.wait_for_selector("text=Undone.")
    boxes(page).first.check()
    page.click("#bulk [value='delete']")
    said = page.inner_text("main .lead")
    assert "won't be refunded." in said
    lost = said.split()[0]
    assert page.inner_text("#confirm") == f"Delete and lose {lost} credits"
    page.click("#confirm")
    page.wait_for_selector("text=1 project deleted.")
    assert page.locator(".card").count() == 1


def test_a_brand_kit_from_settings_to_the_launch_form(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("brand@example.com", 60))
    page.goto(studio.url + "/settings/brand-kits/new/")
    page.fill("#name", "Fern & Fox")
    page.fill("#palette", "sage green")
    page.check("[name='styles'][value='builtin/gouache']")
    page.press("#shop_name", "Enter")
    page.wait_for_selector("h2:has-text('Fern & Fox')")
    page.goto(studio.url + "/new/")
    assert page.input_value("#option-color_palette") == "sage green"
    assert page.is_checked("[name='model'][value='builtin/gouache']")
    page.fill("#idea", "woodland animals")
    page.focus("[name='use_kit'][value='none']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name='use_kit'][value='none'][aria-current]")
    assert page.input_value("#option-color_palette") == "" and page.input_value("#idea") == "woodland animals"
    page.click("#save-template summary")
    page.fill("#template_name", "Nursery")
    page.click("text=Save template")
    page.wait_for_selector("text=Template “Nursery” saved.")
    addresses = ("/settings/brand-kits/", "/settings/brand-kits/new/", "/settings/templates/", "/new/")
    assert not [trouble for address in addresses for trouble in look(page, studio.url + address)]
