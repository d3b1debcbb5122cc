"""A seller's batch from the paste to the drafts: `python bench/batch_day.py [--rows 50] [--folder DIR] [--json] [--markdown]`.

Pastes so many ideas in a real browser, launches them with one press, kills the worker (SIGKILL) in the middle, reviews every
project by keyboard and waits for every draft in a practice shop. Then the database is asked, in SQL of its own, whether anybody
was charged twice. Exits with 1 when a draft is missing or a credit was charged twice.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "src"), str(ROOT / "packages/artist/src")]

import django  # noqa: E402
from lib import hands, report, studio  # noqa: E402

# The practice shop is part of the studio. It gets no data of any installation: nothing is read or written through these settings.
os.environ |= {"DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": str(ROOT / "build" / "bench")}
django.setup()

from elistit.listings.etsy.sandbox import Sandbox  # noqa: E402

SELLER = "mara@example.com"
CREDITS = 2_000
ANIMALS = ("red fox", "barn owl", "hedgehog", "brown bear", "badger", "deer", "rabbit", "squirrel", "frog", "swan")
PLACES = ("", " in autumn", " with flowers", " in winter", " at night")


def ideas(rows: int) -> list[str]:
    """So many different ideas."""
    return [f"{ANIMALS[n % 10]}{PLACES[n // 10 % 5]}{f' {n}' if n >= 50 else ''}" for n in range(rows)]


def kill_worker(place: studio.Studio) -> int:
    """SIGKILL the worker of this installation; its process number. SystemExit when none runs."""
    for process in psutil.process_iter(["cmdline"]):
        with contextlib.suppress(psutil.Error):
            line = " ".join(process.info["cmdline"] or [])
            if "elistit.cli worker" in line and process.environ().get("ELISTIT_DATA") == str(place.data):
                os.kill(process.pid, signal.SIGKILL)
                return int(process.pid)
    raise SystemExit("No worker is running.")


def day(place: studio.Studio, rows: int) -> dict[str, Any]:
    """The whole way in the browser; what it took."""
    with hands.signed_in(place, SELLER) as seller:
        page = seller.page
        page.goto(place.url + "/settings/integrations/")
        page.click("text=Connect a practice shop")
        page.wait_for_selector("text=is connected")
        seller.begin("/batches/new/")
        seller.fill("#ideas", "\n".join(ideas(rows)))
        seller.choose("#product", "sticker")
        seller.fill("#count", "1")
        seller.click("#read-list")
        seller.see("#batch-planning, #launch-batch")
        shown = seller.seconds()
        seller.see("#launch-batch:not([disabled])")
        priced, price = seller.seconds(), int(page.get_attribute("[name=seen]", "value"))
        seller.click("#launch-batch")
        seller.see("#batch-money")
        launched = seller.seconds()
        seller.see("#review-batch")
        report.say("killing the worker", kill_worker(place))
        seller.see(f"#review-batch:has-text('Review {rows} projects')")
        made = seller.seconds()
        _review(seller, rows)
        reviewed = seller.seconds()
        seller.see(f"#batch-live:has-text('{rows} of {rows} ended')")
        return {
            "rows": rows, "price": price, "shown": shown, "priced": priced, "launched": launched, "made": made,
            "reviewed": reviewed, "drafted": seller.seconds(), "clicks": seller.clicks, "keys": seller.keys,
        }  # fmt: skip


def _review(seller: hands.Hands, rows: int) -> None:
    """Approve one project after the other by keyboard."""
    seller.click("#review-batch")
    for _ in range(rows):
        seller.see("#approve:not([disabled])")
        seller.page.wait_for_load_state()
        here = seller.page.url
        seller.press("a")
        seller.press("Enter")
        seller.page.wait_for_url(lambda address, here=here: address != here, timeout=hands.PATIENCE_MS)


def judged(data: Path, drafts: list[dict[str, Any]], took: dict[str, Any]) -> dict[str, Any]:
    """What the database and the shop say of it, in SQL that shares nothing with the studio."""
    with contextlib.closing(sqlite3.connect(f"file:{data / 'elistit.sqlite3'}?mode=ro", uri=True)) as books:

        def one(sql: str) -> int:
            return int(books.execute(sql).fetchone()[0] or 0)

        charges = "from credits_credittransaction where type = 'SPEND_CREDIT'"
        return {
            "completed": one("select count(*) from projects_project where stage = 'completed'"),
            "projects": one("select count(*) from projects_project"),
            "charges": one(f"select count(*) {charges}"),
            "charged": -one(f"select sum(amount) {charges}"),
            "double": one(f"select count(*) from (select 1 {charges} group by project having count(*) > 1)"),
            "drafts": len(drafts),
            "own_titles": len({re.sub(r"\W", "", str(d.get("title", ""))) for d in drafts}),
        } | took


def wrong(found: dict[str, Any]) -> list[str]:
    """What isn't as promised."""
    rows, price = found["rows"], found["price"]
    wanted = {"completed": rows, "projects": rows, "charges": rows, "charged": price, "double": 0, "drafts": rows}
    return [f"{name}: {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]


def run(folder: Path, rows: int) -> dict[str, Any]:
    """A studio and a practice shop of their own, and the whole day on them."""
    with Sandbox() as etsy, studio.running(folder, ELISTIT_ETSY_API_URL=etsy.url, ELISTIT_UPSCALE="fast") as place:
        place.seller(SELLER, CREDITS)
        took = day(place, rows)
        sound = bool(place.cli("audit")["ok"])
        return {**judged(place.data, etsy.drafts(), took), "audit": sound}


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument(
        "--rows", type=int, default=50, choices=range(2, 201), metavar="N", help="how many ideas (2 to 200)"
    )
    parser.add_argument("--folder", type=Path, help="keep the data there")
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    given: argparse.Namespace = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        found = run(folder, given.rows)
    if given.json:
        print(json.dumps(found))
    else:
        steps = ("shown", "priced", "launched", "made", "reviewed", "drafted")
        names = ("list shown", "every row priced", "launched", "last image made", "last review", "last draft")
        report.section(
            f"A batch of {found['rows']} from paste to drafts",
            f"`python bench/batch_day.py --rows {found['rows']}`: stickers of one image by the built-in artist, practice shop, a real "
            f"browser, the only worker killed (SIGKILL) once the first images were there. {found['clicks']} clicks and {found['keys']} "
            f"keys. {found['drafts']} drafts, {found['charges']} charges, {found['double']} double charges, "
            f"audit {'passed' if found['audit'] else 'FAILED'}.",
            report.table(
                ("until", "seconds from the paste"),
                [(n, f"{found[s]:,.0f}") for n, s in zip(names, steps, strict=True)],
            ),
        )
    faults = wrong(found) + ([] if found["audit"] else ["the audit failed"])
    for words in faults:
        report.say("WRONG", words)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
