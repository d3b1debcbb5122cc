"""The outbox: finds events, sends what is due, writes every attempt down, tries again later.

A delivery is taken by one guarded UPDATE that moves its next attempt past the longest request, so any number of processes may
run this and one that dies loses nothing: its deliveries are simply due again. A receiver may therefore see a message
twice, with the same `webhook-id`. Requests never run inside a transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from django.db import connection, transaction

from elistit import ports
from elistit.api.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from elistit.api.webhooks import details, events, secrets
from elistit.chain.waits import wait_seconds
from elistit.database_outage import rest_connection
from elistit.network import sending
from elistit.network.sending import Answer

log = logging.getLogger(__name__)

WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400)
"""Seconds before the second try, the third, and so on; after the last a delivery is given up. About 32 hours in all."""
OVERLAP = dt.timedelta(minutes=10)
"""How far behind the last look the tables are looked at again."""
MARK_EVERY = dt.timedelta(minutes=1)
TAKEN_FOR = dt.timedelta(seconds=120)
KEPT = dt.timedelta(days=30)
BATCH = 32
AT_ONCE = 8
LOOK_EVERY = 2.0
FORGET_EVERY = 3600.0

Pending = WebhookDelivery.State.PENDING


def deliver_due() -> int:
    """One pass: collect, then send one batch. The number of deliveries that were tried."""
    collect()
    return send(take())


def collect() -> int:
    """Write a delivery for every new event and endpoint. Their number. Idempotent."""
    endpoints = list(WebhookEndpoint.objects.filter(disabled_at=None))
    if not endpoints:
        return 0
    now = ports.now()
    moment, owners = min(e.looked_at for e in endpoints) - OVERLAP, {e.owner_id for e in endpoints}
    found: list[events.Event | details.Detail] = [*events.since(moment, owners)]
    if smaller := details.TYPES & {name for e in endpoints for name in e.events}:
        concerned = {e.owner_id for e in endpoints if smaller & set(e.events)}
        found = sorted([*found, *details.since(moment, concerned, smaller)], key=lambda event: event.at)
    wanted = [
        (endpoint, event)
        for event in found
        for endpoint in endpoints
        if endpoint.owner_id == event.owner
        and event.type in endpoint.events
        and event.at >= max(endpoint.created_at, endpoint.looked_at - OVERLAP)
    ]
    known = set(
        WebhookDelivery.objects.filter(
            endpoint__in=[e.pk for e, _ in wanted], occasion__in=[v.occasion for _, v in wanted]
        ).values_list("endpoint_id", "occasion")
    )
    new = [(endpoint, event) for endpoint, event in wanted if (endpoint.pk, event.occasion) not in known]
    bodies = events.bodies({event.occasion: event for _, event in new}.values())
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                endpoint=endpoint, event=event.type, occasion=event.occasion, project=event.project,
                body=bodies[event.occasion],
            )
            for endpoint, event in new
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    late = [e.pk for e in endpoints if now - e.looked_at >= MARK_EVERY]
    if late:
        WebhookEndpoint.objects.filter(pk__in=late).update(looked_at=now)
    return len(new)


def take() -> list[WebhookDelivery]:
    """Up to a batch of due deliveries, each taken by this caller alone for `TAKEN_FOR`."""
    now = ports.now()
    due = WebhookDelivery.objects.select_related("endpoint").filter(
        state=Pending, next_try_at__lte=now, endpoint__disabled_at=None
    )
    return [
        delivery
        for delivery in due.order_by("next_try_at", "id")[:BATCH]
        if WebhookDelivery.objects.filter(pk=delivery.pk, state=Pending, next_try_at=delivery.next_try_at).update(
            next_try_at=now + TAKEN_FOR
        )
    ]


def send(taken: Iterable[WebhookDelivery]) -> int:
    """Try each taken delivery once, several at a time, and write down what came of it. Their number."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        running: dict[Future[Answer], tuple[WebhookDelivery, dt.datetime]] = {}
        for delivery in taken:
            # Everything that needs the database or the clock is settled before the thread begins.
            now = ports.now()
            running[pool.submit(_post, delivery, int(now.timestamp()))] = (delivery, now)
        for done in as_completed(running):
            settle(*running[done], done.result())
    return len(running)


def _post(delivery: WebhookDelivery, timestamp: int) -> Answer:
    try:
        secret = secrets.unseal(delivery.endpoint.secret)
    except secrets.Unreadable as unreadable:
        return Answer(None, 0, f"{unreadable} Delete this webhook and add it again.")
    headers = {
        "content-type": "application/json",
        "user-agent": "Elistit-Webhooks/1",
        "webhook-id": delivery.pk,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": secrets.sign(secret, delivery.pk, timestamp, delivery.body),
    }
    return sending.post(delivery.endpoint.url, delivery.body.encode(), headers)


def settle(delivery: WebhookDelivery, at: dt.datetime, answer: Answer) -> None:
    """Write an attempt down and decide what follows: delivered, another attempt later, or given up."""
    number = delivery.tries + 1
    if answer.accepted:
        state, again = WebhookDelivery.State.DELIVERED, None
    elif answer.gone or number > len(WAITS):
        state, again = WebhookDelivery.State.FAILED, None
    else:
        state, again = Pending, at + dt.timedelta(seconds=wait_seconds(WAITS[number - 1]))
    with transaction.atomic():
        # Guarded by the count: should the taking have run out and another process tried too, one of the two counts.
        counted = WebhookDelivery.objects.filter(pk=delivery.pk, state=Pending, tries=delivery.tries).update(
            state=state, tries=number, next_try_at=again
        )
        if counted:
            WebhookAttempt.objects.create(
                delivery_id=delivery.pk, number=number, at=at, status=answer.status,
                milliseconds=answer.milliseconds, outcome=answer.outcome[:200],
            )  # fmt: skip
        if answer.gone:
            WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, disabled_at=None).update(
                disabled_at=at, disabled_reason="The endpoint answered 410 Gone."
            )


def forget_old() -> int:
    """Delete settled deliveries older than 30 days. Their number."""
    old = WebhookDelivery.objects.filter(created_at__lt=ports.now() - KEPT).exclude(state=Pending)
    return old.delete()[1].get("api.WebhookDelivery", 0)


def keep_delivering(stopped: threading.Event) -> None:
    """Deliver until `stopped` is set; survives every error of a pass. For a thread of its own beside a worker."""
    passes = 0
    while not stopped.wait(LOOK_EVERY):
        try:
            while deliver_due() == BATCH and not stopped.is_set():
                pass
            if passes % int(FORGET_EVERY / LOOK_EVERY) == 0:
                forget_old()
            passes += 1
        except Exception:
            log.exception("a pass of the webhooks failed; the next one tries again")
        finally:
            rest_connection()
    connection.close()


def start() -> threading.Event:
    """Run `keep_delivering` in a daemon thread of this process. Set the event it answers with to end it."""
    stopped = threading.Event()
    threading.Thread(target=keep_delivering, args=(stopped,), daemon=True, name="webhooks").start()
    return stopped
