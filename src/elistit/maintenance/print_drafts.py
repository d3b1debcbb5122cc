"""Prints at Gelato that no one needs anymore: old quotes, and draft orders of deleted projects (decision 0064).

The address a draft's print file is fetched from stops working when its project is deleted, so such a draft can't be produced. It must
never delete an order that someone submitted.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from elistit import ports
from elistit.actions import print_drafts, print_sizes
from elistit.delivery.models import PrintDraft
from elistit.maintenance.task import Run
from elistit.projects.models import Project
from elistit.projects.states import Stage

BATCH = 1000
DRAFTS_AT_ONCE = 20
State = PrintDraft.State
OPEN = (State.SENDING, State.UNKNOWN, State.DRAFT, State.REJECTED)
"""What may be at Gelato, or has a recipient's address here."""


def delete_quotes(_: Run | None = None) -> int:
    """Delete quotes of prints that are over 7 days old and that no draft was made from, and return how many."""
    before = ports.now() - dt.timedelta(days=print_drafts.QUOTES_KEPT_DAYS)
    old = PrintDraft.objects.filter(state=State.QUOTED, sends=0, created_at__lt=before)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
    # The state is checked again: a draft may have been made from one meanwhile.
    return PrintDraft.objects.filter(pk__in=keys, state=State.QUOTED).delete()[0]


def delete_drafts(run: Run | None = None) -> int:
    """Delete the draft orders of deleted projects at Gelato, and return how many. One whose creation isn't confirmed yet is asked for
    again by the next run. Without a key for Gelato they wait."""
    run = run or Run()
    if not print_sizes.enabled():
        return 0
    gone = Project.objects.filter(pk=OuterRef("project"), stage=Stage.DELETED)
    open_ = PrintDraft.objects.filter(Exists(gone), state__in=OPEN)
    keys = open_.order_by("pk").values_list("pk", flat=True)
    return run.each(list(keys[: 20 * DRAFTS_AT_ONCE]), print_drafts.delete_unneeded, most=DRAFTS_AT_ONCE)
