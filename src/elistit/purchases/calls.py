"""Calls that cost money: written down before they leave, answered for afterwards, never made twice (rules §5.7, §6).

The key of a call is stored before the request is sent, the provider's own id as soon as it is known, the answer after. A
call whose answer we never saw is looked up with its provider before anything new is sent; when the provider cannot say,
nothing is sent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeGuard

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.chain.outcomes import meaning
from elistit.database_outage import release_connection, retry_while_down
from elistit.delivery.store import StoreFailure
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers.base import ImageProvider, ImageRequest, Run
from elistit.purchases import provider_webhooks, purchase_cache

NEVER_RECEIVED = "never_received"
Accept = Callable[[Made], Outcome]


def call_key(this: AttemptKey, act: str = "") -> str:
    """The request key of a try: the same when the try is run again, another for the next try. `act` tells the work of an
    outside tool apart from the picture's own purchase."""
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

    `accept` checks the picture at `request.out` and puts it where it lasts; only then is a call answered as made, so a
    picture that was paid for is never asked for again. Open calls of the same item and round are settled first: answered
    ones are used, unanswered ones looked up.
    """
    mine = ProviderCall.objects.filter(job=job, item=this.item, key__startswith=_place(this, act)).order_by("sent_at")
    known = list(mine)
    if (told := _told(this, job, [c for c in known if c.state == ProviderCall.State.ANSWERED], act)) is not None:
        return told
    for call in (c for c in known if c.state != ProviderCall.State.ANSWERED):
        found = _found(provider, request, call, run)
        if _settles_nothing(found):
            _write_down(call.key, state=ProviderCall.State.UNKNOWN, detail=found.detail)
            return found
        settled = answer(call.key, _accepted(call.key, found, provider, request, accept))
        if isinstance(settled, Made) or (settled is not None and settled.kind != Kind.TRANSIENT):
            return settled  # A refusal is this try's end, too: what follows from it is for the rules to say.
    return _send(provider, request, this, job, run, accept, act)


def _told(this: AttemptKey, job: Job, answered: list[ProviderCall], act: str) -> Outcome | None:
    """What the answers already here make of this try; None when it has to ask. A worker may have died between an answer and
    what follows from it, so the answers are read anew by whoever goes on."""
    for call in answered:
        if call.outcome == "made":
            return Made(data=call.answer, cost_micros=call.cost_micros, provider_id=call.provider_id)
    for call in answered:
        if call.outcome in (Kind.REJECTED, Kind.BLOCKED_PROMPT) or (
            call.key == call_key(this, act) and call.outcome != NEVER_RECEIVED
        ):
            return _failure_of(call)
    blocked = [call for call in answered if call.outcome == Kind.BLOCKED_OUTPUT]
    if blocked:  # One more try is allowed for it, and only once it is settled does that one begin.
        settled = Attempt.objects.filter(
            job=job, stage=this.stage, item=this.item, round=this.round, outcome=Kind.BLOCKED_OUTPUT, note=False
        )
        if len(blocked) > settled.count():
            return _failure_of(blocked[-1])
    return None


def _found(provider: ImageProvider, request: ImageRequest, call: ProviderCall, run: Run) -> Outcome | None:
    """What became of a call nobody answered for: its picture may lie here, else its provider is asked."""
    if not provider.can_redraw and (here := purchase_cache.find(call.key, request.out)):
        return here
    asked = _reachable(request, provider, call.key)
    release_connection()
    return provider.look_up(asked, call.provider_id, run)


def _settles_nothing(found: Outcome | None) -> TypeGuard[Failure]:
    """Whether the answer to a question leaves open what became of the purchase: nobody knows, or the question was refused."""
    return isinstance(found, Failure) and found.kind in (Kind.UNKNOWN, Kind.OPERATOR, Kind.THROTTLED)


def _accepted(
    key: str, found: Outcome | None, provider: ImageProvider, request: ImageRequest, accept: Accept
) -> Outcome | None:
    """What came of an outcome once its picture is where it lasts. A store that is away is no answer of the provider's: the
    call stays open with its cost, its picture lies here, and the try ends with the store's own failure. Raises StoreFailure."""
    if not isinstance(found, Made):
        return found
    if not provider.can_redraw:  # What is painted here is painted again; what was bought is not sold twice.
        purchase_cache.keep(key, request.out, found)
    try:
        outcome = accept(found)
    except StoreFailure as stored:
        detail = f"bought and not kept yet: {stored.failure.detail}"
        _write_down(key, state=ProviderCall.State.UNKNOWN, cost_micros=found.cost_micros, detail=detail)
        raise
    purchase_cache.remove(key)
    return outcome


def _send(
    provider: ImageProvider, request: ImageRequest, this: AttemptKey, job: Job, run: Run, accept: Accept, act: str = ""
) -> Outcome:
    # A call that is held back is no call: nothing is written down that was not sent.
    if (held := _held_back(provider)) is not None:
        return held
    key = call_key(this, act)
    request = _reachable(request, provider, key)
    # An outage is waited for here: nothing has left yet, and from outside nobody could tell that any more.
    _write_down_before_sending(key, provider, request, this, job)
    release_connection()
    outcome = provider.generate(request, run, lambda provider_id: _write_down(key, provider_id=provider_id))
    if isinstance(outcome, Failure) and outcome.kind == Kind.UNKNOWN:
        _write_down(key, state=ProviderCall.State.UNKNOWN, detail=outcome.detail)
        return _ask(provider, request, key, outcome, run, accept)
    if outcome.provider_id and _settles_nothing(outcome):
        # It was bought, and only the questions about it are refused.
        _write_down(key, state=ProviderCall.State.UNKNOWN, detail=outcome.detail)
        return outcome
    return answer(key, _accepted(key, outcome, provider, request, accept)) or outcome


def _write_down_before_sending(
    key: str, provider: ImageProvider, request: ImageRequest, this: AttemptKey, job: Job
) -> None:
    requests = retry_while_down(
        lambda: ProviderCall.objects.get_or_create(
            key=key, defaults={"job": job, "item": this.item, "provider": provider.name, "model": request.model}
        )
    )[0].requests
    # Reached again only when the call before was never received, so sending it once more buys nothing twice.
    sent = {"state": ProviderCall.State.SENT, "outcome": "", "answered_at": None, "requests": requests + 1}
    call = ProviderCall.objects.filter(pk=key)
    retry_while_down(lambda: call.update(sent_at=ports.now(), **sent))


def _held_back(provider: ImageProvider) -> Failure | None:
    """Why a provider that is down must not be sent anything now (`providers.health`); None when the call may go."""
    admit = getattr(provider, "admit", None)
    return admit() if admit is not None else None


def _ask(
    provider: ImageProvider, request: ImageRequest, key: str, unknown: Failure, run: Run, accept: Accept
) -> Outcome:
    """Look an unknown answer up at once; when that settles nothing, it stays unknown and the next try looks again."""
    provider_id = retry_while_down(lambda: ProviderCall.objects.values_list("provider_id", flat=True).get(pk=key))
    release_connection()
    found = provider.look_up(request, provider_id, run)
    if _settles_nothing(found):
        return unknown if found.kind == Kind.UNKNOWN else found
    settled = answer(key, _accepted(key, found, provider, request, accept))
    return settled or Failure(Kind.TRANSIENT, "The service never received our request.", detail=unknown.detail)


def _reachable(request: ImageRequest, provider: ImageProvider, key: str) -> ImageRequest:
    """The request with the hook of a call, where its provider can tell us by itself what became of it."""
    return dataclasses.replace(request, hook=provider_webhooks.webhook_for(provider.name, key))


def _write_down(key: str, **fields: Any) -> None:
    """Keep what is known of a call. It has been paid for and is known only here, so a database that is away is waited for.
    The first answer stands: a worker that was cut off, and comes back with its own, changes nothing."""
    open_call = ProviderCall.objects.filter(pk=key).exclude(state=ProviderCall.State.ANSWERED)
    retry_while_down(lambda: open_call.update(**fields))
    release_connection()


def answer(key: str, outcome: Outcome | None) -> Outcome | None:
    """Write down what became of a call, and give it back. None: the provider never received it."""
    fields: dict[str, Any] = {"state": ProviderCall.State.ANSWERED, "answered_at": ports.now()}
    if outcome is None:
        fields |= {"outcome": NEVER_RECEIVED}
    elif isinstance(outcome, Made):
        fields |= {"outcome": "made", "answer": outcome.data, "cost_micros": outcome.cost_micros}
    else:
        said = {"reason": outcome.reason, "retry_after": outcome.retry_after}
        fields |= {
            "outcome": outcome.kind.value,
            "detail": outcome.detail,
            "cost_micros": outcome.cost_micros,
            "answer": said,
        }
    _write_down(key, **fields)
    return outcome


def _failure_of(call: ProviderCall) -> Failure:
    """The failure a call was answered with, as `answer` wrote it down."""
    said, kind = call.answer or {}, Kind(call.outcome)
    return Failure(
        kind, said.get("reason") or f"{meaning(kind).what}.", detail=call.detail, retry_after=said.get("retry_after"),
        provider_id=call.provider_id, cost_micros=call.cost_micros,
    )  # fmt: skip
