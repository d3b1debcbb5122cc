"""Whether Stripe is set up to tell this studio all it must, in a shape this studio understands. For the doctor.

It must never change anything at Stripe: the endpoint is the operator's.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from elistit.payments import events
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.shapes import API_VERSION

PATH = "/hooks/stripe/"
"""Where Stripe's messages go at this studio."""


class Problem(NamedTuple):
    """What is wrong with the endpoint and how to fix it, a sentence each."""

    what: str
    fix: str


def endpoint_problem(client: Stripe) -> Problem | None:
    """What is wrong with the webhook endpoint at Stripe. None when nothing is, when the key may not read endpoints, and when
    the account names none: messages may be forwarded here from elsewhere."""
    try:
        found = [one for one in client.endpoints() if urlsplit(str(one.get("url") or "")).path == PATH]
    except StripeProblem as problem:
        if problem.whose == "stripe":
            return Problem(str(problem), "Try again later.")
        return None  # A restricted key that works otherwise.
    return next(filter(None, map(_problem, found)), None)


def _problem(endpoint: dict[str, Any]) -> Problem | None:
    url, version = endpoint.get("url"), str(endpoint.get("api_version") or "")
    if endpoint.get("status") == "disabled":
        return Problem(f"The webhook endpoint {url} is disabled at Stripe", "Enable it in Stripe's dashboard.")
    sent = set(endpoint.get("enabled_events") or ())
    missing = [name for name in events.NEEDED if name not in sent and "*" not in sent]
    if missing:
        return Problem(
            f"The webhook endpoint {url} does not send {', '.join(missing)}", "Add them in Stripe's dashboard."
        )
    if version and version < API_VERSION:
        return Problem(
            f"The webhook endpoint {url} uses Stripe's API version {version}",
            f"Create it again with API version {API_VERSION} or later. Older messages are read as far as they are known.",
        )
    return None
