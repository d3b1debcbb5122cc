"""Our requests to Replicate, and the answers of the server that stands in for it, against Replicate's own API document.

ELISTIT_CONTRACTS names a folder with `replicate-oas.json`; the document is Replicate's and not part of this product. Each
operation used is also shown to refuse something, so that a checker that checks nothing is noticed.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from elistit.ports import Made
from elistit.providers.base import Hook
from elistit.providers.replicate.models import MODELS
from elistit.providers.replicate.tools import TOOLS
from tests.providers_outside.asking import asked_for, picture, replicate_at, run
from tests.providers_outside.fakes import FakeReplicate
from tests.providers_outside.loopback import Asked, Reply

jsonschema_rs = pytest.importorskip("jsonschema_rs", reason="the checker of JSON schemas is not installed")
OFFICIAL, VERSIONED = "replicate/flux-schnell", "replicate/sticker-maker"


HOOK = Hook("https://studio.example/hooks/replicate/job:1:0:1.0/", lambda: None)


class Document:
    """Replicate's API document: what it says about a request and about an answer."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _readable(document)

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """The operation of a path; the more exact path wins over one with a placeholder."""
        fitting = [
            (name.count("{"), methods[method.lower()])
            for name, methods in self.document["paths"].items()
            if method.lower() in methods and re.fullmatch(re.sub(r"{\w+}", "[^/]+", name), path)
        ]
        return dict(min(fitting, key=lambda pair: pair[0])[1])

    def problems(self, schema: dict[str, Any], value: Any) -> list[str]:
        """What is wrong with a value; an empty list when it fits."""
        whole = {**schema, "components": self.document["components"]}
        return [error.message for error in jsonschema_rs.Draft202012Validator(whole).iter_errors(value)]

    def request_problems(self, asked: Asked) -> list[str]:
        path, _, query = asked.path.partition("?")
        operation = self.operation(asked.method, path)
        found = []
        if content := operation.get("requestBody", {}).get("content"):
            found += self.problems(content["application/json"]["schema"], asked.body)
            if asked.headers.get("content-type") != "application/json":
                found.append("not sent as JSON")
        elif asked.body is not None:
            found.append("a body where none belongs")
        known = {p["name"].lower(): p for p in map(self._parameter, operation.get("parameters", []))}
        for name in ("prefer", "cancel-after"):
            if name in asked.headers:
                found += self.problems(known[name]["schema"], asked.headers[name]) if name in known else [f"{name}?"]
        found += [f"unknown {q}" for q in re.findall(r"(?:^|&)([^=&]+)=", query) if q not in known]
        return found if asked.headers.get("authorization", "").startswith("Bearer ") else [*found, "no bearer token"]

    def _parameter(self, entry: dict[str, Any]) -> dict[str, Any]:
        reference = entry.get("$ref", "")
        return self.document["components"]["parameters"][reference.rsplit("/", 1)[1]] if reference else entry

    def answer_problems(self, asked: Asked, reply: Reply) -> list[str]:
        operation = self.operation(asked.method, asked.path.partition("?")[0])
        said = operation["responses"].get(str(reply.status))
        if said is None:
            return [f"status {reply.status} is not in the document"]
        return self.problems(said["content"]["application/json"]["schema"], reply.body)


def _readable(node: Any) -> Any:
    """The document in the words of JSON schema 2020-12: `nullable` is a type, and a choice whose parts overlap is any of
    them (a hidden version is a string and also the word `hidden`)."""
    if isinstance(node, list):
        return [_readable(n) for n in node]
    if not isinstance(node, dict):
        return node
    found = {("anyOf" if k == "oneOf" else k): _readable(v) for k, v in node.items() if k != "nullable"}
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        found["type"] = [node["type"], "null"]
    return found


@pytest.fixture(scope="module")
def document() -> Document:
    folder = os.environ.get("ELISTIT_CONTRACTS", "")
    file = Path(folder) / "replicate-oas.json"
    if not folder or not file.is_file():
        pytest.skip("ELISTIT_CONTRACTS names no folder with replicate-oas.json, Replicate's own API document")
    return Document(json.loads(file.read_text()))


@pytest.fixture
def answered(replicate: FakeReplicate, monkeypatch: pytest.MonkeyPatch) -> list[Reply]:
    """Every answer the stand-in gives, in the order of `replicate.asked`."""
    replies: list[Reply] = []
    real = replicate.handle

    def handle(method: str, path: str, body: Any) -> Reply:
        replies.append(real(method, path, body))
        body = replies[-1].body
        replies[-1] = Reply(replies[-1].status, json.loads(json.dumps(body)) if isinstance(body, dict) else body)
        return replies[-1] if isinstance(body, dict) else real(method, path, None)

    monkeypatch.setattr(replicate, "handle", handle)
    return replies


@pytest.mark.parametrize("model", MODELS)
def test_every_request_and_answer_of_a_purchase_is_as_the_document_says(
    document: Document, replicate: FakeReplicate, answered: list[Reply], tmp_path: Path, model: str
) -> None:
    replicate.file = Reply(200, picture(), {"content-type": "image/png"})
    provider, request = replicate_at(replicate.url), asked_for(tmp_path, model, transparent=True, hook=HOOK)
    known: list[str] = []
    assert isinstance(provider.generate(request, run, known.append), Made)
    assert isinstance(provider.look_up(request, known[0], run), Made), "found in the list by its seed"
    assert isinstance(provider.look_up(request, known[-1], run), Made), "found by its id"
    assert provider.check() is None
    seen = set()
    for asked, reply in zip(replicate.asked, answered, strict=True):
        if asked.path.startswith("/files/"):
            continue
        seen.add(document.operation(asked.method, asked.path.partition("?")[0])["operationId"])
        assert document.request_problems(asked) == []
        assert document.answer_problems(asked, reply) == []
    create = "predictions.create" if MODELS[model].version else "models.predictions.create"
    assert seen == {create, "predictions.get", "predictions.list", "account.get"}


@pytest.mark.parametrize("tool", TOOLS)
def test_every_request_and_answer_of_a_tools_work_is_as_the_document_says(
    document: Document, replicate: FakeReplicate, answered: list[Reply], tmp_path: Path, tool: str
) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(picture())
    provider = replicate_at(replicate.url)
    request = asked_for(tmp_path, tool, source=source, hook=HOOK)
    known: list[str] = []
    assert isinstance(provider.generate(request, run, known.append), Made)
    assert isinstance(provider.look_up(request, known[0], run), Made), "found in the list by its picture"
    assert provider.secret.current()
    seen = set()
    for asked, reply in zip(replicate.asked, answered, strict=True):
        if asked.path.startswith("/files/"):
            continue
        seen.add(document.operation(asked.method, asked.path.partition("?")[0])["operationId"])
        assert document.answer_problems(asked, reply) == []
        if asked.path != "/files":
            assert document.request_problems(asked) == []
    assert seen == {
        "files.create",
        "predictions.create",
        "predictions.get",
        "predictions.list",
        "webhooks.default.secret.get",
    }
    handed = replicate.asked[0]
    assert b'name="content"; filename="source.png"' in handed.body
    assert document.answer_problems(handed, Reply(201, {"id": "f1"})), "the document refuses half an answer"
    assert document.answer_problems(Asked("GET", "/webhooks/default/secret", {}, None), Reply(200, {"key": 7}))


def refused(document: Document, replicate: FakeReplicate, tmp_path: Path, model: str, **change: Any) -> list[str]:
    replicate.asked.clear()
    replicate_at(replicate.url).generate(asked_for(tmp_path, model), run, lambda _: None)
    asked = replicate.asked[0]
    assert document.request_problems(asked) == []
    for name, value in change.items():
        target = asked.headers if name in ("prefer", "authorization") else asked.body
        target.pop(name, None) if value is None else target.update({name: value})
    return document.request_problems(asked)


@pytest.mark.parametrize("model", [OFFICIAL, VERSIONED])
def test_the_document_really_refuses_wrong_purchases(
    document: Document, replicate: FakeReplicate, tmp_path: Path, model: str
) -> None:
    for change in ({"input": None}, {"input": "words"}, {"idempotency_key": "x"}, {"prefer": "wait=500"}, {"webhook_events_filter": ["all"]},
                   {"authorization": "Token x"}):  # fmt: skip
        assert refused(document, replicate, tmp_path, model, **change), change


def test_the_document_refuses_a_purchase_without_a_version(
    document: Document, replicate: FakeReplicate, tmp_path: Path
) -> None:
    assert refused(document, replicate, tmp_path, VERSIONED, version=None)
    assert refused(document, replicate, tmp_path, OFFICIAL, version="x")


def test_the_document_really_refuses_wrong_answers_and_questions(document: Document) -> None:
    ask = Asked("GET", "/predictions/p1", {"authorization": "Bearer x"}, None)
    assert document.answer_problems(ask, Reply(200, {"id": "p1"}))
    assert document.answer_problems(ask, Reply(201, {}))
    listed = Asked("GET", "/predictions?created_after=2026-01-01T00:00:00Z", {"authorization": "Bearer x"}, None)
    assert document.request_problems(listed) == []
    assert document.answer_problems(listed, Reply(200, {"results": [{"status": "waiting"}]}))
    assert document.request_problems(Asked("GET", "/predictions?since=1", {"authorization": "Bearer x"}, None))
    assert document.answer_problems(Asked("GET", "/account", {}, None), Reply(200, {"type": "robot", "username": "x"}))
