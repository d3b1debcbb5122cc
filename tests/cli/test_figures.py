"""docs/figures.md is what the kept sections compose to, and no section is without the script that measures it again."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIGURES = runpy.run_path(str(ROOT / "bench/lib/figures.py"))
NAMES = [section.name for section in FIGURES["SECTIONS"]]
SCRIPTS = {file.stem for file in (ROOT / "bench").glob("*.py")} - FIGURES["HELPERS"]
KEPT = {file.stem: file.read_text() for file in (ROOT / "bench/results").glob("*.md")}


def test_the_paper_is_what_the_sections_compose_to() -> None:
    assert (ROOT / "docs/figures.md").read_text() == FIGURES["compose"](), "compose it again: bench/all --compose"


def test_every_script_has_a_section_and_every_section_a_script() -> None:
    assert set(KEPT) == SCRIPTS, "measure it: bench/all NAME"
    assert set(NAMES) >= set(KEPT), "name it in bench/lib/figures.py"


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_section_says_how_and_when_it_was_measured(name: str) -> None:
    text = KEPT[name]
    assert text.startswith("## ")
    assert re.search(r"\n\*Measured \d{4}-\d\d-\d\d.*: .*\.\*\n\Z", text)
    assert f"`python bench/{name}.py" in text
