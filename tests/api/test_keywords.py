"""Keywords over the API."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.api.conftest import Caller


def send(caller: Caller, content: bytes) -> HttpResponse:
    file = {"file": SimpleUploadedFile("keywords.csv", content, "text/csv")}
    headers = {"Authorization": f"Bearer {caller.key}"}
    return caller.client.post("/api/v1/keywords", file, headers=headers)


def test_keywords_are_imported_listed_and_deleted_by_their_owner(api: Caller, stranger: Caller) -> None:
    done = send(api, "Keyword;Search\nfox clipart;1.234\nowl;5\n".encode("utf-16"))
    assert (done.status_code, done.json()) == (200, {"added": 2, "updated": 0, "count": 2, "notes": []})
    assert api.get("/keywords?limit=1").json() == {"count": 2, "items": [{"term": "fox clipart", "volume": 1234}]}
    assert stranger.get("/keywords").json() == {"count": 0, "items": []}
    assert stranger("DELETE", "/keywords").json() == {"deleted": 0}
    assert api("DELETE", "/keywords").json() == {"deleted": 2}


def test_a_file_of_more_than_a_megabyte_is_read(api: Caller) -> None:
    rows = "".join(f'"fox {n} {"x" * 60}",{n}\n' for n in range(9000)).encode("utf-16")
    large = "Keyword,Volume\n".encode("utf-16") + rows[2:]
    assert 1_000_000 < len(large) < 2_000_000
    assert send(api, large).json()["added"] == 9000


def test_a_bad_file_is_refused_naming_the_line(api: Caller) -> None:
    refused = send(api, b"Keyword,Volume\nfox,12%\n")
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["field"] == "file" and "Line 2" in error["detail"]
    assert api.get("/keywords").json()["count"] == 0
