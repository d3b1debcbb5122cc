"""Every row of the failure tables, from a provider's answer on the wire to the seller's page and the books.

Each row is one project: the real adapter asks a server on loopback that always answers the same, the chain tries as the rules
allow, and what the seller reads and what the ledger holds are compared with the table, letter by letter and row by row.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from elistit.actions import commands, queries
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.credits import audit
from elistit.credits.models import CreditTransaction
from elistit.ports import Kind
from elistit.projects.models import Project
from elistit.providers import http, registry
from elistit.providers.base import ImageProvider
from elistit.providers.health import Guarded
from elistit.providers.replicate.client import Replicate, Waiting
from elistit.stages import generating
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock, world
from tests.products.conftest import here
from tests.providers_outside import test_outcome_tables as tables
from tests.providers_outside.asking import KEY, QUICK, openai_at, recraft_at
from tests.providers_outside.fakes import FakeImages, FakeReplicate
from tests.providers_outside.loopback import Reply

__all__ = ["clock", "world"]

T, W, WORDS_NO, PIC_NO, R, D, U = (Kind.TRANSIENT, Kind.THROTTLED, Kind.BLOCKED_PROMPT, Kind.BLOCKED_OUTPUT, Kind.REJECTED,
                                   Kind.OPERATOR, Kind.UNKNOWN)  # fmt: skip
WAITING = Waiting(first=0.005, most=0.01, run=0.05, look_up=0.03, end_there=60, call=QUICK, picture=QUICK)
CAUSES = {
    T: "{} had a problem.",
    W: "{} was too busy.",
    U: "{} never answered our request.",
    WORDS_NO: "the prompt was rejected by the content filter of {}.",
    PIC_NO: "the image was rejected by the content filter of {}.",
    R: "a bug on our side.",
    D: "this studio’s account with {} needs attention.",
}
SLOW, BUSY, FAULT = "{} asked us to slow down.", "{} is very busy right now.", "{} reported an error."
WORDS, PICTURE = (
    "{}’s content filter rejected the prompt.",
    "{}’s content filter rejected the image it had made.",
)
NO_PICTURE = "{} answered without an image."
NO_TELLING = "{} cannot tell us what happened to the image, and we don't buy it twice."
UNUSABLE, NOT_ACCEPTED = "The image from {} could not be used.", "{} rejected the request."
KEY_REFUSED, MAY_NOT = "{} does not accept this studio’s key.", "{} doesn't let this studio use the model."
LIMIT, NO_CREDITS = (
    "This studio’s account with {} has reached its limit.",
    "This studio’s account with {} has no credits left.",
)
RETIRED = "The model is no longer available at {}."
FILTER = "{}’s content filter refused the prompt."

# (what the provider answers to everything: a row of tests/providers_outside/test_outcome_tables.py, kind, how often a picture
#  was asked for in all, what the seller reads). A pause asked for uses up no try, five times for each of the four.
OPENAI: list[tuple[str, Kind, int, str]] = [
    ("too fast", W, 24, SLOW),
    ("slow down", W, 24, SLOW),
    ("slow down as 503", W, 24, BUSY),
    ("500", T, 4, FAULT),
    ("502 web page", T, 4, FAULT),
    ("overloaded", T, 4, FAULT),
    ("504: it may have been made", U, 1, NO_TELLING),
    ("408", U, 1, NO_TELLING),
    ("other 400", R, 1, NOT_ACCEPTED),
    ("413", R, 1, NOT_ACCEPTED),
    ("422", R, 1, NOT_ACCEPTED),
    ("moderation", WORDS_NO, 1, WORDS),
    ("moderation of the picture", PIC_NO, 2, PICTURE),
    ("moderation of the words", WORDS_NO, 1, WORDS),
    ("old code", WORDS_NO, 1, WORDS),
    ("by message", WORDS_NO, 1, WORDS),
    ("key", D, 1, KEY_REFUSED),
    ("region", D, 1, MAY_NOT),
    ("not verified", D, 1, MAY_NOT),
    ("model gone", D, 1, RETIRED),
    ("model gone as 400", D, 1, RETIRED),
    ("no money", D, 1, LIMIT),
    ("org limit", D, 1, LIMIT),
    ("project limit", D, 1, LIMIT),
    ("usage limit", D, 1, LIMIT),
    ("hard limit", D, 1, LIMIT),
    ("200 with a web page", U, 1, NO_TELLING),
    ("200 with other JSON", U, 1, NO_TELLING),
    ("redirect", U, 1, NO_TELLING),
    ("no image", T, 4, NO_PICTURE),
    ("empty image", T, 4, NO_PICTURE),
    ("broken base64", T, 4, UNUSABLE),
    ("not a picture", T, 4, UNUSABLE),
]
RECRAFT: list[tuple[str, Kind, int, str]] = [
    ("429", W, 24, SLOW),
    ("500", T, 4, FAULT),
    ("502 web page", T, 4, FAULT),
    ("504", U, 1, NO_TELLING),
    ("bad size", R, 1, NOT_ACCEPTED),
    ("422", R, 1, NOT_ACCEPTED),
    ("nsfw in text", WORDS_NO, 1, WORDS),
    ("moderation in JSON", WORDS_NO, 1, WORDS),
    ("policy as 403", WORDS_NO, 1, WORDS),
    ("401 text", D, 1, KEY_REFUSED),
    ("402", D, 1, NO_CREDITS),
    ("403", D, 1, MAY_NOT),
    ("404 text", D, 1, "{} is not where this studio looks for it."),
    ("no credits as 400", D, 1, NO_CREDITS),
    ("200 with a web page", U, 1, NO_TELLING),
    ("no image", T, 4, NO_PICTURE),
    ("nsfw score", PIC_NO, 2, PICTURE),
    ("not a picture", T, 4, UNUSABLE),
]
REPLICATE: list[tuple[str, Kind, int, str]] = [
    ("throttled", W, 24, SLOW),
    ("throttled, said in words", W, 24, SLOW),
    ("500", T, 4, FAULT),
    ("502 web page", T, 4, FAULT),
    ("503", T, 4, FAULT),
    ("422 input", R, 1, NOT_ACCEPTED),
    ("404 model", R, 1, "{} does not know this model."),
    ("400", R, 1, NOT_ACCEPTED),
    ("flagged at once", WORDS_NO, 1, FILTER),
    ("401", D, 1, KEY_REFUSED),
    ("402", D, 1, "This studio’s account with {} has no credit left."),
    ("403", D, 1, MAY_NOT),
]
REPLICATE_ENDINGS: list[tuple[str, Kind, int, str]] = [
    ("E6716", T, 4, "The model at {} did not start in time."),
    ("E1000", T, 4, FAULT),
    ("interrupted", T, 4, "{} interrupted the work."),
    ("aborted", T, 4, "{} ended the work before it began."),
    ("E1001", R, 1, "This image was too much for the model at {}."),
    ("exception", R, 1, "The model at {} could not make this image."),
    ("canceled", R, 1, "The work was stopped at {} before it was done."),
    ("E005", WORDS_NO, 1, FILTER),
    ("flagged", WORDS_NO, 1, FILTER),
    ("nsfw", PIC_NO, 2, "{}’s content filter refused the image it had made."),
    ("no output", T, 4, "{} finished without an image."),
    ("null output", T, 4, "{} finished without an image."),
    ("deleted", T, 4, "{} no longer has the image."),
    ("never ends", U, 1, "{} is still working on the image; we ask again before anything new is sent."),
    ("a status of tomorrow", U, 1, "{} is still working on the image; we ask again before anything new is sent."),
    ("elsewhere", D, 1, "{}'s image is at an address this studio doesn't trust."),
    ("metadata server", D, 1, "{}'s image is at an address this studio doesn't trust."),
]
REPLICATE_FILES: list[tuple[str, Kind, int, str]] = [
    ("gone", T, 4, "{} no longer has the image."),
    ("fault", U, 1, "The finished image couldn't be downloaded from {} yet."),
    ("a web page", U, 1, "The finished image couldn't be downloaded from {} yet."),
    ("a web page called a picture", U, 1, "The finished image couldn't be downloaded from {} yet."),
    ("text", T, 4, UNUSABLE),
    ("no picture", T, 4, UNUSABLE),
    ("half a picture", T, 4, UNUSABLE),
    ("too small", T, 4, UNUSABLE),
    ("a drawing instead", T, 4, UNUSABLE),
    ("redirected away", D, 1, "{}'s image is at an address this studio doesn't trust."),
    ("redirected for ever", T, 4, UNUSABLE),
]
PRICES = {"openai/gpt-image": 2, "recraft/v4-1": 2, "replicate/flux-schnell": 1}


@dataclass
class Answering:
    """A provider on a server that gives one answer to everything."""

    provider: ImageProvider
    asked: Callable[[], int]


@contextmanager
def images(at: Callable[[str], Any], answer: Reply) -> Iterator[Answering]:
    with FakeImages() as server:
        server.answer = answer
        yield Answering(at(server.url), lambda: sum(a.method == "POST" for a in server.asked))


@contextmanager
def replicate(
    answer: Reply | None = None, ending: dict[str, Any] | None = None, file: Reply | None = None
) -> Iterator[Answering]:
    with FakeReplicate() as server:
        server.answer, server.ending = answer, ending or {}
        server.fate = ["starting", "processing"] if ending else ["succeeded"]
        server.file = file or server.file
        provider = Replicate(http.Service("replicate", server.url, KEY, ("replicate.delivery",)), WAITING)
        yield Answering(provider, lambda: sum(a.method == "POST" for a in server.asked))


@dataclass
class Told:
    """What one project came to: everything the table speaks of."""

    kind: str
    asked: int
    what: str
    side: str
    money: str
    rows: list[tuple[str, int, int | None]]


def told(world: World, answering: Answering, model: str, name: str, monkeypatch: pytest.MonkeyPatch) -> Told:
    guarded = Guarded(answering.provider, getattr(answering.provider, "title", ""))
    monkeypatch.setattr(registry, "outside", lambda: {guarded.name: guarded})
    before = CreditTransaction.objects.count()
    spec = commands.LaunchSpec(product="wall_art", idea="a red fox", model=model)
    project = commands.launch(world.user, spec, idempotency_key=f"{model}:{name}")
    world.engine.run()
    project.refresh_from_db()
    paused = list(ProviderPause.objects.values_list("provider", flat=True))
    ProviderPause.objects.all().delete()
    words = queries.failure_words(project)
    assert words is not None, (name, project.stage)
    job = world.job(project)
    assert job.status == "FAILED" and paused == ([model.split("/")[0]] if job.failure_kind == Kind.OPERATOR else []), (
        name
    )
    assert world.balance() == 100, name
    reads_well(world, project, words["what"].removeprefix("None of the images could be made. "), name)
    rows = [(t.type, t.amount, t.item) for t in CreditTransaction.objects.order_by("seq")[before:]]
    return Told(job.failure_kind, answering.asked(), words["what"], words["side"], words["money"], rows)


RAW = re.compile(
    r"HTTP|\bpred\d|img-1|\breq_|[a-z]+_[a-z_]+(blocked|error|violation|exceeded|exhausted)|\bE\d{3,4}\b|NSFW|nsfw|Traceback"
)


def reads_well(world: World, project: Project, sentence: str, name: str) -> None:
    """The failure page and the activity have the sentence, and nothing of what the provider said in its own language."""
    browser = Client()
    browser.force_login(world.user)
    page = html.unescape(browser.get(f"/projects/{project.pk}/").content.decode())
    log = "\n".join(entry["text"] for entry in queries.activity(project))
    for shown in (re.sub(r"<[^>]*>|https?:\S+", " ", page), log):
        assert sentence in shown, (name, shown)
        assert RAW.search(shown) is None and KEY not in shown, (name, RAW.search(shown))


def should(title: str, model: str, row: tuple[str, Kind, int, str]) -> Told:
    _, kind, asked, sentence = row
    price = PRICES[model]
    whole = price + 1 + 2  # the image, its print size, the listing
    return Told(
        kind.value, asked, f"None of the images could be made. {sentence.format(title)}",
        f"Cause: {CAUSES[kind].format(title)}",
        f"You were not charged: all {whole} credits are back in your balance.",
        [("SPEND_CREDIT", -whole, None), ("REFUND_CREDIT", whole - 2, 1), ("REFUND_CREDIT", 2, None)],
    )  # fmt: skip


@pytest.fixture
def real(world: World) -> World:
    """The chain with the real generating stage, everything else as the world plays it."""
    good, kit = world.good, StageContext(here)

    def work(this: Any, job: Any) -> Any:
        return generating.run(this, job, kit) if this.stage == "generating" else good(this, job)

    world.good = work  # type: ignore[method-assign]
    return world


CASES = {
    "openai": ("OpenAI", "openai/gpt-image", OPENAI, tables.OPENAI, lambda reply: images(openai_at, reply)),
    "recraft": ("Recraft", "recraft/v4-1", RECRAFT, tables.RECRAFT, lambda reply: images(recraft_at, reply)),
    "replicate": ("Replicate", "replicate/flux-schnell", REPLICATE, tables.REPLICATE, replicate),
    "replicate, how predictions end": (
        "Replicate", "replicate/flux-schnell", REPLICATE_ENDINGS, tables.ENDINGS, lambda ending: replicate(ending=ending),
    ),
    "replicate, how downloads end": (
        "Replicate", "replicate/flux-schnell", REPLICATE_FILES, tables.FILES, lambda file: replicate(file=file),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_row_of_a_providers_table_reaches_the_sellers_page_and_the_books(
    real: World, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    title, model, rows, known, serve = CASES[case]
    answers: dict[str, Any] = {row[0]: row[1] for row in known}
    assert [row[0] for row in rows] == list(answers), "every row of the table is here"
    found, wanted = {}, {}
    for row in rows:
        with serve(answers[row[0]]) as answering:
            found[row[0]] = told(real, answering, model, row[0], monkeypatch)
        wanted[row[0]] = should(title, model, row)
    assert found == wanted
    assert audit.run()["ok"]
    assert not ProviderCall.objects.filter(state="sent").exists(), "every call is answered for"
