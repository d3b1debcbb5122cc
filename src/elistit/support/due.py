"""What there is to tell people, read from our tables: finished, failed with what came back, waiting for approval, credits running
low, a batch that couldn't be launched; and for the operator of the studio, that a provider was paused or something else needs them.

Mail and push notifications ask here, each with its own record of what it has dealt with. Every figure is read from the ledger. It
must never send or write anything.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from elistit import ports
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.actions import queries
from elistit.actions import requested_launches as launches
from elistit.chain.due import RUNS
from elistit.chain.models import Attempt, ProviderPause
from elistit.credits import ledger, prices
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.delivery.google_drive import outcomes as drive
from elistit.delivery.models import DriveCopy
from elistit.projects import requested_launches
from elistit.projects.batch_models import Batch
from elistit.projects.models import Item, Job, JobKind, Project
from elistit.projects.products import PRODUCTS, Product
from elistit.projects.states import ACTIVE_JOB, ItemState, JobStatus, Stage
from elistit.support.actions import PAUSED_WORDS
from elistit.support.models import HelpRequest

DONE, FAILED, WAITING, LOW, NOT_LAUNCHED = "done", "failed", "waiting", "low_balance", "not_launched"
ANSWERED, ASKED, PAUSED, NEEDED = "answered", "asked", "paused", "needed"
KINDS: dict[str, tuple[str, str]] = {
    DONE: ("A project is finished", "With a link to its files and its listing."),
    FAILED: ("A project failed", "What happened and what was refunded."),
    WAITING: ("A project needs your approval", "Once per project, when it is first ready to review."),
    LOW: ("Your credits run low", "Once, when your balance no longer covers a typical project."),
    NOT_LAUNCHED: (
        "A batch couldn't be launched",
        "When you asked for its launch over the API: why not, and what to do.",
    ),
    ANSWERED: ("Your question is answered", "When the studio operator has answered it."),
    ASKED: ("A seller asks for help", "For owners and support: what they expected, with the project's details."),
    PAUSED: ("A provider was paused", "For owners: its key, its balance or its model needs attention."),
    NEEDED: (
        "The studio needs attention",
        "For owners: Etsy, Google or file storage rejects the studio's keys. Once a day.",
    ),
}
OPERATORS_ONLY = frozenset({PAUSED, NEEDED, ASKED})
"""Every kind of message a person can switch off, in the words of the settings page."""


def kinds_for(person: User) -> dict[str, tuple[str, str]]:
    """The kinds of message a person can get."""
    if person.is_owner:
        return dict(KINDS)
    hidden = OPERATORS_ONLY - {ASKED} if person.role == Role.SUPPORT else OPERATORS_ONLY
    return {kind: words for kind, words in KINDS.items() if kind not in hidden}


LOOK_BACK = dt.timedelta(hours=24)
"""What happened longer ago is not mailed: an installation that was down for a week does not write about last Tuesday."""
SHARE = 200
"""Jobs read at once."""
ROWS_MAX = 4
"""Refund rows a message lists; of more it says how many there are and what they come to, and lists the last."""
ERRORS_MAX = 5
"""Rows of a batch that a message names; of more it says how many there are."""


@dataclass(frozen=True)
class Due:
    """One message to be sent. `key` names it forever, as kind and id (`done:01J…`); `facts` are what its templates are filled with."""

    key: str
    kind: str
    person: User
    facts: dict[str, Any]

    @property
    def project(self) -> str:
        found = self.facts.get("project")
        return found.pk if isinstance(found, Project) else ""


@dataclass(frozen=True)
class Search:
    """What to look for: what happened since a moment, without the messages that are dealt with (`handled` answers, for a kind, with
    the ids behind it), and only for these people (None: for everyone). For a person `wants` refuses a kind for, the figures of an ended
    project aren't read."""

    since: dt.datetime
    handled: Callable[[str], set[str]]
    people: frozenset[int] | None = None
    wants: Callable[[str, User], bool] = lambda kind, person: True

    def only(self, field: str) -> Q:
        """The condition that a row's person is among those looked for."""
        return Q() if self.people is None else Q(**{f"{field}__in": self.people})

    def owners(self) -> list[User]:
        """The owners among those looked for."""
        return list(User.objects.filter(self.only("pk"), is_staff=True, is_active=True).order_by("pk"))

    def helpers(self) -> list[User]:
        """Those who answer sellers: owners and support."""
        works = Q(is_staff=True) | Q(is_support=True)
        return list(User.objects.filter(self.only("pk"), works, is_active=True).order_by("pk"))


def _help(search: Search) -> Iterator[Due]:
    """Requests for help, to every operator; answers, to the person who asked."""
    handled = {ASKED: search.handled(ASKED), ANSWERED: search.handled(ANSWERED)}
    projects = Project.objects.in_bulk(
        HelpRequest.objects.filter(Q(at__gte=search.since) | Q(answered_at__gte=search.since)).values_list(
            "project", flat=True
        )
    )
    operators = search.helpers()
    for request in (
        HelpRequest.objects.filter(at__gte=search.since, answered_at=None).select_related("person").order_by("at")
    ):
        for operator in operators:
            key = f"{request.pk}:{operator.pk}"
            if operator.pk != request.person_id and key not in handled[ASKED]:
                facts = {"asked": request, "project": projects[request.project]}
                yield Due(f"{ASKED}:{key}", ASKED, operator, facts)
    answered = HelpRequest.objects.filter(search.only("person"), answered_at__gte=search.since)
    for request in answered.select_related("person").order_by("answered_at"):
        if request.pk not in handled[ANSWERED]:
            facts = {"asked": request, "project": projects[request.project]}
            yield Due(f"{ANSWERED}:{request.pk}", ANSWERED, request.person, facts)


def _ended(search: Search) -> Iterator[Due]:
    """Finished projects and failed jobs. Each is read only when the next one is taken, so that a few cost little."""
    jobs = Job.objects.filter(search.only("project__owner"), ended_at__gte=search.since)
    handled = {DONE: search.handled(DONE), FAILED: search.handled(FAILED)}
    finished = jobs.filter(status=JobStatus.SUCCEEDED).exclude(kind=JobKind.LISTING)
    for job in _in_shares(finished, lambda job, project: project not in handled[DONE]):
        # A poster finishes with its second job; the project is what is finished, once.
        if job.project.stage == Stage.COMPLETED and job.project_id not in handled[DONE]:
            if not search.wants(DONE, job.project.owner):
                continue
            handled[DONE].add(job.project_id)
            made = Item.objects.filter(job__project=job.project_id, state=ItemState.MADE).count()
            facts = {"project": job.project, "made": made, "money": _money(job.project)}
            yield Due(f"{DONE}:{job.project_id}", DONE, job.project.owner, facts)
    for job in _in_shares(jobs.filter(status=JobStatus.FAILED), lambda job, project: job not in handled[FAILED]):
        if job.project.stage != Stage.DELETED and search.wants(FAILED, job.project.owner):
            refunds = CreditTransaction.objects.filter(job=job.pk, type=TransactionType.REFUND_CREDIT, amount__gt=0)
            rows, single = list(refunds.order_by("seq")), []
            if len(rows) > ROWS_MAX:
                single, rows = rows[:-1], rows[-1:]
            facts = {
                "project": job.project, "what": _what_failed(job), "reason": job.failure_reason,
                "money": queries.money_words(job), "rows": rows, "single": len(single),
                "single_sum": sum(row.amount for row in single), "balance": ledger.balance(job.project.owner_id),
            }  # fmt: skip
            yield Due(f"{FAILED}:{job.pk}", FAILED, job.project.owner, facts)


def _in_shares(jobs: QuerySet[Job], needed: Callable[[str, str], bool]) -> Iterator[Job]:
    """Jobs in the order of their ends, with their projects, if they are `needed` by the keys of job and project. Projects are fetched
    by their keys, as joined, a database may read the whole table for them; and a share at a time, as SQLite refuses a thousand keys in
    one prefetch."""
    ended = jobs.order_by("ended_at", "pk").values_list("pk", "project_id")
    keys = [job for job, project in ended if needed(job, project)]
    for first in range(0, len(keys), SHARE):
        share = Job.objects.filter(pk__in=keys[first : first + SHARE]).order_by("ended_at", "pk")
        yield from share.prefetch_related("project", "project__owner", "project__listing")


def _what_failed(job: Job) -> str:
    name = job.project.name
    if job.kind == JobKind.LISTING:
        return f"The listing of “{name}” could not be written"
    return f"“{name}” could not be made" + ("" if job.kind == JobKind.LAUNCH else " print-ready")


def _money(project: Project) -> str:
    """What a project has cost altogether, as the ledger has it."""
    money = ledger.jobs_money(list(project.jobs.values_list("pk", flat=True))).values()
    net, refunded = sum(m.net for m in money), sum(m.refunded for m in money)
    used = f"{net:,} credit{'' if net == 1 else 's'} {'was' if net == 1 else 'were'} used"
    return f"{used}; {refunded:,} refunded." if refunded else f"{used}."


def _waiting(search: Search) -> Iterator[Due]:
    """Projects at a gate, and designs that wait for a decision, once each."""
    handled = search.handled(WAITING)
    gate = Job.objects.filter(
        search.only("project__owner"),
        ended_at=None,
        status=JobStatus.WAITING,
        project__stage=Stage.AWAITING_APPROVAL,
        gate_reached_at__gte=search.since,
    )
    designs = Project.objects.filter(
        search.only("owner"), files_deleted_at=None, stage=Stage.DESIGN_READY, stage_since__gte=search.since
    )
    design = Job.objects.filter(kind=JobKind.LAUNCH, project__in=list(designs.values_list("pk", flat=True)))
    both = [*gate.select_related("project", "project__owner"), *design.select_related("project", "project__owner")]
    for job in sorted(both, key=lambda job: job.pk):
        if job.pk not in handled:
            made = job.items.filter(state=ItemState.MADE).count()
            facts = {"project": job.project, "made": made, "design": job.project.stage == Stage.DESIGN_READY}
            yield Due(f"{WAITING}:{job.pk}", WAITING, job.project.owner, facts)


def low_balance() -> int:
    """Below how many credits a balance is low: the price of the usual clipart bundle with the least costly model."""
    count = PRODUCTS[Product.CLIPART].count_default
    totals = [
        prices.total(prices.quote_lines(Product.CLIPART.value, model.code, count))
        for model in prices.models(Product.CLIPART.value)
    ]
    return min(totals, default=0)


def _low(search: Search) -> Iterator[Due]:
    """People whose last movement was a spend that left too little, once for each time credits came in before it.

    Not while work of theirs runs: what fails comes back, and the message would be wrong a minute later.
    """
    least, handled = low_balance(), search.handled(LOW)
    spent = CreditTransaction.objects.filter(
        search.only("account__owner"),
        type=TransactionType.SPEND_CREDIT,
        pk__gte=ports.first_id(search.since),
        balance_after__lt=least,
        seq=F("account__seq"),
    )
    working = Job.objects.filter(ended_at=None, status__in=[s for s in ACTIVE_JOB if s != JobStatus.WAITING])
    busy = set(working.values_list("project__owner_id", flat=True))
    for row in spent.select_related("account__owner"):
        owner = row.account.owner
        if owner.pk in busy:
            continue
        came = CreditTransaction.objects.filter(
            account=row.account_id, type__in=[TransactionType.GRANT_CREDIT, TransactionType.PURCHASE_CREDIT]
        )
        last = came.order_by("-seq").values_list("pk", flat=True).first() or "none"
        if last not in handled:
            balance = ledger.balance(owner.pk)
            yield Due(f"{LOW}:{last}", LOW, owner, {"balance": balance, "least": least})


def _not_launched(search: Search) -> Iterator[Due]:
    """Batches that were to be launched with their list and weren't, and those held up by the studio: once for each of the two."""
    handled = search.handled(NOT_LAUNCHED)
    for wait in requested_launches.refused(search.since, search.people):
        batch, key = wait.batch, f"{wait.pk}:{wait.state}"
        if key in handled or batch.state != Batch.State.DRAFT:
            continue  # of one launched by hand meanwhile there is nothing to say
        errors = list(wait.errors.values())
        facts = {
            "batch": batch, "waits": wait.ended_at is None, "reason": wait.reason, "errors": errors[:ERRORS_MAX],
            "more": len(errors[ERRORS_MAX:]), "next_step": launches.next_step(wait),
            "credits": wait.problem == launches.TOO_FEW, "said": "charged" in wait.reason,
        }  # fmt: skip
        yield Due(f"{NOT_LAUNCHED}:{key}", NOT_LAUNCHED, batch.owner, facts)


def _paused(search: Search) -> Iterator[Due]:
    """Providers that stopped for a reason of the operator's (rules §5.7), once for each pause and operator. A pause an
    operator made by hand is no news to them."""
    operators = search.owners()
    for pause in ProviderPause.objects.filter(since__gte=search.since).exclude(reason=PAUSED_WORDS).order_by("since"):
        for person in operators:
            key = f"{PAUSED}:{pause.provider}:{pause.since:%Y%m%d%H%M%S}:{person.pk}"
            facts = {"provider": pause.provider, "reason": pause.reason, "detail": pause.detail, "since": pause.since}
            yield Due(key, PAUSED, person, facts)


def _needed(search: Search) -> Iterator[Due]:
    """What only an operator can mend and no pause tells them of: Etsy, Google or the store refuses the studio itself. Once
    a day for each such reason and operator, however many projects met it."""
    reported = set(ProviderPause.objects.values_list("reason", flat=True))
    met: dict[tuple[str, dt.date], dict[str, Any]] = {}
    # The literal lets both databases use the partial index; they can't know what a parameter will be.
    failed = Attempt.objects.filter(note=False, ended_at__gte=search.since).extra(
        where=["pipeline_attempt.outcome = 'operator'"]
    )
    tries = failed.filter(stage__in=[stage for stage in RUNS if stage != Stage.GENERATING])
    for reason, detail, at in (
        tries.exclude(reason__in=reported).order_by("ended_at").values_list("reason", "detail", "ended_at")
    ):
        _met(met, reason, at, detail)
    copies = DriveCopy.objects.filter(
        state=DriveCopy.State.FAILED, ended_at__gte=search.since, reason__in=drive.FOR_THE_OPERATOR
    )
    for reason, at in copies.order_by("ended_at").values_list("reason", "ended_at"):
        _met(met, reason, at)
    operators = search.owners()
    for (reason, day), facts in met.items():
        short = hashlib.sha256(reason.encode()).hexdigest()[:12]
        for person in operators:
            yield Due(f"{NEEDED}:{day:%Y%m%d}:{short}:{person.pk}", NEEDED, person, facts)


def _met(met: dict[tuple[str, dt.date], dict[str, Any]], reason: str, at: dt.datetime | None, detail: str = "") -> None:
    assert at is not None, "chosen by when it ended"
    facts = met.setdefault((reason, at.date()), {"reason": reason, "detail": detail, "since": at, "times": 0})
    facts["times"] += 1


SOURCES: tuple[Callable[[Search], Iterator[Due]], ...] = (
    _ended,
    _waiting,
    _low,
    _not_launched,
    _paused,
    _needed,
    _help,
)
