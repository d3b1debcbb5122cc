"""How much a request may carry: little everywhere, images only where images are added.

Judged by the stated length before a byte of the body is read; a request that states none has no body for us. The API has
its own answer for this and is left to it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MEGABYTE = 1_000_000
USUAL_MAX = 3 * MEGABYTE
PICTURES_MAX = 200 * MEGABYTE
PICTURES_AT = ("/new/uploads/", "/settings/scenes/")


class BodyLimit:
    """Middleware; place it before everything that reads a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = PICTURES_MAX if request.path_info in PICTURES_AT else USUAL_MAX
        stated = int(request.META.get("CONTENT_LENGTH") or 0)
        if stated <= most or request.path_info.startswith("/api/"):
            return self.get_response(request)
        return render(request, "studio/413.html", {"most": most // MEGABYTE}, status=413)
