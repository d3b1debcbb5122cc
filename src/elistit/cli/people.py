"""Which person a command acts for, and the first person of a new installation.

An installation on one's own machine has one seller, and commands act for that one; with several, the command line says
which with --user. Nothing here decides what a person may do.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput

if TYPE_CHECKING:
    from elistit.accounts.models import User

user_option = click.option("--user", "email", default=None, help="Whose project, when there are several sellers.")

FIRST_EMAIL = "seller@localhost"
ADDRESS_FILE = "address"
"""In ELISTIT_DATA: where `up` or `web` last served the pages, for links that are made by another command."""


def first_user() -> User | None:
    """The first person of a new installation, its operator, with the trial credits. None when there are people already, and
    in production, where people are added by name. Safe when two processes start at once."""
    from django.conf import settings
    from django.db import IntegrityError, transaction

    from elistit.accounts.models import User
    from elistit.support import entering, operators

    if settings.PRODUCTION:
        return None
    with transaction.atomic():
        operators.lock()
        if User.objects.exists():
            return None
        try:
            with transaction.atomic():
                user = User.objects.create_user(FIRST_EMAIL, is_staff=True)
        except IntegrityError:
            return None
        entering.start_trial(user)
        return user


def remember_address(base: str) -> None:
    """Note where the pages are served. Safe to repeat; the last one counts."""
    (preflight.data_dir() / ADDRESS_FILE).write_text(f"{base}\n", encoding="utf-8")


def studio_address() -> str:
    """The address the studio really has: ELISTIT_BASE_URL when it is set, else where `up` or `web` last served the pages, else
    the default of both."""
    from django.conf import settings

    from elistit import config

    if not config.current().general.base_url:
        with contextlib.suppress(OSError):
            if noted := (preflight.data_dir() / ADDRESS_FILE).read_text(encoding="utf-8").strip():
                return noted
    return str(settings.BASE_URL)


def acting_for(email: str | None) -> User:
    """The person of --user, or the only one there is. Raises BadInput when that is not exactly one person."""
    from elistit.accounts.models import User

    if email:
        found = User.objects.filter(email=email.strip().lower()).first()
        if found is None:
            raise BadInput(f"No account has the e-mail address {email}. “elistit users list” lists the accounts.")
        return found
    people = list(User.objects.order_by("pk")[:2])
    if len(people) == 1:
        return people[0]
    if not people:
        raise BadInput("There are no sellers yet; “elistit users add EMAIL” adds one.")
    raise BadInput("There are several sellers; say which one with --user EMAIL.")
