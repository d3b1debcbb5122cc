"""Checks the OpenAPI document with the tools of other languages: Redocly, Spectral, openapi-typescript under `strict`, and
openapi-generator's validator and Python generator. With --live, what was generated then launches, approves and downloads on a
studio of its own, and compares every digest.

    python scripts/check_openapi.py [--live] [FOLDER]

Needs node 20 and, for openapi-generator, Java 11; what isn't there is named and left out, with exit code 3. The tools are
installed into FOLDER (kept between runs when given). What needs Python alone is in tests/api/test_generators.py.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import django

HERE = Path(__file__).resolve().parent / "openapi"
NODE_TOOLS = (
    "@redocly/cli@2",
    "@stoplight/spectral-cli@6",
    "openapi-typescript@7",
    "openapi-fetch@0",
    "@types/node@22",
    "typescript@5",
)
GENERATOR = "openapi-generator-cli==7.26.0"
FOUND, MISSING = 1, 3


def run(words: list[str], folder: Path, *, quiet: str = "", path: str | None = None) -> bool:
    """Run a check in a folder and say what it said when it failed, or when it said `quiet`. `path` is its PYTHONPATH."""
    environment = {**os.environ, **({} if path is None else {"PYTHONPATH": path})}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment)
    said = done.stdout + done.stderr
    good = done.returncode == 0 and not (quiet and quiet in said)
    print(f"{'ok' if good else 'FAILED':7}{' '.join(words[:3])}")
    if not good:
        print(said)
    return good


def with_node(folder: Path) -> bool:
    """Redocly's strict rules, Spectral's OpenAPI rules down to hints, and the types of TypeScript compiled under `strict`."""
    if not (folder / "node_modules/.bin/redocly").exists():
        (folder / "package.json").write_text('{"type": "module"}')
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *NODE_TOOLS], cwd=folder, check=True)
    for name in ("spectral.yaml", "redocly.yaml", "strict.ts", "use_typescript.ts"):
        shutil.copy(HERE / name, folder)
    tools = folder / "node_modules/.bin"
    return all([
        run([f"{tools}/redocly", "lint", "openapi.json", "--config", "redocly.yaml"], folder),
        run([f"{tools}/spectral", "lint", "openapi.json", "-r", "spectral.yaml", "--fail-severity", "hint"], folder),
        run([f"{tools}/openapi-typescript", "openapi.json", "-o", "schema.ts"], folder),
        run([f"{tools}/tsc", "--strict", "--noEmit", "--skipLibCheck", "strict.ts", "schema.ts"], folder),
    ])  # fmt: skip


def with_java(folder: Path) -> bool:
    """openapi-generator: no validation issue, and a Python client that can be imported with every operation."""
    target = folder / "generator"
    if not target.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), GENERATOR],
            check=True,
        )
    jar = next(target.rglob("*.jar"))
    made = folder / "openapi-generator-python"
    shutil.rmtree(made, ignore_errors=True)
    java = ["java", "-jar", str(jar)]
    if not run([*java, "validate", "-i", "openapi.json", "--recommend"], folder, quiet="Warnings:"):
        return False
    if not run([*java, "generate", "-i", "openapi.json", "-g", "python", "-o", str(made)], folder, quiet="] ERROR"):
        return False
    source = "".join(path.read_text() for path in (made / "openapi_client/api").glob("*.py"))
    document = json.loads((folder / "openapi.json").read_text())
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    lost = [name for name in names if f"def {name}(" not in source]
    print(f"{'FAILED' if lost else 'ok':7}every operation in openapi-generator's client {lost or ''}")
    return not lost


def live(folder: Path, checks: list[str]) -> bool:
    """Use the generated clients on a running studio with a seller's key."""
    with tempfile.TemporaryDirectory(prefix="elistit-live-") as data, contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        url, elistit = f"http://127.0.0.1:{port}", [sys.executable, "-m", "elistit.cli"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_")} | {"ELISTIT_DATA": data}
        up = subprocess.Popen([*elistit, "up", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 120
            while not _ready(url):
                if time.monotonic() > until or up.poll() is not None:
                    print("FAILED the studio did not start")
                    return False
                time.sleep(0.5)
            added = subprocess.run(
                [*elistit, "users", "add", "seller@example.com", "--credits", "50", "--json"],
                env=environment, capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
            key = json.loads(added)["api_key"]
            return all(_use(name, folder, url, key) for name in checks)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait()


def _use(name: str, folder: Path, url: str, key: str) -> bool:
    if name == "npm":
        compiled = ["--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", "--types", "node"]
        return run([f"{folder}/node_modules/.bin/tsc", *compiled, "use_typescript.ts", "schema.ts"], folder) and run(
            ["node", "use_typescript.js", url, key], folder
        )
    program = str(HERE / "use_openapi_generator.py")
    path = os.pathsep.join([str(folder / "openapi-generator-python"), os.environ.get("PYTHONPATH", "")])
    return run([sys.executable, program, url, key], folder, path=path)


def _ready(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5) as page:
        return bool(page.status == 200)
    return False


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
    django.setup()
    from elistit.api.application import document

    words = [word for word in sys.argv[1:] if word != "--live"]
    with tempfile.TemporaryDirectory(prefix="elistit-openapi-") as temporary:
        folder = Path(words[0] if words else temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "openapi.json").write_text(json.dumps(document(), indent=1))
        checks = {"npm": with_node, "java": with_java}
        found = [tool for tool in checks if shutil.which(tool)]
        for tool in checks.keys() - set(found):
            print(f"left out: {tool} isn't installed")
        good = all(checks[tool](folder) for tool in found)
        if good and "--live" in sys.argv:
            good = live(folder, found)
    return FOUND if not good else MISSING if len(found) < len(checks) else 0


if __name__ == "__main__":
    sys.exit(main())
