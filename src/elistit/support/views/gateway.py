"""Who may enter the console: active people of the role that each page and action names. For everybody else there is no such page,
whatever they send; that is also what support sees of an owner's pages.

The check comes before the forgery check and before the method check, so that neither answers for a page that a seller
must not know of. The forgery check still guards every action.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.projects.errors import NotFound, NotPossible
from elistit.support.actions import NoReason

View = Callable[..., HttpResponse]


def operator(request: HttpRequest) -> User:
    """The owner or support person who is signed in. Views that use it are behind `page` or `action`."""
    return cast(User, request.user)


def page(least: Role) -> Callable[[View], View]:
    """A page of the console for people of at least this role: looked at, never kept by a browser or proxy."""
    return lambda view: _only(least, require_safe(view))


def action(least: Role) -> Callable[[View], View]:
    """An action of the console for people of at least this role: POST with its forgery token."""
    return lambda view: _only(least, csrf_protect(require_POST(view)))


def _only(least: Role, view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not (user.is_authenticated and user.is_active and cast(User, user).role.covers(least)):
            raise Http404
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    exempt: Any = csrf_exempt(guarded)
    exempt.least_role = least
    return cast(View, exempt)


def attempt(request: HttpRequest, do: Callable[[], str]) -> bool:
    """Do an action and leave its sentence, or why it was not possible, for the next page. Whether it was done."""
    try:
        messages.success(request, do())
    except NotFound as missing:
        raise Http404 from missing
    except (NoReason, NotPossible, InsufficientCredits, IdempotencyConflict) as refused:
        messages.error(request, str(refused))
        return False
    return True
