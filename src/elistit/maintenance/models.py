"""The state of each maintenance task: its last success, last error, cursor and failing rows; and the last result of
each check of the rules.

One row per task, per failing row and per check. It is not a history: failures are deleted when the row succeeds.
"""

from __future__ import annotations

from django.db import models


class TaskState(models.Model):
    """One maintenance task. `holder` is the worker that runs it now, until `lease_until` at the latest; `cursor` is
    where the last run stopped. `last_error` is empty after a run without errors; `failures` counts consecutive runs
    with errors."""

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
    """A row that one task can't process now. It waits until `retry_at`, so that it neither stops nor slows the others."""

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


class CheckResult(models.Model):
    """The last result of a check of the rules: `audit` of the ledger, or `simulate`, the rules under simulated
    failures. `checked` counts checks of the audit or projects of the simulator; `seed` is the simulator's."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
    ok = models.BooleanField()
    checked = models.BigIntegerField(default=0)
    violations = models.IntegerField(default=0)
    seed = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {'passed' if self.ok else 'failed'} {self.at:%Y-%m-%d %H:%M}"
