"""What every answer carries: a content security policy (only our own files, nothing inline, no frames), how long it may be
kept, and compression.

The pages are written to hold under it (tests/browser proves it), so that text a seller typed can never run as a script.
A response that sets its own policy, such as a file on its way out, keeps it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class ContentSecurityPolicy:
    """Middleware; place it after SecurityMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class KeptByNobody:
    """Middleware: what a session gets to see is kept neither by proxies nor by the browser, so that nothing of a seller is left
    on a shared computer after signing out. An answer that says itself how long it may be kept, such as an image, a file or
    a style sheet, is left alone. Place it before the session's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Compression(GZipMiddleware):
    """Middleware; place it first. Pages, styles and scripts are compressed; images, archives and PDFs, which already
    are, keep their stated length, and answers of the API are small. Random padding keeps what a page holds from being guessed by its size."""

    TEXT = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith(self.TEXT):
            return super().process_response(request, response)
        return response
