"""Delete the record of mail and push notifications that were sent long ago, and mail written to a folder of this studio (ELISTIT_KEEP_MAIL_DAYS).

The record keeps a message from being sent twice. What mail is about is at most a day old (`due.LOOK_BACK`), so a record may go
long after. It must never touch a message that waits.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from elistit import config, ports
from elistit.maintenance.task import Run
from elistit.support.models import SentMail, SentPush

BATCH = 1000


def delete_old(run: Run | None = None) -> int:
    """Delete a bounded share of what is old. Rows and files deleted. Idempotent."""
    before = ports.now() - dt.timedelta(days=config.current().storage.keep_mail_days)
    over = (SentMail.State.SENT, SentMail.State.GIVEN_UP, SentMail.State.SENDING)
    old = SentMail.objects.filter(state__in=over, at__lt=before).order_by("at").values_list("pk", flat=True)
    deleted, _of = SentMail.objects.filter(pk__in=list(old[:BATCH])).delete()
    pushed = SentPush.objects.filter(state__in=over, at__lt=before).order_by("at").values_list("pk", flat=True)
    deleted += SentPush.objects.filter(pk__in=list(pushed[:BATCH])).delete()[0]
    files = sorted((Path(settings.DATA_DIR) / "mail").glob("*.log"))
    for file in files[:BATCH]:
        if file.stat().st_mtime < before.timestamp():
            (run or Run()).act()
            file.unlink(missing_ok=True)
            deleted += 1
    return deleted
