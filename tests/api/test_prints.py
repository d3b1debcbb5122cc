"""Print on demand over the API."""

from __future__ import annotations

from elistit.delivery.models import PrintDraft
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import World
from tests.delivery.gelato_server import SMALL, FakeGelato
from tests.delivery.prints import PERSON, PLACE, a_poster, gelato

__all__ = ["gelato"]


def test_from_sizes_to_deletion(api: Caller, world: World, gelato: FakeGelato) -> None:
    at = f"/projects/{a_poster(world.user).pk}"
    sizes = api.get(f"{at}/print-sizes").json()["items"]
    assert [(s["width_mm"], s["height_mm"], s["dpi"]) for s in sizes] == [(300, 450, 609), (600, 900, 304)]
    quote = api.post(f"{at}/print-drafts", {"size": SMALL, **PLACE})
    assert quote.status_code == 201
    made = quote.json()
    assert (made["state"], made["price"], made["currency"]) == ("quoted", "11.50", "USD")
    one = f"{at}/print-drafts/{made['id']}"
    assert api.get(f"{at}/print-drafts").json()["items"] == []
    draft = api.post(f"{one}/create", PERSON).json()
    assert (draft["state"], draft["method"], draft["recipient"]["last_name"]) == ("draft", "letter_post", "Recipient")
    assert api.post(f"{one}/create", PERSON).json() == draft and len(gelato.orders) == 1
    assert api.get(one).json() == draft == api.get(f"{at}/print-drafts").json()["items"][0]
    assert api.post(f"{one}/refresh").json()["gelato_status"] == "draft"
    gone = api("DELETE", one).json()
    assert gone["state"] == "deleted" and set(gone["recipient"].values()) <= {""} and gelato.orders == {}


def test_refusals_are_problems(api: Caller, world: World, gelato: FakeGelato) -> None:
    at = f"/projects/{a_poster(world.user).pk}/print-drafts"
    wrong = problem(api.post(at, {"size": SMALL, **PLACE, "country": "Narnia"}), "invalid-request", 422)
    assert [e["field"] for e in wrong["errors"]] == ["country"]
    problem(api.post(at, {"size": SMALL, **PLACE, "extra": 1}), "invalid-request", 422)
    made = api.post(at, {"size": SMALL, **PLACE}).json()["id"]
    wrong = problem(api.post(f"{at}/{made}/create", {**PERSON, "email": "no"}), "invalid-request", 422)
    assert [e["field"] for e in wrong["errors"]] == ["email"]
    problem(api.post(f"{at}/{made}/create", {**PERSON, "shipping": "teleport"}), "invalid-request", 422)
    problem(api.post(f"{at}/{'0' * 26}/create", PERSON), "not-found", 404)
    problem(api.post(f"{at}/%00/create", PERSON), "not-found", 404)
    gelato.refuse = {"create": (429, {}, {"retry-after": "5"})}
    problem(api.post(f"{at}/{made}/create", PERSON), "not-possible", 409)
    assert PrintDraft.objects.get().state == "rejected"


def test_without_a_key_of_gelato_it_is_not_possible(api: Caller, world: World) -> None:
    project = a_poster(world.user)
    problem(api.get(f"/projects/{project.pk}/print-sizes"), "not-possible", 409)
    problem(api.post(f"/projects/{project.pk}/print-drafts", {"size": SMALL, **PLACE}), "not-possible", 409)
