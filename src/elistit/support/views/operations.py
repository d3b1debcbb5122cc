"""What machines ask: is the process alive, can it work, and the numbers. No page, no sign-in, no personal data."""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Callable

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from elistit import config
from elistit.chain import disk_space
from elistit.support import metrics, queues

log = logging.getLogger(__name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a database outage does not get a healthy process killed."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether work can be taken and done: database, engine, a worker beating within its lease, and room to write, which is
    found out by writing. 503 when not, with the reason. With `?pages` workers and room are left out: without a worker what
    is ordered waits, and on a full disk what is there can still be read."""
    parts: dict[str, object] = {"database": _answers(_database), "engine": _answers(queues.reachable)}
    if "pages" not in request.GET:
        parts["worker"] = _answers(_worker)
    good = all(parts.values())
    # Asked of the database only when it answers; and pages are of use without room to write: they can be read.
    if parts["database"] and (reason := _no_room()):
        good, parts = good and "pages" in request.GET, parts | {"disk": False, "reason": reason}
    return JsonResponse({"ready": good, **parts}, status=200 if good else 503)


def _no_room() -> str:
    try:
        return disk_space.problem()
    except Exception:
        log.exception("whether the studio can write could not be found out")
        return "Whether the studio can write could not be found out."


def _answers(ask: Callable[[], object]) -> bool:
    try:
        return ask() is not False
    except Exception:
        return False


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _worker() -> bool:
    return any(worker.live and not worker.draining for worker in queues.workers())


@require_safe
@never_cache
def numbers(request: HttpRequest) -> HttpResponse:
    """The metrics, for this machine or for a client that sends ELISTIT_METRICS_TOKEN. For anybody else there is no such page."""
    if not (_from_this_machine(request) or _has_token(request)):
        raise Http404
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine(request: HttpRequest) -> bool:
    """From loopback and not through a proxy: behind one every visitor seems to come from this machine."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    token = config.current().people.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
