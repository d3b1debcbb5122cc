"""Settings → API keys: making one, seeing it once, revoking it.

The secret is in the answer to the request that made it and nowhere else: not in a session, a message or a log.
"""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from elistit import names
from elistit.accounts.models import ApiKey
from elistit.studio.views import access

NAME_MAX = 80
KEYS_MAX = 20
CAP_DIGITS = 9
SCOPE_WORDS = ((ApiKey.Scope.FULL.value, "Full access"), (ApiKey.Scope.READ.value, "Read-only"))
USED = "keys-made"
"""Where a session keeps the keys of the forms that made one: loading the answer again makes no second."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required(allow_get=True)
@sensitive_variables("secret")
def page(request: HttpRequest) -> HttpResponse:
    """GET: the keys. POST: make one and show it, this once; the same form sent again makes no other. Who has a password, a
    passkey or an authenticator app shows it again first, unless they just did."""
    owner = access.person(request)
    secret, error, name = "", "", ""
    used = request.session.get(USED, [])
    if request.method == "POST" and (sent := request.POST.get("key", "")[:40]) and sent in used:
        error = "This key was already created, and it is shown only once. If you didn't save it, revoke it and create another."
    elif request.method == "POST":
        name = names.one_line(request.POST.get("name", ""))
        scope = request.POST.get("scope", "")
        scope = scope if scope in ApiKey.Scope.values else ApiKey.Scope.READ
        actions = [code for code in request.POST.getlist("action") if code in ApiKey.Action.values]
        cap = request.POST.get("daily_cap", "").strip()
        if cap and not (cap.isascii() and cap.isdigit() and len(cap) <= CAP_DIGITS):
            error = "The daily cap is a whole number of credits. Leave it blank for no cap."
        elif not name or len(name) > NAME_MAX:
            error = f"Give the key a name of 1 to {NAME_MAX} characters, so you can tell your keys apart."
        elif owner.api_keys.filter(revoked_at=None).count() >= KEYS_MAX:
            error = f"There are {KEYS_MAX} keys already. Revoke one you no longer need."
        else:
            # With every action ticked, the key also gets actions added later.
            limited = actions if scope == ApiKey.Scope.FULL and set(actions) != set(ApiKey.Action.values) else ()
            secret = ApiKey.issue(owner, name, scope, actions=limited, daily_cap=int(cap) if cap else None)
            name = ""
            request.session[USED] = [*used, sent][-KEYS_MAX:]
    context = {
        "keys": owner.api_keys.filter(revoked_at=None).order_by("-pk"),
        "revoked": owner.api_keys.exclude(revoked_at=None).count(),
        "scopes": SCOPE_WORDS,
        "actions": ApiKey.Action.choices,
        "secret": secret,
        "error": error,
        "name": name,
        "form_key": access.fresh_key(),
        "base_url": settings.BASE_URL,
    }
    return render(request, "studio/keys.html", context, status=422 if error else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one of one's own keys useless at once. Raises Http404 for another's; revoking again changes nothing."""
    owner = access.person(request)
    if not owner.api_keys.filter(pk=pk).exists():
        raise Http404
    if ApiKey.revoke(owner, pk):
        messages.success(request, "Key revoked. Programs that use it have lost access.")
    return redirect("keys")
