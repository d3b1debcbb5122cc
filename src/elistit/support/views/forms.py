"""What every form of the console has: its own key, which makes pressing its button twice one action, and a reason."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from ulid import ULID

from elistit.support.models import ASKED_MAX, REASON_MAX, REASON_MIN

KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


class Keys:
    """A new key each time a template asks for `key`."""

    @property
    def key(self) -> str:
        return str(ULID())


def with_forms(**context: Any) -> dict[str, Any]:
    """What every page with an action needs: a fresh key for each form, and the limits of a reason."""
    return {**context, "fresh": Keys(), "reason_min": REASON_MIN, "reason_max": REASON_MAX, "answer_max": ASKED_MAX}


def reason(request: HttpRequest) -> str:
    """The reason that was typed."""
    return request.POST.get("reason", "")


def key(request: HttpRequest) -> str:
    """The key of the form, or a new one when it was sent without."""
    sent = request.POST.get("key", "")
    return sent if KEY.fullmatch(sent) else str(ULID())
