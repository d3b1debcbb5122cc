"""What a page costs in processor time: `python bench/lib/page_cpu.py FOLDER [--rounds 100] [--flame PAGE=FILE.svg …]`.

Asks for each page in this process, through the whole stack of middleware, on the studio in FOLDER (bench/lib/filled.py). The pages
take turns, so that a slow moment of the machine meets all of them. Prints JSON: for each page the median and the least milliseconds,
its statements, and the bytes of its answer. `--flame` also draws what the time of a page goes to.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from lib import filled, flame

Page = Callable[[], bytes]


def pages(newest: str) -> dict[str, str]:
    """The four pages that are measured, by name, as addresses."""
    return {
        "list of projects": "/",
        "list, narrowed to finished": "/?state=finished",
        "one project": f"/projects/{newest}/",
        "credit history": "/settings/billing/",
    }


def prepared(folder: Path) -> tuple[dict[str, Page], str]:
    """The pages as functions that ask for them, and the cookies they are asked with."""
    os.environ |= {"ELISTIT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    from elistit.asgi import pages as application  # isort: skip
    from django.test import Client

    from elistit.accounts.models import User
    from elistit.projects.models import Project

    client = Client()
    client.force_login(User.objects.get(email=filled.SELLER))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()) + f"; csrftoken={'a' * 32}"
    newest = Project.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def page(address: str) -> Page:
        path, _, query = address.partition("?")
        return lambda: ask(application, path, query, cookies)

    return {name: page(address) for name, address in pages(newest).items()}, cookies


def ask(application: Any, path: str, query: str, cookies: str) -> bytes:
    """One request as the web server's bridge makes it. Exits with an error for any answer but a page."""
    said: list[str] = []
    answer = application(
        {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_COOKIE": cookies, "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        },
        lambda status, _headers, _info=None: said.append(status),
    )  # fmt: skip
    body = b"".join(answer)
    answer.close()
    if not said[0].startswith("200"):
        raise SystemExit(f"{path} answered {said[0]}")
    return body


def measure(asked: dict[str, Page], rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds, statements and bytes of each page."""
    from django.db import connection

    took: dict[str, list[float]] = {name: [] for name in asked}
    for page in asked.values():
        for _ in range(5):
            page()
    for _ in range(rounds):
        for name, page in asked.items():
            began = time.process_time()
            page()
            took[name].append(1000 * (time.process_time() - began))
    found = {}
    for name, page in asked.items():
        statements = 0

        def count(execute: Any, *given: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*given)

        with connection.execute_wrapper(count):
            size = len(page())
        ordered = sorted(took[name])
        found[name] = {
            "median": statistics.median(ordered), "least": ordered[0], "statements": statements, "bytes": size,
        }  # fmt: skip
    return found


def draw(name: str, page: Page, file: Path, seconds: float) -> None:
    """Write the flame graph of a page that is asked for again and again."""
    rounds, began = 0, time.process_time()
    with flame.sampled(below=ask.__name__) as stacks:
        while time.process_time() - began < seconds:
            page()
            rounds += 1
    each = 1000 * (time.process_time() - began) / rounds
    file.write_text(flame.svg(stacks, f"{name}: {each:.1f} ms of processor time, {sum(stacks.values())} samples", each))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--flame", action="append", default=[], metavar="PAGE=FILE")
    given = parser.parse_args()
    asked, _ = prepared(given.folder)
    found = measure(asked, given.rounds)
    for wanted in given.flame:
        name, _, file = wanted.partition("=")
        draw(name, asked[name], Path(file), given.rounds * 0.08)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
