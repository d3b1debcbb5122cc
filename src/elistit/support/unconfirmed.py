"""Delete what was begun and never confirmed: sign-ups, and previews of bulk actions (decision 0068).

It must never delete a person who ever signed in, has an account with credits, or was added by an operator, nor a bulk action that was
confirmed.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from elistit import ports
from elistit.accounts.models import User
from elistit.credits.models import CreditAccount
from elistit.maintenance.task import Run
from elistit.support.bulk_models import BulkPlan

SIGN_UPS_KEPT = dt.timedelta(days=30)
PREVIEWS_KEPT = dt.timedelta(days=7)
BATCH = 200


def delete_sign_ups(run: Run | None = None) -> int:
    """Delete people who signed up over 30 days ago and never confirmed that the address is theirs, and return how many. They can sign
    up again."""
    run = run or Run()

    def delete(pk: int) -> bool:
        # Checked again for each one: they may have confirmed it since.
        return bool(_never_confirmed().filter(pk=pk).delete()[0])

    return run.each(
        list(_never_confirmed().order_by("pk").values_list("pk", flat=True)[: 20 * BATCH]), delete, most=BATCH
    )


def _never_confirmed() -> QuerySet[User]:
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses), ~Exists(addresses.filter(verified=True)), ~Exists(CreditAccount.objects.filter(owner=OuterRef("pk"))),
        created_at__lt=ports.now() - SIGN_UPS_KEPT, last_login=None, is_active=True, is_staff=False, is_support=False,
    )  # fmt: skip


def delete_previews(_: Run | None = None) -> int:
    """Delete previews of bulk actions that are over 7 days old and were never confirmed, and return how many. They can be confirmed for
    an hour."""
    old = BulkPlan.objects.filter(confirmed_at=None, at__lt=ports.now() - PREVIEWS_KEPT)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return BulkPlan.objects.filter(pk__in=keys, confirmed_at=None).delete()[1].get("support.BulkPlan", 0)
