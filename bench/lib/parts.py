"""A long measurement in parts: each part's answer is kept in a folder, so that a run that was stopped goes on with the rest.

It must never keep half an answer, nor one that isn't JSON.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def folder(asked: Path | None) -> Iterator[Path]:
    """The folder asked for, made when it is missing, or a temporary one."""
    with tempfile.TemporaryDirectory() as passing:
        kept = asked or Path(passing)
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


def part(kept: Path, command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None) -> dict[str, Any]:
    """The JSON that a command prints, from the file or from running it now. A command that ends with an error has an answer
    too; one that prints no JSON raises ValueError and leaves nothing behind."""
    if not kept.is_file():
        done = subprocess.run(command, cwd=cwd, env=dict(env), stdout=subprocess.PIPE, text=True, check=False)
        json.loads(done.stdout)
        half = kept.with_suffix(".half")
        half.write_text(done.stdout)
        half.rename(kept)
    found: dict[str, Any] = json.loads(kept.read_text())
    return found
