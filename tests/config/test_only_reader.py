"""The environment is touched in two places only: settings are read by `elistit.config`, `elistit.handover` passes the rest on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src/elistit"
ALLOWED = {
    "config/reading.py": "changes names for commands that run on data of their own; pydantic-settings reads them",
    "handover.py": "what processes of ours hand each other, and the environment of programs they start",
}
TOUCHES = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
READERS = {
    "BaseSettings",
    "EnvSettingsSource",
    "DotEnvSettingsSource",
    "SecretsSettingsSource",
    "dotenv_values",
    "load_dotenv",
}


def touched(source: str) -> list[str]:
    """What a source takes of the environment: attributes of `os`, names imported from it, other readers."""
    tree = ast.parse(source)
    names = {a.asname or a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names if a.name == "os"}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [f"os.{node.attr}"] if node.value.id in names and node.attr in TOUCHES else []
        elif isinstance(node, ast.ImportFrom):
            wanted = TOUCHES if node.module == "os" else READERS
            found += [f"{node.module}.{a.name}" for a in node.names if a.name in wanted]
    return found


def modules() -> dict[str, str]:
    return {str(f.relative_to(SOURCE)): f.read_text(encoding="utf-8") for f in SOURCE.rglob("*.py")}


def test_no_other_module_touches_the_environment() -> None:
    found = {name: what for name, text in modules().items() if (what := touched(text))}
    assert set(found) == {*ALLOWED, "config/model.py"}
    assert found["config/model.py"] == ["pydantic_settings.BaseSettings", "pydantic_settings.EnvSettingsSource"]


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['X']", "import os as system\nsystem.getenv('X')", "from os import environ", "from os import getenv as g",
        "from pydantic_settings import BaseSettings", "import os\ndef f(env=os.environ): ...", "import os\nos.putenv('X', 'y')",
    ],
)  # fmt: skip
def test_the_check_sees_each_way(source: str) -> None:
    assert len(touched(source)) == 1


def test_handovers_are_no_settings() -> None:
    """What is read of a handover is one of its own names, written out: a setting can't come in by that door."""
    own = {"LIFELINE", "WEB_MAIN", "QUARANTINE", "PRACTICE_SHOP"}
    for name, text in modules().items():
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "handover":
                if node.func.attr in ("read", "take", "hand"):
                    first = node.args[0]
                    assert isinstance(first, ast.Attribute) and first.attr in own, (name, node.lineno)
                elif node.func.attr == "preset":
                    first = node.args[0]
                    assert isinstance(first, ast.Constant), (name, node.lineno)
                    assert first.value in ("DJANGO_SETTINGS_MODULE", "VIPS_CONCURRENCY"), (name, node.lineno)


def test_pure_packages_are_given_their_values() -> None:
    for name, text in modules().items():
        if name.startswith(("artwork/", "trial/")) or name == "ports.py":
            assert "elistit import config" not in text and "elistit.config" not in text, name
