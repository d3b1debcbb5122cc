"""What a greedy seller has beyond what it paid: must be nothing, after any sequence (rules §5.3, §7, §8).

Reads rows and the world's own record; it must never call the code it judges. Everything has a price: an image at full size what
generating one costs, print files what enlarging costs, the listing's text its line.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from elistit.credits.models import CreditAccount, CreditEntry, CreditGrant, CreditTransaction
from elistit.projects.models import Job, Listing, Project
from elistit.simulator.greedy.world import PERSONS, Greedy

FREE_ROUNDS = 3
ORIGINALS = ("image", "source", "received")
LONG_LIFE, SHORT_LIFE = dt.timedelta(days=30), dt.timedelta(hours=24)


def violations(greedy: Greedy) -> list[str]:
    """Everything a sequence gained, in words."""
    return [*_trials(greedy), *_files(greedy), *_work(greedy), *_credits(greedy), *_lives()]


def score(greedy: Greedy) -> int:
    """How near a sequence is to gaining, in credits: what it holds less what it paid, over all projects that hold anything."""
    paid = _net()
    return sum(_value(greedy, p) - paid[p.pk] for p in Project.objects.order_by("pk"))


def _trials(greedy: Greedy) -> Iterator[str]:
    given = Counter(PERSONS.get(address, 2) for address in greedy.trials)
    for count in given.values():
        if count > 1:
            yield f"one person was given the trial {count} times"


def _net() -> dict[str, int]:
    """What each project was charged less what came back."""
    net: dict[str, int] = defaultdict(int)
    for row in CreditTransaction.objects.exclude(project=""):
        net[row.project] -= row.amount
    return net


def _files(greedy: Greedy) -> Iterator[str]:
    """What was served of a project is worth no more than it cost."""
    paid = _net()
    for project in Project.objects.order_by("pk"):
        value = _value(greedy, project)
        if value > paid[project.pk]:
            yield f"project …{project.pk[-4:]} ({project.product}) gave {value} credits' worth for {paid[project.pk]}"


def _value(greedy: Greedy, project: Project) -> int:
    prices: dict[str, int] = {}
    for job in Job.objects.select_related("quote").filter(project=project):
        prices |= {line["action"]: line["unit_price"] for line in job.quote.lines}
    mine = [h for h in greedy.held if h[0] == project.pk]
    images = {(item, round_) for _, item, round_, role in mine if role in ORIGINALS}
    prints = {item for _, item, _, role in mine if role == "print"}
    written = Listing.objects.get(project=project).text == "written"
    return (
        len(images) * prices.get("generate", 0)
        + len(prints) * prices.get("upscale", 0)
        + written * prices.get("listing", 0)
    )


def _work(greedy: Greedy) -> Iterator[str]:
    """Images made for nothing: with the prompt of a round that was paid for, and at most three of each."""
    paid: dict[tuple[str, int], set[int]] = defaultdict(lambda: {0})
    for row in CreditTransaction.objects.filter(type="SPEND_CREDIT").exclude(item=None):
        paid[row.job, int(row.item or 0)].add(int(row.idempotency_key.split(":")[3]))
    made: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for job, item, round_, prompt in greedy.generated:
        made[job, item].append((round_, " ".join(prompt.split())))
    for (job, item), rounds in made.items():
        asked = {prompt for round_, prompt in rounds if round_ in paid[job, item]}
        free = Counter(prompt for round_, prompt in rounds if round_ not in paid[job, item])
        for prompt, count in free.items():
            if prompt not in asked:
                yield f"image {item} of job …{job[-4:]} was made for nothing with a prompt no one paid for (“{prompt}”)"
            if count > FREE_ROUNDS:
                yield f"image {item} of job …{job[-4:]} was made {count} times for nothing with one prompt"


def _credits(greedy: Greedy) -> Iterator[str]:
    """Credits come from trials and purchases, and go to projects or end."""
    came = sum(
        row.amount
        for row in CreditTransaction.objects.order_by("seq")
        if row.type in ("GRANT_CREDIT", "PURCHASE_CREDIT")
    )
    due = greedy.bought + 30 * len(greedy.trials)
    if came != due:
        yield f"{came} credits were given where {due} were due"
    ended = -sum(row.amount for row in CreditTransaction.objects.filter(type="EXPIRE_CREDIT"))
    holds = sum(account.balance for account in CreditAccount.objects.order_by("pk"))
    spent = sum(_net().values())
    if holds + spent + ended != came:
        yield f"{holds} credits are held, {spent} spent and {ended} ended of {came}"


def _lives() -> Iterator[str]:
    """Credits that come back after their grant has ended live 30 days at most, and those that had come back so already a day."""
    grants: dict[Any, CreditGrant] = {g.pk: g for g in CreditGrant.objects.order_by("pk")}
    for entry in CreditEntry.objects.order_by("pk"):
        if entry.drawn_from_id is None or entry.drawn_from_id == entry.grant_id:
            continue
        grant, before = grants[entry.grant_id], grants[entry.drawn_from_id]
        most = SHORT_LIFE if before.source.startswith("returned") else LONG_LIFE
        if grant.expires_at is None or grant.expires_at - grant.created_at > most:
            yield f"{entry.amount} credits came back to live longer than {most.days} days ({before.source}, {grant.source})"
