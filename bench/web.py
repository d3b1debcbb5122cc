"""How quick the pages are with many projects: `python bench/web.py [--projects 10000] [--seconds 8] [--processes 2] [--markdown]`.

Fills a database of its own with one seller's projects and measures four pages: in this machine's processor time, asked for in a process
of their own without a server; then from eight clients at once at the real server, beside a bare Django view behind the same
server. `--flame FOLDER` also writes a flame graph of each page. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import clients, filled, page_cpu, report

CLIENTS = 8
WARM = 1.0
"""Seconds each page is asked for before it is measured."""
Row = tuple[str, dict[str, float]]
BARE = "a bare Django view"


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


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--processes", type=int, default=2, help="processes that answer requests")
    parser.add_argument("--rounds", type=int, default=100, help="requests of each page without a server")
    parser.add_argument("--flame", type=Path, help="a folder for the flame graphs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as folder:
        rows = measure(Path(folder), given)
    if given.markdown:
        in_markdown(rows, given)
    else:
        sys.stdout.write("\n".join(in_lines(rows, given)) + "\n")


def in_lines(rows: list[Row], given: argparse.Namespace) -> Iterator[str]:
    yield f"{given.projects:,} projects, {CLIENTS} clients, {given.processes} processes, {given.seconds:g} s each"
    for name, found in rows:
        share = found["clients"] / (found["clients"] + found["server"])
        alone = f"  alone {found['median']:4.1f} ms ({found['least']:.1f})" if "median" in found else ""
        yield (
            f"{name:28} {found['rps']:7.0f} requests/s  first byte p50 {found['p50']:5.1f} ms  p95 {found['p95']:5.1f} ms  "
            f"server {found['server']:5.2f} ms, clients {share:.0%}{alone}"
        )


def in_markdown(rows: list[Row], given: argparse.Namespace) -> None:
    asked = f"python bench/web.py --projects {given.projects} --seconds {given.seconds:g} --processes {given.processes} --markdown"
    shown = []
    for name, found in rows:
        alone = [f"{found['median']:.1f} ms", f"{found['statements']:.0f}"] if "median" in found else ["", ""]
        share = found["clients"] / (found["clients"] + found["server"])
        shown.append(
            [name, *alone, f"{found['rps']:.0f}", f"{found['rps'] / rows[0][1]['rps']:.2f}", f"{found['p50']:.0f} ms",
             f"{found['p95']:.0f} ms", f"{found['server']:.1f} ms", f"{share:.0%}"]
        )  # fmt: skip
    head = [
        "page",
        "alone",
        "statements",
        "requests a second",
        "of the bare view",
        "first byte p50",
        "p95",
        "server",
        "clients",
    ]
    report.section(
        "The pages",
        f"`{asked}`: the pages of a seller with {given.projects:,} projects of twelve images on SQLite. “Alone” is the median processor "
        f"time of a page without a server. The rest was asked for by {CLIENTS} clients at once from {given.processes} web processes, "
        f"beside a bare Django view behind the same server ({os.cpu_count()} cores; only ratios within one run mean anything): "
        "“server” is its processor time for each page, “clients” is their share of all of it.",
        report.table(head, shown),
    )


def measure(folder: Path, given: argparse.Namespace) -> list[Row]:
    os.environ |= {"ELISTIT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    cli = [sys.executable, "-m", "elistit.cli"]
    subprocess.run([*cli, "users", "add", filled.SELLER], check=True, capture_output=True)
    shown = subprocess.run([*cli, "users", "link", filled.SELLER], check=True, capture_output=True, text=True).stdout
    link = re.search(r"http\S+", shown)
    assert link
    import django

    django.setup()
    newest = filled.fill(given.projects)
    addresses = page_cpu.pages(newest)
    alone = without_server(folder, given, addresses)
    port, other = free_port(), free_port()
    url, bare = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
    environment = {**os.environ, "ELISTIT_BASE_URL": url, "ELISTIT_WEB_PROCESSES": str(given.processes)}
    studio = serve([*cli, "web", "--port", str(port)], environment, f"{url}/enter/")
    granian = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(other), "--no-ws"),
        *("--workers", str(given.processes), "bare:application"),
    ]
    plain = serve(granian, {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}, bare)
    try:
        cookies = "; ".join(f"{name}={value}" for name, value in signed_in(url, link[0]).items())
        rows = [(BARE, asked(other, "/", "", given.seconds, plain.pid))]
        for name, address in addresses.items():
            rows.append((name, {**alone[name], **asked(port, address, cookies, given.seconds, studio.pid)}))
    finally:
        studio.terminate()
        plain.terminate()
    return rows


def without_server(folder: Path, given: argparse.Namespace, addresses: dict[str, str]) -> dict[str, dict[str, float]]:
    """What each page costs alone, measured in a new process, as a web process is one."""
    command = [sys.executable, page_cpu.__file__, str(folder), "--rounds", str(given.rounds)]
    if given.flame:
        given.flame.mkdir(parents=True, exist_ok=True)
        for name in addresses:
            command += ["--flame", f"{name}={given.flame / re.sub(r'[^a-z]+', '-', name)}.svg"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(printed)
    return found


def asked(port: int, address: str, cookies: str, seconds: float, server: int) -> dict[str, float]:
    request = clients.request(port, address, cookies)
    clients.load(port, request, CLIENTS, WARM, server)
    return clients.load(port, request, CLIENTS, seconds, server)


if __name__ == "__main__":
    main()
