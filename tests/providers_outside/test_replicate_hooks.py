"""Replicate's own word: checked to be its own, worth no more than an answer, and missed without harm."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from elistit.ports import Failure, FixedClock, Kind, Made, use_clock
from elistit.providers import http
from elistit.providers.base import Hook, ImageRequest
from elistit.providers.replicate import hooks
from elistit.providers.replicate.client import Replicate, is_of
from tests.providers_outside.asking import KEY, SECRET, WAITING, asked_for, replicate_at, run, signed
from tests.providers_outside.breaks import reset
from tests.providers_outside.fakes import FakeReplicate
from tests.providers_outside.loopback import Fault

MODEL = "replicate/flux-schnell"
URL = "https://studio.example/hooks/replicate/job:1:0:1.0/"
PATIENT = dataclasses.replace(WAITING, first=20.0, most=20.0, most_with_webhook=20.0, run=20.0, look_up=20.0)
"""Asks so seldom that whatever ends sooner has ended by what was told."""


def told(tmp_path: Path, *news: dict[str, Any] | None) -> ImageRequest:
    """A request whose hook knows nothing, then the news, one after another; the last one for good."""
    left = [None, *news]
    return dataclasses.replace(
        asked_for(tmp_path, MODEL), hook=Hook(URL, lambda: left.pop(0) if len(left) > 1 else left[0])
    )


def ended(server: FakeReplicate, identity: str = "pred1", **more: Any) -> dict[str, Any]:
    return {"id": identity, "status": "succeeded", "output": [f"{server.url}/files/{identity}.png"], **more}


def patient(server: FakeReplicate) -> Replicate:
    return Replicate(http.Service("replicate", server.url, KEY, ("replicate.delivery",)), PATIENT)


def test_replicate_is_told_where_to_tell_us_only_when_it_can_reach_us(replicate: FakeReplicate, tmp_path: Path) -> None:
    request = told(tmp_path)
    replicate_at(replicate.url).generate(request, run, lambda _: None)
    replicate_at(replicate.url).generate(dataclasses.replace(request, hook=None), run, lambda _: None)
    first, second = (a.body for a in replicate.asked if a.method == "POST")
    assert (first["webhook"], first["webhook_events_filter"]) == (URL, ["completed"])
    assert set(second) == {"input"}


def test_what_was_told_ends_the_waiting_at_once(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.fate = ["starting"] * 99
    outcome = patient(replicate).generate(told(tmp_path, None, ended(replicate)), run, lambda _: None)
    assert isinstance(outcome, Made)
    assert (outcome.provider_id, outcome.cost_micros) == ("pred1", 3_000)
    assert [a.path for a in replicate.asked if a.method == "GET"] == ["/files/pred1.png"], "nothing had to be asked"


def test_news_that_is_lost_is_polled_for(replicate: FakeReplicate, tmp_path: Path) -> None:
    assert isinstance(replicate_at(replicate.url).generate(told(tmp_path), run, lambda _: None), Made)


def test_news_of_another_prediction_is_no_news(replicate: FakeReplicate, tmp_path: Path) -> None:
    other = ended(replicate, "pred9", error="(E005)", status="failed")
    outcome = replicate_at(replicate.url).generate(told(tmp_path, other), run, lambda _: None)
    assert isinstance(outcome, Made)
    assert outcome.provider_id == "pred1"


def test_news_are_judged_by_the_same_table(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.fate = ["starting"] * 99
    failed = ended(replicate, status="failed", output=None, error="flagged as sensitive (E005)")
    outcome = patient(replicate).generate(told(tmp_path, failed), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert outcome.kind == Kind.BLOCKED_PROMPT


def test_a_picture_is_fetched_from_allowed_hosts_whoever_names_it(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.fate = ["starting"] * 99
    lured = ended(replicate, output=["https://example.com/pred1.png"])
    outcome = patient(replicate).generate(told(tmp_path, lured), run, lambda _: None)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, "not an allowed address" in outcome.detail) == (Kind.OPERATOR, True)


def test_a_lost_purchase_is_settled_by_what_was_told_without_asking(replicate: FakeReplicate, tmp_path: Path) -> None:
    replicate.faults["create"] = Fault(reset)
    known: list[str] = []
    provider, request = replicate_at(replicate.url), told(tmp_path, ended(replicate))
    outcome = provider.generate(request, run, known.append)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, known[0].partition(":")[0], replicate.bought) == (Kind.UNKNOWN, "seed", 1)
    assert request.hook and request.hook.news() is None
    found = provider.look_up(request, known[-1], run)
    assert isinstance(found, Made)
    assert not [a for a in replicate.asked if a.path.startswith("/predictions")]


def test_a_message_belongs_to_the_call_it_was_asked_with() -> None:
    prediction = {"id": "pred1", "input": {"seed": 7, "image": "https://api.replicate.com/v1/files/file1"}}
    assert is_of(prediction, "pred1") and is_of(prediction, "seed:7") and is_of(prediction, "file:file1")
    for other in ("pred2", "seed:77", "seed:", "file:file", "file:", ""):
        assert not is_of(prediction, other), other
    assert not is_of({"id": "pred1"}, "seed:7") and not is_of({"id": "a/b"}, "a/b")


# ---- whose word it is ------------------------------------------------------------------------------------------------


class Account:
    """An account whose secret can change, and how often it was asked for."""

    def __init__(self, secret: str = SECRET) -> None:
        self.now, self.asked = secret, 0
        self.secret = hooks.Secret(self.ask)

    def ask(self) -> str:
        self.asked += 1
        return self.now


def verify(account: Account, message: Any = None, **more: Any) -> dict[str, Any]:
    headers, body = signed({"id": "pred1", "status": "succeeded"} if message is None else message, **more)
    return hooks.verified(headers, body, account.secret)


def test_a_signed_message_is_read_and_the_secret_is_asked_for_once() -> None:
    account = Account()
    for _ in range(3):
        assert verify(account)["id"] == "pred1"
    assert account.asked == 1


@pytest.mark.parametrize("age", [-400, 301, 86_400])
def test_an_old_message_is_not_read(age: int) -> None:
    with use_clock(FixedClock()), pytest.raises(hooks.Forged):
        verify(Account(), age=age)


def test_a_forged_message_is_not_read_however_it_is_forged() -> None:
    account = Account()
    headers, body = signed({"id": "pred1", "status": "succeeded"})
    other = "whsec_" + "QUFB" * 8
    for wrong, changed in (
        (headers, body.replace(b"pred1", b"pred2")),
        ({**headers, "webhook-id": "msg_2"}, body),
        ({**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body),
        ({**headers, "webhook-timestamp": "soon"}, body),
        ({**headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, body),
        ({**headers, "webhook-signature": "v1, v1,é"}, body),
        ({k: v for k, v in headers.items() if k != "webhook-signature"}, body),
        ({}, body),
        signed({"id": "pred1"}, secret=other),
        signed(b"[1]"), signed(b"not json"),
    ):  # fmt: skip
        with pytest.raises(hooks.Forged):
            hooks.verified(wrong, changed, account.secret)
    assert account.asked == 1, "nonsense does not make us ask Replicate again and again"


def test_a_secret_that_was_changed_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account()
    verify(account)
    account.now = "whsec_" + "QUFB" * 8
    monkeypatch.setattr(hooks, "ASK_AGAIN_SECONDS", 0.0)
    assert verify(account, secret=account.now)["id"] == "pred1"


def test_without_a_secret_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(hooks.NoSecret):
        verify(Account(""))
    monkeypatch.setenv("ELISTIT_REPLICATE_WEBHOOK_SECRET", SECRET)
    account = Account("")
    assert verify(account)["id"] == "pred1"
    assert account.asked == 0


def test_replicates_secret_is_asked_for_with_the_key(replicate: FakeReplicate) -> None:
    assert replicate_at(replicate.url).secret.current() == SECRET
    assert replicate.asked[0].path == "/webhooks/default/secret"


def test_only_what_has_ended_is_kept_and_nothing_large() -> None:
    whole = {"id": "p", "status": "succeeded", "output": ["u"], "input": {"prompt": "secret idea"}, "logs": "x" * 99}
    assert hooks.ended(whole) == {"id": "p", "status": "succeeded", "output": ["u"]}
    assert hooks.ended({**whole, "status": "processing"}) is None
    assert hooks.ended({**whole, "output": ["u" * 20_000]}) is None
