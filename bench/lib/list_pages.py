"""Where the time of a list's pages goes: `python bench/lib/list_pages.py [--rows 200] [--brand-kit] [--profile]`.

Django's test client in this process, a temporary SQLite database and the engine's queue; no worker, no browser. For every step: its
seconds, seconds of processor time and statements of the studio's own database. `--profile` also prints the slowest functions. It
must never measure a launch that isn't whole: it exits with an error unless every row was charged.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lists import PRICE, SELLER, ideas

from lib import report


class Steps:
    """What was measured, step by step."""

    def __init__(self, profile: bool) -> None:
        self.rows: list[list[object]] = []
        self._profile = profile

    def do(self, words: str, act: Callable[[], Any]) -> Any:
        """Do something measured, and answer what it answers."""
        from django.db import connection

        statements = 0

        def count(execute: Any, *given: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*given)

        profiler = cProfile.Profile()
        with connection.execute_wrapper(count):
            began, spent = time.monotonic(), time.process_time()
            found = profiler.runcall(act) if self._profile else act()
            took, spent = time.monotonic() - began, time.process_time() - spent
        self.rows.append([words, f"{took:.2f}", f"{spent:.2f}", f"{statements:,}"])
        if self._profile:
            report.say(words)
            pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats("elistit", 40)
        return found


def measured(rows: int, brand_kit: bool, steps: Steps) -> None:
    """Paste a list, plan it, and launch all of it. SystemExit unless every row was charged."""
    from django.test import Client

    from elistit.accounts.models import User
    from elistit.actions import batch_planning
    from elistit.credits import ledger
    from elistit.projects import brand_kits
    from elistit.projects.batch_models import Batch
    from elistit.runtime import engine

    engine.queue.migrate()
    seller = User.objects.create_user(SELLER)
    ledger.open_account(seller.pk)
    ledger.grant(seller.pk, 5_000, source="goodwill", idempotency_key="bench", reason="Bench")
    page = Client()
    page.force_login(seller)
    pasted = {"ideas": "\n".join(ideas(rows)), "product": "sticker", "count": "1"}
    if brand_kit:
        pasted["brand_kit"] = brand_kits.save(seller, None, {"name": "Fern", "palette": "sage green"}).pk
    address = steps.do("the list is read", lambda: page.post("/batches/new/", pasted))["Location"]
    batch = Batch.objects.get(owner=seller)
    steps.do("every row is planned", lambda: batch_planning.plan_all(seller, batch.pk))
    steps.do("the table is shown", lambda: page.get(address))
    form = {"key": "bench", "act": "launch", "seen": str(PRICE * rows)}
    for number, idea in enumerate(ideas(rows), start=1):
        form |= {
            f"idea-{number}": idea,
            f"product-{number}": "sticker",
            f"count-{number}": "1",
            f"include-{number}": "on",
        }
    steps.do("Launch is answered and the work queued", lambda: page.post(address, form))
    steps.do("the launched batch is shown", lambda: page.get(address))
    engine.queue.close()
    if ledger.balance(seller.pk) != 5_000 - PRICE * rows:
        raise SystemExit("The list wasn't launched whole.")


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--rows", type=int, default=200, help="rows of the list, at most 200 (default: 200)")
    parser.add_argument("--brand-kit", action="store_true", help="every row has a brand kit")
    parser.add_argument("--profile", action="store_true", help="also print the slowest functions of every step")
    given = parser.parse_args()
    steps = Steps(given.profile)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ELISTIT_DATA": folder, "DJANGO_SETTINGS_MODULE": "elistit.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        call_command("migrate", verbosity=0)
        measured(given.rows, given.brand_kit, steps)
    print(report.table(["what", "seconds", "processor seconds", "statements"], steps.rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
