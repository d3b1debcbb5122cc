"""Help from a failure to a filled-in request, a rejected draft to its field, and the pages' promises in a real browser."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from . import every_page
from .conftest import Studio, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def studio(start: Callable[..., Studio]) -> Studio:
    return start(ELISTIT_FAIRNESS_PAGE="on")


@pytest.fixture(scope="module")
def seller(studio: Studio) -> str:
    studio.cli("users", "add", "mara@example.com", "--credits", "300")
    return "mara@example.com"


def enter(page: Any, studio: Studio, seller: str) -> None:
    sign_in(page, str(studio.cli("users", "link", seller)["url"]))


def sql(studio: Studio, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(studio.data / "elistit.sqlite3", timeout=30)) as db, db:
        return db.execute(statement, values).fetchall()


def a_project(studio: Studio, seller: str, product: str, idea: str) -> str:
    return str(studio.cli("launch", "--user", seller, "--product", product, "--idea", idea)["public_id"])


@pytest.fixture(scope="module")
def wall(studio: Studio, seller: str, chromium: Any) -> str:
    """A finished wall art project, without a shop."""
    project = a_project(studio, seller, "wall_art", "a boho sun over soft hills")
    context = chromium.new_context()
    page = context.new_page()
    enter(page, studio, seller)
    page.goto(f"{studio.url}/projects/{project}/")
    wait_until(page, "#to-files", 400)
    context.close()
    return project


def test_no_page_writes_an_error_to_the_console(studio: Studio, seller: str, wall: str, open_page: Any) -> None:
    """A policy that a page of ours breaks is written there, and so is a file that isn't found."""
    page = open_page()
    enter(page, studio, seller)
    said: list[str] = []
    page.on("console", lambda m: said.append(f"{page.url}: {m.text}") if m.type in ("error", "warning") else None)
    addresses = ["/fairness/", *every_page.OPEN.values(), *every_page.SELLER.values(), *every_page.VARIANTS]
    addresses += [f"/projects/{wall}/{end}" for end in every_page.PROJECT.values()]
    for address in addresses:
        page.goto(studio.url + address)
        page.wait_for_load_state("networkidle") if address == "/new/" else page.wait_for_load_state()
    # What was asked for and isn't there is the browser's own line about the page itself.
    assert [line for line in said if "/nowhere/" not in line and "status of 404" not in line] == []


def test_on_a_phone_the_price_and_launch_are_in_reach_at_once(studio: Studio, seller: str, open_page: Any) -> None:
    page = open_page()
    page.set_viewport_size({"width": 360, "height": 740})
    enter(page, studio, seller)
    page.goto(studio.url + "/new/?product=sticker")
    bar = page.locator("#launch-bar")
    assert bar.is_visible()
    box = bar.bounding_box()
    assert box["y"] + box["height"] <= 740 and box["width"] <= 360
    page.fill("#idea", "ocean animals with little hats")
    page.fill("#count", "2")
    # Pressed before the new price is there, Launch would be answered with it instead of charging another one than shown.
    page.wait_for_selector("#bar-total:text-is('4 credits')")
    total = int(page.inner_text("#bar-total").split()[0])
    assert str(total) in page.text_content("#quote .sum dd")
    before = sql(studio, "SELECT COALESCE(SUM(-amount), 0) FROM credits_credittransaction WHERE type = 'SPEND_CREDIT'")[
        0
    ][0]
    page.click("#bar-launch")
    page.wait_for_url("**/projects/*/")
    after = sql(studio, "SELECT SUM(-amount) FROM credits_credittransaction WHERE type = 'SPEND_CREDIT'")[0][0]
    assert after - before == total


def test_an_empty_idea_is_an_error_and_keeps_the_price(studio: Studio, seller: str, open_page: Any) -> None:
    page = open_page(java_script_enabled=False)
    enter(page, studio, seller)
    page.goto(studio.url + "/new/?product=sticker")
    price = page.inner_text("#quote .sum dd")
    page.click("#launch-button")
    assert page.is_visible("#idea-error") and page.inner_text("#quote .sum dd") == price


def test_the_only_image_is_large_and_has_a_larger_look(studio: Studio, seller: str, open_page: Any) -> None:
    poster = a_project(studio, seller, "poster", "a quiet mountain lake at dawn")
    page = open_page()
    enter(page, studio, seller)
    page.goto(f"{studio.url}/projects/{poster}/")
    wait_until(page, "#to-decision")
    assert page.locator("#hero img").bounding_box()["width"] > 400
    page.click("#hero")
    page.wait_for_selector("#lightbox[open] img")
    shown = page.locator("#lightbox img")
    assert shown.evaluate("image => image.src") == page.evaluate("document.querySelector('#hero').href")
    small = shown.bounding_box()["width"]
    page.keyboard.press("+")
    page.wait_for_selector("#lightbox img.zoomed")
    assert shown.bounding_box()["width"] > small
    page.keyboard.press("Escape")
    page.wait_for_selector("#lightbox", state="hidden")
    assert page.evaluate("document.activeElement.id") == "hero"
    page.click("#another-design")
    page.wait_for_url("**/new/?like=*")
    assert page.input_value("#idea") == "a quiet mountain lake at dawn"


def test_a_rejected_draft_leads_to_the_field_and_back_to_a_retry(
    studio: Studio, seller: str, wall: str, open_page: Any
) -> None:
    job = sql(studio, "SELECT public_id FROM projects_job WHERE project_id = ?", wall)[0][0]
    sql(
        studio,
        "UPDATE projects_listing SET draft = 'failed', draft_reason = 'Etsy said: title repeats a mark.' WHERE project_id = ?",
        wall,
    )
    sql(
        studio,
        "INSERT INTO pipeline_attempt (job_id, stage, item, round, number, wait, note, starts, worker, started_at, ended_at, outcome,"
        " reason, detail, counted) VALUES (?, 'drafting', 0, 0, 1, 5, 0, 1, '', datetime('now'), datetime('now'), 'rejected', '',"
        " 'create answer; not accepted; HTTP 400; fields=/title', 1)",
        job,
    )
    page = open_page()
    enter(page, studio, seller)
    page.goto(f"{studio.url}/projects/{wall}/")
    assert "Etsy rejected the title" in page.inner_text(".call h2")
    page.click("#fix-draft")
    page.wait_for_selector("#rejected")
    assert page.evaluate("document.activeElement.id") == "title"
    page.fill("#title", "Boho sun over soft hills, printable wall art")
    page.click("#save-retry")
    page.wait_for_url("**/listing/")
    listing = sql(studio, "SELECT title, draft, draft_round FROM projects_listing WHERE project_id = ?", wall)[0]
    assert listing[0] == "Boho sun over soft hills, printable wall art" and listing[2] == 1


def test_help_is_found_and_searched_without_script(studio: Studio, seller: str, open_page: Any) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(studio.url + "/enter/")
    page.click("header a:text-is('Help')")
    page.fill("#help-query", "stuck")
    page.press("#help-query", "Enter")
    page.click(".help-results a >> nth=0")
    assert page.url.endswith("/help/failed/#stuck")
