"""Depths are the engine's own, and delayed work is not taken for work that waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.runtime import engine
from elistit.support import queues


@pytest.fixture
def queue(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[engine.Queue]:
    queue = engine.Queue()
    queue.migrate()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {'dbos.' if connection.vendor == 'postgresql' else ''}workflow_status")
    monkeypatch.setattr(engine, "queue", queue)
    yield queue
    queue.close()
    connection.close()


def test_what_waits_and_what_is_delayed_are_counted_by_queue(queue: engine.Queue) -> None:
    assert queues.depths() == []
    job = ports.new_id()
    queue.put([AttemptKey(job, "briefing", 0, 0, 1, 0), AttemptKey(job, "listing", 0, 0, 1, 0)])
    queue.put([AttemptKey(job, "processing", 0, 0, 2, 0, delay=60.0)])
    found = {q.name: q for q in queues.depths()}
    assert found["chain"].enqueued == 2 and 0 <= found["chain"].oldest_seconds < 30
    assert found["chain"].delayed == 1 and set(found) == {"chain"}
    queues.reachable()
    assert queues.states([AttemptKey(job, "briefing", 0, 0, 1, 0).id]).states
