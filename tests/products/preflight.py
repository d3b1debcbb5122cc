"""A preflight of buyer files by programs that did not write them: exiftool, pngcheck, qpdf and poppler's pdffonts where they are
installed, and Pillow, pikepdf, an XML parser and both SVG renderers everywhere."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pyvips
import resvg_py
from PIL import Image

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
TOOL = "{http://ns.adobe.com/xap/1.0/}CreatorTool"
DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"


def said(*command: str | Path, codes: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in codes, f"{command}: {done.stdout[-600:]}{done.stderr[-600:]}"
    return done.stdout


def packet(file: Path) -> bytes:
    """The XMP of a file as Pillow, pikepdf or an XML parser finds it."""
    if file.suffix == ".pdf":
        with pikepdf.open(file) as document:
            return bytes(document.Root.Metadata.read_bytes())
    if file.suffix == ".svg":
        return file.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(file) as image:
            told = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return told.encode() if isinstance(told, str) else told


def stated(file: Path) -> dict[str, str]:
    """The plain properties in a file's XMP, by their local name."""
    found: dict[str, str] = {}
    raw = packet(file)
    for description in ElementTree.fromstring(raw).iter(DESCRIPTION) if raw else ():
        for key, value in [*description.attrib.items(), *((e.tag, e.text or "") for e in description)]:
            if key.startswith(IPTC) or key == TOOL:
                found[key.rpartition("}")[2]] = value
    return found


def preflight(made: Iterable[Path], source: str, private: tuple[str, ...] = ()) -> int:
    """Hold every image, drawing and PDF against what it should say and be. `source`: the term of the IPTC vocabulary, empty for
    none. `private`: words that may stand in no metadata. How many files were looked at."""
    looked = 0
    for file in made:
        if file.suffix not in (".png", ".jpg", ".svg", ".pdf"):
            continue
        looked += 1
        told = stated(file)
        assert told.get("DigitalSourceType", "") == (f"{VOCABULARY}{source}" if source else ""), file.name
        assert told.get("CreatorTool", "").startswith("Elistit"), file.name
        _metadata(file, told, private)
        {".png": _png, ".jpg": _jpeg, ".svg": _svg, ".pdf": _pdf}[file.suffix](file)
    return looked


def _metadata(file: Path, told: dict[str, str], private: tuple[str, ...]) -> None:
    words = packet(file).decode("utf-8", "replace").lower() if file.suffix != ".svg" else ""
    if shutil.which("exiftool"):
        [tags] = json.loads(said("exiftool", "-j", "-G1", "-a", "-struct", "-validate", "-all", file, codes=(0, 1)))
        assert tags.get("XMP-iptcExt:DigitalSourceType", "") == told.get("DigitalSourceType", ""), file.name
        # Its validation takes XMP inside any SVG for misplaced, whoever wrote it.
        assert file.suffix == ".svg" or tags["ExifTool:Validate"] in ("OK", "0 0 0"), (file.name, tags)
        words += json.dumps({k: v for k, v in tags.items() if k.startswith("XMP")}).lower()
    for word in private:
        assert word.lower() not in words, f"{file.name} says {word}"


def _png(file: Path) -> None:
    with Image.open(file) as image:
        image.load()
    if shutil.which("pngcheck"):
        said("pngcheck", "-q", file)


def _jpeg(file: Path) -> None:
    with Image.open(file) as image:
        image.load()


def _svg(file: Path) -> None:
    data = file.read_bytes()
    one = np.asarray(Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), width=200, dpi=96)))))
    two: Any = pyvips.Image.svgload_buffer(data, unlimited=True)
    assert one[..., 3].max() > 0, file.name
    assert two[3].max() > 0, file.name


def _pdf(file: Path) -> None:
    if shutil.which("qpdf"):
        assert "No syntax or stream encoding errors" in said("qpdf", "--check", file)
    if shutil.which("pdffonts"):
        for line in said("pdffonts", file).splitlines()[2:]:
            assert line.split()[-5] == "yes", f"{file.name}: a font is not embedded: {line}"
    with pikepdf.open(file) as document, document.open_metadata(update_docinfo=False) as meta:
        info = {str(k): str(v) for k, v in document.docinfo.items()}
        assert meta.get("xmp:CreatorTool") == info["/Creator"], file.name
        assert meta.get("pdf:Producer") == info["/Producer"], file.name
        assert meta.get("dc:title") == info["/Title"], file.name
