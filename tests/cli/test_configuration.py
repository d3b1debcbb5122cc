"""One list of environment names: the documentation has every one, the source reads no other, secrets stay hidden."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import Run

from elistit.cli import environment

ROOT = Path(__file__).parents[2]
INTERNAL = {"ELISTIT_LIFELINE", "ELISTIT_PRACTICE_SHOP", "ELISTIT_QUARANTINE", "ELISTIT_WEB_MAIN"}


def test_the_documentation_lists_every_name() -> None:
    page = (ROOT / "docs/operations/configuration.md").read_text(encoding="utf-8")
    missing = [n.name for n in environment.NAMES if f"| `{n.name}` | {n.default} | {n.meaning}" not in page]
    assert missing == []


def test_the_source_reads_no_name_that_is_not_listed() -> None:
    read: set[str] = set()
    for file in (ROOT / "src/elistit").rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "environ" in line or "getenv" in line:
                read |= set(re.findall(r"\b(?:ELISTIT_[A-Z_]*[A-Z]|DATABASE_URL)\b", line))
    listed = {n.name for n in environment.NAMES}
    prefixes = ("ELISTIT_CALLS",)
    assert {n for n in read if not n.startswith(prefixes)} - listed - INTERNAL == set()


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
