"""The addresses of the API. Included at `api/`."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

from elistit.api.application import api, missing, openapi, outermost


def _v1() -> tuple[list[URLPattern], str, str]:
    patterns, app, namespace = api.urls
    for pattern in patterns:
        assert isinstance(pattern, URLPattern)
        pattern.callback = outermost(pattern.callback)
    return patterns, app, namespace  # type: ignore[return-value]


_patterns, _app, _namespace = _v1()

urlpatterns = [
    path("v1/openapi.json", outermost(openapi), name="api-openapi"),
    path("v1/", include((_patterns, _app), namespace=_namespace)),
    re_path(r"", outermost(missing)),
]
