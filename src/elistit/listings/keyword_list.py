"""A seller's own keywords: imported from a file, kept until they delete them, read when a listing is written.

An import adds terms and renews the volume of those that are there; it is all or nothing. It must never show one seller
another's keywords.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.listings import keywords
from elistit.listings.keywords import BadFile, Keyword
from elistit.listings.models import SellerKeyword

KEPT_MAX = 10_000


@dataclass(frozen=True)
class Imported:
    """What an import did: how many terms were new, how many were there already, and notes on the file."""

    added: int
    updated: int
    notes: tuple[str, ...]


def add_file(owner: User, content: bytes) -> Imported:
    """Import a file. The same file again changes nothing. Raises BadFile, and nothing is kept then."""
    found = keywords.read(content)
    rows = {keywords.key(k.term): k for k in found.keywords}
    with transaction.atomic():
        # The person's row is the lock: two imports at once must not both count the same room as free.
        User.objects.select_for_update().get(pk=owner.pk)
        there = set(SellerKeyword.objects.filter(owner=owner).values_list("key", flat=True))
        new = rows.keys() - there
        if len(there) + len(new) > KEPT_MAX:
            raise BadFile(
                f"You can keep {KEPT_MAX:,} keywords. You have {len(there):,}, and this file has {len(new):,} new ones. "
                "Delete your keywords first, or export fewer."
            )
        now = ports.now()
        SellerKeyword.objects.bulk_create(
            [
                SellerKeyword(owner=owner, term=k.term, key=key, volume=k.volume, imported_at=now)
                for key, k in rows.items()
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["owner", "key"],
            update_fields=["term", "volume", "imported_at"],
        )
    return Imported(len(new), len(rows) - len(new), found.notes)


def of(owner_id: int, most: int = KEPT_MAX) -> list[Keyword]:
    """A seller's keywords, the most searched first."""
    rows = SellerKeyword.objects.filter(owner_id=owner_id).order_by("-volume", "key")[:most]
    return [Keyword(row.term, row.volume) for row in rows]


def count(owner_id: int) -> int:
    return SellerKeyword.objects.filter(owner_id=owner_id).count()


def clear(owner: User) -> int:
    """Delete a seller's keywords. How many there were."""
    return SellerKeyword.objects.filter(owner=owner).delete()[0]
