"""The messages by e-mail: what `support.due` finds, each sent once.

A message never carries a secret, a file or a sign-in link, and never says more than the pages do. A person who switched a kind
off gets none of it.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from elistit import ports
from elistit.accounts.models import User
from elistit.maintenance.task import Run
from elistit.support import due as news
from elistit.support import mailbox
from elistit.support.due import KINDS, Due
from elistit.support.models import MailPreference, SentMail

log = logging.getLogger(__name__)

AT_ONCE = 100
LOOKED_UP = 500
"""Messages of each source that are looked up at once. More than are sent, so that some that can't be sent hold up no other."""
TRIES = 5
SALT = "elistit mail preferences"


def send_due(run: Run | None = None) -> int:
    """Send what is due and was not sent yet; how many messages left. At most 100 at once. Safe to call at any time.
    A kind of message that can't be looked up, and a message that can't be written, stop no other.

    A message the mail server does not take is retried at later calls, five times in all.
    """
    connection = mailbox.connection()
    if connection is None:
        return 0
    run, off = run or Run(), {p.pk: set(p.off) for p in MailPreference.objects.all()}
    found: list[Due] = []

    def wants(kind: str, person: User) -> bool:
        return kind not in off.get(person.pk, ()) and _reachable(person)

    def look(source: Callable[[news.Search], Iterator[Due]]) -> None:
        wanted = (due for due in source(search) if wants(due.kind, due.person))
        found.extend(itertools.islice(wanted, LOOKED_UP))

    search = news.Search(ports.now() - news.LOOK_BACK, _without_mail, wants=wants)
    run.each(news.SOURCES, look, key=lambda source: source.__name__, reads=True)

    def send(due: Due) -> int:
        return _send(due, connection) if _claim(due) else 0

    sent = 0
    for due in found:
        if sent >= AT_ONCE or run.expired():
            break
        sent += run.each([due], send, key=lambda row: row.key)
    return sent


def _reachable(person: User) -> bool:
    # The first person of a new installation is seller@localhost, where no mail arrives.
    return person.is_active and "." in person.email.rpartition("@")[2]


def arrives(person: User, kind: str) -> bool:
    """Whether a message of a kind would reach this person by e-mail: mail leaves this installation, the address can receive
    it, and they haven't switched the kind off."""
    if mailbox.way() is not mailbox.Way.SENT or not _reachable(person):
        return False
    preference = MailPreference.objects.filter(pk=person.pk).first()
    return preference is None or kind not in preference.off


def can_receive(person: User) -> bool:
    """Whether a person's address is one that mail can arrive at."""
    return _reachable(person)


def _claim(due: Due) -> bool:
    """Take a message for sending. False when it was sent, given up, or is being sent elsewhere."""
    again = SentMail.objects.filter(pk=due.key, state=SentMail.State.WAITING)
    row = again.values_list("tries", flat=True).first()
    if row is not None:
        return bool(again.filter(tries=row).update(state=SentMail.State.SENDING, tries=row + 1, at=ports.now()))
    if SentMail.objects.filter(pk=due.key).exists():
        return False
    try:
        with transaction.atomic():
            SentMail.objects.create(key=due.key, kind=due.kind, person=due.person, project=due.project)
    except IntegrityError:
        return False
    return True


def _send(due: Due, connection: BaseEmailBackend) -> int:
    row = SentMail.objects.filter(pk=due.key)
    try:
        build(due, connection).send()
    except Exception as trouble:
        tries = row.values_list("tries", flat=True).get()
        state = SentMail.State.GIVEN_UP if tries >= TRIES else SentMail.State.WAITING
        row.update(state=state, trouble=type(trouble).__name__)
        log.warning("a message about project %s couldn't be sent: %s", due.project or "none", type(trouble).__name__)
        return 0
    row.update(state=SentMail.State.SENT, trouble="", at=ports.now())
    return 1


def build(due: Due, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """A message as text and HTML, with the headers a mail program needs to offer switching it off."""
    off = settings.BASE_URL + reverse("mail-off", args=[signing.dumps([due.person.pk, due.kind], salt=SALT)])
    facts = {
        **due.facts,
        "base": settings.BASE_URL,
        "off": off,
        "kind_words": KINDS[due.kind][0],
    }
    subject = " ".join(render_to_string(f"support/mail/{due.kind}.subject.txt", facts).split())
    message = EmailMultiAlternatives(
        subject, render_to_string(f"support/mail/{due.kind}.txt", facts), mailbox.sender(), [due.person.email],
        connection=connection,
        headers={
            "Message-ID": make_msgid(due.key.replace(":", "."), parseaddr(mailbox.sender())[1].rpartition("@")[2]),
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )  # fmt: skip
    message.attach_alternative(render_to_string(f"support/mail/{due.kind}.html", facts), "text/html")
    return message


def _without_mail(prefix: str) -> set[str]:
    """The ids behind a prefix whose message is dealt with."""
    done = SentMail.objects.filter(key__startswith=f"{prefix}:").exclude(state=SentMail.State.WAITING)
    return {key.split(":", 1)[1] for key in done.values_list("key", flat=True)}
