"""Signing in through the operator's identity server: the way there and back.

Both are opened by GET: a form can't lead to another site under the content policy, and the worst a foreign link can do is sign
a visitor in as themselves. Where no server is set up there is no such page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from elistit.support import identity

log = logging.getLogger(__name__)


@require_safe
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the identity server."""
    return _asked(request, lambda: identity.identity_flow.begin(request))


@require_safe
@never_cache
@sensitive_variables()
def callback(request: HttpRequest) -> HttpResponse:
    """Sign in whom the identity server vouches for, and lead them where they wanted to go."""
    return _asked(request, lambda: identity.identity_flow.finish(request))


def _asked(request: HttpRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
    if not identity.button():
        raise Http404
    try:
        return ask()
    except identity.identity_flow.BROKEN as fault:
        log.warning("the identity server can't be used: %s", type(fault).__name__)
        return identity.refuse(request, "unavailable")
