"""Two shops and a calendar in a real browser: by keyboard, on a phone and on a wide screen, with the practice shops of `elistit up`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_draft_is_planned_moved_to_another_shop_and_sent(studio: Studio, open_page: Any) -> None:
    studio.cli("users", "add", "mara@example.com", "--credits", "60")
    page = open_page()
    sign_in(page, str(studio.cli("users", "link", "mara@example.com")["url"]))
    page.goto(f"{studio.url}/settings/integrations/")
    page.get_by_role("button", name="Connect a practice shop").click()
    page.get_by_role("button", name="Connect another shop").click()
    assert page.locator("section.shop").count() == 2
    harbor = str(page.locator("section.shop dd.code").nth(2).inner_text())
    # Renamed by keyboard alone.
    page.get_by_label("Rename SandboxShop2").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Harbor")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=This shop is called Harbor now.")
    page.goto(f"{studio.url}/settings/calendar/")
    form = page.locator("form", has=page.get_by_role("heading", name="Harbor"))
    form.get_by_text("New drafts go out by this schedule").click()
    form.get_by_label("Time of day").fill("08:30")
    form.get_by_role("button", name="Save schedule").click()
    page.wait_for_selector("text=The schedule is saved.")

    page.goto(f"{studio.url}/new/?product=wall_art")
    page.fill("#idea", "a red fox")
    page.select_option("#shop", label="Harbor")
    page.click("#launch-button")
    page.wait_for_url("**/projects/*/")
    project = page.url.rstrip("/").rsplit("/", 1)[1]
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=3)
    studio.cli("shops", "plan", project, "--day", day.isoformat())
    wait_until(page, "text=Draft planned for", 300)
    for width in (360, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{studio.url}/settings/calendar/?month={day:%Y-%m}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.locator("table.month li.planned").is_visible()
        assert page.locator("table.month thead").is_visible() is (width == 1600)
        page.goto(f"{studio.url}/settings/shops/{harbor}/template/")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.fill("#closing", "Thank you!")
    page.get_by_role("button", name="Save template").click()
    page.wait_for_selector("text=The template is saved.")
    page.goto(f"{studio.url}/settings/calendar/?month={day:%Y-%m}")
    # Created now, by keyboard.
    page.locator("table.month summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Create draft now").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{studio.url}/projects/{project}/")
    wait_until(page, "#to-draft", 120)
    assert studio.cli("status", project)["shop"] == {
        "id": harbor, "name": "Harbor", "connected": True, "planned_for": None,
    }  # fmt: skip
