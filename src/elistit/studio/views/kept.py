"""What was typed when a sign-in had ended: kept in the visitor's own session until they are back, then given to the form.

Nothing is launched by itself: the form comes back filled in, with its price, and waits to be pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

KEPT = "kept_form"
MOST = 40_000
NOTICE = "You had been signed out in the meantime. All you typed is here, and nothing was spent."
View = Callable[..., HttpResponse]


def keeps_form(view: View) -> View:
    """Like `login_required`, for the launch form: what a signed-out visitor sends is kept and comes back after the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        posted = request.POST.copy()
        posted.pop("csrfmiddlewaretoken", None)
        text = posted.urlencode()
        if len(text) <= MOST:
            request.session[KEPT] = text
        door = f"{settings.LOGIN_URL}?{urlencode({'next': reverse('new') + '?kept=1'})}"
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(headers={"HX-Redirect": door})
        return redirect(door)

    return guarded


def taken(request: HttpRequest) -> QueryDict | None:
    """What was kept, once; None when nothing was."""
    text = request.session.pop(KEPT, None)
    return QueryDict(text) if isinstance(text, str) else None
