"""The packages are what docs/architecture.md shows, and no two modules import each other in a circle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "package_picture.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, cwd=ROOT)


def test_the_picture_shows_the_packages_as_they_are_without_a_circle() -> None:
    checked = run("--check")
    assert checked.returncode == 0, checked.stdout
    assert "Circles between packages: 0; between modules: 0." in (ROOT / "docs" / "architecture.md").read_text()


def test_a_circle_would_be_found() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("package_picture", SCRIPT)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"f"}, "f": {"e"}}
    assert script.circles(imports) == [["a", "b", "c"], ["e", "f"]]
    assert script.circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    assert script.essential({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == [("a", "b"), ("b", "c")]


@pytest.mark.parametrize(
    "line", ["flowchart TB", "maintenance --> actions", "runtime --> stages", "purchases --> chain"]
)
def test_the_picture_has_the_arrows_of_the_chain(line: str) -> None:
    assert line in (ROOT / "docs" / "architecture.md").read_text()
