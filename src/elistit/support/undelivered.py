"""Messages that didn't arrive: which they are, and having one sent again.

A message whose sending was cut short, or that the mail server refused five times, isn't retried by `send-mail`. It is put back in
line here, if what it says is still news; it must never be put back after it was sent.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from elistit import ports
from elistit.support.models import SentMail

CUT_SHORT_AFTER = dt.timedelta(minutes=10)
"""A message that is still being sent after this long isn't: the process that sent it was stopped."""
LOOK_BACK = dt.timedelta(hours=24)
"""As long as `due.LOOK_BACK`: what is older is no news to `send-mail`, which would never send it."""
LIST_MAX = 100


def _open() -> Q:
    cut_short = Q(state=SentMail.State.SENDING, at__lt=ports.now() - CUT_SHORT_AFTER)
    return Q(at__gt=ports.now() - LOOK_BACK) & (Q(state=SentMail.State.GIVEN_UP) | cut_short)


def listed() -> list[SentMail]:
    """The newest messages that can be sent again."""
    return list(SentMail.objects.filter(_open()).select_related("person").order_by("-at")[:LIST_MAX])


def again(row: SentMail) -> bool:
    """Put a message back in line. False when it can't be sent again. Idempotent: a second call answers False and changes nothing."""
    return bool(SentMail.objects.filter(_open(), pk=row.pk).update(state=SentMail.State.WAITING, tries=0, trouble=""))
