"""Brand kits and series: what an order takes over, that the storyboard shown is the one that is made, and that nothing which was
launched ever changes with them."""

from __future__ import annotations

import dataclasses
import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import brand_kits as kits
from elistit.actions import commands
from elistit.actions.brand_kits import KitFields
from elistit.credits import ledger
from elistit.listings.models import EtsyShop
from elistit.projects import brand_kits, form_templates, orders, series, storyboard
from elistit.projects import launch as launching
from elistit.projects.draft_models import DraftPlan
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Item, Project
from elistit.projects.orders import LaunchSpec
from elistit.projects.preset_models import BrandKit, Series
from elistit.stages import briefing, presets, storyboards
from tests.conformance.conftest import World

SPEC = LaunchSpec("clipart", "woodland animals", 15)
KIT = KitFields(
    name="Fern & Fox",
    shop_name="Fern & Fox",
    license_text="For personal use only.\n\nAsk before you sell anything.",
    closing_text="More in our shop.",
    palette="sage green and blush",
    styles=("builtin/gouache",),
    minimum_price=600,
    price_ending="99",
    prices={"poster": 900},
)


@pytest.fixture
def kit(world: World) -> BrandKit:
    return kits.add(world.user, KIT)


def launch(world: World, spec: LaunchSpec, key: str = "", **more: object) -> Project:
    world.clock.advance(1)
    return commands.launch(world.user, spec, idempotency_key=key or ports.new_id(), **more)  # type: ignore[arg-type]


def drawn(project: Project) -> list[tuple[str, str]]:
    """What the briefing stage, where work begins, makes of a project: the prompt and art of every image."""
    outcome = briefing._plan(None, project.jobs.get())  # type: ignore[arg-type]
    assert isinstance(outcome, ports.Made)
    return [(i["prompt"], json.dumps(i["art"], sort_keys=True)) for i in outcome.data["items"]]


def shown(board: storyboard.Board) -> list[tuple[str, str]]:
    return [(i.prompt, json.dumps(i.art, sort_keys=True)) for i in board.items]


# ---- kits --------------------------------------------------------------------------------------------------------------------


def test_a_kit_fills_in_what_the_order_leaves_open(world: World, kit: BrandKit) -> None:
    project = launch(world, dataclasses.replace(SPEC, brand_kit=kit.pk))
    assert project.options == {"color_palette": "sage green and blush"} and project.model == "builtin/gouache"
    assert project.brand == {
        "id": kit.pk, "name": "Fern & Fox", "shop_name": "Fern & Fox", "license": KIT.license_text,
        "closing": "More in our shop.",
        "pricing": {"currency": "USD", "minimum": 600, "ending": "99", "prices": {"poster": 900}},
    }  # fmt: skip


def test_what_the_order_says_goes_before_the_kit(world: World, kit: BrandKit) -> None:
    told = dataclasses.replace(
        SPEC, brand_kit=kit.pk, model="builtin/watercolor", options={"color_palette": "pastel", "mood": "calm"}
    )
    project = launch(world, told)
    assert project.options == {"color_palette": "pastel", "mood": "calm"} and project.model == "builtin/watercolor"


def test_an_order_as_it_was_shown_gets_no_palette_it_did_not_show(world: World, kit: BrandKit) -> None:
    project = launch(world, dataclasses.replace(SPEC, brand_kit=kit.pk, model="builtin/watercolor", as_shown=True))
    assert project.options == {} and project.brand and project.brand["id"] == kit.pk


def test_the_default_kit_is_used_by_name_only(world: World, kit: BrandKit) -> None:
    assert launch(world, SPEC).brand is None
    named = launch(world, dataclasses.replace(SPEC, brand_kit="default"))
    assert named.brand and named.brand["id"] == kit.pk
    brand_kits.delete(world.user, kit.pk)
    with pytest.raises(InvalidSpec) as refused:
        launch(world, dataclasses.replace(SPEC, brand_kit="default"))
    assert set(refused.value.errors) == {"brand_kit"}


def test_a_kit_costs_nothing(world: World, kit: BrandKit) -> None:
    plain = launch(world, dataclasses.replace(SPEC, model="builtin/gouache"))
    branded = launch(world, dataclasses.replace(SPEC, brand_kit=kit.pk))
    assert plain.jobs.get().quote.total == branded.jobs.get().quote.total


@pytest.mark.parametrize("product", ["clipart", "sticker", "svg", "wall_art", "poster", "greeting_card", "pattern"])
def test_the_storyboard_of_the_quote_is_what_is_made_with_a_kit_and_a_series(
    world: World, kit: BrandKit, product: str
) -> None:
    ledger.grant(world.user.pk, 500, source="test", idempotency_key="more", reason="For the test")
    count = {"clipart": 15, "sticker": 3, "svg": 2, "pattern": 6}.get(product, 1)
    first = LaunchSpec(product, "woodland animals", count, brand_kit=kit.pk, series="Forest")
    plain, _ = storyboards.quote(world.user, LaunchSpec(product, "woodland animals", count))
    for spec in (first, dataclasses.replace(first, idea="garden birds", brand_kit="")):
        quoted, board = storyboards.quote(world.user, spec)
        assert board is not None
        project = launch(world, spec, quote_id=quoted.pk)
        assert drawn(project) == shown(board)
        assert project.options["color_palette"] == "sage green and blush"
        assert project.series and project.series.name == "Forest"
        again = launch(world, spec)  # without a quote, planned at the launch
        assert drawn(again) == shown(board)
    other = storyboard.find(plain.pk)
    assert other and shown(other[0]) != drawn(Project.objects.filter(idea="woodland animals").earliest("public_id"))


def test_editing_and_deleting_a_kit_changes_no_project_and_no_answer(world: World, kit: BrandKit) -> None:
    spec = dataclasses.replace(SPEC, brand_kit=kit.pk)
    project = launch(world, spec, "once")
    before = (project.brand, project.options, project.model, drawn(project), world.balance())
    kits.edit(world.user, kit.pk, KitFields(palette="red", license_text="Other", styles=("builtin/ink",)))
    brand_kits.delete(world.user, kit.pk)
    assert launch(world, spec, "once") == project, "the same key answers the same project, whatever the kit is now"
    project.refresh_from_db()
    assert (project.brand, project.options, project.model, drawn(project), world.balance()) == before
    with pytest.raises(ledger.IdempotencyConflict):
        launch(world, dataclasses.replace(spec, brand_kit=""), "once")


def test_a_quote_from_before_the_kit_was_edited_is_not_launched_with_another_look(world: World, kit: BrandKit) -> None:
    spec = dataclasses.replace(SPEC, brand_kit=kit.pk)
    quoted, _ = storyboards.quote(world.user, spec)
    kits.edit(world.user, kit.pk, KitFields(palette="red"))
    with pytest.raises(NotPossible):
        launch(world, spec, quote_id=quoted.pk)
    assert not Project.objects.exists() and world.balance() == 100


def test_another_sellers_kit_is_not_there(world: World, kit: BrandKit) -> None:
    bob = User.objects.create_user("bob@example.com")
    ledger.open_account(bob.pk)
    ledger.grant(bob.pk, 100, source="test", idempotency_key="bob", reason="For the test")
    kits.add(bob, KitFields(name="Mine"))
    with pytest.raises(InvalidSpec) as refused:
        commands.launch(bob, dataclasses.replace(SPEC, brand_kit=kit.pk), idempotency_key="k")
    assert set(refused.value.errors) == {"brand_kit"}
    for act in (brand_kits.get, brand_kits.delete, brand_kits.restore, kits.set_default):
        with pytest.raises(NotFound):
            act(bob, kit.pk)
    with pytest.raises(NotFound):
        kits.edit(bob, kit.pk, KitFields(name="Stolen"))
    kit.refresh_from_db()
    assert kit.name == "Fern & Fox" and kit.is_default and kit.deleted_at is None


def test_one_kit_is_the_default_and_the_database_refuses_a_second(world: World, kit: BrandKit) -> None:
    other = kits.add(world.user, KitFields(name="Other"))
    assert kit.is_default and not other.is_default
    kits.set_default(world.user, other.pk)
    assert brand_kits.default(world.user) == other
    with pytest.raises(IntegrityError), transaction.atomic():
        BrandKit.objects.filter(pk=kit.pk).update(is_default=True)
    with pytest.raises(InvalidSpec):
        kits.add(world.user, KitFields(name="OTHER"))
    with pytest.raises(IntegrityError), transaction.atomic():
        BrandKit.objects.create(owner=world.user, name="other", folded="other")


def test_a_deleted_kit_comes_back_by_restoring_it(world: World, kit: BrandKit) -> None:
    brand_kits.delete(world.user, kit.pk)
    assert not brand_kits.of(world.user).exists()
    brand_kits.restore(world.user, kit.pk)
    brand_kits.restore(world.user, kit.pk)
    assert brand_kits.get(world.user, kit.pk).license_text == KIT.license_text
    brand_kits.delete(world.user, kit.pk)
    kits.add(world.user, KitFields(name="fern & fox"))
    with pytest.raises(NotPossible):
        brand_kits.restore(world.user, kit.pk)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (KitFields(), {"name"}),
        (KitFields(name="x" * 61), {"name"}),
        (KitFields(name="A", license_text="x" * 2001, closing_text="y" * 2001), {"license_text", "closing_text"}),
        (KitFields(name="A", palette="x" * 201, shop_name="x" * 81), {"palette", "shop_name"}),
        (KitFields(name="A", styles=("builtin/none",), scenes=("01KAPG7R3ZJ4X9M2V5T8W6Q1YB",)), {"styles", "scenes"}),
        (KitFields(name="A", minimum_price=1, price_ending="07"), {"minimum_price", "price_ending"}),
        (KitFields(name="A", prices={"poster": 1, "boat": 900}), {"prices.poster", "prices.boat"}),
    ],
)
def test_what_a_kit_may_have(world: World, fields: KitFields, wrong: set[str]) -> None:
    with pytest.raises(InvalidSpec) as refused:
        kits.add(world.user, fields)
    assert set(refused.value.errors) == wrong and not BrandKit.objects.exists()


def test_characters_no_typeface_has_are_refused_where_they_would_be_printed(world: World) -> None:
    with pytest.raises(InvalidSpec) as refused:
        kits.add(world.user, KitFields(name="A", license_text="ok \U00013000", closing_text="fine \U00013000"))
    assert set(refused.value.errors) == {"license_text"}


def test_there_are_at_most_twenty_kits(world: World) -> None:
    for n in range(brand_kits.MOST):
        kits.add(world.user, KitFields(name=f"Kit {n}"))
    with pytest.raises(NotPossible):
        kits.add(world.user, KitFields(name="One more"))


# ---- series ------------------------------------------------------------------------------------------------------------------


def test_a_series_takes_the_look_of_its_first_project(world: World) -> None:
    first = dataclasses.replace(
        SPEC, series="Forest", model="builtin/gouache", options={"color_palette": "sage", "setting": "a forest floor"}
    )
    begun = launch(world, first)
    second = launch(world, LaunchSpec("clipart", "garden birds", 15, series=" forest "))
    assert begun.series == second.series and Series.objects.count() == 1
    assert (second.model, second.options) == ("builtin/gouache", {"color_palette": "sage"})


def test_a_palette_that_only_the_idea_named_is_kept_too(world: World) -> None:
    launch(world, dataclasses.replace(SPEC, idea="pastel woodland animals", series="Forest"))
    second = launch(world, LaunchSpec("clipart", "garden birds", 15, series="Forest"))
    assert second.options == {"color_palette": "pastel"}


@pytest.mark.parametrize(
    ("product", "ratio", "count"), [("poster", "3:2", 1), ("wall_art", "4:3", 1), ("clipart", "1:1", 15)]
)
def test_a_series_keeps_the_orientation_over_product_types(world: World, product: str, ratio: str, count: int) -> None:
    launch(world, LaunchSpec("wall_art", "a fox", 1, ratio="4:3", model="builtin/watercolor", series="Wide"))
    project = launch(world, LaunchSpec(product, "an owl", count, series="Wide"))
    assert (project.ratio, project.model) == (ratio, "builtin/watercolor")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"model": "builtin/watercolor"}, "model"),
        ({"options": {"color_palette": "red"}}, "options.color_palette"),
        ({"options": {"mood": "gloomy"}}, "options.mood"),
        ({"product": "wall_art", "count": 1, "ratio": "4:3"}, "ratio"),
    ],
)
def test_what_a_series_fixes_is_not_overruled(world: World, changed: dict[str, object], field: str) -> None:
    launch(
        world,
        LaunchSpec(
            "wall_art", "a fox", 1, ratio="3:4", model="builtin/gouache", options={"color_palette": "sage"}, series="F"
        ),
    )
    with pytest.raises(InvalidSpec) as refused:
        launch(world, dataclasses.replace(SPEC, series="F", **changed))  # type: ignore[arg-type]
    assert set(refused.value.errors) == {field} and "series “F”" in refused.value.errors[field]
    assert Project.objects.count() == 1


def test_room_and_what_to_avoid_belong_to_each_project(world: World) -> None:
    launch(world, dataclasses.replace(SPEC, series="F", options={"negative": "people"}))
    project = launch(world, dataclasses.replace(SPEC, series="F", options={"negative": "owls", "setting": "a meadow"}))
    assert project.options == {"negative": "owls", "setting": "a meadow"}


def test_a_series_goes_before_a_kit(world: World, kit: BrandKit) -> None:
    launch(world, dataclasses.replace(SPEC, series="F", model="builtin/watercolor", options={"color_palette": "red"}))
    project = launch(world, dataclasses.replace(SPEC, idea="owls", series="F", brand_kit=kit.pk))
    assert (project.model, project.options) == ("builtin/watercolor", {"color_palette": "red"})
    assert project.brand and project.brand["license"] == KIT.license_text


def test_a_failed_launch_begins_no_series(world: World) -> None:
    ledger.adjust(world.user.pk, -world.balance(), reason="For the test", actor="test", idempotency_key="empty")
    with pytest.raises(ledger.InsufficientCredits):
        launch(world, dataclasses.replace(SPEC, series="F"))
    assert not Series.objects.exists() and not Item.objects.exists()


def test_a_series_that_began_meanwhile_with_another_look_is_not_joined(world: World) -> None:
    mine = presets.resolve(world.user, dataclasses.replace(SPEC, series="F", model="builtin/gouache"))
    launch(world, dataclasses.replace(SPEC, series="F", model="builtin/watercolor"))
    with pytest.raises(NotPossible):
        launching.launch(world.user, SPEC, idempotency_key="late", resolved=mine)
    assert Project.objects.count() == 1
    same = presets.resolve(world.user, dataclasses.replace(SPEC, series="F", model="builtin/watercolor"))
    launching.launch(world.user, SPEC, idempotency_key="later", resolved=same)
    assert series.of(world.user).get().held == 2


def test_another_sellers_series_is_another_one(world: World) -> None:
    launch(world, dataclasses.replace(SPEC, series="F", options={"color_palette": "red"}))
    bob = User.objects.create_user("bob@example.com")
    ledger.open_account(bob.pk)
    ledger.grant(bob.pk, 100, source="test", idempotency_key="bob", reason="For the test")
    project = commands.launch(bob, dataclasses.replace(SPEC, series="F"), idempotency_key="k")
    assert project.options == {} and project.series and project.series.owner == bob
    assert Series.objects.count() == 2


def test_resolving_twice_is_the_same_as_once(world: World, kit: BrandKit) -> None:
    spec = dataclasses.replace(SPEC, brand_kit=kit.pk, series="F")
    once = presets.resolve(world.user, spec)
    assert presets.resolve(world.user, once) == once
    launch(world, spec)
    once = presets.resolve(world.user, spec)
    assert presets.resolve(world.user, once) == once and once.look == {}


def test_an_order_from_before_there_were_presets_keeps_its_digest() -> None:
    assert set(orders.given(SPEC)) == {"product", "idea", "count"}
    assert launching._checked_digest(SPEC, None) == launching._checked_digest(
        dataclasses.replace(SPEC, as_shown=True), None
    )


# ---- templates ---------------------------------------------------------------------------------------------------------------


def test_a_template_is_replaced_renamed_deleted_and_restored(world: World) -> None:
    row, new = form_templates.save(world.user, " Nursery  set ", {"product": "clipart"})
    assert new and row.name == "Nursery set"
    again, new = form_templates.save(world.user, "nursery set", {"product": "poster"})
    assert not new and again.pk == row.pk and form_templates.get(world.user, row.pk).fields == {"product": "poster"}
    assert form_templates.rename(world.user, row.pk, "Posters") == "nursery set"
    assert form_templates.delete(world.user, row.pk) == "Posters"
    assert not form_templates.of(world.user).exists()
    form_templates.restore(world.user, row.pk)
    assert form_templates.get(world.user, row.pk).name == "Posters"
    bob = User.objects.create_user("bob@example.com")
    for act in (form_templates.get, form_templates.delete, form_templates.restore):
        with pytest.raises(NotFound):
            act(bob, row.pk)
    with pytest.raises(NotFound):
        form_templates.rename(bob, row.pk, "Mine")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_first_kits_at_once_are_two_kits_and_one_default(world: World) -> None:
    ready = threading.Barrier(2)
    errors: list[BaseException] = []

    def add(name: str) -> None:
        try:
            ready.wait(5)
            kits.add(world.user, KitFields(name=name))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(name,)) for name in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not errors and BrandKit.objects.count() == 2 and BrandKit.objects.filter(is_default=True).count() == 1


def test_an_order_keeps_the_shop_its_draft_goes_to(world: World) -> None:
    for number, name in ((101, "Meadow"), (102, "Harbor")):
        EtsyShop.objects.create(
            owner=world.user, shop_id=number, shop_name=name, access_token=b"x", refresh_token=b"x",
            expires_at=world.clock.now(), is_default=number == 101,
        )  # fmt: skip
    spec = LaunchSpec("sticker", "a red fox", count=2)
    project = commands.launch(world.user, spec, idempotency_key="usual")
    other = commands.launch(world.user, dataclasses.replace(spec, shop="Harbor"), idempotency_key="other")
    plans = dict(DraftPlan.objects.values_list("project_id", "shop"))
    assert plans == {project.pk: 101, other.pk: 102}
