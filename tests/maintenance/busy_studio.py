"""A busy studio on a clock that runs ahead: everyday acts through the pages, the API and the commands, and all maintenance.

Work of stages is light (one small file each), the engine's tables are written as a worker writes them, and mail goes to the
studio's own folder. What a day leaves behind is counted by `tests/maintenance/test_growth.py`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from PIL import Image

from elistit import ports
from elistit.accounts import links
from elistit.accounts.models import ApiKey, User
from elistit.actions import commands, print_drafts
from elistit.api.webhooks import delivering
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import ledger
from elistit.delivery.store import open_store
from elistit.maintenance import service, status, tasks
from elistit.maintenance.task import WorkerView
from elistit.ports import FixedClock, Kind, Made, Outcome
from elistit.projects.models import Job, Project
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.purchases import calls
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.support import push_subscriptions
from tests.conformance.conftest import World
from tests.delivery.gelato_server import SMALL
from tests.delivery.prints import PLACE
from tests.support.push_service import Browser

ROUND = dt.timedelta(hours=4)
ROUNDS_A_DAY = 6
REST = dt.timedelta(days=110)
"""Longer than anything is kept that time removes: 90 days for revoked API keys."""
LEAP = dt.timedelta(days=10)
IDEA = "woodland animals"


class BookedEngine(InlineEngine):
    """Runs attempts in order without waiting, and leaves in the engine's own tables what a worker leaves there."""

    def __init__(self, clock: FixedClock, runner: Callable[[AttemptKey, Job], Outcome]) -> None:
        super().__init__(clock, runner)
        self.real = engine.Queue()
        self.real.migrate()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def start(self, job: str, occasion: str) -> None:
        self.real.start(job, occasion)
        super().start(job, occasion)

    def start_all(self, jobs: Iterable[str], occasion: str) -> None:
        for job in jobs:
            self.start(job, occasion)

    def put(self, keys: Iterable[AttemptKey]) -> None:
        keys = list(keys)
        self.real.put(keys)
        super().put(keys)

    def cancel(self, job: str) -> int:
        super().cancel(job)
        return self.real.cancel(job)

    def forget_job(self, job: str) -> None:
        self.real.forget_job(job)
        super().forget_job(job)

    def run(self, most: int = 100_000) -> None:
        """Run until nothing is queued, and write down what ran: its steps, its result, and when by the clock of the test."""
        self.ran.clear()
        super().run(most)
        schema = "dbos." if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            for at, id_ in self.ran:
                moment = int(at.timestamp() * 1000)
                steps = ("start",) if ":launch:" in id_ else ("run", "settle")
                for number, step in enumerate(steps, 1):
                    cursor.execute(
                        f"INSERT INTO {schema}operation_outputs (workflow_uuid, function_id, function_name, output,"
                        " retention_timestamp) VALUES (%s, %s, %s, '1', %s) ON CONFLICT DO NOTHING",
                        [id_, number, step, moment],
                    )
                cursor.execute(
                    f"INSERT INTO {schema}workflow_output (workflow_uuid, output, retention_timestamp)"
                    " VALUES (%s, '1', %s) ON CONFLICT DO NOTHING",
                    [id_, moment],
                )
                cursor.execute(
                    f"UPDATE {schema}workflow_status SET status = 'SUCCESS', created_at = %s, completed_at = %s"
                    " WHERE workflow_uuid = %s",
                    [moment, moment, id_],
                )


class Artist:
    """An image provider whose every call succeeds with a small file."""

    name, can_redraw = "builtin", False

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        sent(f"theirs-{request.key}")
        request.out.write_bytes(b"image" * 100)
        return Made({"art": {}}, 1200, f"theirs-{request.key}")

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        raise AssertionError("every call is answered")

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("nothing is drawn again")


class Busy(World):
    """A seller, an operator and visitors. `hours` is one round of acts; `maintain` runs every task; `rest` lets time pass."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock, "alice@example.com", 100_000)
        self.engine = BookedEngine(clock, self.work)
        self.round = 0
        self.poster: Project | None = None
        self.errors: list[str] = []

    def open(self, push_url: str, hook_url: str) -> None:
        """What is set up once: a key, a webhook, a browser that is notified, an operator."""
        self.key = ApiKey.issue(self.user, "program", daily_cap=100_000)
        self.operator = User.objects.create_user("olga@example.com", is_staff=True)
        ledger.open_account(self.operator.pk)
        push_subscriptions.add(self.user, **Browser(push_url).given, agent="Chrome/142.0")
        events = ["project.completed", "project.failed", "project.awaiting_approval"]
        self.api("POST", "/webhooks", {"url": hook_url, "events": events})

    # ---- the interfaces

    def api(self, method: str, path: str, body: Any = None, status: int = 0, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        data = "" if body is None else json.dumps(body)
        answer = browser().generic(method, f"/api/v1{path}", data, "application/json", headers=sent)
        assert answer.status_code == (status or answer.status_code) and answer.status_code < 500, answer.content
        assert status or answer.status_code < 300, answer.content
        return answer.json()

    def visitor(self) -> Client:
        """A browser no one has seen, from an address of its own."""
        return browser(REMOTE_ADDR=f"10.0.{self.round}.7")

    def code(self) -> str:
        """The six digits in the newest mail."""
        newest = max((Path(settings.DATA_DIR) / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        found = re.findall(r"\b[0-9]{6}\b", newest.read_text())
        assert found, newest.read_text()
        return str(found[0])

    # ---- the work of stages

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        outcome = super().work(this, job)
        if isinstance(outcome, Made) and this.stage == "generating":
            return self.bought(this, job, outcome)
        if isinstance(outcome, Made) and "files" in outcome.data:
            outcome.data["files"] = [self.stored(this, job, file) for file in outcome.data["files"]]
        return outcome

    def bought(self, this: AttemptKey, job: Job, outcome: Made) -> Outcome:
        folder = Path(settings.DATA_DIR) / "work" / f"attempt-{job.pk}-{this.item}"
        folder.mkdir(parents=True, exist_ok=True)

        def accept(made: Made) -> Outcome:
            outcome.data["files"] = [self.stored(this, job, file) for file in outcome.data["files"]]
            return outcome

        request = ImageRequest(calls.call_key(this), "builtin/x", "p", "", 1, 1, 1, True, folder / "out.png")
        # The folder stays, as when the worker is killed here.
        return calls.buy_once(Artist(), request, this, job, lambda *a, **k: None, accept)

    def stored(self, this: AttemptKey, job: Job, file: dict[str, Any]) -> dict[str, Any]:
        key = f"projects/{job.project_id}/{this.stage}-{this.item}-{this.round}/{file['name']}"
        scratch = Path(settings.DATA_DIR) / "work" / "scratch"
        scratch.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(b"made" * 200)
        kept = open_store(settings.STORAGE_URL).put(scratch, key)
        size = {"width": 7200, "height": 10_800}  # of a poster, 24 × 36 in
        return {**file, **size, "path": kept.key, "bytes": kept.bytes, "sha256": kept.sha256}

    # ---- one round of acts

    def hours(self, look: Callable[[], None] = lambda: None) -> None:
        """Four hours of the studio: every act once. `look` is called when the acts are done, and again after maintenance."""
        self.round += 1
        end = self.clock.now() + ROUND
        for act in (
            self.signs_in, self.asks_prices, self.launches, self.lists, self.uploads, self.undoes, self.hangs_a_scene,
            self.signs_up, self.makes_a_key, self.asks_for_help, self.previews_a_bulk_action, self.prices_a_print,
            self.exports, self.reads,
        ):  # fmt: skip
            act()
        look()
        self.maintain()
        self.engine.run()
        self.clock.time = max(end, self.clock.now())
        self.maintain()
        look()

    def signs_in(self) -> None:
        linked, coded = self.visitor(), self.visitor()
        assert linked.post(f"/enter/{links.make_link(self.user)}/").status_code == 302
        links.make_link(self.user)  # one that no one uses
        coded.post("/account/login/code/", {"email": self.user.email})
        assert coded.post("/account/login/code/confirm/", {"code": self.code()}).status_code == 302
        self.visitor().post("/account/login/code/", {"email": "nobody@example.com"})
        self.page = linked

    def asks_prices(self) -> None:
        order = {"product": "sticker", "idea": IDEA, "count": 2}
        self.api("POST", "/quotes", order)
        assert self.page.post("/new/price/", order).status_code == 200

    def launches(self) -> None:
        order, name = {"product": "sticker", "idea": IDEA, "count": 2}, f"r{self.round}"
        made = [self.api("POST", "/projects", order, Idempotency_Key=f"{name}-{n}") for n in range(3)]
        again = self.api("POST", "/projects", order, Idempotency_Key=f"{name}-0")
        done, fails, gone = (one["public_id"] for one in made)
        assert again["public_id"] == done
        self.api("DELETE", f"/projects/{gone}")
        self.engine.runner = lambda this, job: (
            ports.Failure(Kind.REJECTED, "It was rejected.") if job.project_id == fails else self.work(this, job)
        )
        self.engine.run()
        self.api("POST", f"/projects/{done}/items/1/remake", {}, Idempotency_Key=f"{name}-remake")
        self.engine.run()
        commands.approve(self.user, done)
        self.engine.run()
        stages = [Project.objects.get(pk=one).stage for one in (done, fails, gone)]
        assert stages == ["completed", "failed", "deleted"]
        self.done = done

    def lists(self) -> None:
        rows = {"defaults": {"product": "sticker", "count": 1}, "rows": [{"idea": IDEA}]}
        draft = self.api("POST", "/batches", {**rows, "launch": False})
        self.api("GET", f"/batches/{draft['id']}")
        thrown = self.api("POST", "/batches", {**rows, "launch": False})
        self.api("DELETE", f"/batches/{thrown['id']}")
        self.api("POST", "/batches", rows, Idempotency_Key=f"list-{self.round}")

    def uploads(self) -> None:
        answer = self.page.post("/new/uploads/", {"pictures": picture("sun.png")})
        assert answer.status_code in (200, 302), answer.content

    def undoes(self) -> None:
        for act in ("archive", "favorite"):
            body = self.page.post(f"/projects/{self.done}/organize/", {"act": act}, follow=True).content.decode()
            found = re.search(r'name="undo" value="([^"]+)"', body)
            assert found, act
            assert self.page.post("/projects/undo/", {"undo": found[1]}).status_code == 302

    def hangs_a_scene(self) -> None:
        answer = self.page.post("/settings/scenes/", {"photo": picture("wall.png")})
        assert answer.status_code == 302, answer.content
        assert self.page.post(f"{answer['Location']}remove/").status_code == 302

    def signs_up(self) -> None:
        name = f"person{self.round}@example.com"
        self.visitor().post("/account/signup/", {"email": f"never-{name}"})
        person = self.visitor()
        person.post("/account/signup/", {"email": name})
        person.post("/account/confirm-email/", {"code": self.code()})
        assert ledger.balance(User.objects.get(email=name).pk) == 30

    def makes_a_key(self) -> None:
        ApiKey.issue(self.user, f"key {self.round}")
        made = ApiKey.objects.order_by("-pk")[0]
        assert self.page.post(f"/settings/keys/{made.pk}/revoke/").status_code == 302

    def asks_for_help(self) -> None:
        asked = {"expected": "I expected more foxes here.", "key": ports.new_id()}
        assert self.page.post(f"/projects/{self.done}/help/", asked).status_code == 302
        console = browser()
        console.force_login(self.operator)
        answered = {
            "reason": "There are two foxes, as ordered",
            "key": ports.new_id(),
        }
        assert console.post(f"/console/help/{asked['key']}/", answered).status_code == 302
        self.console = console

    def previews_a_bulk_action(self) -> None:
        chosen = {"kind": "goodwill", "choose": "people", "emails": self.user.email, "credits": "5"}
        assert "/console/bulk/0" in self.console.post("/console/bulk/preview/", chosen)["Location"]

    def prices_a_print(self) -> None:
        if self.poster is None or self.poster.created_at < self.clock.now() - dt.timedelta(hours=12):
            spec = commands.LaunchSpec(product="poster", idea=IDEA, mode="production")
            self.poster = commands.launch(self.user, spec, idempotency_key=f"poster-{self.round}")
            self.engine.run()
        print_drafts.quote(self.user, self.poster.pk, SMALL, PLACE)

    def exports(self) -> None:
        if self.round % 3 == 0:
            self.api("POST", "/account/exports", {})

    def reads(self) -> None:
        for address in (
            "/",
            "/new/",
            "/prices/",
            "/fairness/",
            f"/projects/{self.done}/",
            f"/projects/{self.done}/activity/",
        ):
            assert self.page.get(address).status_code == 200, address
        self.visitor().get("/enter/?next=/new/")

    # ---- maintenance

    def maintain(self) -> None:
        """Every task once, and what a worker does beside its tasks."""
        delivering.deliver_due()
        delivering.forget_old()
        for task in tasks.all_tasks():
            if not task.needs_context:
                service.run_task(task, WorkerView("w"), now_whatever=True)
        self.errors += [f"{r.name}: {r.last_error}" for r in status.reports(tasks.all_tasks()) if r.last_error]

    def rest(self) -> None:
        """Let time pass in which no one does anything, with maintenance all the while."""
        end = self.clock.now() + REST
        while self.clock.now() < end:
            self.clock.time += LEAP
            self.maintain()


def keep_cache_by(clock: FixedClock, patch: pytest.MonkeyPatch) -> None:
    """Let what is cached expire by a test's clock."""
    patch.setattr("django.core.cache.backends.base.time", SimpleNamespace(time=lambda: clock.now().timestamp()))
    patch.setattr("django.core.cache.backends.db.tz_now", clock.now)


@cache
def _handler() -> ClientHandler:
    """The application, made once: it reads the list of static files when it is."""
    return ClientHandler(enforce_csrf_checks=False)


def browser(**more: str) -> Client:
    """A browser without cookies."""
    client = Client(**more)
    client.handler = _handler()
    return client


@cache
def _content() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((500, 500)).convert("RGB").save(out, "PNG")
    return out.getvalue()


def picture(name: str) -> io.BytesIO:
    """A small image to send with a form."""
    out = io.BytesIO(_content())
    out.name = name
    return out
