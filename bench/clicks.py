"""Ten tasks of a seller, in clicks and seconds: `python bench/clicks.py [--images 30] [--ideas 50] [--markdown]`.

A studio of its own with the built-in artist, a practice shop and a stand-in for Stripe; a real browser does each task as a seller
would, from the list of projects. Clicks, keys and fields filled in are counted, and the seconds from the first page to the sight
of the result, the pages' own waiting included; what the artist needs to make images is not part of any task. Exits with an error
when a task doesn't end as it should.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT), str(ROOT / "src"), str(ROOT / "packages/artist/src")]

import django  # noqa: E402
from lib import hands, report, studio  # noqa: E402
from lib.hands import Hands  # noqa: E402

# The practice shop is part of the studio. It gets no data of any installation: nothing is read or written through these settings.
os.environ |= {"DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": str(ROOT / "build" / "bench")}
django.setup()

from elistit.listings.etsy.sandbox import Sandbox  # noqa: E402
from tests.payments import stripe_server  # noqa: E402

SELLER = "mara@example.com"
SET = "woodland animals"
CUT = "a hedgehog"


def launch_idea(seller: Hands, _: int) -> None:
    seller.click("nav a[href='/new/']")
    seller.fill("#idea", "sea creatures")
    seller.page.wait_for_load_state("networkidle")
    seller.click("#launch-button:not([disabled])")
    seller.page.wait_for_url("**/projects/*/")


def review(seller: Hands, images: int) -> None:
    """Every image is looked at, two are dropped, the rest is approved."""
    seller.click("#needing")
    seller.click(f".card:has-text('{SET}')")
    seller.click("#to-gate")
    seller.see("#approve:not([disabled])")
    seller.page.wait_for_load_state()
    for number in range(1, images + 1):
        seller.press("ArrowRight")
        if number in (3, 9):
            seller.press("d")
    seller.see(".judged.dropped >> nth=1")
    seller.press("a")
    seller.press("Enter")
    seller.page.wait_for_url("**/projects/*/")


def batch(seller: Hands, ideas: int) -> None:
    seller.click("nav a[href='/batches/']")
    seller.click("a[href='/batches/new/']")
    seller.fill("#ideas", "\n".join(f"red fox number {n}" for n in range(ideas)))
    seller.choose("#product", "sticker")
    seller.fill("#count", "1")
    seller.click("#read-list")
    seller.see("#launch-batch:not([disabled])")
    seller.click("#launch-batch")
    seller.see("#batch-money")


def find(seller: Hands, _: int) -> None:
    seller.fill("#q", "owl last month")
    seller.press("Enter")
    seller.page.wait_for_url("**/?*q=owl*")
    seller.see(".card:has-text('owl')")
    if seller.page.locator(".card").count() != 1:
        raise SystemExit("The search for last month's owl found more than the owl.")


def retry_draft(seller: Hands, _: int) -> None:
    seller.click(f".card:has-text('{CUT}')")
    seller.click("button:has-text('Retry draft')")
    seller.see("#to-draft")


def top_up(seller: Hands, _: int) -> None:
    seller.click("#balance")
    seller.click("main a[href='/settings/plans/']")
    seller.click("form:has(input[value='top_up']) button")
    seller.page.wait_for_url("https://checkout.stripe.com/**")


def remake(seller: Hands, _: int) -> None:
    seller.click("#needing")
    seller.click(f".card:has-text('{SET}')")
    seller.click("#to-gate")
    seller.click("#remake-4")
    seller.fill("#prompt-4", "a fox asleep")
    seller.click("#plate-4 form[action*=remake] button")
    seller.see("#plate-4 [role=status]")


def duplicate(seller: Hands, _: int) -> None:
    seller.click(f".card:has-text('{CUT}')")
    seller.click("text=Duplicate and edit")
    seller.see("#launch-button:not([disabled])")
    seller.page.wait_for_load_state("networkidle")
    seller.click("#launch-button")
    seller.page.wait_for_url("**/projects/*/")


def open_draft(seller: Hands, _: int) -> None:
    seller.click(f".card:has-text('{CUT}')")
    with seller.page.context.expect_page() as opened:
        seller.click("#to-draft")
    opened.value.close()


def download(seller: Hands, _: int) -> None:
    seller.click(f".card:has-text('{CUT}')")
    seller.click("#to-files")
    seller.see("a[download]:has-text('.zip')")
    for n in range(seller.page.locator("a[download]:has-text('.zip')").count()):
        with seller.page.expect_download() as caught:
            seller.click(f"a[download]:has-text('.zip') >> nth={n}")
        if caught.value.failure():
            raise SystemExit(f"A download failed: {caught.value.failure()}")


Task = Callable[[Hands, int], None]


def tasks(images: int, ideas: int) -> list[tuple[str, Task, int]]:
    """In the order they are done in: what needs the prepared projects first, what fills the list last."""
    return [
        ("Retry a refused draft", retry_draft, 0),
        ("Open the draft on Etsy", open_draft, 0),
        ("Download all files", download, 0),
        ("Find last month's owl", find, 0),
        ("Top up, to the payment page", top_up, 0),
        ("Remake one image in other words", remake, 0),
        (f"Review {images} images", review, images),
        ("Duplicate a project and launch it", duplicate, 0),
        ("One idea, launched", launch_idea, 0),
        (f"{ideas} ideas, launched", batch, ideas),
    ]


def prepare(place: studio.Studio, etsy: Sandbox, seller: Hands, images: int) -> None:
    """A set that waits for its review, a finished project whose draft was refused, and an owl of last month."""
    seller.page.goto(place.url + "/settings/integrations/")
    seller.page.click("text=Connect a practice shop")
    seller.page.wait_for_selector("text=is connected")
    etsy.fault("createDraft", "400", times=1)
    cut = place.launch(SELLER, "svg", CUT)
    place.wait(cut, "completed")
    owl = place.launch(SELLER, "sticker", "barn owl", "--count", "1")
    place.wait(owl, "awaiting_approval")
    earlier = (dt.datetime.now(dt.UTC).replace(day=1) - dt.timedelta(days=5)).strftime("%Y-%m-%d %H:%M:%S")
    with contextlib.closing(sqlite3.connect(place.data / "elistit.sqlite3", timeout=60)) as db:
        db.execute("update projects_project set created_at = ? where public_id = ?", (earlier, owl))
        db.commit()
    place.wait(place.launch(SELLER, "clipart", SET, "--count", str(images)), "awaiting_approval")


@contextlib.contextmanager
def ready(folder: Path, images: int) -> Iterator[tuple[Sandbox, Hands]]:
    """A studio with everything prepared, and the seller signed in."""
    world = stripe_server.StripeWorld()
    with Sandbox() as etsy, stripe_server.serving(world) as stripe:
        settings = {
            "ELISTIT_ETSY_API_URL": etsy.url, "ELISTIT_UPSCALE": "fast", "ELISTIT_STRIPE_API_URL": stripe,
            "ELISTIT_STRIPE_KEY": stripe_server.KEY, "ELISTIT_STRIPE_WEBHOOK_SECRET": stripe_server.SECRET,
        }  # fmt: skip
        with studio.running(folder, **settings) as place:
            place.seller(SELLER, 5_000)
            with hands.signed_in(place, SELLER) as seller:
                paying = "<!doctype html><title>Pay</title><p>Stripe's own page."
                seller.page.route(
                    "https://checkout.stripe.com/**", lambda route: route.fulfill(content_type="text/html", body=paying)
                )
                report.say("preparing the projects")
                prepare(place, etsy, seller, images)
                yield etsy, seller


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--images", type=int, default=30, help="images of the set that is reviewed")
    parser.add_argument("--ideas", type=int, default=50, help="ideas of the batch")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as scratch, ready(Path(scratch), given.images) as (etsy, seller):
        for name, task, size in tasks(given.images, given.ideas):
            report.say(name)
            seller.begin()
            task(seller, size)
            rows.append((name, seller.clicks, seller.keys, seller.fields, f"{seller.seconds():.1f}"))
        if len(etsy.drafts()) < 1:
            raise SystemExit("No draft came to the practice shop.")
    report.section(
        "Ten tasks of a seller",
        f"`python bench/clicks.py --images {given.images} --ideas {given.ideas}`: a real browser, from the list of projects to the sight of the "
        "result. A choice from a list counts as two clicks, a text as one field whatever its length. The seconds are those of the studio "
        "and the browser, without a person's reading and thinking.",
        report.table(("task", "clicks", "keys", "fields", "seconds"), rows),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
