"""People: adding, listing, keys, sign-in links, a copy of their data, their erasure. Keys and links are shown once and stored as digests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import LazyGroup, answer_json, table, with_json
from elistit.cli.people import acting_for, studio_address

if TYPE_CHECKING:
    from elistit.accounts.models import User

ACTIONS = ("launch", "remake", "review", "listing", "files", "webhooks", "delete", "organize")
"""`ApiKey.Action`, as written out here so that a refused command line doesn't load the models."""
ROLES = ("seller", "support", "owner")
"""`accounts.roles.Role`, for the same reason."""
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@click.group("users", cls=LazyGroup)
def users_command() -> None:
    """Add, list, export and erase people, create API keys and sign-in links."""


@users_command.command("add")
@click.argument("email")
@click.option(
    "--credits",
    "amount",
    type=click.IntRange(0, 1_000_000),
    default=None,
    help="Starting credits.  [default: the trial]",
)
@click.option(
    "--staff/--no-staff",
    default=None,
    help="The same as --role owner and --role seller.",
)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=None,
    help="What the person is to the studio; also works for an existing account.  [default: the first person is the owner]",
)
@with_json
def add(email: str, amount: int | None, staff: bool | None, role: str | None, as_json: bool) -> None:
    """Add a person, with trial credits or with --credits N. Prints the API key, which can't be shown again. The first person
    of a studio is its owner. --role changes the role of someone who is here already, too."""
    if staff is not None and role is not None:
        raise BadInput("Choose one: --role or --staff/--no-staff.")
    if staff is not None:
        role = "owner" if staff else "seller"
    email = email.strip().lower()
    if not EMAIL.fullmatch(email):
        raise BadInput(f"“{email[:80]}” is not an e-mail address.")
    preflight.ready()
    from elistit.accounts.models import User

    if role is not None and (person := User.objects.filter(email=email).first()):
        if amount is not None:
            raise BadInput(f"{email} already has an account; give them credits with “elistit credits grant”.")
        _change(person, role, as_json)
        return
    _add(email, amount, role, as_json)


def _change(person: User, role: str, as_json: bool) -> None:
    """Give an existing person a role. Idempotent. Raises BadInput for the last owner."""
    from elistit.accounts.roles import Role
    from elistit.support import operators

    became = Role(role)
    try:
        changed = operators.set_role(person, became)
    except operators.LastOperator as last:
        raise BadInput(
            f"{person.email} is the only owner of this studio; make another person one first, with --role owner."
        ) from last
    if as_json:
        answer_json({"email": person.email, "role": role, "staff": became == Role.OWNER, "changed": changed})
    else:
        click.echo(
            f"{person.email} is {'now' if changed else 'already'} {became.phrase}{'' if became == Role.SELLER else ' of this studio'}."
        )


def _add(email: str, amount: int | None, role: str | None, as_json: bool) -> None:
    from django.db import IntegrityError, transaction

    from elistit.accounts import links
    from elistit.accounts.models import ApiKey, User
    from elistit.accounts.roles import Role, flags
    from elistit.credits import ledger
    from elistit.support import entering, operators

    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, **(flags(Role(role)) if role else {}))
            first = role is None and operators.claim(user)
            had_trial = amount is None and not entering.start_trial(user)
            if amount is not None:
                ledger.open_account(user.pk)
            if amount:
                ledger.grant(
                    user.pk,
                    amount,
                    source="operator",
                    idempotency_key=f"users-add:{user.pk}",
                    reason="Credits to begin with",
                    actor="command line",
                )
            key = ApiKey.issue(user, "First key")
    except IntegrityError as taken:
        raise BadInput(
            f"An account already has the e-mail address {email} ; “elistit users key {email}” makes a new key, "
            "and --role changes their role."
        ) from taken
    balance = ledger.balance(user.pk)
    if as_json:
        answer_json({"email": email, "api_key": key, "balance": balance})
        return
    if had_trial:
        click.echo(
            "No trial credits: they come once per person, and this person has had them. Use --credits to give some."
        )
    click.echo(f"Added {email} with {balance:,} credits.\nAPI key (shown only now): {key}")
    if first:
        click.echo("They are the first person here, so they own this studio. Use --role seller for a seller.")
    click.echo(
        f"Sign-in link; it works once, within 24 hours: {links.address(links.make_link(user), studio_address())}"
    )


@users_command.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES), required=False)
@with_json
def role_command(email: str, role: str | None, as_json: bool) -> None:
    """Show a person's role, or change it: owner (everything), support (help and limited goodwill credits) or seller."""
    preflight.ready()
    person = acting_for(email)
    if role is not None:
        _change(person, role, as_json)
    elif as_json:
        answer_json({"email": person.email, "role": person.role.value})
    else:
        click.echo(person.role.value)


@users_command.command("list")
@with_json
def list_people(as_json: bool) -> None:
    """List the people and their credits."""
    preflight.ready()
    from elistit.accounts.models import User

    people = User.objects.select_related("credit_account").order_by("pk")
    rows = [
        {
            "email": u.email,
            "balance": u.credit_account.balance if hasattr(u, "credit_account") else 0,
            "projects": u.projects.count(),
            "role": u.role.value,
            "staff": u.is_staff,
            "active": u.is_active,
            "created_at": u.created_at,
        }
        for u in people
    ]
    if as_json:
        answer_json({"users": rows})
    elif rows:
        table(
            ["e-mail", "role", "credits", "projects", "since"],
            [[r["email"], r["role"], r["balance"], r["projects"], r["created_at"]] for r in rows],
            right=(2, 3),
        )
    else:
        click.echo("No accounts yet. Add one with: elistit users add EMAIL")


@users_command.command("key")
@click.argument("email")
@click.option("--name", default="", help="A name for the key.")
@click.option(
    "--action",
    "actions",
    multiple=True,
    type=click.Choice(ACTIONS),
    help="What the key allows. May be repeated.  [default: everything]",
)
@click.option(
    "--daily-cap", type=click.IntRange(min=0), default=None, help="Maximum number of credits the key may spend a day."
)
@click.option("--read-only", is_flag=True, help="Create a read-only key.")
@click.option("--revoke-others", is_flag=True, help="Revoke all earlier keys of this person.")
@with_json
def key_command(
    email: str,
    name: str,
    actions: tuple[str, ...],
    daily_cap: int | None,
    read_only: bool,
    revoke_others: bool,
    as_json: bool,
) -> None:
    """Create an API key for a person. It is shown once."""
    if read_only and actions:
        raise BadInput("A read-only key has no actions: leave out --action or --read-only.")
    preflight.ready()
    from django.db import transaction

    from elistit import ports
    from elistit.accounts.models import ApiKey

    user = acting_for(email)
    with transaction.atomic():
        revoked = (
            ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=ports.now()) if revoke_others else 0
        )
        scope = ApiKey.Scope.READ if read_only else ApiKey.Scope.FULL
        key = ApiKey.issue(user, name[:80], scope, actions=actions, daily_cap=daily_cap)
    if as_json:
        answer_json({"email": user.email, "api_key": key, "revoked": revoked})
    else:
        click.echo(f"API key of {user.email} (shown only now): {key}")


@users_command.command("link")
@click.argument("email")
@click.option(
    "--hours", type=click.IntRange(1, 24 * 30), default=24, show_default=True, help="How long the link is valid."
)
@with_json
def link_command(email: str, hours: int, as_json: bool) -> None:
    """Create a sign-in link for a person. It works once."""
    preflight.ready()
    from elistit.accounts import links

    user = acting_for(email)
    address = links.address(links.make_link(user, hours), studio_address())
    if as_json:
        answer_json({"email": user.email, "url": address, "hours": hours})
    else:
        click.echo(address)


@users_command.command("export")
@click.argument("email")
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, help="The ZIP to write."
)  # fmt: skip
@click.option("--files", "with_files", is_flag=True, help="Include the files themselves.")
@with_json
def export_command(email: str, target: Path, with_files: bool, as_json: bool) -> None:
    """Write a copy of everything the studio keeps about a person, as one ZIP."""
    preflight.ready()
    from elistit.delivery.store import StoreFailure
    from elistit.maintenance.own_data import exporting

    person = acting_for(email)
    try:
        exporting.write(person, target, with_files=with_files)
    except OSError as refused:
        raise Failed(f"{target} could not be written ({refused.strerror}).") from refused
    except StoreFailure as lost:
        raise Failed(lost.failure.reason) from lost
    if as_json:
        answer_json({"email": person.email, "file": str(target), "bytes": target.stat().st_size})
    else:
        click.echo(f"Wrote {target}. Handle it with care: it has everything about {person.email}.")


@users_command.command("erase")
@click.argument("email")
@click.option("--now", "at_once", is_flag=True, help="Don't wait out the days in which it can be canceled.")
@click.option("--withdraw", is_flag=True, help="Keep the account after all, before the erasure begins.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@with_json
def erase_command(email: str, at_once: bool, withdraw: bool, yes: bool, as_json: bool) -> None:
    """Erase a person: their projects, files and personal data. A worker does it; the books stay, without a name."""
    if withdraw and at_once:
        raise BadInput("Choose one: --now or --withdraw.")
    preflight.ready()
    from elistit.maintenance.own_data import asking
    from elistit.projects.errors import NotPossible

    person = acting_for(email)
    try:
        if withdraw:
            kept = asking.withdraw_erasure(person)
            if as_json:
                answer_json({"email": person.email, "withdrawn": kept})
            else:
                click.echo(f"{person.email} stays." if kept else f"No erasure of {person.email} is open.")
            return
        loss = asking.Loss(person)
        lost = f"{person.email} loses {loss.projects:,} projects, {loss.balance:,} credits and {loss.waiting:,} charged to unfinished projects."
        if not yes and as_json:
            raise BadInput(f"{lost} Repeat with --yes.")
        if not yes:
            click.confirm(f"{lost} Erase the account?", abort=True)
        erasure = asking.request_erasure(person, at_once=at_once)
    except NotPossible as refused:
        raise BadInput(str(refused)) from refused
    if as_json:
        answer_json({"email": person.email, "due_at": erasure.due_at})
    elif erasure.due_at > erasure.requested_at and not at_once:
        click.echo(
            f"{person.email} will be erased from {erasure.due_at:%Y-%m-%d %H:%M} UTC on, by a worker. Until then: "
            f"elistit users erase {person.email} --withdraw"
        )
    else:
        click.echo(f"{person.email} is erased by the next worker, once their running work has ended.")
