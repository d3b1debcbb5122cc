"""Screenshots of every page, in light and dark, on a phone and on a desktop, from a real installation.

    python docs/screens/make.py [--data DIR] [--only NAME …] [--check]

Starts Elistit on data of its own with the bundled Etsy sandbox, makes a failed, a finished, a waiting and a running
project with the real worker, and photographs each page as WebP beside this file. `--data` keeps the data and uses it
again; `--check` also runs axe on every page and fails on a violation. Touches no other installation.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("ELISTIT_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
DEVICES = {"phone": (390, 844, 2600), "desktop": (1440, 900, 2400)}
"""Width and height of the window, and where a long page is cut off, in CSS pixels."""
SCHEMES = ("light", "dark")
BYTES_MAX = 150_000
SELLER, NEWCOMER, OPERATOR = "seller@example.com", "newcomer@example.com", "operator@example.com"
COLLEAGUE = "colleague@example.com"
RUNNING = ("wildflowers of the meadow", "birds of the garden", "sea shells and starfish", "mushrooms of the forest")
"""Launched one after another, for each is soon no longer running."""


@dataclass
class Studio:
    """One running installation."""

    url: str
    environment: dict[str, str]

    def cli(self, *arguments: str) -> Any:
        command = [sys.executable, "-m", "elistit.cli", *arguments, "--json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=180, check=True)
        return json.loads(done.stdout)

    def link(self, email: str) -> str:
        return str(self.cli("users", "link", email)["url"])

    def launch(self, idea: str, **more: str) -> str:
        options = [part for name, value in more.items() for part in (f"--{name}", value)]
        return str(self.cli("launch", idea, "--user", SELLER, *options)["public_id"])

    def wait(self, project: str, *stages: str, seconds: float = 600) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.cli("status", project, "--user", SELLER)["stage"] in stages:
                return
            time.sleep(1)
        raise TimeoutError(f"{project} did not reach {' or '.join(stages)}")


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(*arguments: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("ab") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "elistit.cli", *arguments],
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)


@contextlib.contextmanager
def installation(data: Path, **extra: str) -> Iterator[Studio]:
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    url = f"http://127.0.0.1:{port}"
    environment = {
        **kept,
        "ELISTIT_DATA": str(data / "data"),
        "ELISTIT_BASE_URL": url,
        "ELISTIT_CLOCK_SPEED": "20",
        "ELISTIT_EMAIL_URL": (data / "mail").as_uri(),
        "ELISTIT_SIGNUP": "open",
        "ELISTIT_WEBHOOKS_PRIVATE": "1",
        # Plans can be bought here; nobody answers there, and no page asks.
        "ELISTIT_STRIPE_KEY": "sk_test_screens",
        "ELISTIT_STRIPE_WEBHOOK_SECRET": "whsec_screens",
        "ELISTIT_STRIPE_API_URL": "http://127.0.0.1:9",
        **extra,
    }
    with process("up", "--port", str(port), environment=environment, log=data / "log.txt"):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2):
                yield Studio(url, environment)
                return
            time.sleep(0.2)
        raise TimeoutError((data / "log.txt").read_text())


@contextlib.contextmanager
def sandbox(data: Path) -> Iterator[str]:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_")}
    with process("sandbox", "etsy", "--port", str(port), environment=environment, log=data / "sandbox.txt"):
        time.sleep(2)
        yield f"http://127.0.0.1:{port}"


def prepare(data: Path, etsy: str, browser: Any) -> dict[str, str]:
    """People and projects in every state. The public ids by name."""
    made: dict[str, str] = {}
    with installation(data, ELISTIT_FAULTS="generating=transient*all") as studio:
        studio.cli("users", "add", SELLER, "--credits", "240")
        studio.cli("users", "add", NEWCOMER)
        for email in (OPERATOR, COLLEAGUE):
            studio.cli("users", "add", email, "--credits", "0", "--staff")
        made["failed"] = studio.launch("sea animals with little hats")
        studio.wait(made["failed"], "failed")
    with installation(data) as studio:
        # Finished before a shop is connected, so that its listing can be edited.
        made["unlisted"] = studio.launch("cheerful fruit", product="sticker", count="4")
        studio.wait(made["unlisted"], "awaiting_approval")
        studio.cli("approve", made["unlisted"])
        studio.wait(made["unlisted"], "completed")
    with installation(data, ELISTIT_ETSY_API_URL=etsy) as studio:
        page = signed_in(browser, studio, SELLER)
        page.goto(studio.url + "/settings/integrations/")
        page.click("main form button")
        page.goto(studio.url + "/settings/keys/")
        page.fill("#name", "Nightly bundle script")
        page.click("aside button.main")
        page.goto(studio.url + "/settings/webhooks/")
        page.fill("#url", "http://127.0.0.1:9/elistit")
        page.click("aside button.main")
        page.goto(f"{studio.url}/projects/{made['failed']}/help/")
        page.fill(
            "#expected",
            "Fifteen sea animals with hats for a shop that opens tomorrow. Is it worth trying again tonight?",
        )
        page.click("#send-help")
        page.wait_for_selector("text=Not answered yet")
        page.context.close()
        for name, idea in (("finished", "woodland animals in autumn"), ("gate", "farm animals in spring flowers")):
            made[name] = studio.launch(idea)
            studio.wait(made[name], "awaiting_approval")
        made["poster"] = studio.launch("a quiet mountain lake at dawn", product="poster")
        studio.wait(made["poster"], "design_ready")
        studio.cli("approve", made["finished"])
        studio.wait(made["finished"], "completed")
        operate(browser, studio, made)
        page = signed_in(browser, studio, SELLER)
        page.goto(studio.url + "/settings/webhooks/")
        page.click("#webhooks-title ~ table a")
        made["webhook"] = page.url.rstrip("/").rpartition("/")[2]
        page.context.close()
    (data / "made.json").write_text(json.dumps(made))
    return made


def operate(browser: Any, studio: Studio, made: dict[str, str]) -> None:
    """An operator gives goodwill and asks for more, so that the record and the requests have something to show."""
    page = signed_in(browser, studio, OPERATOR)
    for amount, reason in (
        ("10", "The failed launch cost them an evening"),
        ("600", "Beta partner, agreed by phone today"),
    ):
        page.goto(f"{studio.url}/console/?q={SELLER}")
        page.fill("#amount", amount)
        page.fill("#reason-goodwill", reason)
        page.click("aside form button.main")
    page.context.close()


def signed_in(browser: Any, studio: Studio, email: str, **options: Any) -> Any:
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)
    page = context.new_page()
    if email:
        page.goto(studio.link(email))
        page.click("main button")
        page.wait_for_url("**/")
    return page


def pages(studio: Studio, made: dict[str, str]) -> list[tuple[str, str, str]]:
    """Every page: its file name, whose it is, its address."""
    own = {name: f"/projects/{pk}/" for name, pk in made.items()}
    person = "/console/?q=" + SELLER
    return [
        ("project-running", SELLER, own["running"]),
        ("sign-in", "", "/enter/"),
        ("sign-up", "", "/account/signup/"),
        ("sign-in-password", "", "/account/login/"),
        ("password-reset", "", "/account/password/reset/"),
        ("password-reset-stale", "", "/account/password/reset/key/1-old-link/"),
        ("sign-in-link", "", studio.link(NEWCOMER).removeprefix(studio.url)),
        ("sign-in-stale", "", "/enter/this-link-was-used/"),
        ("not-there", "", "/nowhere/"),
        ("refused", "", "/account/login/code/"),
        ("first-visit", NEWCOMER, "/"),
        ("projects", SELLER, "/"),
        ("new", SELLER, "/new/"),
        ("new-own-images", SELLER, "/new/?product=custom"),
        ("project-failed", SELLER, own["failed"]),
        ("project-waiting", SELLER, own["gate"]),
        ("gate", SELLER, own["gate"] + "approve/"),
        ("project-finished", SELLER, own["finished"]),
        ("downloads", SELLER, own["finished"] + "downloads/"),
        ("listing", SELLER, own["finished"] + "listing/"),
        ("listing-edit", SELLER, own["unlisted"] + "listing/edit/"),
        ("poster", SELLER, own["poster"] + "print-ready/"),
        ("activity", SELLER, own["failed"] + "activity/"),
        ("help", SELLER, own["failed"] + "help/"),
        ("delete", SELLER, own["gate"] + "delete/"),
        ("billing", SELLER, "/settings/billing/"),
        ("billing-by-project", SELLER, "/settings/billing/?by=project"),
        ("plans", SELLER, "/settings/plans/"),
        ("scenes", SELLER, "/settings/scenes/"),
        ("integrations", SELLER, "/settings/integrations/"),
        ("notifications", SELLER, "/settings/notifications/"),
        ("keys", SELLER, "/settings/keys/"),
        ("webhooks", SELLER, "/settings/webhooks/"),
        ("webhook", SELLER, f"/settings/webhooks/{made['webhook']}/"),
        ("account", SELLER, "/account/security/"),
        ("account-email", SELLER, "/account/email/"),
        ("account-password", SELLER, "/account/password/set/"),
        ("authenticator-app", SELLER, "/account/security/totp/activate/"),
        ("sign-out", SELLER, "/account/logout/"),
        ("passkey-add", SELLER, "/account/security/webauthn/add/"),
        ("sessions", SELLER, "/account/sessions/"),
        ("prices", SELLER, "/prices/"),
        ("help-credits", SELLER, "/help/credits/"),
        ("help-tools", SELLER, "/help/tools/"),
        ("console", OPERATOR, "/console/"),
        ("console-project", OPERATOR, "/console" + own["failed"]),
        ("console-person", OPERATOR, person),
        ("console-record", OPERATOR, "/console/record/"),
        ("tables", OPERATOR, "/console/tables/"),
    ]


def violations(page: Any) -> list[str]:
    """What axe finds wrong on a page, one line each. The script is run through the debugger's door, because the pages'
    own policy rightly refuses injected scripts."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {n['target']} {n.get('failureSummary', '')}" for v in found for n in v["nodes"]]


def shoot(page: Any, name: str, width: int, cut: int) -> Path:
    """One page as WebP under 150 KB, in full length up to `cut`."""
    height = min(cut, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("for (const i of document.images) i.loading = 'eager'")
    page.wait_for_load_state("networkidle") if "hx-trigger" not in page.content() else page.wait_for_timeout(700)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    if picture.width > 1000:
        picture = picture.resize((1000, round(picture.height * 1000 / picture.width)), Image.Resampling.LANCZOS)
    target = HERE / f"{name}.webp"
    for quality in (78, 68, 58, 45, 30):
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size < BYTES_MAX:
            break
    return target


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", type=Path)
    asked.add_argument("--only", nargs="*", default=[])
    asked.add_argument("--check", action="store_true")
    wanted = asked.parse_args()
    data = (wanted.data or Path(tempfile.mkdtemp(prefix="elistit-screens-"))).absolute()
    data.mkdir(parents=True, exist_ok=True)
    troubles: list[str] = []
    with sync_playwright() as playwright, sandbox(data) as etsy:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        kept = data / "made.json"
        made = json.loads(kept.read_text()) if kept.is_file() else prepare(data, etsy, browser)
        with installation(data, ELISTIT_ETSY_API_URL=etsy) as studio:
            ideas = iter(RUNNING)
            for device, (width, height, cut) in DEVICES.items():
                for scheme in SCHEMES:
                    options = {"color_scheme": scheme, "viewport": {"width": width, "height": height}}
                    by_person = {
                        who: signed_in(browser, studio, who, **options, timezone_id="UTC", locale="en-US")
                        for who in ("", SELLER, NEWCOMER, OPERATOR)
                    }
                    made["running"] = studio.launch(next(ideas))
                    for name, who, address in pages(studio, made):
                        if wanted.only and name not in wanted.only:
                            continue
                        page = by_person[who]
                        page.set_viewport_size({"width": width, "height": height})
                        page.goto(studio.url + address)
                        if name == "refused":
                            page.fill("main [name=email]", NEWCOMER)
                            page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = ''")
                            page.click("main button.main")
                        if wanted.check:
                            troubles += [f"{name} {device} {scheme}: {words}" for words in violations(page)]
                        wide = page.evaluate("document.documentElement.scrollWidth")
                        if wide > width:
                            troubles.append(f"{name} {device} {scheme}: scrolls sideways ({wide} px)")
                        shoot(page, f"{name}-{device}-{scheme}", width, cut)
                    for page in by_person.values():
                        page.context.close()
        browser.close()
    if wanted.data is None:
        shutil.rmtree(data, ignore_errors=True)
    for line in dict.fromkeys(troubles):
        sys.stdout.write(line + "\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
