"""Build a release of this commit: `python scripts/release.py [--out DIR] [--no-image]`.

Writes wheels and source distributions of elistit, elistit-artist and elistit-client, the image where docker, podman or buildah
is present, the bill of materials, the tested versions of every dependency, and SHA256SUMS. The same commit gives the same
distributions, byte for byte. It must never build anything that isn't committed, and never tag, sign or upload.

Exits with 2 and one sentence when this tree can't be released, and with 1 when a build failed; neither leaves a folder behind.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import sbom

ROOT = Path(__file__).resolve().parents[1]
DISTRIBUTIONS = {"elistit": ".", "elistit-artist": "packages/artist", "elistit-client": "packages/client"}
ENGINES = ("docker", "podman", "buildah")
# Every place that names the version, and what it looks like there.
STATED = {
    "pyproject.toml": r'^(?:version = "|  "elistit-(?:artist|client)==)([^"]+)"',
    "packages/artist/pyproject.toml": r'^version = "([^"]+)"',
    "packages/client/pyproject.toml": r'^version = "([^"]+)"',
    "src/elistit/__init__.py": r'^__version__ = "([^"]+)"',
    "deploy/Dockerfile": r"elistit:(\S+)",
    "deploy/compose.yaml": r"image: elistit:(\S+)",
    "deploy/helm/elistit/Chart.yaml": r'^(?:version|appVersion): "?([^"\n]+)',
    **{f"deploy/kubernetes/{name}.yaml": r"image: elistit:(\S+)" for name in ("migrate", "web", "worker")},
}


class Refused(Exception):
    """This tree can't be released; the message says why in one sentence."""


class Failed(Exception):
    """A build failed; the message ends with what the tool said."""


def git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{ROOT} is not a Git checkout that can be read.")
    return done.stdout.strip()


def require_clean() -> None:
    """Raises Refused for changed and for new files; files that Git ignores don't matter."""
    if Path(git("rev-parse", "--show-toplevel")).resolve() != ROOT:
        raise Refused(f"{ROOT} is not the root of a Git checkout.")
    if changed := git("status", "--porcelain").splitlines():
        number = "1 file is" if len(changed) == 1 else f"{len(changed)} files are"
        raise Refused(f"{number} not committed, for example {changed[0].split(maxsplit=1)[1]}.")


def stated_version() -> str:
    """The version, which every file of STATED must agree on. Raises Refused naming one that doesn't."""
    found = {name: set(re.findall(form, (ROOT / name).read_text(), re.M)) for name, form in STATED.items()}
    [version] = found["src/elistit/__init__.py"]
    for name, versions in found.items():
        if versions != {version}:
            other = ", ".join(sorted(versions - {version})) or "none"
            raise Refused(f"src/elistit/__init__.py says version {version} and {name} says {other}.")
    return version


def require_section(version: str) -> None:
    """Raises Refused unless CHANGELOG.md has `## VERSION - YYYY-MM-DD` with a real date."""
    form = re.compile(rf"^## \[?{re.escape(version)}\]? - (\d{{4}}-\d{{2}}-\d{{2}})$", re.M)
    dated = form.search((ROOT / "CHANGELOG.md").read_text())
    try:
        dt.date.fromisoformat(dated[1] if dated else "")
    except ValueError:
        raise Refused(f"CHANGELOG.md has no section “## {version} - YYYY-MM-DD”.") from None


def require_backend() -> None:
    """Raises Refused unless the build backend of pyproject.toml is installed in exactly that version."""
    [wanted] = re.findall(r'^requires = \["hatchling==([^"]+)"\]', (ROOT / "pyproject.toml").read_text(), re.M)
    try:
        there = metadata.version("hatchling")
    except metadata.PackageNotFoundError:
        there = "none"
    if there != wanted:
        raise Refused(
            f"This needs hatchling {wanted} and found {there}; set up .venv with ./test --version and use its Python."
        )


def run(*command: str, where: Path, epoch: str) -> None:
    """Run a tool with the commit's time. Raises Failed with the end of its output."""
    done = subprocess.run(
        command, cwd=where, env={**os.environ, "SOURCE_DATE_EPOCH": epoch}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"{Path(command[0]).name} failed:\n{done.stdout[-2000:]}")


def answering_engine() -> tuple[str, str]:
    """The program that builds images, or an empty name and the reason why there is none."""
    there = [name for name in ENGINES if shutil.which(name)]
    for name in there:
        if subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name, ""
    if there:
        return "", f"{' and '.join(there)} can't reach a running service"
    return "", "docker, podman and buildah aren't installed"


def build_image(engine: str, source: Path, folder: Path, version: str, epoch: str) -> None:
    """Build the image `elistit:VERSION` and save it as an archive that `docker load` and `podman load` read."""
    name, archive = f"elistit:{version}", folder / f"elistit-{version}-image.tar"
    run(engine, "build", "-f", "deploy/Dockerfile", "-t", name, ".", where=source, epoch=epoch)
    save = (
        ["push", name, f"docker-archive:{archive}:{name}"]
        if engine == "buildah"
        else ["save", "-o", str(archive), name]
    )
    run(engine, *save, where=source, epoch=epoch)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bill(folder: Path, version: str, epoch: str) -> None:
    """The bill of materials of the lock, with the three distributions and the digests of their wheels."""
    bill = sbom.bill()
    own = []
    for name in DISTRIBUTIONS:
        wheel = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        purl = f"pkg:pypi/{name}@{version}"
        own.append(
            {
                "type": "application" if name == "elistit" else "library", "bom-ref": purl, "name": name, "version": version,
                "purl": purl, "hashes": [{"alg": "SHA-256", "content": digest(wheel)}],
            }
        )  # fmt: skip
    bill["metadata"] = {
        "timestamp": dt.datetime.fromtimestamp(int(epoch), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "component": own[0],
    }
    bill["components"] = [*own[1:], *bill["components"]]
    (folder / f"elistit-{version}.cdx.json").write_text(json.dumps(bill, indent=1) + "\n")


def write_constraints(folder: Path) -> None:
    """The versions the tests run with, for `pip -c`: the lock without its hashes, which pip would ask of our wheels too."""
    pins = re.findall(r"^([A-Za-z0-9][^\\\n]*?) *\\?$", (ROOT / "requirements.lock").read_text(), re.M)
    (folder / "constraints.txt").write_text("".join(f"{pin}\n" for pin in pins))


def write_sums(folder: Path) -> None:
    """What `sha256sum -c SHA256SUMS` reads, in the order of the names."""
    files = sorted(folder.iterdir())
    (folder / "SHA256SUMS").write_text("".join(f"{digest(path)}  {path.name}\n" for path in files))


def build(folder: Path, version: str, engine: str) -> None:
    """Everything of a release, from the committed files alone, into an empty folder. Raises Failed."""
    epoch = git("log", "-1", "--format=%ct")
    with tempfile.TemporaryDirectory(prefix="elistit-release-") as temporary:
        source = Path(temporary) / "source"
        git("checkout-index", "--all", f"--prefix={source}/")
        for path in DISTRIBUTIONS.values():
            run(
                sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(folder),
                where=source / path, epoch=epoch,
            )  # fmt: skip
        if engine:
            build_image(engine, source, folder, version, epoch)
    write_bill(folder, version, epoch)
    write_constraints(folder)
    write_sums(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, help="the new folder (default: dist/elistit-VERSION)")
    parser.add_argument("--no-image", action="store_true", help="leave the image out")
    given = parser.parse_args()
    os.umask(0o022)  # the image's own account must be able to read what is copied into it
    try:
        require_clean()
        version = stated_version()
        require_section(version)
        require_backend()
        out = given.out or ROOT / "dist" / f"elistit-{version}"
        if out.exists():
            raise Refused(f"{out} already exists; delete it or choose another folder with --out.")
        engine, reason = ("", "--no-image was given") if given.no_image else answering_engine()
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".release-", dir=out.parent) as unfinished:
            folder = Path(unfinished) / "release"
            folder.mkdir()
            build(folder, version, engine)
            folder.rename(out)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    print((out / "SHA256SUMS").read_text(), end="")
    print(f"Release {version} is in {out}.")
    if not engine:
        print(f"It has no image: {reason}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
