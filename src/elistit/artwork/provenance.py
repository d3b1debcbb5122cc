"""How a file was made, said in the file itself: the IPTC digital source type and what goes with it, as XMP.

This is the one home of these marks: what they are, how they are read, written, carried over a re-encoding and combined.
Nothing private goes into a file: no prompt, no name, no address. It must never invent a source for what a seller brought.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork import embedding, xmp
from elistit.on_use import OnUse

if TYPE_CHECKING:
    import pikepdf
else:
    pikepdf = OnUse("pikepdf")

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = f"{VOCABULARY}trainedAlgorithmicMedia"
"""Made by a model that was trained on sampled media."""
ALGORITHMIC = f"{VOCABULARY}algorithmicMedia"
"""Made purely by an algorithm that was trained on nothing, such as the built-in artist."""
SYNTHETIC = f"{VOCABULARY}compositeSynthetic"
"""Put together from several elements, at least one of them made by a trained model."""
WITH_TRAINED = f"{VOCABULARY}compositeWithTrainedAlgorithmicMedia"
"""Media of another source, such as a photo, with trained algorithmic media put into it."""
COMPOSITE = f"{VOCABULARY}composite"
"""Put together from elements of any source."""

TOOL = "Elistit"
SUFFIXES = (".png", ".jpg", ".svg", ".pdf")
"""The endings of the files that carry marks. A `.zip` and a `.txt` have no place for them."""

_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_CREATOR_TOOL = "{http://ns.adobe.com/xap/1.0/}CreatorTool"
_NAMES = {
    "source": f"{_IPTC}DigitalSourceType",
    "system": f"{_IPTC}AISystemUsed",
    "version": f"{_IPTC}AISystemVersionUsed",
    "tool": _CREATOR_TOOL,
    "credit": "{http://ns.adobe.com/photoshop/1.0/}Credit",
    "label": "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC",
}
_LONGEST = {"label": 2_000}
_RECEIVED = ".as-received."
_SOURCE = re.compile(r"(?:https?://cv\.iptc\.org/newscodes/digitalsourcetype/)?([A-Za-z]{3,60})/?")
# Of a seller's own image only what says how it was made is kept: a credit is usually someone's name.
_OF_UPLOADS = ("source", "system", "version", "label")


@dataclass(frozen=True)
class Marks:
    """What a file says of its making; every field may be empty. `source` is an address of the IPTC vocabulary, `system` and
    `version` the AI model, `tool` the program that wrote the file, `credit` and `label` what a provider wrote."""

    source: str = ""
    system: str = ""
    version: str = ""
    tool: str = ""
    credit: str = ""
    label: str = ""

    def plain(self) -> dict[str, str]:
        """The fields that say something, JSON-safe. `marks` reads them back."""
        return {name: value for name, value in asdict(self).items() if value}

    def before(self, others: Marks) -> Marks:
        """These marks, and what only the others say. A file that names the studio alone as its tool takes a fuller name."""
        merged = {f.name: getattr(self, f.name) or getattr(others, f.name) for f in fields(Marks)}
        if self.tool == TOOL and others.tool:
            merged["tool"] = others.tool
        return Marks(**merged)


def marks(plain: dict[str, Any] | None) -> Marks:
    """Marks from plain values; unknown names are left out."""
    known = {f.name for f in fields(Marks)}
    return Marks(**{name: str(value) for name, value in (plain or {}).items() if name in known})


def made_by(model: str) -> Marks:
    """The marks of an image a model made: `builtin/…` is an algorithm, any other is a trained model. Empty for no model, which
    is a seller's own image."""
    if not model:
        return Marks(tool=TOOL)
    if model.startswith("builtin/"):
        return Marks(source=ALGORITHMIC, tool=f"{TOOL} ({model})")
    return Marks(source=TRAINED, system=model, tool=TOOL)


def combined(parts: Sequence[Marks], photo: bool = False) -> Marks:
    """The marks of what is put together from several images by our own algorithms. `photo`: a photo of the seller's is in it."""
    sources = {p.source for p in parts}
    trained = any(_is_trained(source) for source in sources)
    if photo:
        source = WITH_TRAINED if trained else COMPOSITE if sources & {ALGORITHMIC} else ""
    elif trained:
        source = SYNTHETIC
    else:
        source = ALGORITHMIC if sources == {ALGORITHMIC} else COMPOSITE if ALGORITHMIC in sources else ""
    systems = sorted({p.system for p in parts if p.system})
    tools = {p.tool for p in parts}
    return Marks(
        source=source,
        system=", ".join(systems),
        tool=tools.pop() if len(tools) == 1 else TOOL,
        label=next((p.label for p in parts if p.label), ""),
    )


def _is_trained(source: str) -> bool:
    return source in (TRAINED, SYNTHETIC, WITH_TRAINED)


def read(path: Path) -> Marks:
    """The marks in a PNG, JPEG, WebP, SVG or PDF. Empty for a file without any and for one that can't be read."""
    found = xmp.properties(embedding.find(path), tuple(_NAMES.values()))
    stated = {field: _clean(field, found.get(name, "")) for field, name in _NAMES.items()}
    return Marks(**stated)


def _clean(field: str, value: str) -> str:
    """A value as it may stand in a file of ours: known words only for a source, one short line for the rest."""
    if field == "source":
        match = _SOURCE.fullmatch(value.strip())
        return f"{VOCABULARY}{match[1]}" if match else ""
    line = "".join(c for c in " ".join(value.split()) if c.isprintable())
    return line[: _LONGEST.get(field, 200)]


def write(path: Path, wanted: Marks) -> Marks:
    """Put marks into a PNG, JPEG, SVG or PDF in place, and say which it has now. What the file already says stays.

    Idempotent: once more changes no byte. A file of another kind by its ending is left alone. Raises `embedding.NotMarkable`
    for one that isn't what its name says.
    """
    if path.suffix.lower() not in SUFFIXES:
        return Marks()
    here = read(path)
    stated = marks({field: _clean(field, value) for field, value in here.before(wanted).plain().items()})
    if stated == here:
        return here
    if path.suffix.lower() == ".pdf":
        _write_pdf(path, stated)
    else:
        embedding.put(path, _properties(stated))
    return stated


def _properties(stated: Marks) -> dict[str, str]:
    return {_NAMES[field]: value for field, value in stated.plain().items()}


def _write_pdf(path: Path, stated: Marks) -> None:
    """Marks in the XMP of a PDF, which agrees with its Info dictionary (ISO 15930-7 asks for that)."""
    part = path.with_name(f".{path.name}.marked")
    try:
        with pikepdf.open(path) as pdf:
            if stated.tool:
                pdf.docinfo["/Creator"] = stated.tool
            if not str(pdf.docinfo.get("/Author", "?")).strip():
                del pdf.docinfo["/Author"]
            bare = "/Metadata" not in pdf.Root
            with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
                if bare:
                    _from_info(meta, pdf)
                for name, value in _properties(stated).items():
                    meta[name] = value
            pdf.save(part, deterministic_id=True, fix_metadata_version=False)
        os.replace(part, path)
    except pikepdf.PdfError:
        raise embedding.NotMarkable("The PDF can't be read.") from None
    finally:
        part.unlink(missing_ok=True)


def _from_info(meta: Any, pdf: pikepdf.Pdf) -> None:
    """New XMP of what the Info dictionary says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what XMP has another name for is set below
        meta.load_from_docinfo(pdf.docinfo)
    if "/Trapped" in pdf.docinfo:
        meta["pdf:Trapped"] = str(pdf.docinfo["/Trapped"]).lstrip("/")


def carry(source: Path, out: Path, *, upload: bool = False) -> Marks:
    """Bring the marks of a file over to what was made from it, where a re-encoding dropped them. Of an `upload` only what says
    how it was made. Nothing is written when there are none. Raises `embedding.NotMarkable`."""
    found = read(source)
    if upload:
        found = marks({name: value for name, value in found.plain().items() if name in _OF_UPLOADS})
    return write(out, found) if found != Marks() else found


def keep_manifest(source: Path, out: Path) -> Path | None:
    """A copy beside `out` of a file with a C2PA manifest, byte for byte: no re-encoding keeps one. None without a manifest."""
    if not embedding.has_manifest(source):
        return None
    ending = {"png": "png", "jpeg": "jpg", "webp": "webp"}[embedding.kind(source)]
    copy = out.with_name(f"{out.stem}{_RECEIVED}{ending}")
    shutil.copyfile(source, copy)
    return copy


def received(image: Path) -> Path | None:
    """The copy that `keep_manifest` left beside an image, or None."""
    return next(iter(sorted(image.parent.glob(f"{glob.escape(image.stem)}{_RECEIVED}*"))), None)
