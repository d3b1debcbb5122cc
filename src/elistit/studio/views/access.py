"""Who may see what, and how an action that cannot be done is answered.

Every page about a project finds it by its public id *and* its owner, so that another seller's project is simply not
there (404, never 403: the address must not say that it exists). Actions go only through `elistit.actions.commands`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

import structlog
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ulid import ULID

from elistit.accounts.models import User
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.prepared import attach, prepared
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible, StudioFull
from elistit.projects.models import Item, Job, JobKind, Project
from elistit.projects.states import Stage

KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""An idempotency key of a form, and a public id: 26 characters of Crockford's base 32."""


class ULIDConverter:
    """A public id in an address: 26 characters of Crockford's base 32. Anything else is not an address of ours."""

    regex = KEY.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def person(request: HttpRequest) -> User:
    """The seller who is signed in. Views that use it are behind `login_required`."""
    return cast(User, request.user)


def own_project(request: HttpRequest, public_id: str) -> Project:
    """The seller's own project, deleted ones included. Raises Http404 for one that is not there or not theirs.

    Whatever is logged while this request lasts names the project.
    """
    structlog.contextvars.bind_contextvars(project=public_id)
    project = _own.first(public_id, int(person(request).pk or 0))
    if project is None:
        raise Http404("No Project matches the given query.")
    return project


@prepared
def _own(public_id: str, owner_id: int) -> QuerySet[Project]:
    return Project.objects.select_related("listing").filter(public_id=public_id, owner_id=owner_id)[:1]


def standing_project(request: HttpRequest, public_id: str) -> Project:
    """The seller's own project unless it was deleted. Raises Http404 otherwise."""
    project = own_project(request, public_id)
    if project.stage == Stage.DELETED:
        raise Http404
    return project


def with_jobs(project: Project) -> Project:
    """The same project, its jobs, their quotes and items read in two queries; everything a page then asks of them is there."""
    jobs = _jobs.objects(project.pk)
    items: dict[str, list[Item]] = {job.pk: [] for job in jobs}
    for item in _items.objects(list(items)):
        items[item.job_id].append(item)
    for job in jobs:
        attach(job, "items", items[job.pk])
    attach(project, "jobs", jobs)
    return project


@prepared
def _jobs(project_id: str) -> QuerySet[Job]:
    return Job.objects.select_related("quote").filter(project=project_id).order_by("public_id")


@prepared
def _items(job_ids: list[str]) -> QuerySet[Item]:
    return Item.objects.filter(job__in=job_ids)


def launch_job(project: Project) -> Job:
    """The job that made the images. Every project has exactly one: it is booked in the transaction of the launch."""
    for job in getattr(project, "_prefetched_objects_cache", {}).get("jobs", ()):
        if job.kind == JobKind.LAUNCH:
            return cast(Job, job)
    return Job.objects.select_related("quote").get(project=project, kind=JobKind.LAUNCH)


def refusal(action: Callable[[], object]) -> str:
    """Do an action. Answers an empty string when it was done, else the one sentence that says why not.

    Raises Http404 when the thing acted on is not there or not the seller's.
    """
    try:
        action()
    except NotFound as missing:
        raise Http404 from missing
    except InvalidSpec as invalid:
        return " ".join(invalid.errors.values())
    except StudioFull:
        raise  # answered by its own page: leaving a message might need the disk, too
    except (NotPossible, InsufficientCredits, IdempotencyConflict) as refused:
        return str(refused)
    return ""


WORKING = "working"
"""Marks a message about work that goes on: a page that follows the work removes the message when the work has ended."""


def attempt(request: HttpRequest, action: Callable[[], object], done: str = "", *, working: bool = False) -> bool:
    """Do an action and leave a message for the next page: `done`, or why it was not possible. Returns whether it was done.
    `working`: `done` is about work that goes on, and the next page follows it."""
    if reason := refusal(action):
        messages.error(request, reason)
    elif done:
        messages.success(request, done, extra_tags=WORKING if working else "")
    return not reason


def fresh_key() -> str:
    """A new idempotency key for a form: what makes pressing a button twice the same as pressing it once."""
    return str(ULID())


def form_key(request: HttpRequest) -> str:
    """The idempotency key a form sent, or a new one."""
    sent = request.POST.get("key", "")
    return sent if KEY.fullmatch(sent) else fresh_key()
