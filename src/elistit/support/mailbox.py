"""Outgoing mail by ELISTIT_EMAIL_URL: a server, a folder, the terminal, or nowhere.

`smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS from the start), `smtp://host:25?tls=no`, `file:///folder`,
`console:`, `memory:` (tests), `off:`. Without it, mail is written to `mail/` in the data folder locally and is off in
production. Passwords must never be logged.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from elistit import config

TIMEOUT = 10
"""Seconds. A mail server that hangs must not hold up recovery for longer."""

_BACKENDS = "django.core.mail.backends."


class Way(StrEnum):
    """What happens to a message on this installation."""

    SENT = "sent"
    KEPT = "kept"
    OFF = "off"


def way() -> Way:
    """Whether messages leave this installation, are only kept on it (a folder, the terminal), or aren't written at all. Opens
    and makes nothing."""
    url = config.current().people.email_url.get_secret_value()
    scheme = urlsplit(url).scheme if url else "off" if settings.PRODUCTION else "file"
    if scheme in ("smtp", "smtps", "memory"):
        return Way.SENT
    return Way.KEPT if scheme in ("file", "console") else Way.OFF


class BadAddress(ValueError):
    """ELISTIT_EMAIL_URL cannot be understood. The message is one sentence."""


def sender() -> str:
    """The From address: ELISTIT_EMAIL_FROM, else studio@ the host of the studio's own address."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return config.current().people.email_from or f"Elistit <studio@{host}>"


def connection() -> BaseEmailBackend | None:
    """A connection to send with, opened when first used; None where mail is off. Raises BadAddress."""
    url = config.current().people.email_url.get_secret_value()
    if not url:
        if settings.PRODUCTION:
            return None
        return _files(Path(settings.DATA_DIR) / "mail")
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtps"):
        return _server(url)
    if parts.scheme == "file" and parts.path:
        return _files(Path(unquote(parts.path)))
    if parts.scheme in ("console", "memory"):
        name = {"console": "console", "memory": "locmem"}[parts.scheme]
        return get_connection(f"{_BACKENDS}{name}.EmailBackend")  # type: ignore[no-any-return]
    if parts.scheme == "off":
        return None
    raise BadAddress("ELISTIT_EMAIL_URL should begin with smtp://, smtps://, file://, console: or off:.")


def send_test(to: str) -> None:
    """Send one plain message that says the studio can send mail. Raises what the mail server does, and BadAddress."""
    body = "This is the test message you asked for on the studio's setup page. Mail from your studio arrives.\n"
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage("Test message from your studio", body, sender(), [to], connection=connection(), headers=headers).send()


def _files(folder: Path) -> BaseEmailBackend:
    folder.mkdir(parents=True, exist_ok=True)
    return get_connection(f"{_BACKENDS}filebased.EmailBackend", file_path=str(folder))  # type: ignore[no-any-return]


def _server(url: str) -> BaseEmailBackend:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    plain = parse_qs(parts.query).get("tls", [""])[0] == "no"
    port = parts.port or (465 if secure else 25 if plain else 587)
    if not parts.hostname:
        raise BadAddress("ELISTIT_EMAIL_URL names no mail server.")
    return get_connection(  # type: ignore[no-any-return]
        f"{_BACKENDS}smtp.EmailBackend", host=parts.hostname, port=port, username=unquote(parts.username or ""),
        password=unquote(parts.password or ""), use_ssl=secure, use_tls=not secure and not plain, timeout=TIMEOUT,
    )  # fmt: skip
