"""Delete what no one uses anymore: revoked API keys, daily counts of keys, expired cache entries (decision 0068).

Every run handles a bounded number of rows. It must never delete a key that works, or one that a list waiting for its launch came with:
its revocation still refuses that launch.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef

from elistit import ports
from elistit.accounts.models import ApiKey, ApiKeyDay
from elistit.maintenance.task import Run
from elistit.projects.batch_models import RequestedLaunch

BATCH = 1000
REVOKED_KEPT = dt.timedelta(days=90)
DAYS_KEPT = dt.timedelta(days=30)
"""Only today's count is ever read. The others are in an export of the seller's data."""


def delete_keys(_: Run | None = None) -> int:
    """Delete API keys that were revoked over 90 days ago, and what keys with a daily cap spent on days over 30 days ago. Returns
    the number of deleted keys and counts."""
    now = ports.now()
    waiting = RequestedLaunch.objects.filter(api_key=OuterRef("pk"), state=RequestedLaunch.State.WAITING)
    revoked = ApiKey.objects.filter(~Exists(waiting), revoked_at__lt=now - REVOKED_KEPT)
    keys = list(revoked.order_by("pk").values_list("pk", flat=True)[:BATCH])
    ApiKey.objects.filter(pk__in=keys).delete()
    old = ApiKeyDay.objects.filter(day__lt=(now - DAYS_KEPT).date()).order_by("pk").values_list("pk", flat=True)
    return len(keys) + ApiKeyDay.objects.filter(pk__in=list(old[:BATCH])).delete()[0]


def delete_cache(_: Run | None = None) -> int:
    """Delete expired cache entries, and return how many. Django itself removes them only once there are 100,000."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    # As the cache compares them: without fractions of a second.
    now = connection.ops.adapt_datetimefield_value(ports.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE expires < %s LIMIT 1", [now])
        if cursor.fetchone() is None:
            return 0
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])
        return int(cursor.rowcount)
