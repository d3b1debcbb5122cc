"""Who operates a new studio: its first person and nobody after them, however they come; and no studio loses its last."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.db import connection
from django.test import Client

from elistit.accounts.models import User
from elistit.cli import main
from elistit.cli.people import first_user
from elistit.credits import ledger
from elistit.support import operators
from tests.cli.conftest import Run, elistit  # noqa: F401


@pytest.fixture
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    outbox.outbox = []
    cache.clear()


def code() -> str:
    found = re.search(r"\b[0-9]{6}\b", outbox.outbox[-1].body)
    assert found
    return found[0]


def sign_up(email: str) -> Client:
    client = Client()
    client.post("/account/signup/", {"email": email})
    client.post("/account/confirm-email/", {"code": code()})
    return client


def staff() -> set[str]:
    return set(User.objects.filter(is_staff=True).values_list("email", flat=True))


@pytest.mark.django_db
def test_the_first_start_makes_an_operator() -> None:
    person = first_user()
    assert person is not None
    assert staff() == {person.email}


@pytest.mark.django_db
@pytest.mark.usefixtures("_open")
def test_the_first_sign_up_operates_the_studio_and_the_second_does_not() -> None:
    first = sign_up("ann@example.com")
    assert staff() == {"ann@example.com"}
    assert b"you are the studio operator" in first.get("/").content
    assert first.get("/console/").status_code == 200
    second = sign_up("bob@example.com")
    assert staff() == {"ann@example.com"}
    assert second.get("/console/").status_code == 404
    assert b"you are the studio operator" not in second.get("/").content


@pytest.mark.django_db
@pytest.mark.usefixtures("_open")
def test_a_sign_up_that_was_never_confirmed_neither_operates_nor_keeps_anybody_from_it() -> None:
    mistyped = Client()
    mistyped.post("/account/signup/", {"email": "anm@example.com"})
    late = code()
    assert staff() == set()
    sign_up("ann@example.com")
    mistyped.post("/account/confirm-email/", {"code": late})
    assert "_auth_user_id" in mistyped.session
    assert staff() == {"ann@example.com"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_open")
def test_nobody_gets_a_studio_by_signing_up_once_an_operator_added_somebody() -> None:
    User.objects.create_user("seller@example.com")
    sign_up("ann@example.com")
    assert staff() == set()


@pytest.mark.django_db
def test_the_last_active_operator_stays_one() -> None:
    ann, bob = (User.objects.create_user(f"{name}@example.com", is_staff=True) for name in ("ann", "bob"))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(operators.LastOperator):
        operators.demote(ann)
    User.objects.filter(pk=bob.pk).update(is_active=True)
    assert operators.demote(ann)
    assert not operators.demote(ann)
    assert staff() == {"bob@example.com"}
    assert operators.promote(ann)
    assert not operators.promote(ann)


def together(acts: list[Callable[[], object]]) -> list[object]:
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def one(index: int) -> None:
        try:
            start.wait(60)
            answers[index] = acts[index]()  # type: ignore[call-overload]
        except Exception as error:
            answers[index] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(answers)


@pytest.mark.django_db(transaction=True)
def test_of_eight_first_starts_at_one_moment_one_makes_the_operator() -> None:
    made = together([first_user] * 8)
    assert sum(isinstance(answer, User) for answer in made) == 1, made
    assert User.objects.count() == 1 and len(staff()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_confirm_their_address_at_one_moment_one_operates_the_studio() -> None:
    """All eight addresses are confirmed before the first of them asks, as can happen between two processes."""
    people = [User.objects.create_user(f"p{number}@example.com") for number in range(8)]
    answers = together([lambda person=person: operators.claim(person) for person in people])  # type: ignore[misc]
    assert answers == [True] + [False] * 7
    assert staff() == {"p0@example.com"}


@pytest.mark.django_db
def test_somebody_with_an_account_is_here_even_if_they_never_signed_in() -> None:
    early, added = (User.objects.create_user(f"{name}@example.com") for name in ("early", "added"))
    ledger.open_account(added.pk)
    assert not operators.claim(early)
    assert staff() == set()


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_demote_each_other_at_one_moment_leave_one() -> None:
    ann, bob = (User.objects.create_user(f"{name}@example.com", is_staff=True) for name in ("ann", "bob"))
    answers = together([lambda: operators.demote(ann), lambda: operators.demote(bob)])
    assert sorted(map(type, answers), key=str) == sorted([bool, operators.LastOperator], key=str), answers
    assert len(staff()) == 1


def test_the_command_line_promotes_and_demotes_somebody_who_is_here(elistit: Run, tmp_path: Path) -> None:  # noqa: F811
    data = tmp_path / "data"

    def users(*arguments: str) -> tuple[int, str]:
        done = elistit("users", *arguments, ELISTIT_DATA=str(data))
        return done.returncode, done.stdout + done.stderr

    def stored() -> dict[str, int]:
        with closing(sqlite3.connect(data / "elistit.sqlite3")) as db:
            return dict(db.execute("SELECT email, is_staff FROM accounts_user").fetchall())

    assert "first person here" in users("add", "ann@example.com")[1]
    assert "first person here" not in users("add", "bob@example.com")[1]
    assert stored() == {"ann@example.com": 1, "bob@example.com": 0}
    refused = users("add", "ann@example.com", "--no-staff")
    assert refused[0] == 2 and "only owner" in refused[1]
    assert users("add", "Bob@example.com", "--staff") == (0, "bob@example.com is now an owner of this studio.\n")
    assert users("add", "bob@example.com", "--staff")[1] == "bob@example.com is already an owner of this studio.\n"
    assert users("add", "bob@example.com", "--staff", "--credits", "5")[0] == 2
    assert json.loads(users("add", "ann@example.com", "--no-staff", "--json")[1]) == {
        "email": "ann@example.com",
        "role": "seller",
        "staff": False,
        "changed": True,
    }
    assert stored() == {"ann@example.com": 0, "bob@example.com": 1}


def test_a_first_person_can_be_a_seller_on_purpose(elistit: Run, tmp_path: Path) -> None:  # noqa: F811
    done = elistit("users", "add", "ann@example.com", "--no-staff", ELISTIT_DATA=str(tmp_path))
    assert done.returncode == 0
    with closing(sqlite3.connect(tmp_path / "elistit.sqlite3")) as db:
        assert db.execute("SELECT is_staff FROM accounts_user").fetchall() == [(0,)]


@pytest.mark.django_db
def test_an_unknown_address_is_refused_before_anything_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "add", "no address", "--staff"]) == 2
    assert not User.objects.exists()
