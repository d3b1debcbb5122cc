"""Batches as tables: one list of orders, priced together and launched in one request (rules §7).

A row keeps its order exactly as it was given; what it was launched as is a project, and a row that is launched again after a
failure gets a further one. A draft costs nothing. Nothing here moves a credit or changes the state of a project.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports

ROWS_MAX = 200


class Batch(models.Model):
    """Many projects launched from one list with one price. `notes` are sentences about the list as it was read. `paused_at`:
    its projects start nothing new since then (each of them has the same in `Project.paused_at`)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        LAUNCHED = "launched", "Launched"

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    notes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=ports.now)
    launched_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["draft", "launched"]), name="batch_state_known")
        ]
        indexes = [models.Index(fields=["owner", "-public_id"], name="batch_owner_newest")]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"


class BatchRow(models.Model):
    """One order of a batch. `number` is from 1 in the order of the list, `line` where it began in the file (0 without one).

    `order` is as given (see `projects.batches.spec_of`), `problems` maps its fields to one sentence each, `quote` is its price
    as it was last shown; none while the order has problems. A row with neither is still to be planned. `warnings` is what the
    seller should know before the launch: `trademarks` (sentences), `not_drawn` (words), `needs_confirmation`, `beyond`,
    `distinct`. `included`: the seller wants it launched."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()
    line = models.IntegerField(default=0)
    order = models.JSONField(default=dict, blank=True)
    included = models.BooleanField(default=True)
    problems = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=dict, blank=True)
    quote = models.ForeignKey("credits.Quote", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_row_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=ROWS_MAX), name="batch_row_number_in_range"
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}"


class BatchLaunch(models.Model):
    """A project a row was launched as. `round` counts its launches from 0; the newest one is what the row stands for."""

    row = models.ForeignKey(BatchRow, on_delete=models.PROTECT, related_name="launches")
    round = models.IntegerField()
    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="batch_launch")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "round"], name="batch_row_round_once")]
        ordering = ["round"]

    def __str__(self) -> str:
        return f"launch {self.round} of {self.row_id}"


class RequestedLaunch(models.Model):
    """A launch that was requested together with its list and waits for the list's plan (rules §7).

    `request` is the accepted request, which nothing is charged for before the launch; `api_key` is the key it came with, whose daily
    cap counts it then. `max_credits`: the most the launch may charge, null for any price. A launch that was refused charged
    nothing: `problem` is the kind of refusal, `reason` says it, `errors` maps fields (`rows.3.count`) to one sentence each. A launch
    that waits has `problem`, `reason` and `held_up_at` since it was first held up; it is launched once that has passed."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LAUNCHED = "launched", "Launched"
        NOT_LAUNCHED = "not_launched", "Not launched"

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, primary_key=True, related_name="requested_launch")
    request = models.OneToOneField("projects.AcceptedRequest", on_delete=models.PROTECT, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    max_credits = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=40, default="", blank=True)
    reason = models.TextField(default="", blank=True)
    errors = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=ports.now)
    held_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "launched", "not_launched"]),
                name="requested_launch_state_known",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(state="waiting"), name="requested_launch_waiting"),
            models.Index(
                fields=["ended_at"], condition=models.Q(state="not_launched"), name="requested_launch_refused"
            ),
        ]

    def __str__(self) -> str:
        return f"launch of {self.batch_id}: {self.state}"
