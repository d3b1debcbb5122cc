"""The command line as an operator has it: a process of its own, an environment of its own, a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from elistit.cli import main

Run = Callable[..., subprocess.CompletedProcess[str]]


def clean_environment(**names: str) -> dict[str, str]:
    """This process's environment without anything that configures Elistit, plus the given names."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    return {**kept, **names}


@pytest.fixture(scope="session")
def elistit() -> Run:
    """Run `elistit ARGUMENTS` with names in its environment, e.g. elistit("status", ELISTIT_DATA="…")."""

    def run(*arguments: str, cwd: Path | None = None, **names: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "elistit.cli", *arguments],
            env=clean_environment(**names),
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def here(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: LazySettings
) -> Run:
    """The same without a process of its own, for what is refused before anything is opened: quicker by a second each."""
    settings.DATA_DIR = data
    monkeypatch.setenv("ELISTIT_DATA", str(data))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, printed.out, printed.err)

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def shop(elistit: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one seller who has 5 credits."""
    folder = tmp_path_factory.mktemp("shop") / "data"
    done = elistit("users", "add", "poor@shop.example", "--credits", "5", "--json", ELISTIT_DATA=str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def one_sentence(stderr: str) -> str:
    """The refusal, after checking that it is a single line and no traceback."""
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    assert lines[0].startswith("elistit: ")
    assert lines[0].endswith((".", "?", "”"))
    return lines[0].removeprefix("elistit: ")
