"""What may grow in a studio and why, and the judgement of two equal days: a table or folder that isn't accounted for is a fault.

Tables and folders are read from the database and the disk, never from the models, so that none can be forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.maintenance.busy_studio import ROUNDS_A_DAY, Busy

PROJECTS = "projects_project"
BOOKS, LAUNCH, LIST, PERSON = (
    "the books are kept",
    "kept for each project",
    "a list is kept until its seller deletes it",
    "kept for each person",
)

KEPT = {
    "account_emailaddress": PERSON,
    "accounts_user": PERSON,
    "credits_creditaccount": BOOKS,
    "credits_creditentry": BOOKS,
    "credits_creditgrant": BOOKS,
    "credits_credittransaction": BOOKS,
    "credits_quote": "kept for each job and each row of a list",
    "pipeline_attempt": LAUNCH,
    "pipeline_providercall": "what a call cost is kept",
    PROJECTS: LAUNCH,
    "projects_acceptedcharge": BOOKS,
    "projects_acceptedrequest": "a repeated request gets the same answer for good",
    "projects_batch": LIST,
    "projects_batchlaunch": LIST,
    "projects_batchrow": LIST,
    "projects_item": LAUNCH,
    "projects_itemround": LAUNCH,
    "projects_job": LAUNCH,
    "projects_listing": LAUNCH,
    "projects_projectfile": "one for each original that is kept",
    "projects_requestedlaunch": LIST,
    "projects_searchword": LAUNCH,
    "projects_storyboard": "kept for each job and each row of a list",
    "support_helprequest": "a question and its answer are kept with the project",
    "support_operatoract": "the record of operators' actions is kept",
    "support_trialaddress": "a person has the trial once, also after they have left",
}
"""Tables that grow with what sellers launch and operators do, and why their rows are kept."""

_ONE, _SELLER, _ACT = "few rows for the studio", "few rows for each person or shop", "a few rows for each project"
_LIBRARY = "not used: a library's own"
UNUSED = {
    "account_emailconfirmation": "not used: the code is in the session",
    "accounts_erasure": "one for each account that is closed",
    "accounts_proofkey": _ONE,
    "accounts_sellerlimit": _SELLER,
    "accounts_user_groups": _LIBRARY,
    "accounts_user_user_permissions": _LIBRARY,
    "application_versions": "one for each version of the engine's workflows, which is a constant",
    "auth_group": _LIBRARY,
    "auth_group_permissions": _LIBRARY,
    "credits_plan": BOOKS,
    "delivery_driveaccount": _SELLER,
    "delivery_drivecopy": _ACT,
    "delivery_driveupload": _ACT,
    "delivery_filesagain": "one for each time a seller asks for files to be rebuilt, one at a time",
    "django_admin_log": _LIBRARY,
    "listings_etsybudget": "one for each of the studio's Etsy apps",
    "listings_etsycategories": _ONE,
    "listings_etsyshop": _SELLER,
    "listings_listingtemplate": _SELLER,
    "listings_sellerkeyword": "a seller has at most as many as one import allows",
    "listings_shopschedule": _SELLER,
    "maintenance_rowfailure": "one for each row that fails, until it doesn't",
    "mfa_authenticator": _SELLER,
    "notifications": "not used: the engine's messages between workflows",
    "payments_cursor": _ONE,
    "payments_payment": BOOKS,
    "payments_stripecustomer": _SELLER,
    "payments_stripeevent": "a message of Stripe's is handled once; they come with purchases and renewals",
    "payments_subscription": BOOKS,
    "payments_unreadmessage": "shown to operators until it is handled",
    "pipeline_providerpause": "one for each provider",
    "pipeline_restore": "one for each restored backup",
    "pipeline_restoredround": "what was unfinished at the newest restore",
    "pipeline_worker": "one for each worker; dead ones are removed",
    "pipeline_writeprobe": _ONE,
    "projects_acceptedsince": _ONE,
    "projects_brandkit": _SELLER,
    "projects_buyertrial": _ACT,
    "projects_draftplan": _ACT,
    "projects_formtemplate": _SELLER,
    "projects_label": _SELLER,
    "projects_listingtitle": "at most ten for each project",
    "projects_listingtranslation": "one for each project and language",
    "projects_projectlabel": _ACT,
    "projects_savedfilter": _SELLER,
    "projects_series": _SELLER,
    "queues": "one for each of the engine's queues, whose names are constants",
    "socialaccount_socialaccount": _SELLER,
    "socialaccount_socialapp": _LIBRARY,
    "socialaccount_socialtoken": _LIBRARY,
    "streams": "not used: the engine's streams",
    "support_mailpreference": _SELLER,
    "support_readchanges": _SELLER,
    "support_setupcheck": "one for each part of the setup",
    "support_supportlimit": _ONE,
    "support_trialrefusal": _SELLER,
    "workflow_events": "not used: the engine's events",
    "workflow_events_history": "not used: the engine's events",
    "workflow_schedules": "not used: the engine's schedules",
}
"""Tables that these days never write to, and what bounds them."""
if connection.vendor == "postgresql":
    UNUSED["event_dispatch_kv"] = "not used: the engine's receivers of outside events"

CONSTANT = frozenset({"application_versions", "queues"})
"""Unused tables of the engine in which tests before this one, with workers of their own, may have left the same few rows."""

KEPT_FOLDERS = {"files/projects": "the originals of each project are kept"}

Sizes = Mapping[str, int]


@dataclass
class Day:
    """One day of acts and a long rest after it: how much there was at most, and how much it left behind.

    Tables are counted in rows; folders in entries (`folders`), and in bytes (`bytes`) what is left."""

    most: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    grown: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Note how much there is now, if it is more than before."""
        self.most = {name: max(found, self.most.get(name, 0)) for name, found in sizes().items()}


def live(studio: Busy) -> Day:
    """A day of the studio and the rest after it."""
    day, before, bytes_before = Day(), sizes(), folder_bytes()
    for _ in range(ROUNDS_A_DAY):
        studio.hours(day.look)
    studio.rest()
    day.left = sizes()
    day.grown = {name: found - before.get(name, 0) for name, found in day.left.items()}
    day.bytes = {name: found - bytes_before.get(name, 0) for name, found in folder_bytes().items()}
    return day


def faults(first: Day, second: Day) -> list[str]:
    """What the second of two equal days says about growth, one sentence for each table and folder that isn't accounted for."""
    kept = {**KEPT, **KEPT_FOLDERS}
    found = []
    for name in sorted({*second.left, *kept, *UNUSED}):
        what = f"The folder {name}" if name.split("/")[0] in _top_folders(second) else f"The table {name}"
        if name not in second.left:
            found.append(f"{what} is listed and doesn't exist.")
        elif name in kept:
            found += _of_kept(name, what, first, second)
        elif second.grown[name] > 0:
            found.append(
                f"{what} grew by {second.grown[name]} in a day and nothing of it was deleted afterwards. Delete what is old in a "
                "maintenance task, or list the table with the reason why its rows are kept."
            )
        elif name in UNUSED and name not in CONSTANT and second.most.get(name, 0) + second.left[name]:
            found.append(f"{what} is listed as unused and has rows.")
        elif name not in UNUSED and not second.most.get(name):
            found.append(f"{what} isn't used by the busy day. Add an act that writes to it, or list what bounds it.")
        elif second.most.get(name, 0) > first.most.get(name, 0):
            found.append(
                f"{what} had {second.most[name]} on the second day and {first.most.get(name, 0)} on the first."
            )
    return found


def _top_folders(day: Day) -> set[str]:
    return {name.split("/")[0] for name in day.bytes}


def _of_kept(name: str, what: str, first: Day, second: Day) -> list[str]:
    """It must grow, and no faster on the second day, for each project launched."""
    found = []
    if second.grown[name] <= 0:
        found.append(f"{what} is listed as kept and doesn't grow. Remove it from the list.")
    for unit, one, two in (("", first.grown, second.grown), (" bytes", first.bytes, second.bytes)):
        if name in two and two[name] * first.grown[PROJECTS] > one[name] * second.grown[PROJECTS]:
            found.append(
                f"{what} grew by {two[name]}{unit} on the second day and {one[name]}{unit} on the first, for as many projects."
            )
    return found


# ---- what there is ----------------------------------------------------------------------------------------------------


def _tables() -> dict[str, str]:
    """Every table of the database, the engine's included: its name, and the same with its schema."""
    if connection.vendor == "sqlite":
        sql = "SELECT name, name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    else:
        sql = (
            "SELECT table_name, table_schema || '.' || table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())


def engine_tables() -> list[str]:
    """The engine's tables of work, with their schema. Tests before this one may have left rows in them."""
    names = _tables()
    return [names[name] for name in ("workflow_status", "workflow_input", "workflow_output", "operation_outputs")]


def sizes() -> dict[str, int]:
    """The rows of every table, and the entries (files and folders, however deep) of every folder."""
    asked = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {full}" for name, full in _tables().items())
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {**dict(cursor.fetchall()), **{name: len(paths) for name, paths in _folders().items()}}


def folder_bytes() -> dict[str, int]:
    """The bytes of the files in every folder."""
    return {name: sum(path.stat().st_size for path in paths if path.is_file()) for name, paths in _folders().items()}


def _folders() -> dict[str, list[Path]]:
    """What is in the folders at the top of the data folder and of file storage."""
    root = Path(settings.DATA_DIR)
    found: dict[str, list[Path]] = {}
    for here, below, names in os.walk(root):
        for path in (Path(here, name) for name in (*below, *names)):
            parts = path.relative_to(root).parts
            found.setdefault("/".join(parts[: 2 if parts[0] == "files" else 1]), []).append(path)
    return found
