"""What a project looks like: its jobs, items, files, listing and history."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from elistit.api.shapes.orders import QuoteLine
from elistit.api.shapes.words import TEXT, Id, Request
from elistit.projects.desk_models import LABEL_MAX
from elistit.projects.orders import NAME_MAX
from elistit.projects.organizing import EACH_MAX
from elistit.projects.preset_models import NAME_MAX as PRESET_NAME_MAX
from elistit.projects.products import Product
from elistit.projects.states import ItemState, JobStatus, Stage


class ChargedQuote(Schema):
    total: int
    lines: list[QuoteLine]


class JobFailure(Schema):
    kind: str
    reason: str
    stage: str


class Job(Schema):
    """`charged` and `refunded` are credits, summed from the ledger's rows."""

    id: str
    status: JobStatus
    charged: int
    refunded: int
    failure: JobFailure | None


class ProjectJob(Job):
    """One charged run of the chain: `launch`, `print_ready` or `listing`. `quoted` is its quote's total in credits."""

    kind: str
    quoted: int


class Flag(Schema):
    code: str
    words: str


class Version(Schema):
    """One image an item has had. `round` names it for `choose`; `chosen` is the one that is kept. `charged` is what its
    round cost, `refunded` whether that came back. `preview` is the id of its preview file."""

    round: int
    chosen: bool
    prompt: str
    flags: list[Flag]
    charged: int
    refunded: bool
    preview: int | None


class Item(Schema):
    """`model` makes or made the image: the project's, or the one that stepped in for it. `versions` are the images it has
    had, oldest first, once there are several."""

    number: int
    prompt: str
    subject: str
    state: ItemState
    round: int
    flags: list[Flag]
    reason: str
    refunded: int
    model: str
    versions: list[Version]


class File(Schema):
    """`bytes` and `sha256` are of the file as it is downloaded. `url` is relative to the address of the API and takes
    the same bearer key."""

    id: int
    role: str
    name: str
    item: int | None
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    dpi: int | None
    url: Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]


class TrialProblem(Schema):
    """A file that failed a check, and why, in one sentence."""

    file: str
    words: str


class TrialCheck(Schema):
    """One check: `title` says what holds when it passed, `looked_at` how many files it was made on."""

    name: str
    title: str
    ok: bool
    looked_at: int
    found: str
    problems: list[TrialProblem]


class Trial(Schema):
    """The buyer's trial: the delivery opened as a buyer would, before the draft."""

    ok: bool
    checked_at: dt.datetime
    checks: list[TrialCheck]


class Draft(Schema):
    state: Literal["none", "pending", "created", "failed", "skipped"]
    url: str
    id: str
    reason: str


class Listing(Schema):
    state: Literal["none", "written", "failed"]
    reason: str
    title: str
    tags: list[str]
    description: str
    price: str
    currency: Annotated[str, Field(description="The currency of the price (ISO 4217).")]
    notes: Annotated[list[Flag], Field(description="Notes about the text for the seller.")]
    draft: Draft


class ProjectShop(Schema):
    """The shop the draft of a project goes to. When it isn't `connected`, connect it again or choose another shop."""

    id: str
    name: str
    connected: bool
    planned_for: Annotated[
        dt.datetime | None, Field(description="When the draft goes out by the schedule; null when not planned.")
    ]


class UsedBrandKit(Schema):
    id: Id
    name: str


class Project(Schema):
    """A project as it is. `job` is the launch; `jobs` is every job in the order they were charged, and `current_job` the
    newest. `loss_on_delete` is the credits that would not come back if it were deleted now. `asked` is how many images were
    ordered; when fewer are made and charged, `notice` says so in words."""

    public_id: Id
    name: str
    product: str
    idea: str
    stage: Stage
    created_at: dt.datetime
    brief: dict[str, Any]
    model: str
    failover: bool
    video: bool
    job: Job
    jobs: list[ProjectJob]
    current_job: ProjectJob
    quote: ChargedQuote
    asked: int
    notice: str
    items: list[Item]
    files: list[File]
    buyer_link: Annotated[
        str | None, Field(description="Where buyers download files that are too large for Etsy; null when they fit.")
    ]
    trial: Annotated[Trial | None, Field(description="The buyer's trial; null until the files are packed.")]
    shop: Annotated[ProjectShop | None, Field(description="Null when no shop is connected.")]
    listing: Listing
    labels: list[str]
    archived: bool
    favorite: bool
    series: Annotated[str | None, Field(description="The name of its series; null without one.")]
    brand_kit: Annotated[UsedBrandKit | None, Field(description="The name that its brand kit had at launch.")]
    loss_on_delete: int


class ProjectSummary(Schema):
    public_id: Id
    name: str
    product: str
    idea: str
    count: int
    model: str
    stage: Stage
    created_at: dt.datetime
    labels: list[str]
    archived: bool
    favorite: bool
    series: str | None
    job: Job


class ProjectFilter(Schema):
    """What the list is narrowed to."""

    stage: Stage | None = None
    product: Product | None = None
    label: Annotated[str, Field(max_length=LABEL_MAX, pattern=TEXT, description="Projects with this label.")] = ""
    series: Annotated[
        str, Field(max_length=PRESET_NAME_MAX, pattern=TEXT, description="Projects of the series of this name.")
    ] = ""
    favorite: Annotated[bool | None, Field(description="Only favorites, or only projects that aren't.")] = None
    archived: Annotated[bool, Field(description="Only archived projects. Otherwise they are left out.")] = False
    needs_you: Annotated[
        bool, Field(description="Projects at a gate, with a rejected draft, or whose listing could not be written.")
    ] = False
    q: Annotated[
        str, Field(max_length=120, pattern=TEXT, description="Words in the name, idea, subjects or listing title.")
    ] = ""


class OrganizeRequest(Request):
    """What is left out stays as it is."""

    name: Annotated[str | None, Field(max_length=NAME_MAX, pattern=TEXT)] = None
    labels: Annotated[
        list[Annotated[str, Field(max_length=LABEL_MAX, pattern=TEXT)]] | None,
        Field(max_length=EACH_MAX, description="The complete list of its labels."),
    ] = None
    archived: Annotated[bool | None, Field(strict=True)] = None
    favorite: Annotated[bool | None, Field(strict=True)] = None


class ProjectPage(Schema):
    """Newest first. `next` is the `cursor` of the next page, or null."""

    items: list[ProjectSummary]
    next: str | None


class ActivityEntry(Schema):
    """One attempt, or one note. `item` is null for work on the whole set."""

    at: dt.datetime
    ended_at: dt.datetime | None
    stage: str
    item: int | None
    try_: Annotated[int, Field(alias="try", serialization_alias="try")]
    outcome: str
    text: str
    next_try_at: dt.datetime | None
    worker: str
    note: bool


class Activity(Schema):
    """Oldest first."""

    items: list[ActivityEntry]


class Files(Schema):
    items: list[File]
    trial: Annotated[Trial | None, Field(description="The buyer's trial; null until the files are packed.")]


class Items(Schema):
    items: list[Item]


class Deleted(Schema):
    """`not_refunded` is the credits that were charged for unfinished work and do not come back."""

    public_id: Id
    stage: Literal["deleted"]
    not_refunded: int
