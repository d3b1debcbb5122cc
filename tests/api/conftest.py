"""Two sellers with keys, and the small world of the promise tests: the chain on an engine without waiting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from elistit import ports
from elistit.accounts.models import ApiKey, User
from elistit.api import limits
from elistit.credits import ledger
from elistit.ports import FixedClock
from elistit.projects.models import Project
from elistit.runtime import engine
from tests.conformance.conftest import World

ORDER = {"product": "clipart", "idea": "woodland animals", "count": 15}


class Caller:
    """A program of one seller. Answers Django's response; `json()` of it is the body."""

    def __init__(self, user: User, scope: str = ApiKey.Scope.FULL) -> None:
        self.user = user
        self.key = ApiKey.issue(user, "test", scope)
        self.client = Client(enforce_csrf_checks=True)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        data = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        address = path if path.startswith("/api/") else f"/api/v1{path}"
        return self.client.generic(method, address, data, "application/json", headers=sent)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)

    def launch(self, **changed: Any) -> dict[str, Any]:
        response = self.post("/projects", {**ORDER, **changed})
        assert response.status_code == 201, response.content
        return dict(response.json())


def problem(response: HttpResponse, name: str, status: int) -> dict[str, Any]:
    """The problem a response is, which must be this one."""
    body = dict(response.json())
    assert (response.status_code, body["type"]) == (status, f"urn:elistit:problem:{name}"), body
    assert response["Content-Type"] == "application/problem+json"
    assert body["status"] == status and body["title"] and body["detail"]
    return body


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(transactional_db: None, one_set: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    monkeypatch.setattr(limits, "BURST", 10_000)
    return world


@pytest.fixture
def api(world: World) -> Caller:
    return Caller(world.user)


@pytest.fixture
def stranger(world: World) -> Caller:
    user = User.objects.create_user("mallory@example.com")
    ledger.grant(user.pk, 100, source="test", idempotency_key="grant:mallory", reason="For the test")
    return Caller(user)


@pytest.fixture
def at_gate(world: World, api: Caller) -> Project:
    return world.to_gate()


@pytest.fixture
def finished(world: World, api: Caller) -> Project:
    return world.to_end()
