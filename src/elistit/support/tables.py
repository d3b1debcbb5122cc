"""Read-only tables: every model of the studio in Django's own admin, under the console.

Money, jobs and listings change only through the rules, and the actions of operators only through the console, where each
needs a reason and is recorded. So nothing can be added, changed or deleted here, and no column that holds a secret or
its digest is shown. For anybody but owners these addresses do not exist.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import logout
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OURS = ("accounts", "credits", "projects", "pipeline", "listings", "delivery", "payments", "api", "support")
HIDDEN = re.compile(r"password|digest|secret|token|hash|verifier|session|link_key|payload", re.IGNORECASE)
WIDE = (models.JSONField, models.TextField, models.BinaryField)


def _several(name: str) -> str:
    """`webhook delivery` → `Webhook deliveries`. Django itself only adds an s."""
    if name.endswith("y") and name[-2] not in "aeiou":
        return f"{name[:-1]}ies".capitalize()
    return (name + ("es" if name.endswith("s") else "s")).capitalize()


class Tables(AdminSite):
    site_title = site_header = "Elistit tables"
    index_title = "Read-only."
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_owner", False))

    @property
    def site_url(self) -> str:  # type: ignore[override]
        return reverse("console")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        for table in (table for app in found for table in app["models"]):
            table["name"] = _several(str(table["model"]._meta.verbose_name))
        return found

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        raise Http404

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method != "POST":
            raise Http404
        logout(request)
        return redirect("door")


class Looking(ModelAdmin):  # type: ignore[type-arg]
    """One table: its plain columns, newest first, with filters made from its choices."""

    show_full_result_count = False
    list_per_page = 50

    def _shown(self) -> list[models.Field]:
        return [
            f for f in self.model._meta.fields if not HIDDEN.search(f.name) and not isinstance(f, models.BinaryField)
        ]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [f.name for f in self._shown() if not isinstance(f, WIDE)][:10]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [f.name for f in self._shown() if f.choices or isinstance(f, models.BooleanField)]

    def get_list_select_related(self, request: HttpRequest) -> list[Any]:
        return [f.name for f in self._shown() if isinstance(f, models.ForeignKey)]

    def get_search_fields(self, request: HttpRequest) -> list[Any]:
        names = {f.name for f in self._shown()}
        return [n for n in ("id", "email", "owner__email", "public_id") if n.partition("__")[0] in names]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["-pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [f.name for f in self._shown()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


tables = Tables(name="tables")


for _label in OURS:
    tables.register(list(apps.get_app_config(_label).get_models()), Looking)
