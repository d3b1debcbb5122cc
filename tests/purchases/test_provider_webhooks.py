"""A provider's own word about a call: written beside it once, read by whoever waits or takes over, harmless otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers.base import ImageRequest, Run
from elistit.purchases import calls, provider_webhooks
from tests.conformance.conftest import World, clock, world
from tests.providers_outside.asking import KEY, SECRET, signed
from tests.purchases.test_calls import Died, Provider

__all__ = ["clock", "world"]


@pytest.fixture
def job(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Job:
    settings.BASE_URL = "https://studio.example"
    monkeypatch.setenv("ELISTIT_REPLICATE_TOKEN", KEY)
    monkeypatch.setenv("ELISTIT_REPLICATE_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ELISTIT_REPLICATE_WEBHOOK_SECRET", SECRET)
    return world.job(world.launch())


@pytest.fixture
def call(job: Job) -> ProviderCall:
    return ProviderCall.objects.create(
        key=f"{job.pk}:1:0:1.0",
        job=job,
        item=1,
        provider="replicate",
        model="replicate/flux-schnell",
        provider_id="seed:7",
    )


def ended(identity: str = "pred1", **more: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "status": "succeeded",
        "output": ["https://replicate.delivery/a.png"],
        "input": {"seed": 7},
        **more,
    }


def tell(call: ProviderCall | str, message: Any = None, **signing: Any) -> tuple[int, str]:
    headers, body = signed(message or ended(), **signing)
    key = call if isinstance(call, str) else call.key
    answer = Client().post(
        f"/hooks/replicate/{key}/", body, content_type="application/json", headers=headers, secure=True
    )
    return answer.status_code, answer.json().get("result", "")


def written() -> list[Any]:
    return list(ProviderCall.objects.values_list("key", "state", "provider_id", "news", "news_at"))


def test_the_first_word_is_kept_and_gives_a_lost_purchase_its_id(call: ProviderCall) -> None:
    assert tell(call) == (200, "noted")
    call.refresh_from_db()
    assert (call.provider_id, call.news["status"], call.state) == ("pred1", "succeeded", "sent")
    assert "input" not in call.news
    before = written()
    assert tell(call) == (200, "known"), "the same message again"
    assert tell(call, ended(status="failed"), message_id="msg_2") == (200, "known"), "a later, contrary one"
    assert written() == before


def test_what_is_not_signed_or_not_lately_leaves_no_trace(call: ProviderCall) -> None:
    before = written()
    assert tell(call, secret="whsec_" + "QUFB" * 8)[0] == 403
    assert tell(call, age=301)[0] == 403
    assert Client().post(f"/hooks/replicate/{call.key}/", b"{}", content_type="application/json").status_code == 403
    assert Client().get(f"/hooks/replicate/{call.key}/").status_code == 405
    large = b"x" * 1_000_001
    assert Client().post(f"/hooks/replicate/{call.key}/", large, content_type="application/json").status_code == 413
    assert written() == before


def test_a_message_about_something_else_leaves_no_trace(call: ProviderCall) -> None:
    before = written()
    assert tell("nothing:of:ours") == (200, "unknown")
    assert tell(call, ended(input={"seed": 8})) == (200, "unknown")
    assert tell(call, ended(status="processing")) == (200, "ignored")
    ProviderCall.objects.filter(pk=call.key).update(provider="openai")
    assert tell(call) == (200, "unknown")
    ProviderCall.objects.filter(pk=call.key).update(provider="replicate")
    assert written() == before


def test_what_comes_after_the_answer_changes_nothing(call: ProviderCall) -> None:
    calls.answer(call.key, Failure(Kind.TRANSIENT, "It broke."))
    before = written()
    assert tell(call) == (200, "known")
    assert written() == before


def test_a_studio_without_replicate_has_no_ear(call: ProviderCall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ELISTIT_REPLICATE_TOKEN")
    assert tell(call)[0] == 404


def test_only_what_others_can_reach_is_offered_as_a_hook(job: Job, settings: Any) -> None:
    hook = provider_webhooks.webhook_for("replicate", "01ABC:3:0:1.0")
    assert hook is not None
    assert hook.url == "https://studio.example/hooks/replicate/01ABC:3:0:1.0/"
    assert provider_webhooks.webhook_for("openai", "k") is None
    for address in ("http://studio.example", "https://127.0.0.1:8000", "https://localhost"):
        settings.BASE_URL = address
        assert provider_webhooks.webhook_for("replicate", "k") is None


class Telling(Provider):
    """A provider that tells the studio before it answers, and settles a look-up by what was told alone."""

    name = "replicate"

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        sent("seed:7")
        self.bought.append(request.key)
        assert request.hook is not None
        assert tell(request.key) == (200, "noted"), "before the create is answered"
        answer = self.answers.pop(0) if self.answers else Made({"told": request.hook.news()})
        if isinstance(answer, type):
            raise answer
        return answer

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        self.asked.append(provider_id)
        assert request.hook is not None
        return Made({"told": request.hook.news()})


def make(provider: Provider, job: Job, number: int = 1) -> Outcome:
    this = AttemptKey(job.pk, "generating", 1, 0, number, 0)
    request = ImageRequest(calls.call_key(this), "replicate/flux-schnell", "p", "", 1, 1, 1, True, Path("/nowhere"))
    return calls.buy_once(provider, request, this, job, lambda *a, **k: None, lambda m: m)


def test_a_word_that_comes_before_the_create_is_answered_is_heard(job: Job) -> None:
    outcome = make(Telling(), job)
    assert isinstance(outcome, Made)
    assert outcome.data["told"]["id"] == "pred1"
    assert ProviderCall.objects.get().outcome == "made"


def test_a_call_whose_worker_died_is_settled_from_the_word_about_that_very_call(job: Job) -> None:
    provider = Telling(Died)
    with pytest.raises(Died):
        make(provider, job)
    outcome = make(provider, job, number=2)
    assert isinstance(outcome, Made)
    assert outcome.data["told"]["id"] == "pred1"
    assert (len(provider.bought), provider.asked) == (1, ["pred1"])
