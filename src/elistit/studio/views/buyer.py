"""The buyer's download page: files that are too large for Etsy, fetched with the link on the product card.

No one signs in here: the signed address is the permission. It shows one project's download files and nothing else of the
seller's, and is limited per visitor and project, so that a link that leaked costs the studio little.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from elistit import ports
from elistit.projects import buyer_link
from elistit.projects.models import Project, ProjectFile
from elistit.studio.views import files

PER_VISITOR_HOUR = 60
PER_PROJECT_DAY = 2000
"""Downloads of one visitor in an hour, and of everyone in a day, of one project. A shop that sells more than that has
outgrown a laptop; the page says when to come back."""


def _project(public_id: str, token: str) -> Project:
    """The project of a right address. Raises Http404 for a wrong one, whether or not there is such a project."""
    right = buyer_link.is_right(public_id, token)
    project = Project.objects.filter(pk=public_id).first() if right else None
    if project is None:
        raise Http404
    return project


def _gone(request: HttpRequest, status: int = 410, retry_after: int = 0) -> HttpResponse:
    response = _private(render(request, "studio/buyer_gone.html", {"busy": bool(retry_after)}, status=status))
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def page(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """What there is to download."""
    project = _project(public_id, token)
    rows = buyer_link.files(project)
    if not rows:
        return _gone(request)
    title = project.brief.get("title") or project.name
    context = {"title": title, "rows": list(enumerate(rows, 1)), "public_id": public_id, "token": token}
    return _private(render(request, "studio/buyer.html", context))


@require_safe
def download(request: HttpRequest, public_id: str, token: str, number: int) -> HttpResponse:
    """One part, to be saved."""
    rows = buyer_link.files(_project(public_id, token))
    if not rows:
        return _gone(request)
    if not 1 <= number <= len(rows):
        raise Http404
    if wait := _too_many(request, public_id):
        return _gone(request, 429, wait)
    row: ProjectFile = rows[number - 1]
    answer = files.stream(request, row, attachment=True, lost="studio/buyer_gone.html")
    return _private(answer)  # type: ignore[arg-type]


def _too_many(request: HttpRequest, public_id: str) -> int:
    """Count a download. Seconds to wait when there were too many; 0 when it may continue."""
    now = int(ports.now().timestamp())
    visitor = request.META.get("REMOTE_ADDR", "")
    for key, seconds, most in (
        (f"buyer:{public_id}:{visitor}", 3600, PER_VISITOR_HOUR),
        (f"buyer:{public_id}", 86_400, PER_PROJECT_DAY),
    ):
        window = f"{key}:{now // seconds}"
        cache.add(window, 0, timeout=seconds)
        try:
            count = cache.incr(window)
        except ValueError:  # it ended in between: then this is the first of the next window
            count = 1
        if count > most:
            return seconds - now % seconds
    return 0
