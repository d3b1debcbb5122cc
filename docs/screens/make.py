"""Screenshots of every page, in light and dark, at three widths, from a real installation.

    python docs/screens/make.py [--out DIR] [--data DIR] [--only NAME …] [--check]
    python docs/screens/make.py --docs [--data DIR]

Starts Elistit on data of its own with the bundled Etsy sandbox, makes a failed, a finished, a waiting and a running
project with the real worker, and photographs each page as WebP into `build/screens`, which Git ignores. `--docs` makes only
the ten images that the documents show, in docs/images (catalog.py says which and why). `--data` keeps the data and uses it
again; `--check` also runs axe on every page. A page that scrolls sideways or, with `--check`, has a violation makes it exit
with 1. It must never touch another installation.
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
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import BYTES_MAX, COLLEAGUE, COVER, DEVICES, KEPT, NEWCOMER, OPERATOR, SCHEMES, SELLER, WIDTH_KEPT, pages
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
OUT, DOCS = ROOT / "build/screens", ROOT / "docs/images"
CHROMIUM = os.environ.get("ELISTIT_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
RUNNING = (
    "wildflowers of the meadow",
    "birds of the garden",
    "sea shells and starfish",
    "mushrooms of the forest",
    "cactus in pots",
    "winter birds",
)
"""Ideas for the project that is running; one is launched for each width and scheme, because it soon ends."""
LIST = ("red fox", "hedgehog with a scarf", "owl on a branch", "nurse with a stethoscope")
"""The ideas of the two batches. The built-in artist draws no nurse, so the draft shows a warning."""


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
    with process("up", "--no-practice", "--port", str(port), environment=environment, log=data / "log.txt"):
        until = time.monotonic() + 180
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2):
                yield Studio(url, environment)
                return
            time.sleep(0.2)
        raise TimeoutError((data / "log.txt").read_text()[-2000:])


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
        for email in (OPERATOR, COLLEAGUE):  # first, because a studio's first person operates it
            studio.cli("users", "add", email, "--credits", "0", "--staff")
        studio.cli("users", "add", SELLER, "--credits", "240")
        studio.cli("users", "add", NEWCOMER)
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
        for name, idea in (("finished", "woodland animals, watercolor"), ("gate", "farm animals in spring flowers")):
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
        made["webhook"] = last_part(page.url)
        made |= batches(page, studio)
        made["scene"] = scene(page, studio, data)
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
    page.goto(f"{studio.url}/console/?q={SELLER}")
    made["seller"] = last_part(page.url)
    page.context.close()


def batches(page: Any, studio: Studio) -> dict[str, str]:
    """A batch that was launched, and one that is still a draft."""
    made = {}
    for name in ("batch", "batch-draft"):
        page.goto(studio.url + "/batches/new/")
        page.fill("#ideas", "\n".join(LIST[:3] if name == "batch" else LIST))
        page.select_option("#product", "sticker")
        page.fill("#count", "1" if name == "batch" else "6")
        page.click("#read-list")
        page.wait_for_selector("#launch-batch")
        made[name] = last_part(page.url)
        if name == "batch":
            page.click("#launch-batch")
            page.wait_for_selector("#review-batch:has-text('Review 3 projects')", timeout=300_000)
    return made


def scene(page: Any, studio: Studio, data: Path) -> str:
    """A photo of a plain wall as a scene, with the corners where the form puts them."""
    photo = data / "wall.jpg"
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(photo)
    page.goto(studio.url + "/settings/scenes/")
    page.set_input_files("#photo", str(photo))
    page.click("aside button.main")
    page.wait_for_url("**/settings/scenes/*/")
    return last_part(page.url)


def last_part(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def signed_in(browser: Any, studio: Studio, email: str, **options: Any) -> Any:
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)
    page = context.new_page()
    if email:
        page.goto(studio.link(email))
        page.click("main button")
        page.wait_for_url("**/")
    return page


def violations(page: Any) -> list[str]:
    """What axe finds wrong on a page, one line each. The script is run through the debugger's door, because the pages'
    own policy rightly refuses injected scripts."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {n['target']} {n.get('failureSummary', '')}" for v in found for n in v["nodes"]]


def shoot(page: Any, target: Path, width: int, cut: int, width_max: int) -> None:
    """One page as WebP under 150 KB, in full length up to `cut` and scaled down to `width_max` pixels."""
    height = min(cut, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("for (const i of document.images) i.loading = 'eager'")
    page.wait_for_load_state("networkidle") if "hx-trigger" not in page.content() else page.wait_for_timeout(700)
    write(Image.open(io.BytesIO(page.screenshot())), target, width_max)


def write(image: Image.Image, target: Path, width_max: int) -> None:
    image = image.convert("RGB")
    if image.width > width_max:
        image = image.resize((width_max, round(image.height * width_max / image.width)), Image.Resampling.LANCZOS)
    target.parent.mkdir(parents=True, exist_ok=True)
    for quality in (78, 68, 58, 45, 30):
        image.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size < BYTES_MAX:
            break


def visit(page: Any, studio: Studio, name: str, address: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(studio.url + address)
    if name == "new":
        page.fill("#idea", "woodland animals in autumn")
        page.wait_for_timeout(3000)  # the price and the storyboard follow what is typed
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    if name == "refused":
        page.fill("main [name=email]", NEWCOMER)
        page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = ''")
        page.click("main button.main")


def everyone(browser: Any, studio: Studio, scheme: str, size: tuple[int, int]) -> dict[str, Any]:
    """A signed-in page for each person of the catalog."""
    options = {"color_scheme": scheme, "viewport": {"width": size[0], "height": size[1]}}
    return {
        who: signed_in(browser, studio, who, **options, timezone_id="UTC", locale="en-US")
        for who in ("", SELLER, NEWCOMER, OPERATOR)
    }


def every_page(browser: Any, studio: Studio, made: dict[str, str], wanted: argparse.Namespace) -> list[str]:
    """Photograph every page at every width in both schemes. What is wrong with them, one line each."""
    troubles: list[str] = []
    ideas = iter(RUNNING)
    for device, (width, height, cut) in DEVICES.items():
        for scheme in SCHEMES:
            people = everyone(browser, studio, scheme, (width, height))
            if not wanted.only or "project-running" in wanted.only or "running" not in made:
                made["running"] = studio.launch(next(ideas))
            for name, who, address in pages(made, studio.link(NEWCOMER).removeprefix(studio.url)):
                if wanted.only and name not in wanted.only:
                    continue
                visit(people[who], studio, name, address, (width, height))
                if wanted.check:
                    troubles += [f"{name} {device} {scheme}: {words}" for words in violations(people[who])]
                wide = people[who].evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    troubles.append(f"{name} {device} {scheme}: scrolls sideways ({wide} px)")
                shoot(people[who], wanted.out / f"{name}-{device}-{scheme}.webp", width, cut, 1000)
            for page in people.values():
                page.context.close()
    return troubles


def for_documents(browser: Any, studio: Studio, made: dict[str, str]) -> None:
    """The images of docs/images: ten pages in the light scheme, and the cover as the worker wrote it."""
    size = (WIDTH_KEPT, 800)
    people = everyone(browser, studio, "light", size)
    made.setdefault("running", "")
    addresses = {name: (who, at) for name, who, at in pages(made, studio.link(NEWCOMER).removeprefix(studio.url))}
    for name, kept in KEPT.items():
        if name == COVER:
            kit = (
                people[SELLER].request.get(f"{studio.url}/projects/{made['finished']}/downloads/upload-kit.zip").body()
            )
            with zipfile.ZipFile(io.BytesIO(kit)) as files:
                first = next(entry for entry in files.namelist() if entry.startswith("pictures/"))
                write(Image.open(io.BytesIO(files.read(first))), DOCS / f"{name}.webp", WIDTH_KEPT)
            continue
        who, address = addresses[kept.page]
        if kept.page == "project-running":  # launched only now, with images enough to be seen at work
            address = f"/projects/{studio.launch(RUNNING[0], count='40')}/"
        visit(people[who], studio, kept.page, address, size)
        if kept.page == "project-running":
            people[who].wait_for_selector("main img", timeout=120_000)
        shoot(people[who], DOCS / f"{name}.webp", WIDTH_KEPT, kept.height, WIDTH_KEPT)
    for page in people.values():
        page.context.close()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--out", type=Path, default=OUT, help="where the images go (build/screens)")
    asked.add_argument("--docs", action="store_true", help="only the images of docs/images")
    asked.add_argument("--data", type=Path, help="keep the installation's data here, and use it again")
    asked.add_argument("--only", nargs="*", default=[], help="names of pages")
    asked.add_argument("--check", action="store_true", help="also run axe on every page")
    wanted = asked.parse_args()
    data = (wanted.data or Path(tempfile.mkdtemp(prefix="elistit-screens-"))).absolute()
    data.mkdir(parents=True, exist_ok=True)
    troubles: list[str] = []
    with sync_playwright() as playwright, sandbox(data) as etsy:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        kept = data / "made.json"
        made = json.loads(kept.read_text()) if kept.is_file() else prepare(data, etsy, browser)
        with installation(data, ELISTIT_ETSY_API_URL=etsy) as studio:
            if wanted.docs:
                for_documents(browser, studio, made)
            else:
                troubles = every_page(browser, studio, made, wanted)
        browser.close()
    if wanted.data is None:
        shutil.rmtree(data, ignore_errors=True)
    for line in dict.fromkeys(troubles):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"The images are in {DOCS if wanted.docs else wanted.out}.\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
