"""The OpenAPI document is taken whole by client generators: valid, without what they stumble over, every operation generated."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from elistit.api.application import document
from tests.api.conftest import Caller

ROOT = Path(__file__).resolve().parents[2]
SOME = {"public_id": "01KAPG7R3ZJ4X9M2V5T8W6Q1YB", "number": "1"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, op) for path, ops in document()["paths"].items() for method, op in ops.items()]


def test_the_document_is_valid_and_says_whose_it_is() -> None:
    made = document()
    assert [str(error) for error in OpenAPIV31SpecValidator(made).iter_errors()] == []
    assert made["servers"] and made["info"]["license"] and made["info"]["contact"]
    named = {tag["name"] for tag in made["tags"]}
    assert all(set(op["tags"]) <= named for _, _, op in operations())
    assert len({op["operationId"] for _, _, op in operations()}) == len(operations())


def test_no_field_has_a_default() -> None:
    # Python's generator refuses one that is an object and drops the operation; TypeScript's takes the field for required.
    for name, schema in document()["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            assert "default" not in described, (name, field)


def test_what_is_required_is_what_the_server_requires(api: Caller) -> None:
    seen = 0
    for method, path, operation in operations():
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if media is None or "$ref" not in media["schema"]:
            continue
        schema = document()["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
        address = re.sub(r"\{(\w+)\}", lambda found: SOME.get(found[1], SOME["public_id"]), path)
        answer = api(method.upper(), address, {})
        missing = {e["field"] for e in answer.json().get("errors", []) if e["detail"] == "This field is required."}
        assert missing == set(schema.get("required", [])), (method, path)
        seen += 1
    assert seen >= 4


def test_every_success_of_a_file_is_one_kind_of_answer() -> None:
    for method, path, operation in operations():
        kinds = {
            kind
            for code, answer in operation["responses"].items()
            if code < "300"
            for kind in answer.get("content", {})
        }
        assert len(kinds) <= 1, (method, path, kinds)


def test_pythons_generator_makes_every_operation_without_a_warning(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document()))
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            sys.executable, "-m", "openapi_python_client", "generate", "--path", str(tmp_path / "openapi.json"),
            "--config", str(tmp_path / "config.yml"), "--meta", "none", "--output-path", str(tmp_path / "client"),
            "--fail-on-warning",
        ],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
    )  # fmt: skip
    said = made.stdout + made.stderr
    assert made.returncode == 0 and not re.search("warning|unable|removal", said, re.IGNORECASE), said
    modules = {path.stem for path in (tmp_path / "client" / "api").glob("*/*.py") if path.stem != "__init__"}
    assert modules == {operation["operationId"] for _, _, operation in operations()}


def test_the_client_has_the_models_of_the_document() -> None:
    made = subprocess.run(
        [sys.executable, "scripts/client_models.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, f"run scripts/client_models.py {made.stderr}"
