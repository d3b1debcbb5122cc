"""What a seller keeps for the next order, as tables: brand kits, series and templates of the launch form.

None of it has any influence on a project that is launched: what a project uses of a brand kit or a series is copied into the project
at its launch. Rows that a seller deletes stay, marked, so that deleting can be undone.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports

NAME_MAX = 60


class BrandKit(models.Model):
    """What a seller wants all their products to have. `is_default`: preselected on the launch form, at most one kit is.

    `styles` are codes of models, `scenes` ids of the seller's own scenes, both in order of preference. `pricing` are the price
    rules as `listings.price_rules` reads them. `deleted_at`: no longer offered."""

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brand_kits")
    name = models.CharField(max_length=NAME_MAX)
    folded = models.CharField(max_length=3 * NAME_MAX)
    is_default = models.BooleanField(default=False)
    shop_name = models.CharField(max_length=80, default="", blank=True)
    license_text = models.TextField(default="", blank=True)
    closing_text = models.TextField(default="", blank=True)
    palette = models.CharField(max_length=200, default="", blank=True)
    styles = models.JSONField(default=list, blank=True)
    scenes = models.JSONField(default=list, blank=True)
    pricing = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=ports.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "folded"], condition=models.Q(deleted_at__isnull=True), name="brand_kit_name_once"
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(is_default=True, deleted_at__isnull=True),
                name="brand_kit_one_default",
            ),
        ]
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """Projects that belong together. `look` is the first one's: `product`, `model`, `ratio`, `shape` and the design `options`
    that every further project takes over. Written once, with that project, and never changed. `held` is how many projects it has,
    where it was read with `projects.series.of`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="series")
    name = models.CharField(max_length=NAME_MAX)
    folded = models.CharField(max_length=3 * NAME_MAX)
    look = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "folded"], name="series_once")]
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.name


class FormTemplate(models.Model):
    """Every field of the launch form under a name. `fields` are those of the form by their names; the idea is among them only
    when the seller wanted it there. `deleted_at`: no longer offered."""

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_templates")
    name = models.CharField(max_length=NAME_MAX)
    folded = models.CharField(max_length=3 * NAME_MAX)
    fields = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=ports.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "folded"], condition=models.Q(deleted_at__isnull=True), name="form_template_once"
            )
        ]
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.name
