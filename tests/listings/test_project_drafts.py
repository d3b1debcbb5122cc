"""A project's draft by the stage that makes it: its price in the shop's currency, its alt texts, its long names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from elistit import ports
from elistit.actions import commands, queries
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Restore
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, FixedClock, Kind, Made
from elistit.projects.errors import InvalidSpec
from elistit.projects.listing_text import Text
from elistit.projects.models import Item, Job, Listing, Project, ProjectFile
from elistit.projects.states import ItemState
from elistit.runtime import engine
from elistit.stages import drafting, listing
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock
from tests.listings.conftest import PNG
from tests.products.conftest import here

__all__ = ["clock"]

LONG = "hand-painted-sunflowers-bees-and-hummingbirds-for-the-wildfl"


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def dong(world: World) -> Iterator[Sandbox]:
    """A sandbox whose shops sell in Vietnamese dong, with the seller connected."""
    with Sandbox(per_second=1000, currency="VND") as sandbox:
        connect_sandbox(world.user, sandbox.url)
        yield sandbox


def project_with_files(world: World, tmp_path: Path) -> Project:
    """A wall art project whose files are there, in the state before its listing is written."""
    spec = commands.LaunchSpec(product="wall_art", idea="a fox")
    project = commands.launch(world.user, spec, idempotency_key="one")
    job = Job.objects.get(project=project)
    Item.objects.filter(job=job).update(state=ItemState.MADE, subject="red fox", art={"made_round": 0})
    store = StageContext(here).store
    files = [("mockup", "1-room.jpg"), ("mockup", "2-sizes.jpg"), ("mockup", "3-close.jpg"), ("print", "fox-2x3.jpg")]
    files += [("zip", f"{LONG} part {n} of 3.zip") for n in (1, 2, 3)]
    for number, (role, name) in enumerate(files):
        path = tmp_path / name
        path.write_bytes((PNG if role == "mockup" else b"PK") + bytes([number]))
        stored = store.put(path, f"projects/{project.pk}/{role}/{name}")
        ProjectFile.objects.create(
            project=project, job=job, role=role, name=name, path=stored.key, bytes=stored.bytes, sha256=stored.sha256,
            item=1 if role == "print" else None, width=4608 if role == "print" else None,
            height=6912 if role == "print" else None, dpi=300 if role == "print" else None,
        )  # fmt: skip
    return project


def attempt(project: Project) -> AttemptKey:
    return AttemptKey(Job.objects.get(project=project).pk, "listing", 0, 0, 1, 0)


def write(project: Project) -> Listing:
    """The listing as the stage writes it, kept."""
    made = listing.run(attempt(project), Job.objects.get(project=project), StageContext(here))
    assert isinstance(made, Made), made
    fields = {k: v for k, v in made.data.items() if k != "shop"}
    Listing.objects.filter(project=project).update(text="written", **fields)
    return Listing.objects.get(project=project)


def draft(project: Project) -> Made | Failure:
    return drafting.run(attempt(project), Job.objects.get(project=project), StageContext(here))


def test_suggestion_and_draft_are_in_the_shops_currency(world: World, dong: Sandbox, tmp_path: Path) -> None:
    project = project_with_files(world, tmp_path)
    text = write(project)
    assert (text.price_cents, text.currency) == (125_000_00, "VND")
    assert isinstance(draft(project), Made)
    [there] = dong.drafts()
    assert (there["price_cents"], there["currency"]) == (125_000_00, "VND")
    assert len({f["name"] for f in there["files"]}) == 3
    assert [i["alt_text"] for i in there["images"]] == [
        f"{view}: {text.title.split(',')[0]}, image {n} of 3"
        for n, view in enumerate(
            (
                "The image as a framed print on a wall",
                "The sizes the print comes in",
                "Detail of the image at full size",
            ),
            1,
        )
    ]
    assert queries.describe(Project.objects.get(pk=project.pk))["listing"]["price"] == "125000"


def test_a_suggestion_in_dollars_of_before_is_drafted_in_the_shops_currency(
    world: World, dong: Sandbox, tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    Listing.objects.update(price_cents=499, currency="")
    EtsyShop.objects.update(currency="", currency_read_at=None)
    assert isinstance(draft(project), Made)
    text = Listing.objects.get(project=project)
    assert (text.price_cents, text.currency) == (125_000_00, "VND")
    assert dong.drafts()[0]["price_cents"] == 125_000_00


def test_a_price_the_seller_set_in_another_currency_is_asked_for_again(
    world: World, dong: Sandbox, tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    Listing.objects.update(price_cents=650, currency="USD")
    failed = draft(project)
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED
    assert "sells in VND" in failed.reason and "USD" in failed.reason and dong.drafts() == []
    Project.objects.update(stage="briefing")
    for stage in ("generating", "processing", "delivering", "listing", "completed"):
        Project.objects.update(stage=stage)
    words = Text("Fox", ("fox",), "A fox.", 99_000_00)
    saved = commands.edit_listing(world.user, project.pk, words)
    assert (saved.listing.price_cents, saved.listing.currency) == (99_000_00, "VND")
    with pytest.raises(InvalidSpec, match="4,420 VND"):
        commands.edit_listing(world.user, project.pk, Text("Fox", ("fox",), "A fox.", 499_00))
    assert isinstance(draft(project), Made)
    assert dong.drafts()[0]["price_cents"] == 99_000_00


def test_a_shop_whose_currency_cannot_be_read_is_tried_again_and_nothing_is_sent(
    world: World, dong: Sandbox, tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    EtsyShop.objects.update(currency="", currency_read_at=None)
    dong.fault("getShop", "500")
    failed = draft(project)
    assert isinstance(failed, Failure) and failed.kind is Kind.TRANSIENT and dong.drafts() == []
    assert isinstance(draft(project), Made)


def test_the_notes_say_what_was_checked_left_out_and_protected(world: World, tmp_path: Path) -> None:
    project = project_with_files(world, tmp_path)
    Project.objects.update(brief={"title": "Pikachu fox दीपक and dragon", "theme": "fox"}, trademarks=None)
    notes = {n["code"]: n["words"] for n in write(project).notes or []}
    assert "1 image, JPG, 4608 × 6912 px, 300 DPI" in notes["checked"]
    assert "“Pikachu”" in notes["trademark"] and "You confirmed" not in notes["trademark"]
    left_out = [n["words"] for n in Listing.objects.get(project=project).notes or [] if n["code"] == "left_out"]
    assert any("“दीपक”" in words for words in left_out) and any("“dragon”" in words for words in left_out)
    Project.objects.update(trademarks=[{"name": "Pikachu", "category": "game", "reason": "x"}])
    notes = {n["code"]: n["words"] for n in write(project).notes or []}
    assert "You confirmed at launch" in notes["trademark"]
    assert "untrue" not in notes


@pytest.mark.parametrize("restored", [True, False])
def test_after_a_restore_a_draft_is_found_although_it_was_published_since(
    world: World, dong: Sandbox, tmp_path: Path, restored: bool
) -> None:
    """The database doesn't know of the draft. Only where it was restored are all listings of the shop looked through."""
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    [there] = dong.world.listings.values()
    there["state"] = "active"
    if restored:
        now = ports.now()
        Restore.objects.create(backup="b", taken_at=now, restored_at=now)
    again = draft(project)
    assert isinstance(again, Made)
    assert (again.data["adopted"], len(dong.world.listings)) == ((True, 1) if restored else (False, 2))
