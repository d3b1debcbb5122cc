"""Bulk actions: what an owner chose, what it was shown to cost, and what happened to each row.

A plan and its rows are written before anything is done. A row is done under one key made from the plan and its number, so that
confirming twice, reloading or resuming after a crash does it once. Nothing here holds a reason or an address; those are in the
record of actions.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from elistit import ports


class BulkPlan(models.Model):
    """One bulk action. `confirmed_at` is when it was first confirmed, `finished_at` when its last row was done or refused."""

    class Kind(models.TextChoices):
        RETRY_DRAFTS = "retry_drafts", "Retry Etsy drafts"
        FAIL = "fail", "Fail and refund projects"
        GOODWILL = "goodwill", "Give goodwill credits"
        RESEND_MAIL = "resend_mail", "Resend e-mail"

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(default=ports.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.at:%Y-%m-%d %H:%M}"


class BulkRow(models.Model):
    """One project, person or message of a plan. `credits` go to the person, `money_micros` is what that is worth or costs, in
    millionths of a dollar (`support.bulk`), both as shown before confirming. `words` says why a row was or will be refused."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        REQUESTED = "requested", "Waits for another owner"
        REFUSED = "refused", "Not possible"

    plan = models.ForeignKey(BulkPlan, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.CharField(max_length=26, default="", blank=True)
    mail = models.CharField(max_length=80, default="", blank=True)
    credits = models.IntegerField(default=0)
    money_micros = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    given = models.IntegerField(default=0)
    words = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="bulk_row_once")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.plan_id}: {self.state}"
