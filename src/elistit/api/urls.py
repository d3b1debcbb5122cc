"""The addresses of the API, included at `api/`, and of its pages in the settings, included at the root."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

from elistit.api import pages
from elistit.api.application import api, missing, openapi, outermost


def _v1() -> tuple[list[URLPattern], str, str]:
    patterns, app, namespace = api.urls
    for pattern in patterns:
        assert isinstance(pattern, URLPattern)
        pattern.callback = outermost(pattern.callback)
    return patterns, app, namespace  # type: ignore[return-value]


ULID = "[0-9A-HJKMNP-TV-Z]{26}"
ONE = rf"^settings/webhooks/(?P<webhook_id>{ULID})/"
page_urls = [
    path("settings/webhooks/", pages.webhooks, name="webhooks"),
    re_path(rf"{ONE}$", pages.webhook, name="webhook"),
    re_path(rf"{ONE}delete/$", pages.delete, name="webhook-delete"),
    re_path(rf"{ONE}deliveries/(?P<delivery_id>{ULID})/resend/$", pages.resend, name="webhook-resend"),
]

_patterns, _app, _namespace = _v1()

urlpatterns = [
    path("v1/openapi.json", outermost(openapi), name="api-openapi"),
    path("v1/", include((_patterns, _app), namespace=_namespace)),
    re_path(r"", outermost(missing)),
]
