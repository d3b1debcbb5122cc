"""The page for a studio whose disk is full: 503 with the reason, for whatever page meets it.

It says that nothing was charged only where the action itself has said so; and it must need neither database nor session.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import loader

from elistit.chain import disk_space
from elistit.projects.errors import StudioFull

RETRY_SECONDS = 60
UNSAVED = f"{disk_space.DISK_FULL} This page could not be saved or opened."


class FullDisk:
    """Middleware: answers with that page when a view was refused for want of room, or ran out of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return page(error) if disk_space.is_full(error) else None


def page(error: BaseException) -> HttpResponse:
    """The page for an error for which `disk_space.is_full` holds."""
    reason = str(error) if isinstance(error, StudioFull) else UNSAVED
    response = HttpResponse(loader.render_to_string("studio/503.html", {"reason": reason}), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
