"""`./test --fast`: what test files cost is measured in CPU seconds, and the cheapest files that fit into the budget run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def cpu_costs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import cpu_costs

    return cpu_costs


def test_the_cheapest_files_within_the_budget_run_and_none_that_was_never_measured(cpu_costs: ModuleType) -> None:
    costs = {"test_a.py": 3.0, "test_b.py": 0.5, "test_c.py": 2.0, "test_d.py": 9.0}
    files = [*costs, "test_new.py"]
    assert cpu_costs.fast(files, costs, 5.6) == ["test_a.py", "test_b.py", "test_c.py"]
    assert cpu_costs.fast(files, costs, 5.4) == ["test_b.py", "test_c.py"]
    assert cpu_costs.fast(files, costs, 0.0) == []


def test_what_fast_runs_costs_no_more_than_its_budget_and_leaves_out_only_what_costs_more(
    cpu_costs: ModuleType,
) -> None:
    costs = cpu_costs.table()
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))
    chosen = cpu_costs.fast(files, costs)
    assert sum(costs[file] for file in chosen) <= cpu_costs.FAST_SECONDS <= 60
    left_out = [costs[file] for file in files if file in costs and file not in chosen]
    assert left_out and min(left_out) >= max(costs[file] for file in chosen)


BURN = textwrap.dedent(
    """
    import os, resource, subprocess, sys, time
    import pytest
    LOOP = "import time\\nwhile time.process_time() < 0.6: pass"
    def burn(seconds):
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass
    @pytest.fixture(scope="session")
    def shared():
        burn(0.5)
    """
)


def test_a_file_costs_what_its_tests_and_their_processes_use_without_the_sessions_set_up(
    tmp_path: Path, cpu_costs: ModuleType
) -> None:
    (tmp_path / "conftest.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\nfrom tests.costs import Recorder\n"
        f"def pytest_configure(config):\n    config.pluginmanager.register(Recorder(Path({str(tmp_path)!r})))\n"
    )
    (tmp_path / "test_own.py").write_text(BURN + "def test_it(shared):\n    burn(0.3)\n")
    (tmp_path / "test_child.py").write_text(
        BURN + "def test_it():\n    subprocess.run([sys.executable, '-c', LOOP], check=True)\n"
    )
    (tmp_path / "test_idle.py").write_text("import time\ndef test_it():\n    time.sleep(0.3)\n")
    environment = {k: v for k, v in os.environ.items() if k not in ("TEST_COSTS", "DJANGO_SETTINGS_MODULE")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "-c", os.devnull, "."]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    found = cpu_costs.measured(tmp_path)
    assert 0.3 <= found["test_own.py"] < 0.5 <= 0.6 <= found["test_child.py"]
    assert found["test_idle.py"] < 0.2
    assert json.loads(next(tmp_path.glob("costs-*.json")).read_text()).keys() == found.keys()
