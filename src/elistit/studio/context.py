"""What every page knows: the balance, read from the ledger, how many projects need their seller, what can be undone, and
whether faults are being injected or the studio practices on a sandbox.

The balance is read afresh for every page and only when a page shows it; it must never be kept in a session or a cache,
so that what the seller sees is what the books say.
"""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from elistit import config
from elistit.credits import ledger
from elistit.listings.etsy import practice
from elistit.maintenance import rule_checks
from elistit.projects import finding
from elistit.studio import undo


def faults() -> str:
    """The fault profile this installation injects on purpose, or an empty string."""
    return str(getattr(settings, "FAULTS", "") or config.current().practice.faults).strip()


def balance(request: HttpRequest) -> int:
    """The credits that the seller who asks can spend now; read once for a page."""
    known = getattr(request, "balance", None)
    if known is None:
        known = request.balance = ledger.balance(int(request.user.pk or 0))  # type: ignore[attr-defined]
    return int(known)


def needing(request: HttpRequest) -> int:
    """How many projects need the seller who asks, counted to 100; read once for a page."""
    known = getattr(request, "needing", None)
    if known is None:
        known = request.needing = finding.count_needing(int(request.user.pk or 0))  # type: ignore[attr-defined]
    return int(known)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """`balance` (whole credits) and `needing` (projects that need their seller, counted to 100), both absent when no one is signed
    in; `undo`: what was just done and can be undone, once; `faults`; `practice`: drafts go to a sandbox on this machine; and
    `fairness_page`: it is open here."""
    known: dict[str, Any] = {
        "faults": faults(),
        "practice": bool(practice.address()),
        "fairness_page": rule_checks.page_is_on(),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # Called by the page that shows them, and read once.
        known["balance"] = lambda: balance(request)
        known["needing"] = lambda: needing(request)
        known["undo"] = functools.cache(lambda: undo.taken(request))
    return known
