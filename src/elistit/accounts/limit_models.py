"""What one person may order in a day, where an operator set it for them. Read by `projects.daily_limits`, written by `support.actions`."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SellerLimit(models.Model):
    """One person's daily limits in credits and projects, in place of the studio's settings; null takes the setting."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="seller_limit"
    )
    credits = models.IntegerField(null=True, blank=True)
    projects = models.IntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"daily limits of {self.person}"
