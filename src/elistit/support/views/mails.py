"""Settings → Notifications: which messages a person gets, and the link in every message that switches its kind off."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from elistit.accounts.models import User
from elistit.accounts.vault import Unreadable
from elistit.support import due, mail, mailbox, push_keys, push_subscriptions
from elistit.support.models import MailPreference


def _off(pk: int) -> set[str]:
    found = MailPreference.objects.filter(pk=pk).first()
    return set(found.off) & set(due.KINDS) if found else set()


def _keep(pk: int, off: set[str]) -> None:
    MailPreference.objects.update_or_create(person_id=pk, defaults={"off": sorted(off)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What this installation sends to the person, and by which ways: e-mail as it is set up here, push
    notifications on the browsers they allowed them on, and their own webhooks."""
    person = cast(User, request.user)
    if request.method == "POST":
        wanted = set(request.POST.getlist("kind"))
        _keep(person.pk, set(due.kinds_for(person)) - wanted)
        messages.success(request, "Saved.")
        return redirect("notifications")
    off = _off(person.pk)
    browsers, here = list(person.push_subscriptions.all()), request.session.get(push_subscriptions.SESSION, "")
    kinds = [{"code": c, "title": t, "about": a, "on": c not in off} for c, (t, a) in due.kinds_for(person).items()]
    context = {
        "kinds": kinds,
        "way": mailbox.way(),
        "can_receive": mail.can_receive(person),
        "push_key": _push_key(),
        "browsers": browsers,
        "this_browser": here,
        "on_here": any(browser.pk == here for browser in browsers),
        "webhooks": list(person.webhook_endpoints.filter(disabled_at=None)),
    }
    return render(request, "support/notifications.html", context)


def _push_key() -> str:
    """What a browser subscribes for; empty where the studio's key can't be read any more."""
    try:
        push_keys.private_key()
    except Unreadable:
        return ""
    return push_keys.public_key()


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a message. GET shows a button, because mail programs open links automatically; POST switches the kind
    off, also when a mail program sends it on its own (RFC 8058). The signed token is the permission, so no forgery
    token is asked for: all it can do is switch this one kind off."""
    try:
        pk, kind = signing.loads(token, salt=mail.SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if kind not in due.KINDS or not User.objects.filter(pk=pk).exists():
        raise Http404
    done = request.method == "POST"
    if done:
        _keep(pk, _off(pk) | {kind})
    return render(request, "support/mail_off.html", {"kind_words": due.KINDS[kind][0], "done": done})
