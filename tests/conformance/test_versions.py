"""Free remakes, versions and what is served of them: the rules a clever seller would look for gaps in (rules §5.3, §7, §8)."""

from __future__ import annotations

from collections import Counter

import pytest

from elistit.actions import commands, queries
from elistit.ports import Kind, Made
from elistit.projects.models import Item, Project, ProjectFile
from elistit.projects.serving import Serving, may_serve

from .conftest import PRICE, World

FLAG = {"code": "halo", "words": "A light rim is left."}
SPENT = ("SPEND_CREDIT", -PRICE, None)


def item(world: World, project: Project, number: int) -> Item:
    return world.job(project).items.get(number=number)


def flag(world: World, *, when: str = "", number: int = 0) -> None:
    """Our check flags every image of an item, or every one whose prompt has a word in it."""
    good = world.good

    def work(this, job):  # type: ignore[no-untyped-def]
        made = good(this, job)
        if this.stage != "generating":
            return made
        prompt = Item.objects.get(job__project=job.project, number=this.item).prompt
        spoiled = this.item == number or (when and when in prompt)
        return Made({**made.data, "flags": [FLAG] if spoiled else []})

    world.good = work  # type: ignore[method-assign]


def remake(world: World, project: Project, number: int, prompt: str | None = None) -> int:
    """Remake and let it run. What it cost."""
    before = world.balance()
    commands.remake(
        world.user, project.pk, number, prompt=prompt, idempotency_key=f"k{world.clock.now()}{len(world.worked)}"
    )
    world.engine.run()
    return before - world.balance()


def images(project: Project, number: int) -> list[int]:
    """The rounds of an item whose original is served."""
    rows = ProjectFile.objects.filter(project=project, role="image", item=number).order_by("round")
    return [row.round for row in rows if may_serve(row)]


def test_a_flagged_image_is_remade_once_by_itself_and_twice_more_at_the_sellers_wish(world: World) -> None:
    flag(world, number=5)
    project = world.to_gate()
    assert item(world, project, 5).round == 1
    costs = [remake(world, project, 5) for _ in range(6)]
    assert costs == [0, 0, 1, 1, 1, 1]
    # No round of this prompt is remade by itself twice: every later one was paid for.
    assert Counter(t.item for t in world.worked if t.stage == "generating")[5] == 8


def test_an_edited_prompt_is_charged_whatever_was_flagged_before(world: World) -> None:
    flag(world, number=5)
    project = world.to_gate()
    before = world.balance()
    assert [remake(world, project, 5, f"other {n}") for n in range(20)] == [1] * 20
    assert before - world.balance() == 20


@pytest.mark.parametrize("prompt", ["p5", " p5 ", None])
def test_spacing_does_not_make_another_prompt(world: World, prompt: str | None) -> None:
    flag(world, number=5)
    project = world.to_gate()
    assert remake(world, project, 5, prompt) == 0


def test_an_edited_remake_that_fails_leaves_no_free_remake_of_its_prompt(world: World) -> None:
    flag(world, number=5)
    project = world.to_gate()
    world.fails("generating", 5, Kind.BLOCKED_PROMPT, times=1)
    assert remake(world, project, 5, "something else") == 0
    assert item(world, project, 5).prompt == "something else"
    assert queries.price_of_remake(project, 5) == 1
    assert remake(world, project, 5) == 1


def test_dropping_a_flagged_remake_returns_its_price_and_not_the_good_images(world: World) -> None:
    flag(world, when="scene")
    project = world.to_gate()
    assert remake(world, project, 5, "a whole scene") == 1
    commands.drop(world.user, project.pk, 5)
    commands.approve(world.user, project.pk)
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 5), ("REFUND_CREDIT", 1, 5)]
    # The good image stays paid and may be downloaded; both flagged ones may not.
    assert images(project, 5) == [0]


def test_what_is_refunded_is_served_nowhere_and_its_preview_stays(world: World) -> None:
    flag(world, number=5)
    project = world.to_gate()
    commands.drop(world.user, project.pk, 5)
    commands.approve(world.user, project.pk)
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 5)]
    assert images(project, 5) == []
    job = world.job(project)
    preview = ProjectFile.objects.create(
        project=project, job=job, item=5, round=1, role="preview", name="p.webp", path="p5", bytes=1, sha256="0" * 64
    )
    assert may_serve(preview)
    assert [f.role for f in queries.current_files(project) if f.item == 5] == ["preview"]


def test_a_flagged_image_is_not_served_at_full_size_while_its_price_can_still_come_back(world: World) -> None:
    flag(world, number=5)
    project = world.to_gate()
    assert images(project, 5) == []
    assert images(project, 6) == [0]
    commands.approve(world.user, project.pk)
    assert images(project, 5) == [1]


def test_of_an_order_with_a_free_remake_only_the_version_that_is_kept_is_served(world: World) -> None:
    flags = [1]
    good = world.good

    def first_flagged(this, job):  # type: ignore[no-untyped-def]
        made = good(this, job)
        if this.stage == "generating" and this.item == 5 and flags:
            flags.pop()
            return Made({**made.data, "flags": [FLAG]})
        return made

    world.good = first_flagged  # type: ignore[method-assign]
    project = world.to_gate()
    assert images(project, 5) == []
    commands.choose(world.user, project.pk, 5, 0)
    assert item(world, project, 5).flags == [FLAG]
    assert images(project, 5) == []
    # The order has a version without a flag: no free remake, and nothing comes back for a drop.
    assert queries.price_of_remake(project, 5) == 1
    commands.drop(world.user, project.pk, 5)
    commands.choose(world.user, project.pk, 5, 0)
    assert item(world, project, 5).state == "made"
    commands.approve(world.user, project.pk)
    assert world.rows() == [SPENT]
    assert images(project, 5) == [0]


def test_every_paid_version_may_be_kept_and_the_chosen_one_is_made_print_ready(world: World) -> None:
    project = world.to_gate()
    assert remake(world, project, 5, "a fox with a hat") == 1
    made = {v["round"]: v for v in queries.versions(project)[5]}
    assert [(v["chosen"], v["prompt"], v["charged"]) for v in made.values()] == [
        (False, "p5", 1), (True, "a fox with a hat", 1),
    ]  # fmt: skip
    commands.choose(world.user, project.pk, 5, 0)
    kept = item(world, project, 5)
    assert (kept.prompt, kept.art["made_round"], kept.round, kept.price) == ("p5", 0, 1, 2)
    assert remake(world, project, 5) == 1
    assert item(world, project, 5).art["made_round"] == 2
    commands.choose(world.user, project.pk, 5, 1)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert images(project, 5) == [0, 1, 2]
    assert item(world, project, 5).art["made_round"] == 1


def test_a_flagged_remake_that_is_not_kept_returns_its_price(world: World) -> None:
    flag(world, when="scene")
    project = world.to_gate()
    remake(world, project, 5, "a whole scene")
    commands.choose(world.user, project.pk, 5, 0)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 5), ("REFUND_CREDIT", 1, 5)]
    assert images(project, 5) == [0]


def test_only_a_version_there_is_can_be_chosen_and_only_until_the_approval(world: World) -> None:
    project = world.to_gate()
    world.fails("generating", 5, Kind.BLOCKED_PROMPT, times=1)
    remake(world, project, 5, "something else")
    for number in (1, 7):
        with pytest.raises(commands.NotPossible):
            commands.choose(world.user, project.pk, 5, number)
    commands.choose(world.user, project.pk, 5, 0)
    commands.approve(world.user, project.pk)
    with pytest.raises(commands.NotPossible):
        commands.choose(world.user, project.pk, 5, 0)


def test_nothing_of_a_job_that_failed_is_served_but_previews(world: World) -> None:
    project = world.to_gate()
    world.fails("processing", 0, Kind.REJECTED)
    commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert (project.stage, world.rows()) == ("failed", [SPENT, ("REFUND_CREDIT", PRICE, None)])
    assert project.files.exclude(role="preview").count() >= 30
    serving = Serving(project)
    assert not any(serving.may(f) for f in project.files.exclude(role="preview"))
    assert queries.current_files(project) == []


def test_an_item_lost_in_processing_is_not_served(world: World) -> None:
    project = world.to_gate()
    world.fails("processing", 5, Kind.REJECTED)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert images(project, 5) == []
    assert images(project, 6) == [0]


def test_an_item_from_before_rounds_were_recorded_keeps_its_version(world: World) -> None:
    project = world.to_gate()
    made = item(world, project, 5)
    made.rounds.all().delete()
    assert images(project, 5) == [0]
    assert remake(world, project, 5, "a fox with a hat") == 1
    assert [v["round"] for v in queries.versions(project)[5]] == [0, 1]
    commands.choose(world.user, project.pk, 5, 0)
    assert item(world, project, 5).prompt == "p5"
