"""The plain tables: staff may look at every one, nobody may change any, and no secret's column is there."""

from __future__ import annotations

import pytest
from django.test import Client

from elistit.projects.models import Project
from elistit.support.tables import tables

pytestmark = pytest.mark.django_db
MODELS = sorted(tables._registry, key=lambda m: m._meta.label)


def address(model: type, end: str = "") -> str:
    meta = model._meta  # type: ignore[attr-defined]
    return f"/console/tables/{meta.app_label}/{meta.model_name}/{end}"


def test_every_table_of_the_studio_is_there() -> None:
    assert len(MODELS) >= 25


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_staff_may_look_and_not_touch(console: Client, page: Client, at_gate: Project, model: type) -> None:
    listed = console.get(address(model))
    assert listed.status_code == 200
    row = model.objects.first()  # type: ignore[attr-defined]
    if row is not None:
        one = console.get(address(model, f"{row.pk}/change/"))
        assert one.status_code == 200 and b'name="_save"' not in one.content
        assert console.post(address(model, f"{row.pk}/change/"), {}).status_code == 403
        assert console.post(address(model, f"{row.pk}/delete/"), {"post": "yes"}).status_code == 403
    assert console.get(address(model, "add/")).status_code == 403
    assert page.get(address(model)).status_code == 404 and Client().get(address(model)).status_code == 404


def test_no_secret_has_a_column(console: Client, at_gate: Project) -> None:
    person = console.get(f"/console/tables/accounts/user/{at_gate.owner_id}/change/").content.decode()
    assert at_gate.owner.email in person and "pbkdf2" not in person and "assword" not in person


def test_strangers_find_no_door_there(page: Client) -> None:
    for end in ("", "login/", "logout/", "jsi18n/", "password_change/"):
        assert page.get(f"/console/tables/{end}").status_code == 404
