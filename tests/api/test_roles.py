"""Every path of the API declares the role it needs, and one that needs more is not there for a seller's key."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from elistit.accounts import spending
from elistit.accounts.models import ApiKey, User
from elistit.accounts.roles import Role, flags
from elistit.api.application import api, document
from elistit.api.keys import ApiKeyBearer
from elistit.api.problems import NOT_FOUND, Refused


def declared() -> dict[tuple[str, str], list[ApiKeyBearer]]:
    """What asks for a key at each method and path, as the framework holds it."""
    found: dict[tuple[str, str], list[ApiKeyBearer]] = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    whole = "/api/v1/" + "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
                    found[method.lower(), whole] = list(operation.auth_callbacks)
    return found


def test_every_path_declares_one_role_and_each_is_a_sellers() -> None:
    found = declared()
    assert len(found) == sum(len(methods) for methods in document()["paths"].values()) > 60
    for where, asks in found.items():
        assert len(asks) == 1 and isinstance(asks[0], ApiKeyBearer), where
        assert asks[0].least == Role.SELLER, where


@pytest.mark.django_db
@pytest.mark.parametrize("least", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_a_path_above_ones_role_is_not_there(role: Role, least: Role) -> None:
    person = User.objects.create_user("someone@example.com", **flags(role))
    token = ApiKey.issue(person, "test")
    request = RequestFactory().get("/api/v1/any")
    bearer = ApiKeyBearer(least=least)
    if role.covers(least):
        with spending.nobody():
            assert bearer.authenticate(request, token).user == person
        return
    with pytest.raises(Refused) as refused:
        bearer.authenticate(request, token)
    assert refused.value.kind == NOT_FOUND
