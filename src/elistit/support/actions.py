"""Operator actions, each with a reason and recorded in the same transaction as what it changes.

Each action names the least role that may do it. An action goes through the very functions the chain, recovery and the ledger use;
nothing here changes a state or moves a credit on its own. It must never be done without a record, and never twice for one press
of a button.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.limit_models import SellerLimit
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.actions import commands
from elistit.chain import failure
from elistit.chain.models import Attempt, ProviderPause
from elistit.credits import ledger
from elistit.credits.ledger import IdempotencyConflict
from elistit.maintenance import service
from elistit.ports import Failure, Kind
from elistit.projects import changes, idempotency, interrupted
from elistit.projects.errors import NotPossible
from elistit.projects.models import Job, Project
from elistit.projects.request_models import AcceptedRequest
from elistit.projects.states import ACTIVE_JOB, Stage, stages_before
from elistit.runtime import engine
from elistit.support import goodwill_limits, operators, undelivered
from elistit.support.models import ASKED_MAX, REASON_MAX, REASON_MIN, HelpRequest, OperatorAct, SentMail, SupportLimit

log = logging.getLogger(__name__)

Act = OperatorAct.Act
ALONE_MAX = 500
"""Goodwill credits an owner may give one person within a day without a colleague."""
GOODWILL_MAX = 5_000
ENDED_WORDS = "The studio operator stopped this work."
PAUSED_WORDS = "The studio operator has paused it."


class NoReason(Exception):
    """The reason is missing or too short. The message is one sentence."""


MAY: dict[Act, Role] = {
    Act.RECOVER: Role.OWNER,
    Act.FAIL: Role.OWNER,
    Act.RETRY_DRAFT: Role.OWNER,
    Act.GOODWILL: Role.SUPPORT,
    Act.ASK_GOODWILL: Role.SUPPORT,
    Act.APPROVE_GOODWILL: Role.OWNER,
    Act.REFUSE_GOODWILL: Role.OWNER,
    Act.PAUSE_PROVIDER: Role.OWNER,
    Act.RESUME_PROVIDER: Role.OWNER,
    Act.ANSWER_HELP: Role.SUPPORT,
    Act.SET_LIMITS: Role.OWNER,
    Act.SET_ROLE: Role.OWNER,
    Act.SET_SUPPORT_LIMITS: Role.OWNER,
    Act.RESEND_MAIL: Role.OWNER,
}
"""The least role for each action. An action that isn't here can't be done."""


def _entitled(actor: User, action: Act) -> dict[str, str]:
    """What the record says of the actor's role. Raises NotPossible when they may not do this, by their row as it is now."""
    now = User.objects.filter(pk=actor.pk).first()
    if now is None or not now.is_active or not now.role.covers(MAY[action]):
        raise NotPossible("Your role doesn't allow this. Nothing was changed.")
    return {"role": now.role.value} if now.role == Role.SUPPORT else {}


def _create(key: str, actor: User, action: Act, reason: str, body: Callable[[], dict[str, Any]]) -> OperatorAct:
    """Do `body` and write its row. In a transaction of the caller's."""
    role = _entitled(actor, action)
    fields = {"id": key, "actor": actor, "act": action, "reason": reason, **body()}
    fields["detail"] = {**fields.get("detail", {}), **role}
    return OperatorAct.objects.create(**fields)


def checked_reason(text: str) -> str:
    """The reason on one line. Raises NoReason when it has fewer than 10 characters or more than fit."""
    reason = " ".join(text.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise NoReason(f"Give a reason of {REASON_MIN} to {REASON_MAX} characters; it is recorded with the action.")
    return reason


def _record(key: str, actor: User, action: Act, reason: str, body: Callable[[], dict[str, Any]]) -> OperatorAct:
    """Do `body` and record it, in one transaction, once per `key`. A second press answers the first one's record.

    `body` answers fields of the row, among them another `act` when it became another one. Raises NoReason, NotPossible
    and whatever `body` raises; nothing is written then.
    """
    reason = checked_reason(reason)
    if done := OperatorAct.objects.filter(pk=key).first():
        return _same(done, actor, action)
    try:
        with transaction.atomic():
            return _create(key, actor, action, reason, body)
    except IntegrityError:
        # The same form was sent twice at once and the other one was quicker; anything else is a fault and goes up.
        if done := OperatorAct.objects.filter(pk=key).first():
            return _same(done, actor, action)
        raise


def _accept(
    key: str, actor: User, action: Act, reason: str, what: dict[str, Any], body: Callable[[], dict[str, Any]]
) -> OperatorAct:
    """`_record` for what gives credits: through the one door for it, so that the same key with another person, amount or
    reason is IdempotencyConflict. Also raises Interrupted."""
    reason = checked_reason(reason)

    def do(_: AcceptedRequest) -> dict[str, Any]:
        return {"act": _create(key, actor, action, reason, body).pk}

    def before(key: str) -> dict[str, Any] | None:
        """The record of a form from before there were accepted requests, or of one that did another action."""
        done = OperatorAct.objects.filter(pk=key).first()
        if done is None:
            return None
        of = {"person": done.person_id, "amount": done.detail.get("amount"), "answers": done.answers_id}
        if {name: of[name] for name in what} != what:
            raise IdempotencyConflict(key)
        return {"act": _same(done, actor, action).pk}

    def settle() -> OperatorAct:
        kind = idempotency.Action(action.value)
        accepted = idempotency.accept(actor.pk, key, kind, {**what, "reason": reason}, do, before=before)
        return OperatorAct.objects.get(pk=accepted.answer["act"])

    return interrupted.run(actor.pk, key, settle, refusals=(NoReason,))


def _same(done: OperatorAct, actor: User, action: Act) -> OperatorAct:
    became = (action, Act.ASK_GOODWILL) if action == Act.GOODWILL else (action,)
    if done.actor_id != actor.pk or done.act not in became:
        raise NotPossible("This form was already used for another action. Reload the page.")
    return done


def _project(public_id: str) -> Project:
    project = Project.objects.select_related("owner").filter(pk=public_id).first()
    if project is None:
        raise NotPossible("There is no such project.")
    return project


# ---- work ---------------------------------------------------------------------------------------------------------


def recover(actor: User, *, reason: str, key: str, project: str = "") -> OperatorAct:
    """One whole recovery pass now (rules §6), as `elistit recover` runs it. What it did is in the record's detail."""
    reason = checked_reason(reason)
    if done := OperatorAct.objects.filter(pk=key).first():
        return _same(done, actor, Act.RECOVER)
    _entitled(actor, Act.RECOVER)
    # Not inside one transaction: a pass is many small ones, and each of them stands on its own.
    try:
        outcome: dict[str, Any] = service.recover_once()
    except Exception as trouble:
        outcome = {"trouble": f"{type(trouble).__name__}: {trouble}"[:300]}
        log.exception("recovery asked for by an operator did not finish")
    return _record(key, actor, Act.RECOVER, reason, lambda: {"project": project, "detail": outcome})


def fail_and_refund(actor: User, public_id: str, *, reason: str, key: str) -> OperatorAct:
    """End the running or waiting job of a project and return its credits, as a failure of the chain would (rules §5.2).

    Where a part is finished the rules of that part hold: in `listing` the files stay and the listing's line comes back,
    in `drafting` the files and the text stay and nothing was charged (rules §5.4, §5.5). Raises NotPossible when nothing
    is running or waiting.
    """

    def body() -> dict[str, Any]:
        project = _project(public_id)
        active = project.jobs.filter(status__in=ACTIVE_JOB).order_by("-public_id").values_list("pk", flat=True).first()
        if active is None or not changes.lock_job(active, ACTIVE_JOB):
            raise NotPossible("Nothing of this project is running or waiting, so there is nothing to stop.")
        job = Job.objects.select_related("project", "project__listing", "quote").get(pk=active)
        stage = Stage(job.project.stage)
        late = (Stage.LISTING, Stage.DRAFTING)
        if stage not in late and stage not in stages_before(Stage.FAILED):
            raise NotPossible("A project at this stage can't be failed. Nothing was changed.")
        before = ledger.job_money(job.pk).refunded
        Attempt.objects.create(
            job=job, stage=stage, note=True, outcome="operator", ended_at=ports.now(), starts=0,
            reason="The studio operator stopped this work. Its credits are refunded according to the rules.",
        )  # fmt: skip
        failure.settle_failure(job, stage, 0, Failure(Kind.OPERATOR, ENDED_WORDS, detail="ended by an operator"))
        job.refresh_from_db(fields=["status"])
        if job.status in ACTIVE_JOB:
            raise NotPossible("This work can't be stopped at this stage. Nothing was changed.")
        _cancel_on_commit(job.pk)
        back = ledger.job_money(job.pk).refunded - before
        detail = {"job": job.pk, "stage": stage.value, "returned": back, "status": str(job.status)}
        return {"project": project.pk, "person": project.owner, "detail": detail}

    return _record(key, actor, Act.FAIL, reason, body)


def _cancel_on_commit(job: str) -> None:
    def stop() -> None:
        try:
            engine.queue.cancel(job)
        except Exception:
            log.exception("job %s could not be cancelled in the engine now; recovery will", job)

    transaction.on_commit(stop)


def retry_draft(actor: User, public_id: str, *, reason: str, key: str) -> OperatorAct:
    """Try a failed Etsy draft again for the seller, free (rules §5.4). Raises NotPossible when there is none."""

    def body() -> dict[str, Any]:
        project = _project(public_id)
        commands.retry_draft(project.owner, project.pk)
        return {"project": project.pk, "person": project.owner}

    return _record(key, actor, Act.RETRY_DRAFT, reason, body)


def answer_help(actor: User, request_id: str, *, answer: str, key: str) -> OperatorAct:
    """Answer a seller's request for help, once. They read it on the project's page and by e-mail; the record keeps its
    beginning. Raises NoReason for an answer that is too short, NotPossible for one too long or a request answered before."""
    answer = answer.strip()
    if len(answer) > ASKED_MAX:
        raise NotPossible(f"An answer has at most {ASKED_MAX:,} characters.")

    def body() -> dict[str, Any]:
        waiting = HelpRequest.objects.select_related("person").filter(pk=request_id, answered_at=None)
        found = waiting.first()
        if found is None or not waiting.update(answer=answer, answered_at=ports.now()):
            raise NotPossible("This request was answered already, or there is none.")
        return {"project": found.project, "person": found.person, "detail": {"request": found.pk}}

    return _record(key, actor, Act.ANSWER_HELP, answer[:REASON_MAX], body)


def resend_mail(actor: User, mail: str, *, reason: str, key: str) -> OperatorAct:
    """Have a message that didn't arrive sent again by the next `send-mail`. Raises NotPossible for one that was sent, and for one
    that is no longer due: older than a day, or not true any more."""

    def body() -> dict[str, Any]:
        row = SentMail.objects.select_related("person").filter(pk=mail).first()
        if row is None or not undelivered.again(row):
            raise NotPossible("This message was sent, is more than a day old, or isn't due any more.")
        return {"person": row.person, "project": row.project, "detail": {"mail": mail}}

    return _record(key, actor, Act.RESEND_MAIL, reason, body)


# ---- credits ------------------------------------------------------------------------------------------------------


def goodwill(actor: User, person: User, amount: int, *, reason: str, key: str, project: str = "") -> OperatorAct:
    """Give goodwill credits, or ask for them: above 500 for one person within a day, above support's limits, and for oneself,
    an owner must approve. The record's `act` says which it became. The reason stands in the person's credit history."""

    if not 1 <= amount <= GOODWILL_MAX:
        raise NotPossible(f"Goodwill is 1 to {GOODWILL_MAX:,} credits at a time.")

    def body() -> dict[str, Any]:
        fields: dict[str, Any] = {"person": person, "project": project, "detail": {"amount": amount}}
        # Held until the end of the transaction, so that two gifts at once cannot both count as the first of the day.
        goodwill_limits.lock(actor, person)
        if needs_colleague(actor, person, amount):
            return {**fields, "act": Act.ASK_GOODWILL}
        _grant(person, amount, checked_reason(reason), key, actor.reference)
        return fields

    return _accept(key, actor, Act.GOODWILL, reason, {"person": person.pk, "amount": amount}, body)


def set_limits(
    actor: User, person: User, credits: int | None, projects: int | None, *, reason: str, key: str
) -> OperatorAct:
    """Set what one person may order a day; None takes the studio's setting. Running work isn't touched. Raises NoReason."""

    def body() -> dict[str, Any]:
        SellerLimit.objects.update_or_create(pk=person.pk, defaults={"credits": credits, "projects": projects})
        return {"person": person, "detail": {"credits": credits, "projects": projects}}

    return _record(key, actor, Act.SET_LIMITS, reason, body)


def needs_colleague(actor: User, person: User, amount: int) -> bool:
    """Whether goodwill of this amount takes an owner's approval. What was given within a day counts, so that a large
    amount cannot be given in small parts."""
    if User.objects.get(pk=actor.pk).role == Role.SUPPORT and amount > goodwill_limits.left(actor, person):
        return True
    recent = OperatorAct.objects.filter(person=person, act=Act.GOODWILL, at__gt=ports.now() - goodwill_limits.WITHIN)
    given = sum(int(row.detail.get("amount", 0)) for row in recent)
    return actor.pk == person.pk or given + amount > ALONE_MAX


def open_requests() -> list[OperatorAct]:
    """Requests for goodwill credits that nobody has answered, oldest first."""
    requests = OperatorAct.objects.filter(act=Act.ASK_GOODWILL, answer=None)
    return list(requests.select_related("actor", "person").order_by("at", "id"))


def answer_request(actor: User, request_id: str, *, approve: bool, reason: str, key: str) -> OperatorAct:
    """Approve or refuse a colleague's request for goodwill credits, once. Raises NotPossible for one's own request (it
    may be refused, which takes it back, never approved), for credits to oneself and for one answered before."""

    def body() -> dict[str, Any]:
        asked = (
            OperatorAct.objects.select_related("person", "actor").filter(pk=request_id, act=Act.ASK_GOODWILL).first()
        )
        if asked is None or asked.person is None or OperatorAct.objects.filter(answers=asked).exists():
            raise NotPossible("This request was answered already, or there is none.")
        if approve and actor.pk in (asked.actor_id, asked.person_id):
            raise NotPossible("Another owner has to approve this.")
        amount = int(asked.detail["amount"])
        if approve:
            _grant(asked.person, amount, asked.reason, asked.pk, f"{asked.actor.reference} and {actor.reference}")
        return {"answers": asked, "person": asked.person, "project": asked.project, "detail": {"amount": amount}}

    action = Act.APPROVE_GOODWILL if approve else Act.REFUSE_GOODWILL
    return _accept(key, actor, action, reason, {"answers": request_id}, body)


def _grant(person: User, amount: int, reason: str, key: str, by: str) -> None:
    ledger.open_account(person.pk)
    ledger.grant(
        person.pk, amount, source="goodwill", idempotency_key=f"goodwill:{key}", reason=f"Goodwill: {reason}"[:300],
        actor=by[:120],
    )  # fmt: skip


# ---- people -------------------------------------------------------------------------------------------------------


def set_role(actor: User, person: User, role: Role, *, reason: str, key: str) -> OperatorAct:
    """Give a person a role. Raises NotPossible when they have it and for the only active owner."""

    def body() -> dict[str, Any]:
        was = person.role.value
        try:
            if not operators.set_role(person, role):
                raise NotPossible(f"{person.email} has this role already.")
        except operators.LastOperator as last:
            raise NotPossible(
                f"{person.email} is the only owner of this studio. Make another person an owner first."
            ) from last
        return {"person": person, "detail": {"was": was, "became": role.value}}

    return _record(key, actor, Act.SET_ROLE, reason, body)


def set_support_limits(actor: User, per_seller: int, per_person: int, *, reason: str, key: str) -> OperatorAct:
    """Set how many goodwill credits a support person may give within a day: to one seller, and to all sellers. 0 allows none."""
    if not all(0 <= one <= goodwill_limits.HIGHEST for one in (per_seller, per_person)):
        raise NotPossible(f"A limit is 0 to {goodwill_limits.HIGHEST:,} credits.")

    def body() -> dict[str, Any]:
        limits = {"per_seller": per_seller, "per_person": per_person}
        SupportLimit.objects.update_or_create(pk=SupportLimit.ONE, defaults=limits)
        return {"detail": limits}

    return _record(key, actor, Act.SET_SUPPORT_LIMITS, reason, body)


# ---- providers ----------------------------------------------------------------------------------------------------


def pause_provider(actor: User, provider: str, *, reason: str, key: str) -> OperatorAct:
    """Let nobody launch with a provider until it is resumed. Work that is running goes on. Raises NotPossible when it
    is paused already."""

    def body() -> dict[str, Any]:
        _, new = ProviderPause.objects.get_or_create(
            provider=provider, defaults={"reason": PAUSED_WORDS, "detail": f"{actor.email}: {reason}"}
        )
        if not new:
            raise NotPossible("This provider is paused already.")
        return {"detail": {"provider": provider}}

    return _record(key, actor, Act.PAUSE_PROVIDER, reason, body)


def resume_provider(actor: User, provider: str, *, reason: str, key: str) -> OperatorAct:
    """Let a paused provider be used again. Raises NotPossible when it is not paused."""

    def body() -> dict[str, Any]:
        pause = ProviderPause.objects.filter(provider=provider).first()
        if pause is None or not ProviderPause.objects.filter(provider=provider).delete()[0]:
            raise NotPossible("This provider is not paused.")
        return {"detail": {"provider": provider, "was": pause.reason, "since": pause.since.isoformat()}}

    return _record(key, actor, Act.RESUME_PROVIDER, reason, body)
