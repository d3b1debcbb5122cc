"""A list of 200 rows, over the API and on the page: `python bench/lists.py [--rows 200] [--markdown]`.

A temporary studio with the built-in artist. Measured are the seconds until `POST /batches` is answered, until a worker has planned
and launched every row, and what one look at the launched batch takes; on the page, how long reading the list, planning it and
pressing Launch take. Every project is a sticker of one image. It must never measure a launch that isn't whole: it exits with an
error unless every row was charged.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from lib import hands, report, studio  # noqa: E402
from lib.hands import Hands  # noqa: E402

SELLER = "mara@example.com"
PRICE = 3
ANIMALS = ("red fox", "barn owl", "hedgehog", "brown bear", "badger", "deer", "rabbit", "squirrel", "frog", "swan")
PLACES = ("", " in autumn", " with flowers", " in winter", " at night")
PATIENCE_SECONDS = 900
LOOK_EVERY = 0.5


def ideas(rows: int) -> list[str]:
    """So many ideas, fifty different ones again and again."""
    return [f"{ANIMALS[n % 10]}{PLACES[n // 10 % 5]}" for n in range(rows)]


def call(place: studio.Studio, key: str, method: str, path: str, body: object = None) -> tuple[float, dict[str, Any]]:
    """One request to the API: its seconds and its answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "bench"}
    began = time.monotonic()
    request = urllib.request.Request(f"{place.url}/api/v1{path}", data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        found: dict[str, Any] = json.load(answer)
    return time.monotonic() - began, found


def by_api(place: studio.Studio, rows: int) -> list[list[object]]:
    """A list that is sent with its launch. SystemExit unless all of it was launched."""
    key = str(place.cli("users", "key", SELLER)["api_key"])
    body = {"defaults": {"product": "sticker", "count": 1}, "rows": [{"idea": idea} for idea in ideas(rows)]}
    began = time.monotonic()
    answered, batch = call(place, key, "POST", "/batches", body)
    look = 0.0
    while batch["launch"]["state"] == "waiting" and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(LOOK_EVERY)
        look, batch = call(place, key, "GET", f"/batches/{batch['id']}")
    launched = time.monotonic() - began
    if batch["charged"] != PRICE * rows:
        raise SystemExit(f"The list wasn't launched whole: {batch['launch']}, {batch['charged']} credits charged.")
    return [
        ["`POST /batches` is answered", f"{answered:.1f}"],
        ["every row is planned and launched", f"{launched:.1f}"],
        ["one `GET` of the launched batch", f"{look:.1f}"],
    ]


def by_page(seller: Hands, rows: int) -> list[list[object]]:
    """The same list, pasted. Its draft plans itself while the page is open."""
    found: list[list[object]] = []

    def until(words: str, selector: str) -> None:
        began = time.monotonic()
        seller.see(selector)
        found.append([words, f"{time.monotonic() - began:.1f}"])

    seller.begin("/batches/new/")
    seller.fill("#ideas", "\n".join(ideas(rows)))
    seller.choose("#product", "sticker")
    seller.fill("#count", "1")
    seller.page.click("#read-list", no_wait_after=True)
    until("on the page: the list is read", "#batch-planning, #launch-batch")
    until("on the page: every row is planned", "#launch-batch:not([disabled])")
    seller.page.click("#launch-batch", no_wait_after=True)
    until("on the page: Launch is answered", "#batch-money")
    if f"Charged {PRICE * rows:,} credits" not in seller.page.inner_text("#batch-money"):
        raise SystemExit("The pasted list wasn't launched whole.")
    return found


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--rows", type=int, default=200, help="rows of the list, at most 200 (default: 200)")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, studio.running(Path(folder), ELISTIT_UPSCALE="fast") as place:
        place.seller(SELLER, 5_000)
        with hands.signed_in(place, SELLER) as seller:
            rows = by_page(seller, given.rows)
        rows = by_api(place, given.rows) + rows
    report.section(
        "A list of many rows",
        f"`python bench/lists.py --rows {given.rows}`: {given.rows} stickers of one image each by the built-in artist, SQLite, one worker, "
        f"which draws the pasted list meanwhile. Load average when it began: {load:.1f}.",
        report.table(["what", "seconds"], rows),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
