"""Batches: lists of orders that are priced together and launched in one request."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.api.shapes.orders import DesignOptions, Order, Storyboard
from elistit.api.shapes.projects import JobFailure
from elistit.api.shapes.words import TEXT, Id, Idea, Request
from elistit.projects.batch_models import ROWS_MAX
from elistit.projects.orders import NAME_MAX, SHOP_MAX
from elistit.projects.preset_models import NAME_MAX as PRESET_NAME_MAX
from elistit.projects.products import PosterMode, Product
from elistit.projects.states import JobStatus, Stage

OptionalProduct = Annotated[Product | None, Field(description="Defaults to the product type of the list.")]
RowNumber = Annotated[int, Field(strict=True, ge=1, le=ROWS_MAX)]


class BatchDefaults(Request):
    """What holds for every row that doesn't say otherwise. `count`, `model`, `ratio` and `mode` apply to rows of this
    `product` only."""

    product: Product | None = None
    count: Annotated[int | None, Field(strict=True)] = None
    model: Annotated[str | None, Field(max_length=80, pattern=TEXT)] = None
    ratio: Annotated[str | None, Field(max_length=10, pattern=TEXT)] = None
    options: DesignOptions = DesignOptions()
    mode: PosterMode | None = None
    shop: Annotated[str, Field(max_length=SHOP_MAX, pattern=TEXT, description="The shop the drafts go to.")] = ""
    brand_kit: Annotated[
        str, Field(max_length=PRESET_NAME_MAX, pattern=TEXT, description="A brand kit's id or name, or `default`.")
    ] = ""
    series: Annotated[
        str, Field(max_length=PRESET_NAME_MAX, pattern=TEXT, description="The series the projects belong to.")
    ] = ""


class BatchOrder(Order):
    """One row: an idea, and whatever differs from the defaults."""

    product: OptionalProduct = None  # type: ignore[assignment]
    idea: Idea
    confirm_trademarks: Annotated[
        bool, Field(strict=True, description="You may use the protected names in this row.")
    ] = False


class BatchRequest(Request):
    name: Annotated[
        str, Field(max_length=NAME_MAX, pattern=TEXT, description="Defaults to a name with today's date.")
    ] = ""
    defaults: BatchDefaults = BatchDefaults()
    rows: Annotated[list[BatchOrder], Field(min_length=1, max_length=ROWS_MAX)]
    launch: Annotated[
        bool,
        Field(
            strict=True,
            description="Launch every row once the list is planned. With false, it is kept as a draft and planned, and nothing is charged.",
        ),
    ] = True
    max_credits: Annotated[
        int | None,
        Field(
            strict=True,
            ge=0,
            description="The most the launch may charge. A list that costs more isn't launched, and stays a draft.",
        ),
    ] = None


class BatchLaunchRequest(Request):
    rows: Annotated[
        list[RowNumber] | None,
        Field(
            min_length=1,
            max_length=ROWS_MAX,
            description="The numbers of the rows to launch: of a draft, or failed ones again. A draft's included rows when left out.",
        ),
    ] = None


class RowProblem(Schema):
    field: str
    detail: str


class BatchProject(Schema):
    """A project a row was launched as. `charged` and `refunded` are credits, summed over its jobs."""

    public_id: Id
    name: str
    stage: Stage
    status: JobStatus
    charged: int
    refunded: int
    failure: JobFailure | None


class BatchRow(Schema):
    """`credits` is the row's price as last quoted. `project` is what it stands for now, `earlier` are the failed ones before.
    A row with `problems` can't be launched; `trademarks` and a storyboard that needs confirmation each need a confirmation."""

    number: int
    line: Annotated[int, Field(description="Where it began in a file; 0 without one.")]
    included: bool
    planned: Annotated[
        bool, Field(description="False while the row has no price yet because it is still being planned.")
    ]
    idea: str
    product: str
    model: str
    count: int | None
    asked: int | None
    notice: str
    name: str
    problems: list[RowProblem]
    trademarks: list[str]
    credits: int
    storyboard: Storyboard | None
    project: BatchProject | None
    earlier: list[BatchProject]


class RequestedLaunch(Schema):
    """What happened to a launch that was requested with the list. `waiting`: it is launched automatically once every row has its
    price, and not before the studio has space again when `problem` is `disk-full`. `not_launched`: nothing was charged, and the
    batch is a draft. `problem` is the kind of problem, `reason` says it, `next_step` what to do, and `errors` name fields
    (`rows.3.count`)."""

    state: Literal["waiting", "launched", "not_launched"]
    max_credits: int | None
    problem: (
        Literal[
            "invalid-request",
            "insufficient-credits",
            "above-maximum",
            "daily-cap",
            "daily-limit",
            "not-possible",
            "disk-full",
        ]
        | None
    )
    reason: str
    next_step: str
    errors: list[RowProblem]
    ended_at: dt.datetime | None


class BatchCounts(Schema):
    """How many rows stand where. `waiting` are waiting for the seller."""

    running: int
    waiting: int
    finished: int
    failed: int
    deleted: int
    not_launched: int


class BatchSummary(Schema):
    id: Id
    name: str
    state: Literal["draft", "launched"]
    paused: bool
    created_at: dt.datetime
    launched_at: dt.datetime | None


class Batch(Schema):
    """A batch. `total` is the price of the included rows that are planned; `charged` and `refunded` are credits of all its
    projects together, each counted once. While the rows of a draft are being planned, or it waits to be launched, its state
    is `planning`. `launch` is null for a batch that began as a draft."""

    id: Id
    name: str
    state: Literal["planning", "draft", "running", "paused", "waiting", "finished"]
    launch: RequestedLaunch | None
    paused: bool
    notes: list[str]
    created_at: dt.datetime
    launched_at: dt.datetime | None
    total: int
    charged: int
    refunded: int
    counts: BatchCounts
    rows: list[BatchRow]


class BatchPage(Schema):
    """Newest first. `next` is the `cursor` of the next page, or null."""

    items: list[BatchSummary]
    next: str | None


class BatchDeleted(Schema):
    id: Id
