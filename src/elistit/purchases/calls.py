"""Provider calls that cost money: recorded before they are sent, settled afterwards, never bought twice (rules §5.7, §6).

The key of a call is stored before the request is sent, the provider's own id as soon as it is known, the answer after
that. A call whose answer was lost is looked up with its provider before anything new is sent; when the provider can't
tell, nothing is sent. Every step in between is a guarded UPDATE: a worker that was frozen and resumes after another has
taken over sends nothing, changes nothing, and uses the other's answer (`send_permit`). It must never send a request
that isn't recorded.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeGuard

from elistit import ports
from elistit.chain import outcomes
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.chain.outcomes import meaning
from elistit.chain.retry import MAX_ATTEMPTS
from elistit.database_outage import release_connection, retry_while_down
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers.base import Finishes, ImageProvider, ImageRequest, Run, can_be_asked, lost_since
from elistit.purchases import claims, lost_calls, provider_webhooks, purchase_cache
from elistit.purchases.claims import ANSWERED, NEVER_RECEIVED
from elistit.purchases.send_permit import SendPermit, never_left, wait_out

LOOKS = 6
"""How often one attempt reads the state again when other workers change it at the same time."""

Accept = Callable[[Made], Outcome]


def call_key(this: AttemptKey, action: str = "") -> str:
    """The request key of an attempt: the same when the attempt is run again, different for the next attempt. `action`
    distinguishes the operation of an outside tool from the purchase of the image."""
    return f"{_place(this, action)}{this.number}.{this.wait}"


def _place(this: AttemptKey, action: str) -> str:
    return f"{action}{':' if action else ''}{this.job}:{this.item}:{this.round}:"


def buy_once(
    provider: ImageProvider,
    request: ImageRequest,
    this: AttemptKey,
    job: Job,
    run: Run,
    accept: Accept,
    *,
    action: str = "",
) -> Outcome:
    """Buy one image, or one operation of a tool (`action`), at most once, with the request key of `call_key`.

    `accept` checks the image at `request.out` and stores it permanently; only then does the call count as made, so an
    image that was paid for is never requested again. Open calls of the same item and round are settled first: answered
    ones are used, unanswered ones looked up. Raises what `accept` raises for an image that can still be obtained.
    """
    if not provider.can_redraw:
        retry_while_down(lambda: lost_calls.write_down(this, job, _place(this, action), provider.name, request.model))
    for _ in range(LOOKS):
        outcome = _known(provider, request, this, job, run, accept, action)
        outcome = outcome or _send(provider, request, this, job, run, accept, action)
        if outcome is not None:
            return outcome
    return Failure(Kind.UNKNOWN, "This image is being requested by another worker.", detail="another worker holds it")


def _known(
    provider: ImageProvider, request: ImageRequest, this: AttemptKey, job: Job, run: Run, accept: Accept, action: str
) -> Outcome | None:
    """What is known about the purchase, after settling open calls. None if nothing ends this attempt."""
    place = _place(this, action)
    mine = ProviderCall.objects.filter(job=job, item=this.item, key__startswith=place).order_by("sent_at")
    known = list(mine)
    if (answered := _answered(this, job, [c for c in known if c.state == ANSWERED], action)) is not None:
        return answered
    for call in (c for c in known if c.state != ANSWERED):
        if never_left(call):
            _answer(call, None)
            continue
        found = _found(provider, request, call, run)
        if _settles_nothing(found) and not found.ours:
            _write_down(call, state=ProviderCall.State.UNKNOWN, detail=found.detail)
            return found
        settled = _accepted(call, this, found, provider, request, accept)
        if isinstance(settled, Made) or (settled is not None and (settled.kind != Kind.TRANSIENT or settled.ours)):
            return settled  # A refusal ends this attempt as well; the rules decide what follows.
    return None


def _answered(this: AttemptKey, job: Job, answered: list[ProviderCall], action: str) -> Outcome | None:
    """What the recorded answers mean for this attempt; None when it has to send a request. A worker may have died
    between an answer and its consequences, so the worker that continues reads the answers again."""
    for call in answered:
        if call.outcome == "made":
            return Made(data=call.answer, cost_micros=call.cost_micros, provider_id=call.provider_id)
    for call in answered:
        if call.outcome in (Kind.REJECTED, Kind.BLOCKED_PROMPT, outcomes.NOT_KEPT) or (
            call.key == call_key(this, action) and call.outcome != NEVER_RECEIVED
        ):
            return failure_of(call)
    blocked = [call for call in answered if call.outcome == Kind.BLOCKED_OUTPUT]
    if blocked:  # One more attempt is allowed, and it begins only once this one is settled.
        settled = Attempt.objects.filter(
            job=job, stage=this.stage, item=this.item, round=this.round, outcome=Kind.BLOCKED_OUTPUT, note=False
        )
        if len(blocked) > settled.count():
            return failure_of(blocked[-1])
    return None


def _found(provider: ImageProvider, request: ImageRequest, call: ProviderCall, run: Run) -> Outcome | None:
    """What happened to a call without an answer: its image may be on this machine, otherwise the provider is asked.
    None only when its sender can no longer send it."""
    if not provider.can_redraw and (here := purchase_cache.find(call.key, request.out)):
        return here
    if isinstance(provider, Finishes) and (raw := purchase_cache.find_raw(call.key, request)):
        release_connection()
        return provider.finish(request, run, raw.provider_id, raw.cost_micros)
    asked = _reachable(request, provider, call.key)
    if lost_since(call.provider_id):
        asked = dataclasses.replace(asked, key=call.key)  # all that its provider can identify it by
    release_connection()
    found = provider.look_up(asked, call.provider_id, run)
    return provider.look_up(asked, call.provider_id, run) if found is None and wait_out(call) else found


def _settles_nothing(found: Outcome | None) -> TypeGuard[Failure]:
    """Whether a look-up leaves open what happened to the purchase: the result is unknown, or the look-up was refused."""
    return isinstance(found, Failure) and found.kind in (Kind.UNKNOWN, Kind.OPERATOR, Kind.THROTTLED)


def _accepted(
    call: ProviderCall,
    this: AttemptKey,
    found: Outcome | None,
    provider: ImageProvider,
    request: ImageRequest,
    accept: Accept,
) -> Outcome | None:
    """Record an outcome once its image is stored permanently, and return it. None: the provider never received the call.

    A failure on our side (file storage that is down, a full disk, our own limits) is not the provider's answer. If the
    image is still on this machine, or the provider can be asked for it again, the call stays open with its cost, and
    the failure is raised or returned; otherwise the loss is recorded, and nothing is bought in its place.
    """
    if isinstance(found, Failure) and found.ours:
        kept = purchase_cache.keep_raw(call.key, request, found)
        return _on_our_side(call, this, found, kept or can_be_asked(provider))
    if not isinstance(found, Made):
        return _answer(call, found)
    # Images drawn on this machine are drawn again; bought images must not be bought twice.
    kept = provider.can_redraw or purchase_cache.keep(call.key, request.out, found) or can_be_asked(provider)
    if (other := retry_while_down(lambda: _answered_meanwhile(call))) is not None:
        purchase_cache.remove(call.key)
        return other
    try:
        outcome = accept(found)
    except Exception as error:
        detail = f"bought and not kept yet: {getattr(error, 'failure', None) or error!r}"[:500]
        if kept:
            _write_down(call, state=ProviderCall.State.UNKNOWN, cost_micros=found.cost_micros, detail=detail)
            raise
        lost = outcomes.not_kept(detail, found.cost_micros, found.provider_id)
        return _answer(call, lost)
    purchase_cache.remove(call.key)
    return _answer(call, outcome)


def _on_our_side(call: ProviderCall, this: AttemptKey, failure: Failure, within_reach: bool) -> Outcome:
    """The failure of an attempt whose image arrived but couldn't be used for a reason on our side. It is retried with
    the existing image while attempts remain, and is then a loss of ours. It is never bought again."""
    if within_reach and this.number < MAX_ATTEMPTS:
        detail = f"bought and not kept yet: {failure.detail}"
        _write_down(call, state=ProviderCall.State.UNKNOWN, cost_micros=failure.cost_micros, detail=detail)
        return dataclasses.replace(failure, kind=Kind.TRANSIENT, retry_after=None)
    lost = outcomes.not_kept(failure.detail, failure.cost_micros, failure.provider_id)
    purchase_cache.remove(call.key)
    return _answer(call, lost) or lost


def _answered_meanwhile(call: ProviderCall) -> Outcome | None:
    """The outcome that another worker recorded for a call in the meantime."""
    there = ProviderCall.objects.filter(pk=call.key, state=ANSWERED).first()
    if there is None or there.outcome == NEVER_RECEIVED:
        return None
    if there.outcome == "made":
        return Made(data=there.answer, cost_micros=there.cost_micros, provider_id=there.provider_id)
    return failure_of(there)


def _send(
    provider: ImageProvider,
    request: ImageRequest,
    this: AttemptKey,
    job: Job,
    run: Run,
    accept: Accept,
    action: str = "",
) -> Outcome | None:
    """Claim the call and send it, once. None: others have changed the state, so nothing was sent and it has to be read
    again."""
    # A call that is held back must not be recorded: nothing was sent.
    if (held := _held_back(provider)) is not None:
        return held
    key = call_key(this, action)
    permit = claims.claim(this, job, key, _place(this, action), provider.name, request.model)
    if not isinstance(permit, SendPermit):
        return permit
    with permit:
        call = ProviderCall.objects.get(pk=key)
        call.requests = permit.requests  # The call as we hold it, not as others have changed it since.
        request = dataclasses.replace(_reachable(request, provider, key), permit=permit)
        release_connection()
        if not permit():
            claims.withdraw(permit)
            return None
        call.permit_until = permit.until
        outcome = provider.generate(request, run, lambda provider_id: _note_id(call, provider_id))
    call.permit_until = permit.until
    if permit.refused:
        claims.withdraw(permit)
        return None
    if isinstance(outcome, Failure) and outcome.kind == Kind.UNKNOWN and not outcome.ours:
        _write_down(call, state=ProviderCall.State.UNKNOWN, detail=outcome.detail)
        return _ask(provider, request, this, call, outcome, run, accept)
    if outcome.provider_id and _settles_nothing(outcome) and not outcome.ours:
        # It was bought, and only the look-ups are refused.
        _write_down(call, state=ProviderCall.State.UNKNOWN, detail=outcome.detail)
        return outcome
    return _accepted(call, this, outcome, provider, request, accept)


def _held_back(provider: ImageProvider) -> Failure | None:
    """Why nothing may be sent to a provider that is down (`providers.health`); None when the call may be sent."""
    admit = getattr(provider, "admit", None)
    return admit() if admit is not None else None


def _ask(
    provider: ImageProvider,
    request: ImageRequest,
    this: AttemptKey,
    call: ProviderCall,
    unknown: Failure,
    run: Run,
    accept: Accept,
) -> Outcome:
    """Look up an unknown answer at once; if that settles nothing, it stays unknown and the next attempt looks again."""
    ids = ProviderCall.objects.values_list("provider_id", flat=True)
    provider_id = retry_while_down(lambda: ids.get(pk=call.key))
    release_connection()
    found = provider.look_up(request, provider_id, run)
    if _settles_nothing(found) and not found.ours:
        return unknown if found.kind == Kind.UNKNOWN else found
    settled = _accepted(call, this, found, provider, request, accept)
    return settled or Failure(Kind.TRANSIENT, "The service never received our request.", detail=unknown.detail)


def _reachable(request: ImageRequest, provider: ImageProvider, key: str) -> ImageRequest:
    """The request with the webhook of its call, if its provider can report what happened to it."""
    return dataclasses.replace(request, hook=provider_webhooks.webhook_for(provider.name, key))


def _note_id(call: ProviderCall, provider_id: str) -> None:
    _write_down(call, provider_id=provider_id)


def _write_down(call: ProviderCall, **fields: Any) -> bool:
    """Record what is known of a call, and return whether it was recorded.

    The call has been paid for and its result is known only here, so this retries while the database is down. The first
    answer counts: a worker that was cut off and returns with another answer changes nothing, and neither does an answer
    to an earlier request than the current one.
    """
    open_call = ProviderCall.objects.filter(pk=call.key, requests=call.requests).exclude(state=ANSWERED)
    written = retry_while_down(lambda: open_call.update(**fields))
    release_connection()
    return bool(written)


def answer(key: str, outcome: Outcome | None) -> Outcome | None:
    """Record what happened to the call with this key, as `_answer` does for the call's holder."""
    return _answer(ProviderCall.objects.get(pk=key), outcome)


def _answer(call: ProviderCall, outcome: Outcome | None) -> Outcome | None:
    """Record what happened to a call and return it, or return what another worker recorded first. None: the provider
    never received the call, or it has been sent again."""
    fields: dict[str, Any] = {"state": ANSWERED, "answered_at": ports.now()}
    open_call = ProviderCall.objects.filter(pk=call.key).exclude(state=ANSWERED)
    if outcome is None:
        fields |= {"outcome": NEVER_RECEIVED}
        # Only if its holder hasn't confirmed its hold since we asked: otherwise the request may be on its way.
        open_call = open_call.filter(requests=call.requests, permit_until=call.permit_until)
    elif isinstance(outcome, Made):
        # An image that exists is an answer, whichever request of this key it came from.
        fields |= {"outcome": "made", "answer": outcome.data, "cost_micros": outcome.cost_micros}
    else:
        said = {"reason": outcome.reason, "retry_after": outcome.retry_after}
        fields |= {
            "outcome": outcomes.stored_kind(outcome),
            "detail": outcome.detail,
            "cost_micros": outcome.cost_micros,
            "answer": said,
        }
        open_call = open_call.filter(requests=call.requests)
    written = retry_while_down(lambda: open_call.update(**fields))
    release_connection()
    if written or outcome is None:
        return outcome
    return retry_while_down(lambda: _answered_meanwhile(call)) or outcome


def failure_of(call: ProviderCall) -> Failure:
    """The failure with which a call was answered, as `_answer` recorded it."""
    said = call.answer or {}
    if call.outcome == outcomes.NOT_KEPT:
        return outcomes.not_kept(call.detail, call.cost_micros, call.provider_id)
    kind = Kind(call.outcome)
    return Failure(
        kind, said.get("reason") or f"{meaning(kind).what}.", detail=call.detail, retry_after=said.get("retry_after"),
        provider_id=call.provider_id, cost_micros=call.cost_micros,
    )  # fmt: skip
