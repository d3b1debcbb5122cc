"""Readers of buyer files that share no code with the workshop that wrote them: Pillow, pikepdf, zipfile, XML, shapely."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from PIL import Image, ImageCms
from shapely.geometry import MultiPolygon, Polygon
from shapely.ops import unary_union

Image.MAX_IMAGE_PIXELS = 120_000_000
POINTS = 72.0
RASTER_NAMES = {"image", "feImage", "foreignObject", "script", "style"}


def picture(file: Path, *, mode: str, kind: str) -> Image.Image:
    """A whole picture at 300 DPI in 8-bit sRGB, of this mode and format."""
    image = Image.open(file)
    image.load()
    assert (image.format, image.mode) == (kind, mode), file.name
    assert [round(v) for v in image.info["dpi"]] == [300, 300], file.name
    profile = image.info.get("icc_profile")
    if profile:
        import io

        told = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        assert "srgb" in told.lower(), f"{file.name}: {told}"
    assert not image.getexif(), f"{file.name} carries metadata"
    return image


def transparent(image: Image.Image) -> np.ndarray:
    """The alpha of a picture that really is see-through around something solid."""
    alpha = np.asarray(image)[..., 3]
    assert alpha.min() == 0
    assert alpha.max() == 255
    edges = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert edges.max() == 0, "something touches the edge of the file"
    return alpha


def svg(file: Path) -> ElementTree.Element:
    """An SVG without pictures of pixels, programs or anything from elsewhere."""
    text = file.read_text(encoding="utf-8")
    assert "<!ENTITY" not in text
    assert "data:" not in text
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    for element in root.iter():
        assert element.tag.rpartition("}")[2] not in RASTER_NAMES, file.name
        for name, value in element.attrib.items():
            assert not name.rpartition("}")[2].startswith("on")
            assert "url(" not in value and not name.endswith("href"), f"{file.name}: {name}={value[:60]}"
    assert len([float(v) for v in root.get("viewBox", "").split()]) == 4
    return root


def inches(root: ElementTree.Element) -> tuple[float, float]:
    sides = [root.get("width", ""), root.get("height", "")]
    assert all(s.endswith("in") for s in sides), sides
    return float(sides[0][:-2]), float(sides[1][:-2])


def paths(root: ElementTree.Element) -> list[str]:
    return [e.get("d", "") for e in root.iter() if e.tag.rpartition("}")[2] == "path"]


def rings(data: str) -> list[np.ndarray]:
    """The closed rings of path data of M, C, L and Z, curves followed in eight steps. Fails when one does not close."""
    found = []
    for run in re.findall(r"M[^M]*", data):
        assert run.strip().endswith("Z"), "a line does not close"
        points: list[np.ndarray] = []
        for letter, body in re.findall(r"([MCL])([^MCLZ]*)", run):
            numbers = np.array([float(v) for v in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", body)]).reshape(-1, 2)
            if letter in "ML":
                points.extend(numbers)
                continue
            for a, b, end in numbers.reshape(-1, 3, 2):
                start = points[-1]
                for t in np.linspace(0.125, 1, 8):
                    points.append((1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3 * end)
        ring = np.array(points)
        assert len(ring) >= 3
        found.append(ring)
    assert found, "there is no line"
    return found


def area(data: str) -> MultiPolygon:
    """What path data encloses by the even-odd rule."""
    whole: Any = Polygon()
    for ring in rings(data):
        whole = whole.symmetric_difference(Polygon(ring).buffer(0))
    whole = unary_union(whole)
    return whole if isinstance(whole, MultiPolygon) else MultiPolygon([whole])


def pages(file: Path) -> list[dict[str, Any]]:
    """Each page of a PDF: boxes in inches, how many pictures of pixels, named spot colors, whether it has words."""
    found = []
    with pikepdf.open(file) as document:
        for page in document.pages:
            operators = {str(op.operator) for op in pikepdf.parse_content_stream(page)}
            spaces = page.get("/Resources", {}).get("/ColorSpace", {})
            found.append(
                {
                    "media": [float(v) / POINTS for v in page.mediabox],
                    "trim": [float(v) / POINTS for v in page.obj["/TrimBox"]] if "/TrimBox" in page.obj else None,
                    "bleed": [float(v) / POINTS for v in page.obj["/BleedBox"]] if "/BleedBox" in page.obj else None,
                    "images": len(page.get_images()),
                    "spots": {str(s[1])[1:] for s in spaces.values() if str(s[0]) == "/Separation"},
                    "words": bool(operators & {"Tj", "TJ"}),
                }
            )
    return found


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def unzipped(archives: list[Path]) -> dict[str, str]:
    """Name to digest of everything in the ZIP parts; each part whole and small enough for an Etsy listing."""
    assert 1 <= len(archives) <= 5
    found: dict[str, str] = {}
    for file in archives:
        assert file.stat().st_size <= 20_000_000
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                assert not name.startswith("/") and ".." not in name
                found[Path(name).name] = hashlib.sha256(archive.read(name)).hexdigest()
    return found
