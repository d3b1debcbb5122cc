"""Parsing of the storage address (`ELISTIT_STORAGE_URL`): a folder on this machine, or a bucket of an S3 service.

Pure: it reads text, opens nothing and imports neither Django nor the S3 client, so that mistakes are reported before
anything starts. Credentials must never be part of an address; one that contains them is refused without being repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from elistit.config.studio import Storage

KEY_NAME, SECRET_NAME = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_EXAMPLE = "s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1"


@dataclass(frozen=True)
class Bucket:
    """A location in an S3 service. `endpoint` is empty for AWS. `links`: whether browsers can reach the service, so
    that downloads go there directly; otherwise the studio serves them."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    links: bool = True


def parse(url: str) -> Path | Bucket:
    """The location that an address names. Raises ValueError with one sentence for an invalid address."""
    scheme, separator, rest = url.partition("://")
    if scheme == "s3" and separator:
        return _bucket(url)
    if scheme != "file" or not separator:
        raise ValueError(
            f"The storage address must start with file:// and an absolute folder, or with s3:// and a bucket; it is {url!r}."
        )
    folder = unquote(rest)
    if re.match(r"/[A-Za-z]:[\\/]", folder):  # file:///C:/… as Windows writes it
        folder = folder[1:]
    if not Path(folder).is_absolute():
        raise ValueError(
            f"The storage address must name an absolute folder, such as file:///srv/elistit; it is {url!r}."
        )
    return Path(folder)


def problem(url: str, storage: Storage) -> str:
    """What is wrong with an address and the credentials it needs, in one sentence; empty when nothing is."""
    try:
        place = parse(url)
    except ValueError as wrong:
        return str(wrong)
    keys = ((KEY_NAME, storage.aws_access_key_id), (SECRET_NAME, storage.aws_secret_access_key))
    missing = [name for name, key in keys if not key]
    if isinstance(place, Bucket) and missing:
        return f"ELISTIT_STORAGE_URL names a bucket, so {' and '.join(missing)} must be set as well."
    return ""


def _bucket(url: str) -> Bucket:
    try:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint = urlsplit(asked.get("endpoint", ""))
        carries = parts.username is not None or endpoint.username is not None
        host_is_good = endpoint.port is None or endpoint.port > 0
    except ValueError:
        raise ValueError(f"The storage address cannot be read; write it like {_EXAMPLE}.") from None
    if carries:
        raise ValueError(
            f"The storage address must not contain a key; set {KEY_NAME} and {SECRET_NAME} in the environment instead."
        )
    if unknown := sorted(set(asked) - {"endpoint", "region", "links"}):
        raise ValueError(f"The storage address has no setting {unknown[0][:40]!r}; write it like {_EXAMPLE}.")
    prefix = parts.path.strip("/")
    if not _BUCKET.fullmatch(parts.netloc) or (prefix and (not _PREFIX.fullmatch(prefix) or ".." in prefix)):
        raise ValueError(f"The storage address has no valid bucket and prefix; write it like {_EXAMPLE}.")
    if asked.get("endpoint") and (endpoint.scheme not in ("http", "https") or not endpoint.netloc or not host_is_good):
        raise ValueError("The storage address has an endpoint that is not an http:// or https:// address.")
    if asked.get("links", "on") not in ("on", "off"):
        raise ValueError("The storage address can have links=on or links=off.")
    region = asked.get("region", "") or "us-east-1"
    if not re.fullmatch(r"[a-z0-9-]{2,40}", region):
        raise ValueError("The storage address has an invalid region; write it like region=eu-central-1.")
    return Bucket(parts.netloc, prefix, asked.get("endpoint", "").rstrip("/"), region, asked.get("links", "on") == "on")
