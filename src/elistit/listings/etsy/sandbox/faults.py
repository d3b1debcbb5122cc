"""Faults on command: what the sandbox does wrong, for which operation, how many times.

A kind is either an answer the real service is known to give, or a network failure. Any of them may be followed by
`_but_created` (or `_but_done`): the sandbox then carries the request out first and spoils only the answer, which is
the case a client must look up and never guess. Faults never touch anything but the answers of this sandbox.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any

OPERATIONS = (
    "createDraft", "updateListing", "uploadImage", "uploadFile", "uploadVideo", "listListings", "getListing", "listImages", "listFiles", "listVideos",
    "getTranslation", "createTranslation", "updateTranslation",
    "me", "getShop", "taxonomy", "ping", "token", "refresh", "any",
)  # fmt: skip

_DAY = {"retry-after": "86400", "x-remaining-today": "0"}

# kind -> (status, JSON body, extra headers)
ANSWERS: dict[str, tuple[int, Any, dict[str, str]]] = {
    "400": (400, {"error": "The request was not valid."}, {}),
    "400_list": (
        400,
        [{"path": "/title/1", "type": "invalid_characters", "message": "contains invalid characters"}],
        {},
    ),
    "onboarding": (400, [{"path": "/images", "type": "array_too_short", "message": "must have at least 1 item"}], {}),
    "cannot_sell": (400, {"error": "Oh dear, you cannot sell this item on Etsy."}, {}),
    "when_made": (400, {"error": "Invalid value for when_made."}, {}),
    "image_order": (400, {"error": "The ListingImages for this Listing are in an inconsistent order."}, {}),
    "upload_error": (400, {"error": "An error ocurred while uploading your file, please try again."}, {}),
    "401": (401, {"error": "invalid_token", "error_description": "access token is expired"}, {}),
    "403": (403, {"error": "You are not allowed to do this."}, {}),
    "403_secret": (403, {"error": "Shared secret is required in x-api-key header."}, {}),
    "403_scope": (403, {"error": "insufficient_scope", "error_description": "This request needs more scope"}, {}),
    "404": (404, {"error": "Resource not found"}, {}),
    "409": (409, {"error": "The resource is being changed"}, {}),
    "413": (413, {"error": "Request entity too large"}, {}),
    "429": (429, {"error": "You have exceeded your quota of requests per second"}, {"retry-after": "1"}),
    "429_day": (429, {"error": "You have exceeded your quota of requests per day"}, _DAY),
    "500": (500, {"error": "Server Error"}, {}),
    "503": (503, {"error": "Service unavailable"}, {}),
    "invalid_grant": (400, {"error": "invalid_grant", "error_description": "refresh_token is revoked"}, {}),
    "invalid_client": (401, {"error": "invalid_client", "error_description": "client_id is not known"}, {}),
    "empty_list": (400, [], {}),
}
# html: 200 with a web page; 500_html: the same with 500; timeout: no answer for `seconds`; reset: the connection is
# torn; short: fewer bytes than announced; drip: a byte now and then; empty: 200 with nothing in it.
WIRE = ("html", "500_html", "timeout", "reset", "short", "drip", "empty")
_DONE = ("_but_created", "_but_done")


@dataclass
class Fault:
    """One standing order. `after` requests pass first, then `times` fail; `seconds` is how long `timeout` and `drip`
    take; `retry_after` replaces the seconds a limit asks for."""

    operation: str
    kind: str
    times: int = 1
    seconds: float = 120.0
    retry_after: float | None = None
    after: int = 0

    @property
    def base(self) -> str:
        return self.kind.rsplit("_but_", 1)[0]

    @property
    def work_is_done(self) -> bool:
        return self.kind.endswith(_DONE)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class BadOrder(ValueError):
    """A fault that cannot be ordered; the message says what is possible."""


def parse(order: Any) -> Fault:
    """A fault from its JSON order. Raises BadOrder naming the possible values."""
    if not isinstance(order, dict):
        raise BadOrder("Send an object with operation, kind and times.")
    operation, kind = order.get("operation", "any"), str(order.get("kind", ""))
    if operation not in OPERATIONS:
        raise BadOrder(f"operation must be one of: {', '.join(OPERATIONS)}")
    base = kind.rsplit("_but_", 1)[0]
    if (base not in ANSWERS and base not in WIRE) or (base != kind and not kind.endswith(_DONE)):
        raise BadOrder(f"kind must be one of: {', '.join([*ANSWERS, *WIRE])}; each also with _but_created")
    try:
        times, after = int(order.get("times", 1)), int(order.get("after", 0))
        seconds = float(order.get("seconds", 120))
        wait = None if order.get("retry_after") is None else float(order["retry_after"])
    except (TypeError, ValueError):
        raise BadOrder("times, after, seconds and retry_after must be numbers.") from None
    if not (1 <= times <= 1_000_000 and 0 <= after <= 1_000_000 and 0 <= seconds <= 3600):
        raise BadOrder("times must be 1 to 1000000, after 0 to 1000000, seconds 0 to 3600.")
    return Fault(operation, kind, times, seconds, wait, after)


class Faults:
    """The standing orders, taken in the order they were given. Safe from any thread."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._orders.append(fault)

    def take(self, operation: str) -> Fault | None:
        """The fault for this request, one of its times used up; None when all is well."""
        with self._lock:
            for fault in self._orders:
                if fault.operation in (operation, "any"):
                    if fault.after > 0:
                        fault.after -= 1
                        continue
                    fault.times -= 1
                    if fault.times <= 0:
                        self._orders.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    def standing(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_dict() for fault in self._orders]
