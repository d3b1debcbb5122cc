"""Prism between a client of ours and a stand-in of ours, with the service's own API document judging both.

Runs when ELISTIT_CONTRACTS names a folder with the documents and npm is here; says what is missing otherwise. Prism is
installed as `package-lock.json` pins it, without running any install script.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent
START_SECONDS = 180


@pytest.fixture(scope="session")
def prism_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prism's program, freshly installed from the lock."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("npm is not here, so Prism cannot judge the contracts")
    folder = tmp_path_factory.mktemp("prism")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
    )
    if done.returncode:
        pytest.skip(f"Prism could not be installed: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "node_modules/@stoplight/prism-cli/dist/index.js"


@contextmanager
def judging(program: Path, document: Path, upstream: str, folder: Path) -> Iterator[str]:
    """The address of a Prism that passes requests on to `upstream` and refuses what `document` does not allow."""
    readable = folder / f"readable-{document.name}"
    subprocess.run(
        [sys.executable, str(document.parent / "prism_normalise.py"), str(document), str(readable)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (folder / "prism.log").open("w")
    server = subprocess.Popen(
        ["node", str(program), "proxy", str(readable), upstream, "-h", "127.0.0.1", "-p", str(port), "--errors"],
        stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    try:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and server.poll() is None:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=2)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        else:
            pytest.fail("Prism did not start: " + (folder / "prism.log").read_text()[-500:])
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


Judge = Callable[[str, str], str]


@pytest.fixture(scope="module")
def judge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """judge("etsy-oas.json", upstream) → the address to send requests to."""
    folder = os.environ.get("ELISTIT_CONTRACTS", "")
    if not folder:
        pytest.skip("ELISTIT_CONTRACTS names no folder with the services' own API documents")
    prism_program: Path = request.getfixturevalue("prism_program")
    with ExitStack() as stack:

        def start(document: str, upstream: str) -> str:
            file = Path(folder) / document
            if not folder or not file.is_file() or not (file.parent / "prism_normalise.py").is_file():
                pytest.skip(f"ELISTIT_CONTRACTS names no folder with {document} and prism_normalise.py")
            return stack.enter_context(judging(prism_program, file, upstream, tmp_path_factory.mktemp("judge")))

        yield start


def verdict(answer: httpx.Response) -> str:
    """What Prism said of a request or an answer it refused: UNPROCESSABLE_ENTITY, UNAUTHORIZED, VIOLATIONS…; else empty."""
    try:
        kind: Any = json.loads(answer.content).get("type", "")
    except (ValueError, AttributeError):
        return ""
    return str(kind).rpartition("#")[2] if "prism" in str(kind) else ""
