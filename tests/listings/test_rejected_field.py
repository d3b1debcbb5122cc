"""Which field of a listing a rejection is about: read from real answers, our own check, and never guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from elistit.listings.etsy import outcomes
from elistit.listings.etsy.answers import Answer, Doing, Met, read
from elistit.listings.etsy.sandbox import validation
from elistit.listings.rejected_field import rejected_field

FORM = {
    "quantity": "999", "title": "Fox", "description": "A fox.", "price": "4.50", "who_made": "i_did", "when_made": "2020_2026",
    "taxonomy_id": "2078", "type": "download", "is_supply": "false", "tags": "fox,autumn",
}  # fmt: skip
NOW = 1_795_000_000.0


def refusal(**changed: str) -> str:
    """The detail of the failure that the sandbox's own validation leads to."""
    with pytest.raises(validation.Refused) as refused:
        validation.draft({**FORM, **changed}, NOW)
    return outcomes.failure(answer(refused.value.reply.data)).detail


def answer(body: Any, status: int = 400) -> Answer:
    return read(Doing.CREATE, status, {"content-type": "application/json"}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "Fox & fox & fox"}, "title"), ({"title": "x" * 141}, "title"), ({"title": "Fox \u0007"}, "title"),
        ({"tags": ",".join(f"tag {n}" for n in range(14))}, "tags"), ({"tags": "fox,t%g"}, "tags"), ({"tags": "fox,FOX"}, "tags"),
        ({"price": "0.01"}, "price"), ({"price": "four"}, "price"), ({"description": " "}, "description"),
        ({"when_made": "1066"}, ""), ({"taxonomy_id": "1"}, ""), ({"who_made": "someone_else"}, ""),
    ],
)  # fmt: skip
def test_the_field_is_the_one_the_answer_names(changed: dict[str, str], field: str) -> None:
    assert rejected_field(refusal(**changed)) == field


def test_the_first_of_several_is_named_and_our_own_check_names_its_own() -> None:
    listed = [
        {"path": "/materials/0", "message": "x"},
        {"path": "/tags/3", "message": "x"},
        {"path": "/title/1", "message": "x"},
    ]
    assert rejected_field(outcomes.failure(answer(listed)).detail) == "tags"
    assert rejected_field("rules: description,images") == "description" and rejected_field("rules: images,files") == ""
    assert rejected_field("currency EUR is not the shop's USD") == "price"


@pytest.mark.parametrize(
    "one",
    [
        answer({"error": "Payment setup is needed before the price can be shown"}),
        answer({"error": "The price of success"}, 500), answer({"error": "Title service is down"}, 429),
        answer({"error": "User does not own this shop's title"}, 403), answer({"error": "Something odd"}),
        Answer(Doing.CREATE, Met.NO_ANSWER), Answer(Doing.CREATE, Met.NOT_SENT),
    ],
)  # fmt: skip
def test_what_is_not_about_a_field_names_none(one: Answer) -> None:
    assert rejected_field(outcomes.failure(one).detail) == ""


def test_odd_details_do_no_harm() -> None:
    for detail in ("", ";", "; ; ", "fields=", "rules: ", "not accepted", "not accepted; said=", "x=y"):
        assert rejected_field(detail) == ""
