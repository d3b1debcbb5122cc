"""The examples in the books' README are run, and what they print is compared."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from elistit import credits, ports
from elistit.credits import ledger, posting

README = Path(credits.__path__[0]) / "README.md"


def show(seller: int) -> None:
    for row in ledger.history(seller)[::-1]:
        print(f"{row.seq:2} {row.type:14} {row.amount:+5} {row.balance_after:5}  {row.reason}")


@pytest.mark.django_db
def test_the_readme_prints_what_it_says(owner: int, clock: ports.FixedClock) -> None:
    text = README.read_text(encoding="utf-8").replace("```\n", "\n")
    names = {"seller": owner, "clock": clock, "show": show, "rows": posting.rows}
    found = doctest.DocTestParser().get_doctest(text, names, README.name, str(README), 0)
    assert len(found.examples) > 25
    runner = doctest.DocTestRunner()
    said: list[str] = []
    runner.run(found, out=said.append)
    assert runner.failures == 0, "".join(said)


def test_the_readme_names_every_module() -> None:
    text = README.read_text(encoding="utf-8")
    for module in sorted(README.parent.glob("*.py")):
        if module.name not in ("__init__.py", "apps.py", "models.py") and not module.name.startswith("audit_"):
            assert f"`{module.name}`" in text, module.name
