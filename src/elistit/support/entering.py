"""Entering with a code sent by e-mail, and signing up with one where the operator allows it.

Whether an address is known here is never told: the answer to asking for a code is the same for all. A code is six
digits, so what guards it is that it works once, for ten minutes, for five tries, and that few can be asked for.
"""

from __future__ import annotations

import datetime as dt
import hmac
import logging
import os
import re
import secrets

from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import plans
from elistit.support import mailbox
from elistit.support.models import EntryCode

log = logging.getLogger(__name__)

EMAIL = re.compile(r"[^@\s<>\"',;:\\]{1,64}@[^@\s<>\"',;:\\]{1,190}\.[^@\s<>\"',;:\\.]{2,}")
GOOD_FOR = dt.timedelta(minutes=10)
TRIES = 5
PER_EMAIL, PER_EMAIL_WITHIN = 3, dt.timedelta(minutes=15)
PER_PLACE, PER_PLACE_WITHIN = 20, dt.timedelta(hours=1)
KEPT = dt.timedelta(days=1)


class TooMany(Exception):
    """Too many codes were asked for. The message is one sentence."""


def offered() -> bool:
    """Whether people can enter by a code: only where the operator set up mail."""
    url = os.environ.get("ELISTIT_EMAIL_URL", "").strip()
    return bool(url) and not url.startswith("off:")


def sign_up_open() -> bool:
    """Whether an address nobody has here becomes a new seller with the trial credits (ELISTIT_SIGNUP=open)."""
    return os.environ.get("ELISTIT_SIGNUP", "").strip().lower() == "open"


def cleaned(email: str) -> str:
    """The address in lower case; empty when it is none."""
    email = email.strip().lower()
    return email if EMAIL.fullmatch(email) else ""


def send_code(email: str, place: str) -> None:
    """Mail a new code to an address, if its owner may enter. `place` is where the request came from.

    Does the same work and answers the same for an address that may not enter, only without the mail. Raises TooMany;
    also BadAddress and OSError when the mail server cannot be reached.
    """
    now, where = ports.now(), _keyed("place", place)
    EntryCode.objects.filter(created_at__lt=now - KEPT).delete()
    recent = EntryCode.objects.filter
    if (
        recent(email=email, created_at__gt=now - PER_EMAIL_WITHIN).count() >= PER_EMAIL
        or recent(asked_from=where, created_at__gt=now - PER_PLACE_WITHIN).count() >= PER_PLACE
    ):
        raise TooMany("Several codes were asked for just now. Use the newest one, or wait a quarter of an hour.")
    code = f"{secrets.randbelow(1_000_000):06}"
    EntryCode.objects.create(
        email=email, digest=_keyed(email, code), asked_from=where, tries_left=TRIES, created_at=now,
        expires_at=now + GOOD_FOR,
    )  # fmt: skip
    if not _may_enter(email):
        return
    facts = {"code": code, "minutes": int(GOOD_FOR.total_seconds() // 60)}
    EmailMultiAlternatives(
        f"{code} is your code for Elistit", render_to_string("support/mail/code.txt", facts), mailbox.sender(), [email],
        connection=mailbox.connection(), headers={"Auto-Submitted": "auto-generated"},
    ).send()  # fmt: skip


def redeem(email: str, code: str) -> User | None:
    """The person of a code, the first time, in time and within its tries; a new seller where sign-up is open. None
    otherwise. Each call uses up a try of the newest code before it is looked at, so racing calls win nothing."""
    now = ports.now()
    newest = EntryCode.objects.filter(email=email).order_by("-pk").first()
    if newest is None:
        return None
    alive = EntryCode.objects.filter(pk=newest.pk, used_at=None, expires_at__gt=now, tries_left__gt=0)
    if not alive.update(tries_left=F("tries_left") - 1):
        return None
    if not hmac.compare_digest(newest.digest, _keyed(email, "".join(code.split()))) or not _may_enter(email):
        return None
    if not EntryCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=now):
        return None
    return _person(email)


def _person(email: str) -> User | None:
    try:
        with transaction.atomic():
            user, made = User.objects.get_or_create(email=email)
            if made:
                user.set_unusable_password()
                user.save(update_fields=["password"])
                plans.start_trial(user.pk)
    except IntegrityError:
        user = User.objects.get(email=email)
    return user if user.is_active else None


def _may_enter(email: str) -> bool:
    known = User.objects.filter(email=email).values_list("is_active", flat=True).first()
    return known if known is not None else sign_up_open()


def _keyed(about: str, text: str) -> str:
    return salted_hmac(f"elistit entry code {about}", text, algorithm="sha256").hexdigest()
