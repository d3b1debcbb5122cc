"""The tables of docs/operations/configuration.md, written from the settings themselves (`scripts/settings_page.py`)."""

from __future__ import annotations

from itertools import groupby

from elistit.config.reading import settings
from elistit.config.setting import Described

BEGIN, END = "<!-- settings: written by scripts/settings_page.py -->", "<!-- end of settings -->"


def tables() -> str:
    """A heading and a table for each group, in Markdown."""
    parts = []
    for title, group in groupby(settings(), lambda one: one.group):
        rows = "\n".join(_row(one) for one in group)
        parts.append(f"## {title}\n\n| name | takes | default | meaning |\n| --- | --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


def rewritten(page: str) -> str:
    """A page with the tables between its two marks written again. Raises ValueError when it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has no marks {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def _row(one: Described) -> str:
    takes = one.takes if not one.secret or one.takes.startswith("secret") else f"{one.takes}, secret"
    cells = (f"`{one.name}`", takes, one.default, one.meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
