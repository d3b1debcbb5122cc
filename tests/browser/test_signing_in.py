"""A stranger's first minutes in a real browser: sign up with a code, add a passkey, come back with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import Studio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def open_studio(start: Callable[..., Studio], mails: Path) -> Studio:
    studio = start(ELISTIT_EMAIL_URL=mails.as_uri(), ELISTIT_SIGNUP="open")
    # Browsers allow passkeys at a name, not at a number.
    return Studio(studio.url.replace("127.0.0.1", "localhost"), studio.data, studio.environment)


def newest_code(mails: Path) -> str:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for file in sorted(mails.iterdir(), key=lambda f: f.stat().st_mtime_ns, reverse=True)[:1]:
            if found := re.search(r"^(\d{6})$", file.read_text(), re.MULTILINE):
                return found[1]
        time.sleep(0.1)
    raise AssertionError("no code was mailed")


def no_violation(page: Any) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def with_authenticator(page: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_sign_up_add_a_passkey_and_come_back_with_it(open_studio: Studio, open_page: Any, mails: Path) -> None:
    page = open_page()
    page.goto(open_studio.url + "/enter/")
    no_violation(page)
    page.click("text=Sign up")
    no_violation(page)
    page.fill("[name=email]", "stranger@example.com")
    page.click("main button.main")
    no_violation(page)
    page.fill("[name=code]", newest_code(mails))
    page.click("text=Continue")
    page.wait_for_url("**localhost:*/")
    assert page.inner_text("#balance") == "30 credits"
    page.click("text=Settings")
    page.click("nav.tabs >> text=Account")
    no_violation(page)
    with_authenticator(page)
    page.click("text=Add passkey")
    no_violation(page)
    page.fill("[name=name]", "My laptop")
    page.click("#mfa_webauthn_add")
    page.wait_for_selector("text=Passkey added.")
    page.goto(open_studio.url + "/account/security/webauthn/")
    assert "My laptop" in page.inner_text("main table")
    no_violation(page)
    page.click("text=Sign out")
    page.wait_for_url("**/enter/")
    page.click("#passkey_login")
    page.wait_for_url("**localhost:*/")
    assert page.inner_text("#balance") == "30 credits"


def test_an_app_as_second_step_and_a_recovery_code_for_the_day_it_is_lost(
    open_studio: Studio, open_page: Any, mails: Path
) -> None:
    from allauth.mfa.totp.internal import auth as app

    def sign_in_with_code(path: str) -> None:
        page.goto(open_studio.url + path)
        page.fill("[name=email]", "careful@example.com")
        page.click("main button.main")
        page.fill("[name=code]", newest_code(mails))
        page.click("text=Continue")

    page, security = open_page(), open_studio.url + "/account/security/"
    sign_in_with_code("/account/signup/")
    page.wait_for_url("**localhost:*/")
    page.goto(security + "totp/activate/")
    no_violation(page)
    key = page.inner_text("code.command").strip()
    page.fill("[name=code]", app.format_hotp_value(app.hotp_value(key, next(app.yield_hotp_counters_from_time()))))
    page.click("text=Turn on")
    page.wait_for_url(re.compile(r"recovery-codes"))
    no_violation(page)
    spare = page.inner_text("#codes").split()[0]
    for path, words in (("recovery-codes/generate/", "stop working"), ("totp/deactivate/", "no longer need its code")):
        page.goto(security + path)
        assert words in page.inner_text("main")
        no_violation(page)
    page.click("text=Sign out")
    page.wait_for_url("**/enter/")
    sign_in_with_code("/account/login/code/")
    page.wait_for_selector("text=Two-step verification")
    no_violation(page)
    page.fill("[name=code]", spare)
    page.click("text=Continue with code")
    page.wait_for_url("**localhost:*/")
    assert page.inner_text("#balance") == "30 credits"


def test_a_passkey_that_is_refused_is_explained(open_studio: Studio, open_page: Any) -> None:
    page = open_page()
    page.goto(open_studio.url + "/enter/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('closed', 'NotAllowedError')) }"
    )
    page.click("#passkey_login")
    page.wait_for_selector("#passkey-trouble:not([hidden])")
    assert "was closed or ran out of time" in page.inner_text("#passkey-trouble")


def test_without_a_name_in_the_address_the_page_says_why_there_is_no_passkey(
    open_studio: Studio, open_page: Any
) -> None:
    page = open_page()
    page.goto(open_studio.url.replace("localhost", "127.0.0.1") + "/enter/")
    assert not page.query_selector("#passkey_login")
