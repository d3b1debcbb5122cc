"""Credits from the command line: history and statement, goodwill grants, plans, prices. Credits move only through the
ledger and the plans; nothing here writes a row on its own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import LazyGroup, answer_json, refusals_reported, table, with_json
from elistit.cli.people import acting_for

TYPES = ("GRANT_CREDIT", "PURCHASE_CREDIT", "SPEND_CREDIT", "REFUND_CREDIT", "EXPIRE_CREDIT", "ADJUST_CREDIT")
user_option = click.option("--user", "email", default=None, help="Whose credits, when there are several sellers.")


@click.group("credits", cls=LazyGroup)
def credits_command() -> None:
    """Credits: history, grants, plans, prices."""


@credits_command.command("history")
@user_option
@click.option(
    "--type", "kind", type=click.Choice(TYPES, case_sensitive=False), default=None, help="Only rows of one type."
)
@click.option("--project", default=None, help="Only rows of one project.")
@click.option(
    "--before", type=click.IntRange(min=1), default=None, help="Only rows before this one; see “next” in --json."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many rows.")
@click.option(
    "--statement",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write the whole statement to a file for `elistit verify`.",
)
@with_json
def history_command(
    email: str | None,
    kind: str | None,
    project: str | None,
    before: int | None,
    limit: int,
    statement: Path | None,
    as_json: bool,
) -> None:
    """List every transaction of a seller's credits, newest first, with the running balance."""
    if statement is not None and (statement.exists() or not os.access(statement.absolute().parent, os.W_OK)):
        raise BadInput(f"{statement} already exists or can't be written; choose another file for --statement.")
    preflight.ready()
    from elistit.credits import ledger
    from elistit.credits import statement as statements

    owner = acting_for(email)
    if statement is not None:
        document = statements.export(owner.pk)
        try:
            statement.write_text(
                json.dumps(document, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
            )
        except OSError as refused:
            raise Failed(f"{statement} could not be written ({refused.strerror}).") from refused
        if as_json:
            answer_json({"file": str(statement), "email": owner.email})
        else:
            click.echo(f"Wrote {statement}. Check it anywhere with: elistit verify {statement}")
        return
    rows = ledger.history(owner.pk, type=kind, project=project, before_seq=before, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    if as_json:
        answer_json(
            {
                "items": [row(r) for r in rows],
                "next": rows[-1].seq if more else None,
                "balance": ledger.balance(owner.pk),
            }
        )
        return
    if not rows:
        click.echo("No transactions yet.")
        return
    table(
        ["when (UTC)", "type", "credits", "balance", "why"],
        [[r.created_at, r.type, f"{r.amount:+,}", r.balance_after, r.reason] for r in rows],
        right=(2, 3),
    )
    if more:
        click.echo(f"Earlier rows: elistit credits history --before {rows[-1].seq}")


def row(transaction: Any) -> dict[str, Any]:
    """One ledger row in the shape of the API."""
    return {
        "id": transaction.id,
        "type": transaction.type,
        "amount": transaction.amount,
        "balance_after": transaction.balance_after,
        "project": transaction.project or None,
        "item": transaction.item,
        "reason": transaction.reason,
        "created_at": transaction.created_at,
    }


@credits_command.command("grant")
@click.argument("email")
@click.argument("amount", type=click.IntRange(1, 1_000_000))
@click.option("--reason", required=True, help="The reason, shown in the seller's credit history.")
@click.option(
    "--days", type=click.IntRange(1, 3660), default=None, help="How long the credits are valid.  [default: forever]"
)
@click.option("--key", default=None, help="An idempotency key: a repeated command with the same key grants once.")
@with_json
def grant_command(email: str, amount: int, reason: str, days: int | None, key: str | None, as_json: bool) -> None:
    """Give a seller goodwill credits, with a reason."""
    if not reason.strip() or len(reason) > 300:
        raise BadInput("Give a reason of 1 to 300 characters with --reason.")
    if key is not None and not 1 <= len(key.strip()) <= 80:
        raise BadInput("An idempotency key has 1 to 80 characters.")
    preflight.ready()
    from elistit import ports
    from elistit.projects import giving

    owner = acting_for(email)
    with refusals_reported():
        posting = giving.give(
            owner.pk, amount, reason=reason.strip(), days=days, idempotency_key=key.strip() if key else ports.new_id()
        )
    if as_json:
        answer_json(
            {
                "id": posting.id,
                "email": owner.email,
                "amount": posting.amount,
                "balance": posting.balance_after,
                "replayed": posting.replayed,
            }
        )
    else:
        click.echo(f"{owner.email} has {posting.balance_after:,} credits now.")


@credits_command.command("plans")
@click.option("--user", "email", default=None, help="Whose plan, when there are several sellers.")
@click.option("--start", "start_code", default=None, metavar="PLAN", help="Start a plan, or move up to a larger one.")
@click.option("--cancel", "cancel", is_flag=True, help="Cancel the plan at its next renewal.")
@with_json
def plans_command(email: str | None, start_code: str | None, cancel: bool, as_json: bool) -> None:
    """The plans on offer and the seller's own; start, change or cancel one. No payment is taken here."""
    if start_code and cancel:
        raise BadInput("Either start a plan or cancel it, not both at once.")
    preflight.load()
    from elistit.credits import prices

    offered = prices.price_list().plans
    if start_code and start_code not in {p.code for p in offered}:
        raise BadInput(f"There is no plan “{start_code[:40]}”. Choose one of: {', '.join(p.code for p in offered)}.")
    preflight.check()
    preflight.prepare()
    from elistit import ports
    from elistit.credits import plans
    from elistit.credits.models import Plan

    owner = acting_for(email) if email or start_code or cancel else None
    if owner is not None and start_code:
        running = Plan.objects.filter(owner=owner).first()
        larger = running is not None and plans.is_running(running, ports.now()) and running.code != start_code
        try:
            plans.upgrade(owner.pk, start_code) if larger else plans.start(owner.pk, start_code)
        except plans.PlanNotPossible as refused:
            raise Failed(str(refused)) from refused
    elif owner is not None and cancel:
        try:
            plans.cancel(owner.pk)
        except plans.PlanNotPossible as refused:
            raise Failed(str(refused)) from refused
    current = Plan.objects.filter(owner=owner).first() if owner else None
    rows = [{"code": p.code, "name": p.name, "credits": p.credits, "price_cents": p.price_cents} for p in offered]
    if as_json:
        own = (
            {"code": current.code, "renews_at": current.renews_at, "cancelled_at": current.cancelled_at}
            if current
            else None
        )
        answer_json({"plans": rows, "current": own})
        return
    table(
        ["plan", "code", "credits a month", "price"],
        [[p.name, p.code, p.credits, f"${p.price_cents / 100:.2f}"] for p in offered],
        right=(2, 3),
    )
    if owner is not None:
        click.echo(
            f"{owner.email}: {current.code}, {'ends' if current.cancelled_at else 'renews'} {current.renews_at:%Y-%m-%d}"
            if current
            else f"{owner.email} has no plan."
        )


@credits_command.command("prices")
@with_json
def prices_command(as_json: bool) -> None:
    """The price list: credits per image by model, listing text, mockups, packs."""
    preflight.load()
    from elistit.credits import prices

    listed = prices.price_list()
    if as_json:
        answer_json(
            {
                "version": listed.version,
                "models": [
                    {
                        "code": m.code,
                        "name": m.name,
                        "products": sorted(m.products),
                        "image": m.image,
                        "upscale": m.upscale,
                        "note": m.note,
                    }
                    for m in listed.models
                ],
                "listing": listed.listing_price,
                "mockups": {"included": listed.mockups_included, "price": listed.mockup_price},
                "trial_credits": listed.trial_credits,
                "top_ups": [
                    {"code": t.code, "name": t.name, "credits": t.credits, "price_cents": t.price_cents}
                    for t in listed.top_ups
                ],
            }
        )
        return
    table(
        ["model", "code", "image", "print size", "makes"],
        [[m.name, m.code, m.image, m.upscale, ", ".join(sorted(m.products))] for m in listed.models],
        right=(2, 3),
    )
    click.echo(
        f"Listing text: {listed.listing_price} credits. Mockups: {listed.mockups_included} included, then {listed.mockup_price} each."
    )
    click.echo(f"Trial: {listed.trial_credits} credits. Price list {listed.version}.")
