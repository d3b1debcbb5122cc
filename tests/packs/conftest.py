"""Packs in a data folder of their own, and a tiny art pack and network made here: no test fetches anything."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from elistit import packs
from elistit.packs import Pack, PackFile
from elistit.providers.builtin import glyphs

KITE = '<path fill="#f70a0a" d="M64 8L112 64L64 120L16 64Z"/><circle cx="64" cy="64" r="14" fill="#00a6ed"/>'
SHADED = (
    '<defs><linearGradient id="g"><stop offset="0" stop-color="#ff0000"/><stop offset="1" stop-color="#0000ff"/></linearGradient></defs>'
    '<path fill="url(#g)" d="M10 10h100v100h-100z"/>'
)
# A mask is nothing that can be cut or painted flat.
MASKED = '<mask id="m"><circle cx="16" cy="16" r="9" fill="#fff"/></mask><rect width="32" height="32" fill="#888" mask="url(#m)"/>'
ICONS = {
    "prefix": "fluent-emoji-flat", "width": 128, "height": 128,
    "icons": {
        "kite": {"body": KITE}, "hot-air-balloon-ride": {"body": SHADED}, "anvil": {"body": MASKED},
        "flag-france": {"body": KITE}, "fox": {"body": KITE},
    },
}  # fmt: skip
METADATA = {
    "categories": {"Objects": ["kite", "hot-air-balloon-ride", "anvil", "flag-france"], "Animals & Nature": ["fox"]}
}


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ELISTIT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ELISTIT_UPSCALE", raising=False)
    glyphs.forget()
    yield tmp_path / "data"
    glyphs.forget()


def archive_of(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "art-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


CONTENT = {"package/icons.json": json.dumps(ICONS).encode(), "package/metadata.json": json.dumps(METADATA).encode()}


@pytest.fixture
def art(monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The pack `fluent`, with the digests of the tiny one."""
    real = packs.PACKS[packs.FLUENT]
    files = tuple(
        PackFile(inside, inside.rpartition("/")[2], hashlib.sha256(content).hexdigest())
        for inside, content in CONTENT.items()
    )
    small = Pack(
        real.name, real.title, real.gives, real.manager, real.package, real.version, real.licence, real.holder, files
    )
    monkeypatch.setitem(packs.PACKS, packs.FLUENT, small)
    return small
