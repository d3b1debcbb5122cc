"""Tables of the chain: attempts (the worker log), provider calls, live workers, paused providers.

An attempt row is written when an attempt starts and again when it ends; a provider call row is committed before the
request is sent. Neither is ever deleted.
"""

from __future__ import annotations

from django.db import models

from elistit import ports

PAID_AND_NOT_KEPT = models.Q(outcome="not_kept") | models.Q(state="unknown", cost_micros__gt=0)


class Attempt(models.Model):
    """One attempt at one stage, or at one item of it. `item` is 0 for work on the whole set.

    `starts` counts how often a worker began this attempt: more than one means a worker died during it. `outcome` is
    empty while the attempt runs, then `made` or a failure kind. `counted` is false for a pause that the other side
    asked for, which uses up no attempt (rules §5.7); `wait` numbers such pauses within one attempt. Rows with `note`
    set aren't attempts: they record what recovery or an operator did.
    """

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey("projects.Job", on_delete=models.PROTECT, related_name="attempts")
    stage = models.CharField(max_length=20)
    item = models.IntegerField(default=0)
    round = models.IntegerField(default=0)
    number = models.IntegerField(default=1)
    wait = models.IntegerField(default=0)
    note = models.BooleanField(default=False)
    starts = models.IntegerField(default=1)
    worker = models.CharField(max_length=120, default="", blank=True)
    started_at = models.DateTimeField(default=ports.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, default="", blank=True)
    reason = models.CharField(max_length=400, default="", blank=True)
    detail = models.TextField(default="", blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    counted = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "stage", "item", "round", "number", "wait"],
                condition=models.Q(note=False),
                name="attempt_once",
            )
        ]
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["stage", "ended_at"], condition=models.Q(outcome="operator"), name="attempt_operator_failures"
            ),
            models.Index(fields=["job"], condition=models.Q(ended_at__isnull=True), name="attempt_open"),
        ]

    def __str__(self) -> str:
        return f"{self.stage}/{self.item} try {self.number}: {self.outcome or 'running'}"


class ProviderCall(models.Model):
    """One request that costs the operator money. `key` is ours and is stored before the request is sent; `provider_id`
    is the provider's and is stored as soon as it is known.

    `state`: sent → answered, or unknown until looked up. `news` is what the provider reported in a webhook before the
    call was answered; the first report counts. `holder` may send the request until `permit_until`, on the database's
    clock (`purchases.send_permit`). `outcome` is `made`, a failure kind, `never_received`, or `not_kept`: made by the
    provider, paid for, and lost on our side.
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        ANSWERED = "answered", "Answered"
        UNKNOWN = "unknown", "No answer"

    key = models.CharField(primary_key=True, max_length=120)
    job = models.ForeignKey("projects.Job", on_delete=models.PROTECT, related_name="provider_calls")
    item = models.IntegerField(default=0)
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=80)
    provider_id = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    outcome = models.CharField(max_length=20, default="", blank=True)
    detail = models.TextField(default="", blank=True)
    answer = models.JSONField(default=dict, blank=True)
    cost_micros = models.BigIntegerField(default=0)
    requests = models.IntegerField(default=0)
    sent_at = models.DateTimeField(default=ports.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    news = models.JSONField(default=dict, blank=True)
    news_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=60, default="", db_default="", blank=True)
    permit_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-sent_at"], name="provider_call_newest"),
            models.Index(
                fields=["-sent_at"],
                condition=PAID_AND_NOT_KEPT,
                name="provider_call_paid_unkept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.key}: {self.outcome or self.state}"


def paid_and_not_kept() -> models.QuerySet[ProviderCall]:
    """Calls whose image was made and paid for but isn't in file storage: lost on our side, or still to be stored. In the words of
    their index: SQLite can't use one limited to some rows where it gets the limits as parameters."""
    words = (
        "(pipeline_providercall.outcome = 'not_kept'"
        " OR (pipeline_providercall.cost_micros > 0 AND pipeline_providercall.state = 'unknown'))"
    )
    return ProviderCall.objects.extra(where=[words])


class Worker(models.Model):
    """A worker process that sends heartbeats. `beat_at` is on the database's clock."""

    id = models.CharField(primary_key=True, max_length=120)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    draining = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.id


class ProviderPause(models.Model):
    """A provider that is paused after an `operator` failure, until an operator resumes it."""

    provider = models.CharField(primary_key=True, max_length=40)
    reason = models.CharField(max_length=400)
    detail = models.TextField(default="", blank=True)
    since = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return self.provider


class WriteProbe(models.Model):
    """The single row that is written to test whether the database accepts writes (`disk_space`)."""

    id = models.IntegerField(primary_key=True)
    payload = models.TextField()

    def __str__(self) -> str:
        return "write probe"


class ClockMark(models.Model):
    """The time at which maintenance last believed the clock (`clock_guard`). One row for the installation.

    `wall` is that time; `boot` and `monotonic` are the machine's start and the seconds since then, which can't jump.
    `refused` is empty while the clock is believed, otherwise one sentence, and `refused_wall` is the time the clock
    showed.
    """

    id = models.IntegerField(primary_key=True)
    wall = models.DateTimeField()
    boot = models.CharField(max_length=64, default="", blank=True)
    monotonic = models.FloatField(default=0)
    refused = models.CharField(max_length=400, default="", blank=True)
    refused_wall = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.wall:%Y-%m-%d %H:%M}{' (refused)' if self.refused else ''}"


class Restore(models.Model):
    """This database was restored from a backup taken at `taken_at`. What happened between then and `restored_at` is
    missing here but known to Etsy, Stripe and the providers (`purchases.lost_calls`). Written only by `elistit
    restore`."""

    backup = models.CharField(max_length=60)
    taken_at = models.DateTimeField()
    restored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.backup} restored {self.restored_at:%Y-%m-%d %H:%M}"


class RestoredRound(models.Model):
    """The round of an unfinished item when the newest restore ended. Up to this round, purchases may exist that this
    database doesn't know; later rounds were ordered after the restore and are bought as usual."""

    job = models.CharField(max_length=26)
    item = models.IntegerField()
    round = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "item"], name="restored_round_once")]

    def __str__(self) -> str:
        return f"{self.job}/{self.item}: round {self.round}"
