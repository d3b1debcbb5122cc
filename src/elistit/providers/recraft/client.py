"""Recraft as an `ImageProvider`: one request, one image or vector drawing in the answer.

Recraft knows no request key and cannot be asked what happened to a request, so a request is sent once and an answer that
was lost stays unknown. A drawing is left as SVG beside the PNG (`image.svg` beside `image.png`). It must never retry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit import config
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers import http
from elistit.providers import http_images as images
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.http_outcomes import Doing, Seen, clean
from elistit.providers.recraft import outcomes
from elistit.providers.recraft.models import MODELS, NAME, body

URL = "https://external.api.recraft.ai/v1"
TIMEOUTS = http.Timeouts(read=120, whole=150)
CHECK = http.Timeouts(read=15, whole=20)
_PROVIDER_ID_MAX = 120


def configured() -> Recraft | None:
    """Recraft as the configuration says; None without ELISTIT_RECRAFT_KEY. Raises http.BadAddress."""
    ours = config.current().recraft
    service = http.service(NAME, "ELISTIT_RECRAFT_API_URL", ours.api_url or URL, ours.key.get_secret_value())
    return Recraft(service) if service else None


class Recraft:
    """`providers.base.ImageProvider`. For any number of threads."""

    name = NAME
    title = "Recraft"
    can_redraw = False
    can_be_asked = False

    def __init__(self, service: http.Service, timeouts: http.Timeouts = TIMEOUTS) -> None:
        self.service, self.timeouts = service, timeouts

    def models(self) -> list[ModelInfo]:
        return [m.info for m in MODELS.values()]

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Buy one image (rules §5.7). With a vector model `Made.data` also has `svg`: name, bytes, sha256."""
        model = MODELS.get(request.model)
        if model is None:
            return Failure(
                Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}"[:200]
            )
        kind = "vector" if model.vector else "raster"
        answer = http.send(
            "POST", f"{self.service.url}/images/generations/{kind}", timeouts=self.timeouts, key=self.service.key,
            json=body(model, request), permit=request.permit,
        )  # fmt: skip
        if not answer.good or not isinstance(answer.data.get("data"), list):
            return outcomes.failure(outcomes.seen(Doing.BUY, answer))
        first: Any = answer.data["data"][0] if answer.data["data"] else {}
        first = first if isinstance(first, dict) else {}
        identity = clean(first.get("image_id"))[:_PROVIDER_ID_MAX]
        if identity:
            sent(identity)
        paid = model.cost_micros
        if _nsfw(first) > outcomes.NSFW_MOST:
            seen = Seen(Doing.BUY, state=outcomes.NSFW, said=f"nsfw_score {_nsfw(first):.2f}")
            return outcomes.failure(seen, provider_id=identity, cost_micros=paid)
        text = first.get("b64_json")
        if not isinstance(text, str) or not text:
            seen = Seen(Doing.BUY, state=outcomes.NO_IMAGE, status=answer.status)
            return outcomes.failure(seen, provider_id=identity, cost_micros=paid)
        if lost := images.decode(text, request.raw):
            return self._lost(lost, identity, paid)
        return self.finish(request, run, identity, paid)

    def finish(self, request: ImageRequest, run: Run, provider_id: str, cost_micros: int) -> Outcome:
        """See `Finishes.finish`."""
        model = MODELS.get(request.model)
        ready = images.prepare(request.raw, request, run, as_vector=model is not None and model.vector)
        if isinstance(ready, images.Lost):
            return self._lost(ready, provider_id, cost_micros)
        request.raw.unlink(missing_ok=True)
        art = {"model": request.model, "image": provider_id}
        return Made({**ready.facts, "art": art}, cost_micros=cost_micros, provider_id=provider_id)

    @staticmethod
    def _lost(lost: images.Lost, identity: str, paid: int) -> Failure:
        seen = Seen(Doing.BUY, state=lost.problem, problem=lost.words)
        return outcomes.failure(seen, provider_id=identity, cost_micros=paid)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """Always `UNKNOWN`. Recraft cannot be asked about a request, and the rule for an unknown answer is never to guess
        and never to buy twice (rules §5.7): the item ends as failed and is refunded."""
        return outcomes.failure(Seen(Doing.ASK, state=outcomes.CANNOT_ASK), provider_id=provider_id)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """Recraft's models do not make the same image again at another size."""
        return Failure(Kind.REJECTED, "This model can't remake the same image at another size.")

    def check(self) -> Failure | None:
        """Whether the key is accepted and there is credit, by a call that buys nothing. None when so."""
        answer = http.send("GET", f"{self.service.url}/users/me", timeouts=CHECK, key=self.service.key)
        if not answer.good:
            return outcomes.failure(outcomes.seen(Doing.ASK, answer))
        credit = answer.data.get("credits")
        if isinstance(credit, (int, float)) and credit <= 0:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.NO_CREDITS))
        return None


def _nsfw(image: dict[str, Any]) -> float:
    features = image.get("features")
    score = features.get("nsfw_score") if isinstance(features, dict) else None
    return float(score) if isinstance(score, (int, float)) and not isinstance(score, bool) else 0.0
