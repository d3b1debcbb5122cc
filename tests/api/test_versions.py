"""Versions of an item over the API, and the files that are not served (rules §5.3, §8)."""

from __future__ import annotations

from elistit.actions import commands
from elistit.ports import Kind
from elistit.projects.models import Project, ProjectFile
from tests.conformance.conftest import World

from .conftest import Caller, problem


def test_a_seller_keeps_another_version_of_an_item(api: Caller, world: World, at_gate: Project) -> None:
    address = f"/projects/{at_gate.pk}/items/1"
    before = api.get(f"/projects/{at_gate.pk}/items").json()["items"][0]
    assert before["versions"] == []
    api.post(f"{address}/remake", {"prompt": "a wren"}, Idempotency_Key="r1")
    world.engine.run()
    versions = api.get(f"/projects/{at_gate.pk}/items").json()["items"][0]["versions"]
    assert [(v["round"], v["chosen"], v["prompt"], v["charged"], v["refunded"]) for v in versions] == [
        (0, False, before["prompt"], 1, False), (1, True, "a wren", 1, False),
    ]  # fmt: skip
    chosen = api.post(f"{address}/choose", {"round": 0}).json()["items"][0]
    assert (chosen["prompt"], [v["chosen"] for v in chosen["versions"]]) == (before["prompt"], [True, False])
    problem(api.post(f"{address}/choose", {"round": 7}), "not-possible", 409)
    problem(api.post(f"{address}/choose", {"round": -1}), "invalid-request", 422)
    problem(api.post(f"/projects/{at_gate.pk}/items/99/choose", {"round": 0}), "not-found", 404)


def test_another_seller_chooses_nothing(stranger: Caller, at_gate: Project) -> None:
    problem(stranger.post(f"/projects/{at_gate.pk}/items/1/choose", {"round": 0}), "not-found", 404)


def test_a_file_of_a_refunded_job_is_not_there(api: Caller, world: World, at_gate: Project) -> None:
    row = ProjectFile.objects.filter(project=at_gate, role="image", item=1).get()
    # It may be served; only this small world keeps no bytes of it.
    problem(api.get(f"/projects/{at_gate.pk}/files/{row.pk}"), "file-unavailable", 503)
    world.fails("processing", 0, Kind.REJECTED)
    commands.approve(world.user, at_gate.pk)
    world.engine.run()
    problem(api.get(f"/projects/{at_gate.pk}/files/{row.pk}"), "not-found", 404)
    assert api.get(f"/projects/{at_gate.pk}").json()["files"] == []
