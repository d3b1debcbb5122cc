"""C2PA manifests, signed with the operator's certificate: PNG, JPEG, WebP and PDF files that say how they were made, and prove it.

The library (`c2pa-python`, an extra) is loaded only here. Nothing is asked over the network: no time stamp, no revocation list,
no manifest from elsewhere. It must never leave half a file or a file whose signature doesn't verify, never change an image,
and never put a name, an address or a prompt into a manifest.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from elistit import __version__
from elistit.artwork import embedding
from elistit.artwork.provenance import ALGORITHMIC, COMPOSITE, Marks
from elistit.on_use import OnUse

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image
else:
    pikepdf, Image = OnUse("pikepdf"), OnUse("PIL.Image")

MEDIA = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}
"""The kinds of files that are signed, and their media types."""
SUFFIXES = (".png", ".jpg", ".webp", ".pdf")
RSA_BITS_MIN = 2048
_CURVES: dict[str, tuple[str, hashes.HashAlgorithm, int]] = {
    "secp256r1": ("ES256", hashes.SHA256(), 32),
    "secp384r1": ("ES384", hashes.SHA384(), 48),
    "secp521r1": ("ES512", hashes.SHA512(), 66),
}
_GOOD = ("Valid", "Trusted")
_LIBRARY_MISSING = "The package c2pa-python isn't installed. Install the studio with its extra: elistit[c2pa]."
# Nothing is fetched; what is signed is verified before it counts.
_SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": True, "verify_trust": False, "ocsp_fetch": False, "remote_manifest_fetch": False},
}


class CannotSign(ValueError):
    """Nothing is signed with this certificate. The message is one sentence for the operator."""


@dataclass(frozen=True)
class Credential:
    """Where the certificate chain (PEM, the signing certificate first) and its private key (PEM) lie, and what the studio is
    called in a manifest: its host name, or nothing."""

    chain: str
    key: str
    studio: str = ""


@dataclass(frozen=True)
class Order:
    """All that `sign` needs but the file, and how it crosses into a subprocess: `at` is an ISO 8601 moment."""

    credential: Credential
    stated: Marks
    parents: tuple[str, ...]
    edited: bool
    at: str

    def plain(self) -> dict[str, Any]:
        """JSON-safe; `of` reads it back. The key's content is not in it."""
        return {**asdict(self), "parents": list(self.parents), "stated": self.stated.plain()}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Order:
        parents, stated = tuple(plain["parents"]), Marks(**plain["stated"])
        return cls(Credential(**plain["credential"]), stated, parents, bool(plain["edited"]), str(plain["at"]))

    def version_of(self, parent: Path, stated: Marks) -> Order:
        """This order for another version of one signed file."""
        return replace(self, parents=(str(parent),), stated=stated, edited=True)

    def sign(self, path: Path) -> str:
        """Sign a file in place; why it can't be, in one sentence for the operator, or nothing."""
        try:
            parents = [Path(p) for p in self.parents]
            sign(path, self.credential, self.stated, parents, dt.datetime.fromisoformat(self.at), edited=self.edited)
        except CannotSign as refused:
            return str(refused)
        return ""


@dataclass(frozen=True)
class _Loaded:
    chain: bytes
    algorithm: str
    sign: Callable[[bytes], bytes]
    until: dt.datetime


def sign(
    path: Path, credential: Credential, stated: Marks, parents: Sequence[Path], now: dt.datetime, *, edited: bool = True
) -> None:
    """Put a signed manifest into a file in place: what it states of its making, and the files with manifests that it was made
    from, whole, as ingredients. One parent is what the file is a version of (`edited`); several are put together in it.

    A file signed twice has two different signatures. Raises CannotSign; the file is then as it was.
    """
    media = MEDIA.get(embedding.kind(path))
    if media is None:
        raise CannotSign("A file of this kind can't be signed.")
    loaded = _load(credential, now)
    part = path.with_name(f".{path.name}.signed")
    try:
        with path.open("rb") as source, part.open("w+b") as target:
            _signed(loaded, credential, path.name, media, source, target, stated, parents, edited)
        with part.open("rb") as made:
            _verify(media, made)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def check(credential: Credential, now: dt.datetime) -> tuple[str, dt.datetime]:
    """Sign a small image and read the signature back: whose certificate it is, and until when it holds. Raises CannotSign."""
    loaded = _load(credential, now)
    probe, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(probe, "PNG")
    probe.seek(0)
    _signed(loaded, credential, "probe.png", MEDIA["png"], probe, out, Marks(ALGORITHMIC), (), False)
    out.seek(0)
    return _verify(MEDIA["png"], out), loaded.until


def signed(path: Path) -> bool:
    """Whether a file carries a C2PA manifest, the studio's or another's."""
    if embedding.kind(path) != "pdf":
        return embedding.has_manifest(path)
    try:
        with pikepdf.open(path) as pdf:
            return any(str(f.get("/AFRelationship", "")) == "/C2PA_Manifest" for f in pdf.Root.get("/AF", []))
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return False


def _library() -> Any:
    try:
        import c2pa  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an optional dependency, and 20 MB of native code
    except (ImportError, OSError, AttributeError):
        raise CannotSign(_LIBRARY_MISSING) from None
    return c2pa


# --- The certificate and its key ----------------------------------------------------------------------------------------------


def _load(credential: Credential, now: dt.datetime) -> _Loaded:
    if not credential.chain or not credential.key:
        raise CannotSign("Both a certificate chain and its private key are needed to sign; one of them isn't set.")
    pem = _read(credential.chain, "The certificate chain")
    try:
        chain = x509.load_pem_x509_certificates(pem)
    except (ValueError, TypeError):
        raise CannotSign(f"{credential.chain} holds no certificate in PEM form that can be read.") from None
    key = _private_key(credential.key)
    first = chain[0]
    if key.public_key() != first.public_key():
        raise CannotSign(
            f"The private key in {credential.key} isn't that of the first certificate in {credential.chain}."
        )
    for number, certificate in enumerate(chain):
        which = "The certificate" if number == 0 else f"Certificate {number + 1} of the chain"
        if now > certificate.not_valid_after_utc:
            raise CannotSign(f"{which} in {credential.chain} expired on {_day(certificate.not_valid_after_utc)}.")
        if now < certificate.not_valid_before_utc:
            raise CannotSign(
                f"{which} in {credential.chain} isn't valid before {_day(certificate.not_valid_before_utc)}."
            )
    algorithm, signer = _signer(key, credential.key)
    return _Loaded(pem, algorithm, signer, min(c.not_valid_after_utc for c in chain))


def _read(place: str, what: str) -> bytes:
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise CannotSign(f"{what} can't be read: {place}: {error.strerror}.") from None


def _private_key(place: str) -> Any:
    pem = _read(place, "The private key")
    try:
        return serialization.load_pem_private_key(pem, None)
    except TypeError:
        raise CannotSign(f"The private key in {place} is locked with a password; store it without one.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise CannotSign(f"{place} holds no private key in PEM form that can be read.") from None


def _signer(key: Any, place: str) -> tuple[str, Callable[[bytes], bytes]]:
    """The name of the algorithm in C2PA, and what signs with it (C2PA 2.1, section 13.2)."""
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        name, digest, size = _CURVES[key.curve.name]

        def by_curve(data: bytes) -> bytes:
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")

        return name, by_curve
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= RSA_BITS_MIN:
        salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
        return "PS256", lambda data: key.sign(data, salted, hashes.SHA256())
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ED25519", key.sign
    raise CannotSign(
        f"The private key in {place} is of a kind that C2PA doesn't allow; use ECDSA (P-256, P-384, P-521), Ed25519, or RSA "
        f"with at least {RSA_BITS_MIN} bits."
    )


def _day(moment: dt.datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"


# --- The manifest -------------------------------------------------------------------------------------------------------------


def _signed(
    loaded: _Loaded,
    credential: Credential,
    name: str,
    media: str,
    source: Any,
    target: Any,
    stated: Marks,
    parents: Sequence[Path],
    edited: bool,
) -> None:
    c2pa = _library()
    parents = [p for p in parents if _readable(c2pa, p)]
    manifest = _manifest(credential, name, media, stated, len(parents), edited)
    try:
        signer = c2pa.Signer.from_callback(
            loaded.sign, c2pa.C2paSigningAlg[loaded.algorithm], loaded.chain.decode("ascii", "replace"), None
        )
        with c2pa.Context(c2pa.Settings.from_dict(_SETTINGS)) as context, c2pa.Builder(manifest, context) as builder:
            for number, parent in enumerate(parents):
                with parent.open("rb") as file:
                    builder.add_ingredient(_ingredient(number, parent, edited), MEDIA[embedding.kind(parent)], file)
            builder.sign(signer, media, source, target)
    except (c2pa.C2paError, KeyError) as error:
        raise CannotSign(f"The C2PA library refuses to sign with this certificate: {_one_line(error)}.") from None


def _readable(c2pa: Any, parent: Path) -> bool:
    """Whether a file can be an ingredient. One whose manifest is no manifest any longer would spoil the manifest it is put into;
    one whose signature doesn't hold is kept, with what is wrong with it."""
    try:
        with c2pa.Context(c2pa.Settings.from_dict(_SETTINGS)) as context, parent.open("rb") as file:
            c2pa.Reader.try_create(MEDIA[embedding.kind(parent)], file, context=context)
    except (c2pa.C2paError, KeyError):
        return False
    return True


def _manifest(
    credential: Credential, name: str, media: str, stated: Marks, parents: int, edited: bool
) -> dict[str, Any]:
    """What a file states: who wrote it, what it was made from, and the digital source type with the model's name."""
    generator = {"name": "Elistit", "version": __version__}
    if credential.studio:
        generator["studio"] = credential.studio
    actions: list[dict[str, Any]] = []
    version_of_one = edited and parents == 1
    ids = [_instance(number) for number in range(parents)]
    if version_of_one:
        actions.append({"action": "c2pa.opened", "parameters": {"ingredientIds": ids}})
    made: dict[str, Any] = {"action": "c2pa.edited" if version_of_one else "c2pa.created"}
    if stated.source or not version_of_one:
        # What is put together here of images that say nothing of their source is a composite; nothing more is claimed.
        made["digitalSourceType"] = stated.source or COMPOSITE
    if agent := stated.system or stated.tool:
        made["softwareAgent"] = {"name": agent}
    actions.append(made)
    if parents and not version_of_one:
        actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": ids}})
    return {
        "claim_generator_info": [generator],
        "title": name,
        "format": media,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }


def _instance(number: int) -> str:
    return f"ingredient-{number}"


def _ingredient(number: int, parent: Path, edited: bool) -> dict[str, str]:
    relationship = "parentOf" if edited else "componentOf"
    return {"title": parent.name, "relationship": relationship, "instance_id": _instance(number)}


def _verify(media: str, file: Any) -> str:
    """Read a signature back as anyone would: whose it is. Raises CannotSign for one that doesn't hold."""
    c2pa = _library()
    try:
        with (
            c2pa.Context(c2pa.Settings.from_dict(_SETTINGS)) as context,
            c2pa.Reader(media, file, context=context) as reader,
        ):
            state, found = str(reader.get_validation_state()), json.loads(reader.json())
    except c2pa.C2paError as error:
        raise CannotSign(f"A signature made with this certificate can't be read back: {_one_line(error)}.") from None
    if state not in _GOOD:
        codes = sorted({str(s.get("code")) for s in found.get("validation_status", [])})
        raise CannotSign(f"A signature made with this certificate isn't valid: {', '.join(codes) or state}.")
    by = found["manifests"][found["active_manifest"]].get("signature_info", {})
    return str(by.get("common_name") or by.get("issuer") or "a certificate without a name")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200]
