"""Replicate's webhooks: whether a message is Replicate's own, and what it says about a prediction.

Messages are signed as Standard Webhooks: HMAC-SHA256 over id, time and body. Nothing unsigned is read, and what a signed
message says is worth no more than the same words in an answer: the outcome table judges it, and its addresses pass the same
allow-list. This module writes nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from elistit import config, ports

TOLERANCE_SECONDS = 300
ENDED = ("succeeded", "failed", "canceled", "aborted")
KEPT = ("id", "model", "version", "status", "output", "error", "data_removed", "created_at", "completed_at", "metrics")
KEPT_BYTES_MAX = 16_000
ASK_AGAIN_SECONDS = 60.0
"""How soon the secret may be requested again: strangers who send nonsense must not make us call Replicate each time."""


class Forged(Exception):
    """The message is not signed by Replicate, or not lately."""


class NoSecret(Exception):
    """The secret could not be had just now, so nothing can be judged."""


class Secret:
    """The account's signing secret: from the configuration, else asked for once and again when it no longer fits."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask, self._known, self._asked_at = ask, "", 0.0
        self._lock = threading.Lock()

    def current(self, *, anew: bool = False) -> str:
        """The secret (`whsec_…`). `anew`: the known one did not fit. Raises NoSecret."""
        if set_here := config.current().replicate.webhook_secret.get_secret_value():
            return set_here
        with self._lock:
            early = time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS and self._asked_at > 0
            if (anew or not self._known) and not early:
                self._asked_at = time.monotonic()
                self._known = self._ask() or self._known
            if not self._known:
                raise NoSecret
            return self._known


def verified(headers: Mapping[str, str], body: bytes, secret: Secret) -> dict[str, Any]:
    """The message, when it is signed and not older than five minutes. Raises Forged, NoSecret."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Forged("no id or time")
    if abs(ports.now().timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise Forged("too old")
    given = [part[3:] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    signed = f"{message_id}.{stamp}.".encode() + body
    if not given or not (_fits(signed, given, secret.current()) or _fits(signed, given, secret.current(anew=True))):
        raise Forged("signature")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged("not JSON") from None
    if not isinstance(said, dict):
        raise Forged("not a prediction")
    return said


def _fits(signed: bytes, given: list[str], secret: str) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise NoSecret from None
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(right.encode(), one.encode()) for one in given)


def ended(prediction: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is worth keeping of a prediction that has ended; None for one that has not, or that is too large to keep (then
    it is asked for as without a message)."""
    if prediction.get("status") not in ENDED:
        return None
    kept = {name: prediction[name] for name in KEPT if name in prediction}
    return kept if len(json.dumps(kept)) <= KEPT_BYTES_MAX else None
