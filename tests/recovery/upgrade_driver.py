"""One process of an installation, of whichever version stands on its path: a seller at the commands, or a worker.

It runs under the version before the move of `pipeline/` as well as under this one, so it knows both places. A seller reads one
JSON line per act and answers with one; `worker` works until killed. A project's idea says where its work is held: `hold
processing` stops before that stage's work, `hold buying` after the provider has sold its first picture and before it answers,
`fail once` fails the attempts of its processing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from elistit.accounts.models import User  # noqa: E402
from elistit.credits import audit, ledger  # noqa: E402
from elistit.ports import Failure, Kind  # noqa: E402
from elistit.projects.models import Job  # noqa: E402

try:
    from elistit.actions import commands
    from elistit.runtime import engine

    OLD = False
except ImportError:
    from elistit.pipeline import commands, engine  # type: ignore[no-redef, attr-defined]

    OLD = True

HELD = Path(os.environ["HELD"])
HOLDS = os.environ.get("HOLDS") == "1"


def hold(idea: str) -> None:
    (HELD / idea.replace(" ", "-")).touch()
    time.sleep(600)


def worker() -> None:
    """The tests' worker with quick work, of the version on the path; held where the ideas say so."""
    from tests.recovery import worker_main

    def work(context: Any, this: Any, job: Job) -> Any:
        idea = job.project.idea
        if HOLDS and idea == f"hold {this.stage}":
            hold(idea)
        if HOLDS and idea == "fail once" and this.stage == "processing":
            return Failure(Kind.TRANSIENT, "It broke.")
        return worker_main.quick(context, this, job)

    class Seller(worker_main.QuickProvider):
        def generate(self, request: Any, run: Any, sent: Any) -> Any:
            if HOLDS and Job.objects.get(pk=request.key.split(":")[0]).project.idea == "hold buying":
                worker_main.TILL.sell(request.key)
                hold("hold buying")
            return super().generate(request, run, sent)

    worker_main.registry._PROVIDERS["builtin"] = Seller()
    if OLD:
        from elistit.pipeline import stages, worker  # type: ignore[attr-defined]

        stages.Kit.run_try = work
        worker.run(16)
    else:
        from elistit.maintenance.service import WorkerMaintenance
        from elistit.runtime import worker

        worker.run_attempt = work
        worker.run(WorkerMaintenance(), 4)


def act(name: str, *args: Any) -> Any:
    """One act of the seller, or of the operator."""
    if name == "migrate":
        django.core.management.call_command("migrate", verbosity=0, interactive=False)
        engine.queue.migrate()
        return True
    if name == "join":
        user = User.objects.create_user("alice@example.com")
        ledger.open_account(user.pk)
        ledger.grant(user.pk, 300, source="test", idempotency_key="grant", reason="For the test")
        return True
    user = User.objects.get(email="alice@example.com")
    if name == "launch":
        # What is drawn is no matter here; later versions want that said.
        known = {"confirm_not_drawn": True} if hasattr(commands.LaunchSpec, "confirm_not_drawn") else {}
        spec = commands.LaunchSpec(product="sticker", idea=args[0], count=2, **known)
        return commands.launch(user, spec, idempotency_key=f"key of {args[0]}").pk
    if name == "approve":
        return commands.approve(user, args[0]).pk
    if name == "balance":
        return ledger.balance(user.pk)
    if name == "audit":
        return audit.run()
    raise ValueError(name)


if __name__ == "__main__":
    if sys.argv[1:] == ["worker"]:
        worker()
    else:
        for line in sys.stdin:
            print(json.dumps(act(*json.loads(line)), default=str), flush=True)
