"""Static files under names with a hash: kept for a year, and an older name still finds the file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.test import Client

from elistit.studio.static_files import hashed

YEAR = "max-age=31536000, public, immutable"
NAME = "studio/tokens.css"


def content(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_bytes()


def test_a_name_changes_with_what_it_holds() -> None:
    assert hashed(NAME, b"one") != hashed(NAME, b"two")
    assert re.fullmatch(r"studio/tokens\.[0-9a-f]{12}\.css", hashed(NAME, b"one"))
    assert static(NAME) == "/static/" + hashed(NAME, content(NAME)) == staticfiles_storage.url(NAME)


def test_a_hashed_name_is_kept_for_a_year_and_a_plain_one_for_a_minute() -> None:
    kept, plain = Client().get(static(NAME)), Client().get(f"/static/{NAME}")
    assert kept.headers["Cache-Control"] == YEAR and plain.headers["Cache-Control"] == "max-age=60, public"
    assert b"".join(kept) == b"".join(plain) == content(NAME)


def test_the_name_of_another_version_finds_the_file_but_is_not_kept() -> None:
    """A page that was open during an upgrade asks for the names of before."""
    answer = Client().get("/static/studio/tokens.0123456789ab.css")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "max-age=60, public"
    assert b"".join(answer) == content(NAME)


def test_a_file_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(ValueError, match=r"There is no static file studio/nothing\.css"):
        static("studio/nothing.css")
    assert Client().get("/static/studio/nothing.0123456789ab.css").status_code == 404


@pytest.mark.django_db
def test_every_file_of_a_page_is_kept_for_a_year() -> None:
    page = Client().get("/prices/", follow=True).content.decode()
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(named) > 12
    assert {Client().get(address).headers["Cache-Control"] for address in named} == {YEAR}
