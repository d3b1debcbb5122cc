"""Push notifications in a real browser: turned on on the page, shown by the service worker, opened by a press, off after signing out.

A browser without a network has no push service to subscribe at, so that one step is stood in for: `subscribe` answers with the
address of a push service of the test. What the studio then sends is decrypted there and handed to the real service worker.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.push_service import PushService

from .conftest import Studio, sign_in
from .test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

STAND_IN = """
PushManager.prototype.subscribe = async function (options) {
  const given = %s;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
  window.askedFor = { visible: options.userVisibleOnly, key: options.applicationServerKey.length };
  return { endpoint: given.endpoint, getKey: (name) => bytes(given[name]), unsubscribe: async () => true };
};
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    made = PushService()
    yield made
    made.stop()


def test_a_seller_turns_push_on_gets_a_message_and_turns_it_off(
    start: Callable[..., Studio], open_page: Callable[..., Any], service: PushService
) -> None:
    studio = start(ELISTIT_WEBHOOKS_PRIVATE="1")
    browser = service.browser("phone")
    page = open_page(permissions=["notifications"])
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if m.type == "error" else None)
    page.add_init_script(STAND_IN % json.dumps(browser.given))
    sign_in(page, studio.add("push@example.com", 30))
    page.goto(studio.url + "/settings/notifications/")
    page.wait_for_selector("#push-on button")
    for size in ({"width": 360, "height": 740}, {"width": 1600, "height": 1000}):
        page.set_viewport_size(size)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.focus("#push-on button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Push notifications are on for Chrome on Linux.")
    assert page.locator("#push li").count() == 1 and page.locator("#push-on").count() == 0

    project = studio.cli(
        "launch", "--user", "push@example.com", "--product", "svg", "--count", "1", "--idea", "red fox"
    )
    title, said = "", {}
    for _ in range(240):
        for _path, _headers, body in service.took:
            said = browser.read(body)
            title = said["title"] if "finished" in said["title"] else title
        if title:
            break
        page.wait_for_timeout(500)
    assert "is finished" in title and said["path"].startswith(("/projects/", "/settings/"))

    shown = deliver(page, studio, {**said, "title": title, "path": f"/projects/{project['public_id']}/"})
    assert shown == [[title, f"/projects/{project['public_id']}/"]]
    assert refused == []

    page.click("header form.leave button >> visible=true")
    page.wait_for_url("**/enter/**")
    sign_in(page, str(studio.cli("users", "link", "push@example.com")["url"]))
    page.goto(studio.url + "/settings/notifications/")
    assert page.locator("#push li").count() == 0 and page.is_visible("#push-on button")


def deliver(page: Any, studio: Studio, said: dict[str, Any]) -> list[list[str]]:
    """Hand a message to the service worker as a push service would; title and path of the notifications it then shows."""
    session = page.context.new_cdp_session(page)
    workers: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: workers.extend(event["registrations"]))
    # A message that comes before the worker is active is lost.
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    [registration] = {w["registrationId"] for w in workers if w["scopeURL"] == studio.url + "/"}
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": studio.url, "registrationId": registration, "data": json.dumps(said)},
    )
    asked = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => [n.title, n.data.path])"
    for _ in range(80):
        if shown := page.evaluate(asked):
            return list(shown)
        page.wait_for_timeout(250)
    return []
