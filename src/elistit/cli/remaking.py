"""`remake`: remake one image while its project waits for approval.

It must never spend more than the price it shows, and never confirm a protected name unasked.
"""

from __future__ import annotations

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput
from elistit.cli.frame import answer_json, refusals_reported, with_json


@click.command("remake", short_help="Remake an image.")
@click.argument("public_id")
@click.argument("number", type=click.IntRange(1, 100_000))
@click.option("--prompt", default=None, help="A new prompt.  [default: the same one]")
@click.option("--confirm-trademarks", is_flag=True, help="You may use the protected names in the prompt.")
@click.option("--key", default=None, help="An idempotency key: a repeated command with the same key charges once.")
@click.option("--quote", "quote_only", is_flag=True, help="Show the price and protected names, and change nothing.")
@with_json
def remake_command(
    public_id: str, number: int, prompt: str | None, confirm_trademarks: bool, key: str | None, quote_only: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Remake image NUMBER while its project waits for approval: the price is taken from the balance now."""
    preflight.ready()
    from elistit import ports
    from elistit.actions import commands, protected_names, queries
    from elistit.projects import gate
    from elistit.projects.models import Project

    project = Project.objects.select_related("owner").filter(pk=public_id.strip().upper()).first()
    if project is None or not gate.items_of(project).filter(number=number).exists():
        raise BadInput("There is no such project or image.")
    protected = protected_names.of_remake(project, prompt)
    if quote_only:
        price = queries.price_of_remake(project, number, prompt)
        if as_json:
            answer_json({"number": number, "credits": price, "trademarks": [f.as_dict() for f in protected]})
        else:
            click.echo("\n".join([f"A remake of image {number} costs {price} credits.", *(f.words for f in protected)]))
        return
    with refusals_reported():
        made = commands.remake(
            project.owner, project.pk, number, prompt=prompt, idempotency_key=key or ports.new_id(),
            confirm_trademarks=confirm_trademarks,
        )  # fmt: skip
    if as_json:
        answer_json(queries.describe(made))
    else:
        click.echo(f"Image {number} of “{made.name}” is being remade.")
