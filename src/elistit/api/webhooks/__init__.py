"""Outgoing webhooks, signed as Standard Webhooks describes them: telling a seller's own programs what became of a project.

Events are found in our tables, never announced by the chain, so that a webhook can neither hold up nor break a job.
`delivering.keep_delivering` runs beside a worker; `deliver_due` is one pass of it.
"""

from __future__ import annotations


def deliver_due() -> int:
    """Find new events and send what is due, once. The number of deliveries that were tried. Safe in any number of
    processes at once."""
    from elistit.api.webhooks import delivering

    return delivering.deliver_due()
