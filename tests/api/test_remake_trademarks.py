"""A remake's edited prompt is screened like an idea: named with its reason, spent on only with the seller's word, and recorded."""

from __future__ import annotations

import json

from django.test import Client

from elistit.projects.models import Project
from elistit.stages import listing_notes
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import World

NAMED = "Pikachu and Barbie on a horse"


def path(project: Project) -> str:
    return f"/projects/{project.pk}/items/1/remake"


def names(project: Project) -> list[tuple[str, int | None]]:
    return [(t["name"], t.get("item")) for t in Project.objects.get(pk=project.pk).trademarks or []]


def test_the_price_names_what_is_protected(at_gate: Project, api: Caller) -> None:
    told = api.get(f"{path(at_gate)}-price?prompt={NAMED}").json()["trademarks"]
    assert "Barbie" in [t["name"] for t in told] and all(t["reason"] and "license" in t["words"] for t in told)
    assert api.get(f"{path(at_gate)}-price?prompt=a plain horse").json()["trademarks"] == []
    assert api.get(f"{path(at_gate)}-price").json()["trademarks"] == []


def test_without_the_sellers_word_nothing_is_spent_or_begun(at_gate: Project, api: Caller, world: World) -> None:
    before = world.balance()
    refused = problem(api.post(path(at_gate), {"prompt": NAMED}, Idempotency_Key="r1"), "invalid-request", 422)
    assert [e["field"] for e in refused["errors"]] == ["confirm_trademarks"] and "Barbie" in json.dumps(refused)
    item = at_gate.jobs.get().items.get(number=1)
    assert (world.balance(), item.state, item.round, names(at_gate)) == (before, "made", 0, [])
    # The same key with the word goes on; once more it is the same answer without asking again.
    body = {"prompt": NAMED, "confirm_trademarks": True}
    assert api.post(path(at_gate), body, Idempotency_Key="r1").status_code == 200
    assert world.balance() < before
    spent = world.balance()
    assert api.post(path(at_gate), {"prompt": NAMED}, Idempotency_Key="r1").status_code == 200
    assert world.balance() == spent
    assert ("Barbie", 1) in names(at_gate)


def test_a_confirmed_name_is_recorded_once_and_said_beside_the_listing(
    at_gate: Project, api: Caller, world: World
) -> None:
    api.post(path(at_gate), {"prompt": NAMED, "confirm_trademarks": True})
    world.engine.run()
    before = names(at_gate)
    assert api.post(f"/projects/{at_gate.pk}/items/2/remake", {"prompt": "Barbie again"}).status_code == 200
    assert names(at_gate) == before
    at_gate.refresh_from_db()
    words = [n["words"] for n in listing_notes.notes(at_gate, "Barbie art", [], "") if n["code"] == "trademark"]
    assert words and words[0].endswith("You confirmed in the remake of item 1 that you may use it.")


def test_an_unchanged_prompt_is_not_asked_about(at_gate: Project, api: Caller) -> None:
    at_gate.jobs.get().items.filter(number=1).update(prompt=NAMED)
    assert api.post(path(at_gate)).status_code == 200


def test_the_page_warns_and_asks_for_a_tick_without_a_script(at_gate: Project, api: Caller, world: World) -> None:
    page = Client()
    page.force_login(api.user)
    address = f"/projects/{at_gate.pk}/items/1/remake/"
    form = {"prompt": NAMED, "key": "p1", "seen": "1", "seen_edited": "1"}
    before = world.balance()
    shown = page.post(address, form)
    text = shown.content.decode()
    assert shown.status_code == 422 and "Protected names" in text and "Barbie" in text and NAMED in text
    assert 'id="confirm-trademarks-1"' in text and 'id="confirm-trademarks-2"' not in text
    assert world.balance() == before
    assert page.post(address, {**form, "confirm_trademarks": "on"}).status_code == 302
    assert world.balance() == before - 1 and ("Barbie", 1) in names(at_gate)
    assert "confirm-trademarks" not in page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
