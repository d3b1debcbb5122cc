"""Faults of the ZIP: its structure, its sizes and its names."""

from __future__ import annotations

import io
import re
import struct
import zipfile

from tests.trial.deliveries import Delivery
from tests.trial.planting import FIRST, fault, renamed


@fault("clipart", "zip.opens", "woodland-set.zip")
def the_zip_breaks_off(d: Delivery) -> bytes:
    return d.zipped()[:-400]


@fault("clipart", "zip.intact", FIRST)
def a_byte_is_flipped(d: Delivery) -> bytes:
    data = bytearray(d.zipped())
    at = data.index(d.contents[FIRST][:64]) + 3000
    data[at] ^= 0x10
    return bytes(data)


@fault("clipart", "zip.whole", "woodland-set.zip")
def bytes_lie_before_the_zip(d: Delivery) -> bytes:
    return b"junk" * 8 + d.zipped()


@fault("clipart", "zip.headers", FIRST)
def a_local_header_has_another_name(d: Delivery) -> bytes:
    return d.zipped().replace(FIRST.encode(), b"01-blab.png", 1)


@fault("clipart", "zip.intact", "product-card.pdf")
def the_directory_points_elsewhere(d: Delivery) -> bytes:
    data = bytearray(d.zipped())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 42, 0xFFFFF)
    return bytes(data)


@fault("clipart", "zip.size", "02-blob.png")
def two_files_share_their_bytes(d: Delivery) -> bytes:
    data = bytearray(d.zipped())
    entries = [m.start() for m in re.finditer(b"PK\x01\x02", data)]
    by_name = {data[at + 46 : at + 46 + struct.unpack_from("<H", data, at + 28)[0]].decode(): at for at in entries}
    [offset] = struct.unpack_from("<I", data, by_name[FIRST] + 42)
    struct.pack_into("<I", data, by_name["02-blob.png"] + 42, offset + 20)
    return bytes(data)


@fault("clipart", "zip.size", "zeros.bin")
def a_file_would_fill_the_disk(d: Delivery) -> bytes:
    d.contents["zeros.bin"] = bytes(30_000_000)
    return d.zipped(compress_type=zipfile.ZIP_DEFLATED)


@fault("clipart", "zip.open_to_all", FIRST)
def a_file_asks_for_a_password(d: Delivery) -> bytes:
    data = bytearray(d.zipped())
    at = next(m.start() for m in re.finditer(b"PK\x01\x02", data) if FIRST.encode() in data[m.start() : m.start() + 80])
    data[at + 8] |= 1
    return bytes(data)


@fault("clipart", "zip.method", FIRST)
def windows_cannot_unpack_the_method(d: Delivery) -> bytes:
    return d.zipped(compress_type=zipfile.ZIP_LZMA)


@fault("clipart", "zip.empty", "LICENSES-ART.txt")
def a_file_is_empty(d: Delivery) -> None:
    d.contents["LICENSES-ART.txt"] = b""


@fault("clipart", "zip.safe", "../01-blob.png")
def a_file_leaves_the_folder(d: Delivery) -> None:
    renamed(d, "../01-blob.png")


@fault("clipart", "zip.safe", "02-blob.png")
def a_file_is_a_link(d: Delivery) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in d.contents.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (0o120777 if name == "02-blob.png" else 0o100644) << 16
            archive.writestr(entry, data)
    return made.getvalue()


@fault("clipart", "zip.windows_names", "NUL.png")
def windows_reserves_the_name(d: Delivery) -> None:
    renamed(d, "NUL.png")


@fault("clipart", "zip.windows_names", "01-what?.png")
def windows_forbids_a_character(d: Delivery) -> None:
    renamed(d, "01-what?.png")


@fault("clipart", "zip.windows_names", "01 /blob.png")
def a_folder_ends_in_a_space(d: Delivery) -> None:
    renamed(d, "01 /blob.png")


@fault("clipart", "zip.windows_names", "01\\blob.png")
def a_name_has_a_backslash(d: Delivery) -> None:
    renamed(d, "01\\blob.png")


@fault("clipart", "zip.length", "01-long")
def a_name_is_too_long(d: Delivery) -> None:
    renamed(d, f"{'01-long-name/' * 16}blob.png")


@fault("clipart", "zip.unique", "02-BLOB.png")
def two_names_differ_in_case_only(d: Delivery) -> None:
    d.contents["02-BLOB.png"] = d.contents[FIRST]


@fault("clipart", "zip.unique", "cafe\u0301.txt")
def two_names_differ_in_their_accents_only(d: Delivery) -> None:
    d.contents["caf\u00e9.txt"] = d.contents["cafe\u0301.txt"] = b"menu"


@fault("clipart", "zip.text_names", "café.txt")
def a_name_is_not_marked_as_utf8(d: Delivery) -> bytes:
    d.contents["caf\u00e9.txt"] = b"menu"
    data = bytearray(d.zipped())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(signature), bytes(data)):
            if "café".encode() in data[match.start() : match.start() + 70]:
                data[match.start() + place + 1] &= ~0x08
    return bytes(data)
