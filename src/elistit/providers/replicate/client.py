"""Replicate as an `ImageProvider`: one prediction per image, followed by its id until it ends.

Replicate knows no request key, so what a lost purchase can be found by is handed on before it is made: its seed, which
belongs to the request key and stands in Replicate's own list. The prediction's id takes its place the moment it is known.
It must never create a second prediction by itself and never wait without an end.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from elistit import ports
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers import http
from elistit.providers import http_images as images
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.http_outcomes import Doing, Seen, clean
from elistit.providers.replicate import outcomes
from elistit.providers.replicate.models import MODELS, NAME, ReplicateModel

URL = "https://api.replicate.com/v1"
HOSTS = ("replicate.delivery",)
# Replicate deletes what went in and came out after an hour; a search further back would find nothing usable.
KEPT_SECONDS = 3600
PAGES_MAX = 5
SEARCH = "seed:"
"""What a provider id begins with while only the seed is known."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Waiting:
    """Seconds. `run` is how long one try follows a prediction, `look_up` how long a look-up does. Replicate itself ends a
    prediction after `end_there`, so none runs on unseen."""

    first: float = 1.0
    most: float = 5.0
    run: float = 300.0
    look_up: float = 60.0
    end_there: float = 900.0
    call: http.Patience = field(default_factory=lambda: http.Patience(read=30, whole=45))
    picture: http.Patience = field(default_factory=lambda: http.Patience(read=30, whole=120))


def configured() -> Replicate | None:
    """Replicate as the environment says; None without ELISTIT_REPLICATE_TOKEN. Raises http.BadAddress."""
    service = http.service(NAME, "ELISTIT_REPLICATE_API_URL", "ELISTIT_REPLICATE_TOKEN", URL, HOSTS)
    return Replicate(service) if service else None


class Replicate:
    """`providers.base.ImageProvider`. For any number of threads."""

    name = NAME
    title = "Replicate"
    can_redraw = False

    def __init__(self, service: http.Service, waiting: Waiting | None = None) -> None:
        self.service, self.waiting = service, waiting or Waiting()
        self._slowed = 0
        self._lock = threading.Lock()

    def models(self) -> list[ModelInfo]:
        return [m.info for m in MODELS.values()]

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Buy one prediction and follow it to its end (rules §5.7)."""
        model = MODELS.get(request.model)
        if model is None:
            return Failure(
                Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}"[:200]
            )
        body: dict[str, Any] = {"input": model.inputs(request)}
        path = f"/models/{model.path}/predictions"
        if model.version:
            path, body["version"] = "/predictions", f"{model.path}:{model.version}"
        sent(f"{SEARCH}{body['input']['seed']}")
        answer = self._call("POST", path, json=body, headers={"cancel-after": f"{self.waiting.end_there:.0f}s"})
        again = self._count_slowed(answer)
        identity = _identity(answer.data) if answer.good else ""
        if not identity:
            return outcomes.failure(outcomes.seen(Doing.BUY, answer, again))
        sent(identity)
        return self._followed(answer.data, identity, model, request, run, self.waiting.run)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """What became of a prediction: asked by its id, or searched for when its id never reached us.

        A prediction that is not in the list is `UNKNOWN`, never “not received”: a list may lag behind a purchase.
        """
        model = MODELS.get(request.model)
        if model is None:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, trouble="unknown model"))
        if not provider_id or provider_id.startswith(SEARCH):
            found = self._search(model, request, provider_id.removeprefix(SEARCH))
            if isinstance(found, Failure):
                return found
            return self._followed(found, _identity(found), model, request, run, self.waiting.look_up)
        if not _ID.fullmatch(provider_id):
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, trouble="odd id"), provider_id="")
        answer = self._call("GET", f"/predictions/{provider_id}")
        if answer.met is http.Met.ANSWER and answer.status == 404:
            return outcomes.failure(Seen(Doing.ASK, status=404, state=outcomes.FORGOTTEN), provider_id=provider_id)
        if not answer.good:
            return outcomes.failure(outcomes.seen(Doing.ASK, answer), provider_id=provider_id)
        return self._followed(answer.data, provider_id, model, request, run, self.waiting.look_up)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """Replicate's models do not make the same picture again at another size."""
        return Failure(Kind.REJECTED, "This model does not make the same picture again at another size.")

    def check(self) -> Failure | None:
        """Whether the key is accepted, by a call that buys nothing. None when it is."""
        answer = self._call("GET", "/account")
        return None if answer.good else outcomes.failure(outcomes.seen(Doing.ASK, answer))

    # --- one prediction -----------------------------------------------------------------------------------------------

    def _followed(
        self, prediction: dict[str, Any], identity: str, model: ReplicateModel, request: ImageRequest, run: Run, seconds: float
    ) -> Outcome:  # fmt: skip
        """Ask until the prediction has ended or `seconds` are over, then fetch its picture.

        A question that fails is simply asked again at its time: asking buys nothing. Only a refused key ends it.
        """
        end, step = time.monotonic() + seconds, self.waiting.first
        trouble = ""
        while prediction.get("status") in ("starting", "processing"):
            left = end - time.monotonic()
            if left <= 0:
                waited = Seen(Doing.ASK, state=outcomes.STARTING, trouble=trouble or f"not done after {seconds:g} s")
                return outcomes.failure(waited, provider_id=identity)
            time.sleep(min(step, left))
            step = min(step * 1.5, self.waiting.most)
            answer = self._call("GET", f"/predictions/{identity}")
            if answer.good and answer.data.get("id") == identity:
                prediction, trouble = answer.data, ""
                continue
            failed = outcomes.failure(outcomes.seen(Doing.ASK, answer), provider_id=identity)
            if failed.kind == Kind.OPERATOR:
                return failed
            trouble = failed.detail
        return self._ended(prediction, identity, model, request, run)

    def _ended(
        self, prediction: dict[str, Any], identity: str, model: ReplicateModel, request: ImageRequest, run: Run
    ) -> Outcome:
        status = prediction.get("status")
        said = clean(prediction.get("error"))
        if status == "succeeded":
            return self._fetched(prediction, identity, model, request, run)
        states = {"failed": outcomes.FAILED, "canceled": outcomes.STOPPED, "aborted": outcomes.ABORTED}
        state = states.get(str(status), outcomes.STARTING)
        odd = "" if str(status) in states else f"status {clean(str(status))[:40]}"
        return outcomes.failure(Seen(Doing.ASK, state=state, said=said, trouble=odd), provider_id=identity)

    def _fetched(
        self, prediction: dict[str, Any], identity: str, model: ReplicateModel, request: ImageRequest, run: Run
    ) -> Outcome:
        cost = model.cost_micros
        if prediction.get("data_removed") is True:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.FORGOTTEN), provider_id=identity, cost_micros=cost)
        output = prediction.get("output")
        url = output[0] if isinstance(output, list) and output else output
        if not isinstance(url, str) or not url:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.NO_IMAGE), provider_id=identity, cost_micros=cost)
        raw = request.out.with_name(f"{request.out.stem}.fetched")
        lost = images.fetch(url, raw, self.service, self.waiting.picture)
        ready = lost or images.prepare(raw, request, run)
        if isinstance(ready, images.Lost):
            seen = Seen(Doing.ASK, state=ready.trouble, trouble=ready.words)
            return outcomes.failure(seen, provider_id=identity, cost_micros=cost)
        raw.unlink(missing_ok=True)
        art = {"model": request.model, "prediction": identity}
        return Made({**ready.facts, "art": art}, cost_micros=cost, provider_id=identity)

    # --- the list -----------------------------------------------------------------------------------------------------

    def _search(self, model: ReplicateModel, request: ImageRequest, seed: str) -> dict[str, Any] | Failure:
        """The newest prediction of the last hour with this prompt and seed, from at most `PAGES_MAX` pages."""
        wanted = model.inputs(request)
        if seed.isdecimal():
            wanted["seed"] = int(seed)
        after = (ports.now() - dt.timedelta(seconds=KEPT_SECONDS)).strftime("%Y-%m-%dT%H:%M:%SZ")
        path, params = "/predictions", {"created_after": after}
        for _ in range(PAGES_MAX):
            answer = self._call("GET", path, **({"params": params} if params else {}))
            if not answer.good:
                return outcomes.failure(outcomes.seen(Doing.ASK, answer))
            results = answer.data.get("results")
            for found in results if isinstance(results, list) else []:
                asked = found.get("input") if isinstance(found, dict) else None
                same = isinstance(asked, dict) and all(asked.get(k) == wanted[k] for k in ("prompt", "seed"))
                if same and found.get("model") == model.path and _identity(found):
                    return dict(found)
            following = answer.data.get("next")
            if not isinstance(following, str) or not following.startswith(self.service.url + "/"):
                break
            path, params = following.removeprefix(self.service.url), {}
        return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, trouble="not in the list"))

    def _call(self, method: str, path: str, **more: Any) -> http.Answer:
        return http.send(method, self.service.url + path, patience=self.waiting.call, key=self.service.key, **more)

    def _count_slowed(self, answer: http.Answer) -> int:
        """How many purchases in a row were slowed down for lack of credit."""
        said = outcomes.seen(Doing.BUY, answer).said if answer.status == 429 else ""
        with self._lock:
            self._slowed = self._slowed + 1 if re.search(outcomes.LOW_BALANCE, said, re.IGNORECASE) else 0
            return self._slowed


def _identity(prediction: Any) -> str:
    found = prediction.get("id") if isinstance(prediction, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""
