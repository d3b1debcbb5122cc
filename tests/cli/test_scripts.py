"""`./run` and `./test` on machines that lack something: one clear sentence, nothing left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "dirname", "cmp", "cat", "mkdir", "find", "rm", "cp", "mv", "grep", "tail", "chmod", "env", "sed")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of the scripts, and a PATH folder with ordinary tools but no Python."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    for name in ("run", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    return tmp_path


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    path = {"PATH": str(folder / "bin")}
    return subprocess.run(
        [str(folder / "run")], env=path, cwd="/", capture_output=True, text=True, timeout=120, check=False
    )


def fake_python(folder: Path, script: str) -> None:
    file = folder / "bin" / "python3"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.mark.parametrize("script", ["run", "test", ".ci/run", "scripts/environment.sh"])
def test_every_script_is_plain_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode == 0


def test_the_locks_hold_every_dependency_with_its_hash() -> None:
    studio, *parts = (
        tomllib.loads((ROOT / folder / "pyproject.toml").read_text(encoding="utf-8"))
        for folder in (".", "packages/artist", "packages/client")
    )
    # The artist and the client are this tree's own: their version is the studio's, and no lock holds them.
    version = studio["project"]["version"]
    own = {f"{part['project']['name']}=={version}" for part in parts}
    assert own <= set(studio["project"]["dependencies"]) and {p["project"]["version"] for p in parts} == {version}
    running = [d for d in studio["project"]["dependencies"] if d not in own]
    running += [d for part in parts for d in part["project"]["dependencies"]]
    wanted = {
        "requirements.lock": running,
        "requirements-dev.lock": running + studio["dependency-groups"]["dev"],
    }
    for lock, dependencies in wanted.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        locked = {canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
        names = {canonical(found[0]) for d in dependencies if (found := re.match(r"[A-Za-z0-9._-]+", d))}
        assert names - locked == set(), lock
        assert not {"elistit-artist", "elistit-client"} & locked, lock
        assert text.count("==") <= text.count("--hash=sha256:")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_without_python_it_says_so_in_one_sentence(bare: Path) -> None:
    done = run(bare)
    assert done.returncode == 1
    assert done.stderr.strip() == "Elistit needs Python 3.11 or newer, and none was found."
    assert not (bare / ".venv").exists()


def test_an_old_python_is_not_taken(bare: Path) -> None:
    fake_python(bare, "exit 1")
    assert "needs Python 3.11 or newer" in run(bare).stderr


def test_without_venv_it_says_what_to_install(bare: Path) -> None:
    fake_python(bare, 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    done = run(bare)
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (bare / ".venv").exists()


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A tree whose .venv holds what its lock names: a real, empty environment with the marks of a finished set-up."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/environment.sh", tmp_path / "scripts")
    (tmp_path / "requirements.lock").write_text("")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    venv = tmp_path / ".venv"
    (venv / ".installed-requirements.lock").write_text("")
    (venv / ".made-for").write_text(f"{sys.version_info[:2]} {tmp_path}\n")
    for source in ("src", "packages/artist/src"):
        (tmp_path / source).mkdir(parents=True)
    return tmp_path


def set_up(tree: Path) -> str:
    said = f'ROOT="{tree}"; . "$ROOT/scripts/environment.sh"; environment "$ROOT/requirements.lock"'
    done = subprocess.run(["sh", "-euc", said], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_an_environment_from_before_the_artist_moved_out_learns_where_it_is_and_installs_nothing(ready: Path) -> None:
    """What an older set-up wrote: the studio's folder alone, and no list of what was written."""
    python = ready / ".venv/bin/python"
    asked = [str(python), "-c", "import sys, sysconfig; print(sysconfig.get_path('purelib'), *sys.path, sep='\\n')"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[0])
    (site / "elistit_source.pth").write_text(f"{ready / 'src'}\n")
    assert set_up(ready) == ""
    path = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    assert str(ready / "src") in path and str(ready / "packages/artist/src") in path
    # The second time there is nothing to do.
    written = (site / "elistit_source.pth").stat().st_mtime_ns
    assert set_up(ready) == "" and (site / "elistit_source.pth").stat().st_mtime_ns == written
