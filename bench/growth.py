"""Whether a studio stays quick as it grows: `python bench/growth.py [--projects 1000 100000] [--only sqlite] [--plot FILE]`.

Fills a studio with so many finished projects, as `bench/audit.py` does: valid books, jobs, items, attempts, provider calls,
drafts, and a small file, which ten of them share. The first seller has a tenth of them, the others 100 each. Then a separate process times what
people and the studio do: pages and API as requests to the product, launches, every maintenance task, the audit, and two backups.
`--plot` draws the figures as SVG. It must never look at another installation's data.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import audit as books
from lib import databases, plot, report

TIMES = 9
"""How often each page is requested; the median counts."""
PER_SELLER = 100
JOBS_OF_A_GRANT = 50
"""As a plan's credits or a pack's last for many projects."""
LONG_AGO = dt.timedelta(hours=25)
FILE_EVERY = 10
"""So many projects share one file on disk: a backup's time for files is its own figure, and disks differ most in it."""
BATCH = 2000
PLOTTED = (
    "projects of a seller with a tenth of them", "project", "launch", "console", "all maintenance tasks, once", "audit",
    "backup, the next",
)  # fmt: skip
ORDER = json.dumps({"product": "sticker", "idea": "whales", "count": 2})
FILE = b"\x89PNG\r\n\x1a\nbench "


def fill(projects: int) -> None:
    """Write the studio's rows and files, past the ledger but as it would."""
    import django

    django.setup()
    databases.migrate()
    from django.conf import settings
    from django.core.management.color import no_style
    from django.db import connection

    from elistit import ports

    now = ports.now()
    made = books.Books(JOBS_OF_A_GRANT)
    root = Path(settings.STORAGE_URL.removeprefix("file://"))
    text = connection.ops.adapt_datetimefield_value
    with books.without_guards():
        made.seller(1)
        for number in range(1, projects + 1):
            if number > projects // 10 and number % PER_SELLER == 1:
                made.seller(number // PER_SELLER + 2)
            # A day ago and before, one a minute: what is due within a day reads the newest rows of the ledger alone.
            made.said_at = now - LONG_AGO - dt.timedelta(minutes=projects - number)
            made.job(number)
            _age(made, text(now - dt.timedelta(minutes=projects - number + 1)))
            _file(made, root, f"{number - (number - 1) % FILE_EVERY:026d}")
            if number % BATCH == 0:
                made.flush()
        made.close()
        made.flush()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in made.tables.values()]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _age(made: books.Books, at: Any) -> None:
    """Give the project that was written last a moment of its own, and what is found by it."""
    for name, columns in (
        ("project", ("created_at", "stage_since", "searchable_at")),
        ("job", ("created_at", "changed_at", "ended_at")),
        ("attempt", ("started_at", "ended_at")),
        ("call", ("sent_at", "answered_at")),
    ):
        table = made.tables[name]
        for column in columns:
            table.rows[-1][table.place[column]] = at


def _file(made: books.Books, root: Path, id_: str) -> None:
    content, table = FILE + id_.encode(), made.tables["file"]
    path = root / id_ / "1.png"
    if not path.exists():
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    for column, value in (
        ("path", f"{id_}/1.png"),
        ("sha256", hashlib.sha256(content).hexdigest()),
        ("bytes", len(content)),
    ):
        table.rows[-1][table.place[column]] = value


def run(projects: int) -> dict[str, float]:
    """Seconds of each action in this process."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from elistit.accounts.models import ApiKey, User
    from elistit.accounts.roles import Role, flags
    from elistit.maintenance import service, tasks
    from elistit.maintenance.task import WorkerView
    from elistit.projects.models import Project
    from elistit.runtime import engine

    settings.ALLOWED_HOSTS = ["testserver"]
    engine.queue.migrate()
    seller = User.objects.get(pk=1)
    owner = User.objects.create_user("owner@bench.example", **flags(Role.OWNER))
    newest = Project.objects.filter(owner=seller).order_by("-created_at").values_list("pk", flat=True)[0]
    mine, console = Client(), Client()
    mine.force_login(seller)
    console.force_login(owner)
    key = {"HTTP_AUTHORIZATION": f"Bearer {ApiKey.issue(seller)}"}
    pages: dict[str, tuple[Client, str, dict[str, str]]] = {
        "projects of a seller with a tenth of them": (mine, "/", {}),
        "…, page 50": (mine, "/?page=50", {}),
        "…, by a word": (mine, "/?q=whales", {}),
        "project": (mine, f"/projects/{newest}/", {}),
        "credit history": (mine, "/settings/billing/", {}),
        "API, list of projects": (mine, "/api/v1/projects", key),
        "API, project": (mine, f"/api/v1/projects/{newest}", key),
        "console": (console, "/console/", {}),
        "console, project": (console, f"/console/projects/{newest}/", {}),
        "console, margin of 30 days": (console, "/console/margin/", {}),
    }
    found = {
        name: _median(lambda c=client, a=address, m=more: c.get(a, **m))
        for name, (client, address, more) in pages.items()
    }
    found["launch"] = _median(lambda: mine.post("/api/v1/projects", ORDER, "application/json", **key))
    slowest = ("", 0.0)
    began = time.perf_counter()
    for task in tasks.all_tasks():
        if task.needs_context or task.name in ("audit", "backup"):
            continue
        at = time.perf_counter()
        service.run_task(task, WorkerView("bench"), now_whatever=True)
        slowest = max(slowest, (task.name, time.perf_counter() - at), key=lambda one: one[1])
    found["all maintenance tasks, once"] = time.perf_counter() - began
    report.say(f"the slowest task was {slowest[0]}: {slowest[1]:.3f} s")
    return found | _whole()


def _median(ask: Callable[[], Any]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = ask()
        taken.append(time.perf_counter() - began)
        if answer.status_code not in (200, 201):
            raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}: {answer.content[:300]!r}")
    return statistics.median(taken)


def _whole() -> dict[str, float]:
    """What reads the whole studio: the audit, a first backup, and one more after nothing has changed."""
    from elistit.credits import audit

    found = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        done = act()
        found[name] = time.perf_counter() - began
        return done

    result = timed("audit", audit.run)
    broken = {c["name"]: c["violations"][:2] for c in result["checks"] if not c["ok"]}
    if broken:
        raise SystemExit(f"The audit found what is not there: {broken}")
    with tempfile.TemporaryDirectory(prefix="elistit-bench-backup-") as folder:
        command = [sys.executable, "-m", "elistit.cli", "backup", folder, "--json"]
        timed("backup, the first", lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
        timed("backup, the next", lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    return found


def child(what: str, projects: int, env: dict[str, str]) -> str:
    command = [sys.executable, __file__, what, "--projects", str(projects)]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def measured(database: str, projects: int) -> dict[str, float]:
    with databases.environment(database) as env:
        began = time.perf_counter()
        child("--fill", projects, env)
        report.say(f"{database}: {projects:,} projects filled in {time.perf_counter() - began:.0f} s")
        found: dict[str, float] = json.loads(child("--run", projects, env).splitlines()[-1])
    report.say(found)
    return found


def in_words(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--projects", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--only", choices=list(databases.NAMES), default="sqlite", help="the database")
    parser.add_argument("--plot", type=Path, help="write the figures as SVG to this file")
    parser.add_argument("--fill", action="store_true", help="(used by this script itself)")
    parser.add_argument("--run", action="store_true", help="(used by this script itself)")
    given = parser.parse_args()
    if given.fill:
        fill(given.projects[0])
        return
    if given.run:
        print(json.dumps(run(given.projects[0])))
        return
    found = {count: measured(given.only, count) for count in given.projects}
    counts, least, most = " ".join(map(str, given.projects)), min(found), max(found)
    rows = [
        [
            name,
            *(in_words(found[count][name]) for count in given.projects),
            f"{found[most][name] / found[least][name]:.1f}",
        ]
        for name in found[least]
    ]
    if given.plot:
        figures = {name: [found[count][name] for count in given.projects] for name in PLOTTED}
        given.plot.write_text(plot.lines(given.projects, figures, "finished projects", databases.NAMES[given.only]))
    report.section(
        "A large studio",
        f"`python bench/growth.py --projects {counts} --only {given.only}`, {databases.NAMES[given.only]}: finished projects with their\n"
        "books, items, attempts, calls, drafts and a small file for every ten; the first seller has a tenth of them. Requests are the\n"
        f"median of {TIMES}, in one process without a network; the audit, the tasks and the backups ran once. The last column is how\n"
        "much longer it took in the largest.",
        report.table(["", *(f"{count:,} projects" for count in given.projects), "times"], rows),
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
    main()
