"""Planning the rows of a batch: the price, storyboard and warnings of each, a slice at a time.

Planning a row takes a fraction of a second of CPU time, so a list is never planned in one request: each request that
reads the batch plans a slice of it. Results are stored row by row; a killed process loses only its current row. It must
never charge anything, and never overwrite what a seller changed in the meantime.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from functools import cache

from django.db import DatabaseError

from elistit.accounts.models import User
from elistit.actions import commands, protected_names, shops
from elistit.projects import batches, orders, storyboard
from elistit.projects.batch_models import BatchRow
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.orders import LaunchSpec
from elistit.projects.products import Product
from elistit.projects.storyboard import Board
from elistit.stages import presets, storyboards

log = logging.getLogger(__name__)

SLICE_SECONDS = 1.0
"""How many seconds one request plans at most, plus the current row."""
OWN_IMAGES = "Your own images can't be launched from a list. Use New project."
OUR_BUG = "This row couldn't be planned because of a bug on our side. Change the idea, or clear the row."
LINE = "line"
"""The field of a problem with the line itself, which planning doesn't remove."""


def plan_slice(
    owner: User, public_id: str, *, numbers: Iterable[int] | None = None, seconds: float | None = None
) -> int:
    """Plan unplanned rows for at most `seconds` (SLICE_SECONDS), at least one: those of `numbers`, otherwise the next
    ones. Returns how many rows of the batch are left. Free; safe to repeat and to run concurrently. Raises NotFound."""
    batch = batches.own(owner, public_id)
    waiting = batches.unplanned(batch)
    rows = waiting if numbers is None else waiting.filter(number__in=list(numbers))
    until = time.monotonic() + (SLICE_SECONDS if seconds is None else seconds)
    available = availability()
    for row in list(rows):
        _plan(owner, row, available)
        if time.monotonic() >= until:
            break
    return batches.unplanned(batch).count()


def plan_all(owner: User, public_id: str) -> None:
    """Plan every row of a batch, however long it takes: for programs without someone waiting. Raises NotFound."""
    while plan_slice(owner, public_id):
        pass


def require_planned(rows: Iterable[BatchRow]) -> None:
    """Raises NotPossible when one of the rows has no price because it is still being planned."""
    left = [row.number for row in rows if row.quote_id is None and not row.problems]
    if left:
        which = f"Row {left[0]} is" if len(left) == 1 else f"{len(left)} of the chosen rows are"
        raise NotPossible(f"{which} still being planned. Launch when every chosen row has its price.")


def kept_board(owner: User, row: BatchRow, spec: LaunchSpec) -> Board | None:
    """The storyboard of a row's checked order: the one that was shown with its price, if it belongs to this order. A
    storyboard from before sets had only different images is planned again."""
    kept = storyboard.find(row.quote_id) if row.quote_id else None
    if kept is not None and kept[1] == orders.storyboard_digest(spec) and len(kept[0].items) == kept[0].distinct:
        return kept[0]
    return storyboards.plan(owner, spec)


def _plan(owner: User, row: BatchRow, available: Callable[[LaunchSpec], None]) -> None:
    """Plan one row and store the result, unless its order has changed or another process has planned it in the meantime."""
    found = BatchRow.objects.filter(pk=row.pk, order=row.order, quote=None)
    try:
        _price(owner, row, available)
    except InvalidSpec as invalid:
        row.problems = invalid.errors
    except NotPossible as refused:
        row.problems = {"model": str(refused)}
    except DatabaseError:
        raise
    except Exception:
        # One row that can't be planned must not stop the planning of the others.
        log.exception("row %d of batch %s could not be planned", row.number, row.batch_id)
        row.problems = {"planning": OUR_BUG}
    found.update(order=row.order, problems=row.problems, warnings=row.warnings, quote=row.quote)


def _price(owner: User, row: BatchRow, available: Callable[[LaunchSpec], None]) -> None:
    spec = checked(owner, row, available)
    order = {**row.order, "model": spec.model} if row.order.get("model") else row.order
    quote, board = storyboards.quote(owner, spec)
    row.quote, row.order = quote, order
    row.warnings = {"trademarks": [found.words for found in protected_names.of_order(spec)]}
    if board is not None:
        row.warnings |= {
            "not_drawn": list(board.not_drawn),
            "needs_confirmation": board.needs_confirmation,
            "beyond": board.beyond,
            "distinct": board.distinct,
            "images": len(board.items),
            "fewer": board.fewer,
        }


def checked(owner: User, row: BatchRow, available: Callable[[LaunchSpec], None]) -> LaunchSpec:
    """A row's order, checked, with the fields of its presets and the shop its draft goes to. Raises InvalidSpec,
    NotPossible."""
    spec = shops.placed(owner, orders.check(presets.resolve(owner, batches.spec_of(row.order))))
    if spec.product == Product.CUSTOM and not spec.uploads:
        raise InvalidSpec({"product": OWN_IMAGES})
    available(spec)
    return spec


def availability() -> Callable[[LaunchSpec], None]:
    """`commands.refuse_unavailable`, evaluated once for every product type and model of a list."""

    @cache
    def answer(product: str, model: str, video: bool) -> Exception | None:
        try:
            commands.refuse_unavailable(LaunchSpec(product=product, idea="", model=model, video=video))
        except (InvalidSpec, NotPossible) as refused:
            return refused
        return None

    def require(spec: LaunchSpec) -> None:
        if (refused := answer(spec.product, spec.model, spec.video)) is not None:
            raise refused

    return require
