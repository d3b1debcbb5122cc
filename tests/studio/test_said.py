"""What pages say where a seller would otherwise be misled: pages that follow the work, stages that did not come off, a
sample that costs nothing, acts that ask once more, and what a picture shows after it was made again in other words."""

from __future__ import annotations

import re
from html import escape

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import ApiKey, User
from elistit.actions import queries
from elistit.chain import model_availability, refunds
from elistit.credits import prices
from elistit.payments.models import Payment
from elistit.projects import gate
from elistit.projects.models import Job, JobKind, Listing, Project
from elistit.projects.products import Product
from elistit.projects.states import JobStatus, Stage
from elistit.studio.templatetags.studio import source_words, theme_words
from elistit.support.templatetags.entering import browser_words

from .conftest import booked, bring_to, job_of

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("tab", ["listing", "activity"])
def test_a_tab_follows_the_work_while_it_goes_on_and_then_stands_still(
    page: Client, alice: User, finished: Project, tab: str
) -> None:
    running = bring_to(booked(alice, product="sticker", count=3), Stage.GENERATING)
    shown = text(page, address := f"/projects/{running.pk}/{tab}/")
    assert (
        f'id="tab" hx-get="{address}"' in shown and f'<noscript><p><a class="button" href="{address}">Reload' in shown
    )
    still = text(page, f"/projects/{finished.pk}/{tab}/")
    assert 'id="tab"' in still and 'id="tab" hx-get' not in still and "Reload" not in still


def test_the_listing_follows_a_draft_that_is_being_made(page: Client, finished: Project) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.PENDING)
    assert 'id="tab" hx-get' in text(page, f"/projects/{finished.pk}/listing/")


def line_of(project: Project) -> dict[str, str]:
    return {step["stage"]: step["state"] for step in queries.stage_line(Project.objects.get(pk=project.pk))}


def test_the_stage_line_of_a_finished_project_says_what_did_not_come_off(page: Client, finished: Project) -> None:
    listing = Listing.objects.filter(project=finished)
    assert "drafting" not in line_of(finished) and set(line_of(finished).values()) == {"done"}
    listing.update(draft=Listing.Draft.CREATED)
    assert line_of(finished)["drafting"] == "done"
    listing.update(draft=Listing.Draft.FAILED)
    assert line_of(finished)["drafting"] == "failed" and line_of(finished)["listing"] == "done"
    shown = text(page, f"/projects/{finished.pk}/")
    assert "retry-draft/" in shown and "skip-draft/" in shown
    listing.update(draft=Listing.Draft.NONE, text=Listing.Text.FAILED)
    assert line_of(finished)["listing"] == "failed" and "drafting" not in line_of(finished)
    assert "retry-draft/" not in text(page, f"/projects/{finished.pk}/")


def test_a_sample_on_the_house_is_said_to_cost_nothing_and_another_project_is_not(page: Client, alice: User) -> None:
    form = text(page, "/").split('action="/welcome/sample/"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(seen|key)" value="([^"]+)"', form))
    sample = page.post("/welcome/sample/", fields)["Location"]
    assert "it costs you nothing" in text(page, sample)
    assert "none of them were your own" in text(page, f"{sample}delete/")
    assert queries.money_words(job_of(Project.objects.get())).endswith("it costs you nothing.")
    same_name = booked(alice, name=Project.objects.get().name)
    assert "it costs you nothing" not in text(page, f"/projects/{same_name.pk}/")


def test_prices_are_only_of_what_can_be_bought_here(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    here = model_availability.models()
    away = [m for m in prices.price_list().models if m.code not in {h.code for h in here}]
    shown = text(page, "/prices/")
    named = {m.code: f"<strong>{escape(m.name)}</strong>" in shown for m in prices.price_list().models}
    assert away and named == {m.code: m not in away for m in prices.price_list().models}
    plan = prices.price_list().plans[0]
    assert f"<h3>{plan.name}</h3>" not in shown and "You can't buy credits on this studio." in shown
    assert f"<h3>{plan.name}</h3>" not in text(page, "/settings/plans/")
    assert "Monthly allowance" not in text(page, "/help/credits/")
    monkeypatch.setattr(model_availability, "models", prices.models)
    monkeypatch.setenv("ELISTIT_STRIPE_KEY", "sk_test_x")
    monkeypatch.setenv("ELISTIT_STRIPE_WEBHOOK_SECRET", "whsec_x")
    shown = text(page, "/prices/")
    assert all(f"<strong>{escape(m.name)}</strong>" in shown for m in away) and f"<h3>{plan.name}</h3>" in shown
    assert f"<h3>{plan.name}</h3>" in text(page, "/settings/plans/") and "Monthly allowance" in text(
        page, "/help/credits/"
    )


@pytest.mark.parametrize(
    "address",
    ["/", "/new/", "/prices/", "/settings/billing/", "/settings/plans/", "/settings/integrations/", "/settings/notifications/",
     "/settings/keys/", "/settings/webhooks/", "/settings/scenes/", "/help/", "/help/files/", "/help/failed/"],
)  # fmt: skip
def test_no_page_of_a_seller_names_an_operators_setting(page: Client, address: str) -> None:
    assert "ELISTIT_" not in text(page, address)


def test_the_form_that_made_a_key_makes_no_second(page: Client, alice: User) -> None:
    key = re.search(r'name="key" value="([^"]+)"', text(page, "/settings/keys/"))
    assert key
    form = {"name": "Nightly", "scope": "read", "key": key[1]}
    assert 'id="secret"' in page.post("/settings/keys/", form).content.decode()
    again = page.post("/settings/keys/", form)
    assert again.status_code == 422 and "was already created" in again.content.decode()
    assert ApiKey.objects.filter(user=alice).count() == 1


def test_what_cannot_be_taken_back_asks_once_more_without_script(page: Client, alice: User) -> None:
    ApiKey.issue(alice, "Nightly")
    shown = text(page, "/settings/keys/")
    asked = shown.split('<details class="sure">')[1].split("</details>")[0]
    assert "lose access" in asked and "/revoke/" in asked
    assert "/api/v1/openapi.json" in shown and page.get("/api/v1/openapi.json").status_code == 200


def test_enter_in_the_launch_form_asks_for_the_price_and_changes_no_product(page: Client) -> None:
    form = text(page, "/new/").split('id="launch"')[1]
    first = re.search(r"<button[^>]*>", form)
    assert first and 'name="act" value="price"' in first[0]


def test_a_plan_is_listed_by_its_months_and_not_once_more_for_its_start(page: Client, alice: User) -> None:
    for invoice, about in ((None, "start"), ("in_1", "month")):
        Payment.objects.create(
            owner=alice, kind=Payment.Kind.PLAN, state=Payment.State.PAID, code="launch", credits=240, price_cents=1500,
            invoice=invoice, session=f"cs_{about}",
        )  # fmt: skip
    shown = page.get("/settings/plans/")
    assert [p.invoice for p in shown.context["payments"]] == ["in_1"]


def test_a_project_without_its_listing_is_not_said_to_have_failed(alice: User, finished: Project) -> None:
    job = Job.objects.create(
        project=finished, kind=JobKind.LISTING, status=JobStatus.RUNNING, quote=job_of(finished).quote,
        idempotency_key=ports.new_id(), created_at=ports.now(), changed_at=ports.now(),
    )  # fmt: skip
    for kind, words in (
        (JobKind.LISTING, "The listing was not written: The writer was away."),
        (JobKind.LAUNCH, "The project failed: The writer was away."),
    ):
        job.kind = kind
        assert refunds.refund_reason(job, "The writer was away.") == words


def test_a_picture_made_again_in_other_words_is_called_after_them(at_gate: Project) -> None:
    item = gate.items_of(at_gate).get(number=3)
    item.subject = "fox"
    assert gate.shows(item) == "fox"
    item.art = {"remake_prompt": "A hedgehog in a red coat, watercolor, on white", "prompt_before": "a fox, watercolor"}
    assert gate.shows(item) == "hedgehog in a red coat"
    item.art = {"remake_prompt": "a fox, watercolor", "prompt_before": "a fox, watercolor"}
    assert gate.shows(item) == "fox"
    item.art = {"remake_prompt": "…,", "prompt_before": "a fox"}
    assert gate.shows(item) == "…"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Firefox/127.0", "Firefox on Mac"),
        ("curl/8.5", "curl/8.5"),
    ],
)
def test_a_browser_is_said_as_its_owner_would(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_every_product_type_has_an_example_of_its_own(page: Client) -> None:
    shown = {p: text(page, f"/new/?product={p.value}").split('id="idea-hint">')[1].split("</p>")[0] for p in Product}
    assert len(set(shown.values())) == len(Product)


def test_the_operator_reads_that_the_seller_is_waited_for(client: Client, at_gate: Project) -> None:
    client.force_login(User.objects.create_user("olga@example.com", is_staff=True))
    shown = text(client, f"/console/projects/{at_gate.pk}/")
    assert "Waiting for the seller’s approval" in shown and "Waiting for your" not in shown


def test_codes_are_said_in_words() -> None:
    assert source_words("pack-100") == "Top-up" and source_words("sample") == "Sample project"
    assert theme_words("scene/boho_sun") == "boho sun" and theme_words("woodland") == "woodland"
