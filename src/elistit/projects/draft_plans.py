"""The shop a project's draft goes to: written with the launch, changed by its seller until the draft is made.

Every change is one guarded UPDATE, so that a change of shop and the start of a draft can't both win. It must never ask a shop
anything, and it must never forget where a draft was sent: `stages.drafting` asks there before another shop gets one.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from elistit import ports
from elistit.prepared import prepared
from elistit.projects.draft_models import DraftPlan
from elistit.projects.errors import NotPossible
from elistit.projects.models import Listing, Project

ON_ETSY = "The draft is on Etsy already. Move the listing there, or delete the draft and launch again."
BEING_MADE = "The draft is being created right now. Wait until it's done."


def of(project_id: str) -> DraftPlan | None:
    """Where a project's draft goes; None for one that was launched without a shop, or before there were several."""
    return _of.first(project_id)


@prepared
def _of(project_id: str) -> QuerySet[DraftPlan]:
    return DraftPlan.objects.filter(project_id=project_id)[:1]


def number_of(project_id: str) -> int:
    """Etsy's number of the shop a project's draft goes to; 0 when none was chosen."""
    plan = of(project_id)
    return plan.shop if plan else 0


def keep(project: Project, shop: int, name: str) -> None:
    """Write down the shop of a project that has none yet. Idempotent; the first one stays."""
    DraftPlan.objects.get_or_create(project=project, defaults={"shop": shop, "shop_name": name[:80]})


def sending(project: Project, shop: int, name: str) -> bool:
    """Note that a draft is about to be sent to a shop, before anything is. False when the seller has chosen another shop
    meanwhile: then nothing may be sent. Idempotent."""
    keep(project, shop, name)
    return bool(DraftPlan.objects.filter(project=project, shop=shop).update(sent_to=shop))


def move(project: Project, shop: int, name: str, *, forget: bool = False) -> None:
    """Choose another shop for a draft that isn't on Etsy. `forget`: the seller has looked in the shop before and no draft is left
    there. Must run in a transaction. Raises NotPossible while the draft is being made and once it is on Etsy."""
    keep(project, shop, name)
    fields: dict[str, object] = {"shop": shop, "shop_name": name[:80], **({"sent_to": 0} if forget else {})}
    rows = Listing.objects.filter(project=project)
    settled = [Listing.Draft.NONE, Listing.Draft.FAILED, Listing.Draft.SKIPPED]
    # Holds the row until the transaction ends: no draft can begin meanwhile.
    if rows.filter(draft__in=settled).update(draft=F("draft")):
        DraftPlan.objects.filter(project=project).update(**fields)
        return
    if rows.filter(draft=Listing.Draft.PENDING).exists():
        # Waiting for its turn, with nothing sent yet: the first of the change and the draft wins.
        if DraftPlan.objects.filter(project=project, sent_to=0).update(**fields):
            return
        raise NotPossible(BEING_MADE)
    raise NotPossible(ON_ETSY)


# ---- waiting for the schedule of a shop (`actions.calendar`) -----------------------------------------------------------


def wait(project: Project, shop: int, name: str) -> None:
    """Let a draft wait for its shop's schedule. The chosen day stays. Idempotent."""
    keep(project, shop, name)
    DraftPlan.objects.filter(project=project, planned=False).update(planned=True, planned_at=ports.now())


def choose_day(project: Project, day: dt.date | None) -> None:
    """Choose the day of a draft, or none: then it goes out on the next one with room."""
    DraftPlan.objects.filter(project=project).update(day=day)


def stop_waiting(project: Project) -> bool:
    """Take a draft off the calendar. Whether it was on it. Idempotent."""
    return bool(DraftPlan.objects.filter(project=project, planned=True).update(planned=False, day=None))


def release(project: Project, day: dt.date) -> bool:
    """Note that a waiting draft goes out on this day of its seller. False when it doesn't wait any longer. Must run in the
    transaction that queues the draft."""
    return bool(
        DraftPlan.objects.filter(project=project, planned=True).update(planned=False, day=None, released_on=day)
    )
