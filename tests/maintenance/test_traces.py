"""Traces reach a real OTLP receiver: one per launch, with attempts and calls below it, errors marked, and no one's words in them."""

from __future__ import annotations

import datetime as dt
import importlib.util
import itertools
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from elistit.actions import commands
from elistit.chain.models import Attempt, ProviderCall
from elistit.cli import environment
from elistit.maintenance import looking, service, status, tasks
from elistit.maintenance.models import TaskState
from elistit.maintenance.task import WorkerView
from elistit.maintenance.traces import otlp, reading, sending
from elistit.ports import Kind
from elistit.projects.models import Job
from tests.conformance.conftest import World, clock, world
from tests.otlp_receiver import Received, Receiver

__all__ = ["clock", "world"]
WORKER = WorkerView("w1")
PRIVATE = "Somebody's private words"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def on(world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    monkeypatch.setenv("ELISTIT_OTLP_URL", receiver.url)
    monkeypatch.setenv("ELISTIT_OTLP_HEADERS", "authorization=Bearer of-the-operator, x-scope=studio")
    monkeypatch.setattr(sending, "_sent", sending._Sent())
    monkeypatch.setattr(otlp, "TIMEOUT", 0.5)
    otlp.sender.cache_clear()
    assert look(world) == 0, "what ended before tracing was on isn't sent"
    return receiver


def look(world: World) -> int:
    """One run of the task, as a worker makes it. How many spans were sent."""
    world.clock.advance(sending.INTERVAL)
    [task] = sending.tasks()
    return service.run_task(task, WORKER)["spans sent"]


def by_name(spans: list[Received]) -> dict[str, list[Received]]:
    found: dict[str, list[Received]] = {}
    for span in spans:
        found.setdefault(span.name, []).append(span)
    return found


def bought(job: Job, attempt: Attempt, outcome: str, **more: object) -> ProviderCall:
    """The row that `purchases` writes for the call of an attempt."""
    assert attempt.ended_at is not None
    key = f"{job.pk}:{attempt.item}:{attempt.round}:{attempt.number}.{attempt.wait}"
    facts = {"state": "answered", "answered_at": attempt.ended_at, **more}
    return ProviderCall.objects.create(
        key=key, job=job, item=attempt.item, provider="openai", model="openai/one", provider_id="theirs-1", requests=1,
        sent_at=attempt.started_at, outcome=outcome, detail=PRIVATE, answer={"reason": PRIVATE}, cost_micros=40_000, **facts,
    )  # fmt: skip


def test_a_launch_that_retries_is_one_trace_with_its_errors_marked(world: World, on: Receiver) -> None:
    world.fails("generating", 3, Kind.TRANSIENT, 2)
    project = world.to_gate()
    job = world.job(project)
    for attempt in Attempt.objects.filter(job=job, stage="generating", item=3):
        bought(job, attempt, attempt.outcome)
    look(world)
    commands.approve(world.user, project.pk)
    world.engine.run()
    look(world)

    named = by_name(on.spans)
    assert len({span.trace for span in on.spans}) == 1
    assert len({span.id for span in on.spans}) == len(on.spans), "each span is sent once"
    [launch], [ended] = named["launch"], named["job launch"]
    assert launch.parent == "" and launch.attributes["elistit.product"] == "clipart"
    assert ended.parent == launch.id and ended.error is None
    assert (ended.attributes["elistit.credits.charged"], ended.attributes["elistit.credits.refunded"]) == (17, 0)
    attempts = [span for name, spans in named.items() if name.startswith("attempt ") for span in spans]
    assert {span.parent for span in attempts} == {ended.id}
    assert Counter(span.attributes["elistit.stage"] for span in attempts) == Counter(
        Attempt.objects.filter(job=job, note=False).values_list("stage", flat=True)
    )
    third = sorted((s for s in named["attempt generating"] if s.attributes["elistit.item"] == 3), key=lambda s: s.start)
    assert [span.error for span in third] == ["transient", "transient", None]
    assert [span.attributes["elistit.attempt"] for span in third] == [1, 2, 3]
    waits = [(after.start - before.end) / 1e9 for before, after in itertools.pairwise(third)]
    assert waits == pytest.approx([10, 30], abs=1), "the waits between attempts are in the trace"
    calls = sorted(named["provider call openai"], key=lambda s: s.start)
    assert [call.parent for call in calls] == [span.id for span in third]
    assert [call.error for call in calls] == ["transient", "transient", None]
    assert calls[0].attributes["error.type"] == "transient" and calls[2].attributes["elistit.cost_usd"] == 0.04


def test_a_failed_job_is_an_error_with_its_refund(world: World, on: Receiver) -> None:
    world.fails("briefing", 0, Kind.REJECTED)
    world.to_gate()
    look(world)
    named = by_name(on.spans)
    [ended], [attempt] = named["job launch"], named["attempt briefing"]
    assert ended.error == "rejected" and ended.attributes["elistit.failure.stage"] == "briefing"
    assert ended.attributes["elistit.credits.refunded"] == ended.attributes["elistit.credits.charged"] == 17
    assert attempt.error == "rejected" and attempt.parent == ended.id


def test_no_one_can_be_read_from_a_trace(world: World, on: Receiver) -> None:
    world.fails("generating", 2, Kind.BLOCKED_PROMPT, detail=PRIVATE)
    project = world.to_gate()
    job = world.job(project)
    bought(job, Attempt.objects.filter(job=job, stage="generating", item=2)[0], "blocked_prompt")
    look(world)
    wire = b"".join(on.bodies)
    secret = [PRIVATE, "alice", "example.com", "woodland", "It was blocked", "fox", "of-the-operator"]
    assert project.pk.encode() in wire
    assert [words for words in secret if words.encode() in wire] == []


def test_the_collector_is_sent_the_headers_of_the_operator(world: World, on: Receiver) -> None:
    world.to_gate()
    look(world)
    assert on.headers[0]["authorization"] == "Bearer of-the-operator" and on.headers[0]["x-scope"] == "studio"


@pytest.mark.parametrize("fault", ["refuses", "hangs", "is gone"])
def test_a_collector_that_is_down_delays_nothing_and_gets_the_spans_later(
    world: World, on: Receiver, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "refuses":
        on.status = 400
    elif fault == "hangs":
        on.hangs.set()
    else:
        monkeypatch.setenv("ELISTIT_OTLP_URL", "http://127.0.0.1:9")
    project = world.to_end()
    assert project.stage == "completed", "no step of the chain speaks to the collector"
    assert look(world) == 0
    [report] = status.reports(sending.tasks())
    assert "didn't accept the spans" in report.last_error and "of-the-operator" not in report.last_error
    on.status = 200
    on.hangs.clear()
    monkeypatch.setenv("ELISTIT_OTLP_URL", on.url)
    assert look(world) == len(on.spans) > 20
    assert status.reports(sending.tasks())[0].last_error == ""
    assert look(world) == 0, "nothing is sent twice"


def test_while_nothing_ends_nothing_is_stored_and_nothing_is_sent_twice(world: World, on: Receiver) -> None:
    [send] = sending.tasks()
    world.to_end()
    sent = look(world)
    for _ in range(2):  # what ended within the overlap is read again, and moves the cursor once more
        world.clock.advance(40)
        look(world)
    cursor = TaskState.objects.get(pk=send.name).cursor
    for _ in range(20):
        world.clock.advance(60)
        assert not looking.has_work(send, WORKER, cursor)
    world.launch("k2")
    world.engine.run()
    more = look(world)
    spans = Counter(span.id for span in on.spans)
    assert set(spans.values()) == {1} and more > 5 and len(spans) == sent + more


def test_many_spans_are_sent_in_several_requests_and_none_twice(
    world: World, on: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS", 4)
    project = world.to_end()
    assert look(world) == len(on.spans)
    assert len(on.bodies) > 5
    sent = Counter(span.id for span in on.spans)
    assert set(sent.values()) == {1}
    assert len(sent) == Attempt.objects.filter(note=False).count() + 2, (
        f"attempts, the launch and the job of {project.pk}"
    )


def test_what_is_sent_again_by_a_new_process_has_the_same_ids(world: World, on: Receiver) -> None:
    world.to_end()
    look(world)
    first = {(span.trace, span.id, span.parent) for span in on.spans}
    on.spans.clear()
    sending._sent.__init__()  # type: ignore[misc]
    look(world)
    assert {(span.trace, span.id, span.parent) for span in on.spans} == first


def test_a_backlog_of_more_than_a_day_is_left_out(world: World, on: Receiver) -> None:
    world.to_end()
    world.clock.advance(dt.timedelta(days=1, minutes=2).total_seconds())
    assert look(world) == 0 and on.spans == []


def test_a_call_without_an_answer_is_an_error_where_it_was_sent(world: World, on: Receiver) -> None:
    world.fails("generating", 1, Kind.UNKNOWN, 1)
    project = world.to_gate()
    job = world.job(project)
    first, second = Attempt.objects.filter(job=job, stage="generating", item=1).order_by("number")
    bought(job, first, "made", answered_at=second.ended_at)
    look(world)
    calls = sorted(by_name(on.spans)["provider call openai"], key=lambda span: span.start)
    assert [(call.error, call.attributes["elistit.outcome"]) for call in calls] == [
        ("unanswered", "unanswered"),
        (None, "made"),
    ]
    assert "elistit.cost_usd" not in calls[0].attributes


def test_the_queries_are_few_however_much_there_is(
    world: World, on: Receiver, django_assert_max_num_queries: object
) -> None:
    world.to_end()
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        look(world)


# ---- off ---------------------------------------------------------------------------------------------------------------------


def test_off_there_is_no_task(db: None) -> None:
    assert sending.tasks() == () and "send-traces" not in {task.name for task in tasks.all_tasks()}


def test_off_nothing_of_it_is_loaded() -> None:
    program = (
        "import sys, django; django.setup()\n"
        "from elistit.maintenance import service, tasks\n"
        "from elistit.runtime import worker\n"
        "tasks.all_tasks()\n"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', 'google.protobuf'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment_of_a_worker()
    )
    assert done.stdout.strip() == "[]"


def environment_of_a_worker() -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k != "ELISTIT_OTLP_URL"},
        "DJANGO_SETTINGS_MODULE": "elistit.settings",
    }


def test_without_the_extra_the_command_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"ELISTIT_OTLP_URL": "http://collector:4318"}
    assert environment.problems(given) == []

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib.util, "find_spec", missing)
    [problem] = environment.problems(given)
    assert problem.name == "ELISTIT_OTLP_URL" and problem.words.endswith("install elistit[otel].")


@pytest.mark.parametrize("wrong", ["Bearer x", "=x", "a=b,c", "a b=c", "x=ü"])
def test_headers_that_are_none_are_refused_without_being_repeated(wrong: str) -> None:
    [problem] = environment.problems({"ELISTIT_OTLP_HEADERS": wrong})
    assert problem.words == "ELISTIT_OTLP_HEADERS should be name=value, with a comma between two headers."


@pytest.mark.parametrize(
    "url", ["http://c:4318", "http://c:4318/", "http://c:4318/v1/traces", "http://c:4318/v1/traces/"]
)
def test_the_address_may_name_the_path_of_traces(url: str) -> None:
    assert otlp.endpoint(url) == "http://c:4318/v1/traces"
