"""Writes the models of the Python client from the studio's OpenAPI document: `python scripts/client_models.py [--check]`.

One class for each schema of the document. Limits and lists of allowed values stay with the server, so that a client continues
reading what a newer studio answers. Needs datamodel-code-generator; with --check nothing is written, and the exit code is 1
when the file isn't what the document says.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "packages/client/src/elistit_client/models.py"
HEAD = '''"""What the studio's API takes and answers. Written by scripts/client_models.py; changes here are lost.

Fields this version doesn't know are kept and can be read by their name.
"""
'''
LIMITS = {"title", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "examples"}
WORDS = [
    "--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11",
    "--base-class", "elistit_client.base.Model", "--disable-timestamp", "--use-schema-description",
    "--use-field-description", "--use-annotated", "--collapse-root-models", "--formatters", "ruff-format",
    "--use-double-quotes",
]  # fmt: skip


def plain(node: Any) -> Any:
    """A part of the document without what only the server checks. A list of values becomes a text."""
    if isinstance(node, list):
        return [plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    # What is called so among the properties of a schema is a field, not a limit.
    kept = {
        name: {field: plain(schema) for field, schema in part.items()} if name == "properties" else plain(part)
        for name, part in node.items()
        if name not in LIMITS or (name == "title" and isinstance(part, dict))
    }
    if "enum" in kept or isinstance(kept.get("const"), str):
        kept = {"type": "string", **{name: part for name, part in kept.items() if name == "description"}}
    return kept


def models() -> str:
    """The module as the document says it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
    django.setup()
    from elistit.api.application import document

    with tempfile.TemporaryDirectory(prefix="elistit-client-") as folder:
        made = Path(folder, "models.py")
        schemas = plain(document()["components"]["schemas"])
        whole = {
            "openapi": "3.1.0",
            "info": {"title": "", "version": ""},
            "paths": {},
            "components": {"schemas": schemas},
        }
        Path(folder, "openapi.json").write_text(json.dumps(whole))
        words = [sys.executable, "-m", "datamodel_code_generator", "--input", "openapi.json", "--output", str(made)]
        subprocess.run([*words, *WORDS], cwd=folder, check=True)
        text = re.sub(r"\A(#.*\n)+", "", made.read_text()).lstrip()
        made.write_text(HEAD + "\n" + text)
        ruff = [sys.executable, "-m", "ruff"]
        config = ["--config", str(ROOT / "pyproject.toml")]
        subprocess.run([*ruff, "check", "--quiet", "--fix", "--extend-ignore", "E501", *config, str(made)], check=True)
        subprocess.run([*ruff, "format", "--quiet", *config, str(made)], check=True)
        return made.read_text()


def main() -> int:
    text = models()
    if "--check" in sys.argv[1:]:
        return int(not TARGET.exists() or TARGET.read_text() != text)
    if not TARGET.exists() or TARGET.read_text() != text:
        TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
