"""Deliveries made by the real finishing code from small art, taken apart so that a fault can be planted, and zipped again by
Python's own `zipfile`."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from elistit.artwork import export, jobs, packing_jobs, provenance
from elistit.trial import buyer
from tests.artwork.conftest import blob

ABOUT = {
    "title": "Woodland Set", "base": "woodland-set", "licence": "Personal use.", "licences": "01: drawn here\n",
    "how_to": ["Unzip."], "facts": [("Images", "2 files")],
    "marks": {"source": provenance.SYNTHETIC},
}  # fmt: skip
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 400 400">'
    '<path fill="#c03020" d="M40 40H220V220H40Z"/><path fill="#2050a0" d="M240 240H360V360H240Z"/></svg>'
)


@dataclass
class Delivery:
    """What is in the ZIP, and what was promised."""

    contents: dict[str, bytes]
    promise: dict[str, Any]
    name: str = "woodland-set.zip"
    parts: list[Path] = field(default_factory=list)

    def copy(self) -> Delivery:
        return Delivery(dict(self.contents), copy.deepcopy(self.promise), self.name)

    def zipped(self, **options: Any) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", options.pop("method", zipfile.ZIP_STORED)) as archive:
            for name, data in self.contents.items():
                archive.writestr(name, data, **options)
        return made.getvalue()

    def examined(self, folder: Path, data: bytes | None = None) -> dict[str, Any]:
        path = folder / self.name
        path.write_bytes(self.zipped() if data is None else data)
        report = buyer.examine([str(path)], self.promise)
        assert examined_in_shares([str(path)], self.promise) == report
        return report

    def remade(self, name: str, data: bytes) -> None:
        """Another content for a file, as if the workshop itself had made it so."""
        self.contents[name] = data
        for made in self.promise["files"]:
            if made["name"] == name:
                made["source_type"] = ""
                made["sha256"] = hashlib.sha256(data).hexdigest()


def examined_in_shares(parts: list[str], promise: dict[str, Any], shares: int = 3) -> dict[str, Any]:
    """The report of files that were looked at in shares, as a worker with several subprocesses does, in any order."""
    looked_at = [one for n in reversed(range(shares)) for one in buyer.look(parts, promise, (), n, shares)]
    plain: list[dict[str, Any]] = json.loads(json.dumps(looked_at))
    return buyer.examine(parts, promise, (), plain)


def packed(product: str, numbers: list[int], files: list[tuple[str, Path]], folder: Path) -> Delivery:
    """Files with their roles, packed by the workshop."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, path in files:
        provenance.write(path, provenance.made_by("openai/gpt-image-1"))
    images = [str(p) for _, p in files if p.suffix in (".png", ".jpg")]
    others = [str(p) for _, p in files if str(p) not in images]
    made = packing_jobs.pack(str(folder), ABOUT, images, images[:1], others)
    rows = []
    for role, path in files:
        width = height = None
        if path.suffix in (".png", ".jpg"):
            info = export.info(path)
            width, height = info.width, info.height
        sha = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(
            {
                "name": path.name,
                "role": role,
                "sha256": sha,
                "width": width,
                "height": height,
                "source_type": provenance.TRAINED,
            }
        )
    [zipped] = [path for role, path in made if role == "zip"]
    with zipfile.ZipFile(zipped) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    promise = {"product": product, "numbers": numbers, "link": "", "files": rows, "source_type": provenance.SYNTHETIC}
    return Delivery(contents, promise, Path(zipped).name, [Path(p) for role, p in made if role == "zip"])


def art(folder: Path, seed: int, px: int = 400) -> Path:
    path = folder / f"art-{seed}.png"
    Image.fromarray(blob(seed, px)).save(path)
    return path


def clipart(folder: Path) -> Delivery:
    files = []
    for number in (1, 2):
        out = folder / f"{number:02d}-blob.png"
        export.save_print(art(folder, number), out)
        files.append(("print", out))
    return packed("clipart", [1, 2], files, folder / "packed")


def stickers(folder: Path) -> Delivery:
    files, pairs = [], []
    for number in (1, 2):
        png, svg = folder / f"{number:02d}-blob.png", folder / f"{number:02d}-blob-cut.svg"
        jobs.die_cut(str(art(folder, number)), str(png), str(svg))
        files += [("print", png), ("cut", svg)]
        pairs.append([str(png), str(svg)])
    for sheet in jobs.sticker_sheets(pairs, str(folder)):
        files += [("sheet", Path(sheet[kind])) for kind in ("pdf", "png", "svg")]
    return packed("sticker", [1, 2], files, folder / "packed")


def drawings(folder: Path) -> Delivery:
    made = jobs.finish_vector(DRAWING, str(folder), "01-squares", "Squares", px=600, colors=6)
    roles = {"svg": "vector", "cut": "cut", "png": "print", "pdf": "vector"}
    files = [(roles[k], Path(p)) for k, p in made["files"].items()]
    files += [("maker", Path(p)) for p in made["makers"]["files"].values()]
    delivery = packed("svg", [1], files, folder / "packed")
    delivery.promise["colors"] = 6
    return delivery


def card(folder: Path) -> Delivery:
    pdf, png = folder / "wreath-card.pdf", folder / "wreath-front.png"
    words = {"front": "Thinking of you", "inside": "Wishing you a gentle week."}
    jobs.folded_card(str(art(folder, 3)), str(pdf), str(png), "Wreath", words, "captioned")
    return packed("greeting_card", [], [("vector", pdf), ("print", png)], folder / "packed")


def wall_art(folder: Path) -> Delivery:
    """Five JPGs in the promised shapes; small, since only their shape counts here."""
    files = []
    for ratio, size in {
        "2x3": (400, 600),
        "3x4": (450, 600),
        "4x5": (480, 600),
        "11x14": (440, 560),
        "ISO-A": (500, 707),
    }.items():
        path = folder / f"sun-{ratio}-large.jpg"
        across = np.linspace(0, 255, size[0])[None, :].repeat(size[1], 0)
        pixels = np.dstack([across, across[:, ::-1], np.full_like(across, 90)]).astype(np.uint8)
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        Image.fromarray(pixels).save(path, quality=90, dpi=(300, 300), icc_profile=profile)
        files.append(("print", path))
    return packed("wall_art", [], files, folder / "packed")


def tiles(folder: Path) -> Delivery:
    """One tile of waves that meet on every side."""
    path, px = folder / "01-waves.png", 3600
    y, x = np.mgrid[0:px, 0:px].astype(np.float32) * (2 * np.pi / px)
    waves = np.sin(5 * x + np.sin(3 * y)) * 60 + np.cos(4 * y) * 50 + 128
    source = folder / "waves.png"
    Image.fromarray(np.dstack([waves, waves[::-1], 255 - waves]).clip(0, 255).astype(np.uint8)).save(
        source, compress_level=1
    )
    export.write_png(export.open_image(source), path)
    return packed("pattern", [1], [("print", path)], folder / "packed")


MAKERS: dict[str, Callable[[Path], Delivery]] = {
    "clipart": clipart, "sticker": stickers, "svg": drawings, "greeting_card": card, "wall_art": wall_art, "pattern": tiles,
}  # fmt: skip


def picture(data: bytes) -> Any:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def saved(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    """An image as the workshop would save it, but for `options`."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    image.save(out, kind, **{"dpi": (300, 300), "icc_profile": profile, **options})
    return out.getvalue()
