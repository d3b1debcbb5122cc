"""Webhooks: which events are told, how they are signed, sent again and written down, and where they may not go."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elistit.actions import commands
from elistit.api.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from elistit.api.webhooks import delivering
from elistit.api.webhooks.keeping import MOST
from elistit.network import addresses, sending
from elistit.network.sending import Answer
from elistit.ports import Kind
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import PRICE, World

PROJECT_EVENTS = ["project.completed", "project.failed", "project.awaiting_approval"]


class Receiver:
    """A seller's own server. `answers` is what it says next, then 204; `got` is what it was sent."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("location", receiver.url)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("ELISTIT_WEBHOOKS_PRIVATE", "1")
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def hook(api: Caller, receiver: Receiver, world: World) -> dict[str, Any]:
    made = api.post("/webhooks", {"url": receiver.url, "events": PROJECT_EVENTS})
    assert made.status_code == 201
    world.clock.advance(1)
    return dict(made.json())


def test_a_project_tells_its_gate_and_its_end_once_each(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    project = world.to_gate()
    assert delivering.deliver_due() == 1
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert (delivering.deliver_due(), delivering.deliver_due()) == (1, 0)
    world.clock.advance(3600)
    assert delivering.deliver_due() == 0
    first, second = receiver.bodies()
    assert (first["type"], first["data"]["stage"]) == ("project.awaiting_approval", "awaiting_approval")
    assert second["type"] == "project.completed"
    assert second["data"] == {
        "public_id": project.pk, "name": project.name, "product": "clipart", "stage": "completed",
        "job": {"id": world.job(project).pk, "status": "SUCCEEDED", "charged": PRICE, "refunded": 0, "failure": None},
        "url": f"/api/v1/projects/{project.pk}",
    }  # fmt: skip


def test_a_failed_project_tells_why_and_what_came_back(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    world.fails("briefing", 0, Kind.TRANSIENT)
    world.to_gate()
    delivering.deliver_due()
    (body,) = receiver.bodies()
    assert (body["type"], body["data"]["job"]["refunded"]) == ("project.failed", PRICE)
    assert body["data"]["job"]["failure"] == {"kind": "transient", "reason": "It was transient.", "stage": "briefing"}


def test_coming_back_to_the_gate_after_a_remake_is_told_again(
    world: World, hook: dict[str, Any], receiver: Receiver
) -> None:
    project = world.to_gate()
    delivering.deliver_due()
    world.clock.advance(5)
    commands.remake(world.user, project.pk, 1, idempotency_key="r")
    assert delivering.deliver_due() == 0
    world.clock.advance(5)
    world.engine.run()
    assert (delivering.deliver_due(), delivering.deliver_due()) == (1, 0)
    assert [b["type"] for b in receiver.bodies()] == ["project.awaiting_approval"] * 2


def test_a_gate_passed_before_anybody_looked_is_told_all_the_same(
    world: World, hook: dict[str, Any], receiver: Receiver
) -> None:
    world.to_end()
    world.clock.advance(86_400)
    assert delivering.deliver_due() == 2
    assert {b["type"] for b in receiver.bodies()} == {"project.awaiting_approval", "project.completed"}


def test_an_event_committed_late_is_still_found(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    world.clock.advance(120)
    world.to_gate()
    world.clock.advance(300)
    # Somebody looked while the transaction of the gate had not been committed yet.
    WebhookEndpoint.objects.update(looked_at=world.clock.now())
    assert delivering.deliver_due() == 1


def test_only_what_happens_after_it_was_added_and_only_the_chosen_events_are_told(
    world: World, api: Caller, stranger: Caller, receiver: Receiver
) -> None:
    old = world.to_gate()
    world.clock.advance(1)
    api.post("/webhooks", {"url": receiver.url, "events": ["project.completed"]})
    api.post("/webhooks", {"url": receiver.url})
    api.post("/webhooks", {"url": receiver.url, "events": ["project.failed"]})
    stranger.post("/webhooks", {"url": receiver.url})
    world.clock.advance(1)
    assert delivering.deliver_due() == 0
    commands.approve(world.user, old.pk)
    world.engine.run()
    assert delivering.deliver_due() == 2
    assert [b["type"] for b in receiver.bodies()] == ["project.completed"] * 2


def test_a_delivery_is_signed_as_standard_webhooks_says(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    world.to_gate()
    delivering.deliver_due()
    headers, body = receiver.got[0]
    key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == int(world.clock.now().timestamp())
    assert len(key) == 32 and headers["content-type"] == "application/json"


def test_the_secret_is_kept_as_ciphertext_and_shown_once(api: Caller, hook: dict[str, Any]) -> None:
    kept = WebhookEndpoint.objects.get().secret
    assert hook["secret"] not in kept and "whsec_" not in kept
    for path in ("/webhooks", f"/webhooks/{hook['id']}"):
        assert "secret" not in api.get(path).content.decode()


def test_a_delivery_that_was_not_taken_is_tried_again_with_longer_waits_and_then_given_up(
    world: World, api: Caller, hook: dict[str, Any], receiver: Receiver
) -> None:
    receiver.answers = [500] * 20
    world.to_gate()
    waits = []
    for _ in range(len(delivering.WAITS) + 1):
        assert delivering.deliver_due() == 1
        assert delivering.deliver_due() == 0
        row = WebhookDelivery.objects.get()
        if row.next_try_at:
            waits.append(round((row.next_try_at - world.clock.now()).total_seconds()))
            world.clock.time = row.next_try_at
    assert tuple(waits) == delivering.WAITS
    world.clock.advance(86_400)
    assert delivering.deliver_due() == 0
    (logged,) = api.get(f"/webhooks/{hook['id']}/deliveries").json()["items"]
    assert (logged["state"], logged["tries"], logged["next_try_at"]) == ("failed", 8, None)
    assert [a["status"] for a in logged["attempts"]] == [500] * 8
    assert logged["attempts"][0]["outcome"] == "Answered 500."
    assert (
        len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
        and len({body for _, body in receiver.got}) == 1
    )


def test_a_given_up_delivery_is_sent_again_by_hand(
    world: World, api: Caller, hook: dict[str, Any], receiver: Receiver
) -> None:
    receiver.answers = [500]
    world.to_gate()
    delivering.deliver_due()
    WebhookDelivery.objects.update(state="failed", next_try_at=None)
    log = f"/webhooks/{hook['id']}/deliveries"
    logged = api.get(log).json()["items"][0]
    assert api.post(f"{log}/{logged['id']}/resend").json()["state"] == "pending"
    assert delivering.deliver_due() == 1
    assert api.get(log).json()["items"][0]["state"] == "delivered"
    problem(api.post(f"{log}/{'0' * 26}/resend"), "not-found", 404)


def test_a_receiver_that_is_gone_is_left_alone(
    world: World, api: Caller, hook: dict[str, Any], receiver: Receiver
) -> None:
    receiver.answers = [410]
    project = world.to_gate()
    delivering.deliver_due()
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert delivering.deliver_due() == 0
    shown = api.get(f"/webhooks/{hook['id']}").json()
    assert (shown["active"], shown["disabled_reason"]) == (False, "The endpoint answered 410 Gone.")
    delivery = WebhookDelivery.objects.get().pk
    problem(api.post(f"/webhooks/{hook['id']}/deliveries/{delivery}/resend"), "not-possible", 409)


def test_a_redirect_is_not_followed(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    receiver.answers = [302]
    world.to_gate()
    delivering.deliver_due()
    assert (len(receiver.got), WebhookDelivery.objects.get().state) == (1, "pending")


def test_a_process_that_dies_in_a_try_loses_nothing(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    world.to_gate()
    delivering.collect()
    assert len(delivering.take()) == 1
    assert delivering.take() == []
    world.clock.advance(delivering.TAKEN_FOR.total_seconds())
    assert delivering.deliver_due() == 1
    assert WebhookDelivery.objects.get().state == "delivered"


def test_two_processes_with_one_delivery_count_one_try(world: World, hook: dict[str, Any], receiver: Receiver) -> None:
    world.to_gate()
    delivering.collect()
    (taken,) = delivering.take()
    for _ in range(2):
        delivering.settle(taken, world.clock.now(), Answer(500, 1, "Answered 500."))
    assert (WebhookDelivery.objects.get().tries, WebhookAttempt.objects.count()) == (1, 1)


def test_a_secret_of_another_installation_is_said_in_the_log(
    world: World, hook: dict[str, Any], receiver: Receiver
) -> None:
    WebhookEndpoint.objects.update(secret="unreadable")
    world.to_gate()
    delivering.deliver_due()
    assert receiver.got == []
    assert "add it again" in WebhookAttempt.objects.get().outcome


def test_old_deliveries_are_forgotten_and_open_ones_never(
    world: World, hook: dict[str, Any], receiver: Receiver
) -> None:
    world.to_end()
    delivering.deliver_due()
    open_one = WebhookDelivery.objects.order_by("id").first()
    assert open_one is not None
    WebhookDelivery.objects.filter(pk=open_one.pk).update(state="pending")
    world.clock.advance(31 * 86_400)
    assert delivering.forget_old() == 1
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [open_one.pk]


def test_collecting_takes_as_many_queries_for_many_projects_as_for_one(world: World, hook: dict[str, Any]) -> None:
    def passes() -> int:
        with CaptureQueriesContext(connection) as captured:
            delivering.collect()
        return len(captured)

    world.launch("a")
    world.engine.run()
    one = passes()
    for key in "bcd":
        world.launch(key)
    world.engine.run()
    assert passes() == one <= 9


def test_without_webhooks_a_pass_is_two_queries(world: World) -> None:
    world.to_gate()
    with CaptureQueriesContext(connection) as captured:
        assert delivering.deliver_due() == 0
    assert len(captured) == 2


def test_the_thread_delivers_until_it_is_stopped(
    world: World, hook: dict[str, Any], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LOOK_EVERY", 0.02)
    done = threading.Event()
    monkeypatch.setattr(delivering, "deliver_due", lambda: done.set() or 0)
    stopped = delivering.start()
    assert done.wait(60)
    stopped.set()


def test_webhooks_are_listed_and_deleted_and_ten_are_enough(api: Caller, world: World) -> None:
    made = [api.post("/webhooks", {"url": f"https://example.com/{n}"}).json() for n in range(MOST)]
    problem(api.post("/webhooks", {"url": "https://example.com/more"}), "not-possible", 409)
    assert [w["url"] for w in api.get("/webhooks").json()["items"]] == [w["url"] for w in made]
    assert api("DELETE", f"/webhooks/{made[0]['id']}").json()["active"] is False
    problem(api.get(f"/webhooks/{made[0]['id']}"), "not-found", 404)
    assert len(api.get("/webhooks").json()["items"]) == MOST - 1


def test_the_log_is_paged(world: World, api: Caller, hook: dict[str, Any], receiver: Receiver) -> None:
    world.to_end()
    delivering.deliver_due()
    log = f"/webhooks/{hook['id']}/deliveries"
    first = api.get(f"{log}?limit=1").json()
    rest = api.get(f"{log}?limit=1&cursor={first['next']}").json()
    assert rest["next"] is None and first["items"][0]["id"] > rest["items"][0]["id"]
    problem(api.get(f"{log}?cursor=%00"), "invalid-request", 422)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "example.com", "https://", "https://user:pw@example.com/", "https://example.com/#x",
        "http://localhost/", "http://localhost./", "http://a.localhost/", "http://metadata.google.internal/",
        "http://127.0.0.1/", "http://10.1.2.3/", "http://169.254.169.254/", "http://100.64.0.1/", "http://0.0.0.0/",
        "http://224.0.0.1/", "http://[::1]/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::]/", "http://[x/", "http://example.com:99999/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_on_the_internet_is_refused(api: Caller, url: str) -> None:
    assert problem(api.post("/webhooks", {"url": url}), "invalid-request", 422)["errors"][0]["field"] == "url"


def test_events_that_do_not_exist_are_refused(api: Caller) -> None:
    body = problem(api.post("/webhooks", {"url": "https://example.com/", "events": ["x"]}), "invalid-request", 422)
    assert body["errors"][0]["field"] == "events.0"


def resolves_to(*numbers: str) -> Callable[..., list[Any]]:
    return lambda _, port, *__, **___: [(2, 1, 6, "", (number, port)) for number in numbers]


@pytest.mark.parametrize("numbers", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("::ffff:169.254.169.254",)])
def test_a_name_that_leads_into_a_private_network_is_not_connected_to(
    numbers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses.socket, "getaddrinfo", resolves_to(*numbers))
    answer = sending.post("http://innocent.example/", b"{}", {})
    assert (answer.status, answer.outcome) == (
        None, "The URL points to a private network. Nothing is sent there.",
    )  # fmt: skip


def test_what_was_resolved_is_what_is_connected_to(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.socket, "getaddrinfo", resolves_to("127.0.0.1"))
    monkeypatch.setattr(addresses, "public", lambda _: True)
    answer = sending.post(f"http://name.example:{receiver.server.server_port}/", b"{}", {})
    assert answer.accepted and receiver.got[0][0]["host"].startswith("name.example")


def test_a_receiver_that_is_not_there_or_never_answers_costs_bounded_time(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.server.shutdown()  # it still accepts, and never answers
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.2)
    began = time.monotonic()
    assert sending.post(receiver.url, b"{}", {}).outcome == "The endpoint didn't answer in time."
    receiver.server.server_close()
    assert sending.post(receiver.url, b"{}", {}).outcome == "The endpoint couldn't be reached."
    assert time.monotonic() - began < 2


def test_the_waits_add_up_to_more_than_a_day() -> None:
    assert dt.timedelta(hours=24) < dt.timedelta(seconds=sum(delivering.WAITS)) < dt.timedelta(hours=48)
