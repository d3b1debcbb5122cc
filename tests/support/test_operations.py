"""What machines ask: health, readiness, numbers, and logs as JSON."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging

import pytest
import structlog
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from elistit.chain import database_clock
from elistit.chain.models import Attempt, ProviderCall, Worker
from elistit.projects.models import Project
from elistit.runtime import engine, leases
from elistit.support import logs, queues
from tests.studio.conftest import job_of

pytestmark = pytest.mark.django_db


def scraped(client: Client) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def beat(seconds_ago: float = 0, name: str = "w1", draining: bool = False) -> None:
    now = database_clock.database_now()
    Worker.objects.create(pk=name, started_at=now, beat_at=now - dt.timedelta(seconds=seconds_ago), draining=draining)


def test_alive_answers_without_the_database(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/healthz").json() == {"alive": True}


def test_ready_needs_database_engine_and_a_beating_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 503
    beat(leases.lease_seconds() + 30, "old")
    beat(0, "leaving", draining=True)
    assert client.get("/readyz").json() == {"ready": False, "database": True, "engine": True, "worker": False}
    assert client.get("/readyz?pages").json() == {"ready": True, "database": True, "engine": True}
    beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["ready"] is True

    def away(ids: list[str]) -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(engine.queue, "states", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["engine"] is False and answer.json()["database"] is True


def test_the_metrics_parse_and_count_what_the_tables_hold(
    client: Client, failed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(failed)
    ProviderCall.objects.create(
        key="a", job=job, provider="replicate", model="replicate/flux", state="answered", outcome="made",
        cost_micros=2_500_000, requests=2,
    )  # fmt: skip
    beat()
    waiting = [queues.Waiting("chain", enqueued=3, delayed=1, running=2, oldest_seconds=42.5)]
    monkeypatch.setattr(queues, "depths", lambda: waiting)
    found = scraped(client)
    assert found["elistit_jobs{status=FAILED}"] == 1 and found["elistit_jobs{status=RUNNING}"] == 0
    assert found["elistit_projects{stage=failed}"] == 1
    assert found["elistit_refunds_total{}"] == 1 and found["elistit_refunded_credits_total{}"] == 17
    assert found["elistit_retries_total{}"] == 3
    assert found["elistit_attempts_total{outcome=transient,stage=briefing}"] == 4
    assert found["elistit_provider_calls_total{outcome=made,provider=replicate}"] == 1
    assert found["elistit_provider_calls_repeated_total{provider=replicate}"] == 1
    assert found["elistit_provider_cost_dollars_total{provider=replicate}"] == 2.5
    assert found["elistit_queue_depth{queue=chain,state=enqueued}"] == 3
    assert found["elistit_queue_oldest_seconds{queue=chain}"] == 42.5
    assert found["elistit_workers_live{}"] == 1 and found["elistit_engine_up{}"] == 1


def test_the_metrics_stand_when_the_engine_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> list[queues.Waiting]:
        raise OSError

    monkeypatch.setattr(queues, "depths", away)
    found = scraped(client)
    assert found["elistit_engine_up{}"] == 0 and "elistit_jobs{status=QUEUED}" in found


def test_the_metrics_name_nobody(client: Client, failed: Project, at_gate: Project) -> None:
    Attempt.objects.update(worker="host-of-somebody")
    shown = client.get("/metrics").content.decode()
    for private in ("alice", "example.com", failed.pk, at_gate.pk, failed.name, "host-of-somebody", "woodland"):
        assert private not in shown


def test_the_metrics_are_for_this_machine_or_for_the_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", **far).status_code == 404  # type: ignore[arg-type]
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, **far).status_code == 404  # type: ignore[arg-type]
    monkeypatch.setenv("ELISTIT_METRICS_TOKEN", "a-long-token")
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}, **far).status_code == 404  # type: ignore[arg-type]
    assert client.get("/metrics", headers={"Authorization": "Bearer a-long-token"}, **far).status_code == 200  # type: ignore[arg-type]


def lines(write: object) -> list[dict[str, object]]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter())
    log = logging.getLogger("elistit.test.json")
    log.addHandler(handler)
    log.propagate = False
    try:
        write(log)  # type: ignore[operator]
    finally:
        log.removeHandler(handler)
        structlog.contextvars.clear_contextvars()
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_log_line_is_json_with_the_ids_it_is_about(failed: Project) -> None:
    job = job_of(failed).pk

    def write(log: logging.Logger) -> None:
        log.warning("job %s could not be queued now", job)
        logs.about(project=failed.pk)
        log.error("something about it", extra={"job": job})
        try:
            raise ValueError("two\nlines")
        except ValueError:
            log.exception("it broke")

    named, bound, broke = lines(write)
    assert named["job"] == job and "project" not in named and named["level"] == "warning"
    assert bound["project"] == failed.pk and bound["job"] == job and bound["event"] == "something about it"
    assert "ValueError: two\nlines" in str(broke["exception"])


def test_the_ids_of_one_request_are_gone_in_the_next(page: Client, at_gate: Project) -> None:
    page.get(f"/projects/{at_gate.pk}/")
    assert structlog.contextvars.get_contextvars() == {}
