"""`elistit templates`: what is saved on the launch form is listed, priced and launched by its name."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.cli.conftest import Run

SAVE = """
from elistit.accounts.models import User
from elistit.projects import form_templates
fields = {"product": "sticker", "count": "1", "model": "builtin/kawaii"}
form_templates.save(User.objects.get(), "Nursery", fields)
"""


def test_a_template_is_listed_priced_and_launched_once(elistit: Run, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    elistit("users", "add", "a@example.com", "--credits", "60", "--json", ELISTIT_DATA=data)
    saved = elistit("django", "shell", "-c", SAVE, ELISTIT_DATA=data)
    assert saved.returncode == 0, saved.stderr

    def run(*told: str, code: int = 0) -> dict[str, object]:
        done = elistit("templates", *told, "--json", ELISTIT_DATA=data)
        assert done.returncode == code, done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    listed = run("list")["items"]
    assert isinstance(listed, list) and [t["name"] for t in listed] == ["Nursery"]
    total = run("launch", "nursery", "red fox", "--quote")["total"]
    made = [run("launch", "NURSERY", "red fox", "--key", "k")["public_id"] for _ in range(2)]
    assert made[0] == made[1]
    assert "You have no template named" in str(run("launch", "Acme", "owl", code=2))
    with sqlite3.connect(next((tmp_path / "data").glob("*.sqlite3"))) as books:
        spent = books.execute("select amount from credits_credittransaction where type = 'SPEND_CREDIT'").fetchall()
    assert spent == [(-total,)]  # type: ignore[operator]
