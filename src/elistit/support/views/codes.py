"""Entering with a code by e-mail: one page asks for the address, the next for the code. Works without script."""

from __future__ import annotations

import logging

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from elistit.support import entering

log = logging.getLogger(__name__)

ADDRESS, NEXT = "entry_email", "entry_next"


def _page(request: HttpRequest, name: str, status: int = 200, **context: object) -> HttpResponse:
    context = {"open": entering.sign_up_open(), "minutes": int(entering.GOOD_FOR.total_seconds() // 60), **context}
    return render(request, f"support/{name}.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The address. For every address the next page is the same, whether somebody here has it or not."""
    if not entering.offered():
        raise Http404
    if request.user.is_authenticated:
        return redirect("projects")
    if request.method != "POST":
        return _page(request, "code_ask")
    typed = request.POST.get("email", "")
    email = entering.cleaned(typed)
    if not email:
        return _page(
            request, "code_ask", 422, typed=typed[:254], error="Write an e-mail address, like you@example.com."
        )
    try:
        entering.send_code(email, request.META.get("REMOTE_ADDR", ""))
    except entering.TooMany as many:
        return _page(request, "code_ask", 429, typed=email, error=str(many))
    except Exception as trouble:
        log.warning("a code could not be mailed: %s", type(trouble).__name__)
        words = "The code could not be sent just now, because our mail server did not answer. Try again in a minute."
        return _page(request, "code_ask", 503, typed=email, error=words)
    request.session[ADDRESS] = email
    return redirect("enter-code-check")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """The code. A right one signs in and leads to where the person wanted to go."""
    email = request.session.get(ADDRESS, "")
    if not entering.offered():
        raise Http404
    if not email:
        return redirect("enter-code")
    if request.method != "POST":
        return _page(request, "code_check", email=email)
    user = entering.redeem(email, request.POST.get("code", "")[:20])
    if user is None:
        words = "This code is not the newest one, not right, or no longer good. You can ask for another."
        return _page(request, "code_check", 422, email=email, error=words)
    target = request.session.pop(NEXT, "/")
    request.session.pop(ADDRESS, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "/")
