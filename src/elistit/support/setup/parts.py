"""What an operator sets up, part by part: whether each is set up, how to do it, and the check that tests it.

The checks are those of `elistit doctor`, so that page and command say the same. Whether a part is set up is read from the
settings alone and asks nobody; only `test` does. Nothing here may show a setting's value.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.conf import settings

from elistit import config, ports
from elistit.accounts.models import User
from elistit.delivery import address
from elistit.delivery.gelato.config import GelatoConfig
from elistit.delivery.google_drive.config import GoogleConfig
from elistit.listings.etsy import practice
from elistit.listings.etsy.config import EtsyConfig
from elistit.maintenance.backups import schedule
from elistit.payments.config import StripeConfig
from elistit.providers import registry
from elistit.support import mail, mailbox
from elistit.support.models import SetupCheck
from elistit.support.setup import installation, services

log = logging.getLogger(__name__)

CHECKS = {**installation.CHECKS, **services.CHECKS}
"""Every check that doctor and the setup page share, by its name."""

HIDDEN = "(hidden)"
SECRET_SHOWN_MIN = 6
"""Shorter values of secrets are ordinary words; hiding them would garble the sentence."""


class State(StrEnum):
    """How a part is set up, as its settings say."""

    READY = "ready"
    BUILT_IN = "built_in"
    """Not set up, and the studio has its own way."""
    MISSING = "missing"


@dataclass(frozen=True)
class Part:
    """One part. `check` is its name in `CHECKS`, `state` answers how it is set up and what is used, in words."""

    name: str
    title: str
    purpose: str
    names: tuple[str, ...]
    guide: str
    check: str
    state: Callable[[], tuple[State, str]]

    @property
    def noun(self) -> str:
        """The title inside a sentence."""
        return self.title if self.title in ("Etsy", "Google Drive") else self.title[0].lower() + self.title[1:]


def _secret() -> tuple[State, str]:
    given = config.current().general.secret_key.get_secret_value()
    return State.READY, "From ELISTIT_SECRET_KEY" if given else "Generated at the first start"


def _mail() -> tuple[State, str]:
    match mailbox.way():
        case mailbox.Way.SENT:
            return State.READY, "Sent by a mail server"
        case mailbox.Way.KEPT:
            return State.MISSING, "Mail is only written to this machine, so nobody receives it"
    return State.MISSING, "Off: no sign-in codes and no notifications"


def _etsy() -> tuple[State, str]:
    if EtsyConfig.from_environment().ready:
        return State.READY, "An Etsy app is set"
    if practice.address():
        return State.BUILT_IN, "Practice shop: nothing reaches Etsy"
    return State.MISSING, "No shop can be connected"


def _providers() -> tuple[State, str]:
    names = list(registry.outside())
    if registry.problems():
        return State.MISSING, "Set up incompletely"
    return (State.READY, ", ".join(names)) if names else (State.BUILT_IN, "The built-in artist")


def _words() -> tuple[State, str]:
    model = config.current().llm.model
    return (State.READY, model) if model else (State.BUILT_IN, "The built-in writer")


def _storage() -> tuple[State, str]:
    if isinstance(address.parse(settings.STORAGE_URL), address.Bucket):
        return State.READY, "A bucket"
    return State.BUILT_IN, "A folder on this machine"


def _backups() -> tuple[State, str]:
    if schedule.address():
        hours = schedule.every().total_seconds() / 3600
        return State.READY, f"Every {hours:g} hours, {schedule.kept()} kept"
    return State.MISSING, "None are taken"


def _payments() -> tuple[State, str]:
    ready = StripeConfig.from_environment().ready
    return (State.READY, "Stripe") if ready else (State.MISSING, "Sellers can't buy credits")


def _drive() -> tuple[State, str]:
    ready = GoogleConfig.from_environment().ready
    return (State.READY, "A Google app is set") if ready else (State.MISSING, "Sellers can't connect Google Drive")


def _prints() -> tuple[State, str]:
    ready = GelatoConfig.from_environment().ready
    return (State.READY, "A Gelato key is set") if ready else (State.MISSING, "Sellers can't order prints")


def _identity() -> tuple[State, str]:
    oidc = config.current().oidc
    if not oidc.configured:
        return State.BUILT_IN, "People sign in at the studio itself"
    return State.READY, f"{oidc.name}; new accounts: {'yes' if oidc.signup == 'open' else 'no'}"


_GUIDE = "docs/operations/configuration.md"
PARTS: tuple[Part, ...] = (
    Part(
        "secret", "Secret key", "Signs sessions and encrypts what the studio keeps for its sellers.",
        ("ELISTIT_SECRET_KEY",), "docs/operations/security.md", "secret", _secret,
    ),
    Part(
        "mail", "Mail", "Sends sign-in codes and notifications.",
        ("ELISTIT_EMAIL_URL", "ELISTIT_EMAIL_FROM"), _GUIDE, "mail", _mail,
    ),
    Part(
        "etsy", "Etsy", "Lets sellers connect their shops, so that projects become drafts there.",
        ("ELISTIT_ETSY_KEYSTRING", "ELISTIT_ETSY_SHARED_SECRET"), _GUIDE, "Etsy", _etsy,
    ),
    Part(
        "providers", "Image providers", "Make images with Replicate, OpenAI, Recraft or ComfyUI.",
        ("ELISTIT_REPLICATE_TOKEN", "ELISTIT_OPENAI_KEY", "ELISTIT_RECRAFT_KEY", "ELISTIT_COMFYUI_URL"), _GUIDE,
        "image providers", _providers,
    ),
    Part(
        "words", "Language model", "Writes briefs and listings.",
        ("ELISTIT_LLM_URL", "ELISTIT_LLM_KEY", "ELISTIT_LLM_MODEL"), _GUIDE, "words", _words,
    ),
    Part(
        "storage", "File storage", "Keeps the files of every project.",
        ("ELISTIT_STORAGE_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "docs/how-to/google-drive-and-buckets.md",
        "storage", _storage,
    ),
    Part(
        "backups", "Backups", "Bring the studio back after a lost disk.",
        ("ELISTIT_BACKUP_URL", "ELISTIT_BACKUP_EVERY_HOURS", "ELISTIT_BACKUP_KEEP"), "docs/operations/backup.md",
        "backups", _backups,
    ),
    Part(
        "payments", "Payments", "Sell plans and credit packs with Stripe.",
        ("ELISTIT_STRIPE_KEY", "ELISTIT_STRIPE_WEBHOOK_SECRET"), "docs/operations/payments.md", "payments", _payments,
    ),
    Part(
        "drive", "Google Drive", "Delivers finished files to sellers’ own Drive.",
        ("ELISTIT_GOOGLE_CLIENT_ID", "ELISTIT_GOOGLE_CLIENT_SECRET"), "docs/how-to/google-drive-and-buckets.md",
        "Google Drive", _drive,
    ),
    Part(
        "prints", "Print on demand", "Lets sellers create draft orders of posters in your Gelato account.",
        ("ELISTIT_GELATO_KEY", "ELISTIT_GELATO_PAPER", "ELISTIT_GELATO_CURRENCY"), "docs/how-to/print-on-demand.md",
        "print on demand", _prints,
    ),
    Part(
        "identity", "Identity server", "Lets people sign in through your organization’s own server (OpenID Connect).",
        ("ELISTIT_OIDC_ISSUER", "ELISTIT_OIDC_CLIENT_ID", "ELISTIT_OIDC_CLIENT_SECRET", "ELISTIT_OIDC_NAME"),
        "docs/operations/identity-server.md", "identity server", _identity,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A part as the page shows it. `last` is its last test; `note` what is used."""

    part: Part
    state: State
    note: str
    last: SetupCheck | None


def rows() -> list[Row]:
    """Every part, how it is set up, and its last test. Asks no service."""
    last = {check.name: check for check in SetupCheck.objects.all()}
    return [Row(part, *part.state(), last.get(part.name)) for part in PARTS]


def named(name: str) -> Part | None:
    return next((part for part in PARTS if part.name == name), None)


def test(part: Part, operator: User) -> SetupCheck:
    """Test a part now, keep the result in place of the last one, and return it. Mail is also sent, to the operator."""
    try:
        ok, seen, fix = CHECKS[part.check]()
        if ok and part.name == "mail":
            ok, seen, fix = _send_to(operator, seen)
    except Exception as fault:
        # A fault's own text may quote an address with a password in it, so it goes to the log alone.
        log.exception("the test of %s failed", part.name)
        ok, seen, fix = False, f"The test itself failed: {type(fault).__name__}", "The studio's log has the details."
    values = {"at": ports.now(), "ok": ok, "seen": without_secrets(seen)[:400], "fix": without_secrets(fix)[:400]}
    return SetupCheck.objects.update_or_create(name=part.name, defaults=values)[0]


def _send_to(operator: User, seen: str) -> services.Finding:
    """Send one message to the operator who tests. A check that the server accepts a connection proves no delivery."""
    if mailbox.way() is not mailbox.Way.SENT:
        return True, seen, ""
    if not mail.can_receive(operator):
        return True, f"{seen}; no message was sent: {operator.email} can't receive mail", ""
    try:
        mailbox.send_test(operator.email)
    except (OSError, smtplib.SMTPException) as refused:
        fix = "Look at ELISTIT_EMAIL_FROM: servers refuse senders they don't know."
        return False, f"{seen}, but refused the test message: {type(refused).__name__}", fix
    return True, f"{seen}; a test message was sent to {operator.email}", ""


def without_secrets(text: str) -> str:
    """The text with every secret of this installation's settings replaced."""
    secrets = {one.name for one in config.settings() if one.secret}
    values = [value for name, value in config.read().given.items() if name in secrets]
    values += [unquote(word) for value in values if "://" in value and (word := urlsplit(value).password)]
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SECRET_SHOWN_MIN:
            text = text.replace(value, HIDDEN)
    return text
