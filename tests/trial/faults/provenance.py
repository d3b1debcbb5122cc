"""Faults of what files say of how they were made."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pikepdf

from tests.trial.deliveries import Delivery, picture, saved
from tests.trial.planting import CUT, FIRST, fault


@fault("clipart", "file.source", FIRST)
def an_image_lost_its_marks(d: Delivery) -> None:
    d.contents[FIRST] = saved(picture(d.contents[FIRST]))


@fault("clipart", "file.source", FIRST)
def an_image_says_that_it_is_a_photo(d: Delivery) -> None:
    told = b"trainedAlgorithmicMedia"
    d.contents[FIRST] = _rechecked(d.contents[FIRST].replace(told, b"digitalCapture".ljust(len(told))))


def _rechecked(png: bytes) -> bytes:
    """A PNG with the checksums of its text chunks made right again."""
    data, at = bytearray(png), 8
    while at < len(data):
        [length] = struct.unpack_from(">I", data, at)
        struct.pack_into(">I", data, at + 8 + length, zlib.crc32(data[at + 4 : at + 8 + length]))
        at += 12 + length
    return bytes(data)


@fault("wall_art", "file.source", "sun-2x3-large.jpg")
def a_print_lost_its_marks(d: Delivery) -> None:
    d.contents["sun-2x3-large.jpg"] = saved(picture(d.contents["sun-2x3-large.jpg"]), "JPEG", quality=90)


@fault("sticker", "file.source", CUT)
def a_cut_line_lost_its_marks(d: Delivery) -> None:
    d.contents[CUT] = re.sub(rb"<metadata.*?</metadata>", b"", d.contents[CUT], flags=re.DOTALL)


@fault("clipart", "file.source", "product-card.pdf")
def the_card_lost_its_marks(d: Delivery) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(d.contents["product-card.pdf"])) as pdf:
        del pdf.Root.Metadata
        pdf.save(out)
    d.contents["product-card.pdf"] = out.getvalue()
