"""The browsers that may be sent push notifications: added on the notifications page, removed there, at signing out, or when the push
service says that they are gone.

A browser belongs to the person who subscribed it last. What it gives us is checked before it is kept; its address must be one that this
studio sends to. It must never keep more than ten browsers of a person.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.http import HttpRequest

from elistit.accounts.models import User
from elistit.network import addresses
from elistit.support import push_keys
from elistit.support.models import PushSubscription

MOST = 10
ENDPOINT_MAX = 1000
POINT_BYTES, AUTH_BYTES = 65, 16
SESSION = "push"
"""Where a session keeps the subscription that was made in it."""
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


class BadSubscription(ValueError):
    """What the browser gave can't be used. The message is one sentence."""


def device_words(agent: str) -> str:
    """A browser in words from its User-Agent, such as “Chrome on Windows”."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "Browser")
    system = next((name for mark, name in _SYSTEMS if re.search(re.escape(mark), agent)), "")
    return f"{browser} on {system}" if system else browser


def add(person: User, endpoint: str, p256dh: str, auth: str, agent: str = "") -> PushSubscription:
    """Keep a browser's subscription, also when it was another person's before. Raises BadSubscription. The oldest goes when a
    person has more than ten."""
    _check(endpoint, p256dh, auth)
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    with transaction.atomic():
        # Made again rather than changed: what was sent to the person before is not this one's.
        PushSubscription.objects.filter(digest=digest).delete()
        made = PushSubscription.objects.create(
            person=person, endpoint=endpoint, digest=digest, p256dh=p256dh, auth=auth, device=device_words(agent)
        )
        newest = (
            PushSubscription.objects.filter(person=person).order_by("-created_at", "-pk").values_list("pk", flat=True)
        )
        PushSubscription.objects.filter(pk__in=list(newest)[MOST:]).delete()
    return made


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        addresses.check(endpoint)
    except addresses.RefusedAddress:
        raise BadSubscription("This studio can't send to your browser's push service.") from None
    if len(endpoint) > ENDPOINT_MAX or (urlsplit(endpoint).scheme != "https" and not addresses.private_allowed()):
        raise BadSubscription("This studio can't send to your browser's push service.")
    try:
        point, secret = push_keys.decode(p256dh), push_keys.decode(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BadSubscription("Your browser's subscription is incomplete.") from None
    if len(point) != POINT_BYTES or len(secret) != AUTH_BYTES:
        raise BadSubscription("Your browser's subscription is incomplete.")


def remove(person: User, pk: str) -> bool:
    """Forget one browser of a person. False when it isn't theirs or is gone already."""
    return bool(PushSubscription.objects.filter(person=person, pk=pk).delete()[0])


def signed_out(request: HttpRequest | None = None, **_: Any) -> None:
    """Signing out ends the notifications of this browser: the next person at it must not read them."""
    pk = request.session.get(SESSION) if request is not None and hasattr(request, "session") else None
    if pk:
        PushSubscription.objects.filter(pk=pk).delete()
