"""`scripts/release.py`: one commit gives one release, whatever the machine; pipx runs it; what can't be released is refused."""

from __future__ import annotations

import email
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.cli.conftest import clean_environment
from tests.cli.test_processes import answers, free_port, until

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
COPIED = (
    ".dockerignore", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "deploy", "packages", "pyproject.toml",
    "requirements.lock", "scripts", "src",
)  # fmt: skip
WHEELS = [f"{name}-{VERSION}-py3-none-any.whl" for name in ("elistit", "elistit_artist", "elistit_client")]
SOURCES = [f"{name}-{VERSION}.tar.gz" for name in ("elistit", "elistit_artist", "elistit_client")]
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A"), ("EMAIL", "a@example.com"), ("DATE", "2027-01-01T00:00:00Z"))
}
FAKE_ENGINE = """#!/bin/sh
echo "$0 $*" >>"$CALLS"
case "$1" in
    info) exit ${INFO:-0} ;;
    build) test -f deploy/Dockerfile && test -f src/elistit/__init__.py && test ! -e junk.txt ;;
    save) shift; test "$1" = -o && printf image >"$2" ;;
    push) case "$3" in docker-archive:*) file="${3#docker-archive:}"; printf image >"${file%%:*}" ;; esac ;;
esac
"""


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), *arguments], env={**os.environ, **IDENTITY}, check=True, capture_output=True
    )


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "x")


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of what is here, with a dated section for its version."""
    folder = tmp_path_factory.mktemp("dated")
    for name in COPIED:
        if (ROOT / name).is_dir():
            leave_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=leave_out)
        else:
            shutil.copy(ROOT / name, folder / name)
    text = (folder / "CHANGELOG.md").read_text()
    (folder / "CHANGELOG.md").write_text(
        text.replace("## Unreleased\n", f"## Unreleased\n\n## {VERSION} - 2027-01-01\n")
    )
    git(folder, "init", "-q")
    commit(folder)
    return folder


def clone(of: Path, to: Path) -> Path:
    subprocess.run(["git", "clone", "-q", str(of), str(to)], check=True)
    return to


def release(checkout: Path, *arguments: str, mask: int = -1, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "scripts/release.py"), *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(
        command, env=env, cwd="/", umask=mask, capture_output=True, text=True, timeout=280, check=False
    )


@pytest.fixture(scope="module")
def released(dated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("released") / "first"
    done = release(dated, "--no-image", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"Release {VERSION} is in {out}.\nIt has no image: --no-image was given.\n")
    return out


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_the_same_commit_gives_the_same_release_elsewhere(dated: Path, released: Path, tmp_path: Path) -> None:
    """Another folder, other file times, another umask, and files that Git ignores lying about."""
    elsewhere = clone(dated, tmp_path / "elsewhere")
    for junk in ("src/elistit/__pycache__/junk.pyc", "src/elistit/data/junk.txt", "dist/junk.txt"):
        (elsewhere / junk).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / junk).write_text("junk")
    done = release(elsewhere, "--no-image", mask=0o077)
    assert done.returncode == 0, done.stderr
    assert digests(elsewhere / "dist" / f"elistit-{VERSION}") == digests(released)


def test_a_release_has_its_files_and_their_sums(released: Path) -> None:
    names = {*WHEELS, *SOURCES, f"elistit-{VERSION}.cdx.json", "constraints.txt", "SHA256SUMS"}
    assert set(digests(released)) == names
    said = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=released, capture_output=True, text=True, check=True)
    assert said.stdout.count(": OK\n") == len(names) - 1


def test_a_wheel_holds_every_file_of_its_source(dated: Path, released: Path) -> None:
    for wheel, source in zip(WHEELS, ("src", "packages/artist/src", "packages/client/src"), strict=True):
        with zipfile.ZipFile(released / wheel) as archive:
            packed = {n: archive.read(n) for n in archive.namelist() if ".dist-info/" not in n}
            [terms] = [n for n in archive.namelist() if n.endswith(".dist-info/licenses/LICENSE")]
            assert archive.read(terms) == (ROOT / "LICENSE").read_bytes()
        there = [p for p in (dated / source).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert packed == {str(p.relative_to(dated / source)): p.read_bytes() for p in there}


def test_a_source_distribution_builds_the_same_wheel(dated: Path, released: Path, tmp_path: Path) -> None:
    for wheel, source in zip(WHEELS, SOURCES, strict=True):
        with tarfile.open(released / source) as archive:
            archive.extractall(tmp_path, filter="data")
        moment = subprocess.run(
            ["git", "-C", str(dated), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=True
        )
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "built")],
            cwd=tmp_path / source.removesuffix(".tar.gz"), env={**os.environ, "SOURCE_DATE_EPOCH": moment.stdout.strip()},
            check=True, capture_output=True,
        )  # fmt: skip
        assert (tmp_path / "built" / wheel).read_bytes() == (released / wheel).read_bytes(), wheel


def test_the_bill_of_materials_names_what_was_built_and_every_locked_package(released: Path) -> None:
    bill = json.loads((released / f"elistit-{VERSION}.cdx.json").read_text())
    own = [bill["metadata"]["component"], *bill["components"][:2]]
    for wheel, component in zip(WHEELS, own, strict=True):
        assert component["hashes"][0]["content"] == digests(released)[wheel]
        assert component["purl"] == f"pkg:pypi/{wheel.split('-')[0].replace('_', '-')}@{VERSION}"
    assert bill["metadata"]["timestamp"] == "2027-01-01T00:00:00Z"
    locked = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.M)
    assert [(c["name"], c["version"]) for c in bill["components"][2:]] == [(n.lower(), v) for n, v in locked]
    pins = (released / "constraints.txt").read_text().splitlines()
    assert [tuple(p.split(" ")[0].split("==")) for p in pins] == locked


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stderr == sentence + "\n"
    assert done.stdout == ""


def test_what_is_not_committed_is_not_released(dated: Path, tmp_path: Path) -> None:
    changed = clone(dated, tmp_path / "changed")
    (changed / "README.md").write_text("other")
    refused(release(changed), "1 file is not committed, for example README.md.")
    (changed / "new.txt").write_text("new")
    refused(release(changed), "2 files are not committed, for example README.md.")
    assert not (changed / "dist").exists()


def test_a_version_without_a_dated_section_is_not_released(dated: Path, tmp_path: Path) -> None:
    checkout = clone(dated, tmp_path / "undated")
    text = (checkout / "CHANGELOG.md").read_text()
    for heading in ("", f"## {VERSION}\n", f"## {VERSION} - 2027-02-30\n", f"## {VERSION}1 - 2027-01-01\n"):
        (checkout / "CHANGELOG.md").write_text(text.replace(f"## {VERSION} - 2027-01-01\n", heading))
        commit(checkout)
        refused(release(checkout), f"CHANGELOG.md has no section “## {VERSION} - YYYY-MM-DD”.")
    assert not (checkout / "dist").exists()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("packages/client/pyproject.toml", 'version = "', 'version = "9'),
        ("pyproject.toml", '"elistit-artist==', '"elistit-artist==9'),
        ("deploy/compose.yaml", "image: elistit:", "image: elistit:9"),
        ("deploy/helm/elistit/Chart.yaml", "appVersion: \"", "appVersion: \"9"),
    ],
)  # fmt: skip
def test_versions_that_differ_are_not_released(dated: Path, tmp_path: Path, file: str, old: str, new: str) -> None:
    checkout = clone(dated, tmp_path / "differs")
    text = (checkout / file).read_text()
    assert old in text
    (checkout / file).write_text(text.replace(old, new, 1))
    commit(checkout)
    refused(release(checkout), f"src/elistit/__init__.py says version {VERSION} and {file} says 9{VERSION}.")


def test_a_release_is_not_replaced(dated: Path, released: Path) -> None:
    before = digests(released)
    sentence = f"{released} already exists; delete it or choose another folder with --out."
    refused(release(dated, "--no-image", "--out", str(released)), sentence)
    assert digests(released) == before


def test_a_folder_that_is_no_checkout_is_refused(dated: Path, tmp_path: Path) -> None:
    shutil.copytree(dated / "scripts", tmp_path / "scripts")
    done = release(tmp_path)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH with Git and no program that builds images."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").symlink_to(shutil.which("git") or "/usr/bin/git")
    return folder


def engine(tools: Path, name: str) -> None:
    (tools / name).write_text(FAKE_ENGINE.replace("#!/bin/sh", f"#!/bin/sh\nPATH={os.environ['PATH']}"))
    (tools / name).chmod(0o755)


@pytest.mark.parametrize("name", ["docker", "podman", "buildah"])
def test_the_image_is_built_by_what_is_there(dated: Path, tools: Path, tmp_path: Path, name: str) -> None:
    """Of the engine's own work a stand-in shows only that it is asked rightly: it gets the committed files and nothing else."""
    engine(tools, name)
    out, calls = tmp_path / "out", tmp_path / "calls"
    done = release(dated, "--out", str(out), PATH=str(tools), CALLS=str(calls))
    assert done.returncode == 0, done.stderr
    assert "no image" not in done.stdout
    archive = f"elistit-{VERSION}-image.tar"
    assert f"{hashlib.sha256(b'image').hexdigest()}  {archive}\n" in (out / "SHA256SUMS").read_text()
    asked = calls.read_text().splitlines()
    assert [a.split()[1] for a in asked] == ["info", "build", "push" if name == "buildah" else "save"]
    assert asked[1].endswith(f"build -f deploy/Dockerfile -t elistit:{VERSION} .")


def test_without_an_engine_it_says_that_there_is_no_image(dated: Path, tools: Path, tmp_path: Path) -> None:
    done = release(dated, "--out", str(tmp_path / "none"), PATH=str(tools))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("It has no image: docker, podman and buildah aren't installed.\n")
    engine(tools, "docker")
    done = release(dated, "--out", str(tmp_path / "idle"), PATH=str(tools), CALLS=os.devnull, INFO="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("It has no image: docker can't reach a running service.\n")
    assert f"elistit-{VERSION}-image.tar" not in digests(tmp_path / "idle")


def test_a_failed_build_leaves_nothing(dated: Path, tmp_path: Path) -> None:
    broken = clone(dated, tmp_path / "broken")
    (broken / "packages/client/README.md").unlink()
    commit(broken)
    done = release(broken, "--no-image")
    assert done.returncode == 1
    assert "README.md" in done.stderr
    assert list((broken / "dist").iterdir()) == []


# ---- pipx ------------------------------------------------------------------------------------------------------------------


def stub(folder: Path, name: str, version: str, extra: dict[str, str] | None = None) -> None:
    """A wheel that says it is this package in this version and holds nothing but `extra`."""
    plain = re.sub(r"[-_.]+", "_", name)
    info = f"{plain}-{version}.dist-info"
    files = {
        **(extra or {}),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{plain}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def requirements(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name)).get_all("Requires-Dist") or []


@pytest.fixture(scope="module")
def index(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheels depend on, without a package index: each package's name and version as it is installed here, and one of
    them with a path to the code itself. pip's own resolver has to find them fit, and Elistit comes from its wheels alone."""
    folder = tmp_path_factory.mktemp("index")
    code = str(Path(metadata.distribution("django").locate_file("")).resolve())
    for wheel in WHEELS:
        for requirement in requirements(released / wheel):
            name = re.split(r"[\s;\[=<>!~]", requirement)[0]
            if name.startswith("elistit") or "extra ==" in requirement:
                continue
            extra = {"installed_here.pth": f"{code}\n"} if name == "django" else None
            stub(folder, name, metadata.version(name), extra)
    return folder


@pytest.fixture(scope="module")
def pipx(released: Path, index: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment for pipx with its own home, and the release and stub wheels instead of a package index."""
    home = tmp_path_factory.mktemp("pipx")
    env = clean_environment(
        PIPX_HOME=str(home), PIPX_BIN_DIR=str(home / "bin"), PIPX_DEFAULT_PYTHON=sys.executable, PIPX_DEFAULT_BACKEND="pip",
        PIPX_DISABLE_SHARED_LIBS_AUTO_UPGRADE="1", PIP_NO_INDEX="1", PIP_FIND_LINKS=f"{released} {index}",
        PIP_CONSTRAINT=str(released / "constraints.txt"),
    )  # fmt: skip
    env.pop("PYTHONPATH", None)
    return env


def with_pipx(released: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipx", "run", "--spec", str(released / WHEELS[0]), "elistit", *arguments]


@pytest.mark.processes
def test_pipx_runs_the_wheel(released: Path, pipx: dict[str, str]) -> None:
    done = subprocess.run(
        with_pipx(released, "--version"), env=pipx, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"elistit {VERSION}\n"
    [entry] = Path(pipx["PIPX_HOME"]).rglob("bin/elistit")
    code = "import elistit, elistit_artist, elistit_client; print(elistit.__file__, elistit_artist.__file__, elistit_client.__file__)"
    found = subprocess.run(
        [entry.with_name("python"), "-c", code], env=pipx, capture_output=True, text=True, check=True
    )
    assert all(path.startswith(pipx["PIPX_HOME"]) for path in found.stdout.split()), found.stdout


@pytest.mark.processes
def test_a_studio_from_the_wheel_starts_answers_and_stops(released: Path, pipx: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    env = {**pipx, "ELISTIT_DATA": str(tmp_path / "data"), "ELISTIT_STOP_SECONDS": "1"}
    log = tmp_path / "log"
    with log.open("w") as out:
        up = subprocess.Popen(
            with_pipx(released, "up", "--no-practice", "--port", str(port)),
            env=env,
            cwd=tmp_path,
            stdout=out,
            stderr=out,
        )
    try:
        assert until(lambda: up.poll() is not None or answers(port), 200) and up.poll() is None, log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as ready:
            assert ready.status == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            style = re.findall(r'href="(/static/[^"]+\.css)"', page.read().decode())[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style}", timeout=60) as sheet:
            assert sheet.headers["Content-Type"].startswith("text/css")
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=120) == 0, log.read_text()
    finally:
        up.kill()
        up.wait()
    assert not answers(port)
