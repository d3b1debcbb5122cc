"""A ZIP read from its bytes: our own parser of the central directory, compared with Python's `zipfile` as a second reader.

Follows PKWARE's APPNOTE 6.3. Sizes are in bytes. It must never trust a size before checking it against a limit, and
never write to disk.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from elistit.trial import filenames
from elistit.trial.report import Findings

ENTRY_MAX, TOTAL_MAX, ENTRIES_MAX = 1_000_000_000, 8_000_000_000, 20_000
# The most a file may unpack to, as a multiple of its packed size, once it is large.
_RATIO_MAX, _RATIO_FROM = 200, 10_000_000
_STORED, _DEFLATED = 0, 8
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_BIG, _BIG_SHORT = 0xFFFFFFFF, 0xFFFF
_UNIX = (3, 19)


class NotAZip(ValueError):
    """The file doesn't look like a ZIP at all. The message is one sentence."""


class Damaged(ValueError):
    """A ZIP, or one file in it, that can't be read. The message is one sentence."""


@dataclass
class Entry:
    """One file or folder in the central directory."""

    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int = 0
    name_words: str = ""
    """Why programs read the name differently; empty when they don't."""

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_mac_extra(self) -> bool:
        """Whether it is one of the files that macOS adds and hides."""
        return self.name.startswith("__MACOSX/") or self.name.rpartition("/")[2] == ".DS_Store"


@dataclass
class Archive:
    """A ZIP on disk or in memory, with the contents of its central directory."""

    name: str
    file: BinaryIO
    length: int
    entries: list[Entry] = field(default_factory=list)

    @property
    def files(self) -> list[Entry]:
        return [e for e in self.entries if not e.is_folder and not e.is_mac_extra]


def open_archive(name: str, file: BinaryIO, findings: Findings) -> Archive | None:
    """Read the directory of a ZIP and check everything except the content of the files. None when it can't be opened at
    all, which is a finding. Raises NotAZip for a file that isn't one."""
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    start = file.read(4)
    archive = Archive(name, file, length)
    try:
        _read_directory(archive, findings)
    except (Damaged, struct.error) as damaged:
        if start[:2] != b"PK":
            raise NotAZip(f"{name} is not a ZIP file.") from None
        words = str(damaged) if isinstance(damaged, Damaged) else "its list of files is cut off."
        findings.failed("zip.opens", name, f"The ZIP can't be opened: {words}")
        return None
    findings.passed("zip.opens", f"{len(archive.files)} files")
    _second_reader(archive, findings)
    _names(archive, findings)
    _properties(archive, findings)
    return archive


def _read_directory(archive: Archive, findings: Findings) -> None:
    file, length = archive.file, archive.length
    tail_from = max(0, length - 65_557)
    file.seek(tail_from)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0 and at + 22 + struct.unpack_from("<H", tail.ljust(at + 22, b"\0"), at + 20)[0] > len(tail):
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise Damaged("its end is missing.")
    disk, first_disk, here, count, size, offset, comment = struct.unpack_from("<HHHHIIH", tail, at + 4)
    end = tail_from + at
    after = length - end - 22 - comment
    if _BIG in (size, offset) or _BIG_SHORT in (count, here):
        end, count, size, offset, disk, first_disk, here = _zip64(file, end)
    if disk or first_disk or here != count:
        raise Damaged("it is one piece of a ZIP that was split over several files.")
    if count > ENTRIES_MAX:
        raise Damaged(f"it lists {count:,} files.")
    before = end - size - offset
    if before < 0:
        raise Damaged("its list of files doesn't lie where it says.")
    words = ""
    if before or after:
        words = f"{before or after:,} bytes that don't belong to it lie {'before' if before else 'after'} its contents."
    findings.judge("zip.whole", archive.name, words)
    file.seek(end - size)
    directory = file.read(size)
    at = 0
    for _ in range(count):
        entry, at = _entry(directory, at, before)
        archive.entries.append(entry)
    if at != len(directory):
        raise Damaged("its list of files is longer than it says.")


def _zip64(file: BinaryIO, end: int) -> tuple[int, int, int, int, int, int, int]:
    file.seek(max(0, end - 20))
    locator = file.read(20)
    if locator[:4] != b"PK\x06\x07":
        raise Damaged("its end doesn't say where its list of files is.")
    [at] = struct.unpack_from("<Q", locator, 8)
    file.seek(at)
    record = file.read(56)
    if record[:4] != b"PK\x06\x06":
        raise Damaged("its end doesn't say where its list of files is.")
    disk, first_disk, here, count, size, offset = struct.unpack_from("<IIQQQQ", record, 16)
    return at, count, size, offset, disk, first_disk, here


def _entry(directory: bytes, at: int, before: int) -> tuple[Entry, int]:
    if directory[at : at + 4] != b"PK\x01\x02":
        raise Damaged("its list of files is damaged.")
    made_by, _, flags, method, _, _, crc, packed, size, named, more, comment, _, _, outside, offset = (
        struct.unpack_from("<HHHHHHIIIHHHHHII", directory, at + 4)
    )
    raw = directory[at + 46 : at + 46 + named]
    extra = _extra(directory[at + 46 + named : at + 46 + named + more])
    if 1 in extra:
        size, packed, offset = _big(extra[1], size, packed, offset)
    name, words = _decoded(raw, flags, extra)
    entry = Entry(name, raw, flags, method, crc, packed, size, offset + before, name_words=words)
    if made_by >> 8 in _UNIX:
        entry.mode = outside >> 16
    return entry, at + 46 + named + more + comment


def _extra(data: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        found[kind] = data[at + 4 : at + 4 + size]
        at += 4 + size
    return found


def _big(data: bytes, *values: int) -> tuple[int, ...]:
    """The values, with those too large for 32 bits taken from the ZIP64 field, in its order."""
    numbers = list(struct.unpack(f"<{len(data) // 8}Q", data[: len(data) // 8 * 8]))
    return tuple(numbers.pop(0) if v == _BIG and numbers else v for v in values)


def _decoded(raw: bytes, flags: int, extra: dict[int, bytes]) -> tuple[str, str]:
    """A name as most programs read it, and why others read it differently."""
    if raw.isascii():
        return raw.decode("ascii"), ""
    if flags & _UTF8:
        try:
            return raw.decode("utf-8"), ""
        except UnicodeDecodeError:
            return raw.decode("utf-8", "replace"), "its name is marked as UTF-8 and isn't."
    info = extra.get(0x7075, b"")
    if len(info) > 5 and info[0] == 1 and struct.unpack_from("<I", info, 1)[0] == zlib.crc32(raw):
        return info[5:].decode("utf-8", "replace"), ""
    try:
        shown = raw.decode("utf-8")
    except UnicodeDecodeError:
        shown = raw.decode("cp437")
    return shown, "its name has letters beyond English and isn't marked as UTF-8, so Windows shows other letters."


def _second_reader(archive: Archive, findings: Findings) -> None:
    try:
        archive.file.seek(0)
        with zipfile.ZipFile(archive.file) as other:
            seen = [(i.header_offset, i.file_size, i.compress_size, i.CRC) for i in other.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError, EOFError) as refused:
        findings.failed("zip.readers", archive.name, f"A second program can't open it: {refused}.")
        return
    ours = [(e.offset, e.size, e.packed, e.crc) for e in archive.entries]
    words = "" if seen == ours else "Two programs see different files in it."
    findings.judge("zip.readers", archive.name, words)


def _names(archive: Archive, findings: Findings) -> None:
    for entry in archive.entries:
        if entry.is_mac_extra:
            continue
        link = stat.S_ISLNK(entry.mode)
        unsafe = "it is a link to another file, not a file." if link else filenames.unsafe(entry.name)
        for check, words in (
            ("zip.safe", unsafe),
            ("zip.windows_names", "" if unsafe and not link else filenames.windows(entry.name)),
            ("zip.length", filenames.too_long(entry.name, archive.name)),
            ("zip.text_names", entry.name_words),
        ):
            findings.judge(check, entry.name, words[:1].upper() + words[1:])
    pairs = filenames.collisions(e.name for e in archive.entries if not e.is_mac_extra)
    for name, other in pairs:
        findings.failed("zip.unique", name, f"On Windows and macOS it replaces {other}.")
    if not pairs:
        findings.passed("zip.unique")


def _properties(archive: Archive, findings: Findings) -> None:
    for entry in archive.files:
        secret = entry.flags & (_ENCRYPTED | 0x40) or entry.method == 99
        findings.judge("zip.open_to_all", entry.name, "It is encrypted and asks for a password." if secret else "")
        method = _METHODS.get(entry.method, f"method {entry.method}")
        refused = entry.method not in (_STORED, _DEFLATED)
        words = f"It is packed with {method}, which Windows can't unpack on its own." if refused else ""
        findings.judge("zip.method", entry.name, words)
        findings.judge("zip.empty", entry.name, "The file is empty." if entry.size == 0 else "")
    _bounds(archive, findings)


def _bounds(archive: Archive, findings: Findings) -> None:
    """Report what would fill a buyer's disk: one file, all of them, or files that share their bytes."""
    total = sum(e.size for e in archive.entries)
    for entry in archive.entries:
        if entry.size > ENTRY_MAX or (entry.size > _RATIO_FROM and entry.size > _RATIO_MAX * max(entry.packed, 1)):
            words = f"It claims to unpack from {entry.packed:,} to {entry.size:,} bytes."
            findings.failed("zip.size", entry.name, words)
    if total > TOTAL_MAX or (total > _RATIO_FROM and total > _RATIO_MAX * archive.length):
        findings.failed("zip.size", archive.name, f"It claims to unpack to {total:,} bytes.")
    ends = 0
    for entry in sorted(archive.entries, key=lambda e: e.offset):
        if entry.offset < ends:
            findings.failed("zip.size", entry.name, "It shares its bytes with another file in the ZIP.")
        ends = entry.offset + 30 + len(entry.raw) + entry.packed
    findings.passed("zip.size", f"{total:,} bytes unpacked")


def bounded(entry: Entry) -> bool:
    """Whether it is safe to unpack a file in memory."""
    return entry.size <= ENTRY_MAX and not (entry.size > _RATIO_FROM and entry.size > _RATIO_MAX * max(entry.packed, 1))


def read(archive: Archive, entry: Entry, findings: Findings) -> bytes | None:
    """The bytes of one file, unpacked once and compared with its listed sizes and checksum. None when they can't be
    read or differ, which is a finding."""
    if not bounded(entry) or entry.flags & _ENCRYPTED or entry.method not in (_STORED, _DEFLATED):
        return None  # already reported by zip.size, zip.open_to_all or zip.method
    try:
        data, words = _unpacked(archive, entry)
    except (Damaged, zlib.error, struct.error) as damaged:
        said = str(damaged) if isinstance(damaged, Damaged) else "its packed bytes are damaged."
        findings.failed("zip.intact", entry.name, f"It can't be unpacked: {said}")
        return None
    findings.judge("zip.headers", entry.name, words)
    if len(data) != entry.size or zlib.crc32(data) != entry.crc:
        findings.failed("zip.intact", entry.name, "Its bytes don't match its checksum, so it was damaged.")
        return None
    findings.passed("zip.intact")
    return data


def _unpacked(archive: Archive, entry: Entry) -> tuple[bytes, str]:
    """The bytes and, as a sentence, how the local header differs from the directory."""
    archive.file.seek(entry.offset)
    header = archive.file.read(30)
    if header[:4] != b"PK\x03\x04":
        raise Damaged("it isn't where the list of files says.")
    flags, method, _, _, crc, packed, size, named, more = struct.unpack_from("<HHHHIIIHH", header, 6)
    raw, extra = archive.file.read(named), _extra(archive.file.read(more))
    if 1 in extra:
        size, packed = _big(extra[1], size, packed)
    body = archive.file.read(entry.packed)
    if len(body) < entry.packed:
        raise Damaged("the ZIP ends before it does.")
    words = ""
    stated = (crc, packed, size)
    if flags & _DESCRIPTOR:
        stated = _descriptor(archive.file.read(24), entry) or stated
    if raw != entry.raw or method != entry.method or stated != (entry.crc, entry.packed, entry.size):
        words = "The header beside it gives another name, size or checksum than the list of files."
    if entry.method == _STORED:
        return body, words
    unpacker = zlib.decompressobj(-15)
    data = unpacker.decompress(body, entry.size + 1)
    if len(data) <= entry.size and not unpacker.eof:
        raise Damaged("its packed bytes break off.")
    return data, words


def _descriptor(after: bytes, entry: Entry) -> tuple[int, int, int] | None:
    """The values of a data descriptor, with or without its signature, in 32 or 64 bits. None when no variant matches."""
    wanted = (entry.crc, entry.packed, entry.size)
    for skip in (4, 0) if after[:4] == b"PK\x07\x08" else (0,):
        for form in ("<III", "<IQQ"):
            if len(after) >= skip + struct.calcsize(form) and struct.unpack_from(form, after, skip) == wanted:
                return wanted
    return -1, -1, -1
