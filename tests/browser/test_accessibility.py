"""No page has anything axe calls a violation, in light and in dark, and the console works under a real browser's rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Studio, launch, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
OPERATOR = "operator@example.com"


def violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [f"{page.url} {v['id']}: {v['help']} {n['target']}" for v in found for n in v["nodes"]]


def both_schemes(page: Any, address: str) -> list[str]:
    troubles = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        troubles += violations(page)
    return troubles


def an_operator(studio: Studio) -> str:
    studio.cli("users", "add", OPERATOR, "--credits", "0", "--staff")
    return str(studio.cli("users", "link", OPERATOR)["url"])


def test_no_page_of_a_project_or_of_the_settings_has_a_violation(studio: Studio, open_page: Callable[..., Any]) -> None:
    page = open_page()
    troubles = both_schemes(page, studio.url + "/enter/") + both_schemes(page, studio.url + "/nowhere/")
    sign_in(page, studio.add("able@example.com", 40))
    troubles += both_schemes(page, studio.url + "/")
    address = launch(page, studio)
    troubles += both_schemes(page, address)
    for path in ("", "new/", "new/?product=custom", "new/?product=wall_art", "prices/", "help/credits/", "help/tools/"):
        troubles += both_schemes(page, f"{studio.url}/{path}")
    for path in ("billing", "plans", "integrations", "scenes", "notifications", "keys"):
        troubles += both_schemes(page, f"{studio.url}/settings/{path}/")
    for path in ("security", "security/webauthn/add", "sessions", "password/set", "email", "security/totp/activate"):
        troubles += both_schemes(page, f"{studio.url}/account/{path}/")
    page.goto(studio.url + "/settings/keys/")
    page.fill("#name", "A script of mine")
    page.click("aside button.main")
    troubles += violations(page)
    page.goto(address)
    wait_until(page, "#to-gate")
    for path in ("", "approve/", "delete/", "activity/"):
        troubles += both_schemes(page, address + path)
    page.goto(address + "approve/")
    page.check("#on-dark")
    assert page.evaluate("getComputedStyle(document.querySelector('.checker')).backgroundColor") == "rgb(38, 35, 31)"
    for number in (2, 5):
        page.focus(f"#plate-{number}")
        page.keyboard.press("c")
    page.click("#show-beside")
    assert page.locator("#beside figure img").count() == 2
    troubles += violations(page)
    page.keyboard.press("Escape")
    page.check("#on-checker")
    page.click("#approve")
    page.wait_for_url(address)
    wait_until(page, "#to-files", 400)
    for path in ("", "downloads/", "listing/", "activity/"):
        troubles += both_schemes(page, address + path)
    assert not troubles, "\n".join(troubles)


def test_an_operator_finds_a_project_and_every_console_page_is_accessible(
    studio: Studio, open_page: Callable[..., Any]
) -> None:
    seller = open_page()
    sign_in(seller, studio.add("lost@example.com"))
    address = launch(seller, studio)
    public_id = re.search(r"/projects/(\w{26})/", address)
    assert public_id
    page = open_page()
    sign_in(page, an_operator(studio))
    assert seller.goto(studio.url + "/console/").status == 404
    page.goto(studio.url + "/console/")
    page.wait_for_selector("#engine >> text=Beating")
    page.fill("#q", public_id[1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/projects/{public_id[1]}/")
    troubles = both_schemes(page, page.url)
    page.click("summary:has-text('Fail and refund')")
    page.fill("#reason-fail", "The seller launched it by mistake")
    page.click("button:has-text('Fail and refund')")
    page.wait_for_selector("text=17 credits went back to lost@example.com")
    troubles += violations(page)
    seller.goto(address)
    assert "You were not charged" in seller.inner_text("#live")
    page.goto(studio.url + "/console/?q=lost@")
    page.fill("#amount", "600")
    page.fill("#reason-goodwill", "For the trouble with the launch")
    page.click("button:has-text('Give')")
    page.wait_for_selector("text=wait for another operator")
    troubles += violations(page)
    for path in ("", "record/", "?q=example.com"):
        troubles += both_schemes(page, f"{studio.url}/console/{path}")
    assert not troubles, "\n".join(troubles)
    assert studio.cli("audit")["ok"] is True


def test_health_and_numbers_answer_from_the_real_server(studio: Studio, open_page: Callable[..., Any]) -> None:
    import json
    import urllib.request

    def get(path: str) -> str:
        with urllib.request.urlopen(studio.url + path, timeout=10) as answer:
            return str(answer.read().decode())

    assert json.loads(get("/readyz")) == {"ready": True, "database": True, "engine": True, "worker": True}
    assert "elistit_workers_live 1.0" in get("/metrics") and "elistit_engine_up 1.0" in get("/metrics")
