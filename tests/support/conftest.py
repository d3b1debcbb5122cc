"""Two operators and a seller; the seller's projects are made as in the studio's own tests."""

from __future__ import annotations

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.runtime import engine
from tests.studio.conftest import (  # noqa: F401
    _clock,
    a_person,
    alice,
    at_gate,
    bob,
    clock,
    failed,
    finished,
    page,
)

REASON = "The seller wrote to us about this"


def press(client: Client, address: str, **fields: object) -> object:
    """Send a console form as its page would, each time with a key of its own."""
    return client.post(address, {"reason": REASON, "key": ports.new_id(), **fields}, follow=True)


@pytest.fixture(autouse=True)
def _an_engine_that_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The engine's tables are not part of these tests; what is asked of it is noted."""
    asked: list[str] = []
    monkeypatch.setattr(engine.queue, "states", lambda ids: {})
    monkeypatch.setattr(engine.queue, "cancel", lambda job: asked.append(f"cancel {job}") or 0)
    monkeypatch.setattr(engine.queue, "start", lambda job, occasion: asked.append(f"start {job} {occasion}"))
    return asked


@pytest.fixture
def asked(_an_engine_that_holds_nothing: list[str]) -> list[str]:
    return _an_engine_that_holds_nothing


def an_operator(email: str) -> User:
    user = a_person(email, 0)
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def olga(db: None) -> User:
    return an_operator("olga@example.com")


@pytest.fixture
def otto(db: None) -> User:
    return an_operator("otto@example.com")


@pytest.fixture
def console(olga: User) -> Client:
    client = Client()
    client.force_login(olga)
    return client


@pytest.fixture
def ottos(otto: User) -> Client:
    client = Client()
    client.force_login(otto)
    return client
