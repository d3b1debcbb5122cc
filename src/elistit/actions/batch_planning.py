"""Planning the rows of a batch: the price, storyboard and warnings of each, a slice at a time.

Planning a row takes a fraction of a second of CPU time, so a list is never planned in one request: each request that
reads the batch plans a slice of it. Results are stored row by row; a killed process loses only its current row. It must
never charge anything, and never overwrite what a seller changed in the meantime.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet

from elistit.accounts.models import User
from elistit.actions import commands, protected_names, shops
from elistit.credits.models import Quote
from elistit.listings.etsy import shops as etsy_shops
from elistit.listings.models import EtsyShop
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
    checks = Checks(owner)
    for row in list(rows):
        _plan(owner, row, checks)
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
    storyboard from before sets had only different images is planned again. Rows of a list are read with
    `select_related("quote__storyboard")`, so that this asks nothing."""
    kept = storyboard.of_quote(row.quote)
    if kept is not None and kept[1] == orders.storyboard_digest(spec) and len(kept[0].items) == kept[0].distinct:
        return kept[0]
    return storyboards.plan(owner, spec)


def _plan(owner: User, row: BatchRow, checks: Checks) -> None:
    """Plan one row and store the result, unless its order has changed or another process has planned it in the meantime."""
    found = BatchRow.objects.filter(pk=row.pk, order=row.order, quote=None)
    try:
        _price(owner, row, checks, found)
    except InvalidSpec as invalid:
        found.update(problems=invalid.errors)
    except NotPossible as refused:
        found.update(problems={"model": str(refused)})
    except DatabaseError:
        raise
    except Exception:
        # One row that can't be planned must not stop the planning of the others.
        log.exception("row %d of batch %s could not be planned", row.number, row.batch_id)
        found.update(problems={"planning": OUR_BUG})


def _price(owner: User, row: BatchRow, checks: Checks, found: QuerySet[BatchRow]) -> None:
    """Write the quote, the storyboard and the row in one transaction: every row is one commit."""
    spec = checks.order(row)
    order = {**row.order, "model": spec.model} if row.order.get("model") else row.order
    warnings: dict[str, Any] = {"trademarks": [name.words for name in protected_names.of_order(spec)]}

    def save(quote: Quote, board: Board | None) -> None:
        more = {} if board is None else _warnings(board)
        found.update(order=order, problems={}, warnings={**warnings, **more}, quote=quote)

    storyboards.quote(owner, spec, save, checks.presets)


def _warnings(board: Board) -> dict[str, Any]:
    return {
        "not_drawn": list(board.not_drawn),
        "needs_confirmation": board.needs_confirmation,
        "beyond": board.beyond,
        "distinct": board.distinct,
        "images": len(board.items),
        "fewer": board.fewer,
    }


class Checks:
    """Checks the orders of one list. What doesn't depend on the row is read once: which models are available, the seller's shops
    and presets. Not to be kept for another request."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.presets = presets.Presets(owner)
        self._refusals: dict[tuple[str, str, bool], Exception | None] = {}

    def order(self, row: BatchRow) -> LaunchSpec:
        """A row's order, checked, with the fields of its presets and the shop its draft goes to. Raises InvalidSpec,
        NotPossible."""
        resolved = presets.resolve(self.owner, batches.spec_of(row.order), self.presets)
        spec = shops.placed(self.owner, orders.check(resolved), self._shops)
        if spec.product == Product.CUSTOM and not spec.uploads:
            raise InvalidSpec({"product": OWN_IMAGES})
        if (refused := self._refusal(spec)) is not None:
            raise refused
        return spec

    @cached_property
    def _shops(self) -> list[EtsyShop]:
        return etsy_shops.of_owner(self.owner.pk)

    def _refusal(self, spec: LaunchSpec) -> Exception | None:
        """Why `commands.refuse_unavailable` refuses the product type and model of an order, if it does."""
        key = (spec.product, spec.model, spec.video)
        if key not in self._refusals:
            self._refusals[key] = None
            try:
                commands.refuse_unavailable(
                    LaunchSpec(product=spec.product, idea="", model=spec.model, video=spec.video)
                )
            except (InvalidSpec, NotPossible) as refused:
                self._refusals[key] = refused
        return self._refusals[key]
