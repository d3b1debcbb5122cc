"""The messages by push notification: what `support.due` finds, once to each browser that a person has allowed it on.

Encrypted for the browser (RFC 8291) and signed with the studio's key (RFC 8292); a push service can read nothing of it. Sent only
where this studio's webhooks may go too. A message never says more than the pages do, and a kind a person switched off isn't sent.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from email.utils import parseaddr
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from py_vapid import Vapid02

from elistit import ports
from elistit.accounts.vault import Unreadable
from elistit.maintenance.task import Run
from elistit.network import sending
from elistit.projects import finding
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage
from elistit.support import due as news
from elistit.support import mailbox, push_keys
from elistit.support.due import Due
from elistit.support.models import MailPreference, PushSubscription, SentMail, SentPush

log = logging.getLogger(__name__)

AT_ONCE = 100
TRIES = 5
KEPT_SECONDS = 86_400
"""How long a push service keeps a message for a browser that is off: what is older than a day isn't sent by mail either."""
SIGNED_SECONDS = 12 * 3600
GONE = (404, 410)
LATER = (408, 425, 429)
BODY_MAX = 300
State = SentMail.State


def send_due(run: Run | None = None) -> int:
    """Send what is due and was not sent yet; how many messages left. At most 100 at once. Safe to call at any time. A kind that can't
    be looked up, a message that can't be written and a push service that doesn't answer stop no other.

    A browser that its push service calls gone is removed. What a push service can't take now is retried at later calls, five times
    in all; what it rejects is not.
    """
    browsers: dict[int, list[PushSubscription]] = {}
    for row in PushSubscription.objects.filter(person__is_active=True).select_related("person"):
        browsers.setdefault(row.person_id, []).append(row)
    if not browsers:
        return 0
    try:
        key = push_keys.private_key()
    except Unreadable:
        log.exception("no push notification is sent: the studio's key for them can't be read")
        return 0
    run, off = run or Run(), {p.pk: set(p.off) for p in MailPreference.objects.filter(pk__in=browsers)}
    silent: set[str] = set()

    def send(pair: tuple[Due, PushSubscription]) -> int:
        due, browser = pair
        if browser.pk in silent or due.kind in off.get(due.person.pk, ()) or not _claim(due, browser):
            return 0
        return _send(due, browser, key, silent)

    sent = 0
    for due in _found(run, browsers):
        for browser in browsers.get(due.person.pk, ()):
            if sent >= AT_ONCE or run.expired():
                return sent
            sent += run.each([(due, browser)], send, key=lambda pair: f"{pair[1].pk}:{pair[0].key}")
    return sent


def begin(browser: PushSubscription) -> None:
    """Take note of what has happened before a browser subscribed: it gets what comes from now on. Idempotent."""
    for due in _found(Run(), {browser.person_id: [browser]}):
        SentPush.objects.get_or_create(subscription=browser, key=due.key, defaults={"state": State.SENT, "tries": 0})


def _found(run: Run, browsers: dict[int, list[PushSubscription]]) -> list[Due]:
    found: list[Due] = []
    search = news.Search(ports.now() - news.LOOK_BACK, lambda kind: _handled(kind, browsers), frozenset(browsers))
    run.each(news.SOURCES, lambda source: found.extend(source(search)), key=lambda source: source.__name__, reads=True)
    return found


def _handled(kind: str, browsers: dict[int, list[PushSubscription]]) -> set[str]:
    """The ids behind a kind that every browser of their person is dealt with."""
    done = SentPush.objects.filter(key__startswith=f"{kind}:", subscription__person__in=browsers)
    counted = Counter(done.exclude(state=State.WAITING).values_list("key", "subscription__person"))
    return {key.split(":", 1)[1] for (key, person), count in counted.items() if count >= len(browsers[person])}


def _claim(due: Due, browser: PushSubscription) -> bool:
    """Take a message for sending. False when it was sent, given up, or is being sent elsewhere."""
    row = SentPush.objects.filter(subscription=browser, key=due.key)
    known = row.values_list("state", "tries").first()
    if known is not None:
        state, tries = known
        again = row.filter(state=State.WAITING, tries=tries)
        return state == State.WAITING and bool(again.update(state=State.SENDING, tries=tries + 1, at=ports.now()))
    try:
        with transaction.atomic():
            SentPush.objects.create(subscription=browser, key=due.key)
    except IntegrityError:  # another process was faster, or the browser was removed meanwhile
        return False
    return True


def _send(due: Due, browser: PushSubscription, key: ec.EllipticCurvePrivateKey, silent: set[str]) -> int:
    row = SentPush.objects.filter(subscription=browser, key=due.key)
    try:
        answer = sending.post(browser.endpoint, encrypted(browser, payload(due)), headers(due, browser, key))
    except Exception as trouble:
        _not_sent(due, browser, type(trouble).__name__, again=True)
        return 0
    if answer.accepted:
        row.update(state=State.SENT, trouble="", at=ports.now())
        return 1
    # What this browser's push service can't take now it can't take a moment later either; the others are not held up.
    silent.add(browser.pk)
    if answer.status in GONE:
        PushSubscription.objects.filter(pk=browser.pk).delete()
        return 0
    _not_sent(due, browser, answer.outcome, again=_may_be_taken_later(answer))
    return 0


def _may_be_taken_later(answer: sending.Answer) -> bool:
    return answer.status is None or answer.status >= 500 or answer.status in LATER


def _not_sent(due: Due, browser: PushSubscription, trouble: str, *, again: bool) -> None:
    row = SentPush.objects.filter(subscription=browser, key=due.key)
    tries = row.values_list("tries", flat=True).first()
    if tries is not None:  # else the browser was removed meanwhile, and its messages with it
        state = State.WAITING if again and tries < TRIES else State.GIVEN_UP
        row.update(state=state, trouble=trouble[:200])
    log.warning("a push notification about project %s couldn't be sent: %s", due.project or "none", trouble)


# ---- what is sent --------------------------------------------------------------------------------------------------------


def payload(due: Due) -> bytes:
    """What the service worker shows: title, one sentence, the path it opens, and how many projects need their seller."""
    title = " ".join(render_to_string(f"support/mail/{due.kind}.subject.txt", due.facts).split())
    needing = finding.count_needing(due.person.pk)
    message = {
        "title": title[:BODY_MAX],
        "body": _body(due, needing)[:BODY_MAX],
        "path": _path(due),
        "tag": _topic(due),
        "needing": needing,
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _body(due: Due, needing: int) -> str:
    words = ""
    if due.kind == news.FAILED:
        words = str(due.facts["money"])
    elif due.kind == news.DONE and _draft_failed(due.facts["project"]):
        words = "Etsy rejected the draft. Retrying it is free."
    elif due.kind == news.NOT_LAUNCHED:
        words = " ".join(due.facts["errors"]) or str(due.facts["reason"])
    elif due.kind == news.NEEDED:
        words = str(due.facts["detail"])
    if needing:
        more = "100 or more projects need you." if needing >= 100 else f"{needing} projects need you."
        words = f"{words} {'1 project needs you.' if needing == 1 else more}".strip()
    return words


def _draft_failed(project: Project) -> bool:
    return Listing.objects.filter(project=project, draft=Listing.Draft.FAILED).exists()


def _path(due: Due) -> str:
    project = due.facts.get("project")
    if due.kind == news.NOT_LAUNCHED:
        return reverse("batch", args=[due.facts["batch"].pk])
    if due.kind == news.LOW:
        return reverse("billing")
    if due.kind in (news.PAUSED, news.NEEDED, news.ASKED):
        return reverse("console")
    if due.kind == news.ANSWERED and isinstance(project, Project):
        return reverse("project-help", args=[project.pk])
    assert isinstance(project, Project)
    if due.kind == news.WAITING and project.stage == Stage.AWAITING_APPROVAL:
        return reverse("gate", args=[project.pk])
    return reverse("project", args=[project.pk])


def _topic(due: Due) -> str:
    """At most 32 characters that stand for a message: a second copy replaces the first instead of following it."""
    return push_keys.encode(hashlib.sha256(due.key.encode()).digest())[:32]


def encrypted(browser: PushSubscription, plaintext: bytes) -> bytes:
    """A message that only this browser can read (RFC 8291, aes128gcm), under a key used once."""
    once = ec.generate_private_key(ec.SECP256R1())
    point, secret = push_keys.decode(browser.p256dh), push_keys.decode(browser.auth)
    made: bytes = http_ece.encrypt(plaintext, private_key=once, dh=point, auth_secret=secret, version="aes128gcm")
    return made


def headers(due: Due, browser: PushSubscription, key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The headers of a push message, with the signature that is good for this push service and twelve hours."""
    parts = urlsplit(browser.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(ports.now().timestamp()) + SIGNED_SECONDS,
        "sub": _contact(),
    }
    # The library's own check of the contact refuses addresses that are right; ours is made by us.
    signed = Vapid02(key, conf={"no-strict": True}).sign(claims)
    return {
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "user-agent": "Elistit-Push/1",
        "ttl": str(KEPT_SECONDS),
        "topic": _topic(due),
        "urgency": "normal",
        "authorization": str(signed["Authorization"]),
    }


def _contact() -> str:
    """Whom a push service asks about our messages: the studio's own address where it is a public one, else its sender of mail."""
    if settings.BASE_URL.startswith("https://"):
        return str(settings.BASE_URL)
    return f"mailto:{parseaddr(mailbox.sender())[1]}"
