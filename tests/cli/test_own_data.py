"""`elistit users export` and `users erase`, as an operator runs them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.cli.conftest import Run


def test_a_person_is_exported_and_their_erasure_requested_and_withdrawn(elistit: Run, tmp_path: Path) -> None:
    data, made = str(tmp_path / "data"), tmp_path / "ann.zip"

    def run(*arguments: str) -> dict[str, object]:
        done = elistit("users", *arguments, "--json", ELISTIT_DATA=data)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    run("add", "olga@shop.example")  # the first person is the operator
    run("add", "ann@shop.example", "--credits", "30")
    assert run("export", "ann@shop.example", "--to", str(made))["bytes"] == made.stat().st_size
    with zipfile.ZipFile(made) as archive:
        assert json.loads(archive.read("data/profile.json"))[0]["email"] == "ann@shop.example"
        assert b"olga@shop.example" not in b"".join(archive.read(name) for name in archive.namelist())
    refused = elistit("users", "erase", "ann@shop.example", "--json", ELISTIT_DATA=data)
    assert refused.returncode != 0 and "30 credits" in refused.stderr
    due = run("erase", "ann@shop.example", "--yes")["due_at"]
    assert run("erase", "ann@shop.example", "--yes")["due_at"] == due
    assert run("erase", "ann@shop.example", "--withdraw")["withdrawn"] is True
    assert run("erase", "ann@shop.example", "--withdraw")["withdrawn"] is False
    operator = elistit("users", "erase", "olga@shop.example", "--yes", ELISTIT_DATA=data)
    assert operator.returncode != 0 and "make you a seller first" in operator.stderr
