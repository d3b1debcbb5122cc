"""Help requests: the program attaches what support needs to know; the seller adds what they expected.

A request keeps its text as it was when it was sent, so that an answer is about what the seller saw. It moves no credit
and changes no project; what an operator does about it is an action like any other.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import queries
from elistit.credits import ledger
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project
from elistit.support.models import ASKED_MAX, ASKED_MIN, HelpRequest

OPEN_MAX = 3
"""Unanswered requests about one project. More say nothing new."""
LINES_MAX = 400
"""Newest lines of the activity that are attached."""
LIST_MAX = 100


def facts(project: Project) -> str:
    """The public id, when it was launched, where it stands and what came back, one line each. Times are UTC."""
    money = ledger.jobs_money(list(project.jobs.values_list("pk", flat=True))).values()
    charged, refunded = sum(m.charged for m in money), sum(m.refunded for m in money)
    lines = [
        f"Public id: {project.pk}",
        f"Launched: {_at(project.created_at)}",
        f"Stage: {queries.STAGE_WORDS[project.stage]}",  # type: ignore[index]
        f"Charged: {charged} credit{'' if charged == 1 else 's'}. Refunded: {refunded} credit{'' if refunded == 1 else 's'}.",
    ]
    if failure := queries.failure_words(project):
        lines.append(f"What happened: {failure['what']} {failure['side']}")
    return "\n".join(lines)


def activity(project: Project) -> str:
    """Every attempt in plain words, newest first, one line each. Times are UTC."""
    entries = queries.activity(project)[-LINES_MAX:]
    return "\n".join(f"{_at(dt.datetime.fromisoformat(e['at']), '%H:%M:%S')}  {e['text']}" for e in reversed(entries))


def _at(moment: dt.datetime, clock: str = "%H:%M") -> str:
    at = moment.astimezone(dt.UTC)
    return f"{at.day} {at:%b %Y}, {at.strftime(clock)} UTC"


def whole_text(project: Project, expected: str) -> str:
    """All of it as one text, to be sent to the operator in any way there is."""
    return f"{facts(project)}\n\nWhat I expected:\n{expected.strip() or '(not filled in yet)'}\n\nActivity, newest first:\n{activity(project)}\n"


def ask(person: User, project: Project, expected: str, *, key: str) -> HelpRequest:
    """Write a request down for the operators. The same key answers the request it made before.

    Raises NotPossible when too little or too much was written, or `OPEN_MAX` requests about the project wait already.
    """
    if done := HelpRequest.objects.filter(pk=key, person=person).first():
        return done
    expected = expected.strip()
    if not ASKED_MIN <= len(expected) <= ASKED_MAX:
        raise NotPossible(f"Say in {ASKED_MIN} to {ASKED_MAX:,} characters what you expected.")
    if len(of_project(project, waiting=True)) >= OPEN_MAX:
        raise NotPossible("The operator already has your questions about this project. Nothing was sent.")
    try:
        with transaction.atomic():
            return HelpRequest.objects.create(
                id=key, person=person, project=project.pk, expected=expected, facts=facts(project),
                activity=activity(project), at=ports.now(),
            )  # fmt: skip
    except IntegrityError:
        # The same form was sent twice at once and the other one was quicker; or the key is not this person's.
        if twin := HelpRequest.objects.filter(pk=key, person=person).first():
            return twin
        raise NotPossible("This form was already used. Reload the page.") from None


def of_project(project: Project, *, waiting: bool = False) -> list[HelpRequest]:
    """The requests about a project, newest first; with `waiting` only those nobody has answered."""
    found = HelpRequest.objects.filter(project=project.pk)
    return list(found.filter(answered_at=None) if waiting else found)


def waiting() -> list[HelpRequest]:
    """Requests nobody has answered, oldest first."""
    found = HelpRequest.objects.filter(answered_at=None).select_related("person").order_by("at", "id")
    return list(found[:LIST_MAX])
