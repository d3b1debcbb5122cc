"""Settings → Keywords: importing, seeing and deleting, each seller their own."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from elistit.accounts.models import User
from elistit.listings import keyword_list

pytestmark = pytest.mark.django_db
GOOD = b'\xef\xbb\xbfKeyword,Average Searches\nfox clipart,"1,234"\nowl <b>,\n'


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("keywords.csv", content, "text/csv")


def test_an_import_is_shown_most_searched_first_and_escaped(page: Client, bobs: Client, alice: User) -> None:
    assert "No keywords yet" in page.get("/settings/keywords/").content.decode()
    answer = page.post("/settings/keywords/", {"file": file(GOOD)}, follow=True)
    shown = answer.content.decode()
    assert (
        "2 keywords added, 0 updated." in shown and "1,234" in shown and "owl &lt;b&gt;" in shown and "unknown" in shown
    )
    assert shown.index("fox clipart") < shown.index("owl &lt;b&gt;")
    assert "fox clipart" not in bobs.get("/settings/keywords/").content.decode()
    assert bobs.post("/settings/keywords/delete/").status_code == 302 and keyword_list.count(alice.pk) == 2
    page.post("/settings/keywords/delete/")
    assert keyword_list.count(alice.pk) == 0


def test_a_bad_file_names_its_line_and_keeps_nothing(page: Client, alice: User) -> None:
    answer = page.post("/settings/keywords/", {"file": file(b"Keyword,Volume\nfox,1\nowl,lots\n")})
    assert answer.status_code == 422 and "Line 3: “lots”" in answer.content.decode()
    assert keyword_list.count(alice.pk) == 0
    assert page.post("/settings/keywords/").status_code == 422
    assert Client().get("/settings/keywords/").status_code == 302
