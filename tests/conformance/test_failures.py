"""A failure at every stage, of every kind, ends as the rules say, with exactly these ledger rows (rules §5)."""

from __future__ import annotations

import itertools

import pytest

from elistit.actions import commands
from elistit.chain import outcomes
from elistit.chain.models import ProviderPause
from elistit.credits import audit
from elistit.ports import Kind
from elistit.projects.models import Upload

from .conftest import COUNT, PRICE, World

NEVER_AGAIN = {Kind.BLOCKED_PROMPT: 1, Kind.REJECTED: 1, Kind.OPERATOR: 1, Kind.BLOCKED_OUTPUT: 2}
TRIES = {kind: NEVER_AGAIN.get(kind, 4) for kind in Kind}
SPENT = ("SPEND_CREDIT", -PRICE, None)


def books_are_right() -> None:
    result = audit.run()
    assert result["ok"], [c for c in result["checks"] if not c["ok"]]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("stage", ["briefing", "processing", "delivering"])
def test_a_failed_stage_fails_the_job_and_returns_everything(world: World, stage: str, kind: Kind) -> None:
    world.fails(stage, 0, kind)
    project = world.to_end()
    job = world.job(project)
    assert (project.stage, job.status) == ("failed", "FAILED")
    assert (job.failure_stage, job.failure_kind) == (stage, kind.value)
    assert world.rows() == [SPENT, ("REFUND_CREDIT", PRICE, None)]
    assert world.balance() == 100
    assert len([t for t in world.tries(project, stage) if t.counted]) == TRIES[kind]
    books_are_right()


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("stage", ["generating", "processing"])
def test_a_lost_item_is_refunded_and_does_not_sink_its_siblings(world: World, stage: str, kind: Kind) -> None:
    world.fails(stage, 3, kind)
    project = world.to_end()
    lost = world.job(project).items.get(number=3)
    assert project.stage == "completed"
    assert lost.state == ("blocked" if kind in (Kind.BLOCKED_PROMPT, Kind.BLOCKED_OUTPUT) else "failed")
    assert lost.reason == f"It was {kind.value}."
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 3)]
    assert world.balance() == 100 - PRICE + 1
    assert len([t for t in world.tries(project, stage, 3) if t.counted]) == TRIES[kind]
    books_are_right()


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("stage", ["generating", "processing"])
def test_when_no_item_can_be_made_the_job_fails_and_all_comes_back(world: World, stage: str, kind: Kind) -> None:
    for number in range(1, COUNT + 1):
        world.fails(stage, number, kind)
    project = world.to_end()
    assert (project.stage, world.job(project).status) == ("failed", "FAILED")
    refunds = [r for r in world.rows() if r[0] == "REFUND_CREDIT"]
    assert sorted(r[2] for r in refunds if r[2]) == list(range(1, COUNT + 1))
    assert refunds[-1] == ("REFUND_CREDIT", 2, None)
    assert world.balance() == 100
    books_are_right()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_failed_listing_keeps_the_files_and_returns_only_its_line(world: World, kind: Kind) -> None:
    world.fails("listing", 0, kind)
    project = world.to_end()
    assert (project.stage, world.job(project).status, project.listing.text) == ("completed", "SUCCEEDED", "failed")
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 2, None)]
    assert project.files.filter(role="zip").count() == 1
    books_are_right()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_failed_draft_costs_nothing_and_loses_nothing(world: World, kind: Kind) -> None:
    world.fails("drafting", 0, kind)
    project = world.to_end()
    assert (project.stage, world.job(project).status, project.listing.draft) == ("completed", "SUCCEEDED", "failed")
    assert project.listing.draft_reason == f"It was {kind.value}."
    assert world.rows() == [SPENT]
    books_are_right()


def test_retry_and_skip_of_a_failed_draft_are_free(world: World) -> None:
    world.fails("drafting", 0, Kind.REJECTED, times=2)
    project = world.to_end()
    commands.retry_draft(world.user, project.pk)
    world.engine.run()
    project.listing.refresh_from_db()
    assert project.listing.draft == "failed"
    commands.skip_draft(world.user, project.pk)
    project.listing.refresh_from_db()
    assert project.listing.draft == "skipped"
    commands.retry_draft(world.user, project.pk)
    world.engine.run()
    project.listing.refresh_from_db()
    assert (project.listing.draft, project.listing.draft_id) == ("created", "1")
    assert world.rows() == [SPENT]
    with pytest.raises(commands.NotPossible):
        commands.retry_draft(world.user, project.pk)


def test_writing_the_listing_again_is_charged_once_and_refunded_when_it_fails_again(world: World) -> None:
    world.fails("listing", 0, Kind.REJECTED, times=2)
    project = world.to_end()
    for _ in range(2):
        commands.write_listing_again(world.user, project.pk, idempotency_key="again")
    world.engine.run()
    project.refresh_from_db()
    assert (project.stage, project.listing.text) == ("completed", "failed")
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 2, None), ("SPEND_CREDIT", -2, None), ("REFUND_CREDIT", 2, None)]
    commands.write_listing_again(world.user, project.pk, idempotency_key="third")
    world.engine.run()
    project = type(project).objects.get(pk=project.pk)
    assert (project.stage, project.listing.text, project.listing.draft) == ("completed", "written", "created")
    assert world.rows()[-1] == ("SPEND_CREDIT", -2, None)
    books_are_right()


def test_a_listing_written_again_that_fails_for_whatever_reason_is_refunded(world: World) -> None:
    world.fails("listing", 0, Kind.REJECTED, times=1)
    project = world.to_end()
    for n, kind in enumerate(Kind):
        world.script.clear()
        world.fails("listing", 0, kind)
        commands.write_listing_again(world.user, project.pk, idempotency_key=f"again{n}")
        world.engine.run()
        project.refresh_from_db()
        assert (project.stage, project.listing.text) == ("completed", "failed")
        assert world.rows()[-2:] == [("SPEND_CREDIT", -2, None), ("REFUND_CREDIT", 2, None)]
    books_are_right()


def test_the_tries_come_after_10_30_and_60_seconds(world: World) -> None:
    world.fails("briefing", 0, Kind.TRANSIENT)
    project = world.to_gate()
    tries = world.tries(project, "briefing")
    gaps = [(after.started_at - before.ended_at).total_seconds() for before, after in itertools.pairwise(tries)]
    assert gaps == [10, 30, 60]


def test_a_job_that_works_on_its_fourth_try_costs_its_price_and_no_more(world: World) -> None:
    world.fails("briefing", 0, Kind.TRANSIENT, times=3)
    project = world.to_end()
    assert project.stage == "completed"
    assert world.rows() == [SPENT]


def test_five_short_pauses_use_up_no_try_and_the_sixth_does(world: World) -> None:
    world.fails("generating", 1, Kind.THROTTLED, times=6, retry_after=20.0)
    project = world.to_gate()
    tries = world.tries(project, "generating", 1)
    assert [(t.number, t.counted) for t in tries] == [(1, False)] * 5 + [(1, True), (2, True)]
    assert project.stage == "awaiting_approval"


def test_a_long_pause_is_honored_and_uses_up_a_try(world: World) -> None:
    world.fails("generating", 1, Kind.THROTTLED, times=1, retry_after=300.0)
    project = world.to_gate()
    first, second = world.tries(project, "generating", 1)
    assert (second.started_at - first.ended_at).total_seconds() == 300
    assert (first.counted, second.number) == (True, 2)


def test_an_operator_failure_pauses_the_provider_for_everyone(world: World) -> None:
    world.fails("generating", 2, Kind.OPERATOR)
    world.to_gate()
    assert ProviderPause.objects.get().provider == "builtin"
    with pytest.raises(commands.NotPossible, match="isn't available right now"):
        world.launch("k2")
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 2)]
    assert world.launch("k1").pk == world.job(world.launch("k1")).project_id, "a known key is answered all the same"


def test_while_one_provider_is_down_what_does_not_need_it_is_made_as_ever(world: World) -> None:
    ProviderPause.objects.create(provider="builtin", reason="The studio's account needs attention.")
    with pytest.raises(commands.NotPossible) as refused:
        world.launch()
    assert str(refused.value) == (
        "This model isn't available right now: The studio's account needs attention. Choose another model or try again later."
    )
    assert world.rows() == []
    own = Upload.objects.create(
        owner=world.user, name="a.png", kind="png", path="a", preview="p", width=1, height=1, bytes=1, alpha=False
    )
    spec = commands.LaunchSpec("custom", "my cats", uploads=(own.pk,))
    project = commands.launch(world.user, spec, idempotency_key="own")
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed"
    assert world.rows() == [("SPEND_CREDIT", -3, None)]
    books_are_right()


def test_a_stage_that_raises_is_a_transient_failure_on_our_side(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def broken(this: object, job: object) -> None:
        calls.append(this)
        raise KeyError("a bug")

    world.engine.runner = broken  # type: ignore[assignment]
    project = world.to_gate()
    assert len(calls) == 4
    assert project.stage == "failed"
    assert "a bug" not in world.job(project).failure_reason
    assert "KeyError" in world.tries(project, "briefing")[0].detail
    assert world.balance() == 100


def test_a_free_project_still_closes_its_book(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from elistit.credits import prices

    lines = prices.quote_lines
    monkeypatch.setattr(
        prices,
        "quote_lines",
        lambda *a, **k: [type(li)(**{**vars(li), "unit_price": 0, "credits": 0}) for li in lines(*a, **k)],
    )
    world.fails("briefing", 0, Kind.REJECTED)
    project = world.to_gate()
    assert project.stage == "failed"
    assert world.rows() == [("SPEND_CREDIT", 0, None), ("REFUND_CREDIT", 0, None)]


def test_every_outcome_kind_has_a_meaning_in_plain_words() -> None:
    for kind in [*Kind, outcomes.CRASHED]:
        meaning = outcomes.meaning(kind)
        assert meaning.what
        assert meaning.cause() and meaning.cause("OpenAI")
        assert meaning.again
