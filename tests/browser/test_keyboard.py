"""Everything on the list, the form, a batch, a gate and a project page by keyboard alone, on a phone and on a wide screen: the Tab
key reaches every control that is shown, the focus is seen each time, and Enter and Space do what a click does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
WIDTHS = (360, 1600)
MOST_TABS = 400
# Every control that can be seen and used. Of radio buttons with one name the browser gives Tab only one.
MARK = """() => {
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
  const wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
    (e) => !e.disabled && e.type !== "hidden" && e.tabIndex >= 0 && seen(e));
  const groups = new Map();
  const names = [];
  for (const e of wanted) {
    const said = e.id || e.name || e.textContent.trim().slice(0, 40);
    const name = e.type === "radio" ? `radio ${e.form?.id} ${e.name}` : `${names.length} ${e.tagName} ${said}`;
    if (e.type === "radio" && groups.has(name)) { e.dataset.walked = name; continue; }
    groups.set(name, e);
    e.dataset.walked = name;
    names.push(name);
  }
  document.activeElement?.blur();
  window.getSelection()?.removeAllRanges();
  return names;
}"""
HIDDEN = """() => [...document.querySelectorAll("[data-walked]")].filter(
  (e) => !e.checkVisibility({visibilityProperty: true}) || !e.getClientRects().length).map((e) => e.dataset.walked)"""
# What has the focus, whether a ring is drawn round it or round what stands for it, and whether anything of it is in the window.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const ringed = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
  const around = [e];
  for (let x = e.parentElement; x && around.length < 4; x = x.parentElement) around.push(x);
  const box = e.getBoundingClientRect();
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return {name: e.dataset.walked || "", ring: around.some(ringed), inside,
          what: `${e.tagName} ${e.id || e.name || e.textContent.trim().slice(0, 40)}`};
}"""


def walked(page: Any) -> list[str]:
    """Go through a page with Tab from its beginning to its end; what could not be reached or was not seen when it was."""
    wanted = page.evaluate(MARK)
    assert wanted, "a page with nothing to use"
    where, reached, problems = f"{page.url} at {page.viewport_size['width']} px", set(), []
    page.keyboard.press("Tab")
    for _ in range(MOST_TABS):
        found = page.evaluate(FOCUS)
        if found is None or (found["name"] in reached and found["name"] == wanted[0]):
            break
        reached.add(found["name"])
        if not found["ring"]:
            problems.append(f"{where}: no focus is seen on {found['what']}")
        if not found["inside"]:
            problems.append(f"{where}: {found['what']} has the focus outside the window")
        page.keyboard.press("Tab")
    # The bar with a second Launch button goes away where the first one comes into view.
    hidden = set(page.evaluate(HIDDEN))
    return problems + [f"{where}: Tab doesn't reach {name}" for name in wanted if name not in reached | hidden]


def at_both_widths(page: Any, address: str) -> list[str]:
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.wait_for_load_state()
        problems += walked(page)
    return problems


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => !!document.activeElement?.matches(s)", selector):
            return
    raise AssertionError(f"{page.url}: Tab doesn't reach {selector}")


def launched(page: Any, studio: Studio) -> str:
    """A project from the form; the address of its page."""
    page.goto(studio.url + "/new/?product=sticker")
    tab_to(page, "#idea")
    page.keyboard.type("an owl on a branch")
    tab_to(page, "#count")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    # The price follows what is typed. Launched before it was shown, the form comes back with it and asks once more.
    page.wait_for_load_state("networkidle")
    for _ in range(2):
        tab_to(page, "#launch-button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if "/projects/" in page.url:
            break
    page.wait_for_url("**/projects/*/")
    return str(page.url)


def batch_of_one(page: Any, studio: Studio) -> tuple[str, list[str]]:
    """A batch from the paste to its first review, one of its two rows left out; its address and what was wrong on its page."""
    page.goto(studio.url + "/batches/new/")
    tab_to(page, "#ideas")
    page.keyboard.type("red fox\nhedgehog\n")
    tab_to(page, "#product")
    page.keyboard.type("Sticker")
    tab_to(page, "#count")
    page.keyboard.type("1")
    tab_to(page, "#read-list")
    page.keyboard.press("Enter")
    page.wait_for_selector("#launch-batch:not([disabled])", timeout=120_000)
    batch = str(page.url)
    problems = at_both_widths(page, batch)
    page.goto(batch)
    tab_to(page, "#include-2")
    page.keyboard.press("Space")
    page.wait_for_selector("#launch-batch:has-text('Launch 1 project')")
    tab_to(page, "#launch-batch")
    page.keyboard.press("Enter")
    page.wait_for_selector("#batch-money")
    wait_until(page, "#review-batch:has-text('Review 1 project')", 400)
    return batch, problems + at_both_widths(page, batch)


def judged(page: Any, project: str) -> list[str]:
    """One image dropped at the gate, the rest approved; what was wrong on the pages of the project and its gate."""
    page.goto(project)
    wait_until(page, "#to-gate", 400)
    problems = at_both_widths(page, project) + at_both_widths(page, project + "approve/")
    page.goto(project)
    tab_to(page, "#to-gate")
    page.keyboard.press("Enter")
    page.wait_for_selector("#approve:not([disabled])")
    page.wait_for_load_state()
    tab_to(page, "#drop-2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#plate-2.dropped")
    tab_to(page, "#approve:not([disabled])")
    page.keyboard.press("Enter")
    page.wait_for_url(project)
    return problems


def archived_and_undone(page: Any, studio: Studio) -> None:
    """A project of the list archived, and that taken back."""
    page.goto(studio.url + "/")
    tab_to(page, ".pick")
    page.keyboard.press("Space")
    page.wait_for_selector("#picked:has-text('1 project selected')")
    tab_to(page, "#bulk [value='archive']")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 project archived.")
    tab_to(page, "#undo-last")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Undone.")


def test_every_control_is_reached_and_seen(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    sign_in(page, studio.add("keys@example.com", 200))
    project = launched(page, studio)
    batch, problems = batch_of_one(page, studio)
    problems += judged(page, project)
    page.goto(batch)
    tab_to(page, "#review-batch")
    page.keyboard.press("Enter")
    page.wait_for_selector("#gate")
    for address in ("/", "/new/?product=sticker", "/batches/new/", "/batches/"):
        problems += at_both_widths(page, studio.url + address)
    archived_and_undone(page, studio)
    assert not problems, "\n".join(problems)
