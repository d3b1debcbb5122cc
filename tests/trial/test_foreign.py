"""Anybody's ZIP: what ordinary programs write passes, whatever options they were given; what harms a buyer does not."""

from __future__ import annotations

import io
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from elistit.trial import buyer
from elistit.trial.archive import NotAZip
from elistit.trial.report import first_problem
from tests.artwork.conftest import blob


def png(seed: int = 1) -> bytes:
    out = io.BytesIO()
    Image.fromarray(blob(seed, 120)).save(out, "PNG")
    return out.getvalue()


class Unseekable(io.RawIOBase):
    """A stream that can't go back, as when a ZIP is made while it is sent."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def examined(path: Path, *more: Path) -> dict[str, Any]:
    return buyer.examine([str(p) for p in (path, *more)])


def names(report: dict[str, Any]) -> set[str]:
    return {c["name"] for c in report["checks"] if not c["ok"]}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_made_while_it_was_sent_passes(tmp_path: Path, method: int) -> None:
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("a.png", png())
        with archive.open("b.png", "w", force_zip64=True) as entry:
            entry.write(png(2))
    path = tmp_path / "sent.zip"
    path.write_bytes(bytes(stream.data))
    report = examined(path)
    assert report["ok"], first_problem(report)


def test_folders_comments_zip64_and_what_macos_adds_pass(tmp_path: Path) -> None:
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"Thank you!"
        archive.writestr("Set/", b"")
        archive.writestr("Set/Füchse für Otto.png", png())
        archive.writestr("__MACOSX/Set/._fox.png", b"\x00\x05\x16\x07")
        archive.writestr("Set/.DS_Store", b"\x00\x00\x00\x01Bud1")
        archive.writestr("Set/brush.procreate", b"anything")
        archive.writestr("Set/read me.txt", "Viel Spaß!".encode())
        with archive.open("Set/large.png", "w", force_zip64=True) as entry:
            entry.write(png(2))
    report = examined(path)
    assert report["ok"], first_problem(report)
    assert {f["name"] for f in report["files"]} == {
        "Set/Füchse für Otto.png", "Set/brush.procreate", "Set/read me.txt", "Set/large.png",
    }  # fmt: skip


def test_a_zip_two_programs_read_differently_is_found(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"Thank you! PK\x05\x06 looks like the end to some programs, and isn't."
        archive.writestr("a.png", png())
    assert names(examined(path)) == {"zip.readers"}


@pytest.mark.skipif(not shutil.which("zip"), reason="Info-ZIP isn't installed here")
def test_a_zip_of_info_zip_passes(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(png())
    (tmp_path / "readme.txt").write_text("Enjoy.")
    subprocess.run(["zip", "-9", "-z", "set.zip", "fox.png", "readme.txt"], cwd=tmp_path, check=True, input=b"Hi\n.\n")
    report = examined(tmp_path / "set.zip")
    assert report["ok"], first_problem(report)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_windows_cannot_unpack_are_found(tmp_path: Path, method: int) -> None:
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.png", png())
    assert names(examined(path)) == {"zip.method"}


def test_an_unused_promise_is_not_asked_of_strangers(tmp_path: Path) -> None:
    """A sheet of plain paper without profile or resolution is fine when nobody promised otherwise."""
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "beige").save(out, "JPEG")
    path = tmp_path / "paper.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("paper.jpg", out.getvalue())
    report = examined(path)
    assert report["ok"], first_problem(report)
    [dpi] = [c for c in report["checks"] if c["name"] == "image.dpi"]
    assert "no resolution" in dpi["found"] or "DPI" in dpi["found"]


def test_what_is_no_zip_is_refused_and_what_was_one_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for data in (b"", b"<html>", png(), b"Rar!\x1a\x07\x00" + bytes(200)):
        path.write_bytes(data)
        with pytest.raises(NotAZip, match=r"x\.zip is not a ZIP file\."):
            examined(path)
    path.write_bytes(b"PK\x03\x04" + bytes(500))
    assert names(examined(path)) == {"zip.opens"}
    with pytest.raises(OSError):
        examined(tmp_path / "missing.zip")


def test_no_cut_of_a_zip_is_taken_for_whole_and_none_stops_the_reader(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", png())
        archive.writestr("b.txt", b"hello")
    data, path = whole.getvalue(), tmp_path / "cut.zip"
    for length in range(4, len(data), max(1, len(data) // 150)):
        path.write_bytes(data[:length])
        assert not examined(path)["ok"], length


def test_no_flipped_byte_stops_the_reader(tmp_path: Path) -> None:
    """Whatever byte is damaged, the answer is a report: a file's own bytes are always found out by their checksum."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.txt", b"hello world" * 20)
    data, path = whole.getvalue(), tmp_path / "flip.zip"
    body = data.index(b"hello")
    for at in range(4, len(data)):
        for bit in (0x01, 0x80):
            spoiled = bytearray(data)
            spoiled[at] ^= bit
            path.write_bytes(bytes(spoiled))
            report = examined(path)
            if body <= at < body + 220:
                assert names(report) >= {"zip.intact"}, at


def test_parts_are_counted_named_and_weighed(tmp_path: Path) -> None:
    def part(name: str, size: int = 10) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}.bin", b"\x01" * size)
        return path

    one, two, three = (part(f"set part {n} of 3.zip") for n in (1, 2, 3))
    assert examined(one, two, three)["ok"]
    assert names(examined(one, three)) == {"parts.numbering"}
    assert names(examined(one, part("other.zip"))) == {"parts.numbering"}
    assert names(examined(part("big.zip", 20_000_001))) == {"parts.size"}
    many = [part(f"many part {n} of 6.zip") for n in range(1, 7)]
    assert names(examined(*many)) == {"parts.count"}


def test_links_and_devices_in_a_zip_are_never_followed(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("passwd.txt")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    report = examined(path)
    assert names(report) == {"zip.safe"}
    assert [f["bytes"] for f in report["files"]] == [11]


def test_a_drawing_with_entities_of_its_own_passes_and_one_that_takes_them_elsewhere_does_not(tmp_path: Path) -> None:
    """Adobe Illustrator writes its namespaces as entities."""
    drawing = (
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">%s]>'
        '<svg xmlns="&ns;" width="2in" height="2in" viewBox="0 0 9 9"><path d="M1 1h6v6z"/></svg>'
    )
    path = tmp_path / "ai.zip"
    for more, wanted in (("", set()), ('<!ENTITY x SYSTEM "file:///etc/passwd">', {"svg.opens"})):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("ai.svg", drawing % more)
        assert names(examined(path)) == wanted


MANIFEST = b"jumb\0\0\0\x1ejumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0"


def carrying(folder: Path, data: bytes, relation: str, *more: bytes) -> Path:
    """A ZIP with a PDF that carries files, all called a C2PA manifest or otherwise."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        listed: list[Any] = []
        for number, content in enumerate((data, *more)):
            stream = pdf.make_stream(content)
            listed += [pikepdf.String(f"file {number}"), pdf.make_indirect(pikepdf.Dictionary(
                Type=pikepdf.Name.Filespec, AFRelationship=pikepdf.Name(relation), EF=pikepdf.Dictionary(F=stream)
            ))]  # fmt: skip
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array(listed)))
        pdf.save(folder / "card.pdf")
    with zipfile.ZipFile(folder / "set.zip", "w") as archive:
        archive.write(folder / "card.pdf", "card.pdf")
        archive.writestr("one.png", png())
    return folder / "set.zip"


def test_a_pdf_may_carry_a_c2pa_manifest_and_nothing_that_is_only_called_one(tmp_path: Path) -> None:
    manifest = (len(MANIFEST) + 4).to_bytes(4, "big") + MANIFEST
    assert names(examined(carrying(tmp_path, manifest, "/C2PA_Manifest"))) == set()
    for data, relation, *more in (
        (b"MZ a program", "/C2PA_Manifest"),
        (manifest, "/Data"),
        (manifest + b"MZ a program", "/C2PA_Manifest"),
        (manifest, "/C2PA_Manifest", b"MZ a program"),
    ):
        report = examined(carrying(tmp_path, data, relation, *more))
        assert "It carries a program or another file." in first_problem(report), (data, relation)
