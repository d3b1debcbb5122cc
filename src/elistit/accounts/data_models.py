"""What a person asked about their own data, as tables: a copy of everything (an export), or the end of their account (an erasure).

An erasure that is under way, `started_at` and not `ended_at`, is the one moment at which the database lets the words of a
row of the books be replaced (credits migration 0004, support migration 0007); its numbers never.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from elistit import ports


class DataExport(models.Model):
    """A copy of what the studio keeps about a person, as one ZIP. `path`, `bytes` and `sha256` are of the file in the store, from
    `ready_at` until `expires_at`. `with_files`: the files themselves are in it, not only their names and digests."""

    class State(models.TextChoices):
        PENDING = "pending", "Being prepared"
        READY = "ready", "Ready"
        EXPIRED = "expired", "Expired"

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports")
    with_files = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    requested_at = models.DateTimeField(default=ports.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=300, default="", blank=True)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner"], condition=models.Q(state="pending"), name="data_export_one_open")
        ]
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"export {self.id}: {self.state}"


class Erasure(models.Model):
    """The end of an account: requested, withdrawn or begun at `due_at`, and done. A person has at most one that is open.

    The row stays, without a name: it says that and when the account was erased. `plan_ended_at`: the plan renews no more;
    `stopped_at`: every job has ended and every project is deleted; `waits_for` is why it isn't done yet, in words."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures")
    requested_at = models.DateTimeField(default=ports.now)
    due_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    plan_ended_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    waits_for = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(withdrawn_at__isnull=True, ended_at__isnull=True),
                name="erasure_one_open",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(withdrawn_at__isnull=True, ended_at__isnull=True),
                name="erasure_open",
            )
        ]

    def __str__(self) -> str:
        return f"erasure of account {self.owner_id}"
