"""The titles a seller keeps for a listing, and the listing in other languages, as tables. Titles must never be written but through
`projects.listing_titles`."""

from __future__ import annotations

from django.db import models

from elistit import ports


class ListingTitle(models.Model):
    """A title a seller keeps for a listing beside others. `used` are the moments (ISO 8601) from which the listing had it;
    `removed_at`: not offered any longer, and kept for the history when it was used. The one in use is `Listing.title`."""

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


class ListingTranslation(models.Model):
    """A listing in another language. `source` is the digest of the text it was made from, `model` the language model that wrote
    it, `uploaded_to` the id of the draft that has it. `round` counts how often it was asked for; `tries` and `waits` are those of
    this round. `reason`: why it failed, or why it waits. While `lease_until` lies ahead, the holder of `lease` works on it."""

    class State(models.TextChoices):
        PENDING = "pending", "Being translated"
        WRITTEN = "written", "Translated"
        UPLOADED = "uploaded", "On the Etsy draft"
        FAILED = "failed", "Couldn't be translated"

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=10, default=State.PENDING)
    round = models.IntegerField(default=0)
    title = models.CharField(max_length=200, default="", blank=True)
    tags = models.JSONField(default=list, blank=True)
    description = models.TextField(default="", blank=True)
    source = models.CharField(max_length=64, default="", blank=True)
    model = models.CharField(max_length=80, default="", blank=True)
    uploaded_to = models.CharField(max_length=40, default="", blank=True)
    tries = models.IntegerField(default=0)
    waits = models.IntegerField(default=0)
    reason = models.CharField(max_length=400, default="", blank=True)
    next_try_at = models.DateTimeField(default=ports.now)
    lease = models.CharField(max_length=26, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "language"], name="listing_translation_once")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="translation_due")]
        ordering = ["language"]

    def __str__(self) -> str:
        return f"{self.language} ({self.state})"
