"""One question to a language model, answered as JSON of a given shape: any server that speaks OpenAI's chat completions.

It sends one request and reads one answer; it must never retry and never log what was said. What is asked and whether the
answer is any good is decided by the one that asks (`stages/copywriting.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from elistit import config
from elistit.ports import Failure, Made, Outcome
from elistit.providers import http
from elistit.providers.chat import outcomes
from elistit.providers.http_outcomes import Doing, Seen

NAME = "chat"
URL = "https://api.openai.com/v1"
# A hundred prompts take a slow model a few minutes, during which nothing comes.
TIMEOUTS = http.Timeouts(read=240, whole=300)
CHECK = http.Timeouts(read=15, whole=20)
NO_KEY = "none"
"""What is sent as key to a server on this machine that asks for none."""


@dataclass(frozen=True)
class Question:
    """What is asked: `rules` for the model, `facts` as JSON, and the JSON schema of the answer. `key` is our request key;
    `permit` is asked right before the question leaves, which it may not do when that answers False."""

    key: str
    rules: str
    facts: dict[str, Any]
    schema: dict[str, Any]
    permit: Callable[[], bool] | None = field(default=None, compare=False, repr=False)


def configured() -> Chat | None:
    """The language model of the configuration; None without ELISTIT_LLM_MODEL. Raises http.BadAddress."""
    ours = config.current().llm
    if not ours.model:
        return None
    key = ours.key.get_secret_value() or NO_KEY
    return Chat(http.checked(NAME, "ELISTIT_LLM_URL", ours.url or URL, key, ()), ours.model)


class Chat:
    """For any number of threads."""

    name = NAME

    def __init__(self, service: http.Service, model: str, timeouts: http.Timeouts = TIMEOUTS) -> None:
        self.service, self.model, self.timeouts = service, model, timeouts

    def ask(self, question: Question) -> Outcome:
        """`Made(data={"said": …})` with an object that has the schema's required fields; otherwise the Failure."""
        answer = http.send(
            "POST", self.service.url + "/chat/completions", timeouts=self.timeouts, key=self.service.key,
            headers={"x-client-request-id": question.key[:512]}, permit=question.permit,
            json={
                "model": self.model,
                "messages": [
                    {"role": "system", "content": question.rules},
                    {"role": "user", "content": json.dumps(question.facts, ensure_ascii=False)},
                ],
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "strict": True, "schema": question.schema},
                },
            },
        )  # fmt: skip
        if not answer.good:
            return outcomes.failure(outcomes.seen(answer))
        return _read(answer.data, question.schema)

    def check(self) -> Failure | None:
        """Whether the server knows key and model, by a call that writes nothing. None when it does."""
        answer = http.send("GET", self.service.url + "/models", timeouts=CHECK, key=self.service.key)
        if not answer.good:
            return outcomes.failure(outcomes.seen(answer))
        known = [m.get("id") for m in answer.data.get("data") or [] if isinstance(m, dict)]
        if known and self.model not in known and f"{self.model}:latest" not in known:
            return outcomes.failure(Seen(Doing.ASK, status=404))
        return None


def _read(data: dict[str, Any], schema: dict[str, Any]) -> Outcome:
    identity = str(data.get("id") or "")[:120]

    def lost(state: str, problem: str) -> Failure:
        return outcomes.failure(Seen(Doing.BUY, status=200, state=state, problem=problem), provider_id=identity)

    choices = data.get("choices")
    choice: Any = choices[0] if isinstance(choices, list) and choices else {}
    message: Any = choice.get("message") if isinstance(choice, dict) else {}
    if not isinstance(message, dict) or not isinstance(choice, dict):
        return lost(outcomes.MISSHAPEN, "no message")
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        return lost(outcomes.REFUSED, "refusal")
    if choice.get("finish_reason") == "length":
        return lost(outcomes.CUT_SHORT, "length")
    try:
        said = json.loads(message.get("content") or "")
    except (TypeError, ValueError, RecursionError):
        return lost(outcomes.MISSHAPEN, "not JSON")
    if not isinstance(said, dict) or any(name not in said for name in schema["required"]):
        return lost(outcomes.MISSHAPEN, "fields are missing")
    usage = data.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return Made({"said": said, "tokens": tokens if isinstance(tokens, int) else 0}, provider_id=identity)
