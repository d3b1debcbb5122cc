"""A worker is killed and another resumes its work: both are in the one trace of the launch, and a retry is in it too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from elistit.chain.models import Attempt
from tests.otlp_receiver import Receiver

from .conftest import Farm

pytestmark = pytest.mark.processes


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_what_two_processes_did_for_a_launch_is_one_trace(farm: Farm, receiver: Receiver) -> None:
    farm.env |= {"ELISTIT_OTLP_URL": receiver.url, "ELISTIT_FAULTS": "processing.1=transient"}
    held = farm.folder / "held"
    first = farm.worker(HOLD="briefing.0", HOLD_FILE=str(held))
    project = farm.launch(product="sticker", count=2)
    farm.wait(held.exists, 120, "the briefing to begin")
    name = farm.is_up(first)
    first.kill()
    first.wait()
    farm.worker()
    farm.finish(project)
    assert project.stage == "completed"
    farm.wait(lambda: any(s.name == "job launch" for s in receiver.spans), 60, "the job's span")

    spans = {span.id: span for span in receiver.spans}
    assert len({span.trace for span in spans.values()}) == 1
    resumed = next(s for s in spans.values() if s.name == "attempt briefing")
    assert resumed.attributes["elistit.attempt.starts"] == 2 and resumed.attributes["elistit.worker"] != name
    processing = [s for s in spans.values() if s.name == "attempt processing" and s.attributes["elistit.item"] == 1]
    assert [s.error for s in sorted(processing, key=lambda s: s.start)] == ["transient", None]
    calls = [s for s in spans.values() if s.name.startswith("provider call ")]
    assert len(calls) == 2 and {spans[call.parent].name for call in calls} == {"attempt generating"}
    for span in spans.values():
        assert span.parent in spans or span.name == "launch"
    done = Attempt.objects.filter(note=False).count()
    assert sum(s.name.startswith("attempt ") for s in spans.values()) == done
    if connection.vendor == "sqlite":
        assert sum(s.name == "launch" for s in receiver.spans) == 1
