"""Push notifications reach every browser once, are readable only there, and stop where the person or the push service says so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

from elistit import ports
from elistit.accounts import rotation
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.network import sending
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import JobStatus, Stage
from elistit.support import due, old_mail, push, push_keys, push_subscriptions
from elistit.support.models import MailPreference, PushKey, PushSubscription, SentPush
from tests.studio.conftest import a_person, booked, bring_to

from .push_service import Browser, PushService, decrypt, point, unb64

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_WEBHOOKS_PRIVATE", "1")


@pytest.fixture
def service() -> Iterator[PushService]:
    made = PushService()
    yield made
    made.stop()


def allow(person: User, browser: Browser) -> PushSubscription:
    return push_subscriptions.add(person, **browser.given, agent="Mozilla/5.0 (Windows NT 10.0) Chrome/142.0")


def fail(project: Project) -> None:
    Job.objects.filter(project=project).update(status=JobStatus.RUNNING)
    Job.objects.filter(project=project).update(status=JobStatus.FAILED, ended_at=ports.now())


def test_the_reader_of_these_tests_reads_the_example_of_rfc_8291() -> None:
    private = ec.derive_private_key(
        int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()
    )
    body = unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
        "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert decrypt(body, private, unb64("BTBZMqHH6r4Tts7J_aSIgg")) == b"When I grow up, I want to be a watermelon"


def test_a_finished_project_is_pushed_once_to_every_browser(
    finished: Project, alice: User, service: PushService
) -> None:
    phone, desk = service.browser("phone"), service.browser("desk")
    allow(alice, phone)
    assert push.send_due() == 2  # finished, and the balance it left
    allow(alice, desk)
    assert push.send_due() == 2, "the second browser gets them; the first has them already"
    assert push.send_due() == 0
    assert [path for path, _, _ in service.took] == ["/phone", "/phone", "/desk", "/desk"]
    said = phone.read(service.took[0][2])
    assert said["title"] == f"“{finished.name}” is finished" and said["path"] == f"/projects/{finished.pk}/"
    assert said["needing"] == 0 and desk.read(service.took[2][2]) == said
    with pytest.raises(InvalidTag):
        desk.read(service.took[0][2])
    assert finished.name.encode() not in service.took[0][2]


def test_the_push_service_gets_a_signature_it_can_check(finished: Project, alice: User, service: PushService) -> None:
    allow(alice, service.browser("phone"))
    push.send_due()
    _, headers, _ = service.took[0]
    assert (headers["content-encoding"], headers["ttl"], len(headers["topic"])) == ("aes128gcm", "86400", 32)
    scheme, _, rest = headers["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.replace(" ", "").split(","))
    assert scheme == "vapid" and parts["k"] == push_keys.public_key()
    head, middle, signed = parts["t"].split(".")
    r, s = (int.from_bytes(unb64(signed)[k : k + 32], "big") for k in (0, 32))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
    key.verify(encode_dss_signature(r, s), f"{head}.{middle}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(unb64(head))["alg"] == "ES256"
    claims = json.loads(unb64(middle))
    assert claims["aud"] == service.url and claims["sub"].startswith(("mailto:", "https://"))
    assert claims["exp"] <= ports.now().timestamp() + 86_400, "push services take no longer ones"


def test_what_waits_says_how_many_projects_need_their_seller(alice: User, service: PushService) -> None:
    phone = service.browser("phone")
    allow(alice, phone)
    ledger.grant(alice.pk, 100, source="test", idempotency_key="more", reason="More")
    first, second = (bring_to(booked(alice), Stage.AWAITING_APPROVAL) for _ in range(2))
    Job.objects.update(status=JobStatus.WAITING, gate_reached_at=ports.now())
    push.send_due()
    said = [phone.read(body) for _, _, body in service.took]
    gates = {s["path"] for s in said if "approval" in s["title"]}
    assert gates == {f"/projects/{first.pk}/approve/", f"/projects/{second.pk}/approve/"}
    assert {s["needing"] for s in said} == {2} and "2 projects need you." in said[0]["body"]


def test_a_rejected_draft_is_said(finished: Project, alice: User, service: PushService) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="No.")
    phone = service.browser("phone")
    allow(alice, phone)
    push.send_due()
    assert phone.read(service.took[0][2])["body"].startswith("Etsy rejected the draft.")


def test_kinds_that_are_off_other_people_and_what_was_before_are_left_out(
    failed: Project, alice: User, service: PushService
) -> None:
    browser = allow(alice, service.browser("phone"))
    push.begin(browser)
    fail(booked(a_person("bea@example.com")))
    assert push.send_due() == 0 and service.took == []
    MailPreference.objects.create(pk=alice.pk, off=[due.FAILED, due.LOW])
    fail(booked(alice))
    push.send_due()
    assert service.took == []
    MailPreference.objects.update(off=[])
    assert push.send_due() >= 1, "switched on again, they are sent: they are less than a day old"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_removed(failed: Project, alice: User, service: PushService, status: int) -> None:
    allow(alice, service.browser("gone"))
    allow(alice, service.browser("here"))
    service.answers["/gone"] = status
    assert push.send_due() == 1
    assert [row.endpoint for row in alice.push_subscriptions.all()] == [f"{service.url}/here"]


@pytest.mark.parametrize(("status", "attempts"), [(503, 5), (429, 5), (400, 1), (403, 1)])
def test_what_is_not_taken_is_retried_five_times_and_what_is_rejected_is_not(
    failed: Project, alice: User, service: PushService, status: int, attempts: int
) -> None:
    allow(alice, service.browser("busy"))
    allow(alice, service.browser("free"))
    service.answers["/busy"] = status
    for _ in range(7):
        push.send_due()
    paths = [path for path, _, _ in service.took]
    assert paths.count("/busy") == attempts and paths.count("/free") == 1
    assert SentPush.objects.get(subscription__endpoint__endswith="busy").state == "given_up"


def test_a_message_cut_short_is_not_sent_a_second_time(failed: Project, alice: User, service: PushService) -> None:
    allow(alice, service.browser("phone"))
    push.send_due()
    SentPush.objects.update(state="sending")
    assert push.send_due() == 0 and len(service.took) == 1


def test_a_source_that_fails_stops_no_other(
    failed: Project, alice: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(search: due.Search) -> Iterator[due.Due]:
        raise ValueError("planted")
        yield  # pragma: no cover

    monkeypatch.setattr(due, "SOURCES", (broken, *due.SOURCES))
    allow(alice, service.browser("phone"))
    assert push.send_due() == 1


def test_a_message_that_cannot_be_made_stops_no_other(
    failed: Project, alice: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(alice, service.browser("phone"))
    allow(alice, service.browser("desk"))
    PushSubscription.objects.filter(endpoint__endswith="phone").update(auth="!")
    assert push.send_due() == 1 and [path for path, _, _ in service.took] == ["/desk"]


def test_nothing_goes_to_private_addresses_unless_the_operator_allows_it(
    failed: Project, alice: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = allow(alice, service.browser("phone"))
    monkeypatch.setenv("ELISTIT_WEBHOOKS_PRIVATE", "0")
    assert push.send_due() == 0 and service.took == []
    assert SentPush.objects.get(subscription=browser).state == "waiting"
    outside = Browser("https://push.example.com/x").given
    for endpoint in ("http://push.example.com/x", "https://127.0.0.1/x", "https://localhost/x", "ftp://a.b/c", "x"):
        with pytest.raises(push_subscriptions.BadSubscription):
            push_subscriptions.add(alice, **{**outside, "endpoint": endpoint})
    push_subscriptions.add(alice, **outside)


@pytest.mark.parametrize(
    "wrong", [{"p256dh": ""}, {"p256dh": "B" * 87}, {"auth": "short"}, {"auth": ""}, {"p256dh": "é"}]
)
def test_incomplete_subscriptions_are_refused(page: Client, alice: User, wrong: dict[str, str]) -> None:
    answer = page.post("/settings/notifications/push/", Browser("https://push.example.com/x").given | wrong)
    assert answer.status_code == 422 and "incomplete" in answer.json()["error"]
    assert not PushSubscription.objects.exists()


def test_a_browser_is_added_listed_and_removed_on_the_page(page: Client, alice: User) -> None:
    given = Browser("https://push.example.com/x").given
    agent = {"User-Agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Firefox/145.0"}
    assert page.post("/settings/notifications/push/", given, headers=agent).json() == {"device": "Firefox on Mac"}
    page.post("/settings/notifications/push/", given, headers=agent)
    row = PushSubscription.objects.get()
    shown = page.get("/settings/notifications/").content.decode()
    assert "Firefox on Mac" in shown and "(this browser)" in shown and 'id="push-on"' not in shown
    other = Client()
    other.force_login(a_person("bea@example.com"))
    other.post("/settings/notifications/push/remove/", {"browser": row.pk})
    assert PushSubscription.objects.exists(), "only one's own"
    page.post("/settings/notifications/push/remove/", {"browser": row.pk})
    assert not PushSubscription.objects.exists()
    assert 'id="push-on"' in page.get("/settings/notifications/").content.decode()


def test_signing_out_ends_the_notifications_of_that_browser_only(page: Client, alice: User) -> None:
    kept = push_subscriptions.add(alice, **Browser("https://push.example.com/elsewhere").given)
    page.post("/settings/notifications/push/", Browser("https://push.example.com/here").given)
    page.post("/leave/")
    assert list(PushSubscription.objects.all()) == [kept]


def test_a_browser_belongs_to_whoever_subscribed_it_last_and_a_person_has_ten(alice: User) -> None:
    given = Browser("https://push.example.com/x").given
    push_subscriptions.add(alice, **given)
    bea = a_person("bea@example.com")
    push_subscriptions.add(bea, **given)
    assert PushSubscription.objects.get().person == bea
    for n in range(12):
        push_subscriptions.add(alice, **Browser(f"https://push.example.com/{n}").given)
    endpoints = {row.endpoint.rpartition("/")[2] for row in alice.push_subscriptions.all()}
    assert endpoints == {str(n) for n in range(2, 12)}


def test_strangers_and_other_sites_cannot_subscribe(client: Client, alice: User) -> None:
    given = Browser("https://push.example.com/x").given
    assert client.post("/settings/notifications/push/", given).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post("/settings/notifications/push/", given).status_code == 403
    assert not PushSubscription.objects.exists()


def test_the_worker_is_served_at_the_root_and_asked_for_again(client: Client) -> None:
    answer = client.get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer["Content-Security-Policy"] and b"showNotification" in answer.content


def test_the_key_is_made_once_sealed_and_rotated_with_the_vault(alice: User, settings: Any) -> None:
    public = push_keys.public_key()
    assert push_keys.public_key() == public and PushKey.objects.count() == 1
    assert point(push_keys.private_key().public_key()) == unb64(public)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key for this test only"
    counted = next(c for c in rotation.rotate() if c.name == "key for push notifications")
    assert (counted.rotated, counted.unreadable) == (1, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert point(push_keys.private_key().public_key()) == unb64(public)


def test_an_unreadable_key_is_said_and_sends_nothing(
    page: Client, alice: User, failed: Project, service: PushService, settings: Any
) -> None:
    allow(alice, service.browser("phone"))
    push_keys.public_key()
    PushKey.objects.update(sealed=b"sealed with a key that nobody has")
    assert push.send_due() == 0 and service.took == []
    shown = page.get("/settings/notifications/").content.decode()
    assert "Not available" in shown and 'id="push-on"' not in shown


def test_the_record_of_old_messages_is_deleted(failed: Project, alice: User, service: PushService) -> None:
    allow(alice, service.browser("phone"))
    push.send_due()
    SentPush.objects.update(at=ports.now() - dt.timedelta(days=4000))
    old_mail.delete_old()
    assert not SentPush.objects.exists()


def test_the_guarded_sender_is_the_one_of_webhooks() -> None:
    """Both respect the same settings of the operator, so there is one place that decides what may be connected to."""
    assert push.sending is sending
