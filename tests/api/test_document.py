"""The OpenAPI document is true: requests made from it find no fault of ours and no answer it does not describe."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from elistit.api import problems
from elistit.api.application import document
from elistit.projects.models import Project
from elistit.wsgi import application
from tests.api.conftest import Caller
from tests.conformance.conftest import World

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
OPERATIONS = [(method.upper(), path) for path, methods in document()["paths"].items() for method in methods]
EXAMPLES = 20
DOCUMENT = json.dumps(document())


def schema(known: dict[str, Any]) -> Any:
    """The document as schemathesis reads it, where ids may also be ones that exist, so that requests get past a 404."""
    text = json.loads(DOCUMENT)
    for methods in text["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                if parameter["name"] in known:
                    parameter["schema"] = {"anyOf": [{"enum": [known[parameter["name"]]]}, parameter["schema"]]}
    loaded = schemathesis.openapi.from_dict(text)
    loaded.app = application
    return loaded


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_finds_a_fault_or_an_undocumented_answer(
    method: str, path: str, api: Caller, world: World, at_gate: Project
) -> None:
    webhook = api.post("/webhooks", {"url": "https://example.com/"}).json()["id"]
    file = at_gate.files.first()
    assert file is not None
    operation = schema({"public_id": at_gate.pk, "number": 1, "file_id": file.pk, "webhook_id": webhook})[path][method]
    statuses: set[int] = set()

    modes, checks = [GenerationMode.POSITIVE], list(CHECKS)
    if operation.definition.raw["parameters"]:
        modes.append(GenerationMode.NEGATIVE)
    if "requestBody" in operation.definition.raw:
        # A body that is not as described is never taken. Query parameters nobody knows are ignored, as everywhere.
        checks.append(negative_data_rejection)
        modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

    def ask(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {api.key}"})
        statuses.add(response.status_code)
        # A file whose bytes are missing from the store is answered with 503, on purpose.
        lost = response.status_code == 503 and response.json()["type"] == problems.FILE_UNAVAILABLE.type
        case.validate_response(response, checks=[c for c in checks if not (lost and c is not_a_server_error)])

    for mode in modes:
        run = settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(operation.as_strategy(mode))(ask))  # fmt: skip
        run()
    assert statuses <= {int(code) for code in operation.definition.raw["responses"]}
    assert statuses - {400, 422}, "no request got past the checks of its form"


def test_every_operation_describes_every_answer_with_a_shape() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and operation["security"], (method, path)
            for code, response in operation["responses"].items():
                if code == "304":
                    # "Not modified" has no body.
                    assert "content" not in response and method == "get", (method, path)
                    continue
                assert response["content"], (method, path, code)
                for kind, media in response["content"].items():
                    assert media["schema"], (method, path, code)
                    if int(code) >= 400:
                        assert (kind, media["schema"]) == (
                            problems.CONTENT_TYPE,
                            {"$ref": "#/components/schemas/Problem"},
                        )


def test_every_problem_is_in_the_document() -> None:
    assert document()["components"]["schemas"]["Problem"]["properties"]["type"]["enum"] == [
        k.type for k in problems.KINDS
    ]
