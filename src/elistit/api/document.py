"""The OpenAPI document as client generators take it whole: what the framework made of the routes, finished.

Pure functions over the document; nothing here knows a request. It must never describe anything the server does not do: a
rule that generators need (one kind of answer for a file, no default that is an object) is first kept by the routes.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from elistit.api import problems, shapes

Schema = dict[str, Any]

_LEVELS = {
    "RateLimit-Limit": "Most requests at once.",
    "RateLimit-Remaining": "Requests left right now.",
    "RateLimit-Reset": "Seconds until the full allowance is available again.",
}
_WAIT = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}}

TAGS = {
    "Projects": "Quote, launch, watch, approve and delete.",
    "Batches": "Many projects launched from one list with one price.",
    "Uploads": "Your own images and the scenes a project can be shown in.",
    "Files": "What a project has made, with the SHA-256 of every file.",
    "Credits": "The balance and every transaction.",
    "Catalogue": "Product types, models, subjects and prices.",
    "Webhooks": "Signed notifications about projects.",
}
INFO = {
    "contact": {"name": "The operator of this studio"},
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}


def finish(raw: Schema) -> Schema:
    """The finished document of what the framework described. `raw` is not changed."""
    # By way of JSON, because status codes are numbers there and text here.
    made: Schema = json.loads(json.dumps(raw))
    schemas = made["components"]["schemas"]
    schemas["Problem"] = _problem(schemas)
    made["info"].update(INFO)
    # Relative to the address the document was read from, so it holds behind any proxy.
    made["servers"] = [{"url": "/", "description": "This studio"}]
    used: list[str] = []
    for operations in made["paths"].values():
        for described in operations.values():
            used += [tag for tag in described.get("tags", []) if tag not in used]
            _finish_operation(described)
    made["tags"] = [{"name": tag, "description": TAGS.get(tag, tag)} for tag in used]
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            schema["properties"][name] = _without_default(field)
    return made


def _finish_operation(described: Schema) -> None:
    levels = {
        name: {"description": words, "required": True, "schema": {"type": "integer", "minimum": 0}}
        for name, words in _LEVELS.items()
    }
    for parameter in described["parameters"]:
        _never_null(parameter["schema"])
    described["responses"] = {code: copy.deepcopy(r) for code, r in sorted(described["responses"].items())}
    for code, response in described["responses"].items():
        if code == "401":
            response["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
        elif code != "500":
            response["headers"] = {**levels, **response.get("headers", {})}
    described["responses"]["429"]["headers"]["Retry-After"] = dict(_WAIT)


def _without_default(field: Schema) -> Schema:
    """A field whose default is said in words. Generators send a default they are given, fail on one that is an object, and
    take a field that has one for required."""
    if "default" not in field:
        return field
    default = field.pop("default")
    if isinstance(default, str | bool | int | list) and default not in ("", []):
        words = f"{field.get('description', '')} Default: {json.dumps(default)}.".strip()
        field["description"] = words
    parts = field.get("allOf", [])
    if len(parts) == 1 and set(field) == {"allOf"}:
        return dict(parts[0])
    return field


def _never_null(schema: Schema) -> None:
    """A header or a query parameter is left out, never null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])


def _problem(known: Schema) -> Schema:
    schema = shapes.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    known.update(schema.pop("$defs", {}))
    schema["properties"]["type"]["enum"] = [kind.type for kind in problems.KINDS]
    for name in ("errors", "needed", "balance", "shortfall", "retry_after"):
        # Left out when they do not apply, never null.
        field = schema["properties"][name]
        schema["properties"][name] = {**field.pop("anyOf")[0], "description": field["description"]}
    return schema
