"""The free sample: what was granted for it and what its seller paid, from the ledger's rows alone (rules §7).

The sample's price is granted in the transaction that launches it, so the first charge after that grant is the sample's.
What the project cost beyond the grant, such as a remake, came from the seller's own credits. Read-only.
"""

from __future__ import annotations

from django.db.models import QuerySet

from elistit.credits.models import CreditGrant, CreditTransaction
from elistit.prepared import prepared

SOURCE = "sample"


def given(owner_id: int, project: str) -> int:
    """Credits granted for this project as a free sample; 0 for any other project."""
    # From the few grants on: a seller of years has many times more transactions.
    granted = _granted.first(owner_id)
    if granted is None:
        return 0
    brought = CreditTransaction.objects.filter(entries__grant=granted, type="GRANT_CREDIT").earliest("seq")
    after = CreditTransaction.objects.filter(account=brought.account_id, seq__gt=brought.seq, type="SPEND_CREDIT")
    first = after.order_by("seq").values_list("project", flat=True).first()
    return brought.amount if first == project else 0


@prepared
def _granted(owner_id: int) -> QuerySet[CreditGrant]:
    return CreditGrant.objects.filter(account__owner_id=owner_id, source=SOURCE).order_by("pk")[:1]


def split(owner_id: int, project: str, net: int) -> tuple[int, int]:
    """Of the `net` credits a project cost: how many were granted as a sample, and how many were the seller's own."""
    sample = min(net, given(owner_id, project)) if net > 0 else 0
    return sample, net - sample


def words(owner_id: int, project: str, net: int) -> str:
    """A sentence on who paid the `net` credits of a project, if some were granted for the sample; empty otherwise."""
    sample, own = split(owner_id, project, net)
    if not sample:
        return ""
    if not own:
        return "They came with the free sample: it costs you nothing."
    return f"{sample} of them came with the free sample; {own} came from your own credits."
