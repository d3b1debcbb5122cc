"""Injected failures, for demonstrations and tests: `ELISTIT_FAULTS` (docs/how-to/show-failures.md).

Off unless the variable is set; when set, every page and every process start says so. It makes chosen attempts fail in
each of the seven kinds, hang, return garbage, or kill the worker. Past faults are counted from the attempts in the
database, so a fault that kills the worker ends after as many kills as requested. It must never change what the rules do
with a failure.

Grammar: `stage[.item]=fault[*times]`, several separated by `;`. `*all` never stops. `throttled(30)` asks for 30
seconds. Example: `generating.3=blocked_prompt; drafting=rejected*all; processing=kill*2`.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Sum

from elistit import config
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.due import RUNS
from elistit.chain.models import Attempt
from elistit.chain.waits import wait_seconds
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers.base import Finishes, ImageProvider, ImageRequest, ModelInfo, Run, can_be_asked

OTHER = ("hang", "garbage", "kill", "kill_after")
FAULTS = tuple(k.value for k in Kind) + OTHER
ALL = 1_000_000
HANG_SECONDS = 60.0
_SPEC = re.compile(
    r"^(?P<stage>[a-z_]+)(?:\.(?P<item>\d+))?=(?P<fault>[a-z_]+)(?:\((?P<seconds>\d+(?:\.\d+)?)\))?(?:\*(?P<times>\d+|all))?$"
)
_WORDS = "This failure was asked for with ELISTIT_FAULTS."


class BadFaults(ValueError):
    """`ELISTIT_FAULTS` is invalid. The message is one sentence."""


@dataclass(frozen=True)
class Fault:
    stage: str
    item: int | None
    fault: str
    times: int
    seconds: float | None


def parse(text: str) -> list[Fault]:
    """The faults that a text describes. Raises BadFaults."""
    found = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        match = _SPEC.match(part)
        if not match:
            raise BadFaults(f"ELISTIT_FAULTS: “{part[:60]}” is not of the form stage[.item]=fault[*times].")
        stage, fault = match["stage"], match["fault"]
        if stage not in {s.value for s in RUNS}:
            raise BadFaults(
                f"ELISTIT_FAULTS: there is no stage “{stage}”; choose one of {', '.join(s.value for s in RUNS)}."
            )
        if fault not in FAULTS:
            raise BadFaults(f"ELISTIT_FAULTS: there is no fault “{fault}”; choose one of {', '.join(FAULTS)}.")
        times = 1 if match["times"] is None else ALL if match["times"] == "all" else int(match["times"])
        found.append(
            Fault(
                stage,
                int(match["item"]) if match["item"] else None,
                fault,
                times,
                float(match["seconds"]) if match["seconds"] else None,
            )
        )
    return found


def active() -> str:
    """The current value of `ELISTIT_FAULTS`; empty when it is off."""
    return config.current().practice.faults


def fault_for(this: AttemptKey, faults: list[Fault]) -> Fault | None:
    """The fault that applies to an attempt: the first that matches it and has occurrences left."""
    for fault in faults:
        if fault.stage != this.stage or fault.item not in (None, this.item):
            continue
        begun = (
            Attempt.objects.filter(job_id=this.job, stage=this.stage, item=this.item, note=False).aggregate(
                n=Sum("starts")
            )["n"]
            or 0
        )
        if begun <= fault.times:
            return fault
    return None


def failure(fault: Fault) -> Failure:
    if fault.fault == "throttled":
        return Failure(
            Kind.THROTTLED,
            "The service asked us to slow down.",
            _WORDS,
            retry_after=5.0 if fault.seconds is None else fault.seconds,
        )
    reasons = {
        "transient": "The service answered with an error.",
        "blocked_prompt": "The content filter rejected the prompt.",
        "blocked_output": "The content filter rejected the image.",
        "rejected": "The request was refused as invalid.",
        "operator": "The studio’s account with this service needs attention.",
        "unknown": "The service accepted the request and never answered.",
        "hang": "The service did not answer in time.",
        "garbage": "The service's answer couldn't be used.",
    }
    kind = Kind(fault.fault) if fault.fault in Kind._value2member_map_ else Kind.TRANSIENT
    return Failure(kind, reasons[fault.fault], _WORDS)


def play(this: AttemptKey, faults: list[Fault], work: Callable[[], Outcome]) -> Outcome:
    """Do the work of an attempt with the fault that applies to it, for every stage except generating (see `FaultyProvider`)."""
    fault = fault_for(this, faults)
    if fault is None:
        return work()
    if fault.fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault.fault == "hang":
        time.sleep(wait_seconds(fault.seconds or HANG_SECONDS))
    if fault.fault in ("unknown", "kill_after"):
        work()  # done by the service; only its response is lost
        if fault.fault == "kill_after":
            os.kill(os.getpid(), signal.SIGKILL)
    return failure(fault)


class FaultyProvider:
    """Wraps a provider and injects one fault."""

    def __init__(self, provider: ImageProvider, fault: Fault) -> None:
        self.provider, self.fault = provider, fault
        self.name, self.can_redraw = provider.name, provider.can_redraw
        self.can_be_asked = can_be_asked(provider)

    def models(self) -> list[ModelInfo]:
        return self.provider.models()

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        what = self.fault.fault
        if what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "hang":
            time.sleep(wait_seconds(self.fault.seconds or HANG_SECONDS))
        if what in ("unknown", "kill_after"):
            self.provider.generate(request, run, sent)
            if what == "kill_after":
                os.kill(os.getpid(), signal.SIGKILL)
        if what == "garbage":
            request.out.write_bytes(b"<html>not an image</html>")
            return Made(data={"width": request.width, "height": request.height, "art": {}})
        return failure(self.fault)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return self.provider.look_up(request, provider_id, run)

    def finish(self, request: ImageRequest, run: Run, provider_id: str, cost_micros: int) -> Outcome:
        assert isinstance(self.provider, Finishes), "only what such a provider handed over is kept"
        return self.provider.finish(request, run, provider_id, cost_micros)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        return self.provider.redraw(request, run)


def around(provider: ImageProvider, this: AttemptKey, faults: list[Fault]) -> ImageProvider:
    fault = fault_for(this, faults)
    return FaultyProvider(provider, fault) if fault else provider
