"""What a posting is asked to do, checked before anything is locked: its amount, its idempotency key and its texts.

It must never look at the database or decide whether a posting is allowed; `elistit.credits.ledger` does that.
"""

from __future__ import annotations

from elistit.credits import chain
from elistit.credits.posting import Words

REASON_MAX = 300
Body = dict[str, str | int | None]
"""What a request asks, as its digest covers it."""


def words(
    body: Body,
    key: str,
    reason: str,
    actor: str = "",
    job: str = "",
    project: str = "",
    item: int | None = None,
) -> Words:
    """Check and collect the texts of a row. The digest covers what the request does, not its wording: a retry with
    another reason is still the same request."""
    if not key or len(key) > 120:
        raise ValueError("An idempotency key has 1 to 120 characters.")
    reason = reason.strip().replace("\x00", "")
    if not reason:
        raise ValueError("A posting has a reason.")
    if "job" in body and not job:
        raise ValueError("A charge or refund must name its job.")
    if len(reason) > REASON_MAX:
        reason = reason[: REASON_MAX - 1] + "…"
    return Words(key, chain.request_digest(body), reason, actor.strip()[:120], job, project, item)


def whole(amount: int, *, least: int) -> None:
    """Raise ValueError unless `amount` is a whole number of at least `least` credits."""
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < least:
        raise ValueError(f"Credits are whole numbers, here {least} or more, not {amount!r}.")


def credits(amount: int) -> str:
    """`1 credit`, `1,400 credits`: an amount in a message."""
    return "1 credit" if amount == 1 else f"{amount:,} credits"
