"""Asking the language model: written down before it leaves, sent by one holder, answered for afterwards (rules §5.7).

The model cannot be asked what happened to a question. A question whose answer no one saw is asked once more, by the one that continues, and
the one that asked it before can send it no more; an answer that is known and can be used is used, from whichever attempt it is.
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
"""How often one attempt looks at what is known when others change it meanwhile."""

T = TypeVar("T")


def question_key(this: AttemptKey) -> str:
    """The request key of an attempt's question: the same when the attempt is run again, another for the next one."""
    return f"{_place(this)}{this.number}.{this.wait}"


def _place(this: AttemptKey) -> str:
    return f"{this.job}:{this.stage}:"


def ask(
    chat: Chat, question: Question, this: AttemptKey, job: Job, usable: Callable[[Made], T | Failure]
) -> T | Failure:
    """What `usable` makes of the model's answer, or why there is none. `usable` is asked once more about what is known: it must
    answer the same each time."""
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
    """What is known already: an answer that can be used, or how this very question ended. None: it has to be asked."""
    mine = list(ProviderCall.objects.filter(job=job, item=0, key__startswith=_place(this)).order_by("sent_at"))
    last: T | Failure | None = None
    for call in mine:
        if call.state == ProviderCall.State.SENT and call.key != question.key:
            # Its attempt has ended, and with it the right to send; its answer still counts if it comes.
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
            last = calls.failure_of(call)  # The worker died between this answer and what follows from it.
    return last


def _send(chat: Chat, question: Question, permit: SendPermit) -> Made | Failure | None:
    """Send a question once, and write its answer down. None: it was not sent, or another has sent it again meanwhile."""
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
