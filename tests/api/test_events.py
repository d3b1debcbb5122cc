"""The first event of a stream, which is all of it where Django answers alone."""

from __future__ import annotations

import json

from elistit.actions import commands
from elistit.projects.models import Project
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import World


def test_an_event_is_the_whole_state(api: Caller, stranger: Caller, world: World, at_gate: Project) -> None:
    at = f"/projects/{at_gate.pk}/events"
    answer = api.get(at)
    assert answer["Content-Type"].startswith("text/event-stream") and "no-store" in answer["Cache-Control"]
    retry, event = answer.content.decode().split("\n\n")[:2]
    name, data = event.split("\n")
    shown = api.get(f"/projects/{at_gate.pk}").json()
    assert (retry, name) == ("retry: 2000", "event: project")
    assert json.loads(data.removeprefix("data: ")) == {
        "public_id": at_gate.pk, "stage": "awaiting_approval",
        "job": {"id": shown["job"]["id"], "kind": "launch", "status": "WAITING"}, "items": {"made": 15}, "draft": "none",
    }  # fmt: skip
    problem(stranger.get(at), "not-found", 404)
    commands.delete(world.user, at_gate.pk)
    problem(api.get(at), "not-found", 404)
