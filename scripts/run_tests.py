"""Everything that must hold before a change is kept, as `./test` runs it: in parts, two lanes at a time.

`./test` runs every part, `./test --fast` the ones that need no process, browser or PostgreSQL and of the tests the cheapest
(scripts/cpu_costs.py); `./test --record [FILE…]` measures what test files cost. A part's output is printed when it ends, so that two
lanes never mix their lines. It must never end with 0 when a part failed or could not start.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import count_tests
import cpu_costs

ROOT = Path(__file__).resolve().parents[1]
NOTHING_RAN = 5
"""pytest's exit code when no test was selected; not a failure of a part."""
ON_POSTGRESQL = (sys.executable, "scripts/on_postgresql.py")
EVERYWHERE = ("tests", "src", "packages")
ALONE = "not processes and not browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Part:
    """One command, and whether its output is worth reading when it succeeds."""

    name: str
    command: Sequence[str]
    tests: bool = False


@dataclass
class Run:
    """One run of `./test`: its folder for results, and what each part came to."""

    folder: Path
    results: list[tuple[str, bool, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pytest(self, name: str, *arguments: str, database: str = "", traced: bool = False) -> Part:
        """A part that runs pytest, with its results as JUnit XML in the folder."""
        report = f"--junitxml={self.folder / (name.replace(' ', '-').replace(',', '') + '.xml')}"
        runner = ["coverage", "run", "-p", "-m", "pytest"] if traced else ["pytest"]
        where = list(ON_POSTGRESQL) if database == "postgresql" else []
        return Part(name, [*where, *runner, "-q", report, *arguments], tests=True)

    def lanes(self, *lanes: Sequence[Part]) -> None:
        """Run the parts of each lane one after the other, all lanes at once; returns when all have ended."""
        threads = [threading.Thread(target=self._lane, args=(lane,), daemon=True) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():  # a plain join would not let Ctrl-C through
                thread.join(0.5)

    def _lane(self, parts: Sequence[Part]) -> None:
        for part in parts:
            self._one(part)

    def _one(self, part: Part) -> None:
        began = time.monotonic()
        output = self.folder / f"output-{part.name.replace(' ', '-').replace('/', '-')}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                part.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
            with self._lock:
                self._running.add(process)
            code = process.wait()
        succeeded = code == 0 or (part.tests and code == NOTHING_RAN)
        text = output.read_text(errors="replace")
        with self._lock:
            self._running.discard(process)
            self.results.append((part.name, succeeded, time.monotonic() - began))
            self.notes += [line for line in text.splitlines() if line.startswith("NOT CHECKED")]
            if part.tests or not succeeded:
                print(f"\n--- {part.name}\n{text}", flush=True)

    def stop(self) -> None:
        """End every part that is running, with the processes it started."""
        for process in list(self._running):
            try:
                os.killpg(process.pid, signal.SIGTERM)
            except ProcessLookupError:
                continue

    def close(self) -> int:
        """Print the table of parts and the sum of tests; 0 when every part succeeded, else 1."""
        print()
        costs = cpu_costs.measured(self.folder)
        for file, seconds in costs.most_common(10 if len(costs) > 100 else 0):
            print(f"{seconds:6.0f} CPU s {file}")
        for name, succeeded, seconds in self.results:
            print(f"{name:<34} {'ok' if succeeded else 'FAILED':<7} {seconds:4.0f}s")
        for note in self.notes:
            print(note)
        sys.stdout.flush()
        count_tests.main([str(path) for path in sorted(self.folder.glob("*.xml"))])
        return 0 if self.results and all(succeeded for _, succeeded, _ in self.results) else 1


def settings() -> dict[str, list[str]]:
    """The lists of folders and files in `[tool.elistit.tests]` of pyproject.toml."""
    found: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["elistit"]["tests"]
    return found


def static() -> tuple[list[Part], list[Part]]:
    """What reads the code without running it; the types beside the rest."""
    quick = [
        Part("lint (ruff check)", ["ruff", "check", "."]),
        Part("format (ruff format)", ["ruff", "format", "--check", "."]),
        Part("imports (lint-imports)", ["lint-imports"]),
    ]
    return [Part("types (mypy)", ["mypy"])], quick


def naming(marks: Sequence[str], folders: Sequence[str]) -> list[str]:
    """The test files in these folders that name one of the marks. Given to pytest, they save it from importing all others to
    find the few tests that have it."""
    named = tuple(f"mark.{mark}" for mark in marks)
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in files if any(name in path.read_text() for name in named)]


def test_files() -> list[str]:
    """Every test file, as its path from the root."""
    files = (path for folder in EVERYWHERE for path in (ROOT / folder).rglob("test_*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in files)


def fast(run: Run) -> None:
    types, quick = static()
    files, costs = test_files(), cpu_costs.table()
    chosen = cpu_costs.fast(files, costs)
    print(f"{len(chosen)} of {len(files)} test files; ./test runs all of them", flush=True)
    if new := [file for file in files if file not in costs]:
        print(f"{len(new)} files were never measured and aren't run: ./test --record {new[0]} …", flush=True)
    tests = run.pytest("tests on SQLite", "-n", "2", "--dist", "loadfile", "-m", ALONE, *chosen)
    run.lanes([*quick, *types], [tests])


def record(run: Run, files: Sequence[str]) -> None:
    """Measure these files, or all, and write the table; also when some fail. A test that needs a process, browser or PostgreSQL
    runs neither here nor by --fast and costs nothing."""
    there = test_files()
    chosen = [str(Path(file)) for file in files] or there
    run.lanes([run.pytest("tests on SQLite", "-n", "2", "--dist", "loadfile", "-m", ALONE, *chosen)])
    found = dict.fromkeys(chosen, 0.0) | cpu_costs.measured(run.folder)
    costs = cpu_costs.table() | found
    cpu_costs.write({file: costs[file] for file in there if file in costs})


def everything(run: Run, lists: dict[str, list[str]], browser: bool) -> None:
    types, quick = static()
    traced, traced_on_postgresql = lists["traced"], lists["traced_on_postgresql"]
    both = [folder for folder in lists["both_databases"] if (ROOT / folder).is_dir()]
    left_out = [f"--ignore={path}" for path in traced]
    left_out_there = [f"--ignore={path}" for path in traced_on_postgresql]
    real = "processes or browser" if browser else "processes and not browser"
    run.lanes(
        # What starts processes of its own mostly waits for them, so everything else runs meanwhile.
        [
            *types,
            run.pytest("tests with real processes", "-m", real, *naming(("processes", "browser"), EVERYWHERE)),
            run.pytest(
                "tests with processes, PostgreSQL", "-m", "processes", *naming(("processes",), both), database="postgresql"
            ),
        ],
        # What uses two processes comes last, when it may have both cores to itself.
        [
            *quick,
            Part("dependencies", [sys.executable, "scripts/audit_dependencies.py"]),
            run.pytest("tests traced on SQLite", *traced, traced=True),
            run.pytest("tests traced on PostgreSQL", *traced_on_postgresql, database="postgresql", traced=True),
            run.pytest(
                "tests on SQLite", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder",
                "-m", ALONE, *left_out,
            ),
            run.pytest(
                "tests on PostgreSQL", "-n", "2", "--dist", "loadfile", "-m", "not processes", *both, *left_out_there,
                database="postgresql",
            ),
        ],
    )  # fmt: skip
    combine = "coverage combine -q $(dirname $COVERAGE_FILE)/coverage.* && coverage report"
    run.lanes([Part("every branch of the books", ["sh", "-c", combine])])


def main() -> int:
    asked = argparse.ArgumentParser(prog="./test", description=__doc__)
    one = asked.add_mutually_exclusive_group()
    one.add_argument(
        "--fast", action="store_true", help="only what needs no process, browser or PostgreSQL and is cheap"
    )
    one.add_argument(
        "--record", action="store_true", help="measure what each test file costs and write tests/costs.json"
    )
    asked.add_argument("files", nargs="*", help="with --record: only these test files")
    arguments = asked.parse_args()
    if arguments.files and not arguments.record:
        asked.error("only --record takes files")
    browser = any(shutil.which(name) for name in BROWSERS)
    with tempfile.TemporaryDirectory(prefix="elistit-test-") as folder:
        os.environ["COVERAGE_FILE"] = f"{folder}/coverage"
        os.environ.pop("DATABASE_URL", None)
        os.environ[cpu_costs.FOLDER] = folder
        run = Run(Path(folder))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            if arguments.fast:
                fast(run)
            elif arguments.record:
                record(run, arguments.files)
            else:
                everything(run, settings(), browser)
        except KeyboardInterrupt:
            run.stop()
            return 130
        return run.close()


if __name__ == "__main__":
    sys.exit(main())
