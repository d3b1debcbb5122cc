"""The settings: the page has every one, `elistit config` shows them, secrets stay hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elistit import config
from elistit.config.page import rewritten
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_settings_say() -> None:
    page = (ROOT / "docs/operations/configuration.md").read_text(encoding="utf-8")
    assert page == rewritten(page), "run: python scripts/settings_page.py"
    assert all(page.count(f"| `{one.name}` | ") == 1 for one in config.settings())


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        rewritten("# Configuration")


def test_the_settings_of_each_provider_are_listed_when_they_are_set(elistit: Run, data: Path) -> None:
    done = elistit(
        "config", "--json", ELISTIT_DATA=str(data), ELISTIT_CALLS_RECRAFT="3", ELISTIT_CALLS_PER_MINUTE_RECRAFT="x"
    )
    answer = json.loads(done.stdout)
    rows = {row["name"]: (row["value"], row["from"]) for row in answer["settings"]}
    assert rows["ELISTIT_CALLS_RECRAFT"] == ("3", "environment") and rows["ELISTIT_CALLS_OPENAI"] == ("8", "default")
    assert rows["ELISTIT_CALLS_PER_MINUTE_RECRAFT"] == ("x", "environment")
    assert [p["name"] for p in answer["problems"]] == ["ELISTIT_CALLS_PER_MINUTE_RECRAFT"]


def test_config_hides_secrets_and_passwords(elistit: Run, data: Path) -> None:
    done = elistit(
        "config",
        "--json",
        ELISTIT_DATA=str(data),
        ELISTIT_SECRET_KEY="very-secret-indeed",
        ELISTIT_ETSY_SHARED_SECRET="etsy-secret",
        DATABASE_URL="postgresql://ann:hunter2@db.example:5433/shop",
    )
    shown = {row["name"]: row["value"] for row in json.loads(done.stdout)["settings"]}
    assert done.returncode == 0
    assert shown["ELISTIT_SECRET_KEY"] == "set (hidden)"
    assert shown["DATABASE_URL"] == "postgresql://ann:(hidden)@db.example:5433/shop"
    assert not any(secret in done.stdout for secret in ("very-secret", "etsy-secret", "hunter2"))
    assert not data.exists()


def test_every_command_has_json_and_help(elistit: Run) -> None:
    from click import Group

    from elistit.cli.commands import elistit as root

    def leaves(group: Group, path: str) -> list[tuple[str, object]]:
        from click import Context

        found: list[tuple[str, object]] = []
        for name in group.list_commands(Context(group)):
            command = group.get_command(Context(group), name)
            assert command is not None
            if isinstance(command, Group):
                found += leaves(command, f"{path} {name}")
            else:
                found.append((f"{path} {name}", command))
        return found

    commands = leaves(root, "elistit")
    assert len(commands) >= 24
    for name, command in commands:
        assert any("--json" in p.opts for p in command.params), name  # type: ignore[attr-defined]
        assert command.help, name  # type: ignore[attr-defined]
