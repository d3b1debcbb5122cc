"""Claiming a call: one transaction decides, with the job's row locked, whether a request may be sent at all (rules §5.7).

It must never send anything, and never wait.
"""

from __future__ import annotations

from django.db import transaction

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.database_outage import retry_while_down
from elistit.ports import Failure, Kind
from elistit.projects import changes
from elistit.projects.models import Job
from elistit.projects.states import JobStatus
from elistit.purchases.send_permit import SendPermit, never_left, new_holder

NEVER_RECEIVED = "never_received"
ANSWERED = ProviderCall.State.ANSWERED


def claim(
    this: AttemptKey, job: Job, key: str, place: str, provider: str, model: str, *, anew: bool = False
) -> SendPermit | Failure | None:
    """The hold of the call of a key, which no other worker has then.

    None when what is known of the place (all requests whose keys begin with `place`) has changed, so that it must be looked at
    again: a call is open, something was made, or this very request was answered. With `anew` a request of this key that was
    sent and never answered is sent once more: the one that holds it loses its hold. A Failure when the attempt has ended: the one that
    worked on it meanwhile has settled it, and what comes of ours is no one's any longer.
    """
    with transaction.atomic():
        changes.lock_job(job.pk, JobStatus)
        if _has_ended(this):
            return Failure(Kind.UNKNOWN, "Another worker has taken over this attempt.", detail="this attempt has ended")
        known = list(ProviderCall.objects.filter(job=job, item=this.item, key__startswith=place))
        if any(_stands(call, key, anew) for call in known):
            return None
        call = next((c for c in known if c.key == key), None) or ProviderCall.objects.create(
            key=key, job=job, item=this.item, provider=provider, model=model
        )
        # Reached again only when the request before never left or was never received, so sending it buys nothing twice.
        seen = ProviderCall.objects.filter(pk=key, requests=call.requests, state=call.state, holder=call.holder)
        permit = SendPermit(key, call.requests + 1, new_holder())
        held = seen.update(
            state=ProviderCall.State.SENT, outcome="", answered_at=None, requests=permit.requests, holder=permit.holder,
            permit_until=None, sent_at=ports.now(), provider=provider, model=model,
        )  # fmt: skip
        return permit if held else None


def _has_ended(this: AttemptKey) -> bool:
    return Attempt.objects.filter(
        job_id=this.job, stage=this.stage, item=this.item, round=this.round, number=this.number, wait=this.wait,
        note=False, ended_at__isnull=False,
    ).exists()  # fmt: skip


def _stands(call: ProviderCall, key: str, anew: bool) -> bool:
    """Whether a call stands in the way of sending the request of a key."""
    if call.state != ANSWERED:
        return not (call.key == key and (anew or never_left(call)))
    return call.outcome == "made" or (call.key == key and call.outcome != NEVER_RECEIVED)


def withdraw(permit: SendPermit) -> None:
    """Write down that what was claimed has not left, and will not. Nothing changes when the hold is someone else's by now."""
    held = ProviderCall.objects.filter(pk=permit.key, requests=permit.requests, holder=permit.holder).exclude(
        state=ANSWERED
    )
    retry_while_down(
        lambda: held.update(state=ANSWERED, outcome=NEVER_RECEIVED, answered_at=ports.now(), permit_until=None)
    )
