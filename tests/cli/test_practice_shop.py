"""`elistit up` starts with a practice shop: the Connect button works at once, drafts outlive a restart, and it stays out where
Etsy is configured. Real processes; the draft is read from the sandbox's own file."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from elistit.accounts.models import User
from elistit.cli import practice
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from tests.cli.conftest import clean_environment
from tests.cli.test_processes import answers, free_port, started, until  # noqa: F401
from tests.installations import with_tables

Start = Callable[..., subprocess.Popen[str]]


def up(start: Start, data: Path, *more: str, **names: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    command = [sys.executable, "-m", "elistit.cli", "up", "--port", str(free_port()), "--json", *more]
    process = start(command, ELISTIT_DATA=str(data), ELISTIT_STOP_SECONDS="1", **names)
    assert process.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        text += line
    return process, json.loads(text)


class Browser:
    """A person's browser without script: follows links, keeps cookies, presses the button of a form."""

    def __init__(self, link: str) -> None:
        self.base = link.partition("/enter/")[0]
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.press(link, link)

    def read(self, address: str, form: dict[str, str] | None = None) -> str:
        body = urllib.parse.urlencode(form).encode() if form else None
        asked = urllib.request.Request(address, body, {"Referer": address})
        with self.opener.open(asked, timeout=60) as page:
            return str(page.read().decode())

    def press(self, page: str, action: str) -> str:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.read(page))
        assert token
        return self.read(action, {"csrfmiddlewaretoken": token[1]})


def shops(data: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(data / "elistit.sqlite3")) as db:
        return db.execute("SELECT sandbox_url, disconnected_reason FROM listings_etsyshop").fetchall()


@pytest.mark.processes
def test_the_shop_connects_by_its_button_and_is_there_after_a_restart(
    started: Start,  # noqa: F811
    tmp_path: Path,
) -> None:
    data = with_tables(tmp_path / "data")
    process, said = up(started, data)
    assert said["practice_shop"].startswith("http://127.0.0.1:")
    assert until(lambda: answers(int(said["practice_shop"].rpartition(":")[2])))
    person = Browser(said["sign_in"])
    page = person.base + "/settings/integrations/"
    assert "Practice shop</strong> — nothing reaches Etsy." in person.read(person.base + "/")
    assert "Console</a>" in person.read(person.base + "/"), "the first person operates the studio"
    shown = person.press(page, page + "etsy/connect/")
    assert "is connected" in shown and "a practice shop on this machine" in shown
    assert shops(data) == [(said["practice_shop"], "")]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 0
    assert not answers(int(said["practice_shop"].rpartition(":")[2])), "it stops with everything else"
    link = subprocess.run(
        [sys.executable, "-m", "elistit.cli", "users", "link", said["email"]],
        env=clean_environment(ELISTIT_DATA=str(data)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert link.stdout.startswith(said["url"] + "/enter/"), "the address the pages were really served at"
    kept = json.loads((data / "practice-shop/sandbox.json").read_text())
    assert len(kept["users"]) == 1 and kept["refresh"]

    process, again = up(started, data)
    assert again["practice_shop"] == said["practice_shop"]
    assert shops(data) == [(said["practice_shop"], "")]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 0

    process, without = up(started, data, "--no-practice")
    assert without["practice_shop"] is None
    assert shops(data) == [(said["practice_shop"], practice.OFF)]


@pytest.mark.django_db
def test_it_stays_out_in_production_and_where_etsy_is_configured(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    names = ("API_URL", "AUTH_URL", "TOKEN_URL", "KEYSTRING", "SHARED_SECRET")
    for name in names:
        monkeypatch.delenv(f"ELISTIT_ETSY_{name}", raising=False)
    settings.PRODUCTION = False
    assert practice.wanted(True) and not practice.wanted(False)
    for name in names:
        with monkeypatch.context() as within:
            within.setenv(f"ELISTIT_ETSY_{name}", "https://etsy.example" if name.endswith("_URL") else "something")
            assert not practice.wanted(True), name
    settings.PRODUCTION = True
    assert not practice.wanted(True)


@pytest.mark.django_db
def test_shops_move_when_the_port_is_taken_and_a_real_shop_is_left_alone(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA_DIR = tmp_path
    first = practice.open_shop(0)
    known = {"shop_id": 1, "access_token": b"a", "refresh_token": b"r", "expires_at": "2026-01-01T00:00Z"}
    ann, bob = (User.objects.create_user(f"{name}@example.com") for name in ("ann", "bob"))
    EtsyShop.objects.create(owner=ann, sandbox_url=first, **known)
    EtsyShop.objects.create(owner=bob, **known)

    def stored() -> dict[str, tuple[str, str]]:
        return {s.owner.email: (s.sandbox_url, s.disconnected_reason) for s in EtsyShop.objects.all()}

    practice.close_shop()
    assert stored() == {"ann@example.com": (first, practice.OFF), "bob@example.com": ("", "")}
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", int(first.rpartition(":")[2])))
        other.listen()
        second = practice.open_shop(0)
    assert second != first
    assert stored() == {"ann@example.com": (second, ""), "bob@example.com": ("", "")}
    with Sandbox(port=int(second.rpartition(":")[2]), folder=tmp_path / practice.FOLDER) as sandbox:
        assert sandbox.url == second
