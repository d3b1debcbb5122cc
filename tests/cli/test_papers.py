"""What the papers say is there: every test they name exists, and the bill of materials is the lock's."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ("docs/operations/security.md", "docs/operations/bugs-others-shipped.md", "docs/operations/abuse.md")


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_a_paper_names_exists(paper: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / paper).read_text())
    assert len(named) >= 16
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text()]
    assert missing == []


def test_the_bill_of_materials_is_the_lock() -> None:
    made = runpy.run_path(str(ROOT / "scripts/sbom.py"))["bill"]()
    kept = json.loads((ROOT / "docs/sbom.json").read_text())
    assert made == kept, "make it again: .venv/bin/python scripts/sbom.py"
    assert len(kept["components"]) > 40
    assert all(c["hashes"] and c["version"] for c in kept["components"])
