"""Operator actions and sent mail: two append-only tables of their own beside the ledger.

`OperatorAct` is append-only; the database itself refuses to change or delete a row (migration 0002). `SentMail` holds
one row per message, so that none is sent twice. Nothing here may hold a secret or the text of a message.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Length

from elistit import ports
from elistit.support import bulk_models  # noqa: F401 - its tables belong to this app, too

models.CharField.register_lookup(Length)

REASON_MIN = 10
"""Characters. Short reasons explain nothing to the person who reads the record a year later."""
REASON_MAX = 300
ASKED_MIN = 10
ASKED_MAX = 2_000
"""Characters of what a seller writes when they ask for help, and of the answer."""


class OperatorAct(models.Model):
    """One action of one operator, with the reason they gave. Never changed, never deleted.

    `id` is the key of the form it was sent by, so that pressing a button twice is one action. `project` and `person` say
    whom it was about; `answers` is the request for credits that this action approves or refuses, each once. `detail["role"]`
    is the actor's role at the time, of support alone.
    """

    class Act(models.TextChoices):
        RECOVER = "recover", "Recovered"
        FAIL = "fail", "Failed and refunded"
        RETRY_DRAFT = "retry_draft", "Retried the draft"
        GOODWILL = "goodwill", "Goodwill credits"
        ASK_GOODWILL = "ask_goodwill", "Asked for goodwill credits"
        APPROVE_GOODWILL = "approve_goodwill", "Approved goodwill credits"
        REFUSE_GOODWILL = "refuse_goodwill", "Refused goodwill credits"
        PAUSE_PROVIDER = "pause_provider", "Paused a provider"
        RESUME_PROVIDER = "resume_provider", "Resumed a provider"
        ANSWER_HELP = "answer_help", "Answered a request for help"
        SET_LIMITS = "set_limits", "Changed the daily limits"
        SET_ROLE = "set_role", "Changed a role"
        SET_SUPPORT_LIMITS = "support_limits", "Changed the limits of support"
        RESEND_MAIL = "resend_mail", "Sent an e-mail again"

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator_acts")
    act = models.CharField(max_length=20, choices=Act.choices)
    project = models.CharField(max_length=26, default="", blank=True, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=REASON_MAX)
    detail = models.JSONField(default=dict, blank=True)
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answer")
    at = models.DateTimeField(default=ports.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__length__gte=REASON_MIN), name="operator_act_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} by {self.actor}"


class SupportLimit(models.Model):
    """The most goodwill credits a support person may give within a day, to one seller and to all (`support.goodwill_limits`). One
    row, when an owner has set it."""

    ONE = "studio"

    id = models.CharField(primary_key=True, max_length=8, default=ONE)
    per_seller = models.IntegerField()
    per_person = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.per_seller} a seller, {self.per_person} a support person"


class HelpRequest(models.Model):
    """What a seller asked about a project, with the facts and the activity as they were then (rules §9).

    `id` is the key of the form, so that two presses are one request. Answered once, with the operator's action.
    """

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="help_requests")
    project = models.CharField(max_length=26, db_index=True)
    expected = models.CharField(max_length=ASKED_MAX)
    facts = models.TextField()
    activity = models.TextField(blank=True)
    at = models.DateTimeField(default=ports.now)
    answer = models.CharField(max_length=ASKED_MAX, default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(answered_at=None), name="help_request_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.person} about {self.project}"


class SetupCheck(models.Model):
    """The last test of one part of the setup (`support.setup.parts`), asked for by an operator. `seen` and `fix` hold no secret."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
    ok = models.BooleanField()
    seen = models.CharField(max_length=400)
    fix = models.CharField(max_length=400, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {'passed' if self.ok else 'failed'} {self.at:%Y-%m-%d %H:%M}"


class SentMail(models.Model):
    """One message to one person. The row is written before the message leaves: a message whose sending was cut short
    stays `sending` and is not sent again, because the pages say the same and a second copy helps nobody."""

    class State(models.TextChoices):
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        WAITING = "waiting", "Not taken yet, to be tried again"
        GIVEN_UP = "given_up", "Given up"

    key = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.CharField(max_length=26, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    tries = models.IntegerField(default=1)
    trouble = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField(default=ports.now)

    class Meta:
        indexes = [models.Index(fields=["state"], name="sent_mail_by_state")]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class MailPreference(models.Model):
    """Which kinds of message a person does not want. Without a row they get all of them."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="mail_preference"
    )
    off = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.person}: {', '.join(self.off) or 'everything'}"


class PushKey(models.Model):
    """The key pair by which push services know this studio (VAPID, RFC 8292). One for good: every subscription of a browser is made
    for its public half. `sealed` is the private half in the vault (`support.push_keys`)."""

    ONE = "vapid"

    id = models.CharField(primary_key=True, max_length=8, default=ONE)
    public_key = models.CharField(max_length=100)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return self.public_key[:12]


class PushSubscription(models.Model):
    """One browser of a person that may be sent push notifications. `p256dh` and `auth` only encrypt what it alone can read, and the
    push service takes messages for `endpoint` only with the studio's key, so none of them is a secret to seal."""

    id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.device} of {self.person}"


class SentPush(models.Model):
    """One message to one browser, as `SentMail` is one to a mailbox: the row is written before the message leaves."""

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="sent")
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=SentMail.State.choices, default=SentMail.State.SENDING)
    tries = models.IntegerField(default=1)
    trouble = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "key"], name="push_once_per_browser")]
        indexes = [models.Index(fields=["at"], name="sent_push_by_time")]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class TrialAddress(models.Model):
    """A person who had the trial credits, as a keyed digest of what their addresses have in common. It outlives a change of
    address and the account."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return f"trial {self.digest[:8]}…"


class TrialPlace(models.Model):
    """One trial of a network (a keyed digest) on one day, numbered from 1: each number can be taken once."""

    network = models.CharField(max_length=64)
    day = models.DateField()
    place = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "day", "place"], name="trial_place_of_network")]

    def __str__(self) -> str:
        return f"trial {self.place} of {self.network[:8]}… on {self.day}"


class TrialRefusal(models.Model):
    """Why a person's account opened without the trial credits."""

    class Reason(models.TextChoices):
        PERSON = "person", "Had the trial before"
        DOMAIN = "domain", "Throw-away address"
        NETWORK = "network", "Too many trials from one network in a day"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="trial_refusal"
    )
    reason = models.CharField(max_length=8, choices=Reason.choices)
    at = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return f"no trial for {self.person}: {self.reason}"

    @property
    def words(self) -> str:
        """Why, and what it means, for its person."""
        why = {
            "person": "Trial credits come once per person, and this e-mail address has already had them.",
            "domain": "Temporary e-mail addresses don't get trial credits.",
            "network": "Several trials were started from your network that day, so this account got no trial credits.",
        }[self.reason]
        return f"{why} Your account works normally: you can buy credits, or ask the studio operator for some."


class ReadChanges(models.Model):
    """Which entries of the changelog an owner has marked as read: their digests (`updates.Change`)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="read_changes"
    )
    digests = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{len(self.digests)} changes read by {self.person}"
