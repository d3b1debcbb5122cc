"""The planted faults: each spoils one thing in a good delivery. `FAULTS[name]` is the product, the check that has to find it,
a part of the file's name it has to say, and the planting, which may answer with ZIP bytes of its own."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pikepdf
import pyvips
from PIL import Image

from tests.trial.deliveries import Delivery, picture, saved

Plant = Callable[[Delivery], bytes | None]
FAULTS: dict[str, tuple[str, str, str, Plant]] = {}
FIRST, CUT, SHEET = "01-blob.png", "01-blob-cut.svg", "sticker-sheet-1"
CARD_PDF, CARD_PNG = "wreath-card.pdf", "wreath-front.png"


def fault(product: str, check: str, file: str) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (product, check, file, plant)
        return plant

    return add


def renamed(delivery: Delivery, name: str) -> None:
    """The first image under another name, as if that were its name."""
    delivery.contents[name] = delivery.contents.pop(FIRST)
    for made in delivery.promise["files"]:
        if made["name"] == FIRST:
            made["name"] = name


# --- the ZIP --------------------------------------------------------------------------------------------------------------


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


# --- what is in it --------------------------------------------------------------------------------------------------------


@fault("clipart", "delivery.complete", "02-blob.png")
def an_image_is_missing(d: Delivery) -> None:
    del d.contents["02-blob.png"]


@fault("clipart", "delivery.numbering", "2 images")
def a_number_is_skipped(d: Delivery) -> None:
    renamed(d, "03-blob.png")


@fault("clipart", "delivery.card", "product-card.pdf")
def the_card_is_missing(d: Delivery) -> None:
    del d.contents["product-card.pdf"]


@fault("clipart", "delivery.same", "another-sellers.png")
def another_sellers_file_is_in_it(d: Delivery) -> None:
    d.contents["another-sellers.png"] = d.contents[FIRST]


@fault("wall_art", "delivery.same", "sun-3x4-large.jpg")
def a_print_is_not_the_one_that_was_made(d: Delivery) -> None:
    d.contents["sun-3x4-large.jpg"] = saved(picture(d.contents["sun-3x4-large.jpg"]), "JPEG", quality=70)


@fault("wall_art", "delivery.contents", "4:5")
def a_ratio_is_missing(d: Delivery) -> None:
    d.promise["files"] = [f for f in d.promise["files"] if "4x5" not in f["name"]]
    del d.contents["sun-4x5-large.jpg"]


@fault("sticker", "delivery.contents", "image 2")
def a_cut_line_was_never_made(d: Delivery) -> None:
    d.promise["files"] = [f for f in d.promise["files"] if f["name"] != "02-blob-cut.svg"]
    del d.contents["02-blob-cut.svg"]


@fault("sticker", "delivery.contents", "print sheets")
def a_sheet_shows_another_number_of_stickers(d: Delivery) -> None:
    d.promise["numbers"] = [1, 2, 3]


@fault("clipart", "delivery.link", "product-card.pdf")
def the_card_has_no_download_link(d: Delivery) -> None:
    d.promise["link"] = "https://studio.example/d/abc"


# --- images ---------------------------------------------------------------------------------------------------------------


@fault("clipart", "image.opens", FIRST)
def an_image_breaks_off(d: Delivery) -> None:
    d.remade(FIRST, d.contents[FIRST][:-3000])


@fault("clipart", "image.opens", FIRST)
def an_image_is_an_error_page(d: Delivery) -> None:
    d.remade(FIRST, b"<html>404 Not Found</html>")


@fault("wall_art", "image.opens", "sun-2x3-large.jpg")
def a_jpeg_breaks_off(d: Delivery) -> None:
    data = d.contents["sun-2x3-large.jpg"]
    d.remade("sun-2x3-large.jpg", data[: len(data) // 2])


@fault("clipart", "image.format", FIRST)
def an_image_is_named_for_another_format(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]), "WEBP"))


@fault("clipart", "image.size", FIRST)
def an_image_is_too_small(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]).resize((200, 200))))


@fault("clipart", "image.dpi", FIRST)
def an_image_states_72_dpi(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]), dpi=(72, 72)))


@fault("clipart", "image.dpi", FIRST)
def an_image_states_no_resolution(d: Delivery) -> None:
    image = picture(d.contents[FIRST])
    out = io.BytesIO()
    Image.fromarray(np.asarray(image)).save(out, "PNG", icc_profile=image.info["icc_profile"])
    d.remade(FIRST, out.getvalue())


@fault("clipart", "image.srgb", FIRST)
def an_image_has_no_profile(d: Delivery) -> None:
    d.remade(FIRST, saved(Image.fromarray(np.asarray(picture(d.contents[FIRST]))), icc_profile=None))


@fault("clipart", "image.srgb", FIRST)
def an_image_is_in_wide_colors(d: Delivery) -> None:
    wide = bytes(pyvips.Operation.call("profile_load", "p3"))
    d.remade(FIRST, saved(picture(d.contents[FIRST]), icc_profile=wide))


@fault("clipart", "image.profile", FIRST)
def a_profile_is_damaged(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]), icc_profile=b"not a profile" * 20))


@fault("wall_art", "image.srgb", "sun-2x3-large.jpg")
def a_print_is_in_printing_colors(d: Delivery) -> None:
    name = "sun-2x3-large.jpg"
    d.remade(name, saved(picture(d.contents[name]).convert("CMYK"), "JPEG", icc_profile=None))


@fault("clipart", "image.alpha", FIRST)
def an_image_has_a_white_background(d: Delivery) -> None:
    image = picture(d.contents[FIRST])
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    d.remade(FIRST, saved(white))


@fault("clipart", "image.alpha", FIRST)
def an_image_lost_its_alpha_channel(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]).convert("RGB")))


@fault("clipart", "image.shows", FIRST)
def an_image_is_clear_everywhere(d: Delivery) -> None:
    d.remade(FIRST, saved(Image.new("RGBA", picture(d.contents[FIRST]).size, (0, 0, 0, 0))))


@fault("wall_art", "image.shows", "sun-2x3-large.jpg")
def a_print_is_one_color(d: Delivery) -> None:
    d.remade("sun-2x3-large.jpg", saved(Image.new("RGB", (400, 600), "teal"), "JPEG"))


@fault("pattern", "image.seamless", "01-waves.png")
def a_tile_does_not_meet_itself(d: Delivery) -> None:
    pixels = np.asarray(picture(d.contents["01-waves.png"]).convert("RGB")).astype(np.int16)
    ramp = np.linspace(0, 40, pixels.shape[1])[None, :, None]
    d.remade("01-waves.png", saved(Image.fromarray((pixels + ramp).clip(0, 255).astype(np.uint8)), compress_level=1))


@fault("pattern", "image.seamless", "01-waves.png")
def a_tile_is_shifted_by_a_few_rows(d: Delivery) -> None:
    pixels = np.asarray(picture(d.contents["01-waves.png"]).convert("RGB"))
    d.remade("01-waves.png", saved(Image.fromarray(np.concatenate([pixels[60:], pixels[30:90]])), compress_level=1))


# --- PDFs -----------------------------------------------------------------------------------------------------------------


def edited(d: Delivery, name: str, change: Callable[[Any], None], **options: Any) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(d.contents[name])) as pdf:
        change(pdf)
        pdf.save(out, **options)
    d.remade(name, out.getvalue())


@fault("greeting_card", "pdf.opens", CARD_PDF)
def a_pdf_breaks_off(d: Delivery) -> None:
    d.remade(CARD_PDF, d.contents[CARD_PDF][:500])


@fault("greeting_card", "pdf.fonts", CARD_PDF)
def a_font_is_not_embedded(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        pdf.pages[1].Resources.Font["/F99"] = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )

    edited(d, CARD_PDF, change)


@fault("clipart", "pdf.opens", "product-card.pdf")
def a_pdf_asks_for_a_password(d: Delivery) -> None:
    edited(d, "product-card.pdf", lambda pdf: None, encryption=pikepdf.Encryption(user="secret", owner="secret"))


@fault("clipart", "pdf.safe", "product-card.pdf")
def a_pdf_runs_a_program(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    edited(d, "product-card.pdf", change)


@fault("greeting_card", "pdf.boxes", CARD_PDF)
def a_bleed_reaches_beyond_the_page(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: setattr(pdf.pages[0], "BleedBox", pikepdf.Array([-50, -50, 900, 700])))


@fault("greeting_card", "pdf.size", CARD_PDF)
def a_page_is_trimmed_at_another_size(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: setattr(pdf.pages[0], "TrimBox", pikepdf.Array([72, 72, 600, 500])))


@fault("greeting_card", "pdf.size", CARD_PDF)
def the_inside_page_is_missing(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.pages.__delitem__(1))


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_output_intent_is_missing(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.Root.__delitem__("/OutputIntents"))


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_output_intent_is_of_a_display(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        profile = pdf.make_stream(bytes(pyvips.Operation.call("profile_load", "srgb")))
        profile.N = 3
        pdf.Root.OutputIntents[0].DestOutputProfile = profile

    edited(d, CARD_PDF, change)


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_bleed_is_missing(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.pages[0].obj.__delitem__("/BleedBox"))


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_metadata_names_no_version(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            del meta["pdfxid:GTS_PDFXVersion"]

    edited(d, CARD_PDF, change)


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def trapping_is_not_stated(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.docinfo.__delitem__("/Trapped"))


@fault("sticker", "pdf.size", SHEET)
def a_sheet_is_not_letter(d: Delivery) -> None:
    edited(d, f"{SHEET}.pdf", lambda pdf: setattr(pdf.pages[0], "MediaBox", pikepdf.Array([0, 0, 400, 500])))


# --- drawings -------------------------------------------------------------------------------------------------------------


def redrawn(d: Delivery, name: str, old: str, new: str, times: int = 1) -> None:
    text = d.contents[name].decode()
    assert re.search(old, text), f"{old} is not in {name}"
    d.remade(name, re.sub(old, new, text, count=times).encode())


@fault("svg", "svg.opens", "01-squares.svg")
def a_drawing_is_not_valid(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", "")


@fault("svg", "svg.opens", "01-squares.svg")
def a_drawing_has_no_size(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", r' (width|height|viewBox)="[^"]*"', "", times=3)


@fault("svg", "svg.self_contained", "01-squares.svg")
def a_drawing_has_text(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", '<text x="9" y="99" font-family="Papyrus">Hello</text></svg>')


@fault("svg", "svg.self_contained", "01-squares.svg")
def a_drawing_needs_another_file(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", '<use href="other.svg#a"/></svg>')


@fault("svg", "svg.vector", "01-squares.svg")
def a_drawing_contains_pixels(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", '<image width="1" height="1" href="data:image/png;base64,AAAA"/></svg>')


@fault("svg", "svg.shows", "01-squares.svg")
def a_drawing_is_blank(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", ' d="[^"]*"', ' d=""', times=99)


@fault("svg", "svg.layers", "01-squares.svg")
def a_drawing_has_no_layers(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", r"</?g\b[^>]*>", "", times=99)


@fault("sticker", "svg.cut_lines", CUT)
def a_cut_line_is_open(d: Delivery) -> None:
    redrawn(d, CUT, r'[CL][^CLZ]*Z"', '"')


@fault("sticker", "svg.cut_fits", CUT)
def a_cut_line_has_another_size(d: Delivery) -> None:
    redrawn(d, CUT, r'width="[^"]*"', 'width="3.9in"')


@fault("svg", "svg.cut_lines", "01-squares-cut.svg")
def a_cut_file_has_a_loose_line(d: Delivery) -> None:
    redrawn(d, "01-squares-cut.svg", "</svg>", '<line x1="0" y1="0" x2="9" y2="9" stroke="red"/></svg>')


@fault("svg", "svg.silhouette", "01-squares-silhouette.svg")
def a_silhouette_has_two_colors(d: Delivery) -> None:
    redrawn(d, "01-squares-silhouette.svg", "</svg>", '<path d="M1 1H4V4Z" fill="#c03020"/></svg>')


@fault("svg", "svg.cut_lines", "01-squares-silhouette.svg")
def a_silhouette_is_not_closed(d: Delivery) -> None:
    redrawn(d, "01-squares-silhouette.svg", r'Z"', '"')


@fault("svg", "svg.cut_lines", "01-squares-sheets.svg")
def a_sheet_is_not_closed(d: Delivery) -> None:
    redrawn(d, "01-squares-sheets.svg", r'[L][^LZ]*Z"', '"', times=1)


@fault("svg", "svg.colors", "01-squares.svg")
def a_drawing_has_too_many_colors(d: Delivery) -> None:
    spots = "".join(f'<path d="M{n} 1h.5v.5h-.5z" style="fill: #00{n}0ff"/>' for n in range(1, 8))
    redrawn(d, "01-squares.svg", "</svg>", f"{spots}</svg>")


@fault("svg", "dxf.closed", "01-squares.dxf")
def an_outline_of_a_dxf_is_open(d: Delivery) -> None:
    text = d.contents["01-squares.dxf"].decode()
    at = text.index("LWPOLYLINE")
    d.remade("01-squares.dxf", (text[:at] + re.sub(r"(\n 70\n\s*)1", r"\g<1>0", text[at:], count=1)).encode())


@fault("svg", "dxf.closed", "01-squares.dxf")
def a_dxf_has_nothing_to_cut(d: Delivery) -> None:
    text = d.contents["01-squares.dxf"].decode()
    d.remade("01-squares.dxf", text.replace("LWPOLYLINE", "POINT").encode())


@fault("svg", "dxf.units", "01-squares.dxf")
def a_dxf_is_in_inches(d: Delivery) -> None:
    text = d.contents["01-squares.dxf"].decode()
    d.remade("01-squares.dxf", re.sub(r"(\$INSUNITS\n\s*70\n\s*)4", r"\g<1>1", text).encode())


@fault("svg", "dxf.opens", "01-squares.dxf")
def a_dxf_breaks_off(d: Delivery) -> None:
    d.remade("01-squares.dxf", d.contents["01-squares.dxf"][:2000])


@fault("svg", "delivery.contents", "image 1")
def there_is_no_silhouette(d: Delivery) -> None:
    d.promise["files"] = [f for f in d.promise["files"] if f["name"] != "01-squares-silhouette.svg"]
    del d.contents["01-squares-silhouette.svg"]


@fault("clipart", "text.reads", "LICENSES-ART.txt")
def a_text_is_not_text(d: Delivery) -> None:
    d.contents["LICENSES-ART.txt"] = b"caf\xe9 \xff\xfe"


# --- how it was made ------------------------------------------------------------------------------------------------------


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
