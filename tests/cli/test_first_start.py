"""What the first start makes, and that making it twice, or two at once, is harmless."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings

from elistit.accounts.models import User
from elistit.cli.people import FIRST_EMAIL, first_user
from elistit.cli.serve import sign_in_link
from tests.cli.conftest import Run, clean_environment, one_sentence


def test_adding_a_person_answers_with_key_and_balance(elistit: Run, data: Path) -> None:
    done = elistit("users", "add", "Ann@Shop.example", "--credits", "120", "--json", ELISTIT_DATA=str(data))
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(answer) == {"email", "api_key", "balance"}
    assert answer["email"] == "ann@shop.example"
    assert answer["api_key"].startswith("elk_")
    assert answer["balance"] == 120
    assert answer["api_key"].encode() not in (data / "elistit.sqlite3").read_bytes()
    again = elistit("users", "add", "ann@shop.example", ELISTIT_DATA=str(data))
    assert again.returncode == 2
    assert "already" in one_sentence(again.stderr)


def test_the_first_start_makes_a_private_secret_and_a_wal_database(shop: Path) -> None:
    assert shop.stat().st_mode & 0o777 == 0o700
    assert (shop / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len((shop / "secret.key").read_text()) >= 50
    with contextlib.closing(sqlite3.connect(shop / "elistit.sqlite3")) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_two_first_starts_at_once_share_one_secret_and_one_database(data: Path) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "elistit.cli", "users", "add", f"{name}@shop.example", "--json"],
            env=clean_environment(ELISTIT_DATA=str(data)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("ann", "bob")
    ]
    answers = [start.communicate(timeout=60) for start in starts]
    assert [start.returncode for start in starts] == [0, 0], answers
    with contextlib.closing(sqlite3.connect(data / "elistit.sqlite3")) as db:
        assert db.execute("SELECT count(*) FROM accounts_user").fetchone() == (2,)
    assert not list(data.glob(".secret.*"))


def test_a_secret_in_the_environment_makes_none_on_disk(elistit: Run, data: Path) -> None:
    done = elistit("users", "list", ELISTIT_DATA=str(data), ELISTIT_ENV="production", ELISTIT_SECRET_KEY="k" * 60)
    assert done.returncode == 0, done.stderr
    assert not (data / "secret.key").exists()


def test_audit_holds_on_a_new_installation(elistit: Run, shop: Path) -> None:
    done = elistit("audit", "--etsy", "--json", ELISTIT_DATA=str(shop))
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["ok"] is True
    assert report["checks"][-1]["name"] == "each project has at most one draft in the Etsy shops"
    assert set(report["checks"][0]) == {"name", "ok", "checked", "violations"}


def test_doctor_finds_nothing_wrong_and_makes_nothing(elistit: Run, data: Path) -> None:
    done = elistit("doctor", "--json", ELISTIT_DATA=str(data))
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert {"database", "pictures", "engine"} <= {c["name"] for c in report["checks"]}
    assert not data.exists()


def test_doctor_says_how_to_mend_a_readable_secret(elistit: Run, data: Path) -> None:
    data.mkdir()
    (data / "secret.key").write_text("s" * 60)
    (data / "secret.key").chmod(0o644)
    done = elistit("doctor", "--json", ELISTIT_DATA=str(data))
    secret = next(c for c in json.loads(done.stdout)["checks"] if c["name"] == "secret")
    assert done.returncode == 1
    assert not secret["ok"]
    assert "chmod 600" in secret["fix"]


@pytest.mark.django_db
def test_production_makes_no_first_person_and_no_link(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    assert first_user() is None
    User.objects.create_user("ann@shop.example")
    assert sign_in_link("https://studio.example") is None


@pytest.mark.django_db
def test_the_first_person_gets_the_trial_once() -> None:
    from elistit.credits import ledger

    user = first_user()
    assert user is not None
    assert user.email == FIRST_EMAIL
    assert ledger.balance(user.pk) == 30
    assert first_user() is None
