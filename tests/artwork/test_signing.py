"""C2PA manifests: signed, read back by the library's own reader and found in the bytes by other means, and refused in words."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from elistit.artwork import package, packing_jobs, provenance, signing
from elistit.artwork.provenance import Marks
from elistit.artwork.signing import CannotSign, Credential, Order
from tests import credentials
from tests.artwork.conftest import blob

c2pa = pytest.importorskip("c2pa")
NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
MODEL = "openai/gpt-image-1"
TRAINED = Marks(provenance.TRAINED, MODEL, tool="Elistit")


@pytest.fixture
def credential(tmp_path: Path) -> Credential:
    chain, key = credentials.issue(tmp_path, dt.datetime.now(dt.UTC))
    return Credential(str(chain), str(key), "studio.example.com")


def image(path: Path, side: int = 200) -> Path:
    found = Image.fromarray(blob(1, side))
    (found.convert("RGB") if path.suffix == ".jpg" else found).save(path)
    return path


def page(path: Path) -> Path:
    canvas = Canvas(str(path), invariant=1)
    canvas.rect(10, 10, 50, 50)
    canvas.save()
    return path


def read(path: Path) -> tuple[str, dict[str, Any]]:
    """The state and the active manifest, as the library's own reader finds them."""
    reader = c2pa.Reader(signing.MEDIA[signing.embedding.kind(path)], path.open("rb"))
    found = json.loads(reader.json())
    return str(reader.get_validation_state()), found["manifests"][found["active_manifest"]]


def actions(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    [found] = [a["data"]["actions"] for a in manifest["assertions"] if a["label"].startswith("c2pa.actions")]
    return list(found)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.pdf"])
def test_a_signed_file_names_its_source_its_model_and_the_studio(
    tmp_path: Path, credential: Credential, name: str
) -> None:
    path = page(tmp_path / name) if name.endswith("pdf") else image(tmp_path / name)
    if name.endswith(("png", "jpg", "pdf")):
        provenance.write(path, TRAINED)
    pixels = None if name.endswith("pdf") else Image.open(path).tobytes()
    assert not signing.signed(path)
    signing.sign(path, credential, TRAINED, [], now())
    state, manifest = read(path)
    assert state == "Valid"
    [made] = actions(manifest)
    assert (made["action"], made["digitalSourceType"]) == ("c2pa.created", provenance.TRAINED)
    assert made["softwareAgent"]["name"] == MODEL
    assert manifest["claim_generator_info"][0]["name"] == "Elistit"
    assert manifest["claim_generator_info"][0]["studio"] == "studio.example.com"
    assert manifest["signature_info"]["common_name"] == "Fern Press Signing"
    assert signing.signed(path)
    if pixels is not None:
        with Image.open(path) as after:
            assert after.tobytes() == pixels
    else:
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == 1
    # The marks in XMP are still there, and writing them once more changes no byte, which would void the signature.
    before = path.read_bytes()
    if name.endswith(("png", "jpg", "pdf")):
        assert provenance.write(path, TRAINED).source == provenance.TRAINED
    assert path.read_bytes() == before


def _boxes(data: bytes) -> list[tuple[str, bytes]]:
    """The boxes of ISO/IEC 19566-5 (JUMBF) in some bytes, read by hand: type and content."""
    found, at = [], 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        found.append((kind.decode("latin-1"), data[at + 8 : at + length]))
        at += length
    return found


def test_the_manifest_of_a_png_is_where_other_programs_look_for_it(tmp_path: Path, credential: Credential) -> None:
    path = image(tmp_path / "a.png")
    signing.sign(path, credential, TRAINED, [], now())
    data, at, chunks = path.read_bytes(), 8, {}
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        chunks[name] = data[at + 8 : at + 8 + length]
        at += 12 + length
    [(kind, body)] = _boxes(chunks[b"caBX"])
    described, *inside = _boxes(body)
    assert kind == "jumb"
    assert described[0] == "jumd"
    assert described[1].startswith(b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0")
    assert provenance.TRAINED.encode() in b"".join(content for _, content in inside)
    assert MODEL.encode() in b"".join(content for _, content in inside)


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not here")
@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_exiftool_finds_the_source_and_the_model_in_the_manifest(
    tmp_path: Path, credential: Credential, name: str
) -> None:
    path = image(tmp_path / name)
    signing.sign(path, credential, TRAINED, [], now())
    said = subprocess.run(["exiftool", "-j", "-G1", str(path)], capture_output=True, check=True, text=True).stdout
    [tags] = json.loads(said)
    assert tags["CBOR:ActionsDigitalSourceType"] == provenance.TRAINED
    assert tags["CBOR:ActionsSoftwareAgentName"] == MODEL


def test_a_byte_changed_afterwards_shows(tmp_path: Path, credential: Credential) -> None:
    path = image(tmp_path / "a.jpg")
    signing.sign(path, credential, TRAINED, [], now())
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    assert read(path)[0] == "Invalid"


def test_a_providers_manifest_is_kept_as_the_ingredient(tmp_path: Path, credential: Credential) -> None:
    received = image(tmp_path / "received.png")
    signing.sign(received, credential, TRAINED, [], now())
    theirs = read(received)[1]["label"]
    path = image(tmp_path / "print.png", 300)
    signing.sign(path, credential, TRAINED, [received], now())
    state, manifest = read(path)
    [ingredient] = manifest["ingredients"]
    assert state == "Valid"
    assert ingredient["relationship"] == "parentOf"
    assert ingredient["active_manifest"] == theirs
    assert [a["action"] for a in actions(manifest)] == ["c2pa.opened", "c2pa.edited"]
    assert actions(manifest)[1]["digitalSourceType"] == provenance.TRAINED
    sheet = image(tmp_path / "sheet.jpg", 300)
    signing.sign(sheet, credential, Marks(provenance.SYNTHETIC), [received, path], now(), edited=False)
    state, manifest = read(sheet)
    assert state == "Valid"
    assert [i["relationship"] for i in manifest["ingredients"]] == ["componentOf", "componentOf"]
    assert [a["action"] for a in actions(manifest)] == ["c2pa.created", "c2pa.placed"]


def test_a_damaged_manifest_of_a_provider_stops_nothing(tmp_path: Path, credential: Credential) -> None:
    received = image(tmp_path / "received.png")
    signing.sign(received, credential, TRAINED, [], now())
    data = bytearray(received.read_bytes())
    at = data.index(b"caBX")
    data[at + 600 : at + 700] = bytes(100)
    received.write_bytes(data)
    path = image(tmp_path / "print.png")
    signing.sign(path, credential, TRAINED, [received], now())
    assert read(path)[0] == "Valid"


def test_a_sellers_own_image_is_given_no_source(tmp_path: Path, credential: Credential) -> None:
    own, path = image(tmp_path / "own.png"), image(tmp_path / "print.png", 300)
    signing.sign(path, credential, Marks(tool="Elistit"), [own], now())
    _, manifest = read(path)
    assert all("digitalSourceType" not in action for action in actions(manifest))


@pytest.mark.parametrize(
    "make",
    [
        lambda: rsa.generate_private_key(65537, 2048),
        credentials.edwards,
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: ec.generate_private_key(ec.SECP521R1()),
    ],
)
def test_every_kind_of_key_that_c2pa_allows_signs(tmp_path: Path, make: Callable[[], Any]) -> None:
    chain, key = credentials.issue(tmp_path, now(), key=make())
    name, until = signing.check(Credential(str(chain), str(key)), now())
    assert name == "Fern Press Signing"
    assert until > now()


def refused(tmp_path: Path, chain: Path | str, key: Path | str, at: dt.datetime | None = None) -> str:
    """The sentence a check refuses with; signing a file refuses with it too and leaves the file as it was."""
    credential = Credential(str(chain), str(key))
    with pytest.raises(CannotSign) as said:
        signing.check(credential, at or now())
    path = image(tmp_path / "left.png")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    assert packing_jobs.sign(str(path), Order(credential, TRAINED, (), True, (at or now()).isoformat()).plain()) == str(
        said.value
    )
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    return str(said.value)


def test_what_is_wrong_with_a_certificate_is_one_sentence(tmp_path: Path) -> None:
    chain, key = credentials.issue(tmp_path, now())
    other = tmp_path / "other"
    other.mkdir()
    foreign = credentials.issue(other, now())[1]
    nothing = tmp_path / "nothing.pem"
    assert "one of them isn't set" in refused(tmp_path, chain, "")
    assert "can't be read" in refused(tmp_path, nothing, key)
    assert "can't be read" in refused(tmp_path, chain, nothing)
    nothing.write_text("not a certificate")
    assert "no certificate in PEM form" in refused(tmp_path, nothing, key)
    assert "no private key in PEM form" in refused(tmp_path, chain, nothing)
    assert "isn't that of the first certificate" in refused(tmp_path, chain, foreign)
    in_two_years = now() + 400 * credentials.DAY
    assert "expired on" in refused(tmp_path, chain, key, in_two_years)
    assert "isn't valid before" in refused(tmp_path, chain, key, now() - 30 * credentials.DAY)


def test_a_certificate_that_expired_says_when(tmp_path: Path) -> None:
    ended = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    chain, key = credentials.issue(tmp_path, NOW, valid=(ended - 300 * credentials.DAY, ended))
    assert "expired on January 31, 2026." in refused(tmp_path, chain, key, NOW)


def test_keys_and_certificates_that_c2pa_does_not_allow_are_refused(tmp_path: Path) -> None:
    chain, key = credentials.issue(tmp_path, now(), password=b"secret")
    assert "locked with a password" in refused(tmp_path, chain, key)
    chain, key = credentials.issue(tmp_path, now(), key=rsa.generate_private_key(65537, 1024))
    assert "of a kind that C2PA doesn't allow" in refused(tmp_path, chain, key)
    chain, key = credentials.issue(tmp_path, now(), key=ec.generate_private_key(ec.SECP256K1()))
    assert "of a kind that C2PA doesn't allow" in refused(tmp_path, chain, key)
    chain, key = credentials.issue(tmp_path, now(), purpose=False)
    assert "refuses to sign with this certificate" in refused(tmp_path, chain, key)


def test_without_the_library_the_sentence_says_how_to_install_it(
    tmp_path: Path, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "c2pa", None)
    with pytest.raises(CannotSign, match=r"elistit\[c2pa\]"):
        signing.check(credential, now())


def test_a_smaller_copy_for_etsy_is_a_signed_version_of_the_print_file(tmp_path: Path, credential: Credential) -> None:
    path = image(tmp_path / "large.png", 900)
    provenance.write(path, TRAINED)
    order = Order(credential, TRAINED, (), True, now().isoformat())
    assert order.sign(path) == ""
    fitted = package.fit([path], tmp_path / "zip", part_max=path.stat().st_size - 3000, parts_max=1, order=order)
    [copy] = fitted.files
    assert copy != path
    state, manifest = read(copy)
    assert state == "Valid"
    assert manifest["ingredients"][0]["active_manifest"] == read(path)[1]["label"]
