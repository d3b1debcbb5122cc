"""What was bought through Stripe and what happened to it. Credits themselves live in the books only (rules §7).

Nothing here is a balance: a row says what was paid, what was given back, and how many credits were booked for it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports


class StripeCustomer(models.Model):
    """The seller as Stripe knows them."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stripe_customer")
    customer = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return f"{self.customer} of {self.owner}"


class Payment(models.Model):
    """One purchase: begun here before Stripe is asked, paid when Stripe says so.

    `credits` and `price_cents` are frozen when it begins. `taken_credits` were taken back for refunds and disputes;
    `short_credits` should have been, but were spent already. `disputes` holds each by its id: the `cents` it holds back now,
    and whether it is `closed`; `disputed_cents` is their sum. `dispute_closed` is what the version before knows of them, and
    goes with the next. `returned`: a month of a second plan bought beside the first, canceled and refunded; no credits came
    with it. `looked_at`: when Stripe was last asked about it.
    """

    class Kind(models.TextChoices):
        TOP_UP = "top_up", "Top-up pack"
        PLAN = "plan", "Monthly plan"

    class State(models.TextChoices):
        BEGUN = "begun", "Begun"
        OPEN = "open", "Waiting for payment"
        PAID = "paid", "Paid"
        FAILED = "failed", "Payment failed"
        RETURNED = "returned", "Second plan, canceled"
        EXPIRED = "expired", "Not paid in time"

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=20)
    credits = models.IntegerField()
    price_cents = models.IntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.BEGUN)
    form_key = models.CharField(max_length=64, default="")
    session = models.CharField(max_length=120, unique=True, null=True, blank=True)
    session_url = models.TextField(default="", blank=True)
    invoice = models.CharField(max_length=80, unique=True, null=True, blank=True)
    payment_intent = models.CharField(max_length=80, unique=True, null=True, blank=True)
    refunded_cents = models.IntegerField(default=0)
    disputed_cents = models.IntegerField(default=0)
    dispute_closed = models.BooleanField(default=False)
    disputes = models.JSONField(null=True)
    taken_credits = models.IntegerField(default=0)
    short_credits = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=ports.now)
    paid_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "form_key"], condition=~models.Q(form_key=""), name="payment_form_once"
            )
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="payment_open")]

    def __str__(self) -> str:
        return f"{self.code} for {self.owner}: {self.state}"


class Subscription(models.Model):
    """A plan that Stripe renews. `told_at` is the age of the newest message believed, so that an older one changes nothing.

    `second_of` names the subscription that ran already when this one was bought: it counts as ended here, and is canceled
    and refunded at Stripe; `undone_at` is when that was done. `looked_at`: when Stripe was last asked about it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subscriptions")
    subscription = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=20)
    ends_at_period_end = models.BooleanField(default=False)
    ended = models.BooleanField(default=False)
    told_at = models.DateTimeField()
    second_of = models.CharField(max_length=80, null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.code} of {self.owner}"


class StripeEvent(models.Model):
    """A message from Stripe that was handled, so that hearing it again changes nothing."""

    event = models.CharField(primary_key=True, max_length=80)
    type = models.CharField(max_length=80)
    result = models.CharField(max_length=200)
    received_at = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return f"{self.type}: {self.result}"


class UnreadMessage(models.Model):
    """A message of Stripe's about a seller of ours that could not be handled: shown to the operator until it is.

    `unreadable`: its shape is not known, so a retry will not help; otherwise it waits for another message."""

    event = models.CharField(primary_key=True, max_length=80)
    type = models.CharField(max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="unread_messages"
    )
    reason = models.CharField(max_length=200)
    unreadable = models.BooleanField(default=False)
    times = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    first_at = models.DateTimeField(default=ports.now)
    last_at = models.DateTimeField(default=ports.now)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="unread_message_last")]

    def __str__(self) -> str:
        return f"{self.type}: {self.reason}"


class Cursor(models.Model):
    """How far a pass over Stripe's own records has come: everything created before `at` was seen."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.at}"
