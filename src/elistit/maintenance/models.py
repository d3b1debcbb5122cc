"""What is known of each maintenance task: when it last succeeded, what went wrong, where it stopped, which rows it can't do.

One row per task and one per failing row. Nothing here is history: old failures are deleted when the row succeeds.
"""

from __future__ import annotations

from django.db import models


class TaskState(models.Model):
    """One maintenance task. `holder` is the worker that runs it now, until `lease_until` at the latest; `cursor` is where the
    last run stopped. `last_error` is empty after a run without errors; `failures` counts runs with errors in a row."""

    name = models.CharField(primary_key=True, max_length=60)
    next_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=120, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=400, default="", blank=True)
    failures = models.IntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    cursor = models.CharField(max_length=120, default="", blank=True)

    def __str__(self) -> str:
        return self.name


class RowFailure(models.Model):
    """A row one task can't do now. It waits until `retry_at`, so that it neither stops nor slows the others."""

    task = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    failures = models.IntegerField(default=1)
    error = models.CharField(max_length=400)
    last_at = models.DateTimeField()
    retry_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "key"], name="maintenance_row_once")]

    def __str__(self) -> str:
        return f"{self.task} {self.key}: {self.error}"
