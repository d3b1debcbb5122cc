"""Translations of listings: written by the language model, then uploaded to the draft once there is one. Free.

Each row is held by a lease, so two workers never do the same one. It must never touch the draft itself, the job or a
credit when a translation fails.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import Q

from elistit import ports
from elistit.chain import retry, waits
from elistit.listings.etsy import shops
from elistit.listings.etsy import translate as etsy
from elistit.listings.translations import Words
from elistit.maintenance.task import Run
from elistit.ports import Failure, Kind
from elistit.projects import draft_plans, gate
from elistit.projects.models import Listing
from elistit.projects.states import Stage
from elistit.projects.title_models import ListingTranslation
from elistit.providers.chat import client
from elistit.stages import translating

log = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=10)
"""Longer than a language model may take to answer."""
State = ListingTranslation.State


def translate_due(run: Run | None = None) -> int:
    """Write and upload the translations that are due, and return the number of rows processed."""
    on_etsy = Q(state=State.WRITTEN, project__listing__draft=Listing.Draft.CREATED)
    due = ListingTranslation.objects.filter(Q(state=State.PENDING) | on_etsy, next_try_at__lte=ports.now())
    return (run or Run()).each(list(due.order_by("next_try_at")[:100]), _work, key=lambda row: str(row.pk), most=5)


def _work(row: ListingTranslation) -> bool:
    now = ports.now()
    mine = ports.new_id()
    free = Q(lease="") | Q(lease_until__lte=now)
    held = ListingTranslation.objects.filter(free, pk=row.pk, round=row.round)
    if not held.update(lease=mine, lease_until=now + LEASE):
        return False
    still = ListingTranslation.objects.filter(pk=row.pk, round=row.round, lease=mine)
    try:
        failure = _step(row)
    except Exception:
        log.exception("the %s translation of %s broke", row.language, row.project_id)
        failure = Failure(Kind.TRANSIENT, "Something went wrong on our side.")
    fields = _after(row, failure) if failure else {"reason": "", "tries": 0, "waits": 0, **_done(row)}
    still.update(lease="", lease_until=None, **fields)
    return True


def _step(row: ListingTranslation) -> Failure | None:
    """The next step of one translation, whose result is stored in the row: its text, or its upload."""
    listing = Listing.objects.select_related("project").get(project=row.project_id)
    if listing.project.stage == Stage.DELETED:
        return Failure(Kind.REJECTED, "The project was deleted.")
    source = Words(listing.title, tuple(listing.tags), listing.description)
    if row.source != source.digest:
        chat = client.configured()
        if chat is None:
            return Failure(Kind.OPERATOR, "This studio no longer has a language model, so it can't translate.")
        job = gate.launch_job(listing.project)
        made = translating.translate(
            chat, job, row.language, source, row.round * retry.MAX_ATTEMPTS + row.tries + 1, row.waits
        )
        if isinstance(made, Failure):
            return made
        row.title, row.tags, row.description = made.title, list(made.tags), made.description
        row.source, row.model, row.uploaded_to = source.digest, chat.model[:80], ""
    if listing.draft != Listing.Draft.CREATED or not listing.draft_id.isdigit():
        return None
    shop = shops.chosen(listing.project.owner_id, draft_plans.number_of(row.project_id))
    if shop is None:
        return Failure(Kind.REJECTED, "No Etsy shop is connected. Connect your shop, then retry.")
    sent = etsy.put(shop, int(listing.draft_id), row.language, Words(row.title, tuple(row.tags), row.description))
    if isinstance(sent, Failure):
        return sent
    row.uploaded_to = listing.draft_id
    return None


def _words(row: ListingTranslation) -> dict[str, object]:
    """The fields for a written text, stored even if its upload fails, so that it isn't requested again."""
    return {
        "title": row.title, "tags": row.tags, "description": row.description, "source": row.source, "model": row.model,
    }  # fmt: skip


def _done(row: ListingTranslation) -> dict[str, object]:
    state = State.UPLOADED if row.uploaded_to else State.WRITTEN
    return {**_words(row), "state": state, "uploaded_to": row.uploaded_to}


def _after(row: ListingTranslation, failure: Failure) -> dict[str, object]:
    kept = {**_words(row), "reason": failure.reason[:400]}
    decision = retry.decide(failure, min(row.tries + 1, retry.MAX_ATTEMPTS), row.waits)
    if isinstance(decision, retry.Again):
        at = ports.now() + dt.timedelta(seconds=waits.wait_seconds(decision.delay))
        more = {"tries": row.tries + 1, "waits": 0} if decision.counted else {"waits": row.waits + 1}
        return {**kept, "next_try_at": at, **more}
    return {**kept, "state": State.FAILED}
