"""docs/how-to/use-the-api.md is true: its requests are made, its answers compared, its figures and code tried."""

from __future__ import annotations

import json
import re
import shlex
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse

from elistit.api import limits, problems
from elistit.api.webhooks import delivering, secrets
from elistit.delivery import store
from elistit.network import sending
from elistit.projects.models import Project
from tests.api.conftest import Caller
from tests.conformance.conftest import World

PAGE = (Path(__file__).parents[2] / "docs/how-to/use-the-api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|json|python)\n(.*?)```", PAGE, re.DOTALL)


def matches(shown: Any, real: Any, where: str = "") -> None:
    """What the page shows is part of what is answered: `…` stands for any text, the first of a list for the list."""
    if isinstance(shown, dict):
        for name, inner in shown.items():
            matches(inner, real[name], f"{where}.{name}")
    elif isinstance(shown, list):
        for one, other in zip(shown, real, strict=False):
            matches(one, other, f"{where}[]")
        assert bool(shown) == bool(real), where
    elif isinstance(shown, str) and "…" in shown:
        assert re.fullmatch(re.escape(shown).replace("…", ".*"), real), where
    else:
        assert shown == real, where


def run(line: str, api: Caller, names: dict[str, str]) -> HttpResponse:
    """A curl command as the test client makes it."""
    words = shlex.split(re.sub(r"\$(\w+)", lambda found: names[found[1]], line))[1:]
    method, body, headers, address = "", None, {}, ""
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-d":
                body = words.pop(0)
            case "-H":
                name, value = words.pop(0).split(": ", 1)
                headers[name] = value
            case "-OJ":
                pass
            case other:
                address = other
    return api(method or ("POST" if body else "GET"), address, body, **headers)


def test_the_requests_of_the_page_are_answered_as_it_says(api: Caller, world: World, tmp_path: Path) -> None:
    names = {"STUDIO": "", "KEY": api.key, "ID": "", "URL": ""}
    response = HttpResponse()
    seen = 0
    for kind, text in BLOCKS:
        if kind == "sh" and "curl" in text:
            for line in text.replace("\\\n", " ").strip().splitlines():
                response = run(line, api, names)
                assert response.status_code < 500
                if "/files" in line and not names["URL"]:
                    names["URL"] = response.json()["items"][0]["url"]
        elif kind == "json":
            matches(json.loads(text), response.json(), text[:40])
            seen += 1
            if response.status_code == 201 and "public_id" in response.json():
                names["ID"] = response.json()["public_id"]
                world.engine.run()
                row = Project.objects.get(pk=names["ID"]).files.order_by("role", "name").first()
                assert row is not None
                (tmp_path / "a").write_bytes(b"!")
                store.open_store(settings.STORAGE_URL).put(tmp_path / "a", row.path)
    assert seen == PAGE.count("```json") == 13


def test_the_table_of_refusals_is_complete() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)`", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted((str(k.status), k.name) for k in problems.KINDS)


def test_the_figures_of_the_page_are_those_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"{limits.BURST} requests at once and {limits.PER_MINUTE} a minute" in " ".join(PAGE.split())
    assert delivering.WAITS == (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600)
    assert "after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 14 h" in PAGE
    assert f"within {sending.TOTAL_SECONDS:.0f} seconds" in PAGE


def test_the_check_of_the_page_accepts_ours_and_nothing_else() -> None:
    code = next(text for kind, text in BLOCKS if kind == "python")
    made: dict[str, Any] = {}
    exec(code, made)
    secret, now, body = secrets.new(), int(time.time()), '{"a":"é"}'

    def headers(at: int) -> dict[str, str]:
        return {
            "webhook-id": "m", "webhook-timestamp": str(at), "webhook-signature": secrets.sign(secret, "m", at, body),
        }  # fmt: skip

    assert made["genuine"](secret, headers(now), body.encode())
    assert not made["genuine"](secret, headers(now), body.encode() + b" ")
    assert not made["genuine"](secrets.new(), headers(now), body.encode())
    assert not made["genuine"](secret, headers(now - 301), body.encode())
