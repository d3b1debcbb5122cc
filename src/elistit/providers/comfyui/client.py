"""A ComfyUI server as an `ImageProvider`: the operator's workflow is queued under an id of ours and followed to its end.

The id belongs to the request key, so work whose answer was lost is found again in the server's queue or history and never
queued a second time while it may be there. It must never wait without an end and never ask another server for an image.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from elistit import config
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers import http
from elistit.providers import http_asking as asking
from elistit.providers import http_images as images
from elistit.providers.base import ImageRequest, ModelInfo, Run, lost_since
from elistit.providers.comfyui import configuration, outcomes
from elistit.providers.comfyui.models import CODE, MODEL, NAME
from elistit.providers.comfyui.workflow import Workflow
from elistit.providers.http_outcomes import Doing, Seen, clean

PROMPT_MAX = 4000
QUEUE_MAX = 32
"""Images waiting at the server beyond which no more are queued: they wait better here, where a seller can see them."""
BUSY_SECONDS = 20.0
_SPACE = uuid.UUID("6b1f7b0e-2a0c-4d0e-9a55-0e1157170001")


@dataclass(frozen=True)
class Waiting:
    """Seconds. `run` is how long one attempt follows its work, `look_up` how long a look-up does; a question every `step`."""

    step: float = 1.5
    run: float = 600.0
    look_up: float = 60.0
    call: http.Timeouts = field(default_factory=lambda: http.Timeouts(connect=5, read=20, whole=30))
    picture: http.Timeouts = field(default_factory=lambda: http.Timeouts(connect=5, read=30, whole=120))


def configured(settings: config.Config | None = None) -> ComfyUi | None:
    """ComfyUI as the configuration says; None without ELISTIT_COMFYUI_URL. Raises http.BadSettings."""
    found = configuration.read(settings)
    return ComfyUi(found.service, found.workflow) if found else None


class ComfyUi:
    """`providers.base.ImageProvider`. For any number of threads."""

    name = NAME
    title = "This studio’s image server"
    can_redraw = False

    def __init__(self, service: http.Service, graph: Workflow, waiting: Waiting | None = None) -> None:
        self.service, self.graph, self.waiting = service, graph, waiting or Waiting()

    @property
    def settings(self) -> tuple[object, ...]:
        """What this client was made from: another workflow is another provider."""
        return self.service, self.graph

    def models(self) -> list[ModelInfo]:
        return [MODEL]

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Queue one image and follow it to its end (rules §5.7)."""
        if request.model != CODE:
            return Failure(
                Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}"[:200]
            )
        if self._waiting_there() >= QUEUE_MAX:
            return outcomes.failure(Seen(Doing.BUY, state=outcomes.BUSY, wait=BUSY_SECONDS))
        identity = identity_of(request.key)
        sent(identity)
        body = {"prompt": self.graph.filled(self._values(request)), "client_id": "elistit", "prompt_id": identity}
        answer = self._call("POST", "/prompt", json=body, permit=request.permit)
        theirs = answer.data.get("prompt_id") if answer.good else None
        if not isinstance(theirs, str) or not theirs:
            return outcomes.failure(outcomes.seen(Doing.BUY, answer), provider_id=identity)
        if theirs != identity:
            sent(theirs[:120])  # A server too old to take our id gave its own.
        return self._followed(theirs, request, run, self.waiting.run) or outcomes.failure(
            Seen(Doing.ASK, state=outcomes.FORGOTTEN), provider_id=theirs
        )

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """What happened to queued work: from the server's history, or its queue. None when it knows of none: it never came, or
        the server was started again and it is gone; either way nothing of it is made any longer and nothing was paid."""
        if not provider_id:
            return None
        if lost_since(provider_id):
            provider_id = identity_of(request.key)
        return self._followed(provider_id, request, run, self.waiting.look_up)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """A workflow does not make the same image again at another size."""
        return Failure(Kind.REJECTED, "This model can't remake the same image at another size.")

    def check(self) -> Failure | None:
        """Whether the server answers, and has the checkpoint where one is named, by calls that make nothing."""
        answer = self._call("GET", "/system_stats")
        if not answer.good:
            return outcomes.failure(outcomes.seen(Doing.BUY, answer))
        if not self.graph.checkpoint:
            return None
        answer = self._call("GET", "/object_info/CheckpointLoaderSimple")
        try:
            known = answer.data["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"][0]
        except (KeyError, IndexError, TypeError):
            return outcomes.failure(outcomes.seen(Doing.ASK, answer))
        there = isinstance(known, list) and self.graph.checkpoint in known
        return None if there else outcomes.failure(Seen(Doing.ASK, state=outcomes.NO_MODEL, said=self.graph.checkpoint))

    # --- what is asked --------------------------------------------------------------------------------------------------

    def _values(self, request: ImageRequest) -> dict[str, str | int]:
        leave_out = not self.graph.takes_negative
        words = asking.words(request, plain_ground=request.transparent, leave_out=leave_out, limit=PROMPT_MAX)
        return {
            "%prompt%": words, "%negative%": request.negative, "%width%": request.width, "%height%": request.height,
            "%seed%": asking.seed(request),
        }  # fmt: skip

    def _waiting_there(self) -> int:
        """How much waits at the server; 0 when it does not say, and then queueing shows what is wrong."""
        answer = self._call("GET", "/prompt")
        reported = answer.data.get("exec_info") if answer.good else None
        count = reported.get("queue_remaining") if isinstance(reported, dict) else 0
        return count if isinstance(count, int) else 0

    # --- what happened to it ----------------------------------------------------------------------------------------------

    def _followed(self, identity: str, request: ImageRequest, run: Run, seconds: float) -> Outcome | None:
        """Ask until the work has ended or `seconds` are over. None: it is in neither history nor queue."""
        end, missing = time.monotonic() + seconds, False
        while True:
            answer = self._call("GET", f"/history/{identity}")
            entry = answer.data.get(identity) if answer.good else None
            if isinstance(entry, dict):
                return self._ended(entry, identity, request, run)
            if answer.good and missing:
                return None
            queued = self._call("GET", "/queue") if answer.good else answer
            # What ended between the two questions is in the history now, so it is asked once more before it counts as gone.
            missing = queued.good and not _queued(queued.data, identity)
            if missing:
                continue
            if time.monotonic() >= end:
                if queued.good:
                    waited = Seen(Doing.ASK, state=outcomes.RUNNING, problem=f"not done after {seconds:g} s")
                    return outcomes.failure(waited, provider_id=identity)
                return outcomes.failure(outcomes.seen(Doing.ASK, queued), provider_id=identity)
            time.sleep(min(self.waiting.step, max(0.0, end - time.monotonic())))

    def _ended(self, entry: dict[str, Any], identity: str, request: ImageRequest, run: Run) -> Outcome:
        reported = entry.get("status")
        status: dict[str, Any] = reported if isinstance(reported, dict) else {}
        if status.get("status_str") == "error":
            state, said = _problem(status.get("messages"))
            return outcomes.failure(Seen(Doing.ASK, state=state, said=said), provider_id=identity)
        picture = _picture(entry.get("outputs"))
        if picture is None:
            return outcomes.failure(Seen(Doing.ASK, state=outcomes.NO_IMAGE), provider_id=identity)
        raw = request.out.with_name(f"{request.out.stem}.fetched")
        lost = images.fetch_own(
            f"{self.service.url}/view?{urlencode(picture)}", raw, self.service, self.waiting.picture
        )
        ready = lost or images.prepare(raw, request, run)
        if isinstance(ready, images.Lost):
            return outcomes.failure(Seen(Doing.ASK, state=ready.problem, problem=ready.words), provider_id=identity)
        raw.unlink(missing_ok=True)
        return Made({**ready.facts, "art": {"model": request.model, "prompt_id": identity}}, provider_id=identity)

    def _call(self, method: str, path: str, **more: Any) -> http.Answer:
        return http.send(method, self.service.url + path, timeouts=self.waiting.call, key=self.service.key, **more)


def identity_of(key: str) -> str:
    """The id under which the work of a request key is queued: the same whenever it is asked for."""
    return str(uuid.uuid5(_SPACE, key))


def _queued(data: dict[str, Any], identity: str) -> bool:
    """Whether work runs or waits. An entry of the queue is a list whose second part is the id."""
    entries = [e for name in ("queue_running", "queue_pending") for e in (data.get(name) or [])]
    return any(isinstance(e, list) and len(e) > 1 and e[1] == identity for e in entries)


def _problem(messages: Any) -> tuple[str, str]:
    """How work ended badly, and in which words, from the events the server kept."""
    for event in reversed(messages if isinstance(messages, list) else []):
        if not (isinstance(event, list) and len(event) == 2 and isinstance(event[1], dict)):
            continue
        if event[0] == "execution_interrupted":
            return outcomes.STOPPED, ""
        if event[0] == "execution_error":
            parts = (event[1].get(name) for name in ("node_type", "exception_type", "exception_message"))
            return outcomes.ERROR, clean(" ".join(clean(p) for p in parts if p))
    return outcomes.ERROR, ""


def _picture(outputs: Any) -> dict[str, str] | None:
    """The first image of finished work: one that was saved before one that was only shown."""
    nodes = outputs.values() if isinstance(outputs, dict) else []
    shown = [i for n in nodes if isinstance(n, dict) for i in (n.get("images") or []) if isinstance(i, dict)]
    for kind in ("output", "temp"):
        for image in shown:
            name, folder = image.get("filename"), image.get("subfolder", "")
            if image.get("type") == kind and isinstance(name, str) and name and isinstance(folder, str):
                return {"filename": name, "subfolder": folder, "type": kind}
    return None
