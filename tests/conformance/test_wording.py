"""Words from a language model, through the whole chain: used when good, tried again when not, never covered up."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.credits import audit
from elistit.listings import rules
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Project
from elistit.providers.chat import client
from elistit.providers.chat.client import Question
from elistit.stages import briefing, copywriting, listing
from elistit.stages.context import StageContext

from .conftest import COUNT, World

GOOD_LISTING = {
    "title": "Woodland Animal Clipart, 15 Watercolor Friends for Cards",
    "tags": [f"woodland tag {c}" for c in "abcdefghijklm"],
    "opening": "A gentle set of forest friends. Lovely for cards and nurseries.",
}


def good_brief(count: int = COUNT) -> dict[str, Any]:
    items = [{"subject": f"fox {n}", "prompt": f"A fox, number {n}, in watercolor"} for n in range(count)]
    return {"title": "Woodland friends", "theme": "woodland", "items": items}


class Scripted:
    """A language model that says what it is told to, and keeps what it was asked."""

    name, model = "chat", "small-model"

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.answers: list[dict[str, Any] | Failure] = []

    def ask(self, question: Question) -> Outcome:
        self.asked.append(question)
        answer: Any = GOOD_LISTING if "opening" in question.schema["required"] else good_brief()
        if self.answers:
            answer = self.answers.pop(0)
        return answer if isinstance(answer, Failure) else Made({"said": answer, "tokens": 1}, provider_id="c1")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, world: World) -> Scripted:
    """The chain with the real briefing and listing, everything else as the world plays it."""
    scripted = Scripted()
    monkeypatch.setattr(client, "configured", lambda: scripted)
    monkeypatch.setattr(copywriting, "brief_writer", lambda model: scripted)
    good = world.good
    kit = StageContext(lambda *a, **k: None)

    def work(this: Any, job: Any) -> Any:
        stages = {"briefing": briefing.run, "listing": listing.run}
        return stages[this.stage](this, job, kit) if this.stage in stages else good(this, job)

    world.good = work  # type: ignore[method-assign]
    return scripted


def test_prompts_and_listing_are_the_models_and_the_facts_are_ours(world: World, model: Scripted) -> None:
    project = world.to_end()
    assert project.stage == "completed" and project.brief["title"] == "Woodland friends"
    assert "small-model" in project.brief["note"]
    items = list(project.jobs.get().items.order_by("number"))
    assert items[3].prompt == "A fox, number 3, in watercolor" and items[3].subject == "fox 3"
    text = project.listing
    assert text.title == GOOD_LISTING["title"] and text.tags == GOOD_LISTING["tags"]
    assert text.description.startswith(GOOD_LISTING["opening"] + "\n\nWHAT YOU GET")
    assert "HOW IT WAS MADE" in text.description
    assert not rules.check(text.title, text.tags, text.description, text.price_cents)
    assert [c.outcome for c in ProviderCall.objects.filter(provider="chat")] == ["made", "made"]
    assert model.asked[0].facts["count"] == COUNT and model.asked[1].facts["shown"][:1] == ["fox 0"]
    assert audit.run()["ok"]


BAD_LISTINGS = [
    {**GOOD_LISTING, "tags": GOOD_LISTING["tags"][:12]},
    {**GOOD_LISTING, "tags": ["same"] * 13},
    {**GOOD_LISTING, "tags": "woodland"},
    {**GOOD_LISTING, "tags": [f"a tag that is far too long {c}" for c in "abcdefghijklm"]},
    {**GOOD_LISTING, "title": "x" * 199},
    {**GOOD_LISTING, "title": "40 Woodland Animals"},
    {**GOOD_LISTING, "title": ""},
    {**GOOD_LISTING, "opening": "You get 400 files."},
    {**GOOD_LISTING, "opening": None},
]


@pytest.mark.parametrize("bad", BAD_LISTINGS, ids=range(len(BAD_LISTINGS)))
def test_a_listing_that_may_not_be_used_is_tried_again(world: World, model: Scripted, bad: Any) -> None:
    model.answers = [good_brief(), bad]
    project = world.to_end()
    assert project.listing.title == GOOD_LISTING["title"]
    first, second = world.tries(project, "listing")
    assert (first.outcome, second.outcome) == ("transient", "made") and "small-model" in first.detail


@pytest.mark.parametrize(
    "bad",
    [
        good_brief(COUNT - 1), good_brief(COUNT + 1), {**good_brief(), "items": "none"},
        {**good_brief(), "items": [{"subject": "fox", "prompt": "the same"}] * COUNT},
        {**good_brief(), "items": [*good_brief()["items"][:-1], {"subject": "", "prompt": "x"}]},
    ],
    ids=["too few", "too many", "no list", "alike", "nameless"],
)  # fmt: skip
def test_a_brief_that_may_not_be_used_is_tried_again(world: World, model: Scripted, bad: Any) -> None:
    model.answers = [bad]
    project = world.to_gate()
    assert project.stage == "awaiting_approval"
    assert [t.outcome for t in world.tries(project, "briefing")] == ["transient", "made"]


def test_a_model_that_stays_away_fails_the_job_and_nothing_is_written_by_rule(
    world: World,
    model: Scripted,
) -> None:
    model.answers = [Failure(Kind.TRANSIENT, "The language model did not answer.")] * 9
    project = world.to_gate()
    assert project.stage == "failed" and project.brief == {} and len(model.asked) == 4
    assert world.balance() == 100 and [r[0] for r in world.rows()] == ["SPEND_CREDIT", "REFUND_CREDIT"]
    assert not ProviderPause.objects.exists() and audit.run()["ok"]


def test_a_listing_that_cannot_be_had_gives_its_price_back_and_the_project_finishes(
    world: World,
    model: Scripted,
) -> None:
    model.answers = [good_brief(), *[Failure(Kind.TRANSIENT, "The language model did not answer.")] * 9]
    project = world.to_end()
    assert project.stage == "completed" and project.listing.text == "failed" and world.balance() == 100 - 15


def test_an_account_without_money_pauses_the_writer_and_refuses_new_launches(
    world: World,
    model: Scripted,
) -> None:
    model.answers = [Failure(Kind.OPERATOR, "The account is empty.")]
    project = world.to_gate()
    assert project.stage == "failed" and world.balance() == 100
    assert ProviderPause.objects.get().provider == "chat"
    with pytest.raises(Exception, match="The account is empty"):
        world.launch("k2")
    assert world.balance() == 100 and Project.objects.count() == 1


def test_a_text_that_was_paid_for_is_used_after_a_crash(world: World, model: Scripted) -> None:
    project = world.launch()
    job = world.job(project)
    this = AttemptKey(job.pk, "briefing", 0, 0, 1, 0)
    first = copywriting.brief(model, this, job)
    again = copywriting.brief(model, this, job)
    assert first == again and len(model.asked) == 1


def test_a_call_whose_worker_died_is_asked_for_anew(world: World, model: Scripted) -> None:
    project = world.launch()
    job = world.job(project)
    ProviderCall.objects.create(key=f"{job.pk}:briefing:1.0", job=job, provider="chat", model="m", requests=1)
    this = AttemptKey(job.pk, "briefing", 0, 0, 1, 0)
    assert isinstance(copywriting.brief(model, this, job), Made)  # type: ignore[arg-type]
    call = ProviderCall.objects.get()
    assert (call.state, call.outcome, call.requests) == ("answered", "made", 2)


def test_the_pages_say_who_writes(client: Any, model: Scripted) -> None:
    assert "by the language model small-model" in client.get("/help/tools/").content.decode()


def test_without_a_model_the_pages_say_that_words_are_written_by_rule(client: Any, db: None) -> None:
    assert copywriting.WORDS_BY_RULE in client.get("/help/tools/").content.decode()


def test_the_built_in_artist_keeps_its_own_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_LLM_MODEL", "m")
    assert copywriting.brief_writer("builtin/watercolor") is None
    assert copywriting.brief_writer("replicate/flux-schnell") is not None
