"""Requests to the language model: recorded before they are sent, and sent by one holder at a time (rules §5.7).

The model can't be asked what happened to a request. A request whose answer was lost is sent once more by the worker
that continues, and the previous holder can no longer send it. A known, usable answer is always used, whichever attempt
it came from. It must never send a request that isn't recorded.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.database_outage import release_connection, retry_while_down
from elistit.ports import Failure, Kind, Made
from elistit.projects.models import Job
from elistit.providers.chat.client import Chat, Question
from elistit.purchases import calls, claims
from elistit.purchases.claims import ANSWERED
from elistit.purchases.send_permit import SendPermit, wait_out

LOOKS = 6
"""How often one attempt reads the state again when other workers change it at the same time."""

T = TypeVar("T")


def question_key(this: AttemptKey) -> str:
    """The request key of an attempt's question: the same when the attempt is run again, different for the next attempt."""
    return f"{_place(this)}{this.number}.{this.wait}"


def _place(this: AttemptKey) -> str:
    return f"{this.job}:{this.stage}:"


def ask(
    chat: Chat, question: Question, this: AttemptKey, job: Job, usable: Callable[[Made], T | Failure]
) -> T | Failure:
    """What `usable` makes of the model's answer, or the failure. `usable` is called again for a known answer, so it
    must return the same result each time."""
    if pause := ProviderPause.objects.filter(pk=chat.name).first():
        return Failure(Kind.OPERATOR, pause.reason, detail="paused")
    for _ in range(LOOKS):
        if (answered := _answered(question, this, job, usable)) is not None:
            return answered
        permit = claims.claim(this, job, question.key, question.key, chat.name, chat.model[:80], anew=True)
        if isinstance(permit, Failure):
            return permit
        answer = _send(chat, question, permit) if permit else None
        if answer is not None:
            return usable(answer) if isinstance(answer, Made) else answer
    return Failure(
        Kind.UNKNOWN, "Another worker is waiting for the language model's answer.", detail="another worker asks it"
    )


def _answered(
    question: Question, this: AttemptKey, job: Job, usable: Callable[[Made], T | Failure]
) -> T | Failure | None:
    """What is already known: a usable answer, or how this request ended. None: it has to be sent."""
    mine = list(ProviderCall.objects.filter(job=job, item=0, key__startswith=_place(this)).order_by("sent_at"))
    last: T | Failure | None = None
    for call in mine:
        if call.state == ProviderCall.State.SENT and call.key != question.key:
            # Its attempt has ended, and with it the right to send; an answer that still arrives counts.
            late = ProviderCall.objects.filter(pk=call.key, state=ProviderCall.State.SENT, requests=call.requests)
            late.update(state=ProviderCall.State.UNKNOWN, detail="the worker died")
        elif call.state != ANSWERED:
            wait_out(call)
        elif call.outcome == "made":
            found = usable(Made(call.answer, provider_id=call.provider_id))
            if not isinstance(found, Failure):
                return found
            last = found if call.key == question.key else last
        elif call.key == question.key and call.outcome != claims.NEVER_RECEIVED:
            last = calls.failure_of(call)  # The worker died after this answer and before its consequences were written.
    return last


def _send(chat: Chat, question: Question, permit: SendPermit) -> Made | Failure | None:
    """Send a question once and record its answer. None: it was not sent, or another worker has sent it again."""
    with permit:
        release_connection()
        if not permit():
            claims.withdraw(permit)
            return None
        outcome = chat.ask(dataclasses.replace(question, permit=permit))
    if permit.refused:
        claims.withdraw(permit)
        return None
    fields: dict[str, Any] = {"state": ANSWERED, "answered_at": ports.now(), "provider_id": outcome.provider_id}
    open_call = ProviderCall.objects.filter(pk=permit.key).exclude(state=ANSWERED)
    if isinstance(outcome, Made):
        fields |= {"outcome": "made", "answer": outcome.data}
    else:
        said = {"reason": outcome.reason, "retry_after": outcome.retry_after}
        fields |= {"outcome": outcome.kind.value, "detail": outcome.detail, "answer": said}
        open_call = open_call.filter(requests=permit.requests)
    return outcome if retry_while_down(lambda: open_call.update(**fields)) else None
