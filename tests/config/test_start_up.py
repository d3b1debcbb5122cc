"""The configuration costs nothing where it is not needed: the help and a mistyped command answer without reading it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from elistit.cli import main
code = main(sys.argv[1:])
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("pydantic", "pydantic_settings", "django", "pyvips")))
sys.exit(code)
"""


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["lunch"], 2)])
def test_a_command_line_that_needs_no_settings_loads_none(arguments: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
