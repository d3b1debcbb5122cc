"""Alice, who owns the projects; Bob, who must see nothing of them; and projects in every stage, made of real bookings."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt
from elistit.credits import ledger
from elistit.delivery.store import open_store
from elistit.projects import changes
from elistit.projects.launch import launch
from elistit.projects.models import FileRole, Item, Job, Listing, Project, ProjectFile
from elistit.projects.orders import LaunchSpec
from elistit.projects.states import ItemState, JobStatus, Stage

ROUTE = (Stage.BRIEFING, Stage.GENERATING, Stage.AWAITING_APPROVAL, Stage.PROCESSING, Stage.DELIVERING, Stage.LISTING)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[ports.FixedClock]:
    clock = ports.FixedClock(ports.SystemClock().now().replace(microsecond=0))
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def clock(_clock: ports.FixedClock) -> ports.FixedClock:
    return _clock


def a_person(email: str, amount: int = 30) -> User:
    person = User.objects.create_user(email)
    ledger.open_account(person.pk)
    if amount:
        ledger.grant(person.pk, amount, source="trial", idempotency_key=f"trial:{person.pk}", reason="Trial credits")
    return person


@pytest.fixture
def alice(db: None) -> User:
    return a_person("alice@example.com")


@pytest.fixture
def bob(db: None) -> User:
    return a_person("bob@example.com")


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser, without JavaScript."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def bobs(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def spec(**changed: object) -> LaunchSpec:
    return LaunchSpec(**{"product": "clipart", "idea": "woodland animals in autumn", "count": 15, **changed})  # type: ignore[arg-type]


def booked(owner: User, **changed: object) -> Project:
    """A launched project, charged, with its items pending."""
    job, _ = launch(owner, spec(**changed), idempotency_key=ports.new_id())
    return job.project


def job_of(project: Project) -> Job:
    return project.jobs.get(kind="launch")


def bring_to(project: Project, stage: Stage) -> Project:
    """Walk a project along the chain's own transitions."""
    job = job_of(project)
    changes.move_job(job.pk, JobStatus.RUNNING)
    for step in ROUTE:
        project.refresh_from_db()
        if project.stage == stage:
            return project
        if stage == Stage.FAILED and step == Stage.DELIVERING:
            changes.move_job(job.pk, JobStatus.FAILED)
            changes.move_stage(project.pk, stage)
            break
        changes.move_stage(project.pk, step)
        if step == Stage.AWAITING_APPROVAL:
            Job.objects.filter(pk=job.pk).update(gate_reached_at=ports.now())
            changes.move_job(job.pk, JobStatus.WAITING)
        elif step == Stage.PROCESSING:
            changes.move_job(job.pk, JobStatus.RUNNING)
        if step == stage:
            break
    else:
        changes.move_stage(project.pk, stage)
    project.refresh_from_db()
    assert project.stage == stage
    return project


def add_file(project: Project, role: str, name: str, content: bytes, item: int | None = None) -> ProjectFile:
    job = job_of(project)
    key = f"{project.pk}/{role}-{item or 0}-{name}"
    digest = hashlib.sha256(content).hexdigest()
    # One file for each content: rewriting the same file makes the file system wait for the disk.
    scratch = Path(settings.DATA_DIR) / f"scratch-{digest}"
    if not scratch.exists():
        scratch.write_bytes(content)
    open_store(settings.STORAGE_URL).put(scratch, key)
    return ProjectFile.objects.create(
        project=project, job=job, item=item, role=role, name=name, path=key, bytes=len(content),
        sha256=digest, width=8, height=8, dpi=300 if role == FileRole.PRINT else None,
    )  # fmt: skip


@cache
def a_picture(shade: int = 120, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (shade, 90, 60, 255)).save(out, kind)
    return out.getvalue()


def paint(project: Project, *, but: tuple[int, ...] = ()) -> None:
    """Every item made, with its preview and image, except `but`."""
    for item in job_of(project).items.all():
        if item.number in but:
            continue
        shade = 40 + item.number * 5
        Item.objects.filter(pk=item.pk).update(
            state=ItemState.MADE,
            prompt=f"a red fox, number {item.number}",
            subject=f"fox {item.number}",
            art={"made_round": 0},
        )
        add_file(project, FileRole.PREVIEW, f"{item.number:02}.webp", a_picture(shade, "WEBP"), item.number)
        add_file(project, FileRole.IMAGE, f"{item.number:02}.png", a_picture(shade), item.number)


@pytest.fixture
def at_gate(alice: User) -> Project:
    project = bring_to(booked(alice), Stage.AWAITING_APPROVAL)
    paint(project)
    return project


@pytest.fixture
def finished(alice: User) -> Project:
    project = bring_to(booked(alice), Stage.LISTING)
    paint(project)
    for n in range(1, 16):
        add_file(project, FileRole.PRINT, f"fox-{n:02}.png", a_picture(n), n)
    add_file(project, FileRole.ZIP, "delivery.zip", b"PK\x05\x06" + bytes(18))
    add_file(project, FileRole.CARD, "product-card.pdf", b"%PDF-1.7\n")
    add_file(project, FileRole.MOCKUP, "cover.jpg", a_picture(9).replace(b"x", b"x"))
    Listing.objects.filter(project=project).update(
        text=Listing.Text.WRITTEN, title="Woodland Animals Watercolor Clipart", tags=[f"woodland tag {n}" for n in range(13)],
        description="Fifteen animals.\nDrawn by a computer program.", price_cents=450,
    )  # fmt: skip
    job = job_of(project)
    changes.move_stage(project.pk, Stage.COMPLETED)
    changes.move_job(job.pk, JobStatus.SUCCEEDED)
    Job.objects.filter(pk=job.pk).update(ended_at=ports.now())
    project.refresh_from_db()
    return project


@pytest.fixture
def failed(alice: User) -> Project:
    """A project whose first stage failed after four tries, with its credits back in the books."""
    project = bring_to(booked(alice), Stage.BRIEFING)
    job = job_of(project)
    for number in range(1, 5):
        Attempt.objects.create(
            job=job, stage=Stage.BRIEFING, number=number, started_at=ports.now(), ended_at=ports.now(), outcome="transient",
            reason="The writer did not answer.", worker="w1",
        )  # fmt: skip
    changes.move_job(job.pk, JobStatus.FAILED)
    changes.move_stage(project.pk, Stage.FAILED)
    Job.objects.filter(pk=job.pk).update(
        failure_stage=Stage.BRIEFING, failure_kind="transient", failure_reason="The writer did not answer."
    )
    ledger.refund(
        alice.pk,
        job=job.pk,
        project=project.pk,
        idempotency_key=f"job:{job.pk}:refund",
        reason="The writer did not answer.",
    )
    project.refresh_from_db()
    return project


@pytest.fixture
def make() -> Callable[..., Project]:
    return booked
