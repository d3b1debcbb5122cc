"""`elistit launch --batch`: a list from a file is launched whole or not at all, and shown without charging anything."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_list_is_shown_launched_once_and_refused_by_row(elistit: Run, tmp_path: Path) -> None:
    file, data = tmp_path / "ideas.csv", str(tmp_path / "data")
    file.write_text("idea;count\nred fox;2\nowl;\n", encoding="utf-8")
    wanted = ("launch", "--batch", str(file), "--product", "sticker", "--count", "1", "--json")
    elistit("users", "add", "a@example.com", "--credits", "30", "--json", ELISTIT_DATA=data)

    shown = json.loads(elistit(*wanted, "--dry-run", ELISTIT_DATA=data).stdout)
    assert (shown["state"], shown["charged"], [r["count"] for r in shown["rows"]]) == ("draft", 0, [2, 1])
    for _ in range(2):
        done = elistit(*wanted, "--key", "once", ELISTIT_DATA=data)
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        assert made["charged"] == shown["total"] and made["counts"]["running"] == 2
    assert len(json.loads(elistit("status", "--json", ELISTIT_DATA=data).stdout)["projects"]) == 2

    file.write_text("idea;count\nred fox;2\nowl;many\n", encoding="utf-8")
    refused = elistit(*wanted, ELISTIT_DATA=data)
    assert refused.returncode == 2 and list(json.loads(refused.stdout)["errors"]) == ["rows.2.count"]
    assert elistit("launch", "--batch", str(tmp_path / "none.csv"), ELISTIT_DATA=data).returncode == 2
    assert elistit("launch", "an idea", "--batch", str(file), ELISTIT_DATA=data).returncode == 2
