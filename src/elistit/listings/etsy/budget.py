"""One budget of requests for the whole app: every seller and every process draws on the same row.

Etsy counts requests per application, not per shop, so one busy shop would spend what all the others need. Each request
takes the next free moment on an even row of them, by one guarded statement that is alike on both databases, and the row
learns its pace and the end of the day from Etsy's own headers. It paces real traffic, so it goes by the machine's clock.
It must never hold a database transaction open while it waits, and never send anything itself.
"""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass

from django.db import connection

from elistit.listings.etsy.answers import Answer, Met
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.models import EtsyBudget

PER_SECOND = 10
"""What Etsy gives an app until its own headers say otherwise."""

QUEUE_SECONDS = 5.0
"""How far ahead a moment may be taken; a longer queue is handed back as a pause, which uses up no attempt (rules §5.7)."""

ASK_AGAIN_SECONDS = 900.0
"""When Etsy says the day is spent and not for how long: its day slides, so a little of it is back soon."""

_MICRO = 1_000_000
_SPACING = 1_100_000
"""Between two requests, times the pace: a tenth below what is allowed, because requests bunch up on their way."""

# The row is one number, the next free moment. When that is too far away, or Etsy asked for a pause, no row comes back.
_TAKE = """
INSERT INTO listings_etsybudget (app, next_at, per_second, held_until, day_is_spent) VALUES (%s, %s, %s, 0, %s)
ON CONFLICT (app) DO UPDATE SET day_is_spent = %s, next_at =
  CASE WHEN listings_etsybudget.next_at > %s THEN listings_etsybudget.next_at ELSE %s END
  + 1100000 / listings_etsybudget.per_second
WHERE listings_etsybudget.next_at <= %s AND listings_etsybudget.held_until <= %s
RETURNING next_at, per_second
"""


@dataclass(frozen=True)
class Turn:
    """When a request may leave: `wait` seconds from now. `held` means not at all before then, and `day_is_spent` why."""

    wait: float
    per_second: int = PER_SECOND
    held: bool = False
    day_is_spent: bool = False


def app_of(config: EtsyConfig) -> str:
    """The app a budget belongs to, without showing its key."""
    return hashlib.sha256(f"{config.api_url} {config.keystring}".encode()).hexdigest()


def take(app: str) -> Turn:
    """Take the next moment for one request. A turn that is `held` was not taken: nothing may be sent."""
    now = int(time.time() * _MICRO)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            [
                app,
                now + _SPACING // PER_SECOND,
                PER_SECOND,
                False,
                False,
                now,
                now,
                now + int(QUEUE_SECONDS * _MICRO),
                now,
            ],
        )
        row = cursor.fetchone()
    if row is not None:
        next_at, per_second = row
        return Turn(max(0.0, (next_at - _SPACING // per_second - now) / _MICRO), per_second)
    kept = EtsyBudget.objects.filter(app=app).first()
    if kept is None:
        return Turn(1.0, held=True)
    until = max(kept.held_until, kept.next_at - int(QUEUE_SECONDS * _MICRO))
    spent = kept.day_is_spent and kept.held_until > now
    return Turn(math.ceil(max(0, until - now) / _MICRO), kept.per_second, held=True, day_is_spent=spent)


def heard(app: str, turn: Turn, answer: Answer) -> None:
    """Learn from an answer: Etsy's pace, a pause it asks of everyone, the end of the day."""
    if answer.met is not Met.ANSWER:
        return
    changed: dict[str, int | bool] = {}
    pace = answer.limits.per_second
    if pace and pace != turn.per_second:
        changed["per_second"] = min(pace, 1000)
    wait = answer.wait or 0.0 if answer.status == 429 else 0.0
    if answer.limits.left_today == 0:
        wait, changed["day_is_spent"] = wait or ASK_AGAIN_SECONDS, True
    elif answer.day_is_spent:
        changed["day_is_spent"] = True
    if wait:
        changed["held_until"] = int((time.time() + wait) * _MICRO)
    if changed:
        EtsyBudget.objects.filter(app=app).update(**changed)
