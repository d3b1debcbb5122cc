"""The same six stages as Celery tasks on Redis, in two versions: empty ones, and ones that write the product's own rows.

`stage` is the least a Celery chain can be. `start` and `one_try` are the product's chain with Celery in the durable
engine's place: the same functions, transactions and rows, queued by Celery. Runs in the environment of bench/requirements.lock.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any

import redis
from celery import Celery, chain

STAGES = ("briefing", "generating", "processing", "delivering", "listing", "drafting")
BROKER = os.environ["BENCH_BROKER"]
ROWS = os.environ.get("BENCH_ROWS") == "1"

if ROWS:
    import django

    django.setup()

app = Celery("bench", broker=BROKER)
app.conf.update(
    # What makes Celery as careful as it can be: a message is taken off only when its task has ended.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
)
counter = redis.Redis.from_url(BROKER)


@app.task
def stage(name: str, sent_at: float) -> None:
    if name == STAGES[0]:
        counter.rpush("waits", time.time() - sent_at)
    if name == STAGES[-1]:
        counter.incr("done")


def launch_empty() -> None:
    chain(*[stage.si(name, time.time()) for name in STAGES]).delay()


@app.task
def start(job: str) -> None:
    from elistit.chain import due as rules

    queue(rules.start(job))


@app.task
def one_try(data: dict[str, Any]) -> None:
    from elistit.chain import attempt_key, settle
    from lib import noop

    queue(settle.perform(attempt_key.AttemptKey(**data), "celery", noop.work))


def queue(tries: Iterable[Any]) -> None:
    for following in tries:
        one_try.apply_async([following.as_dict()], countdown=following.delay or None)
