"""Downloads over the API and over the pages: whole, resumed, not sent twice; and forms nobody can read."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from elistit.delivery import store
from elistit.projects.models import Project
from tests.api.conftest import Caller, problem


def content(response: object) -> bytes:
    return b"".join(response)  # type: ignore[call-overload]


def test_files_are_resumed_and_not_sent_twice(api: Caller, finished: Project, tmp_path: Path) -> None:
    first = api.get(f"/projects/{finished.pk}/files").json()["items"][0]
    (tmp_path / "a").write_bytes(random.Random(5).randbytes(300_000))
    kept = store.open_store(settings.STORAGE_URL).put(tmp_path / "a", finished.files.get(pk=first["id"]).path)
    finished.files.filter(pk=first["id"]).update(bytes=kept.bytes, sha256=kept.sha256)
    shown = next(f for f in api.get(f"/projects/{finished.pk}/files").json()["items"] if f["id"] == first["id"])
    whole = api.get(shown["url"])
    body, tag = content(whole), f'"{shown["sha256"]}"'
    assert hashlib.sha256(body).hexdigest() == shown["sha256"] and len(body) == shown["bytes"]
    assert (whole["Content-Type"], whole["ETag"]) == ("application/octet-stream", tag)

    rest = api.get(shown["url"], Range="bytes=100-", **{"If-Range": tag})
    assert (rest.status_code, content(rest)) == (206, body[100:])
    assert rest["Content-Range"] == f"bytes 100-{len(body) - 1}/{len(body)}"
    assert api.get(shown["url"], **{"If-None-Match": tag}).status_code == 304

    refused = api.get(shown["url"], Range=f"bytes={len(body)}-")
    problem(refused, "range-not-satisfiable", 416)
    assert refused["Content-Range"] == f"bytes */{len(body)}"

    head = api("HEAD", shown["url"])
    assert (head.status_code, content(head), head["Content-Length"]) == (200, b"", str(len(body)))
    assert head["RateLimit-Limit"]

    page = Client()
    page.force_login(api.user)
    address = f"/projects/{finished.pk}/files/{shown['id']}/{shown['name']}"
    part = page.get(address, headers={"Range": "bytes=-10"})
    assert (part.status_code, content(part)) == (206, body[-10:])
    assert page.get(address, headers={"Range": f"bytes={len(body)}-"}).status_code == 416
    assert page.get(address, headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304


def test_head_is_answered_wherever_get_is(api: Caller, stranger: Caller, finished: Project) -> None:
    for path in ("/openapi.json", "/credits", f"/projects/{finished.pk}", "/prices"):
        asked, head = api.get(path), api("HEAD", path)
        assert (head.status_code, head.content) == (200, b""), path
        assert head["Content-Length"] == str(len(asked.content)), path
        assert head["Content-Type"] == asked["Content-Type"]
    assert stranger("HEAD", f"/projects/{finished.pk}").status_code == 404
    assert api("HEAD", "/quotes").status_code == 405


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=ä", "multipart/form-data; charset=nonsense",
    ],
)  # fmt: skip
def test_a_form_without_a_usable_boundary_is_malformed(api: Caller, kind: str) -> None:
    sent = api.client.generic(
        "POST", "/api/v1/uploads", b"--x\r\n\r\n", kind, headers={"Authorization": f"Bearer {api.key}"}
    )
    problem(sent, "malformed-request", 400)


def test_a_form_with_broken_base64_or_too_many_fields_is_malformed(api: Caller) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n'
    broken = head + b"Content-Transfer-Encoding: base64\r\n\r\nA===\x00=\r\n--x--\r\n"
    many = (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(3100))
        + b"--x--\r\n"
    )
    for body in (broken, many):
        sent = api.client.generic(
            "POST", "/api/v1/uploads", body, "multipart/form-data; boundary=x",
            headers={"Authorization": f"Bearer {api.key}"},
        )  # fmt: skip
        problem(sent, "malformed-request", 400)
