"""Templates of the launch form over the API: list them, read one, launch one with another idea."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Path

from elistit.actions import commands, form_templates
from elistit.api import keys, shapes
from elistit.api.problems import (
    IDEMPOTENCY_CONFLICT,
    INSUFFICIENT_CREDITS,
    INVALID,
    MALFORMED,
    NOT_FOUND,
    NOT_POSSIBLE,
)
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import Key, stored_key
from elistit.api.routes.project_documents import show
from elistit.api.shapes import templates as shape
from elistit.projects import form_templates as rows
from elistit.projects.errors import NotFound
from elistit.projects.preset_models import FormTemplate

router = Router(tags=["Templates"])
_ULID = re.compile(shapes.PUBLIC_ID)
TemplateId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="`id` of a template.")
]


def _own(request: HttpRequest, template_id: str) -> FormTemplate:
    if not _ULID.fullmatch(template_id):
        raise NotFound("There is no such template.")
    return rows.get(keys.owner(request), template_id)


def _shown(template: FormTemplate) -> dict[str, Any]:
    return {"id": template.pk, "name": template.name, "order": form_templates.order_of(template)}


@operation(router, "GET", "/templates", shape.Templates)
def list_templates(request: HttpRequest) -> dict[str, Any]:
    """Your templates of the launch form, by name. They are saved on the form."""
    return {"items": [_shown(template) for template in rows.of(keys.owner(request))]}


@operation(router, "GET", "/templates/{template_id}", shape.Template, NOT_FOUND)
def template(request: HttpRequest, template_id: TemplateId) -> dict[str, Any]:
    """One template, with the order it fills in."""
    return _shown(_own(request, template_id))


@operation(
    router,
    "POST",
    "/templates/{template_id}/launch",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    INSUFFICIENT_CREDITS,
    IDEMPOTENCY_CONFLICT,
    NOT_POSSIBLE,
    status=201,
)
def launch_template(
    request: HttpRequest,
    response: HttpResponse,
    template_id: TemplateId,
    body: shape.TemplateLaunch,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Launch a project from a template, with its own idea or another one.

    The same as `POST /projects` with the template's `order`: its price is taken from the balance, and what the template names that
    is no longer there is refused.
    """
    spec = form_templates.spec(
        _own(request, template_id), idea=body.idea, name=body.name, confirm_not_drawn=body.confirm_not_drawn
    )
    project = commands.launch(
        keys.owner(request),
        spec,
        idempotency_key=stored_key(request, idempotency_key),
        confirm_trademarks=body.confirm_trademarks,
    )
    response["Location"] = f"/api/v1/projects/{project.pk}"
    return show(project)
