"""How many changed meanings the tests notice: `python bench/mutation.py [GROUP …] [--minutes 60] [--markdown] [--survivors]`.

mutmut changes the meaning of one expression at a time in the modules that decide about money and retries, and the tests
that concern the module must fail. It works on a copy of the tree with a database made ready, one mutant after another, and goes
on where it stopped: run it again for more minutes, and after writing tests with `--again` to put the survivors to them.
The tests run on SQLite, so what PostgreSQL alone runs meets no test.
Nothing here is part of `./test`; mutmut comes from `bench/mutation.lock`, checked by hash.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "bench" / "mutation.lock"
# What mutmut writes down of a mutant: the exit code of its tests. None: not tried yet.
KILLED, SURVIVED, NO_TEST = (1, 3), (0,), (5, 33)
TIMED_OUT = (24, -24, 36, 152, 255, -9)

# A test database that is a copy of a ready one takes a millisecond; migrating one takes seconds, for every mutant.
CONFTEST = """

@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:  # noqa: F811
    name = Path(tempfile.gettempdir()) / f"mutant-{os.getpid()}.sqlite3"
    shutil.copyfile(os.environ["MUTATION_TEMPLATE"], name)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = str(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
    for file in name.parent.glob(name.name + "*"):
        file.unlink()
"""


@dataclass(frozen=True)
class Group:
    """Modules that are mutated together, and the tests that must notice. No test that races threads: those prove by numbers,
    and take the time of a thousand mutants."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


_BOOKS = ("tests/credits",)
_CHAIN = ("tests/chain/test_rules.py", "tests/chain/test_words.py")
GROUPS = {
    "rules": Group(("src/elistit/chain/retry.py", "src/elistit/chain/outcomes.py"), _CHAIN),
    "launch": Group(
        tuple(f"src/elistit/projects/{m}.py" for m in ("orders", "launch", "further_jobs", "job_requests")),
        (
            "tests/conformance/test_launch.py",
            "tests/conformance/test_orders.py",
            "tests/conformance/test_booking.py",
            "tests/conformance/test_booked_at_once.py",
            "tests/conformance/test_poster.py",
        ),
    ),
    "ledger": Group(tuple(f"src/elistit/credits/{m}.py" for m in ("ledger", "posting", "chain")), _BOOKS),
    "prices": Group(
        tuple(f"src/elistit/credits/{m}.py" for m in ("prices", "quotes", "plans", "models", "statement")), _BOOKS
    ),
    "audit": Group(
        tuple(f"src/elistit/credits/{m}.py" for m in ("audit", "audit_books", "audit_projects", "audit_reading")),
        ("tests/credits/test_audit.py",),
    ),
}
SQL = re.compile(r"\b(SELECT|FROM|JOIN|WHERE|GROUP BY|ORDER BY|UPDATE|INSERT|COUNT|SUM|COALESCE)\b")
SLOW = ("test_races", "test_against_a_model", "racing", "many_times_at_once", "a_suspect_runs_alone")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}; all when none is named")
    ask.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "elistit-mutation")
    ask.add_argument("--minutes", type=float, default=60.0, help="at most, for each group; 0 only reports")
    ask.add_argument("--one-in", type=int, default=1, help="only every so-manieth mutant, spread evenly over the code")
    ask.add_argument("--again", action="store_true", help="put the survivors to the tests as they are now")
    ask.add_argument("--markdown", action="store_true", help="print the section for the figures")
    ask.add_argument("--survivors", action="store_true", help="show the change of every survivor")
    asked = ask.parse_args()
    if unknown := set(asked.groups) - set(GROUPS):
        ask.error(f"no such group: {', '.join(sorted(unknown))}")
    tools = installed(asked.work)
    names = asked.groups or list(GROUPS)
    if asked.minutes:
        for name in names:
            mutate(name, tools, asked.work, asked.minutes, asked.again, asked.one_in)
    results = {name: verdicts(asked.work / name) for name in names}
    if asked.survivors:
        for name in names:
            show(results[name], tools, asked.work / name)
    print(markdown(results) if asked.markdown else plain(results))
    return 0


def installed(work: Path) -> Path:
    """mutmut and what it needs beside the development environment, in a folder of its own."""
    tools = work / "tools"
    if not (tools / "done").exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes",
             "--target", str(tools), "-r", str(LOCK)], check=True, stdout=sys.stderr,
        )  # fmt: skip
        (tools / "done").touch()
    return tools


def environment(tools: Path, work: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    return {**kept, "PYTHONPATH": str(tools), "MUTATION_TEMPLATE": template(work)}


@cache
def template(work: Path) -> str:
    """A migrated SQLite database to copy."""
    made = work / "template.sqlite3"
    made.unlink(missing_ok=True)
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{made}", "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True, stdout=sys.stderr)
    return str(made)


def copy(name: str, folder: Path) -> None:
    """The tree as it is now, set up for mutmut. Files keep their times, so what did not change is not mutated again."""
    group = GROUPS[name]
    for part in ("src", "packages", "tests", "scripts", "docs", "bench"):
        shutil.copytree(
            ROOT / part,
            folder / part,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", "*.webp", "*.jpg"),
        )
    conftest = folder / "tests" / "conftest.py"
    conftest.write_text(conftest.read_text() + CONFTEST)
    settings = {
        "source_paths": ["src"],
        "only_mutate": list(group.modules),
        "also_copy": ["packages", "scripts", "docs", "bench"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-m", "not processes"],
        "pytest_add_cli_args_test_selection": [*group.tests, "-k", " and ".join(f"not {word}" for word in SLOW)],
        "max_stack_depth": -1,
        "timeout_constant": 20.0,
        "use_git_change_detection": False,
        "on_dependency_change": "ignore",
    }
    said = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text() + f"\n[tool.mutmut]\n{said}\n")


def mutate(name: str, tools: Path, work: Path, minutes: float, again: bool, one_in: int) -> None:
    folder = work / name
    copy(name, folder)
    command = [sys.executable, str(tools / "bin" / "mutmut"), "run", "--max-children", "1"]
    if again:
        chosen = [key for key, code in read(folder).items() if code in SURVIVED + NO_TEST]
    elif one_in > 1:
        # Asked for none, it makes them all and stops.
        env = environment(tools, work)
        subprocess.run([*command, "none"], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # fmt: skip
        known = sorted(read(folder).items())
        chosen = [key for n, (key, code) in enumerate(known) if n % one_in == 0 and code is None]
    else:
        chosen = ["*"]  # every one
    if not chosen:
        return
    command += chosen
    # Started in the background of a shell we would ignore the interrupt, and so would what is to be stopped by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"{name}: {' '.join(command[1:3])} …, at most {minutes:.0f} minutes", file=sys.stderr)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment(tools, work), stdout=log, stderr=log)
        try:
            process.wait(minutes * 60)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            process.wait()
    if process.returncode not in (0, -signal.SIGINT, 1):
        print(f"{name}: mutmut ended with {process.returncode}; see {folder / 'log'}", file=sys.stderr)


def read(folder: Path) -> dict[str, int | None]:
    """Every mutant of a group and the exit code of its tests."""
    found: dict[str, int | None] = {}
    for file in sorted((folder / "mutants").rglob("*.meta")):
        found |= json.loads(file.read_text())["exit_code_by_key"]
    return found


def same_statement(folder: Path, key: str) -> bool:
    """Whether a mutant only writes SQL in other letters, which is the same statement to a database."""
    module, _, name = key.rpartition(".")
    defined = functions(folder / "mutants" / "src" / Path(*module.split(".")).with_suffix(".py"))
    before, after = defined[re.sub(r"_\d+$", "_orig", name)], defined[name]
    changed = [(a, b) for a, b in zip(before, after, strict=False) if a != b]
    return len(before) == len(after) and all(SQL.search(a) and a.casefold() == b.casefold() for a, b in changed)


@cache
def functions(file: Path) -> dict[str, list[str]]:
    """Every function of a file as the parts it is made of, its name left out."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = [
                repr(part.value) if isinstance(part, ast.Constant) else type(part).__name__ + names(part)
                for statement in node.body
                for part in ast.walk(statement)
            ]
    return found


def names(part: ast.AST) -> str:
    return str([getattr(part, field) for field in ("id", "attr", "arg", "name") if hasattr(part, field)])


def verdict(code: int | None) -> str:
    if code is None:
        return "not tried"
    for name, codes in (("killed", KILLED), ("survived", SURVIVED), ("no test", NO_TEST), ("timeout", TIMED_OUT)):
        if code in codes:
            return name
    return "killed"  # any other end: the mutant broke the run


def verdicts(folder: Path) -> dict[str, str]:
    found = {key: verdict(code) for key, code in read(folder).items()}
    return {
        key: "same SQL" if said == "survived" and same_statement(folder, key) else said for key, said in found.items()
    }


def counts(results: dict[str, dict[str, str]]) -> dict[str, Counter[str]]:
    """Verdicts by module."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for mutants in results.values():
        for key, said in mutants.items():
            module = key.rpartition(".")[0].removeprefix("elistit.").removeprefix("src.elistit.")
            found[module][said] += 1
    return found


def score(count: Counter[str]) -> str:
    tried = sum(count.values()) - count["not tried"] - count["same SQL"]
    return f"{100 * (count['killed'] + count['timeout']) / tried:.1f} %" if tried else "–"


COLUMNS = ("killed", "timeout", "survived", "no test", "same SQL", "not tried")


def markdown(results: dict[str, dict[str, str]]) -> str:
    lines = [
        "## Mutants",
        "",
        "`python bench/mutation.py --markdown`: mutmut changes one expression at a time; killed means that a test failed for it,",
        "timeout that it never ended. What survives, and why, is in [mutants](operations/mutants.md). Same SQL: only the letters of a",
        "statement's keywords and names changed, which says the same to a database; these are left out of the score. Not tried: with",
        "`--one-in` only every so-manieth mutant of a module is, chosen evenly over its code.",
        "",
        "| module | mutants | " + " | ".join(COLUMNS) + " | score |",
        "| --- | ---: | " + " | ".join("---:" for _ in COLUMNS) + " | ---: |",
    ]
    all_: Counter[str] = Counter()
    for module, count in sorted(counts(results).items()):
        all_.update(count)
        cells = " | ".join(str(count[c]) for c in COLUMNS)
        lines.append(f"| `{module.replace('.', '/')}` | {sum(count.values())} | {cells} | {score(count)} |")
    cells = " | ".join(str(all_[c]) for c in COLUMNS)
    lines.append(f"| together | {sum(all_.values())} | {cells} | {score(all_)} |")
    return "\n".join(lines)


def plain(results: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"{module:32} {score(count):>8}  " + ", ".join(f"{count[c]} {c}" for c in COLUMNS if count[c])
        for module, count in sorted(counts(results).items())
    )


def show(mutants: dict[str, str], tools: Path, folder: Path) -> None:
    for key, said in mutants.items():
        if said in ("survived", "no test"):
            command = [sys.executable, str(tools / "bin" / "mutmut"), "show", key]
            done = subprocess.run(
                command, cwd=folder, env={**os.environ, "PYTHONPATH": str(tools)}, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            print(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
