"""The rounds of an item: which remakes are free, which versions there are, what a flagged one returns (rules §7, §8).

Every function that writes runs in its caller's transaction with the job's row locked. It must never move credits: it says
what is due, and `gate`, `chain.failure` and `chain.failover` post it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from elistit.credits import prices, quotes
from elistit.prepared import prepared
from elistit.projects.models import Item, ItemRound, Job
from elistit.projects.states import ItemState

FREE_AT_WISH = 2
"""Free remakes at the seller's wish of an image our check flagged, for each prompt of an item; one more comes automatically."""

Why, State = ItemRound.Why, ItemRound.State


def same_prompt(one: str, other: str) -> bool:
    """Whether two prompts are the same but for spacing. Anything else makes the remake a new order."""
    return one.split() == other.split()


def of(item: Item) -> list[ItemRound]:
    """Every round of an item, oldest first. An item made before rounds were recorded has the one that is chosen."""
    rows = list(item.rounds.order_by("number"))
    made = item.art.get("made_round")
    if made is not None and not any(r.number == made for r in rows):
        rows = sorted([*rows, _from_before(item, made)], key=lambda r: r.number)
    return rows


def of_job(job: Job, items: Iterable[Item]) -> dict[int, list[ItemRound]]:
    """The rounds of many items of one job by item number, in one query."""
    found: dict[int, list[ItemRound]] = {}
    for row in _of_job.objects(job.pk):
        found.setdefault(row.item_id, []).append(row)
    known: dict[int, list[ItemRound]] = {}
    for item in items:
        rows, made = found.get(item.pk, []), item.art.get("made_round")
        if made is not None and not any(r.number == made for r in rows):
            rows = sorted([*rows, _from_before(item, made)], key=lambda r: r.number)
        known[item.number] = rows
    return known


@prepared
def _of_job(job_id: str) -> QuerySet[ItemRound]:
    return ItemRound.objects.filter(item__job=job_id).order_by("number")


def _from_before(item: Item, made: int) -> ItemRound:
    """The chosen version of an item as a round; not written yet."""
    working = item.state == ItemState.PENDING
    return ItemRound(
        item=item, number=made, order=made, state=State.MADE, charged=item.price - item.remake_price,
        prompt=item.art.get("prompt_before", item.prompt) if working else item.prompt, subject=item.subject,
        flags=item.flags, art=_art(item.art),
    )  # fmt: skip


def _write(rows: list[ItemRound]) -> None:
    ItemRound.objects.bulk_create(rows)


def _art(art: dict[str, Any]) -> dict[str, Any]:
    return {name: art[name] for name in ("made_round", "made_model", "signature", "redraw") if name in art}


def chosen(item: Item, rows: Iterable[ItemRound]) -> ItemRound | None:
    """The version that is shown and would be kept. None while nothing has been made."""
    return next((r for r in rows if r.number == item.art.get("made_round") and r.state == State.MADE), None)


def versions(rows: Iterable[ItemRound]) -> list[ItemRound]:
    """The rounds that made an image, oldest first."""
    return [r for r in rows if r.state == State.MADE]


def _all_flagged(rows: Iterable[ItemRound], order: int) -> bool:
    made = [r for r in versions(rows) if r.order == order]
    return bool(made) and all(r.flags for r in made)


# ---- remakes ------------------------------------------------------------------------------------------------------------


def is_free(item: Item, prompt: str | None) -> bool:
    """Whether a remake now costs nothing: our check flagged the chosen version and every other one of its order, the prompt
    is unchanged, and free remakes are left for it (rules §7). An edited prompt is a new order, whatever was flagged."""
    if item.state not in (ItemState.MADE, ItemState.DROPPED) or not item.flags:
        return False
    rows = of(item)
    version = chosen(item, rows)
    if version is None or version.returned or not _all_flagged(rows, version.order):
        return False
    # An edited remake that failed leaves its words with the item: asking for those again is still a new order.
    if not same_prompt(item.prompt if prompt is None else prompt, version.prompt):
        return False
    used = [r for r in rows if r.why == Why.WISH and r.state != State.LOST and same_prompt(r.prompt, version.prompt)]
    return len(used) < FREE_AT_WISH


def ask(item: Item, prompt: str | None, *, charged: int, print_size: int, free: bool) -> None:
    """Record that a remake was asked for: the next round of an item, as it is before that remake."""
    rows = of(item)
    _write([row for row in rows if row.pk is None])
    version = chosen(item, rows)
    number = item.round + 1
    ItemRound.objects.create(
        item=item, number=number, order=version.order if free and version else number, why=Why.WISH if free else Why.ORDER,
        charged=charged, print_size=print_size, prompt=prompt or item.prompt,
    )  # fmt: skip


def may_check_again(item: Item) -> bool:
    """Whether an image our check has just flagged is remade automatically: once for each prompt of an item."""
    rows = of(item)
    if item.free_remake_used and not any(r.why == Why.CHECK for r in rows):
        return False  # used up before rounds were recorded
    return not any(r.why == Why.CHECK and same_prompt(r.prompt, item.prompt) for r in rows)


def made(item: Item, flags: list[Any], art: dict[str, Any], *, again: bool) -> None:
    """Record what the running round made; with `again`, also the free round that follows it."""
    row = _running(item)
    ItemRound.objects.filter(pk=row.pk).update(
        state=State.MADE, prompt=item.prompt, subject=item.subject, flags=flags,
        art={**_art(art), "made_round": item.round},
    )  # fmt: skip
    if again:
        ItemRound.objects.create(
            item=item, number=item.round + 1, order=row.order, why=Why.CHECK, prompt=item.prompt, subject=item.subject
        )


def _running(item: Item) -> ItemRound:
    """The round an item is in; recorded here when it is the first or was begun before rounds were recorded."""
    row = ItemRound.objects.filter(item=item, number=item.round).first()
    if row is None:
        row = ItemRound.objects.create(
            item=item, number=item.round, order=item.round, prompt=item.prompt,
            charged=item.remake_price if item.round else item.price,
            print_size=0 if item.round else prices.print_price(quotes.lines_of(item.job.quote)),
        )  # fmt: skip
    return row


def lost(item: Item, *, everything: bool) -> None:
    """Record that the running round could not be made and its price came back; with `everything`, all of the item's."""
    row = _running(item)
    if row.state == State.PENDING:
        ItemRound.objects.filter(pk=row.pk).update(state=State.LOST, returned=row.charged > 0)
    if everything:
        item.rounds.filter(returned=False).update(returned=True)


def step_in(item: Item, *, charged: int, print_size: int) -> None:
    """Record that another model makes the next round, for what that costs; the round before it cost nothing then."""
    row = _running(item)
    ItemRound.objects.filter(pk=row.pk).update(state=State.LOST, charged=0, print_size=0)
    ItemRound.objects.create(
        item=item, number=item.round + 1, order=item.round + 1, why=Why.STEP_IN, charged=charged,
        print_size=print_size, prompt=item.prompt,
    )  # fmt: skip


# ---- what is kept and what comes back -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """What one item returns at approval: `orders` whose every version our check flagged and of which none is kept, and their
    price in credits. `print_size` is the part of it that paid for enlarging: it returns only with a dropped item."""

    orders: tuple[int, ...]
    credits: int
    print_size: int


NOTHING = Due((), 0, 0)


def due_at_approval(item: Item, rows: list[ItemRound]) -> Due:
    """What our check's flags return for an item when the project is approved now (rules §8). Never the price of an order
    with a version our check did not flag, nor of the one that is kept."""
    kept = chosen(item, rows) if item.state == ItemState.MADE else None
    orders, amount, print_size = [], 0, 0
    for order in sorted({r.order for r in versions(rows)}):
        if (kept is not None and kept.order == order) or not _all_flagged(rows, order):
            continue
        paid = [r for r in rows if r.order == order and not r.returned]
        if not any(r.charged for r in paid):
            continue
        orders.append(order)
        amount += sum(r.charged for r in paid)
        print_size += sum(r.print_size for r in paid)
    if kept is not None:
        # The version that is kept is enlarged: whichever order paid for that, it is being done.
        amount, print_size = amount - print_size, 0
    return Due(tuple(orders), amount, print_size)


def give_back(item: Item, due: Due) -> None:
    """Record that orders of an item were returned: what they made isn't served any longer."""
    _write([row for row in of(item) if row.pk is None])
    item.rounds.filter(order__in=list(due.orders)).update(returned=True)


def choose(item: Item, number: int) -> bool:
    """Make a version the chosen one: its image, prompt and flags become the item's. False when there is no such version or
    its price came back. Choosing the chosen one changes nothing."""
    row = next((r for r in versions(of(item)) if r.number == number), None)
    if row is None or row.returned:
        return False
    art = {name: value for name, value in item.art.items() if name not in _art(item.art)}
    Item.objects.filter(pk=item.pk).update(
        prompt=row.prompt, subject=row.subject or item.subject, flags=row.flags, art={**art, **row.art}, reason=""
    )
    return True
