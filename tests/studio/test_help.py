"""Help says what the program does: with the numbers it runs on, for every failure kind, found without JavaScript."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

import pytest
from django.test import Client

import elistit.studio
from elistit import ports
from elistit.accounts.models import User
from elistit.chain import outcomes, refunds, retry
from elistit.listings import rules
from elistit.maintenance import delete_files, retry_drafts, stuck_jobs
from elistit.ports import Failure, Kind
from elistit.projects import batch_models, products, rounds
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import Stage
from elistit.studio import help_facts
from elistit.studio.help_articles import ARTICLES, search

from .conftest import booked, bring_to, job_of

pytestmark = pytest.mark.django_db

TEMPLATES = Path(elistit.studio.__file__).parent / "templates" / "studio" / "help"
NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|hundred|twice)\b",
    re.IGNORECASE,
)


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_every_article_is_in_the_index_and_every_template_is_an_article(client: Client) -> None:
    index = client.get("/help/").content.decode()
    assert {f.stem for f in TEMPLATES.glob("*.html")} == set(ARTICLES)
    for article in ARTICLES.values():
        assert f'href="/help/{article.slug}/"' in index
        assert article.title in said(client, f"/help/{article.slug}/")
    assert client.get("/help/nothing/").status_code == 404


@pytest.mark.parametrize("slug", list(ARTICLES))
def test_no_number_is_typed_into_an_article(slug: str) -> None:
    source = (TEMPLATES / f"{slug}.html").read_text(encoding="utf-8")
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", " ", source, flags=re.DOTALL)
    assert re.findall(r"\S*\d\S*", words) + NUMBER_WORDS.findall(words) == []


@pytest.mark.parametrize(
    ("module", "name", "value", "slug", "expected"),
    [
        (retry, "LADDER", (11, 31, 61), "failed", "after 11, 31 and 61 seconds"),
        (retry, "MAX_ATTEMPTS", 7, "failed", "7 attempts in all"),
        (retry, "FREE_WAIT_MAX", 77, "failed", "a pause of up to 77 seconds"),
        (retry, "FREE_WAITS", 9, "credits", "at most 9 times"),
        (outcomes, "POISON_CRASHES", 8, "failed", "After 8 crashes"),
        (stuck_jobs, "STUCK_AFTER", dt.timedelta(minutes=41), "failed", "moved for 41 minutes"),
        (stuck_jobs, "LARGE_BUNDLE_MINUTES", (12, 19), "failed", "12–19 minutes"),
        (retry_drafts, "AGAIN_AFTER", dt.timedelta(minutes=16), "drafts", "every 16 minutes"),
        (retry_drafts, "KEPT_UP", dt.timedelta(days=6), "failed", "for 6 days"),
        (delete_files, "DELETED_FILES_KEPT", dt.timedelta(days=5), "files", "removed after 5 days"),
        (rounds, "FREE_AT_WISH", 4, "approval", "remake it 4 more times for free"),
        (batch_models, "ROWS_MAX", 321, "batches", "up to 321 rows"),
        (rules, "TAGS_MAX", 12, "drafts", "up to 12 tags"),
        (rules, "FILES_MAX", 6, "files", "at most 6 files of 20 MB"),
        (products, "LETTERING_MAX", 298, "lettering", "up to 298 characters"),
    ],
)
def test_an_article_follows_the_constant_the_program_runs_on(
    client: Client, monkeypatch: pytest.MonkeyPatch, module: object, name: str, value: object, slug: str, expected: str
) -> None:
    assert expected not in said(client, f"/help/{slug}/")
    monkeypatch.setattr(module, name, value)
    assert expected in said(client, f"/help/{slug}/")


def test_a_large_bundle_is_never_taken_for_a_stuck_one() -> None:
    least, most = stuck_jobs.LARGE_BUNDLE_MINUTES
    assert least < most and dt.timedelta(minutes=most) < stuck_jobs.STUCK_AFTER


def test_every_failure_kind_has_a_paragraph_that_says_what_the_chain_does(client: Client) -> None:
    page = client.get("/help/failed/").content.decode()
    for code, meaning in outcomes.MEANINGS.items():
        paragraph = page.split(f'id="kind-{code}"')[1].split("</section>")[0]
        assert html.escape(meaning.what) in paragraph.replace("&#x27;", "'") or meaning.what in paragraph
        assert f"<strong>What we do:</strong> {help_facts.automatic(code)[:20]}"[:30] in html.unescape(paragraph)
    for kind in Kind:
        again = isinstance(retry.decide(Failure(kind, ""), 1, 0), retry.Again)
        # An answer that never came is looked up first; every other kind is retried exactly when the chain retries it.
        if kind != Kind.UNKNOWN:
            assert again != help_facts.automatic(kind).startswith("Not retried"), kind


def failed_with(owner: User, kind: str) -> Project:
    project = bring_to(booked(owner), Stage.GENERATING)
    job = job_of(project)
    refunds.fail_job(job, Stage.GENERATING, Failure(Kind.TRANSIENT, "The service had a problem."))
    Job.objects.filter(pk=job.pk).update(failure_kind=kind)
    project.refresh_from_db()
    return project


@pytest.mark.parametrize("kind", [*outcomes.MEANINGS, "something_new"])
def test_the_failure_box_leads_to_the_paragraph_about_its_kind(page: Client, alice: User, kind: str) -> None:
    project = failed_with(alice, kind)
    shown = page.get(f"/projects/{project.pk}/").content.decode()
    link = re.search(r'id="to-article" href="([^"]+)"', shown)
    assert link
    address, _, anchor = html.unescape(link[1]).partition("#")
    article = page.get(address).content.decode()
    assert f'id="{anchor}"' in article and anchor == (f"kind-{kind}" if kind in outcomes.MEANINGS else "kinds")
    # And from there straight to a request that is filled in.
    assert f'href="/projects/{project.pk}/help/"' in article
    assert project.pk in page.get(f"/projects/{project.pk}/help/").content.decode()


def test_nobody_is_offered_another_sellers_project(page: Client, bobs: Client, alice: User) -> None:
    project = booked(alice, name="Very private")
    assert "Very private" in said(page, f"/help/failed/?project={project.pk}")
    for reader in (bobs, Client()):
        assert "Very private" not in said(reader, f"/help/failed/?project={project.pk}")
        assert "Very private" not in said(reader, "/help/")
    assert page.get("/help/failed/?project=%00' OR 1=1").status_code == 200


def test_failed_projects_are_offered_first(page: Client, alice: User) -> None:
    broken = failed_with(alice, "transient")
    later = booked(alice, product="sticker", count=1)
    shown = page.get("/help/").content.decode()
    assert 0 < shown.find(f"/projects/{broken.pk}/help/") < shown.find(f"/projects/{later.pk}/help/")


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("refund", "/help/failed/"), ("REFUNDED", "/help/credits/#refunds"), ("my project is stuck", "/help/failed/#stuck"),
        ("expired credits", "/help/credits/"), ("google drive", "/help/files/#drive"), ("retry draft", "/help/drafts/#rejected"),
        ("csv", "/help/batches/"), ("monogram", "/help/lettering/"), ("seams", "/help/patterns/"), ("upscale price", "/help/tools/"),
        ("flagged image", "/help/approval/"), ("landscape", "/help/ratios/"),
    ],
)  # fmt: skip
def test_the_search_finds_what_sellers_ask_for(client: Client, query: str, address: str) -> None:
    shown = client.get("/help/", {"q": query}).content.decode()
    found = re.findall(r'<li><a href="([^"]+)"', shown.split('id="found-title"')[1].split("</section>")[0])
    assert any(a.startswith(address) for a in found), found
    for a in found:
        name, _, anchor = a.partition("#")
        assert not anchor or f'<h2 id="{anchor}"' in client.get(name).content.decode(), a


def test_a_search_without_a_result_says_so_and_odd_ones_do_no_harm(client: Client) -> None:
    assert "Nothing found for “zeppelin”" in said(client, "/help/?q=zeppelin")
    assert "<script>" not in client.get("/help/", {"q": "<script>alert(1)</script>"}).content.decode()
    for odd in ("", "   ", "the of", "\x00", "%" * 500, "'; --", "🦊"):
        assert client.get("/help/", {"q": odd}).status_code == 200
    assert search("") == [] and search("the of it") == []


def test_help_is_in_the_top_bar_for_everyone(page: Client, client: Client) -> None:
    for reader in (page, client):
        top = reader.get("/help/credits/").content.decode().split("<header>")[1].split("</header>")[0]
        assert '<a href="/help/" aria-current="page">Help</a>' in top


def test_a_rejected_draft_and_a_lost_text_lead_to_their_paragraphs(page: Client, finished: Project) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="No price.")
    assert (
        f"/help/failed/?project={finished.pk}#draft-only"
        in page.get(f"/projects/{finished.pk}/listing/").content.decode()
    )
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.NONE, text=Listing.Text.FAILED)
    assert (
        f"/help/failed/?project={finished.pk}#listing" in page.get(f"/projects/{finished.pk}/listing/").content.decode()
    )
    article = page.get("/help/failed/").content.decode()
    assert all(
        f'id="{name}"' in article for name in ("draft-only", "listing", "stuck", "one-image", "deleted", "waiting")
    )


def test_a_page_without_progress_leads_to_what_we_do_about_it(
    page: Client, alice: User, clock: ports.FixedClock
) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    address = f"/projects/{project.pk}/"
    assert "#stuck" not in page.get(address).content.decode()
    clock.advance(stuck_jobs.STUCK_AFTER.total_seconds() + 1)
    assert f"/help/failed/?project={project.pk}#stuck" in page.get(address).content.decode()
