"""The seller's uploads: good ones come out clean, hostile and broken ones are refused in one sentence."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms, PngImagePlugin

from elistit.artwork import intake, jobs
from tests.artwork.conftest import blob

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
GOOD = HEAD + '<path d="M10 10h80v80h-80z" fill="#336699"/></svg>'


def encoded(kind: str, px: int = 200, **options: object) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(blob(3, px))
    (image.convert("RGB") if kind == "JPEG" else image).save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 4000)) + chunk(b"IEND", b"")


def take(tmp_path: Path, data: bytes | str, name: str = "upload.bin") -> dict[str, object]:
    upload = tmp_path / name
    upload.write_bytes(data.encode() if isinstance(data, str) else data)
    answer = jobs.take_in(str(upload), str(tmp_path / "in"), "art")
    json.dumps(answer)
    return answer


@pytest.mark.parametrize(("kind", "code"), [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "webp")])
def test_pictures_are_known_by_content_and_come_out_as_clean_png(tmp_path: Path, kind: str, code: str) -> None:
    answer = take(tmp_path, encoded(kind), "holiday.txt")
    assert (answer["kind"], answer["width"], answer["height"]) == (code, 200, 200)
    with Image.open(str(answer["path"])) as image:
        assert image.format == "PNG"
        assert image.size == (200, 200)
        assert image.mode == ("RGB" if kind == "JPEG" else "RGBA") == ("RGBA" if answer["alpha"] else "RGB")


def test_metadata_is_gone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "secret place", {1: "N", 2: (52.0, 1.0, 2.0)}
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Ann Example")
    for data in (
        encoded("JPEG", exif=exif.tobytes()),
        encoded("WEBP", exif=exif.tobytes()),
        encoded("PNG", pnginfo=notes),
    ):
        answer = take(tmp_path, data)
        clean = Path(str(answer["path"])).read_bytes()
        assert b"secret" not in clean
        assert b"Ann" not in clean
        with Image.open(str(answer["path"])) as image:
            assert not image.getexif()
            assert set(image.info) <= {"dpi", "icc_profile", "srgb"}


def test_a_turned_photo_is_set_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    picture = np.zeros((80, 160, 3), np.uint8)
    picture[:, :40] = (255, 0, 0)
    Image.fromarray(picture).save(stream, "JPEG", exif=exif.tobytes(), quality=95)
    answer = take(tmp_path, stream.getvalue())
    with Image.open(str(answer["path"])) as image:
        assert image.size == (80, 160)
        assert image.getpixel((40, 10))[0] > 200  # type: ignore[index]


def test_cmyk_and_gray_become_srgb(tmp_path: Path) -> None:
    for mode in ("CMYK", "L"):
        stream = io.BytesIO()
        Image.new(mode, (100, 100), 90 if mode == "L" else (0, 200, 200, 0)).save(stream, "JPEG")
        with Image.open(str(take(tmp_path, stream.getvalue())["path"])) as image:
            assert image.mode == "RGB"


def icc(name: str, primaries: tuple[tuple[float, float, float], ...], gamma: float) -> bytes:
    """A whole RGB matrix profile of version 2: what it means is in its primaries (XYZ, D50) and its gamma."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    words = name.encode() + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(79),
        b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249),
        **{k: b"XYZ \0\0\0\0" + fixed(*p) for k, p in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)},
        **{k: b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256)) for k in (b"rTRC", b"gTRC", b"bTRC")},
    }
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        table += tag + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", 132 + 12 * len(tags) + len(body), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + table + body


SRGB_PRIMARIES = ((0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
WIDE_PRIMARIES = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))


def test_a_profile_is_judged_by_what_it_means_and_never_by_its_name(tmp_path: Path) -> None:
    def color(profile: bytes) -> tuple[int, ...]:
        stream = io.BytesIO()
        Image.new("RGB", (100, 100), (60, 180, 90)).save(stream, "PNG", icc_profile=profile)
        with Image.open(str(take(tmp_path, stream.getvalue())["path"])) as image:
            found = image.getpixel((50, 50))
            assert isinstance(found, tuple)
            return found

    real = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert b"sRGB" not in real
    assert color(real) == (60, 180, 90)
    wide = color(icc("sRGB IEC61966-2.1", WIDE_PRIMARIES, 2.2))
    assert wide[0] < 30, "a wide profile is turned into sRGB, whatever it calls itself"
    linear = color(icc("sRGB", SRGB_PRIMARIES, 1.0))
    assert linear[1] > 200, "a linear profile is turned into sRGB, whatever it calls itself"


def test_a_damaged_profile_is_named_and_one_for_other_channels_is_not_meant(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (100, 100), (60, 180, 90)).save(stream, "JPEG", icc_profile=b"x" * 400)
    assert "color profile" in str(take(tmp_path, stream.getvalue())["refused"])
    stream = io.BytesIO()
    Image.new("L", (100, 100), 90).save(stream, "JPEG", icc_profile=icc("x", WIDE_PRIMARIES, 2.2))
    with Image.open(str(take(tmp_path, stream.getvalue())["path"])) as image:
        assert image.getpixel((50, 50)) == (90, 90, 90)


def test_sixteen_bits_come_out_as_eight(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.fromarray(np.full((100, 100), 0x8080, np.uint16)).save(stream, "PNG")
    with Image.open(str(take(tmp_path, stream.getvalue())["path"])) as image:
        found = image.getpixel((50, 50))
        assert (found if isinstance(found, int) else found[0]) == pytest.approx(0x80, abs=1)  # type: ignore[index]


@pytest.mark.parametrize("turned", [False, True])
def test_a_picture_as_large_as_the_studios_posters_is_taken_in_bounded_memory(tmp_path: Path, turned: bool) -> None:
    upload = tmp_path / "poster.jpg"
    black = pyvips.Image.black(10_800, 7_200, bands=3)
    image = black.linear(1, [60, 120, 180]).cast("uchar").copy(interpretation="srgb")
    if turned:
        image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    image.jpegsave(str(upload), Q=80)
    code = (
        "import re, sys, json; from elistit.artwork import jobs; took = jobs.take_in(*sys.argv[1:]); "
        # Not ru_maxrss: a child begins with that of the process it was forked from.
        "print(json.dumps([took, int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(upload), str(tmp_path / "in"), "art"], capture_output=True, check=True
    )
    answer, peak_kb = json.loads(ran.stdout)
    assert (answer["width"], answer["height"]) == ((7_200, 10_800) if turned else (10_800, 7_200))
    assert peak_kb < 900_000


def test_a_picture_that_is_too_large_is_told_which_size_to_save(tmp_path: Path) -> None:
    words = str(take(tmp_path, png_claiming(16_000, 10_000))["refused"])
    assert "at most 128 megapixels" in words
    assert "14310 × 8944" in words


def test_a_good_svg_comes_out_clean_and_drawn(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?><!-- by Ann -->'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:version="1" '
        'width="200" height="100" data-note="Ann"><metadata>Ann</metadata><title>Ann</title><i:grid/>'
        '<path d="M10 10h80v80h-80z" fill="#336699"/></svg>'
    )
    answer = take(tmp_path, text, "drawing.jpg")
    assert (answer["kind"], answer["width"], answer["height"], answer["flat"]) == ("svg", 2048, 1024, True)
    clean = Path(str(answer["path"])).read_text()
    assert "Ann" not in clean
    assert "inkscape" not in clean
    assert 'viewBox="0 0 200 100"' in clean
    with Image.open(str(answer["picture"])) as image:
        assert image.getpixel((500, 500)) == (0x33, 0x66, 0x99, 255)


def animated() -> dict[str, bytes]:
    frames = [Image.new("RGB", (80, 80), (n * 60, 0, 0)) for n in range(3)]
    found = {}
    for kind in ("PNG", "WEBP"):
        stream = io.BytesIO()
        frames[0].save(stream, kind, save_all=True, append_images=frames[1:], duration=100)
        found[kind] = stream.getvalue()
    return found


HOSTILE: dict[str, tuple[bytes | str, str]] = {
    "nothing": (b"", "empty"),
    "pixel flood": (png_claiming(60_000, 60_000), "megapixels"),
    "narrow flood": (png_claiming(2_000_000, 100), "megapixels"),
    "short data": (png_claiming(4000, 4000), "breaks off"),
    "truncated png": (encoded("PNG")[:-2000], "breaks off"),
    "truncated jpeg": (encoded("JPEG")[:-900], "breaks off"),
    "truncated webp": (encoded("WEBP")[:-900], "damaged"),
    "flipped header": (encoded("PNG")[:18] + b"\x7f" + encoded("PNG")[19:], "damaged"),
    "garbled data": (encoded("PNG")[:60] + b"\xff" * 200 + encoded("PNG")[260:], "damaged"),
    "tiny": (encoded("PNG", 20), "at least"),
    "animated png": (animated()["PNG"], "Animated"),
    "animated webp": (animated()["WEBP"], "Animated"),
    "gif": (b"GIF89a" + bytes(200), "Only PNG"),
    "pdf": (b"%PDF-1.7\n" + bytes(200), "Only PNG"),
    "html": ("<!doctype html><html><body>hi</body></html>", "Only PNG"),
    "zip": (b"PK\x03\x04" + bytes(200), "Only PNG"),
    "squeezed svg": (b"\x1f\x8b" + bytes(200), "Compressed"),
    "script": (HEAD + "<script>x()</script><path d='M0 0h9v9z'/></svg>", "script"),
    "handler": (HEAD + "<path d='M0 0h9v9z' onclick='x()'/></svg>", "script"),
    "outside": (HEAD + "<use href='http://example.com/a.svg#a'/></svg>", "outside"),
    "local file": (HEAD + "<image href='file:///etc/passwd'/></svg>", "pixel image"),
    "embedded": (HEAD + "<path d='M0 0h9v9z' fill=\"url('data:image/png;base64,AA')\"/></svg>", "pixel image"),
    "entities": ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEAD + "<text>&x;</text></svg>", "entities"),
    "style sheet": ('<?xml-stylesheet href="http://example.com/a.css"?>' + GOOD, "style sheet"),
    "unknown encoding": (f'<?xml version="1.0" encoding="UTF-7"?>{GOOD}', "encoding"),
    "no encoding at all": (f'<?xml version="1.0" encoding="klingon"?>{GOOD}', "encoding"),
    "cut off svg": (GOOD[:-12], "well-formed"),
    "invisible": (HEAD + '<path d="M200 200h9v9z"/></svg>', "nothing to see"),
    "multiplying": (HEAD + "<g id='a'><path d='M0 0h9v9z'/><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>", "unfolds"),
    "no size": ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>', "view box"),
    "thread": ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100000 1"><path d="M0 0h9v9z"/></svg>', "narrow"),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_and_broken_uploads_are_refused_in_one_sentence(tmp_path: Path, kind: str) -> None:
    data, word = HOSTILE[kind]
    answer = take(tmp_path, data, "picture.png")
    words = str(answer.get("refused", answer))
    assert set(answer) == {"refused"}, words
    assert word in words
    assert words.endswith(".")
    assert words.count(". ") == 0
    assert not list((tmp_path / "in").glob("*")), "nothing of a refused upload may be left"


def test_a_flood_is_refused_without_decoding_it(tmp_path: Path) -> None:
    import tracemalloc

    (tmp_path / "x").write_bytes(png_claiming(50_000, 50_000))
    tracemalloc.start()
    with pytest.raises(intake.Refused):
        intake.take(tmp_path / "x", tmp_path / "in", "art")
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_taking_the_same_upload_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first = Path(str(take(tmp_path, encoded("PNG"))["path"])).read_bytes()
    assert Path(str(take(tmp_path, encoded("PNG"))["path"])).read_bytes() == first


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("Shift_JIS", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("GB2312", "gb18030"),
        ("Big5", "big5"),
        ("EUC-KR", "cp949"),
        ("UTF-16", "utf-16"),
    ],
)
def test_a_drawing_in_an_east_asian_encoding_is_read(tmp_path: Path, declared: str, codec: str) -> None:
    drawing = GOOD.replace(HEAD, f'{HEAD}<g id="一"/>')
    upload = tmp_path / "own.svg"
    upload.write_bytes(f'<?xml version="1.0" encoding="{declared}"?>{drawing}'.encode(codec))
    answer = jobs.take_in(str(upload), str(tmp_path / "out"), "own")
    assert answer["flat"] is True
    assert "一" in Path(answer["path"]).read_text(encoding="utf-8")


ILLUSTRATOR = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" viewBox="0 0 100 100"><switch>'
    '<foreignObject requiredExtensions="{extension}" width="1" height="1">{inside}</foreignObject>'
    '<g i:extraneous="self"><path d="M10 10h80v80h-80z" fill="#336699"/></g></switch><i:pgf id="adobe">eJzsvW</i:pgf></svg>'
)


def test_illustrators_own_copy_is_left_behind_and_the_drawing_is_flat(tmp_path: Path) -> None:
    upload = tmp_path / "own.svg"
    copy = '<i:pgfRef xmlns:x="http://www.w3.org/1999/xlink" x:href="#adobe"/>'
    upload.write_text(ILLUSTRATOR.format(extension="http://ns.adobe.com/AdobeIllustrator/10.0/", inside=copy))
    answer = jobs.take_in(str(upload), str(tmp_path / "out"), "own")
    assert answer["flat"] is True
    text = Path(answer["path"]).read_text()
    assert "foreignObject" not in text and "pgf" not in text
    # What a browser would show is refused as before.
    upload.write_text(ILLUSTRATOR.format(extension="http://www.w3.org/1999/xhtml", inside="<b xmlns='x'>x</b>"))
    assert "embedded page" in jobs.take_in(str(upload), str(tmp_path / "two"), "own")["refused"]


def plain_png(pixels: np.ndarray, *said: bytes) -> bytes:
    """A PNG written chunk by chunk: nothing in it but what is said."""
    kind = 2 if pixels.ndim == 3 else 0
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, kind, 0, 0, 0))
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(said) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def gama(gamma: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(gamma * 100_000)))


def chrm(*places: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(n * 100_000) for n in places)))


SRGB_PLACES = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
ADOBE_PLACES = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
COLOR = np.full((100, 100, 3), (60, 180, 90), np.uint8)


def in_srgb(linear: float) -> int:
    """The standard's own curve, 0 to 255."""
    return round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], (60, 180, 90)),
        ([gama(0.45455), chrm(*SRGB_PLACES)], (60, 180, 90)),
        ([gama(0.45)], (60, 180, 90)),
        ([chunk(b"sRGB", b"\0"), gama(1.0)], (60, 180, 90)),
        ([gama(1.0)], tuple(in_srgb(v / 255) for v in (60, 180, 90))),
        ([gama(1 / 1.8)], tuple(in_srgb((v / 255) ** 1.8) for v in (60, 180, 90))),
        ([gama(0)], (60, 180, 90)),
        ([gama(0.45455), chrm(0.3127, 0, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)], (60, 180, 90)),
        ([gama(0.45455), chrm(*[0.3] * 8)], (60, 180, 90)),
        ([chunk(b"cICP", bytes([1, 13, 0, 1]))], (60, 180, 90)),
        ([chunk(b"cICP", bytes([1, 8, 0, 1]))], tuple(in_srgb(v / 255) for v in (60, 180, 90))),
        ([chrm(*ADOBE_PLACES)], (60, 180, 90)),
        # What Chromium shows of these two.
        ([chunk(b"cICP", bytes([12, 13, 0, 1]))], (0, 183, 78)),
        ([chunk(b"cICP", bytes([1, 1, 0, 1]))], (49, 176, 81)),
    ],
    ids=[
        "nothing", "sRGB", "rounded", "sRGB counts before", "linear", "1.8", "zero", "no white", "one place", "cICP sRGB", "cICP linear",
        "primaries alone", "Display P3", "camera",
    ],
)  # fmt: skip
def test_what_a_png_says_of_its_gamma_is_honored(tmp_path: Path, said: list[bytes], expected: tuple[int, ...]) -> None:
    data = plain_png(COLOR, *said)
    with Image.open(str(take(tmp_path, data)["path"])) as image:
        found = image.getpixel((50, 50))
    assert isinstance(found, tuple)
    assert max(abs(a - b) for a, b in zip(found[:3], expected, strict=True)) <= 1, found


def test_the_primaries_of_a_png_are_honored(tmp_path: Path) -> None:
    """Judged by LittleCMS with a profile of the published primaries of Adobe RGB (XYZ at D50)."""
    adobe = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
    wide = Image.fromarray(COLOR)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc("wide", adobe, 2.2)))
    expected = ImageCms.profileToProfile(wide, profile, ImageCms.createProfile("sRGB"))
    assert expected is not None
    data = plain_png(COLOR, gama(1 / 2.19921875), chrm(*ADOBE_PLACES))
    with Image.open(str(take(tmp_path, data)["path"])) as image:
        a, b = np.asarray(image)[50, 50, :3].astype(int), np.asarray(expected)[50, 50].astype(int)
    assert np.abs(a - b).max() <= 2, (a, b)


def test_a_gray_png_with_a_gamma_and_one_for_hdr_screens(tmp_path: Path) -> None:
    gray = np.full((100, 100), 60, np.uint8)
    with Image.open(str(take(tmp_path, plain_png(gray, gama(1.0)))["path"])) as image:
        found = image.getpixel((50, 50))
    assert isinstance(found, tuple)
    assert abs(found[0] - in_srgb(60 / 255)) <= 2
    for transfer in (16, 18):
        answer = take(tmp_path, plain_png(COLOR, chunk(b"cICP", bytes([9, transfer, 0, 1]))))
        assert "HDR" in str(answer["refused"])
