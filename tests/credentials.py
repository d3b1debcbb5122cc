"""Certificates for tests: a studio's own small authority and what it issues, made anew each time and trusted by nobody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PEM = serialization.Encoding.PEM
DAY = dt.timedelta(days=1)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fern Press")]
    )


def _usage(certificates: bool) -> x509.KeyUsage:
    rest = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    return x509.KeyUsage(
        digital_signature=not certificates, key_cert_sign=certificates, crl_sign=certificates, encipher_only=False,
        decipher_only=False, **rest,
    )  # fmt: skip


def issue(
    folder: Path,
    now: dt.datetime,
    *,
    key: Any = None,
    valid: tuple[dt.datetime, dt.datetime] | None = None,
    purpose: bool = True,
    password: bytes | None = None,
) -> tuple[Path, Path]:
    """A certificate chain of two and the key, as files. `purpose`: it is one for signing documents, as C2PA asks."""
    begins, ends = valid or (now - DAY, now + 365 * DAY)
    authority = ec.generate_private_key(ec.SECP256R1())
    key = key or ec.generate_private_key(ec.SECP256R1())

    def begun(subject: str, public: Any) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name("Fern Press Authority"))
        builder = builder.public_key(public).serial_number(x509.random_serial_number())
        return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)

    top = begun("Fern Press Authority", authority.public_key()).not_valid_before(min(begins, now - DAY))
    top = top.not_valid_after(max(ends, now + 3650 * DAY)).add_extension(
        x509.BasicConstraints(True, None), critical=True
    )
    root = top.add_extension(_usage(True), critical=True).sign(authority, hashes.SHA256())
    own = begun("Fern Press Signing", key.public_key()).not_valid_before(begins).not_valid_after(ends)
    own = own.add_extension(x509.BasicConstraints(False, None), critical=True).add_extension(
        _usage(False), critical=True
    )
    if purpose:
        own = own.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    leaf = own.add_extension(identifier, critical=False).sign(authority, hashes.SHA256())
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(leaf.public_bytes(PEM) + root.public_bytes(PEM))
    private.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, locked))
    return chain, private


def edwards() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()
