"""The ZIP files a buyer downloads: at most five parts of at most 20 MB each, because that is what an Etsy listing takes.

First the images are packed as they are; only when they do not fit are copies made smaller, by color reduction that
the eye does not see and then by size. The files given in must never be changed, and the same files always give the
same ZIP bytes.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyvips

from elistit import names
from elistit.artwork import provenance
from elistit.artwork.export import info, open_image, reading, to_srgb8, write_png
from elistit.artwork.parts import ENTRY_BYTES, PART_MAX, PARTS_MAX, first_fit
from elistit.artwork.signing import Order

# Longest side in pixels, tried in turn once reducing colors is not enough.
SIZE_STEPS = (3600, 3000)
SMALLER = "smaller"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
# After this many reduced images their average says whether the rest can fit; a doomed size is then left early. The average may
# still be off by so much over the square root of their number: more where the largest come first.
_SAMPLE, _OFF_OF_LARGEST, _OFF_OF_ALL = 4, 0.3, 0.2
_SPREAD = 0.618034


# Parts behind a download link: large enough to be few, small enough for a browser to fetch in one piece.
LINK_PART_MAX = 1_000_000_000
LINK_PARTS_MAX = 99


class TooLarge(ValueError):
    """The files do not fit into what an Etsy listing takes; they need a download link. The message is one sentence."""


@dataclass(frozen=True)
class Copies:
    """Smaller copies: `pairs` of an image and its copy, and the longest side in pixels, None for fewer colors only."""

    pairs: list[tuple[Path, Path]]
    px: int | None


@dataclass(frozen=True)
class Fitted:
    """Images that fit: `files` in the order given, each file's copy when it had to be made smaller.

    `treatment` is `lossless`, `colors` (some images color-reduced) or `size` (all color-reduced and scaled to
    `longest_px`, the longest side in pixels). `reduced` counts the images that are not the originals.
    """

    files: list[Path]
    treatment: str
    longest_px: int
    reduced: int


def fit(
    files: Sequence[Path],
    out_dir: Path,
    *,
    reserve: int = 0,
    fixed: Sequence[Path] = (),
    order: Order | None = None,
    part_max: int = PART_MAX,
    parts_max: int = PARTS_MAX,
    make: Callable[[Copies, int], None] | None = None,
) -> Fitted:
    """Decide how the images fit, making smaller copies under `out_dir/smaller/` where needed. Only PNGs are reduced.

    `reserve` is the number of bytes to keep free in part 1 for the extra files; `fixed` are files that go along as they
    are; smaller copies are signed as `order` says, and those already there are used. `make` makes a copy that isn't, by
    default here and now. Use it when the card must state the sizes the buyer really gets. Raises TooLarge when nothing makes
    them fit, and ValueError with one plain sentence when there is nothing to pack.
    """
    files, make = list(files), make or partial(_make_one, order)
    beside = _costs([*files, *fixed])[len(files) :]
    if not files:
        raise ValueError("There is nothing to pack.")
    longest = max(max(i.width, i.height) for i in (open_image(f) for f in files))

    def fits(sizes: list[int]) -> bool:
        return first_fit([*sizes, *beside], reserve, part_max, parts_max) is not None

    if fits(_costs([*files, *fixed])[: len(files)]):
        return Fitted(files, "lossless", longest, 0)
    # Copies of a size that didn't do stay until the folder goes: the same question is asked more than once.
    smaller = out_dir / SMALLER
    room = part_max * parts_max - reserve - sum(beside)
    if reduced := _reduce(files, smaller, None, fits, room, make):
        return Fitted(reduced, "colors", longest, sum(a != b for a, b in zip(files, reduced, strict=True)))
    for px in SIZE_STEPS:
        if px < longest and (reduced := _reduce(files, smaller, px, fits, room, make)):
            return Fitted(reduced, "size", px, sum(a != b for a, b in zip(files, reduced, strict=True)))
    raise TooLarge(
        f"The {len(files)} images do not fit into {parts_max} ZIP files of {part_max / 1e6:.0f} MB, "
        "even with fewer colors and at a smaller size."
    )


def wanted(files: Sequence[Path], out_dir: Path, *, ahead: int, **how: Any) -> Copies | None:
    """The next copies that `fit` would make for these files, so that they can be made in several processes (`make_copies`): about
    `ahead` of them. None when it would make no more. `how` as for `fit`."""

    def stop(copies: Copies, at: int) -> None:
        until = _SAMPLE if at < _SAMPLE else at + ahead
        raise _Wanted(replace(copies, pairs=copies.pairs[at:until]))

    try:
        fit(files, out_dir, make=stop, **how)
    except _Wanted as found:
        return found.copies
    except TooLarge:
        pass
    return None


class _Wanted(Exception):
    def __init__(self, copies: Copies) -> None:
        super().__init__("copies are missing")
        self.copies = copies


def zip_parts(
    files: Sequence[Path],
    out_dir: Path,
    base_name: str,
    extra: Sequence[Path] = (),
    *,
    part_max: int = PART_MAX,
    parts_max: int = PARTS_MAX,
) -> list[Path]:
    """Pack files that are known to fit. Same files, same names, same bytes. Raises ValueError when they do not fit."""
    files, extra = list(files), list(extra)
    inside = _inside([*extra, *files])
    costs = _costs([*extra, *files])
    packed = first_fit(costs[len(extra) :], sum(costs[: len(extra)]), part_max, parts_max)
    if packed is None:
        raise TooLarge(f"The files do not fit into {parts_max} ZIP files of {part_max / 1e6:.0f} MB.")
    out_dir.mkdir(parents=True, exist_ok=True)
    base = safe_name(base_name)
    made: list[Path] = []
    for number, indexes in enumerate(packed, start=1):
        name = f"{base}.zip" if len(packed) == 1 else f"{base} part {number} of {len(packed)}.zip"
        first = list(zip(extra, inside, strict=False)) if number == 1 else []
        contents = first + [(files[i], inside[len(extra) + i]) for i in sorted(indexes)]
        made.append(_write_zip(out_dir / name, contents))
    return made


def safe_name(name: str) -> str:
    """The name of a file inside a ZIP, or of the ZIP (`names.file_name`)."""
    return names.file_name(name)


def _inside(files: Sequence[Path]) -> list[str]:
    """What the files are called inside the ZIPs: no two alike, upper and lower case aside."""
    return names.unlike(safe_name(f.name) for f in files)


def _costs(files: Sequence[Path]) -> list[int]:
    return [cost(f, name) for f, name in zip(files, _inside(files), strict=True)]


def _write_zip(out: Path, contents: list[tuple[Path, str]]) -> Path:
    part = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for file, name in contents:
                entry = zipfile.ZipInfo(name, _FIXED_DATE)
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                with file.open("rb") as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return out


def cost(file: Path, name: str = "") -> int:
    """The bytes a file takes inside a stored ZIP under a name, header and directory entry included."""
    return file.stat().st_size + ENTRY_BYTES + 2 * len(name or safe_name(file.name))


def _reduce(
    files: list[Path],
    folder: Path,
    px: int | None,
    fits: Callable[[list[int]], bool],
    capacity: int,
    make: Callable[[Copies, int], None],
) -> list[Path] | None:
    """Color-reduced copies, the largest file first, until all fit; None when they do not.

    With `px`, every image is also scaled so that its longest side is at most `px`, because a set in two sizes would
    surprise the buyer; then all of them are reduced, large and small ones in turn, so that the first speak for the others.
    """
    current, called = list(files), _inside(files)
    turns = [i for i, f in enumerate(files) if f.suffix.lower() == ".png"]
    turns.sort(key=lambda i: (-files[i].stat().st_size, i))
    if px is not None:
        turns = [turns[place] for place in sorted(range(len(turns)), key=lambda place: place * _SPREAD % 1)]
    copies = Copies([(files[i], folder / (f"{px}" if px else "colors") / called[i]) for i in turns], px)
    before = after = 0
    for at, index in enumerate(turns):
        done, (file, copy) = at + 1, copies.pairs[at]
        if not copy.exists():
            make(copies, at)
        before += file.stat().st_size
        after += copy.stat().st_size
        # Color reduction can grow a tiny or already reduced file.
        if px is not None or copy.stat().st_size < file.stat().st_size:
            current[index] = copy
        if (px is None or done == len(turns)) and fits(_costs(current)):
            return current
        rest = sum(files[i].stat().st_size for i in turns[done:])
        sampled, off = (done == _SAMPLE, _OFF_OF_LARGEST) if px is None else (done >= _SAMPLE, _OFF_OF_ALL)
        if sampled and after + rest * after / before > capacity * (1 + off / done**0.5):
            return None
    return None


def _make_one(order: Order | None, copies: Copies, at: int) -> None:
    make_copies(replace(copies, pairs=copies.pairs[at : at + 1]), order)


def make_copies(copies: Copies, order: Order | None = None) -> None:
    """Make smaller copies, signed as `order` says. Each appears whole or not at all."""
    for src, out in copies.pairs:
        # Under its own name, which is what it is called where it is signed.
        part = out.parent / ".making" / out.name
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write_reduced(src, part, copies.px, order)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)


def _write_reduced(src: Path, out: Path, px: int | None, order: Order | None = None) -> None:
    facts = info(src)
    if px is None:
        image = open_image(src)
    else:
        with reading():
            image = pyvips.Image.thumbnail(str(src), px, height=px, size="down", fail_on="truncated")
    # Without dithering: it would add grain to flat washes and bytes to the file; measured 47 dB either way.
    write_png(to_srgb8(image), out, facts.dpi, palette=True, Q=90, dither=0.0, effort=7, filter="none")
    stated = provenance.carry(src, out)
    if order:
        order.version_of(src, stated).sign(out)
