"""What must hold after any history, one file for each promise. A checker reads rows and the world's own record and knows the
rules (docs/rules.md); it must never call the code it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from elistit.simulator.checkers import attempts, books, breaks, buying, drafts, ends, money
from elistit.simulator.town import Town

Checker = Callable[[Town], Iterable[str]]
CHECKERS: dict[str, Checker] = {
    "the books balance": books.check,
    "credits are charged and returned as promised": money.check,
    "every job comes to an end": ends.check,
    "attempts follow the ladder": attempts.check,
    "nothing is bought twice": buying.check,
    "one draft on Etsy for a project": drafts.check,
    "the program does not break": breaks.check,
}


def violations(town: Town) -> list[str]:
    """Every promise a history broke, in words."""
    return [f"{name}: {words}" for name, check in CHECKERS.items() for words in check(town)]
