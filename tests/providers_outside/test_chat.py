"""A language model's answers: what each means, what every fault of the network means, and what is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from elistit.ports import Failure, Kind, Made
from elistit.providers import http
from elistit.providers.chat import client
from elistit.providers.chat.client import Chat, Question
from tests.providers_outside.asking import KEY, QUICK
from tests.providers_outside.loopback import Fault, Loopback, Reply

from . import breaks as faults

SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
ASKED = Question(key="job:briefing:1.0", rules="Be brief.", facts={"idea": "foxes & “owls”"}, schema=SCHEMA)


def said(content: Any, *, finish: str = "stop", **message: Any) -> dict[str, Any]:
    text = content if isinstance(content, str) else json.dumps(content)
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
    return {"id": "chat-1", "object": "chat.completion", "choices": [choice], "usage": {"total_tokens": 321}}


class FakeChat(Loopback):
    """Answers chat completions with `answer`, and lists the one model it has."""

    answer: Reply = Reply(200, said({"title": "Foxes"}))

    def handle(self, method: str, path: str, body: Any) -> Reply:
        return self.answer if method == "POST" else Reply(200, {"object": "list", "data": [{"id": "small-model"}]})


@pytest.fixture
def server() -> Iterator[FakeChat]:
    with FakeChat() as server:
        yield server


def chat(server: FakeChat, model: str = "small-model") -> Chat:
    return Chat(http.Service("chat", server.url, KEY), model, QUICK)


def test_what_was_said_comes_back_and_the_question_is_whole(server: FakeChat) -> None:
    outcome = chat(server).ask(ASKED)
    assert outcome == Made({"said": {"title": "Foxes"}, "tokens": 321}, provider_id="chat-1")
    [asked] = server.asked
    assert asked.path == "/chat/completions" and asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["x-client-request-id"] == "job:briefing:1.0"
    assert asked.body["model"] == "small-model" and json.loads(asked.body["messages"][1]["content"]) == ASKED.facts
    assert asked.body["response_format"]["json_schema"] == {"name": "answer", "strict": True, "schema": SCHEMA}


def error(status: int, message: str = "no", **more: Any) -> Reply:
    return Reply(status, {"error": {"message": message, **more}})


ROWS: list[tuple[Reply, Kind]] = [
    (Reply(200, said({"title": "x"}, refusal="I can't help with that.")), Kind.BLOCKED_PROMPT),
    (Reply(200, said("", finish="content_filter")), Kind.BLOCKED_PROMPT),
    (Reply(200, said('{"title": "Fo', finish="length")), Kind.TRANSIENT),
    (Reply(200, said("Here is your listing!")), Kind.TRANSIENT),
    (Reply(200, said(["title"])), Kind.TRANSIENT),
    (Reply(200, said({"name": "x"})), Kind.TRANSIENT),
    (Reply(200, {"choices": []}), Kind.TRANSIENT),
    (Reply(200, {"choices": [{"message": None}]}), Kind.TRANSIENT),
    (Reply(200, []), Kind.TRANSIENT),
    (Reply(200, b"<html>"), Kind.TRANSIENT),
    (Reply(302, b"", {"location": "http://elsewhere.example/"}), Kind.TRANSIENT),
    (error(400, "This model does not support response_format"), Kind.OPERATOR),
    (error(400, "rejected", code="content_filter"), Kind.BLOCKED_PROMPT),
    (error(401), Kind.OPERATOR),
    (error(402), Kind.OPERATOR),
    (error(403), Kind.OPERATOR),
    (error(403, "flagged by our moderation"), Kind.BLOCKED_PROMPT),
    (error(404, "model not found"), Kind.OPERATOR),
    (error(429), Kind.THROTTLED),
    (error(429, "You exceeded your current quota", code="insufficient_quota"), Kind.OPERATOR),
    (error(500), Kind.TRANSIENT),
    (error(503), Kind.TRANSIENT),
    (error(504), Kind.TRANSIENT),
    (error(529), Kind.TRANSIENT),
]


@pytest.mark.parametrize(("reply", "kind"), ROWS, ids=[f"{n}-{r.status}-{k}" for n, (r, k) in enumerate(ROWS)])
def test_every_answer_has_a_meaning(server: FakeChat, reply: Reply, kind: Kind) -> None:
    server.answer = reply
    outcome = chat(server).ask(ASKED)
    assert isinstance(outcome, Failure) and outcome.kind is kind
    assert outcome.reason.endswith(".") and KEY not in f"{outcome}" and len(server.asked) == 1


def test_a_pause_that_is_asked_for_is_passed_on(server: FakeChat) -> None:
    server.answer = Reply(429, {"error": {}}, {"retry-after": "7"})
    outcome = chat(server).ask(ASKED)
    assert isinstance(outcome, Failure) and outcome.retry_after == 7


FAULTS = ["html", "reset", "closed", "half_head", "wrong_length", "half_body", "drip", "silent", "not_http"]


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_the_network_is_a_try_that_did_not_work(server: FakeChat, name: str, early: bool) -> None:
    server.faults["create"] = Fault(getattr(faults, name), early=early)
    outcome = chat(server).ask(ASKED)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.TRANSIENT and len(server.asked) <= 1
    assert isinstance(chat(server).ask(ASKED), Made)


def test_the_check_knows_whether_the_model_is_there(server: FakeChat) -> None:
    assert chat(server).check() is None
    missing = chat(server, "large-model").check()
    assert missing is not None and missing.kind is Kind.OPERATOR


def test_it_is_there_only_when_a_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ELISTIT_LLM_MODEL", "ELISTIT_LLM_URL", "ELISTIT_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert client.configured() is None
    monkeypatch.setenv("ELISTIT_LLM_MODEL", "m")
    found = client.configured()
    assert found and found.service.url == client.URL
    monkeypatch.setenv("ELISTIT_LLM_URL", "http://far.example/v1")
    with pytest.raises(http.BadAddress, match="ELISTIT_LLM_URL"):
        client.configured()
