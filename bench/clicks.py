"""Ten tasks of a seller, in clicks and seconds: `python bench/clicks.py [--images 30] [--ideas 50] [--before TREE] [--json] [--markdown]`.

A studio of its own with the built-in artist, a practice shop and a stand-in for Stripe; a real browser does each task as a seller
would, from the list of projects. Clicks, keys and fields filled in are counted, and the seconds from the first page to the sight
of the result, the pages' own waiting included; what the artist needs to make images is not part of any task. `--before` does the same
ten tasks in the studio of an older tree of this project, the way its pages offer. Exits with an error when a task doesn't end as
it should.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
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
OWL = "barn owl"
DRAFT = "a:has-text('Open the draft on Etsy')"
DROPPED = (3, 9)
ACTS_WITHOUT_BATCHES = 5
"""What one sticker takes on the form: New project, the product type, the idea, the count, Launch."""
ANIMALS = ("red fox", "barn owl", "hedgehog", "brown bear", "badger", "deer", "rabbit", "squirrel", "frog", "swan")
PLACES = ("", " in autumn", " with flowers", " in winter", " at night")


def launch_idea(seller: Hands, _: int) -> None:
    seller.click("nav a[href='/new/']")
    seller.fill("#idea", "sea creatures")
    _press_launch(seller)


def _press_launch(seller: Hands) -> None:
    """Launch once the form shows its price."""
    seller.see("#launch-button:not([disabled]):has-text('credits')")
    seller.page.wait_for_load_state("networkidle")
    seller.click("#launch-button:not([disabled])")
    seller.page.wait_for_url("**/projects/*/")


def review(seller: Hands, images: int) -> None:
    """Every image is looked at, two are dropped, the rest is approved."""
    _to_gate(seller)
    for number in range(1, images + 1):
        seller.press("ArrowRight")
        if number in DROPPED:
            seller.press("d")
            seller.see(f"#plate-{number}.dropped")
    if seller.old:
        seller.click("#approve")
    else:
        seller.press("a")
        seller.press("Enter")
    seller.page.wait_for_url("**/projects/*/")


def _to_gate(seller: Hands) -> None:
    if not seller.old:
        seller.click("#needing")
    seller.click(f".card:has-text('{SET}')")
    seller.click("#to-gate")
    seller.see("#approve")
    seller.page.wait_for_load_state()


def batch(seller: Hands, ideas: int) -> None:
    """So many stickers of one image."""
    listed = [f"{ANIMALS[n % 10]}{PLACES[n // 10 % 5]}" for n in range(ideas)]
    seller.click("nav a[href='/batches/']")
    seller.click("a[href='/batches/new/']")
    seller.fill("#ideas", "\n".join(listed))
    seller.choose("#product", "sticker")
    seller.fill("#count", "1")
    seller.click("#read-list")
    seller.see("#launch-batch:not([disabled])")
    seller.click("#launch-batch")
    seller.see("#batch-money")


def find(seller: Hands, _: int) -> None:
    """Of two owls the one of last month. Before a search knew months: the newer one is opened first, and isn't it."""
    seller.fill("#q", "owl" if seller.old else "last month's owl")
    seller.press("Enter")
    seller.page.wait_for_url("**/?*q=*")
    cards = seller.page.locator(".card:has-text('owl')")
    if seller.old:
        seller.click(".card:has-text('owl') >> nth=0")
        seller.see("h1:has-text('owl')")
        seller.page.go_back()
        seller.keys += 1
        seller.click(".card:has-text('owl') >> nth=1")
    elif cards.count() != 1:
        raise SystemExit("The search for last month's owl didn't find the one owl.")
    else:
        seller.click(".card:has-text('owl')")
    seller.see(f"h1:has-text('{OWL.capitalize()}')")


def retry_draft(seller: Hands, _: int) -> None:
    seller.click(f".card:has-text('{CUT}')")
    seller.click("form[action$='/retry-draft/'] button")
    while seller.old and not seller.page.locator(DRAFT).count():
        seller.page.reload()  # the listing page didn't follow the draft
        seller.keys += 1
    seller.see(DRAFT)


def top_up(seller: Hands, _: int) -> None:
    seller.click("#balance")
    seller.click("main a[href='/settings/plans/']")
    # Seen off to the payment page, which is Stripe's own and not on this machine.
    with seller.page.expect_request("https://checkout.stripe.com/**"):
        seller.click("form:has(input[value='top_up']) button")


def remake(seller: Hands, _: int) -> None:
    _to_gate(seller)
    seller.click("#remake-4")
    seller.fill("#prompt-4", "a fox asleep")
    seller.click("#plate-4 form[action*=remake] button:not([name])")
    seller.see("#plate-4.pending, #plate-4 [role=status], #approve:disabled")


def duplicate(seller: Hands, _: int) -> None:
    """The same once more. Before projects could be duplicated: typed in again."""
    if seller.old:
        seller.click("nav a[href='/new/']")
        seller.click("button[name=switch][value=svg]")
        seller.see("button[name=switch][value=svg][aria-current]")
        seller.fill("#idea", CUT)
    else:
        seller.click(f".card:has-text('{CUT}')")
        seller.click("text=Duplicate and edit")
    _press_launch(seller)


def open_draft(seller: Hands, _: int) -> None:
    seller.click(f".card:has-text('{CUT}')")
    if seller.old:
        seller.click("#to-listing")
    with seller.page.context.expect_page() as opened:
        seller.click(DRAFT)
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
        ("Launch the same once more", duplicate, 0),
        ("One idea, launched", launch_idea, 0),
        (f"{ideas} ideas, launched", batch, ideas),
    ]


def prepare(place: studio.Studio, etsy: Sandbox, seller: Hands, images: int) -> None:
    """A set that waits for its review, a finished project whose draft was refused, and two owls, one of last month."""
    seller.page.goto(place.url + "/settings/integrations/")
    seller.page.click("text=Connect a practice shop")
    seller.page.wait_for_selector("text=is connected")
    etsy.fault("createDraft", "400", times=1)
    cut = place.launch(SELLER, "svg", CUT)
    place.wait(cut, "completed")
    earlier = dt.datetime.now(dt.UTC).replace(day=1) - dt.timedelta(days=5)
    waiting = [place.launch(SELLER, "sticker", OWL, "--count", "1", at=earlier)]
    waiting.append(place.launch(SELLER, "sticker", "snowy owl", "--count", "1"))
    waiting.append(place.launch(SELLER, "clipart", SET, "--count", str(images)))
    for project in waiting:
        place.wait(project, "awaiting_approval", seconds=3_600)


@contextlib.contextmanager
def ready(folder: Path, images: int, tree: Path = ROOT) -> Iterator[tuple[Sandbox, Hands]]:
    """A studio out of `tree` with everything prepared, and the seller signed in."""
    world = stripe_server.StripeWorld()
    with Sandbox() as etsy, stripe_server.serving(world) as stripe:
        settings = {
            "ELISTIT_ETSY_API_URL": etsy.url,
            "ELISTIT_UPSCALE": "fast",
            "ELISTIT_STRIPE_API_URL": stripe,
            "ELISTIT_STRIPE_KEY": stripe_server.KEY,
            "ELISTIT_STRIPE_WEBHOOK_SECRET": stripe_server.SECRET,
        }
        with studio.running(folder, tree, **settings) as place:
            place.seller(SELLER, 5_000)
            with hands.signed_in(place, SELLER) as seller:
                seller.old = tree != ROOT
                report.say("preparing the projects of", tree)
                prepare(place, etsy, seller, images)
                yield etsy, seller


def measure(images: int, ideas: int, tree: Path = ROOT, shots: Path | None = None) -> dict[str, dict[str, float]]:
    """Every task's clicks, keys, fields and seconds, by its name. `shots`: keep the last screen of each there."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as scratch, ready(Path(scratch), images, tree) as (etsy, seller):
        for name, task, size in tasks(images, ideas):
            if seller.old and task is batch:
                continue  # one launch after the other, `ACTS_WITHOUT_BATCHES` each
            report.say(name)
            seller.begin()
            task(seller, size)
            found[name] = {"seconds": seller.seconds()}
            found[name] |= {"clicks": seller.clicks, "keys": seller.keys, "fields": seller.fields}
            while task is top_up and seller.page.url.startswith(seller.url):
                seller.page.wait_for_timeout(100)  # Stripe's page, or that it can't be reached, comes first
            if task is remake:
                seller.see("#approve:not([disabled])")  # the review begins with every image made
            if shots:
                seller.page.screenshot(path=shots / f"{len(found)}.png")
        if not etsy.drafts():
            raise SystemExit("No draft came to the practice shop.")
    return found


def acts(row: dict[str, float]) -> int:
    """Everything a hand does: clicks, keys and fields."""
    return int(row["clicks"] + row["keys"] + row["fields"])


def tell(before: dict[str, dict[str, float]], now: dict[str, dict[str, float]], images: int, ideas: int) -> None:
    """Print the section of docs/figures.md."""
    head = ["task", "clicks", "keys", "fields", "seconds"]
    rows: list[list[object]] = [
        [name, row["clicks"], row["keys"], row["fields"], f"{row['seconds']:.1f}"] for name, row in now.items()
    ]
    if before:
        head += ["acts before", "seconds before"]
        for row in rows:
            old_row = before.get(str(row[0]))
            row += (
                [f"{acts(old_row):,}", f"{old_row['seconds']:.1f}"]
                if old_row
                else [f"{ACTS_WITHOUT_BATCHES * ideas:,} (calculated)", ""]
            )
    old = " --before TREE" if before else ""
    report.section(
        "Ten tasks of a seller",
        f"`python bench/clicks.py --images {images} --ideas {ideas}{old}`: a real browser, from the list of projects to the "
        "sight of the result. A choice from a list counts as two clicks, a text as one field whatever its length. The seconds are "
        "those of the studio and the browser, without a person's reading and thinking."
        + (
            " Before: the same tasks in the studio as it was on the eve of batches (TREE is commit 587dbe8), the way its pages offered; acts are "
            "clicks, keys and fields together."
            if before
            else ""
        ),
        report.table(head, rows),
    )


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--images", type=int, default=30, help="images of the set that is reviewed (at least 15)")
    parser.add_argument("--ideas", type=int, default=50, help="ideas of the batch")
    parser.add_argument("--before", type=Path, metavar="TREE", help="an older tree of this project, without batches")
    parser.add_argument("--shots", type=Path, metavar="DIR", help="keep the last screen of each task there")
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    given = parser.parse_args()
    if given.shots:
        given.shots.mkdir(parents=True, exist_ok=True)
    before = measure(given.images, given.ideas, given.before.resolve()) if given.before else {}
    now = measure(given.images, given.ideas, shots=given.shots)
    if given.json:
        print(json.dumps({"before": before, "now": now}))
        return 0
    tell(before, now, given.images, given.ideas)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
