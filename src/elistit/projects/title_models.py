"""The titles a seller keeps for a listing, and the listing in other languages, as tables. Titles must never be written but through
`projects.listing_titles`."""

from __future__ import annotations

from django.db import models

from elistit import ports


class ListingTitle(models.Model):
    """A title a seller keeps for a listing beside others. `used` are the moments (ISO 8601) from which the listing had it;
    `removed_at`: not offered any more, and kept for the history when it was used. The one in use is `Listing.title`."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="titles")
    number = models.IntegerField()
    text = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=ports.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    used = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="listing_title_number_once"),
            models.UniqueConstraint(fields=["project", "text"], name="listing_title_text_once"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.text
