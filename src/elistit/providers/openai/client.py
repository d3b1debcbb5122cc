"""OpenAI's image models as an `ImageProvider`: one request, one image in the answer.

OpenAI has no key that makes a repeat harmless and cannot be asked what happened to a request, so a request is sent once and
an answer that was lost stays unknown. Our request key goes along as X-Client-Request-Id, by which OpenAI's support can
find it. It must never retry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit import config
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers import http
from elistit.providers import http_images as images
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.http_outcomes import Doing, Seen
from elistit.providers.openai import outcomes
from elistit.providers.openai.models import MODELS, NAME, body, cost, wire_name

URL = "https://api.openai.com/v1"
# An image with much detail takes up to two minutes, during which nothing comes.
TIMEOUTS = http.Timeouts(read=240, whole=300)
CHECK = http.Timeouts(read=15, whole=20)


def configured() -> OpenAi | None:
    """OpenAI as the configuration says; None without ELISTIT_OPENAI_KEY. Raises http.BadAddress."""
    ours = config.current().openai
    service = http.service(NAME, "ELISTIT_OPENAI_API_URL", ours.api_url or URL, ours.key.get_secret_value())
    return OpenAi(service) if service else None


class OpenAi:
    """`providers.base.ImageProvider`. For any number of threads."""

    name = NAME
    title = "OpenAI"
    can_redraw = False
    can_be_asked = False

    def __init__(self, service: http.Service, timeouts: http.Timeouts = TIMEOUTS) -> None:
        self.service, self.timeouts = service, timeouts

    def models(self) -> list[ModelInfo]:
        return [m.info for m in MODELS.values()]

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Buy one image (rules §5.7)."""
        model = MODELS.get(request.model)
        if model is None:
            return Failure(
                Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}"[:200]
            )
        answer = http.send(
            "POST", self.service.url + "/images/generations", timeouts=self.timeouts, key=self.service.key,
            headers={"x-client-request-id": request.key[:512]}, json=body(model, request), permit=request.permit,
        )  # fmt: skip
        identity = outcomes.request_id(answer)
        if identity:
            sent(identity)
        if not answer.good or not isinstance(answer.data.get("data"), list):
            return outcomes.failure(outcomes.seen(Doing.BUY, answer), provider_id=identity)
        paid = cost(model, answer.data.get("usage"))
        first: Any = answer.data["data"][0] if answer.data["data"] else {}
        text = first.get("b64_json") if isinstance(first, dict) else None
        if not isinstance(text, str) or not text:
            seen = Seen(Doing.BUY, state=outcomes.NO_IMAGE, status=answer.status, request_id=identity)
            return outcomes.failure(seen, provider_id=identity, cost_micros=paid)
        if lost := images.decode(text, request.raw):
            return self._lost(lost, identity, paid)
        return self.finish(request, run, identity, paid)

    def finish(self, request: ImageRequest, run: Run, provider_id: str, cost_micros: int) -> Outcome:
        """See `Finishes.finish`."""
        ready = images.prepare(request.raw, request, run)
        if isinstance(ready, images.Lost):
            return self._lost(ready, provider_id, cost_micros)
        request.raw.unlink(missing_ok=True)
        art = {"model": request.model, "wire": wire_name()}
        return Made({**ready.facts, "art": art}, cost_micros=cost_micros, provider_id=provider_id)

    @staticmethod
    def _lost(lost: images.Lost, identity: str, paid: int) -> Failure:
        seen = Seen(Doing.BUY, state=lost.problem, problem=lost.words, request_id=identity)
        return outcomes.failure(seen, provider_id=identity, cost_micros=paid)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """Always `UNKNOWN`. OpenAI keeps no images and cannot be asked about a request, and the rule for an unknown
        answer is never to guess and never to buy twice (rules §5.7): the item ends as failed and is refunded."""
        return outcomes.failure(Seen(Doing.ASK, state=outcomes.CANNOT_ASK), provider_id=provider_id)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """OpenAI's models do not make the same image again at another size."""
        return Failure(Kind.REJECTED, "This model can't remake the same image at another size.")

    def check(self) -> Failure | None:
        """Whether key and model are accepted, by a call that buys nothing. None when they are."""
        address = f"{self.service.url}/models/{wire_name()}"
        answer = http.send("GET", address, timeouts=CHECK, key=self.service.key)
        return None if answer.good else outcomes.failure(outcomes.seen(Doing.ASK, answer))
