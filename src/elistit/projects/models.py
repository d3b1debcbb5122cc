"""What a project is, as tables: the project, its jobs, items, files and listing.

Every change of `Project.stage` and `Job.status` goes through a guarded UPDATE (see `projects.states`); the database
refuses any other. Nothing here calls a provider or moves a credit.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from elistit import ports
from elistit.projects import (  # noqa: F401 - their tables belong to this app, too
    batch_models,
    desk_models,
    draft_models,
    preset_models,
    request_models,
    title_models,
)
from elistit.projects.products import Product
from elistit.projects.states import ItemState, JobStatus, Stage


def _one_of(name: str, field: str, values: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


class JobKind(models.TextChoices):
    LAUNCH = "launch", "Launch"
    PRINT_READY = "print_ready", "Make print-ready"
    LISTING = "listing", "Write the listing again"


class Scene(models.Model):
    """A seller's own photo with the place an image hangs in it: four `corners` in pixels of the photo as it is kept, clockwise
    from the top left. `path` and `preview` (with a sample in it) are in the store. `removed_at`: not offered any longer."""

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scenes")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=300)
    preview = models.CharField(max_length=300)
    width = models.IntegerField()
    height = models.IntegerField()
    corners = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=ports.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


_LISTED, _ARCHIVED = models.Q(archived_at__isnull=True), models.Q(archived_at__isnull=False)
_LIST_INDEXES = [
    models.Index(fields=["owner", "-public_id"], condition=_LISTED, name="project_listed_newest"),
    models.Index(fields=["owner", "stage", "-public_id"], condition=_LISTED, name="project_listed_stage"),
    models.Index(fields=["owner", "-stage_since", "-public_id"], condition=_LISTED, name="project_listed_changed"),
    models.Index("owner", Lower("name"), condition=_LISTED, name="project_listed_name"),
    models.Index(fields=["owner", "-public_id"], condition=_ARCHIVED, name="project_archived"),
    models.Index(
        fields=["owner", "-public_id"], condition=models.Q(favorite_at__isnull=False), name="project_favorite"
    ),
    # What the search does not know yet: found by looking, and written down by maintenance.
    models.Index(
        fields=["owner", "public_id"], condition=models.Q(searchable_at__isnull=True), name="project_unsearchable"
    ),
]
"""What the seller's list is read by: each of its orders and filters."""


class Project(models.Model):
    """What the seller launched. `public_id` is in every URL, `brief` is what the idea turned into; `scene` is their own photo
    that gets one more mockup.

    `files_deleted_at`: maintenance has deleted its finished files; empty again once they are rebuilt.
    `mode` is `design` or `production` for a poster and empty otherwise; `words` are those of a greeting card (`front`,
    `inside`). `failover` is set when the seller allowed another model to step in for one that is down (rules §5.10).
    `trademarks` are the protected names the seller confirmed: a list of `{"name", "reason"}`, with
    `item` and `round` where it was for a remake. While `paused_at`
    is set, nothing new begins for it (`chain.due`). `archived_at` and `favorite_at` are the seller's own order
    (`projects.organizing`); `searchable_at` is null until its words are written for the search (`projects.finding`).
    `video`: a listing video is made of it. `brand` is what the project took over from a brand kit at its launch
    (`projects.brand_kits.frozen`), null without one; later changes of the brand kit don't reach it."""

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120)
    product = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Product])
    idea = models.TextField()
    options = models.JSONField(default=dict, blank=True)
    ratio = models.CharField(max_length=10)
    count = models.IntegerField()
    model = models.CharField(max_length=80, blank=True)
    failover = models.BooleanField(default=False)
    trademarks = models.JSONField(null=True, blank=True)
    video = models.BooleanField(default=False, db_default=False)
    mode = models.CharField(max_length=10, default="", blank=True)
    words = models.JSONField(default=dict, blank=True)
    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, null=True, blank=True, related_name="projects")
    series = models.ForeignKey(
        preset_models.Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="projects"
    )
    brand = models.JSONField(null=True, blank=True)
    seed = models.BigIntegerField()
    brief = models.JSONField(default=dict, blank=True)
    stage = models.CharField(max_length=20, default=Stage.QUEUED)
    stage_since = models.DateTimeField(default=ports.now)
    created_at = models.DateTimeField(default=ports.now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    files_deleted_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    favorite_at = models.DateTimeField(null=True, blank=True)
    searchable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [_one_of("project_stage_known", "stage", [s.value for s in Stage])]
        indexes = [
            models.Index(fields=["owner", "-public_id"], name="project_owner_newest"),
            models.Index(fields=["owner", "stage"], name="project_owner_stage"),
            # For maintenance: deleted and old projects whose files are still in the store.
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False, files_deleted_at__isnull=True),
                name="project_files_to_delete",
            ),
            models.Index(
                fields=["stage", "stage_since"],
                condition=models.Q(files_deleted_at__isnull=True),
                name="project_by_age",
            ),
            *_LIST_INDEXES,
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"


class Job(models.Model):
    """One charged run of the chain: the unit that is charged and refunded. What it was charged and what came back is
    read from the ledger by `public_id`, never from here."""

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=20, choices=JobKind.choices, default=JobKind.LAUNCH)
    status = models.CharField(max_length=10, default=JobStatus.QUEUED)
    quote = models.ForeignKey("credits.Quote", on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=120, unique=True)
    request_digest = models.CharField(max_length=64)
    gate_reached_at = models.DateTimeField(null=True, blank=True)
    failure_stage = models.CharField(max_length=20, default="", blank=True)
    failure_kind = models.CharField(max_length=20, default="", blank=True)
    failure_reason = models.CharField(max_length=400, default="", blank=True)
    created_at = models.DateTimeField(default=ports.now)
    changed_at = models.DateTimeField(default=ports.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [_one_of("job_status_known", "status", [s.value for s in JobStatus])]
        indexes = [
            models.Index(fields=["status", "ended_at"], name="job_by_status_and_end"),
            models.Index(
                fields=["status", "changed_at"], condition=models.Q(ended_at__isnull=True), name="job_active_by_change"
            ),
            models.Index(fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="job_by_end"),
        ]

    def __str__(self) -> str:
        return f"job {self.public_id} ({self.status})"


class Item(models.Model):
    """One image of a project. `round` counts makings after the first. `price` is what the seller has paid for this item
    and not had back; `remake_price` is the part of it charged for the round now running.

    While a remake runs, `state` is `pending` and the image of the round before stays on disk, so that a remake that
    fails loses nothing. `model` is the one that stepped in for the project's in the round now running or last run."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="items")
    number = models.IntegerField()
    prompt = models.TextField(default="", blank=True)
    subject = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=10, default=ItemState.PENDING)
    round = models.IntegerField(default=0)
    model = models.CharField(max_length=80, default="", blank=True)
    price = models.BigIntegerField(default=0)
    remake_price = models.BigIntegerField(default=0)
    state_before = models.CharField(max_length=10, default="", blank=True)
    flags = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=400, default="", blank=True)
    free_remake_used = models.BooleanField(default=False)
    processed_at = models.DateTimeField(null=True, blank=True)
    art = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="item_number_once"),
            _one_of("item_state_known", "state", [s.value for s in ItemState]),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"item {self.number} ({self.state})"


class ItemRound(models.Model):
    """One round of an item: what it was made from, what it was charged, and what came of it. The rows of an item are its
    versions; a later round never changes an earlier one.

    `order` is the number of the round that was paid for: a free remake belongs to the order it repeats. `charged` are the
    credits of this round, `print_size` the part of them that pays for enlarging. `returned`: they came back, so what this
    order made isn't served (`projects.serving`). `art` is what `Item.art` gets when this version is the chosen one."""

    class Why(models.TextChoices):
        ORDER = "order", "Ordered and charged"
        CHECK = "check", "Free: our check flagged the round before"
        WISH = "wish", "Free at the seller's wish: our check flagged the round before"
        STEP_IN = "step_in", "Another model stepped in"

    class State(models.TextChoices):
        PENDING = "pending", "Being made"
        MADE = "made", "Made"
        LOST = "lost", "Could not be made"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="rounds")
    number = models.IntegerField()
    order = models.IntegerField()
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.ORDER)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    charged = models.BigIntegerField(default=0)
    print_size = models.BigIntegerField(default=0)
    returned = models.BooleanField(default=False)
    prompt = models.TextField(default="", blank=True)
    subject = models.CharField(max_length=120, default="", blank=True)
    flags = models.JSONField(default=list, blank=True)
    art = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_round_once"),
            models.CheckConstraint(
                condition=models.Q(charged__gte=0, print_size__gte=0, order__gte=0), name="item_round_not_negative"
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"round {self.number} ({self.state})"


class Upload(models.Model):
    """An image of the seller's own, cleaned and kept until a project of theirs takes it in.

    `project` and `number` are set by the launch that uses it, once. `path` is the clean image in the store, `drawing`
    the clean SVG (empty for an image of pixels), `flat` whether that drawing has only flat shapes, `warning` one sentence for
    the seller where programs draw it differently, else empty. `removed_at`: removed from the order, which can be undone."""

    public_id = models.CharField(primary_key=True, max_length=26, default=ports.new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads")
    number = models.IntegerField(default=0)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)
    path = models.CharField(max_length=300)
    drawing = models.CharField(max_length=300, default="", blank=True)
    preview = models.CharField(max_length=300)
    width = models.IntegerField()
    height = models.IntegerField()
    bytes = models.BigIntegerField()
    alpha = models.BooleanField()
    flat = models.BooleanField(default=False)
    warning = models.CharField(max_length=200, default="", db_default="", blank=True)
    created_at = models.DateTimeField(default=ports.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "project"], name="upload_waiting")]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"


class ProjectFile(models.Model):
    """A file that belongs to a project. `path` is relative to the store; `sha256` is of the bytes as they were written.
    `source_type`: the IPTC digital source type the file states, empty for none; null for a file kept before files did."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="files")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="files")
    item = models.IntegerField(null=True, blank=True)
    round = models.IntegerField(default=0)
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=300)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.IntegerField(null=True, blank=True)
    height = models.IntegerField(null=True, blank=True)
    dpi = models.IntegerField(null=True, blank=True)
    source_type = models.CharField(max_length=120, null=True, blank=True)
    created_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "path"], name="project_file_path_once")]

    def __str__(self) -> str:
        return self.name


class FileRole(models.TextChoices):
    """What a file is for. `image` as generated, `preview` small for the pages, `print` what the buyer gets."""

    IMAGE = "image", "Generated image"
    SOURCE = "source", "Drawing as generated"
    RECEIVED = "received", "Original with the provider's C2PA manifest"
    PREVIEW = "preview", "Preview"
    PRINT = "print", "Print-ready image"
    VECTOR = "vector", "Vector file"
    CUT = "cut", "Cut line"
    MAKER = "maker", "File for makers"
    SHEET = "sheet", "Print sheet"
    MOCKUP = "mockup", "Listing picture"
    VIDEO = "video", "Listing video"
    CARD = "card", "Product card"
    ZIP = "zip", "Delivery ZIP"
    DOWNLOAD = "download", "Download for the buyer"
    LICENCES = "licences", "Licences of the artwork"


class BuyerTrial(models.Model):
    """The newest buyer's trial of a project (rules §3). `report`: `ok` and `checks` as `trial.buyer.examine` made them, and
    `parts` and `files` as they were found, for holding a listing against them; without those where the trial failed."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, primary_key=True, related_name="trial")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="trials")
    ok = models.BooleanField()
    report = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=ports.now)

    def __str__(self) -> str:
        return f"{self.project_id}: {'passed' if self.ok else 'failed'}"


class Listing(models.Model):
    """The listing text of a project and the state of its Etsy draft.

    `price_cents` is in hundredths of `currency`, which is empty for a listing from before currencies were kept. `notes` are
    what the seller should know about the text: a list of `{"code", "words"}`."""

    class Text(models.TextChoices):
        NONE = "none", "Not written yet"
        WRITTEN = "written", "Written"
        FAILED = "failed", "Could not be written"

    class Draft(models.TextChoices):
        NONE = "none", "No draft"
        PENDING = "pending", "Being created"
        CREATED = "created", "On Etsy"
        FAILED = "failed", "Etsy did not take it"
        SKIPPED = "skipped", "Skipped"

    project = models.OneToOneField(Project, on_delete=models.PROTECT, primary_key=True, related_name="listing")
    text = models.CharField(max_length=10, choices=Text.choices, default=Text.NONE)
    text_reason = models.CharField(max_length=400, default="", blank=True)
    title = models.CharField(max_length=200, default="", blank=True)
    tags = models.JSONField(default=list, blank=True)
    description = models.TextField(default="", blank=True)
    price_cents = models.IntegerField(default=0)
    currency = models.CharField(max_length=3, default="", db_default="", blank=True)
    notes = models.JSONField(null=True, blank=True)
    draft = models.CharField(max_length=10, choices=Draft.choices, default=Draft.NONE)
    draft_round = models.IntegerField(default=0)
    draft_reason = models.CharField(max_length=400, default="", blank=True)
    draft_id = models.CharField(max_length=40, default="", blank=True)
    draft_url = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["draft"], condition=models.Q(draft="pending"), name="listing_draft_pending"),
            models.Index(
                fields=["project"],
                condition=models.Q(draft="failed") | models.Q(text="failed"),
                name="listing_needs_seller",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"listing of {self.project_id}"


class Storyboard(models.Model):
    """What a quote's order comes to, as it was shown: written once with the quote, never changed. `digest` is of the order
    it was planned for; `items` hold subject, prompt, art and whether the item goes beyond the idea."""

    quote = models.OneToOneField("credits.Quote", on_delete=models.PROTECT, primary_key=True, related_name="storyboard")
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    brief = models.JSONField(default=dict, blank=True)
    items = models.JSONField(default=list, blank=True)
    not_drawn = models.JSONField(default=list, blank=True)
    needs_confirmation = models.BooleanField(default=False)
    distinct = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.title} ({len(self.items)})"
