"""What the API itself keeps: how fast each key is used, and the outgoing webhooks with their delivery log.

Nothing here is about money or decides what a project is; all of it could be lost without costing a seller a credit.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports


class RateBucket(models.Model):
    """The token bucket of one API key. `full_at`, in microseconds since 1970, is when the bucket is full again; each
    request moves it one refill interval further. Written only by `elistit.api.limits`."""

    key = models.OneToOneField("accounts.ApiKey", on_delete=models.CASCADE, primary_key=True, related_name="+")
    full_at = models.BigIntegerField()

    def __str__(self) -> str:
        return f"bucket of key {self.key_id}"


class WebhookEndpoint(models.Model):
    """A seller's endpoint that gets events of their projects. `secret` is ciphertext (`webhooks.secrets`).

    `looked_at` is up to when the tables were searched for this endpoint's events."""

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret = models.TextField()
    created_at = models.DateTimeField(default=ports.now)
    looked_at = models.DateTimeField(default=ports.now)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event for one endpoint. `id` is the message id the receiver sees; `body` is exactly what is signed and sent.

    `occasion` names the change of state the event tells of, so that it is sent once however often the tables are
    searched. While `pending`, `next_try_at` says when it is due; taking it for an attempt moves that forward."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting to be sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    occasion = models.CharField(max_length=120)
    project = models.CharField(max_length=26)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, default=ports.now)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "occasion"], name="webhook_occasion_once")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="pending"), name="webhook_delivery_due"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.id}: {self.state}"


class WebhookAttempt(models.Model):
    """One attempt to deliver. `status` is the receiver's HTTP status, or empty when there was no answer."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.IntegerField()
    at = models.DateTimeField()
    status = models.IntegerField(null=True, blank=True)
    milliseconds = models.IntegerField()
    outcome = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"try {self.number} of {self.delivery_id}: {self.outcome}"
