"""Run an attempt during which workers died twice in a separate process, to tell its own crash from a worker's (rules §6).

A worker can be killed for many reasons: a deploy that restarts in a loop, a host out of memory, an operator. Only if
the process that runs nothing else dies while its worker lives is the step the cause. It must never decide what follows:
it returns the outcome of the work, or that the step crashes.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from elistit import handover
from elistit.chain import attempts, outcomes
from elistit.chain.attempt_key import AttemptKey
from elistit.database_outage import release_connection, retry_while_down
from elistit.ports import Failure, Kind, Outcome
from elistit.projects.models import Job
from elistit.runtime.outcome_json import outcome_from_json, outcome_to_json

log = logging.getLogger(__name__)

COMMAND: tuple[str, ...] = (sys.executable, "-m", "elistit.runtime.quarantined")
"""The command that does the work; it reads the attempt as JSON from standard input and writes its answer to file
descriptor `ANSWER`."""
DEATHS = 2
"""This many deaths in a row prove that the step is the cause; a single one could still be a kill from outside."""


def runner(this: AttemptKey, job: Job) -> Outcome:
    """Do the work of an attempt in a separate process.

    Returns `outcomes.crashed()` when that process died twice in a row while this one lived, and a transient failure
    when it couldn't do its work for another reason.
    """
    release_connection()
    code = 0
    for number in range(1, DEATHS + 1):
        code, answer = _run(this)
        if answer is not None:
            found = outcome_from_json(answer["outcome"])
            return found if found is not None else Failure(Kind.TRANSIENT, "The work was no longer needed.")
        log.error("the quarantined attempt %s ended with %d, time %d of %d", this.id, code, number, DEATHS)
        if code > 0:
            return Failure(Kind.TRANSIENT, "Something went wrong on our side.", detail=f"quarantine exit code {code}")
    return outcomes.crashed()


def _run(this: AttemptKey) -> tuple[int, dict[str, Any] | None]:
    """The exit code of the process (negative: the signal that killed it), and its answer if there was one."""
    reading, writing = os.pipe()
    environment = handover.child_environment(**{handover.QUARANTINE: json.dumps([os.getpid(), writing])})
    with os.fdopen(reading, "rb") as answered:
        child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, pass_fds=[writing], env=environment)
        os.close(writing)
        assert child.stdin is not None
        try:
            with child.stdin as asked:
                asked.write(json.dumps(this.as_dict()).encode())
        except BrokenPipeError:
            log.warning("the quarantined process of %s ended before it was asked", this.id)
        said = answered.read()
        code = child.wait()
    try:
        answer = json.loads(said)
    except ValueError:
        return code, None
    return code, answer if isinstance(answer, dict) else None


def answer(work: Callable[[AttemptKey, Job], Outcome]) -> None:
    """The child's side: read the attempt from standard input, do its work with `work(this, job)` and write the outcome."""
    _, writing = json.loads(handover.read(handover.QUARANTINE))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    this = AttemptKey.of(json.load(sys.stdin))
    opened = Job.objects.select_related("project", "project__listing")
    job = retry_while_down(lambda: opened.get(pk=this.job))
    outcome = attempts.work(this, job, work)
    with os.fdopen(writing, "wb") as answered:
        answered.write(json.dumps({"outcome": outcome_to_json(outcome)}).encode())
