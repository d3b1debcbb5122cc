"""Accepted requests as tables: what a seller's idempotency keys stand for, and what each was charged (rules §7).

Rows are written once, by `projects.idempotency` alone, and never change; only the answer of a list that was accepted before it was
planned gets its jobs, in the transaction that charges them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports
from elistit.projects import (  # noqa: F401 - their tables belong to this app, too
    batch_models,
    desk_models,
    draft_models,
    preset_models,
    title_models,
)


class AcceptedRequest(models.Model):
    """A request for something that costs credits, as it was accepted: owner, key and answer (rules §7).

    Written in the transaction of the action itself, through `projects.idempotency` alone, and kept as long as its owner. `digest`
    is of the whole request body; `answer` is what a repetition gets."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    act = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="accepted_key_once")]

    def __str__(self) -> str:
        return f"{self.act} under {self.key}"


class AcceptedCharge(models.Model):
    """The SPEND row of the ledger, by its id, that a request was charged with. A free request has none."""

    request = models.ForeignKey(AcceptedRequest, on_delete=models.PROTECT, related_name="charges")
    posting = models.CharField(max_length=26, unique=True)

    def __str__(self) -> str:
        return f"{self.posting} of {self.request_id}"


class AcceptedSince(models.Model):
    """From when on every SPEND row has its accepted request: at most one row, written by the migration of an installation
    that had charged before. Without one, every row has."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"since {self.at}"
