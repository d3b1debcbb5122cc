"""What the storyboard shows is what is made: quoted, confirmed, edited, kept (rules §4)."""

from __future__ import annotations

import dataclasses

import pytest

from elistit.actions import commands
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import prices
from elistit.credits.models import CreditTransaction, Quote
from elistit.ports import Made
from elistit.projects import launch as launching
from elistit.projects import orders, storyboard
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Job, Project, Storyboard
from elistit.projects.orders import LaunchSpec
from elistit.stages import briefing, storyboards
from tests.conformance.conftest import World

IDEAS = (
    "woodland animals",
    "foxes",
    "happy cats with coffee",
    "boho rainbows",
    "sea animals and shells",
    "black cats",
    "roses",
)


@pytest.fixture
def one_set() -> None:
    """Every seller gets a set of their own here, as in the product."""


def order(idea: str = "woodland animals", **said: object) -> LaunchSpec:
    return orders.check(LaunchSpec("clipart", idea, **said))  # type: ignore[arg-type]


def briefed(world: World, project: Project) -> list[str]:
    """The subjects the briefing stage decides, as the worker runs it."""
    job = Job.objects.get(project=project)
    outcome = briefing.run(AttemptKey(job.pk, "briefing", 0, 0, 1, 0), job, None)  # type: ignore[arg-type]
    assert isinstance(outcome, Made), outcome
    return [item["subject"] for item in outcome.data["items"]]


def test_what_was_shown_is_made_for_two_hundred_launches(world: World) -> None:
    from elistit.credits import ledger

    ledger.grant(world.user.pk, 20_000, source="test", idempotency_key="more", reason="For the test")
    for n in range(200):
        spec = order(IDEAS[n % len(IDEAS)], count=15 + n % 3, options={"mood": ("calm", "vivid", "cozy")[n % 3]})
        frozen, board = storyboards.quote(world.user, spec)
        assert board is not None
        with_quote = frozen.pk if n % 2 else None
        project = commands.launch(world.user, spec, idempotency_key=f"k{n}", quote_id=with_quote)
        assert briefed(world, project) == [item.subject for item in board.items]


def test_a_quote_writes_nothing_but_itself_and_its_storyboard(world: World) -> None:
    frozen, board = storyboards.quote(world.user, order())
    assert board is not None and len(board.items) == 15
    assert (Quote.objects.count(), Storyboard.objects.count(), Project.objects.count()) == (1, 1, 0)
    assert CreditTransaction.objects.count() == 1, "the grant"
    kept = storyboard.find(frozen.pk)
    assert kept is not None and kept[0] == board


def test_the_main_noun_that_is_not_drawn_needs_a_tick(world: World) -> None:
    spec = order("a knight with a rainbow")
    with pytest.raises(InvalidSpec) as refused:
        commands.launch(world.user, spec, idempotency_key="k")
    assert "knight" in refused.value.errors["confirm_not_drawn"]
    assert not Project.objects.exists() and world.balance() == 100
    ticked = dataclasses.replace(spec, confirm_not_drawn=True)
    project = commands.launch(world.user, ticked, idempotency_key="k")
    assert "rainbow" in briefed(world, project)[0]
    again = commands.launch(world.user, spec, idempotency_key="k")
    assert again.pk == project.pk, "the tick is no part of the order"


def test_the_sellers_own_list_is_made_in_its_order_and_priced_by_its_length(world: World) -> None:
    subjects = ("black cat", "red fox", "red fox", "sunflower") * 4
    spec = orders.check(LaunchSpec("clipart", "my pets", storyboard=subjects, confirm_not_drawn=True))
    assert spec.count == 16
    frozen, board = storyboards.quote(world.user, spec)
    assert board is not None and [i.subject for i in board.items] == list(subjects)
    assert len({i.prompt for i in board.items}) == 16
    assert frozen.total == 18, "sixteen images and the listing"
    project = commands.launch(world.user, spec, idempotency_key="k", quote_id=frozen.pk)
    assert briefed(world, project) == list(subjects)


def test_subjects_nobody_draws_are_named(world: World) -> None:
    spec = orders.check(LaunchSpec("sticker", "pets", storyboard=("cat", "knight", "accordion")))
    with pytest.raises(InvalidSpec) as refused:
        storyboards.quote(world.user, spec)
    assert (
        "“knight”, “accordion”" in refused.value.errors["storyboard"]
        and "cat" not in refused.value.errors["storyboard"]
    )
    with pytest.raises(InvalidSpec) as wrong:
        orders.check(LaunchSpec("sticker", "pets", count=5, storyboard=("cat", " ")))
    assert {"storyboard", "count"} == set(wrong.value.errors)


def test_a_quote_of_another_idea_launches_nothing(world: World) -> None:
    frozen, _ = storyboards.quote(world.user, order("foxes"))
    with pytest.raises(NotPossible):
        commands.launch(world.user, order("owls"), idempotency_key="k", quote_id=frozen.pk)
    assert not Project.objects.exists()


def test_a_project_launched_before_there_were_storyboards_is_still_briefed(world: World) -> None:
    job, _ = launching.launch(world.user, order(), idempotency_key="old")
    assert not Storyboard.objects.exists()
    assert len(set(briefed(world, job.project))) > 10


def test_two_sellers_get_different_sets_of_one_idea(world: World) -> None:
    other = World(world.clock, email="bob@example.com")
    boards = [storyboards.plan(w.user, order("foxes")) for w in (world, other)]
    assert boards[0] != boards[1]


def test_the_seller_own_images_have_no_storyboard(world: World) -> None:
    assert storyboards.plan(world.user, orders.check(LaunchSpec("custom", "my cats", uploads=("1",)))) is None


def test_after_a_remake_an_item_is_called_what_was_drawn(world: World) -> None:
    project = world.to_gate()
    commands.remake(world.user, project.pk, 3, prompt="a knight in the rain", idempotency_key="r1")
    drawn = {"subject": "owl", "params": {"kind": "a barn owl", "pose": "sitting"}, "seed": 1}
    made = world.good(AttemptKey("", "generating", 3, 1, 1, 0), Job.objects.get(project=project))
    made.data["art"] |= {"redraw": drawn, "made_model": ""}
    world.script["generating", 3] = [made]
    world.engine.run()
    item = Job.objects.get(project=project).items.get(number=3)
    assert (item.prompt, item.subject, item.state) == ("a knight in the rain", "barn owl", "made")


def outside() -> str:
    return next(m.code for m in prices.models("clipart") if m.provider != "builtin")


def test_a_model_that_draws_anything_is_asked_in_the_sellers_own_words(world: World) -> None:
    board = storyboards.plan(world.user, order("a knight in a library", model=outside(), options={"mood": "calm"}))
    assert board is not None and not board.needs_confirmation and board.not_drawn == ()
    prompts = [item.prompt for item in board.items]
    assert len(set(prompts)) == 15 and all(p.startswith("a knight in a library, calm") for p in prompts)


def test_a_list_for_a_model_outside_is_the_list_of_prompts(world: World) -> None:
    mine = ("a knight", "a dragon", "a knight") * 5
    spec = orders.check(LaunchSpec("clipart", "fantasy", model=outside(), storyboard=mine))
    board = storyboards.plan(world.user, spec)
    assert board is not None and [i.subject for i in board.items] == list(mine)
    assert len({i.prompt for i in board.items}) == 15 and board.items[0].prompt == "a knight"


def test_an_edited_list_says_what_goes_beyond_the_idea(world: World) -> None:
    spec = orders.check(LaunchSpec("sticker", "foxes", storyboard=("red fox", "black cat")))
    board = storyboards.plan(world.user, spec)
    assert board is not None and [i.beyond_idea for i in board.items] == [False, True]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"storyboard": ("x" * 121,)}, {"storyboard"}),
        ({"storyboard": ("cat",), "count": 2}, {"count"}),
        ({"product": "custom", "storyboard": ("cat",)}, {"storyboard"}),
    ],
)
def test_a_list_that_cannot_be_right_is_refused_by_field(said: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(InvalidSpec) as refused:
        orders.check(dataclasses.replace(LaunchSpec("sticker", "pets"), **said))  # type: ignore[arg-type]
    assert set(refused.value.errors) == fields


def test_two_items_in_flight_that_look_alike_are_seen_when_the_second_settles(world: World) -> None:
    project = world.launch()
    job = Job.objects.get(project=project)
    alike, other = "40" * 2304, "c0" * 2304
    for number, looks in ((1, [alike]), (2, [alike, other])):
        for round_, look in enumerate(looks):
            made = world.good(AttemptKey("", "generating", number, round_, 1, 0), job)
            made.data["art"] |= {"signature": look}
            world.script["generating", number].append(made)
    world.engine.run()
    first, second = (job.items.get(number=n) for n in (1, 2))
    assert {first.free_remake_used, second.free_remake_used} == {True, False}, "one of the two was made once more, free"
    assert first.flags == second.flags == [] and {first.state, second.state} == {"made"}
    assert world.rows() == [("SPEND_CREDIT", -17, None)]


def test_a_set_that_cannot_reach_its_count_is_priced_and_made_smaller(world: World) -> None:
    spec = orders.check(order(count=15))
    board = storyboard.Board(
        "Cats", "cats", tuple(storyboard.Planned(f"cat {n}", f"cat {n}") for n in range(12)), asked=15
    )
    assert orders.made(spec, board).count == 12
    assert sum(line.credits for line in orders.price(spec, board)) < sum(line.credits for line in orders.price(spec))
