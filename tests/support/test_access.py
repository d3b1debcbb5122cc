"""The console does not exist for sellers and strangers: 404 for every address of it, from the list of addresses itself."""

from __future__ import annotations

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.projects.models import Project
from elistit.support.models import OperatorAct
from elistit.support.urls import console_urls

from .conftest import REASON

pytestmark = pytest.mark.django_db


def address(pattern: object, project: Project) -> str:
    text = str(pattern.pattern)  # type: ignore[attr-defined]
    for part, value in {
        "<publicid:public_id>": project.pk,
        "<publicid:pk>": project.pk,
        "<int:pk>": str(project.owner_id),
        "<slug:name>": "builtin",
    }.items():
        text = text.replace(part, value)
    assert "<" not in text
    return "/" + text


def test_every_address_under_console_is_in_the_list_that_is_checked() -> None:
    from elistit.support.urls import urlpatterns

    under = [p for p in urlpatterns if str(p.pattern).startswith("console")]
    assert under == console_urls and len(under) >= 12


@pytest.mark.parametrize("pattern", console_urls, ids=lambda p: str(p.name))
@pytest.mark.parametrize("who", ["seller", "stranger", "shut out operator"])
def test_nobody_but_staff_learns_that_there_is_a_console(
    pattern: object, who: str, at_gate: Project, alice: User, olga: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    if who == "seller":
        client.force_login(alice)
    elif who == "shut out operator":
        client.force_login(olga)
        User.objects.filter(pk=olga.pk).update(is_active=False)
    for method in ("get", "post", "put", "delete", "options"):
        answer = getattr(client, method)(address(pattern, at_gate), {"reason": REASON} if method == "post" else None)
        assert answer.status_code == 404, (method, answer.status_code)
    assert not OperatorAct.objects.exists()
    at_gate.refresh_from_db()
    assert at_gate.stage == "awaiting_approval"


@pytest.mark.parametrize("pattern", console_urls, ids=lambda p: str(p.name))
def test_acts_of_staff_need_their_forgery_token(pattern: object, at_gate: Project, olga: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(olga)
    answer = client.post(address(pattern, at_gate), {"reason": REASON, "amount": "5"})
    assert answer.status_code in (403, 405)
    assert not OperatorAct.objects.exists()


def test_acts_are_never_done_by_get(console: Client, at_gate: Project) -> None:
    for pattern in console_urls:
        answer = console.get(address(pattern, at_gate))
        assert answer.status_code in (200, 302, 404, 405), pattern
    assert not OperatorAct.objects.exists()


def test_a_seller_sees_no_way_into_the_console(page: Client, console: Client) -> None:
    assert "/console/" not in page.get("/").content.decode()
    assert "/console/" in console.get("/").content.decode()


def test_console_pages_are_kept_nowhere(console: Client, at_gate: Project) -> None:
    assert "no-store" in console.get(f"/console/projects/{at_gate.pk}/")["Cache-Control"]
