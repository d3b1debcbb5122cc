"""Several shops of one seller: each draft in the shop that was chosen for it, once, and never in two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from elistit.actions import batches, commands, queries, shops
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Restore
from elistit.listings.etsy import connect
from elistit.listings.etsy import shops as of_etsy
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, FixedClock, Kind, Made
from elistit.projects import draft_plans
from elistit.projects.batch_list import Given
from elistit.projects.batches import newest
from elistit.projects.draft_models import DraftPlan
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Job, Listing, Project
from elistit.projects.orders import LaunchSpec
from elistit.runtime import engine
from elistit.stages import drafting
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock
from tests.listings.test_project_drafts import attempt, draft, project_with_files, write
from tests.products.conftest import here

__all__ = ["clock"]


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def etsy() -> Iterator[Sandbox]:
    with Sandbox(per_second=1000) as running:
        yield running


@pytest.fixture
def two(world: World, etsy: Sandbox) -> tuple[EtsyShop, EtsyShop]:
    """The seller with two connected shops; the first is the default, the second sells in yen."""
    first = connect.connect_sandbox(world.user, etsy.url)
    second = connect.connect_another(world.user, etsy.url)
    etsy.world.sell_in(second.shop_id, "JPY")
    EtsyShop.objects.filter(pk=second.pk).update(currency="JPY")
    return first, second


def in_shop(etsy: Sandbox, shop: EtsyShop) -> list[int]:
    return [d["listing_id"] for d in etsy.drafts() if d["shop_id"] == shop.shop_id]


def begun(project: Project) -> AttemptKey:
    """A second attempt: one before has begun."""
    return AttemptKey(Job.objects.get(project=project).pk, "drafting", 0, 0, 2, 0)


def again(project: Project) -> Made | Failure:
    return drafting.run(begun(project), Job.objects.get(project=project), StageContext(here))


def pending(project: Project, state: str = "failed") -> None:
    Listing.objects.filter(project=project).update(draft=state)


# ---- connecting -------------------------------------------------------------------------------------------------------


def test_a_second_shop_is_one_more_and_the_same_shop_again_is_the_same(world: World, etsy: Sandbox) -> None:
    first = connect.connect_sandbox(world.user, etsy.url)
    second = connect.connect_another(world.user, etsy.url)
    assert first.shop_id != second.shop_id and EtsyShop.objects.count() == 2
    assert connect.connect_sandbox(world.user, etsy.url).pk == first.pk
    assert connect.connect_another(world.user, etsy.url, second.shop_id).pk == second.pk
    assert EtsyShop.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        EtsyShop.objects.filter(pk=second.pk).update(shop_id=first.shop_id)


def test_disconnecting_one_shop_leaves_the_other(world: World, two: tuple[EtsyShop, EtsyShop]) -> None:
    first, second = two
    assert connect.disconnect(world.user, first.shop_id)
    assert not connect.disconnect(world.user, first.shop_id)
    assert [s.pk for s in of_etsy.of_owner(world.user.pk)] == [second.pk]


def test_one_default_at_a_time_and_a_name_once(world: World, two: tuple[EtsyShop, EtsyShop]) -> None:
    first, second = two
    assert [s["default"] for s in shops.describe(world.user)] == [True, False]
    shops.change(world.user, str(second.shop_id), label="  Prints ", default=True)
    assert [(s["id"], s["label"], s["default"]) for s in shops.describe(world.user)] == [
        (str(second.shop_id), "Prints", True), (str(first.shop_id), "", False),
    ]  # fmt: skip
    with pytest.raises(InvalidSpec, match="already called"):
        shops.change(world.user, str(first.shop_id), label="prints")
    with pytest.raises(InvalidSpec, match="at most 60"):
        shops.change(world.user, str(first.shop_id), label="x" * 61)
    with pytest.raises(NotFound):
        shops.change(world.user, "7", default=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EtsyShop.objects.filter(pk=first.pk).update(is_default=True)


# ---- choosing ---------------------------------------------------------------------------------------------------------


def test_a_launch_goes_to_the_default_or_to_the_shop_it_names(world: World, two: tuple[EtsyShop, EtsyShop]) -> None:
    first, second = two
    shops.change(world.user, str(second.shop_id), label="Prints")
    plain, named = (
        commands.launch(world.user, LaunchSpec("wall_art", "a fox", shop=words), idempotency_key=f"k{words}")
        for words in ("", "prints")
    )
    assert draft_plans.number_of(plain.pk) == first.shop_id
    assert draft_plans.number_of(named.pk) == second.shop_id
    assert queries.describe(named)["shop"] == {
        "id": str(second.shop_id),
        "name": "Prints",
        "connected": True,
        "planned_for": None,
    }
    with pytest.raises(InvalidSpec) as wrong:
        commands.launch(world.user, LaunchSpec("wall_art", "a fox", shop="elsewhere"), idempotency_key="w")
    assert "Prints" in wrong.value.errors["shop"] and str(first.shop_id) in wrong.value.errors["shop"]
    assert Project.objects.count() == 2


def test_the_same_key_answers_the_same_project_whatever_the_default_is_by_then(
    world: World, two: tuple[EtsyShop, EtsyShop]
) -> None:
    spec = LaunchSpec("wall_art", "a fox")
    project = commands.launch(world.user, spec, idempotency_key="one")
    shops.change(world.user, str(two[1].shop_id), default=True)
    assert commands.launch(world.user, spec, idempotency_key="one").pk == project.pk
    assert draft_plans.number_of(project.pk) == two[0].shop_id


def test_rows_of_a_batch_go_to_their_own_shops(world: World, two: tuple[EtsyShop, EtsyShop]) -> None:
    rows = [
        Given(1, {"product": "wall_art", "idea": "a fox"}),
        Given(2, {"product": "wall_art", "idea": "an owl", "shop": two[1].shop_name}),
    ]
    batch = batches.launch_list(world.user, "", rows, idempotency_key="b")
    assert {n: draft_plans.number_of(p.pk) for n, p in newest(batch).items()} == {1: two[0].shop_id, 2: two[1].shop_id}
    rows[1].order["shop"] = "nowhere"
    with pytest.raises(InvalidSpec, match="nowhere"):
        batches.launch_list(world.user, "", rows, idempotency_key="c")


# ---- drafting ---------------------------------------------------------------------------------------------------------


def test_the_draft_goes_to_the_chosen_shop_in_its_currency(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    shops.move(world.user, project.pk, str(two[1].shop_id))
    text = write(project)
    assert text.currency == "JPY"
    assert isinstance(draft(project), Made)
    assert in_shop(etsy, two[0]) == [] and len(in_shop(etsy, two[1])) == 1
    assert DraftPlan.objects.get(project=project).sent_to == two[1].shop_id


def test_a_suggested_price_moves_with_the_shop(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    assert write(project).currency == "USD"
    shops.move(world.user, project.pk, str(two[1].shop_id))
    assert isinstance(draft(project), Made)
    assert Listing.objects.get(project=project).currency == "JPY"


def test_after_a_lost_answer_the_shop_it_was_sent_to_is_asked_not_the_new_one(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    pending(project)  # as if the answer and every look had been lost
    [there] = in_shop(etsy, two[0])
    shops.move(world.user, project.pk, str(two[1].shop_id))
    failed = again(project)
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED and f"already in {two[0]}" in failed.reason
    assert in_shop(etsy, two[1]) == []
    shops.move(world.user, project.pk, str(two[0].shop_id))
    made = again(project)
    assert isinstance(made, Made) and made.data["listing_id"] == there and made.data["adopted"]
    assert len(etsy.drafts()) == 1


def test_a_draft_published_in_the_shop_before_counts_too(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    pending(project)
    etsy.world.listings[in_shop(etsy, two[0])[0]]["state"] = "active"
    shops.move(world.user, project.pk, str(two[1].shop_id))
    assert isinstance(again(project), Failure) and in_shop(etsy, two[1]) == []


def test_once_the_draft_before_is_deleted_on_etsy_the_other_shop_gets_one(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    pending(project)
    etsy.world.listings.clear()
    shops.move(world.user, project.pk, str(two[1].shop_id))
    assert isinstance(again(project), Made)
    assert in_shop(etsy, two[0]) == [] and len(in_shop(etsy, two[1])) == 1


def test_a_shop_that_cannot_be_asked_needs_the_sellers_word(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    pending(project)
    connect.disconnect(world.user, two[0].shop_id)
    failed = again(project)
    assert isinstance(failed, Failure) and f"goes to {two[0]}, which isn't connected" in failed.reason
    with pytest.raises(InvalidSpec) as asks:
        shops.move(world.user, project.pk, str(two[1].shop_id))
    assert "confirm_no_draft" in asks.value.errors and draft_plans.number_of(project.pk) == two[0].shop_id
    shops.move(world.user, project.pk, str(two[1].shop_id), confirm_no_draft=True)
    assert isinstance(again(project), Made) and len(in_shop(etsy, two[1])) == 1


def test_a_disconnected_shop_that_was_never_sent_anything_needs_no_word(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    connect.disconnect(world.user, two[0].shop_id)
    assert isinstance(draft(project), Failure) and etsy.drafts() == []
    assert queries.describe(project)["shop"] == {
        "id": str(two[0].shop_id),
        "name": str(two[0]),
        "connected": False,
        "planned_for": None,
    }
    shops.move(world.user, project.pk, str(two[1].shop_id))
    assert isinstance(draft(project), Made)


def test_a_shop_connected_again_is_the_same_shop(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    connect.disconnect(world.user, two[0].shop_id)
    connect.connect_sandbox(world.user, etsy.url)
    assert isinstance(draft(project), Made) and len(in_shop(etsy, two[0])) == 1


def test_while_a_draft_is_made_and_once_it_is_there_the_shop_stays(
    world: World, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    pending(project, "pending")
    shops.move(world.user, project.pk, str(two[1].shop_id))  # nothing was sent yet
    assert draft_plans.sending(project, two[1].shop_id, "B")
    assert not draft_plans.sending(project, two[0].shop_id, "A"), "a draft for the shop before may not begin any more"
    with pytest.raises(NotPossible, match="being created"):
        shops.move(world.user, project.pk, str(two[0].shop_id))
    pending(project, "created")
    with pytest.raises(NotPossible, match="on Etsy already"):
        shops.move(world.user, project.pk, str(two[0].shop_id))


# ---- before there were several, and after a restore --------------------------------------------------------------------


def test_a_project_of_the_version_before_goes_to_the_shop_it_had(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    DraftPlan.objects.all().delete()
    shops.change(world.user, str(two[1].shop_id), default=True)
    assert isinstance(draft(project), Made)
    assert len(in_shop(etsy, two[0])) == 1 and in_shop(etsy, two[1]) == []


def test_a_draft_the_version_before_began_is_found_before_another_shop_gets_one(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    DraftPlan.objects.update(shop=two[1].shop_id, shop_name="B", sent_to=0)
    failed = again(project)
    assert isinstance(failed, Failure) and "already in" in failed.reason and in_shop(etsy, two[1]) == []


def test_after_a_restore_every_shop_is_asked(
    world: World, etsy: Sandbox, two: tuple[EtsyShop, EtsyShop], tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert isinstance(draft(project), Made)
    DraftPlan.objects.update(shop=two[1].shop_id, sent_to=0)
    Restore.objects.create(taken_at=project.created_at, restored_at=world.clock.now())
    failed = drafting.run(attempt(project), Job.objects.get(project=project), StageContext(here))
    assert isinstance(failed, Failure) and in_shop(etsy, two[1]) == []


def test_what_the_version_before_writes_is_a_shop(world: World, two: tuple[EtsyShop, EtsyShop]) -> None:
    """Its INSERT names none of the new columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO listings_etsyshop (owner_id, shop_id, shop_name, access_token, refresh_token, expires_at, connected_at,"
            " disconnected_reason, sandbox_url, refresh_lease) SELECT owner_id, 77, 'Old', access_token, refresh_token,"
            " expires_at, connected_at, '', '', '' FROM listings_etsyshop WHERE id = %s",
            [two[0].pk],
        )
    assert [s["id"] for s in shops.describe(world.user)][-1] == "77"


def test_a_project_launched_without_a_shop_goes_to_the_default_of_later(
    world: World, etsy: Sandbox, tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    assert DraftPlan.objects.count() == 0
    for stage in ("briefing", "generating", "processing", "delivering", "listing", "completed"):
        Project.objects.update(stage=stage)
    connect.connect_sandbox(world.user, etsy.url)
    second = connect.connect_another(world.user, etsy.url)
    shops.change(world.user, str(second.shop_id), default=True)
    commands.retry_draft(world.user, project.pk)
    assert draft_plans.number_of(project.pk) == second.shop_id
