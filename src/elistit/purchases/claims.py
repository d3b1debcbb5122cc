"""Claiming a call: one transaction, with the job's row locked, decides whether a request may be sent (rules §5.7). It
must never send anything, and never wait."""

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
    """Claim the call of a key for this worker, so that no other worker holds it.

    Returns None when the state of `place` (all requests whose keys begin with it) has changed and must be read again: a
    call is open, something was made, or this request was answered. Returns a Failure when the attempt has ended because
    another worker settled it. With `anew`, a request of this key that was sent and never answered may be sent again;
    its previous holder loses its hold.
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
        # Reached again only when the previous request was never sent or never received, so sending it buys nothing
        # twice.
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
    """Whether a call prevents the request of a key from being sent."""
    if call.state != ANSWERED:
        return not (call.key == key and (anew or never_left(call)))
    return call.outcome == "made" or (call.key == key and call.outcome != NEVER_RECEIVED)


def withdraw(permit: SendPermit) -> None:
    """Record that a claimed request was not sent and will not be. Changes nothing if the hold belongs to another worker
    by now."""
    held = ProviderCall.objects.filter(pk=permit.key, requests=permit.requests, holder=permit.holder).exclude(
        state=ANSWERED
    )
    retry_while_down(
        lambda: held.update(state=ANSWERED, outcome=NEVER_RECEIVED, answered_at=ports.now(), permit_until=None)
    )
