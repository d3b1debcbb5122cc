"""The tables of the ledger. Rows of `CreditTransaction` and `CreditEntry` are written once and never changed: the
database refuses UPDATE and DELETE on them (migration 0002).

It must never decide anything: credits move only through `elistit.credits.ledger`. When a posting inserts, triggers
check that the parent row exists, and parents can't be deleted; so those references have no foreign key, which would
only check a second time. The ledger knows jobs and projects only by their ids.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports


class TransactionType(models.TextChoices):
    """Every way credits can move (rules §7)."""

    GRANT_CREDIT = "GRANT_CREDIT", "Granted"
    PURCHASE_CREDIT = "PURCHASE_CREDIT", "Purchased"
    SPEND_CREDIT = "SPEND_CREDIT", "Spent"
    REFUND_CREDIT = "REFUND_CREDIT", "Refunded"
    EXPIRE_CREDIT = "EXPIRE_CREDIT", "Expired"
    ADJUST_CREDIT = "ADJUST_CREDIT", "Adjusted"


class House(models.TextChoices):
    """The counter-accounts for the other leg of a transaction. Codes, not rows, so that postings don't contend for them."""

    PROMO = "promo", "Given away"
    CASH = "cash", "Sold"
    REVENUE = "revenue", "Used"
    BREAKAGE = "breakage", "Expired unused"
    CORRECTION = "correction", "Corrected by staff"


class CreditAccount(models.Model):
    """One seller's credits. `balance` and `seq` change only together, by a posting; `head_hash` is the last row's hash."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="credit_account")
    balance = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(balance__gte=0), name="credit_balance_never_negative"),
            models.CheckConstraint(condition=models.Q(seq__gte=0), name="credit_seq_never_negative"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}: {self.balance}"


class CreditGrant(models.Model):
    """Credits received together that may expire together. The grant that expires first is drawn first, those that never
    expire last."""

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="grants", db_index=False)
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(remaining__gte=0, remaining__lte=models.F("amount")),
                name="credit_grant_remaining_range",
            ),
        ]
        indexes = [
            # Not limited to grants with something left: a condition on `remaining` would make every posting rewrite the
            # index.
            models.Index(fields=["account", "expires_at", "id"], name="credit_grant_burn_order"),
        ]

    def __str__(self) -> str:
        return f"{self.remaining} of {self.amount} ({self.source})"


class CreditTransaction(models.Model):
    """One row of the ledger: both legs of a double entry, the account's `amount` against the counter-account `contra`."""

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="transactions", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    type = models.CharField(max_length=16, choices=TransactionType.choices)
    contra = models.CharField(max_length=16)
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField()
    job = models.CharField(max_length=26, default="", blank=True)
    project = models.CharField(max_length=26, default="", blank=True)
    item = models.IntegerField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    request_digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=120, default="", blank=True)
    created_at = models.DateTimeField(default=ports.now)
    previous_hash = models.CharField(max_length=64, default="", blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="credit_transaction_gapless"),
            models.CheckConstraint(condition=models.Q(balance_after__gte=0), name="credit_transaction_never_negative"),
        ]
        # Without a condition: SQLite can't use an index limited to rows with a job or project for one it gets as a parameter.
        indexes = [
            models.Index(fields=["job"], name="credit_transaction_of_job"),
            models.Index(fields=["project"], name="credit_transaction_of_project"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount:+d} → {self.balance_after}"


class CreditEntry(models.Model):
    """The part of a transaction that moved one grant. The entries of a transaction sum to its amount.

    `drawn_from` is set on refunds only: the grant whose draw is undone. It differs from `grant` when that grant had
    expired and the credits were refunded as a new one.
    """

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(
        CreditTransaction, on_delete=models.PROTECT, related_name="entries", db_constraint=False
    )
    grant = models.ForeignKey(
        CreditGrant, on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    drawn_from = models.ForeignKey(
        CreditGrant, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    amount = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["grant", "amount"], name="credit_entry_grant")]

    def __str__(self) -> str:
        return f"{self.amount:+d} on {self.grant_id}"


class Quote(models.Model):
    """An itemized, locked price. Never changed after it is written; a job keeps its quote forever."""

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    count = models.IntegerField()
    lines = models.JSONField()
    total = models.BigIntegerField()
    price_list = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return f"{self.total} credits for {self.count} {self.product}"


class Plan(models.Model):
    """A seller's running plan and when the next allowance is due. `paid_by` names the payment service that renews it;
    None when it renews automatically."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plan")
    code = models.CharField(max_length=20)
    started_at = models.DateTimeField(default=ports.now)
    renews_at = models.DateTimeField()
    period = models.IntegerField(default=1)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.CharField(max_length=20, null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.code} of {self.owner}"
