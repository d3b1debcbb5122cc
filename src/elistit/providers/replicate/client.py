"""Replicate as an `ImageProvider`: one prediction per image or per work of a tool, followed by its id until it ends.

Replicate knows no request key, so what a lost purchase can be found by is handed on before it is made: its seed, which
belongs to the request key, or for a tool the id of the image handed over; both stand in Replicate's own list. The
prediction's id takes its place the moment it is known. It must never create a second prediction on its own and never wait
without an end.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from elistit import config, ports
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers import http
from elistit.providers import http_images as images
from elistit.providers.base import Hook, ImageRequest, ModelInfo, Run, lost_since
from elistit.providers.http_outcomes import TIMED_OUT_THERE, Doing, Seen, clean
from elistit.providers.replicate import hooks, outcomes, pins
from elistit.providers.replicate.models import MODELS, NAME, ReplicateModel
from elistit.providers.replicate.pins import Pin
from elistit.providers.replicate.tools import TOOLS, ReplicateTool

URL = "https://api.replicate.com/v1"
HOSTS = ("replicate.delivery",)
# Replicate deletes what went in and came out after an hour; a search further back would find nothing usable.
KEPT_SECONDS = 3600
PAGES_MAX = 5
SINCE_PAGES_MAX = 200
"""How much of the list is read for what a restored database forgot; beyond it, no one can say what was bought."""
SINCE_KEPT_SECONDS = 600.0
SEED, FILE = "seed:", "file:"
"""What a provider id begins with while only the seed, or the image handed over, is known."""
# A poster enlarged ten times is an image of a hundred million pixels.
LARGE_BYTES_MAX = 300_000_000

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Waiting:
    """Seconds. `run` is how long one attempt follows a prediction, `look_up` how long a look-up does. Replicate itself ends a
    prediction after `end_there`, so none runs on unseen. `first` and `most` lie between two questions; where Replicate can
    notify us we ask seldom (`most_with_webhook`) and look for its word every `hear`."""

    first: float = 1.0
    most: float = 5.0
    most_with_webhook: float = 15.0
    hear: float = 0.5
    run: float = 300.0
    look_up: float = 60.0
    end_there: float = 900.0
    call: http.Timeouts = field(default_factory=lambda: http.Timeouts(read=30, whole=45))
    picture: http.Timeouts = field(default_factory=lambda: http.Timeouts(read=30, whole=120))
    large: http.Timeouts = field(default_factory=lambda: http.Timeouts(read=60, write=60, whole=600))


@dataclass(frozen=True)
class _Thing:
    """What is bought under a code, as it is pinned: a model, or a tool that works on the request's source."""

    pin: Pin
    model: ReplicateModel | None = None
    tool: ReplicateTool | None = None


def _thing(code: str) -> _Thing | None:
    if model := MODELS.get(code):
        return _Thing(pins.pin(code, model.path, model.version, model.cost_micros), model=model)
    if tool := TOOLS.get(code):
        return _Thing(pins.pin(code, tool.path, tool.version, tool.cost_micros), tool=tool)
    return None


def configured() -> Replicate | None:
    """Replicate as the configuration says; None without ELISTIT_REPLICATE_TOKEN. Raises http.BadAddress."""
    ours = config.current().replicate
    service = http.service(NAME, "ELISTIT_REPLICATE_API_URL", ours.api_url or URL, ours.token.get_secret_value(), HOSTS)
    return Replicate(service) if service else None


class Replicate:
    """`providers.base.ImageProvider`. For any number of threads."""

    name = NAME
    title = "Replicate"
    can_redraw = False

    def __init__(self, service: http.Service, waiting: Waiting | None = None) -> None:
        self.service, self.waiting = service, waiting or Waiting()
        self.secret = hooks.Secret(self._ask_secret)
        self._slowed = 0
        self._lock = threading.Lock()
        self._listed_since: dict[dt.datetime, tuple[float, list[dict[str, Any]]]] = {}

    def models(self) -> list[ModelInfo]:
        return [m.info for m in MODELS.values()]

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Buy one prediction and follow it to its end (rules §5.7)."""
        thing = _thing(request.model)
        if thing is None or (thing.tool is not None and request.source is None):
            return Failure(
                Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}"[:200]
            )
        asked = self._input(thing, request)
        if isinstance(asked, Failure):
            return asked
        mark, inputs = asked
        body: dict[str, Any] = {"input": inputs}
        path = f"/models/{thing.pin.path}/predictions"
        if thing.pin.version:
            path, body["version"] = "/predictions", f"{thing.pin.path}:{thing.pin.version}"
        if request.hook:
            body |= {"webhook": request.hook.url, "webhook_events_filter": ["completed"]}
        sent(mark)
        answer = self._call(
            "POST", path, json=body, headers={"cancel-after": f"{self.waiting.end_there:.0f}s"}, permit=request.permit
        )
        again = self._count_slowed(answer)
        identity = _identity(answer.data) if answer.good else ""
        if not identity:
            return outcomes.failure(outcomes.seen(Doing.BUY, answer, again))
        sent(identity)
        return self._followed(answer.data, identity, thing, request, run, self.waiting.run)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """What happened to a prediction: asked by its id, or searched for when its id never reached us.

        A prediction that is not in the list is `UNKNOWN`, never “not received”: a list may lag behind a purchase.
        """
        thing = _thing(request.model)
        if thing is None:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, problem="unknown model"))
        if (since := lost_since(provider_id)) is not None:
            return self._lost(thing, request, since, run)
        if thing.tool and not provider_id:
            return None  # The image had not been handed over yet, so nothing was bought.
        if reported := _reported(request.hook, provider_id):
            return self._ended(reported, _identity(reported), thing, request, run)
        if not provider_id or provider_id.startswith((SEED, FILE)):
            found = self._search(thing, request, provider_id)
            if isinstance(found, Failure):
                return found
            return self._followed(found, _identity(found), thing, request, run, self.waiting.look_up)
        if not _ID.fullmatch(provider_id):
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, problem="odd id"), provider_id="")
        answer = self._call("GET", f"/predictions/{provider_id}")
        if answer.met is http.Met.ANSWER and answer.status == 404:
            return outcomes.failure(Seen(Doing.ASK, status=404, state=outcomes.FORGOTTEN), provider_id=provider_id)
        if not answer.good:
            return outcomes.failure(outcomes.seen(Doing.ASK, answer), provider_id=provider_id)
        return self._followed(answer.data, provider_id, thing, request, run, self.waiting.look_up)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """Replicate's models do not make the same image again at another size."""
        return Failure(Kind.REJECTED, "This model can't remake the same image at another size.")

    def check(self) -> Failure | None:
        """Whether the key is accepted, by a call that buys nothing. None when it is."""
        answer = self._call("GET", "/account")
        return None if answer.good else outcomes.failure(outcomes.seen(Doing.ASK, answer))

    # --- what is asked ------------------------------------------------------------------------------------------------

    def _input(self, thing: _Thing, request: ImageRequest) -> tuple[str, dict[str, Any]] | Failure:
        """The mark a purchase is found by, and its input. For a tool the image is handed over first, which buys nothing."""
        if thing.model:
            inputs = thing.model.inputs(request)
            return f"{SEED}{inputs['seed']}", inputs
        assert thing.tool is not None and request.source is not None
        content = (request.source.name, request.source.read_bytes(), "image/png")
        answer = http.send(
            "POST", self.service.url + "/files", timeouts=self.waiting.large, key=self.service.key,
            files={"content": content},
        )  # fmt: skip
        identity = _identity(answer.data) if answer.good else ""
        urls = answer.data.get("urls") if identity else None
        address = urls.get("get") if isinstance(urls, dict) else None
        if isinstance(address, str) and self._is_own(address):
            factor = int(request.art.get("factor", 1))
            return f"{FILE}{identity}", thing.tool.inputs(address, request, factor)
        refused = answer.met is http.Met.ANSWER and answer.status >= 400 and answer.status not in TIMED_OUT_THERE
        seen = outcomes.seen(Doing.BUY, answer)
        return outcomes.failure(
            seen if refused else dataclasses.replace(seen, met=http.Met.ANSWER, state=outcomes.NOT_HANDED)
        )

    def _is_own(self, address: str) -> bool:
        """Whether an address is Replicate's API, where images handed over lie."""
        return address.startswith((self.service.url + "/", URL + "/"))

    # --- one prediction -----------------------------------------------------------------------------------------------

    def _followed(
        self, prediction: dict[str, Any], identity: str, thing: _Thing, request: ImageRequest, run: Run, seconds: float
    ) -> Outcome:  # fmt: skip
        """Ask until the prediction has ended or `seconds` are over, then fetch its image.

        A question that fails is simply asked once more at its time: asking buys nothing. Only a refused key ends it.
        """
        end, step = time.monotonic() + seconds, self.waiting.first
        most = self.waiting.most_with_webhook if request.hook else self.waiting.most
        problem = ""
        while prediction.get("status") in ("starting", "processing"):
            left = end - time.monotonic()
            if left <= 0:
                waited = Seen(Doing.ASK, state=outcomes.STARTING, problem=problem or f"not done after {seconds:g} s")
                return outcomes.failure(waited, provider_id=identity)
            if reported := self._listen(min(step, left), identity, request.hook):
                prediction = reported
                break
            step = min(step * 1.5, most)
            answer = self._call("GET", f"/predictions/{identity}")
            if answer.good and answer.data.get("id") == identity:
                prediction, problem = answer.data, ""
                continue
            failed = outcomes.failure(outcomes.seen(Doing.ASK, answer), provider_id=identity)
            if failed.kind == Kind.OPERATOR:
                return failed
            problem = failed.detail
        return self._ended(prediction, identity, thing, request, run)

    def _listen(self, seconds: float, identity: str, hook: Hook | None) -> dict[str, Any] | None:
        """Wait, but no longer than until Replicate has reported that the prediction has ended."""
        until = time.monotonic() + seconds
        while hook and (left := until - time.monotonic()) > 0:
            time.sleep(min(self.waiting.hear, left))
            if reported := _reported(hook, identity):
                return reported
        time.sleep(max(0.0, until - time.monotonic()))
        return None

    def _ended(
        self, prediction: dict[str, Any], identity: str, thing: _Thing, request: ImageRequest, run: Run
    ) -> Outcome:
        status = prediction.get("status")
        said = clean(prediction.get("error"))
        if status == "succeeded":
            return self._fetched(prediction, identity, thing, request, run)
        states = {"failed": outcomes.FAILED, "canceled": outcomes.STOPPED, "aborted": outcomes.ABORTED}
        state = states.get(str(status), outcomes.STARTING)
        odd = "" if str(status) in states else f"status {clean(str(status))[:40]}"
        return outcomes.failure(Seen(Doing.ASK, state=state, said=said, problem=odd), provider_id=identity)

    def _fetched(
        self, prediction: dict[str, Any], identity: str, thing: _Thing, request: ImageRequest, run: Run
    ) -> Outcome:
        cost = thing.pin.cost_micros
        if prediction.get("data_removed") is True:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.FORGOTTEN), provider_id=identity, cost_micros=cost)
        output = prediction.get("output")
        url = output[0] if isinstance(output, list) and output else output
        if not isinstance(url, str) or not url:
            # Nothing filters what a tool makes of an image that stands, so its silence is a fault and no refusal.
            state = outcomes.NO_RESULT if thing.tool else outcomes.NO_IMAGE
            return outcomes.failure(Seen(Doing.ASK, state=state), provider_id=identity, cost_micros=cost)
        raw = request.out.with_name(f"{request.out.stem}.fetched")
        timeouts, most = (self.waiting.large, LARGE_BYTES_MAX) if thing.tool else (self.waiting.picture, 0)
        lost = images.fetch(url, raw, self.service, timeouts, most)
        ready = lost or images.prepare(raw, request, run, exact=thing.tool is not None)
        if isinstance(ready, images.Lost):
            seen = Seen(Doing.ASK, state=ready.problem, problem=ready.words)
            return outcomes.failure(seen, provider_id=identity, cost_micros=cost)
        raw.unlink(missing_ok=True)
        art = {"model": request.model, "prediction": identity}
        return Made({**ready.facts, "art": art}, cost_micros=cost, provider_id=identity)

    # --- the list -----------------------------------------------------------------------------------------------------

    def _search(self, thing: _Thing, request: ImageRequest, mark: str) -> dict[str, Any] | Failure:
        """The newest prediction of the last hour that was asked with this mark, from at most `PAGES_MAX` pages."""
        wanted: dict[str, Any] = {}
        if thing.model:
            inputs = thing.model.inputs(request)
            seed = mark.removeprefix(SEED)
            wanted = {"prompt": inputs["prompt"], "seed": int(seed) if seed.isdecimal() else inputs["seed"]}
        after = (ports.now() - dt.timedelta(seconds=KEPT_SECONDS)).strftime("%Y-%m-%dT%H:%M:%SZ")
        path, params = "/predictions", {"created_after": after}
        for _ in range(PAGES_MAX):
            answer = self._call("GET", path, **({"params": params} if params else {}))
            if not answer.good:
                return outcomes.failure(outcomes.seen(Doing.ASK, answer))
            results = answer.data.get("results")
            for found in results if isinstance(results, list) else []:
                asked = found.get("input") if isinstance(found, dict) else None
                same = isinstance(asked, dict) and all(asked.get(k) == wanted[k] for k in wanted)
                same = same and (bool(wanted) or _handed(asked, mark))
                if same and found.get("model") == thing.pin.path and _identity(found):
                    return dict(found)
            following = answer.data.get("next")
            if not isinstance(following, str) or not following.startswith(self.service.url + "/"):
                break
            path, params = following.removeprefix(self.service.url), {}
        return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, problem="not in the list"))

    def _lost(self, thing: _Thing, request: ImageRequest, since: dt.datetime, run: Run) -> Outcome | None:
        """What happened to a purchase that a restored database may have forgotten. None: Replicate's list since then has every
        prediction of this model with its input, and none is ours. It doesn't lag: what it is asked for was before the restore."""
        with self._lock:
            listed = self._since(since)
        if isinstance(listed, Failure):
            return listed
        same = [found for found in listed if found.get("model") == thing.pin.path and _identity(found)]
        if thing.model:
            inputs = thing.model.inputs(request)
            wanted = {"prompt": inputs["prompt"], "seed": inputs["seed"]}
            for found in same:
                asked = found.get("input")
                if isinstance(asked, dict) and all(asked.get(k) == v for k, v in wanted.items()):
                    return self.look_up(request, _identity(found), run)
            same = [found for found in same if found.get("data_removed") is True or not found.get("input")]
        if not same:
            return None
        words = "bought since the backup, and no longer known for what"
        return outcomes.failure(Seen(Doing.ASK, state=outcomes.STARTING, problem=words))

    def _since(self, since: dt.datetime) -> list[dict[str, Any]] | Failure:
        """Every prediction since a moment, read once for all that is looked up in the same ten minutes."""
        kept = self._listed_since.get(since)
        if kept and time.monotonic() - kept[0] < SINCE_KEPT_SECONDS:
            return kept[1]
        found: list[dict[str, Any]] = []
        path, params = "/predictions", {"created_after": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
        for _ in range(SINCE_PAGES_MAX):
            answer = self._call("GET", path, **({"params": params} if params else {}))
            if not answer.good:
                return outcomes.failure(outcomes.seen(Doing.ASK, answer))
            results = answer.data.get("results")
            found += [one for one in results if isinstance(one, dict)] if isinstance(results, list) else []
            following = answer.data.get("next")
            if not isinstance(following, str) or not following.startswith(self.service.url + "/"):
                self._listed_since = {since: (time.monotonic(), found)}
                return found
            path, params = following.removeprefix(self.service.url), {}
        return outcomes.failure(
            Seen(Doing.ASK, state=outcomes.STARTING, problem="too many predictions since the backup")
        )

    def _ask_secret(self) -> str:
        answer = self._call("GET", "/webhooks/default/secret")
        key = answer.data.get("key") if answer.good else ""
        return key if isinstance(key, str) else ""

    def _call(self, method: str, path: str, **more: Any) -> http.Answer:
        return http.send(method, self.service.url + path, timeouts=self.waiting.call, key=self.service.key, **more)

    def _count_slowed(self, answer: http.Answer) -> int:
        """How many purchases in a row were slowed down for lack of credit."""
        said = outcomes.seen(Doing.BUY, answer).said if answer.status == 429 else ""
        with self._lock:
            self._slowed = self._slowed + 1 if re.search(outcomes.LOW_BALANCE, said, re.IGNORECASE) else 0
            return self._slowed


def is_of(prediction: dict[str, Any], provider_id: str) -> bool:
    """Whether a prediction is the one a call is known by: its id, or what it was asked with while the id is not known."""
    identity, asked = _identity(prediction), prediction.get("input")
    if not identity or not provider_id:
        return False
    if provider_id.startswith(SEED):
        return isinstance(asked, dict) and str(asked.get("seed")) == provider_id.removeprefix(SEED)
    return _handed(asked, provider_id) if provider_id.startswith(FILE) else identity == provider_id


def _handed(asked: Any, mark: str) -> bool:
    """Whether a prediction works on the image of a mark."""
    address = asked.get("image") if isinstance(asked, dict) else None
    identity = mark.removeprefix(FILE)
    return (
        isinstance(address, str) and mark.startswith(FILE) and bool(identity) and identity in re.split(r"[/?]", address)
    )


def _reported(hook: Hook | None, provider_id: str) -> dict[str, Any] | None:
    """What Replicate has reported about this very prediction."""
    news = hook.news() if hook else None
    known = provider_id and not provider_id.startswith((SEED, FILE))
    return news if news and _identity(news) and (not known or news["id"] == provider_id) else None


def _identity(prediction: Any) -> str:
    found = prediction.get("id") if isinstance(prediction, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""
