"""Every address this program answers."""

from __future__ import annotations

from django.urls import include, path

from elistit.api.urls import page_urls
from elistit.support.tables import tables

urlpatterns = [
    path("api/", include("elistit.api.urls")),
    path("", include(page_urls)),
    path("", include("elistit.studio.urls")),
    path("", include("elistit.support.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/security/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("console/tables/", tables.urls),
]

handler403 = "elistit.studio.views.reference.refused"
handler404 = "elistit.studio.views.reference.missing"
handler500 = "elistit.studio.views.reference.broken"
