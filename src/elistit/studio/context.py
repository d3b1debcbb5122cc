"""What every page knows: the balance, read from the ledger, and whether faults are being injected
or the studio practices on a sandbox.

The balance is read afresh for every page and only when a page shows it; it must never be kept in a session or a cache,
so that what the seller sees is what the books say.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from elistit.credits import ledger
from elistit.listings.etsy import practice
from elistit.maintenance import rule_checks


def faults() -> str:
    """The fault profile this installation injects on purpose, or an empty string."""
    return str(getattr(settings, "FAULTS", "") or os.environ.get("ELISTIT_FAULTS", "")).strip()


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """`balance` (whole credits, absent when nobody is signed in), `faults`, `practice`: drafts go to a sandbox on this machine,
    and `fairness_page`: it is open here."""
    known: dict[str, Any] = {
        "faults": faults(),
        "practice": bool(practice.address()),
        "fairness_page": rule_checks.page_is_on(),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        owner_id = int(user.pk)
        known["balance"] = SimpleLazyObject(lambda: ledger.balance(owner_id))
    return known
