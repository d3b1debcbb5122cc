"""`elistit edit`: rename, label, archive and favorite projects from the command line, as the pages do it."""

from __future__ import annotations

import click

from elistit.cli.errors import BadInput
from elistit.cli.frame import answer_json, refusals_reported, with_json
from elistit.cli.order_words import edit_options
from elistit.cli.projects import find_project


@click.command("edit", short_help="Rename, label or archive a project.")
@click.argument("public_id")
@edit_options
@with_json
def edit_command(
    public_id: str,
    name: str | None,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    archived: bool | None,
    favorite: bool | None,
    as_json: bool,
) -> None:
    """Change the name, the labels, the archive or the favorites of a project. Free; it has no influence on what runs."""
    if name is None and not add and not remove and archived is None and favorite is None:
        raise BadInput("Choose what to change: --name, --label, --remove-label, --archive or --favorite.")
    project = find_project(public_id)
    from django.db import transaction

    from elistit.actions import organizing

    with refusals_reported(), transaction.atomic():
        if name is not None:
            organizing.rename(project.owner, project.pk, name)
        for label in add:
            organizing.add_label(project.owner, [project.pk], label)
        for label in remove:
            organizing.remove_label(project.owner, [project.pk], label)
        if archived is not None:
            organizing.archive(project.owner, [project.pk], yes=archived)
        if favorite is not None:
            organizing.favorite(project.owner, [project.pk], yes=favorite)
    project.refresh_from_db()
    from elistit.projects.organizing import labels_of

    changed = {
        "public_id": project.pk,
        "name": project.name,
        "labels": labels_of([project.pk])[project.pk],
        "archived": project.archived_at is not None,
        "favorite": project.favorite_at is not None,
    }
    if as_json:
        answer_json(changed)
    else:
        click.echo(f"“{project.name}” was changed.")
