"""`elistit launch --batch FILE.csv`: a list from a file, shown with its prices or launched in one request.

Works through `actions.batches`, as the pages and the API do. It must never launch part of a list.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.brand_kits import kit_id
from elistit.cli.errors import BadInput
from elistit.cli.frame import answer_json, refusals_reported, table
from elistit.cli.people import acting_for, first_user


def launch_file(
    path: Path,
    defaults: dict[str, Any],
    confirmed: list[str],
    *,
    name: str,
    key: str | None,
    email: str | None,
    quote_only: bool,
    as_json: bool,
    brand_kit: str = "",
) -> None:
    """Launch every row of a CSV file, or with `quote_only` show what it would cost. `confirmed` holds for every row, `brand_kit`
    (a name or an id) for rows without their own.

    Raises BadInput naming rows, Failed for too few credits; nothing is launched then.
    """
    preflight.load()
    from elistit import ports
    from elistit.actions import batch_planning, batch_queries, batches
    from elistit.projects.batch_list import Given, ReadList, read_csv

    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}.") from error
    with refusals_reported():
        read = read_csv(content, defaults)
    for note in () if as_json else read.notes:
        click.echo(note)
    preflight.check()
    preflight.prepare()
    first_user()
    owner = acting_for(email)
    more: dict[str, Any] = dict.fromkeys(confirmed, True)
    usual = {"brand_kit": kit_id(owner, brand_kit)} if brand_kit else {}
    rows = [Given(r.line, {**usual, **r.order, **more}, r.problems) for r in read.rows]
    with refusals_reported():
        if quote_only:
            draft = batches.draft(owner, name, ReadList(tuple(rows), read.notes))
            batch_planning.plan_all(owner, draft.pk)
            shown = batch_queries.describe(draft)
            batches.discard(owner, draft.pk)
        else:
            batch = batches.launch_list(owner, name, rows, idempotency_key=key or ports.new_id())
            shown = batch_queries.describe(batch)
    if as_json:
        answer_json(shown)
        return
    _show(shown)
    if not quote_only:
        click.echo(f"Launched {len(rows)} projects for {shown['total']:,} credits: batch {shown['id']}")


def _show(shown: dict[str, Any]) -> None:
    found = []
    for row in shown["rows"]:
        board = row["storyboard"] or {"not_drawn": [], "needs_confirmation": False}
        warnings = [problem["detail"] for problem in row["problems"]] + row["trademarks"]
        if row["notice"]:
            warnings.append(row["notice"])
        if board["not_drawn"]:
            warnings.append(f"Not drawn: {', '.join(board['not_drawn'])}.")
        found.append(
            [row["number"], row["idea"][:60], row["product"], row["count"] or "", row["credits"], " ".join(warnings)]
        )
    table(["row", "idea", "product", "images", "credits", "warnings"], found, right=(0, 3, 4))
    click.echo(f"Total: {shown['total']:,} credits")
