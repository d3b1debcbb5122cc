"""How a seller keeps their list of projects in order, as tables: labels, saved filters and the words projects are found by.

None of it has anything to do with what a project is or costs. `SearchWord` is derived from other tables and can be written
again at any time (`projects.finding`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports

LABEL_MAX, FILTER_NAME_MAX, WORD_MAX = 40, 60, 40


class Label(models.Model):
    """A label of one seller's. `folded` is its name without case: “Fall” and “fall” are one label."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=LABEL_MAX)
    folded = models.CharField(max_length=3 * LABEL_MAX)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "folded"], name="label_once")]
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.name


class ProjectLabel(models.Model):
    """A label on a project."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="placed")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="placed_labels")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "project"], name="project_label_once")]

    def __str__(self) -> str:
        return f"{self.label} on {self.project_id}"


class SavedFilter(models.Model):
    """A filter of the project list under a name. `query` is the part of the list's address after the question mark."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=FILTER_NAME_MAX)
    query = models.CharField(max_length=600)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SearchWord(models.Model):
    """One word a project is found by. `owner` is the project's, so that one index answers a search."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=WORD_MAX)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="search_words")

    class Meta:
        # By the beginnings of words: whatever language PostgreSQL sorts by, the operator class compares letter by letter.
        indexes = [
            models.Index(
                fields=["owner", "word", "project"],
                opclasses=["", "varchar_pattern_ops", ""],
                name="search_word_of_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.project_id}"
