"""The messages: finished, failed with what came back, waiting for approval, credits running low; and for the operator of the
studio, that a provider was paused or something else needs them.

`send_due` reads what happened from our tables and sends each message once; every figure in a message is read from the
ledger. A message never carries a secret, a file or a sign-in link, and never says more than the pages do. A person who
switched a kind off gets none of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.template.loader import render_to_string
from django.urls import reverse

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import queries
from elistit.chain.due import RUNS
from elistit.chain.models import Attempt, ProviderPause
from elistit.credits import ledger, prices
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.delivery.google_drive import outcomes as drive
from elistit.delivery.models import DriveCopy
from elistit.maintenance.task import Run
from elistit.projects.models import Item, Job, JobKind, Project
from elistit.projects.products import PRODUCTS, Product
from elistit.projects.states import ACTIVE_JOB, ItemState, JobStatus, Stage
from elistit.support import mailbox
from elistit.support.acts import PAUSED_WORDS
from elistit.support.models import HelpRequest, MailPreference, SentMail

log = logging.getLogger(__name__)

DONE, FAILED, WAITING, LOW = "done", "failed", "waiting", "low_balance"
ANSWERED, ASKED, PAUSED, NEEDED = "answered", "asked", "paused", "needed"
KINDS: dict[str, tuple[str, str]] = {
    DONE: ("A project is finished", "With a link to its files and its listing."),
    FAILED: ("A project failed", "What happened and what was refunded."),
    WAITING: ("A project needs your approval", "Once per project, when it is first ready to review."),
    LOW: ("Your credits run low", "Once, when your balance no longer covers a typical project."),
    ANSWERED: ("Your question is answered", "When the studio operator has answered it."),
    ASKED: ("A seller asks for help", "For operators: what they expected, with the project's details."),
    PAUSED: ("A provider was paused", "For operators: its key, its balance or its model needs attention."),
    NEEDED: (
        "The studio needs attention",
        "For operators: Etsy, Google or file storage rejects the studio's keys. Once a day.",
    ),
}
OPERATORS_ONLY = frozenset({PAUSED, NEEDED, ASKED})
"""Every kind of message a person can switch off, in the words of the settings page."""


def kinds_for(person: User) -> dict[str, tuple[str, str]]:
    """The kinds of message a person can get."""
    return {kind: words for kind, words in KINDS.items() if person.is_staff or kind not in OPERATORS_ONLY}


LOOK_BACK = dt.timedelta(hours=24)
"""What happened longer ago is not mailed: an installation that was down for a week does not write about last Tuesday."""
AT_ONCE = 100
TRIES = 5
ROWS_MAX = 4
"""Refund rows a message lists; of more it says how many there are and what they come to, and lists the last."""
SALT = "elistit mail preferences"


@dataclass(frozen=True)
class Due:
    """One message to be sent. `key` names it forever; `facts` are what its templates are filled with."""

    key: str
    kind: str
    person: User
    facts: dict[str, Any]

    @property
    def project(self) -> str:
        found = self.facts.get("project")
        return found.pk if isinstance(found, Project) else ""


def send_due(run: Run | None = None) -> int:
    """Send what is due and was not sent yet; how many messages left. At most 100 at once. Safe to call at any time.
    A kind of message that can't be looked up, and a message that can't be written, stop no other.

    A message the mail server does not take is retried at later calls, five times in all.
    """
    connection = mailbox.connection()
    if connection is None:
        return 0
    run, off = run or Run(), {p.pk: set(p.off) for p in MailPreference.objects.all()}
    found: list[Due] = []
    run.each(_SOURCES, lambda source: found.extend(source(ports.now() - LOOK_BACK)), key=lambda source: source.__name__)

    def send(due: Due) -> int:
        if due.kind in off.get(due.person.pk, ()) or not _reachable(due.person) or not _claim(due):
            return 0
        return _send(due, connection)

    sent = 0
    for due in found:
        if sent >= AT_ONCE or run.expired():
            break
        sent += run.each([due], send, key=lambda row: row.key)
    return sent


def _reachable(person: User) -> bool:
    # The first person of a new installation is seller@localhost, where no mail arrives.
    return person.is_active and "." in person.email.rpartition("@")[2]


def arrives(person: User, kind: str) -> bool:
    """Whether a message of a kind would reach this person by e-mail: mail leaves this installation, the address can receive
    it, and they haven't switched the kind off."""
    if mailbox.way() is not mailbox.Way.SENT or not _reachable(person):
        return False
    preference = MailPreference.objects.filter(pk=person.pk).first()
    return preference is None or kind not in preference.off


def can_receive(person: User) -> bool:
    """Whether a person's address is one that mail can arrive at."""
    return _reachable(person)


def _claim(due: Due) -> bool:
    """Take a message for sending. False when it was sent, given up, or is being sent elsewhere."""
    again = SentMail.objects.filter(pk=due.key, state=SentMail.State.WAITING)
    row = again.values_list("tries", flat=True).first()
    if row is not None:
        return bool(again.filter(tries=row).update(state=SentMail.State.SENDING, tries=row + 1, at=ports.now()))
    if SentMail.objects.filter(pk=due.key).exists():
        return False
    try:
        with transaction.atomic():
            SentMail.objects.create(key=due.key, kind=due.kind, person=due.person, project=due.project)
    except IntegrityError:
        return False
    return True


def _send(due: Due, connection: BaseEmailBackend) -> int:
    row = SentMail.objects.filter(pk=due.key)
    try:
        build(due, connection).send()
    except Exception as trouble:
        tries = row.values_list("tries", flat=True).get()
        state = SentMail.State.GIVEN_UP if tries >= TRIES else SentMail.State.WAITING
        row.update(state=state, trouble=type(trouble).__name__)
        log.warning("a message about project %s did not leave: %s", due.project or "none", type(trouble).__name__)
        return 0
    row.update(state=SentMail.State.SENT, trouble="", at=ports.now())
    return 1


def build(due: Due, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """A message as text and HTML, with the headers a mail program needs to offer switching it off."""
    off = settings.BASE_URL + reverse("mail-off", args=[signing.dumps([due.person.pk, due.kind], salt=SALT)])
    facts = {
        **due.facts,
        "base": settings.BASE_URL,
        "off": off,
        "kind_words": KINDS[due.kind][0],
    }
    subject = " ".join(render_to_string(f"support/mail/{due.kind}.subject.txt", facts).split())
    message = EmailMultiAlternatives(
        subject, render_to_string(f"support/mail/{due.kind}.txt", facts), mailbox.sender(), [due.person.email],
        connection=connection,
        headers={
            "Message-ID": make_msgid(due.key.replace(":", "."), parseaddr(mailbox.sender())[1].rpartition("@")[2]),
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )  # fmt: skip
    message.attach_alternative(render_to_string(f"support/mail/{due.kind}.html", facts), "text/html")
    return message


# ---- what is due ----------------------------------------------------------------------------------------------------


def _help(since: dt.datetime) -> Iterator[Due]:
    """Requests for help, to every operator; answers, to the person who asked."""
    handled = {ASKED: _without_mail(ASKED), ANSWERED: _without_mail(ANSWERED)}
    projects = Project.objects.in_bulk(
        HelpRequest.objects.filter(Q(at__gte=since) | Q(answered_at__gte=since)).values_list("project", flat=True)
    )
    for asked in HelpRequest.objects.filter(at__gte=since, answered_at=None).select_related("person").order_by("at"):
        for operator in User.objects.filter(is_staff=True, is_active=True).exclude(pk=asked.person_id):
            key = f"{asked.pk}:{operator.pk}"
            if key not in handled[ASKED]:
                facts = {"asked": asked, "project": projects[asked.project]}
                yield Due(f"{ASKED}:{key}", ASKED, operator, facts)
    for asked in HelpRequest.objects.filter(answered_at__gte=since).select_related("person").order_by("answered_at"):
        if asked.pk not in handled[ANSWERED]:
            facts = {"asked": asked, "project": projects[asked.project]}
            yield Due(f"{ANSWERED}:{asked.pk}", ANSWERED, asked.person, facts)


def _without_mail(prefix: str) -> set[str]:
    """The ids behind a prefix whose message is dealt with."""
    done = SentMail.objects.filter(key__startswith=f"{prefix}:").exclude(state=SentMail.State.WAITING)
    return {key.split(":", 1)[1] for key in done.values_list("key", flat=True)}


def _ended(since: dt.datetime) -> Iterator[Due]:
    # Projects are fetched by their keys: joined, a database may read the whole table for them.
    jobs = Job.objects.filter(ended_at__gte=since).prefetch_related("project", "project__owner", "project__listing")
    handled = {DONE: _without_mail(DONE), FAILED: _without_mail(FAILED)}
    finished = jobs.filter(status=JobStatus.SUCCEEDED).exclude(kind=JobKind.LISTING)
    for job in finished.order_by("ended_at"):
        # A poster finishes with its second job; the project is what is finished, once.
        if job.project.stage == Stage.COMPLETED and job.project_id not in handled[DONE]:
            handled[DONE].add(job.project_id)
            made = Item.objects.filter(job__project=job.project_id, state=ItemState.MADE).count()
            facts = {"project": job.project, "made": made, "money": _money(job.project)}
            yield Due(f"{DONE}:{job.project_id}", DONE, job.project.owner, facts)
    for job in jobs.filter(status=JobStatus.FAILED).order_by("ended_at"):
        if job.pk not in handled[FAILED] and job.project.stage != Stage.DELETED:
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


def _waiting(since: dt.datetime) -> Iterator[Due]:
    """Projects at a gate, and designs that wait for a decision, once each."""
    handled = _without_mail(WAITING)
    gate = Job.objects.filter(
        ended_at=None, status=JobStatus.WAITING, project__stage=Stage.AWAITING_APPROVAL, gate_reached_at__gte=since
    )
    designs = Project.objects.filter(files_deleted_at=None, stage=Stage.DESIGN_READY, stage_since__gte=since)
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


def _low(since: dt.datetime) -> Iterator[Due]:
    """People whose last movement was a spend that left too little, once for each time credits came in before it.

    Not while work of theirs runs: what fails comes back, and the message would be wrong a minute later.
    """
    least, handled = low_balance(), _without_mail(LOW)
    newest = CreditTransaction.objects.filter(account=OuterRef("account")).order_by("-seq")
    spent = CreditTransaction.objects.filter(
        type=TransactionType.SPEND_CREDIT, created_at__gte=since, balance_after__lt=least
    )
    working = Job.objects.filter(ended_at=None, status__in=[s for s in ACTIVE_JOB if s != JobStatus.WAITING])
    busy = set(working.values_list("project__owner_id", flat=True))
    for row in spent.filter(pk=Subquery(newest.values("pk")[:1])).select_related("account__owner"):
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


def _paused(since: dt.datetime) -> Iterator[Due]:
    """Providers that stopped for a reason of the operator's (rules §5.7), once for each pause and operator. A pause an
    operator made by hand is no news to them."""
    for pause in ProviderPause.objects.filter(since__gte=since).exclude(reason=PAUSED_WORDS).order_by("since"):
        for person in User.objects.filter(is_staff=True, is_active=True).order_by("pk"):
            key = f"{PAUSED}:{pause.provider}:{pause.since:%Y%m%d%H%M%S}:{person.pk}"
            facts = {"provider": pause.provider, "reason": pause.reason, "detail": pause.detail, "since": pause.since}
            yield Due(key, PAUSED, person, facts)


def _needed(since: dt.datetime) -> Iterator[Due]:
    """What only an operator can mend and no pause tells them of: Etsy, Google or the store refuses the studio itself. Once
    a day for each such reason and operator, however many projects met it."""
    told = set(ProviderPause.objects.values_list("reason", flat=True))
    met: dict[tuple[str, dt.date], dict[str, Any]] = {}
    # The literal lets both databases use the partial index; they can't know what a parameter will be.
    failed = Attempt.objects.filter(note=False, ended_at__gte=since).extra(
        where=["pipeline_attempt.outcome = 'operator'"]
    )
    tries = failed.filter(stage__in=[stage for stage in RUNS if stage != Stage.GENERATING])
    for reason, detail, at in (
        tries.exclude(reason__in=told).order_by("ended_at").values_list("reason", "detail", "ended_at")
    ):
        _met(met, reason, at, detail)
    copies = DriveCopy.objects.filter(
        state=DriveCopy.State.FAILED, ended_at__gte=since, reason__in=drive.FOR_THE_OPERATOR
    )
    for reason, at in copies.order_by("ended_at").values_list("reason", "ended_at"):
        _met(met, reason, at)
    for (reason, day), facts in met.items():
        short = hashlib.sha256(reason.encode()).hexdigest()[:12]
        for person in User.objects.filter(is_staff=True, is_active=True).order_by("pk"):
            yield Due(f"{NEEDED}:{day:%Y%m%d}:{short}:{person.pk}", NEEDED, person, facts)


def _met(met: dict[tuple[str, dt.date], dict[str, Any]], reason: str, at: dt.datetime | None, detail: str = "") -> None:
    assert at is not None, "chosen by when it ended"
    facts = met.setdefault((reason, at.date()), {"reason": reason, "detail": detail, "since": at, "times": 0})
    facts["times"] += 1


_SOURCES: tuple[Callable[[dt.datetime], Iterator[Due]], ...] = (_ended, _waiting, _low, _paused, _needed, _help)
