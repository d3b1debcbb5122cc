"""Where files go besides the store: a seller's Google Drive, what was copied there, drafts of prints, and requests to rebuild files.

Projects are known here only by their public ids. Tokens and upload sessions are stored encrypted and must never be
shown or logged.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports


class DriveAccount(models.Model):
    """A seller's connected Google Drive. `disconnected_reason` is set, in plain English, when Google no longer accepts
    the connection. `refresh_lease` names the process that is renewing the token, until `refresh_lease_until`."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drive_account")
    email = models.CharField(max_length=254, default="", blank=True)
    access_token = models.BinaryField()
    refresh_token = models.BinaryField()
    expires_at = models.DateTimeField()
    connected_at = models.DateTimeField(default=ports.now)
    disconnected_reason = models.CharField(max_length=300, default="", blank=True)
    refresh_lease = models.CharField(max_length=26, default="", blank=True)
    refresh_lease_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email or "Google Drive"


class DriveCopy(models.Model):
    """The copy of one project on its seller's Drive. Written with the packed files, if a Drive was connected before the launch.

    `round` counts the seller's retries after the first; `tries` are the counted attempts of this round, and `waits` the
    pauses Google asked for; `lease` names the worker that is copying now.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Being copied"
        DONE = "done", "On your Drive"
        FAILED = "failed", "Not on your Drive"

    project = models.CharField(primary_key=True, max_length=26)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drive_copies")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    round = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    waits = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(default=ports.now)
    reason = models.CharField(max_length=400, default="", blank=True)
    folder_id = models.CharField(max_length=120, default="", blank=True)
    files = models.IntegerField(default=0)
    lease = models.CharField(max_length=26, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=ports.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="drive_copy_by_state")]

    def __str__(self) -> str:
        return f"copy of {self.project}: {self.state}"


class DriveUpload(models.Model):
    """One file being uploaded to a Drive. `session` is Google's address for it, stored encrypted before the first byte
    is sent, so that another attempt can continue where the upload stopped."""

    copy = models.ForeignKey(DriveCopy, on_delete=models.CASCADE, related_name="uploads")
    path = models.CharField(max_length=300)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    session = models.BinaryField(default=b"")
    file_id = models.CharField(max_length=120, default="", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "path"], name="drive_upload_once")]

    def __str__(self) -> str:
        return self.path


class FilesAgain(models.Model):
    """A seller's free request to check the delivered files of a project and to rebuild missing or damaged ones. `words`
    reports the result. At most one is open per project."""

    class State(models.TextChoices):
        PENDING = "pending", "Being checked"
        DONE = "done", "Done"
        FAILED = "failed", "Could not be done"

    project = models.CharField(max_length=26)
    round = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    words = models.CharField(max_length=400, default="", blank=True)
    actor = models.CharField(max_length=254)
    lease = models.CharField(max_length=26, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=ports.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "round"], name="files_again_round_once"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="pending"), name="files_again_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"files of {self.project} again, {self.round}: {self.state}"


class KeepRule(models.Model):
    """How many days finished projects' files are kept, and since when this has been the setting. One row; `days` 0 is
    forever."""

    id = models.IntegerField(primary_key=True, default=1)
    days = models.IntegerField(default=0)
    since = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return f"{self.days} days since {self.since:%Y-%m-%d}"


class PrintDraft(models.Model):
    """A quote for one print of a project, and the draft order made from it at Gelato (`actions.print_drafts`, decision 0064). One
    quote makes at most one draft. `reference` is our order reference there, kept before anything is sent.

    Money is text, exactly as Gelato wrote it. `shipping` are the methods of the quote; `method` is the chosen one. `address` is
    the recipient's, and is emptied when the draft is deleted. `sends` counts creations sent; `sent_at` is the last one's moment.
    `link_until`: until then our signed address serves the print file. `gelato_status` is Gelato's word, as of `checked_at`.
    """

    class State(models.TextChoices):
        QUOTED = "quoted", "Quote"
        SENDING = "sending", "Being created"
        UNKNOWN = "unknown", "Not confirmed"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted in Gelato"
        REJECTED = "rejected", "Not created"
        DELETED = "deleted", "Deleted"

    reference = models.CharField(primary_key=True, max_length=26)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="print_drafts")
    project = models.CharField(max_length=26)
    item = models.IntegerField(null=True, blank=True)
    file = models.BigIntegerField()
    file_name = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUOTED)
    product = models.CharField(max_length=300)
    size = models.CharField(max_length=80)
    dpi = models.IntegerField()
    destination = models.JSONField()
    price = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    shipping = models.JSONField()
    method = models.CharField(max_length=120, default="", blank=True)
    address = models.JSONField(default=dict, blank=True)
    order_id = models.CharField(max_length=120, default="", blank=True)
    gelato_status = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=400, default="", blank=True)
    sends = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=ports.now)
    link_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["project"], name="print_draft_by_project"),
            models.Index(fields=["owner", "state"], name="print_draft_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.size} of {self.project}: {self.state}"
