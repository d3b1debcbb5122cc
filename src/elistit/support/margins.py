"""What projects cost the operator and what their credits are worth, by product and model, and why credits were refunded.

Everything is read from rows: provider calls with their cost, ledger entries with the grant they moved, and the jobs they belong
to. A credit is worth what its grant was sold for by today's price list; credits given away are worth nothing. It must never
estimate a cost that no row has, and never write.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from elistit import ports
from elistit.chain.models import Attempt, ProviderCall
from elistit.chain.outcomes import MEANINGS
from elistit.credits import prices
from elistit.credits.models import CreditEntry, CreditGrant, CreditTransaction
from elistit.projects.models import Job, Project

LONGEST, A_DAY = dt.timedelta(days=366), dt.timedelta(days=1)
MICROS_PER_CENT = 10_000
RETURNED = "returned"
DROPPED, PRINT_SIZE, OTHER = "Dropped after our check flagged it", "Print size of dropped images", "Other"
COLUMNS = (
    "product",
    "model",
    "credits_charged",
    "credits_refunded",
    "credits_unpriced",
    "income_usd",
    "calls",
    "cost_usd",
    "margin_usd",
)


@dataclass
class Line:
    """One product made with one model. `charged` and `refunded` are credits; `unpriced` of them came from a plan or pack that is
    off the price list, and are worth nothing here. `income` and `cost` are millionths of a dollar."""

    product: str
    model: str
    charged: int = 0
    refunded: int = 0
    unpriced: int = 0
    income: Fraction = field(default_factory=Fraction)
    calls: int = 0
    cost: int = 0

    @property
    def income_micros(self) -> int:
        return round(self.income)

    @property
    def margin_micros(self) -> int:
        return self.income_micros - self.cost

    def add(self, other: Line) -> None:
        for name in ("charged", "refunded", "unpriced", "income", "calls", "cost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class Cause:
    """Why credits were refunded: how many rows, and how many credits."""

    words: str
    rows: int
    credits: int


@dataclass(frozen=True)
class Report:
    """A period, [since, until), its lines by product and model, their total, and the causes of refunds, the largest first."""

    since: dt.datetime
    until: dt.datetime
    lines: tuple[Line, ...]
    total: Line
    causes: tuple[Cause, ...]


def of(since: dt.datetime, until: dt.datetime) -> Report:
    """The report of a period. Raises ValueError for one that ends before it begins or is longer than 366 days."""
    if not since < until <= since + LONGEST:
        raise ValueError("Choose a period of 1 to 366 days.")
    lines: dict[tuple[str, str], Line] = {}

    def line(product: str, model: str) -> Line:
        return lines.setdefault((product, model), Line(product, model))

    _credits(since, until, line)
    calls = ProviderCall.objects.filter(sent_at__gte=since, sent_at__lt=until).order_by()
    for product, model, count, cost in calls.values_list("job__project__product", "job__project__model").annotate(
        count=Count("pk"), cost=Sum("cost_micros")
    ):
        found = line(product, model)
        found.calls, found.cost = count, cost
    total = Line("", "")
    for one in lines.values():
        total.add(one)
    ordered = sorted(lines.values(), key=lambda one: (one.product, one.model))
    return Report(since, until, tuple(ordered), total, tuple(_causes(since, until)))


def _credits(since: dt.datetime, until: dt.datetime, line: Callable[[str, str], Line]) -> None:
    made = Project.objects.filter(pk=OuterRef("transaction__project"))
    moved = CreditEntry.objects.filter(
        **_within("transaction__", since, until),
        transaction__type__in=("SPEND_CREDIT", "REFUND_CREDIT"),
    ).order_by()  # fmt: skip
    # Summed in the database: a row for each project of a long period would take seconds.
    sums = list(
        moved.annotate(product=Subquery(made.values("product")), model=Subquery(made.values("model")))
        .values_list("product", "model", "transaction__type", "grant_id", "drawn_from_id")
        .annotate(sum=Sum("amount"))
    )
    worth = Worth({drawn or grant for *_, grant, drawn, _ in sums})
    for product, model, kind, grant, drawn, amount in sums:
        found = line(product, model)
        price = worth.of(drawn or grant)
        if kind == "SPEND_CREDIT":
            found.charged -= amount
        else:
            found.refunded += amount
        if price is None:
            found.unpriced -= amount
        else:
            found.income -= amount * price


def _within(prefix: str, since: dt.datetime, until: dt.datetime) -> dict[str, Any]:
    """That a row of the ledger was written in a period. Its id, made with a clock of seconds or minutes around, is found by the primary
    key: by the moment alone a short period of a large studio would read the whole ledger."""
    return {
        f"{prefix}pk__gte": ports.first_id(since - A_DAY), f"{prefix}pk__lt": ports.first_id(until + A_DAY),
        f"{prefix}created_at__gte": since, f"{prefix}created_at__lt": until,
    }  # fmt: skip


class Worth:
    """What one credit of a grant was sold for, in millionths of a dollar; None for a plan or pack that is off the price list. A
    grant made by a refund is worth what the one it was drawn from is."""

    def __init__(self, grants: Iterable[str]) -> None:
        listed = prices.price_list()
        self.prices = {f"plan:{plan.code}": _each(plan.price_cents, plan.credits) for plan in listed.plans}
        self.prices |= {pack.code: _each(pack.price_cents, pack.credits) for pack in listed.top_ups}
        self.sources: dict[str, str] = {}
        self.origins: dict[str, str] = {}
        wanted = set(grants)
        while wanted:
            found = dict(CreditGrant.objects.filter(pk__in=wanted).values_list("pk", "source"))
            self.sources |= found
            remade = [pk for pk, source in found.items() if source.startswith(RETURNED)]
            entries = CreditEntry.objects.filter(grant__in=remade, drawn_from__isnull=False).exclude(
                drawn_from__in=remade
            )
            self.origins |= dict(entries.order_by("-id").values_list("grant_id", "drawn_from_id"))
            wanted = {self.origins[pk] for pk in remade if pk in self.origins} - set(self.sources)

    def of(self, grant: str) -> Fraction | None:
        while grant in self.origins:
            grant = self.origins[grant]
        source = self.sources[grant]
        sold = source.startswith(("plan:", "pack-"))
        return self.prices.get(source) if sold or source in self.prices else Fraction(0)


def refunded_micros(job: str, *, since: dt.datetime) -> int:
    """What the credits a job was refunded from `since` on were sold for, in millionths of a dollar; credits that were given away, or
    whose plan or pack is off the price list, count for nothing."""
    entries = CreditEntry.objects.filter(
        transaction__job=job, transaction__type="REFUND_CREDIT", transaction__created_at__gte=since
    )
    found = list(entries.values_list("grant_id", "drawn_from_id", "amount"))
    worth = Worth(drawn or grant for grant, drawn, _ in found)
    return round(sum((amount * (worth.of(drawn or grant) or 0) for grant, drawn, amount in found), Fraction(0)))


def _each(cents: int, credits: int) -> Fraction:
    return Fraction(cents * MICROS_PER_CENT, credits)


def _causes(since: dt.datetime, until: dt.datetime) -> list[Cause]:
    refunds = CreditTransaction.objects.filter(type="REFUND_CREDIT", amount__gt=0, **_within("", since, until))
    failed = dict(Job.objects.filter(pk__in=refunds.values("job")).values_list("pk", "failure_kind"))
    ends = _ends(refunds.filter(idempotency_key__startswith="item:"))
    times: Counter[str] = Counter()
    credits: Counter[str] = Counter()
    for key, job, amount in refunds.values_list("idempotency_key", "job", "amount").iterator():
        words = _words(key.split(":"), failed.get(job, ""), ends)
        times[words] += 1
        credits[words] += amount
    return [Cause(words, times[words], amount) for words, amount in credits.most_common()]


def _ends(refunds: QuerySet[CreditTransaction]) -> dict[tuple[str, str, str], str]:
    """How the last attempt at each round of an item ended, of the jobs that these are refunds of."""
    attempts = Attempt.objects.filter(job__in=refunds.values("job"), item__gt=0, note=False).exclude(outcome="")
    return {
        (job, str(item), str(round_)): outcome
        for job, item, round_, outcome in attempts.order_by("id").values_list("job", "item", "round", "outcome")
    }


def _words(key: list[str], failure_kind: str, ends: dict[tuple[str, str, str], str]) -> str:
    """The cause of a refund, from its key: of a whole job, of an item, or of what an approval returns."""
    if key[-1] == "dropped":
        return DROPPED
    if key[-1] == "print-size":
        return PRINT_SIZE
    kind = failure_kind if key[0] == "job" else ends.get((key[1], key[2], key[3]), "") if len(key) > 3 else ""
    meaning = MEANINGS.get(kind)
    return meaning.what if meaning else OTHER


def csv_text(report: Report) -> str:
    """The lines and their total as CSV, dollars with six decimals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in (*report.lines, report.total):
        money = [f"{micros / 1_000_000:.6f}" for micros in (one.income_micros, one.cost, one.margin_micros)]
        name = one.product or "total"
        writer.writerow(
            [name, one.model, one.charged, one.refunded, one.unpriced, money[0], one.calls, money[1], money[2]]
        )
    return out.getvalue()
