"""Every address this program answers."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("elistit.api.urls")),
    path("", include("elistit.studio.urls")),
    path("", include("elistit.support.urls")),
]

handler403 = "elistit.studio.views.reference.refused"
handler404 = "elistit.studio.views.reference.missing"
handler500 = "elistit.studio.views.reference.broken"
