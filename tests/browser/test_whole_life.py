"""The whole life of a clipart project, by somebody who was a stranger a minute before: from sign-up to the draft on Etsy."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from elistit.listings.etsy.sandbox import Sandbox

from .conftest import Studio, wait_until
from .test_signing_in import newest_code

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def test_from_sign_up_to_the_draft(start: Callable[..., Studio], open_page: Callable[..., Any], tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    with Sandbox() as etsy:
        studio = start(ELISTIT_EMAIL_URL=mails.as_uri(), ELISTIT_SIGNUP="open", ELISTIT_ETSY_API_URL=etsy.url)
        page = open_page(accept_downloads=True)
        page.goto(studio.url + "/enter/")
        page.click("text=Sign up")
        page.fill("[name=email]", "stranger@example.com")
        page.click("main button.main")
        page.fill("[name=code]", newest_code(mails))
        page.click("text=Continue")
        page.wait_for_selector("text=Launch the free sample")
        assert page.inner_text("#balance") == "30 credits"

        page.goto(studio.url + "/settings/integrations/")
        page.click("main form button")
        page.wait_for_url("**/settings/integrations/")

        page.goto(studio.url + "/new/")
        page.fill("#idea", "farm animals in spring")
        # The style that is painted the quickest, twice for fifteen images; a life is the same in all of them.
        page.check("[name=model][value='builtin/flat']")
        page.wait_for_selector("#launch-button:has-text('17 credits')")
        page.click("#launch-button")
        page.wait_for_url("**/projects/*/")
        address = page.url
        assert page.inner_text("#balance") == "13 credits"
        page.wait_for_selector("progress[aria-label='Images made']")

        wait_until(page, "#to-gate")
        page.click("#to-gate")
        page.click("#drop-2")
        page.wait_for_selector("#plate-2.dropped")
        page.click("#remake-4")
        page.fill("#prompt-4", "a goose with a blue ribbon")
        page.click("#plate-4 form[action*=remake] button")
        page.wait_for_selector("#balance:has-text('12 credits')")
        wait_until(page, "#plate-4.made")
        page.wait_for_selector("#approve:not([disabled])")
        page.click("#approve")
        page.wait_for_url(address)

        wait_until(page, "#to-files", 400)
        assert "Your draft is on Etsy" in page.inner_text("#live")
        page.click("#to-files")
        pictures = 0
        for link in page.locator("a[download]", has_text=re.compile(r"\.zip$")).all():
            with page.expect_download() as caught:
                link.click()
            caught.value.save_as(tmp_path / "files.zip")
            with zipfile.ZipFile(tmp_path / "files.zip") as archive:
                assert archive.testzip() is None
                pictures += sum(name.endswith(".png") for name in archive.namelist())
        assert pictures == 14
        page.goto(address + "listing/")
        assert page.locator(".tags li").count() == 13
        [draft] = etsy.drafts()
        assert draft["title"] in page.inner_text("main") and draft["state"] == "draft"
        page.goto(studio.url + "/settings/billing/")
        assert page.locator("tr", has_text="−17").count() == 1
        assert studio.cli("audit")["ok"] is True
