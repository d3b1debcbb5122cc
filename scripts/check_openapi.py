"""Checks the OpenAPI document with the tools of other languages: Redocly, Spectral, openapi-typescript under `strict`, and
openapi-generator's validator and Python generator.

    python scripts/check_openapi.py [FOLDER]

Needs node 20 and, for openapi-generator, Java 11; what isn't there is named and left out, with exit code 3. The tools are
installed into FOLDER (kept between runs when given). What needs Python alone is in tests/api/test_generators.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django

HERE = Path(__file__).resolve().parent / "openapi"
NODE_TOOLS = ("@redocly/cli@2", "@stoplight/spectral-cli@6", "openapi-typescript@7", "typescript@5")
GENERATOR = "openapi-generator-cli==7.26.0"
FOUND, MISSING = 1, 3


def run(words: list[str], folder: Path, *, quiet: str = "") -> bool:
    """Run a check in a folder and say what it said when it failed, or when it said `quiet`."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    said = done.stdout + done.stderr
    good = done.returncode == 0 and not (quiet and quiet in said)
    print(f"{'ok' if good else 'FAILED':7}{' '.join(words[:3])}")
    if not good:
        print(said)
    return good


def with_node(folder: Path) -> bool:
    """Redocly's strict rules, Spectral's OpenAPI rules down to hints, and the types of TypeScript compiled under `strict`."""
    if not (folder / "node_modules/.bin/redocly").exists():
        (folder / "package.json").write_text("{}")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *NODE_TOOLS], cwd=folder, check=True)
    for name in ("spectral.yaml", "redocly.yaml", "strict.ts"):
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


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
    django.setup()
    from elistit.api.application import document

    with tempfile.TemporaryDirectory(prefix="elistit-openapi-") as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "openapi.json").write_text(json.dumps(document(), indent=1))
        good, missing = True, False
        for tool, check in (("npm", with_node), ("java", with_java)):
            if shutil.which(tool) is None:
                print(f"left out: {tool} isn't installed")
                missing = True
                continue
            good = check(folder) and good
    return FOUND if not good else MISSING if missing else 0


if __name__ == "__main__":
    sys.exit(main())
