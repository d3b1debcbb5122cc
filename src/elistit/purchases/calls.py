"""Provider calls that cost money: recorded before they are sent, settled afterwards, never bought twice (rules §5.7, §6).

The key of a call is stored before the request is sent, the provider's own id as soon as it is known, the answer after. A
call whose answer we never saw is looked up with its provider before anything new is sent; when the provider cannot say,
nothing is sent. Every step between is a guarded UPDATE: a worker that was frozen there and wakes up after another has gone on
sends nothing and changes nothing, and uses the other's answer (`send_permit`).
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
"""How often one attempt looks at what is known when others change it meanwhile."""

Accept = Callable[[Made], Outcome]


def call_key(this: AttemptKey, act: str = "") -> str:
    """The request key of an attempt: the same when the attempt is run again, another for the next attempt. `act` tells the work of an
    outside tool apart from the image's own purchase."""
    return f"{_place(this, act)}{this.number}.{this.wait}"


def _place(this: AttemptKey, act: str) -> str:
    return f"{act}{':' if act else ''}{this.job}:{this.item}:{this.round}:"


def buy_once(
    provider: ImageProvider,
    request: ImageRequest,
    this: AttemptKey,
    job: Job,
    run: Run,
    accept: Accept,
    *,
    act: str = "",
) -> Outcome:
    """One image, or one work of a tool (`act`), bought at most once. The request's key is that of `call_key`.

    `accept` checks the image at `request.out` and puts it where it lasts; only then is a call answered as made, so a
    image that was paid for is never requested again. Open calls of the same item and round are settled first: answered
    ones are used, unanswered ones looked up. Raises what `accept` raises for an image that can still be had.
    """
    if not provider.can_redraw:
        retry_while_down(lambda: lost_calls.write_down(this, job, _place(this, act), provider.name, request.model))
    for _ in range(LOOKS):
        outcome = _known(provider, request, this, job, run, accept, act)
        outcome = outcome or _send(provider, request, this, job, run, accept, act)
        if outcome is not None:
            return outcome
    return Failure(Kind.UNKNOWN, "This image is being requested by another worker.", detail="another worker holds it")


def _known(
    provider: ImageProvider, request: ImageRequest, this: AttemptKey, job: Job, run: Run, accept: Accept, act: str
) -> Outcome | None:
    """What is known of the purchase, settling what is open. None: nothing that ends this attempt."""
    mine = ProviderCall.objects.filter(job=job, item=this.item, key__startswith=_place(this, act)).order_by("sent_at")
    known = list(mine)
    if (answered := _answered(this, job, [c for c in known if c.state == ANSWERED], act)) is not None:
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
            return settled  # A refusal is this attempt's end, too: what follows from it is for the rules to say.
    return None


def _answered(this: AttemptKey, job: Job, answered: list[ProviderCall], act: str) -> Outcome | None:
    """What the answers already here make of this attempt; None when it has to ask. A worker may have died between an answer and
    what follows from it, so the answers are read again by the one that continues."""
    for call in answered:
        if call.outcome == "made":
            return Made(data=call.answer, cost_micros=call.cost_micros, provider_id=call.provider_id)
    for call in answered:
        if call.outcome in (Kind.REJECTED, Kind.BLOCKED_PROMPT, outcomes.NOT_KEPT) or (
            call.key == call_key(this, act) and call.outcome != NEVER_RECEIVED
        ):
            return failure_of(call)
    blocked = [call for call in answered if call.outcome == Kind.BLOCKED_OUTPUT]
    if blocked:  # One more attempt is allowed for it, and only once it is settled does that one begin.
        settled = Attempt.objects.filter(
            job=job, stage=this.stage, item=this.item, round=this.round, outcome=Kind.BLOCKED_OUTPUT, note=False
        )
        if len(blocked) > settled.count():
            return failure_of(blocked[-1])
    return None


def _found(provider: ImageProvider, request: ImageRequest, call: ProviderCall, run: Run) -> Outcome | None:
    """What happened to a call no one answered for: its image may lie here, else its provider is asked. None only when the one that
    sent it can send it no more."""
    if not provider.can_redraw and (here := purchase_cache.find(call.key, request.out)):
        return here
    if isinstance(provider, Finishes) and (raw := purchase_cache.find_raw(call.key, request)):
        release_connection()
        return provider.finish(request, run, raw.provider_id, raw.cost_micros)
    asked = _reachable(request, provider, call.key)
    if lost_since(call.provider_id):
        asked = dataclasses.replace(asked, key=call.key)  # all that its provider can know it by
    release_connection()
    found = provider.look_up(asked, call.provider_id, run)
    return provider.look_up(asked, call.provider_id, run) if found is None and wait_out(call) else found


def _settles_nothing(found: Outcome | None) -> TypeGuard[Failure]:
    """Whether the answer to a question leaves open what happened to the purchase: no one knows, or the question was refused."""
    return isinstance(found, Failure) and found.kind in (Kind.UNKNOWN, Kind.OPERATOR, Kind.THROTTLED)


def _accepted(
    call: ProviderCall,
    this: AttemptKey,
    found: Outcome | None,
    provider: ImageProvider,
    request: ImageRequest,
    accept: Accept,
) -> Outcome | None:
    """What came of an outcome once its image is where it lasts, written down. None: the provider never received the call.

    What fails on our side (a store that is unavailable, a full disk, our own limits) is no answer of the provider's. Where the image
    still lies here, or the provider can be asked for it, the call stays open with its cost, and the failure is raised or given
    back; else the loss is written down, and nothing is bought in its place.
    """
    if isinstance(found, Failure) and found.ours:
        kept = purchase_cache.keep_raw(call.key, request, found)
        return _on_our_side(call, this, found, kept or can_be_asked(provider))
    if not isinstance(found, Made):
        return _answer(call, found)
    # What is painted here is painted again; what was bought is not sold twice.
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
    """The failure of an attempt whose image came and could not be used for reasons of ours: tried again from what is here
    while the attempts last, then a loss of ours. It is never bought again."""
    if within_reach and this.number < MAX_ATTEMPTS:
        detail = f"bought and not kept yet: {failure.detail}"
        _write_down(call, state=ProviderCall.State.UNKNOWN, cost_micros=failure.cost_micros, detail=detail)
        return dataclasses.replace(failure, kind=Kind.TRANSIENT, retry_after=None)
    lost = outcomes.not_kept(failure.detail, failure.cost_micros, failure.provider_id)
    purchase_cache.remove(call.key)
    return _answer(call, lost) or lost


def _answered_meanwhile(call: ProviderCall) -> Outcome | None:
    """What another worker has made of a call while we were unavailable."""
    there = ProviderCall.objects.filter(pk=call.key, state=ANSWERED).first()
    if there is None or there.outcome == NEVER_RECEIVED:
        return None
    if there.outcome == "made":
        return Made(data=there.answer, cost_micros=there.cost_micros, provider_id=there.provider_id)
    return failure_of(there)


def _send(
    provider: ImageProvider, request: ImageRequest, this: AttemptKey, job: Job, run: Run, accept: Accept, act: str = ""
) -> Outcome | None:
    """Claim the call and send it, once. None: others have changed what is known, so nothing was sent and it is looked at again."""
    # A call that is held back is no call: nothing is written down that was not sent.
    if (held := _held_back(provider)) is not None:
        return held
    key = call_key(this, act)
    permit = claims.claim(this, job, key, _place(this, act), provider.name, request.model)
    if not isinstance(permit, SendPermit):
        return permit
    with permit:
        call = ProviderCall.objects.get(pk=key)
        call.requests = permit.requests  # What we hold, not what others have made of it since.
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
        # It was bought, and only the questions about it are refused.
        _write_down(call, state=ProviderCall.State.UNKNOWN, detail=outcome.detail)
        return outcome
    return _accepted(call, this, outcome, provider, request, accept)


def _held_back(provider: ImageProvider) -> Failure | None:
    """Why a provider that is down must not be sent anything now (`providers.health`); None when the call may go."""
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
    """Look an unknown answer up at once; when that settles nothing, it stays unknown and the next attempt looks again."""
    ids = ProviderCall.objects.values_list("provider_id", flat=True)
    provider_id = retry_while_down(lambda: ids.get(pk=call.key))
    release_connection()
    found = provider.look_up(request, provider_id, run)
    if _settles_nothing(found) and not found.ours:
        return unknown if found.kind == Kind.UNKNOWN else found
    settled = _accepted(call, this, found, provider, request, accept)
    return settled or Failure(Kind.TRANSIENT, "The service never received our request.", detail=unknown.detail)


def _reachable(request: ImageRequest, provider: ImageProvider, key: str) -> ImageRequest:
    """The request with the hook of a call, where its provider can report what happened to it."""
    return dataclasses.replace(request, hook=provider_webhooks.webhook_for(provider.name, key))


def _note_id(call: ProviderCall, provider_id: str) -> None:
    _write_down(call, provider_id=provider_id)


def _write_down(call: ProviderCall, **fields: Any) -> bool:
    """Keep what is known of a call. It has been paid for and is known only here, so a database that is unavailable is waited for.
    The first answer stands: a worker that was cut off, and comes back with its own, changes nothing, nor does one that speaks
    of an earlier request than the one that is out now. Whether it was written."""
    open_call = ProviderCall.objects.filter(pk=call.key, requests=call.requests).exclude(state=ANSWERED)
    written = retry_while_down(lambda: open_call.update(**fields))
    release_connection()
    return bool(written)


def answer(key: str, outcome: Outcome | None) -> Outcome | None:
    """Write down what happened to the call of a key, as `_answer` does for the one that holds the call."""
    return _answer(ProviderCall.objects.get(pk=key), outcome)


def _answer(call: ProviderCall, outcome: Outcome | None) -> Outcome | None:
    """Write down what happened to a call, and give it back, or what another worker has written there first. None: the provider
    never received it, or it is out again."""
    fields: dict[str, Any] = {"state": ANSWERED, "answered_at": ports.now()}
    open_call = ProviderCall.objects.filter(pk=call.key).exclude(state=ANSWERED)
    if outcome is None:
        fields |= {"outcome": NEVER_RECEIVED}
        # Only while its holder has not confirmed its hold since we asked: then it may be on its way.
        open_call = open_call.filter(requests=call.requests, permit_until=call.permit_until)
    elif isinstance(outcome, Made):
        # An image that is here is an answer, whichever request of this key it came from.
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
    """The failure a call was answered with, as `_answer` wrote it down."""
    said = call.answer or {}
    if call.outcome == outcomes.NOT_KEPT:
        return outcomes.not_kept(call.detail, call.cost_micros, call.provider_id)
    kind = Kind(call.outcome)
    return Failure(
        kind, said.get("reason") or f"{meaning(kind).what}.", detail=call.detail, retry_after=said.get("retry_after"),
        provider_id=call.provider_id, cost_micros=call.cost_micros,
    )  # fmt: skip
