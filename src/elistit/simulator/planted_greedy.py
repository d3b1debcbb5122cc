"""Old rules that let a seller gain, planted on purpose: a greedy seller must find each (`elistit simulate --greedy --planted`).

Used by the simulator and the tests; never by anything that runs a seller's work.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

from elistit.ports import Failure, Kind
from elistit.simulator.planted import BUGS, Bug, _replace


def _free_while_flagged(real: Any) -> Any:
    return lambda item, prompt: bool(item.flags) and item.state in ("made", "dropped")


def _free_without_end(real: Any) -> Any:
    def is_free(item: Any, prompt: str | None) -> bool:
        from elistit.projects import rounds

        with mock.patch.object(rounds, "FREE_AT_WISH", 10**6):
            return bool(real(item, prompt))

    return is_free


def _only_what_was_typed(real: Any) -> Any:
    """The prompt is compared where it was typed, and not where a failed remake left it."""

    def is_free(item: Any, prompt: str | None) -> bool:
        from elistit.projects import rounds

        version = rounds.chosen(item, rounds.of(item))
        return bool(real(item, version.prompt if prompt is None and version is not None else prompt))

    return is_free


def _everything_back(real: Any) -> Any:
    def due(item: Any, rows: Any) -> Any:
        from elistit.projects import rounds

        if item.state != "dropped" or not item.flags:
            return rounds.Due((), 0, 0)
        return rounds.Due(tuple({r.order for r in rows}), item.price, 0)

    return due


def _taste_back(real: Any) -> Any:
    def due(item: Any, rows: Any) -> Any:
        from elistit.projects import rounds

        if item.state != "dropped":
            return real(item, rows)
        return rounds.Due(tuple({r.order for r in rows}), item.price, 0)

    return due


def _kept_and_back(real: Any) -> Any:
    """A flagged version comes back although it is the one that is kept."""

    def due(item: Any, rows: Any) -> Any:
        state, item.state = item.state, "dropped"
        try:
            return real(item, rows)
        finally:
            item.state = state

    return due


def _always_served(real: Any) -> Any:
    return lambda self, file: not self.deleted


def _undecided_served(real: Any) -> Any:
    def is_the_image(self: Any, item: Any, number: int) -> bool:
        return self.undecided or real(self, item, number)

    return is_the_image


def _every_version_served(real: Any) -> Any:
    return lambda self, item, number: not any(r.returned for r in self.rounds[item.number] if r.number == number)


def _whole_item_back(real: Any) -> Any:
    def refund(job: Any, stage: str, item: Any, amount: int, reason: str) -> Any:
        return real(job, stage, item, item.price if reason.startswith("its remake failed") else amount, reason)

    return refund


def _oversize_fails(real: Any) -> Any:
    def oversize(self: Any, this: Any, job: Any) -> Any:

        return Failure(Kind.REJECTED, "These files are too large.")

    return oversize


def _thirty_days_again(real: Any) -> Any:
    def life_after(source: str, left: Any) -> Any:
        from elistit.credits import refunds

        return dt.timedelta(days=refunds.MOST_DAYS), refunds.RETURNED

    return life_after


def _as_written(real: Any) -> Any:
    return lambda address: address.strip().lower()


_ROUNDS, _SERVING = "elistit.projects.rounds", "elistit.projects.serving"
GREEDY: dict[str, Bug] = {
    "free-remakes-of-any-prompt": Bug(
        "A flagged image is remade for nothing, whatever its new prompt.",
        _replace(_ROUNDS, "is_free", _free_while_flagged),
    ),
    "free-remakes-without-end": Bug(
        "A flagged image is remade for nothing as often as its seller wishes.",
        _replace(_ROUNDS, "is_free", _free_without_end),
    ),
    "free-remake-after-a-failed-edit": Bug(
        "An edited remake that failed leaves a free one of its prompt.",
        _replace(_ROUNDS, "is_free", _only_what_was_typed),
    ),
    "flagged-drop-returns-all-rounds": Bug(
        "Dropping a flagged item returns every round of it.",
        _replace(_ROUNDS, "due_at_approval", _everything_back),
    ),
    "drop-by-taste-returns": Bug(
        "Dropping an item by choice returns its price.",
        _replace(_ROUNDS, "due_at_approval", _taste_back),
    ),
    "flagged-and-kept-returns": Bug(
        "A flagged version that is kept comes back too.",
        _replace(_ROUNDS, "due_at_approval", _kept_and_back),
    ),
    "refunded-files-served": Bug(
        "Files are served whatever was refunded.",
        _replace(_SERVING, "Serving.may", _always_served),
    ),
    "flagged-served-before-the-approval": Bug(
        "Flagged images are served at full size while their price can still come back.",
        _replace(_SERVING, "Serving._is_the_image", _undecided_served),
    ),
    "every-version-served": Bug(
        "Every version of an order is served, not the one that is kept.",
        _replace(_SERVING, "Serving._is_the_image", _every_version_served),
    ),
    "failed-remake-returns-the-item": Bug(
        "A failed remake of an edited prompt returns all the item has cost.",
        _replace("elistit.chain.refunds", "refund_item", _whole_item_back),
    ),
    "oversize-fails": Bug(
        "A delivery that is too large fails and returns everything when its print files were served.",
        _replace("elistit.simulator.greedy.world", "Greedy.oversize", _oversize_fails),
    ),
    "returned-credits-live-for-ever": Bug(
        "Credits that come back after their grant has ended live 30 days more, every time.",
        _replace("elistit.credits.refunds", "life_after", _thirty_days_again),
    ),
    "trial-per-spelling": Bug(
        "Every spelling of an address is another person with a trial.",
        _replace("elistit.accounts.identity", "person", _as_written),
    ),
    "delete-refunds": BUGS["delete-refunds"],
}  # fmt: skip
