"""How quick the pages are with many projects: `python bench/web.py [--projects 10000] [--seconds 8] [--markdown]`.

Fills a database of its own with one seller's projects, starts the real server on it, and asks for the list of projects and for one
project from eight clients at once; then asks a bare Django view behind the same server. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

CLIENTS = 8
Row = tuple[str, dict[str, float]]
SELLER = "bench@example.com"


def fill(count: int) -> str:
    """One seller with so many finished projects of twelve images; the public id of the newest."""
    from elistit import ports
    from elistit.accounts.models import User
    from elistit.credits import ledger, prices, quotes
    from elistit.projects.models import Item, Job, Listing, Project, ProjectFile

    owner = User.objects.get(email=SELLER)
    lines = prices.quote_lines("sticker", "builtin/kawaii", 12)
    quote = quotes.freeze(owner.pk, "sticker", "builtin/kawaii", 12, lines)
    ledger.grant(owner.pk, 100, source="bench", idempotency_key="bench", reason="For the measurement")
    newest = ""
    for start in range(0, count, 500):
        projects, jobs, items, listings, files = [], [], [], [], []
        for n in range(start, min(count, start + 500)):
            project = Project(
                public_id=ports.new_id(), owner=owner, name=f"Project {n}", product="sticker", idea="ocean animals", ratio="1:1",
                count=12, model="builtin/kawaii", seed=n, stage="completed", brief={"title": "T", "theme": "ocean"},
            )  # fmt: skip
            job = Job(
                public_id=ports.new_id(), project=project, quote=quote, idempotency_key=f"bench:{n}", request_digest="",
                status="SUCCEEDED",
            )  # fmt: skip
            projects.append(project)
            jobs.append(job)
            listings.append(Listing(project=project, text="written", title="T"))
            for k in range(1, 13):
                items.append(Item(job=job, number=k, state="made", price=1, subject="whale", art={"made_round": 0}))
                files.append(
                    ProjectFile(
                        project=project,
                        job=job,
                        item=k,
                        role="preview",
                        name=f"{k}.webp",
                        path=f"projects/{project.pk}/{k}",
                        bytes=9,
                        sha256="0" * 64,
                        width=512,
                        height=512,
                    )
                )
            newest = project.pk
        for model, rows in ((Project, projects), (Job, jobs), (Listing, listings), (Item, items), (ProjectFile, files)):
            model.objects.bulk_create(rows)  # type: ignore[attr-defined]
    return newest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(command: list[str], environment: dict[str, str], url: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            httpx.get(url, timeout=1)
            return process
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def signed_in(url: str, link: str) -> dict[str, str]:
    """The cookies of a signed-in seller."""
    with httpx.Client(base_url=url, headers={"Referer": url, "Origin": url}) as client:
        page = client.get(link.replace(link.split("/enter")[0], url))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        client.post(str(page.url), data={"csrfmiddlewaretoken": token[1]})
        return dict(client.cookies)


def load(address: str, cookies: dict[str, str], seconds: float) -> dict[str, float]:
    """Requests a second and the 50th and 95th percentile in milliseconds, from several clients at once."""
    took: list[float] = []
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def ask() -> None:
        with httpx.Client(cookies=cookies, timeout=30) as client:
            while time.perf_counter() < until:
                began = time.perf_counter()
                answer = client.get(address)
                assert answer.status_code == 200, (address, answer.status_code)
                with lock:
                    took.append(time.perf_counter() - began)

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took.sort()
    return {"rps": len(took) / seconds, "p50": took[len(took) // 2] * 1e3, "p95": took[int(len(took) * 0.95)] * 1e3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--markdown", action="store_true", help="print the section for docs/figures.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as folder:
        rows = measure(Path(folder), given.projects, given.seconds)
    show = in_markdown if given.markdown else in_lines
    sys.stdout.write("\n".join(show(rows, given.projects, given.seconds)) + "\n")


def in_lines(rows: list[Row], projects: int, seconds: float) -> Iterator[str]:
    yield f"{projects:,} projects, {CLIENTS} clients, {seconds:g} s each"
    for name, found in rows:
        share = found["rps"] / rows[0][1]["rps"]
        yield f"{name:28} {found['rps']:7.0f} requests/s ({share:.2f})  p50 {found['p50']:6.1f} ms  p95 {found['p95']:6.1f} ms"


def in_markdown(rows: list[Row], projects: int, seconds: float) -> Iterator[str]:
    yield "## The pages"
    yield ""
    asked = f"`python bench/web.py --projects {projects} --seconds {seconds:g} --markdown`"
    yield f"{asked}: the pages of a seller with {projects:,} projects of twelve images,"
    yield f"asked for by {CLIENTS} clients at once on SQLite, beside a bare Django view behind the same server ({os.cpu_count()} cores; only"
    yield "ratios within one run mean anything)."
    yield ""
    yield "| page | requests a second | of the bare view | p50 | p95 |"
    yield "| --- | --- | --- | --- | --- |"
    for name, found in rows:
        share = found["rps"] / rows[0][1]["rps"]
        yield f"| {name} | {found['rps']:.0f} | {share:.2f} | {found['p50']:.0f} ms | {found['p95']:.0f} ms |"


def measure(folder: Path, projects: int, seconds: float) -> list[Row]:
    os.environ |= {"ELISTIT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    cli = [sys.executable, "-m", "elistit.cli"]
    subprocess.run([*cli, "users", "add", SELLER], check=True, capture_output=True)
    shown = subprocess.run([*cli, "users", "link", SELLER], check=True, capture_output=True, text=True).stdout
    link = re.search(r"http\S+", shown)
    assert link
    import django

    django.setup()
    newest = fill(projects)
    port, other = free_port(), free_port()
    url, bare = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
    environment = {**os.environ, "ELISTIT_BASE_URL": url}
    studio = serve([*cli, "web", "--port", str(port)], environment, f"{url}/enter/")
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(other),
        "--no-ws",
        "bare:application",
    ]
    plain = serve(granian, {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}, bare)
    try:
        cookies = signed_in(url, link[0])
        rows: list[Row] = [
            ("a bare Django view", load(bare, {}, seconds)),
            ("list of projects", load(f"{url}/", cookies, seconds)),
            ("list, narrowed to finished", load(f"{url}/?state=finished", cookies, seconds)),
            ("one project", load(f"{url}/projects/{newest}/", cookies, seconds)),
            ("credit history", load(f"{url}/settings/billing/", cookies, seconds)),
        ]
    finally:
        studio.terminate()
        plain.terminate()
    return rows


if __name__ == "__main__":
    main()
