"""Batches on the pages: a list becomes a table that costs nothing, one press launches it once, and reviews follow one another.
All without JavaScript."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from elistit.accounts.models import User
from elistit.actions import batch_planning, batches
from elistit.actions import brand_kits as kits
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction
from elistit.projects import changes
from elistit.projects.batch_list import read_lines
from elistit.projects.batch_models import Batch
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Project
from elistit.projects.states import JobStatus, Stage
from elistit.studio.views import batches as batch_views

from .conftest import bring_to, job_of, paint

pytestmark = pytest.mark.django_db
IDEAS = "woodland animals\nsea creatures\n"


@pytest.fixture
def rich(alice: User) -> User:
    ledger.grant(alice.pk, 100, source="goodwill", idempotency_key="rich", reason="More")
    return alice


@pytest.fixture(autouse=True)
def a_long_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small lists are planned in one slice, however slow the machine is. Slices have their own tests."""
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 600.0)


def pasted(page: Client, ideas: str = IDEAS, **more: Any) -> Batch:
    answer = page.post("/batches/new/", {"ideas": ideas, "product": "clipart", "count": "15", **more})
    assert answer.status_code == 302, answer.content.decode()
    batch = Batch.objects.get(pk=answer["Location"].split("/")[2])
    batch_planning.plan_all(batch.owner, batch.pk)
    return batch


def form_of(shown: str) -> dict[str, str]:
    """Everything the table's form would send, as a browser without script reads it."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", shown):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") != "checkbox" or re.search(r"\schecked\b", tag):
            found[said.get("name", "")] = html.unescape(said.get("value", ""))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?([^<]*)<', shown):
        found[name] = html.unescape(text)
    for name, inner in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', shown, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', inner)
        found[name] = chosen[1] if chosen else ""
    return found


def table(page: Client, batch: Batch) -> tuple[str, dict[str, str]]:
    shown = page.get(f"/batches/{batch.pk}/").content.decode()
    return shown, form_of(shown)


def launched(page: Client, batch: Batch) -> None:
    answer = page.post(f"/batches/{batch.pk}/", {**table(page, batch)[1], "act": "launch"})
    assert answer.status_code == 302, answer.content.decode()


def test_pasted_ideas_become_a_table_with_storyboard_and_price_and_cost_nothing(page: Client, rich: User) -> None:
    batch = pasted(page)
    shown, form = table(page, batch)
    assert "2 projects, 34 credits" in shown and "Launch 2 projects for 34 credits" in shown
    assert shown.count('src="/new/sketch/') == 8 and shown.count("17 credits") == 2
    assert (form["idea-1"], form["product-1"], form["count-2"], form["include-2"], form["seen"]) == (
        "woodland animals", "clipart", "15", "on", "34",
    )  # fmt: skip
    assert ledger.balance(rich.pk) == 130 and not Project.objects.exists()


def test_a_csv_file_is_read_and_its_bad_lines_are_named_and_kept(page: Client, rich: User) -> None:
    content = '\ufeffidea;product;count;mood\nfoxes;clipart;15;calm\n"open;clipart;15\nowls;Wall art;;\n'.encode()
    answer = page.post("/batches/new/", {"file": SimpleUploadedFile("a.csv", content)})
    batch = Batch.objects.get(pk=answer["Location"].split("/")[2])
    batch_planning.plan_all(rich, batch.pk)
    shown, _ = table(page, batch)
    assert "A quotation mark on this line is never closed." in shown and "mood: calm" in shown
    assert "&quot;open;clipart;15" in shown and "Fix or clear row 2 before you launch." in shown
    assert 'id="launch-batch" name="act" value="launch" form="batch" disabled' in shown
    assert [r.quote is not None for r in batch.rows.all()] == [True, False, True]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"ideas": ""}, "list has no ideas"),
        ({"ideas": "fox\n" * 201}, "This list has 201 rows; a batch has at most 200"),
        ({"ideas": "fox", "name": "x" * 121}, "at most 120 fit"),
    ],
)
def test_what_is_no_list_comes_back_as_it_was_typed(page: Client, sent: dict[str, str], words: str) -> None:
    answer = page.post("/batches/new/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in shown and not Batch.objects.exists()
    assert sent["ideas"].strip() in shown


def test_the_template_is_read_by_the_form_that_offers_it(page: Client, rich: User) -> None:
    content = b"".join(page.get("/batches/new/template.csv"))
    answer = page.post("/batches/new/", {"file": SimpleUploadedFile("t.csv", content)})
    batch = Batch.objects.get(pk=answer["Location"].split("/")[2])
    batch_planning.plan_all(rich, batch.pk)
    row = batch.rows.get()
    assert not batch.notes and not row.problems and row.quote is not None and row.quote.total == 17


def test_rows_are_changed_in_place_and_one_press_launches_what_is_included(page: Client, rich: User) -> None:
    batch = pasted(page, IDEAS + "red foxes\n")
    _, form = table(page, batch)
    form |= {"idea-2": "boho sun", "product-2": "wall_art", "count-1": "16"}
    del form["include-3"]
    answer = page.post(f"/batches/{batch.pk}/", {**form, "act": "launch"})
    shown = answer.content.decode()
    assert answer.status_code == 200 and "Here is the new total. You haven" in shown
    assert not Project.objects.exists()
    form = form_of(shown)
    total = int(form["seen"])
    assert form["product-2"] == "wall_art" and form["count-2"] == "" and "include-3" not in form
    answers = [page.post(f"/batches/{batch.pk}/", {**form, "act": "launch"}) for _ in range(2)]
    assert [a["Location"] for a in answers] == [f"/batches/{batch.pk}/"] * 2
    assert sorted(Project.objects.values_list("product", "count")) == [("clipart", 16), ("wall_art", 1)]
    assert ledger.balance(rich.pk) == 130 - total
    shown, _ = table(page, batch)
    assert "Not launched" in shown and "Launch 1 remaining row for 17 credits" in shown


def test_a_balance_that_does_not_cover_all_launches_none(page: Client, alice: User) -> None:
    batch = pasted(page)
    shown, form = table(page, batch)
    assert "You are 4 credits short." in shown
    answer = page.post(f"/batches/{batch.pk}/", {**form, "act": "launch"})
    assert answer.status_code == 402 and not Project.objects.exists() and ledger.balance(alice.pk) == 30


def test_a_row_is_priced_as_it_is_changed(page: Client, rich: User) -> None:
    batch = pasted(page)
    sent = {"idea-2": "sea creatures", "product-2": "clipart", "count-2": "20", "model-2": "", "include-2": "on"}
    shown = page.post(f"/batches/{batch.pk}/rows/2/", sent, headers={"HX-Request": "true"}).content.decode()
    assert 'id="row-2"' in shown and "22 credits" in shown and 'id="row-1"' not in shown
    assert 'hx-swap-oob="true"' in shown and "2 projects, 39 credits" in shown
    assert page.post(f"/batches/{batch.pk}/rows/9/", sent).status_code == 404


def test_what_needs_a_confirmation_is_launched_only_with_it(page: Client, rich: User) -> None:
    batch = pasted(page, "accordion with a typewriter\nMickey Mouse cake\n")
    shown, form = table(page, batch)
    assert "Not drawn:" in shown and "Launch anyway." in shown and "I may use these names" in shown
    answer = page.post(f"/batches/{batch.pk}/", {**form, "act": "launch"})
    assert answer.status_code == 422 and "Row 1: " in answer.content.decode() and not Project.objects.exists()
    ticks = dict.fromkeys(re.findall(r'name="(confirm_[a-z_]+-\d)"', shown), "on")
    answer = page.post(f"/batches/{batch.pk}/", {**form, **ticks, "act": "launch"})
    assert answer.status_code == 302 and Project.objects.count() == 2


def test_a_draft_is_listed_and_can_be_discarded(page: Client, rich: User) -> None:
    batch = pasted(page)
    assert "Draft, not charged" in page.get("/batches/").content.decode()
    assert page.post(f"/batches/{batch.pk}/discard/").status_code == 302
    assert not Batch.objects.exists() and page.get(f"/batches/{batch.pk}/").status_code == 404


def test_the_progress_page_counts_money_once_and_has_one_refund_line_per_row(page: Client, rich: User) -> None:
    batch = pasted(page)
    launched(page, batch)
    first = Project.objects.get(batch_launch__row__number=1)
    job = job_of(first)
    changes.move_job(job.pk, JobStatus.RUNNING)
    type(job).objects.filter(pk=job.pk).update(
        failure_kind="rejected", failure_reason="OpenAI rejected the prompt.", failure_stage="generating"
    )
    for amount, key in ((2, "a"), (15, "b")):
        ledger.refund(rich.pk, job=job.pk, project=first.pk, idempotency_key=key, reason="Refund", amount=amount)
    changes.move_job(job.pk, JobStatus.FAILED)
    changes.move_stage(first.pk, Stage.FAILED)
    shown, _ = table(page, batch)
    assert "Charged 34 credits, refunded 17 credits, total 17 credits." in shown
    assert "1 of 2 ended, 1 running, 1 failed" in shown and "OpenAI rejected the prompt." in shown
    lines = re.search(r'id="batch-refunds".*?</table>', shown, re.DOTALL)
    assert lines and lines[0].count("<tr>") == 2 and "17 credits" in lines[0] and "and 1 more" in lines[0]
    assert "Retry 1 failed row for 17 credits" in shown
    form = form_of(re.search(r"<form[^>]*/launch/.*?</form>", shown, re.DOTALL)[0])  # type: ignore[index]
    wrong = page.post(f"/batches/{batch.pk}/launch/", {**form, "seen": "3"}, follow=True)
    assert "The price has changed." in wrong.content.decode() and Project.objects.count() == 2
    for _ in range(2):
        assert page.post(f"/batches/{batch.pk}/launch/", form).status_code == 302
    assert Project.objects.count() == 3 and ledger.balance(rich.pk) == 130 - 34
    assert CreditTransaction.objects.filter(type="SPEND_CREDIT").count() == 3
    assert "Charged 51 credits, refunded 17 credits, total 34 credits." in table(page, batch)[0]


def test_a_batch_is_paused_and_resumed_and_its_projects_say_so(page: Client, rich: User) -> None:
    batch = pasted(page)
    launched(page, batch)
    page.post(f"/batches/{batch.pk}/pause/")
    shown, _ = table(page, batch)
    assert "<h2>Paused</h2>" in shown and "Resume batch" in shown and "hx-trigger" not in shown
    project = Project.objects.get(batch_launch__row__number=1)
    assert "This project is paused with its batch." in page.get(f"/projects/{project.pk}/").content.decode()
    page.post(f"/batches/{batch.pk}/resume/")
    shown, _ = table(page, batch)
    assert "<h2>Running</h2>" in shown and "Pause batch" in shown
    assert "paused" not in page.get(f"/projects/{project.pk}/").content.decode()


def test_reviews_follow_one_another_and_end_at_the_batch(page: Client, rich: User) -> None:
    batch = pasted(page, IDEAS + "red foxes\n")
    launched(page, batch)
    projects = [Project.objects.get(batch_launch__row__number=n) for n in (1, 2, 3)]
    assert page.get(f"/batches/{batch.pk}/review/")["Location"] == f"/batches/{batch.pk}/"
    for project in projects:
        paint(bring_to(project, Stage.AWAITING_APPROVAL))
    assert "Review 3 projects" in table(page, batch)[0]
    gates = [f"/projects/{p.pk}/approve/" for p in projects]
    assert page.get(f"/batches/{batch.pk}/review/")["Location"] == gates[0]
    shown = page.get(gates[1]).content.decode()
    assert "2 of 3 to review" in shown and f'id="next-project" href="{gates[2]}"' in shown
    assert f'id="previous-project" href="{gates[0]}"' in shown and "studio/batch." in shown
    assert f'id="next-project" href="{gates[0]}"' in page.get(gates[2]).content.decode()
    assert page.post(gates[1])["Location"] == gates[2]
    assert page.post(gates[2])["Location"] == gates[0]
    job = job_of(projects[0])
    changes.move_stage(projects[0].pk, Stage.GENERATING)
    remaking = page.get(gates[0]).content.decode()
    assert "0 to review" in remaking and "next-project" not in remaking
    changes.move_stage(projects[0].pk, Stage.AWAITING_APPROVAL)
    assert job.gate_reached_at is not None
    assert "next-project" not in page.get(gates[0]).content.decode()
    assert page.post(gates[0])["Location"] == f"/batches/{batch.pk}/"


def test_a_project_of_no_batch_is_approved_as_before(page: Client, at_gate: Project) -> None:
    assert "batch-stream" not in page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert page.post(f"/projects/{at_gate.pk}/approve/")["Location"] == f"/projects/{at_gate.pk}/"


def test_another_sellers_batch_is_not_there(page: Client, rich: User, bobs: Client) -> None:
    batch = batches.draft(rich, "", read_lines("foxes", {"product": "clipart"}))
    for end in ("", "planning/", "live/", "review/"):
        assert bobs.get(f"/batches/{batch.pk}/{end}").status_code == 404
    for end in ("", "rows/1/", "discard/", "launch/", "pause/", "resume/"):
        assert bobs.post(f"/batches/{batch.pk}/{end}").status_code == 404
    assert Batch.objects.get() == batch and "foxes" not in bobs.get("/batches/").content.decode()


def test_two_hundred_rows_fit_into_one_form(page: Client, rich: User) -> None:
    batch = pasted(page, "\n".join(f"red fox {n}" for n in range(200)), product="wall_art", count="")
    shown, form = table(page, batch)
    assert shown.count('class="batch-row') == 200
    assert page.post(f"/batches/{batch.pk}/", {**form, "act": "price"}).status_code == 200


# ---- planned in slices ------------------------------------------------------------------------------------------------


def listed(page: Client, ideas: str, **more: str) -> Batch:
    """A pasted list of which nothing is planned yet."""
    answer = page.post("/batches/new/", {"ideas": ideas, "product": "wall_art", **more})
    return Batch.objects.get(pk=answer["Location"].split("/")[2])


def test_a_pasted_list_is_shown_before_any_row_is_planned(
    page: Client, rich: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planned(*_: Any, **__: Any) -> None:
        raise AssertionError("a row was planned while its list was read")

    monkeypatch.setattr(batch_planning, "_price", planned)
    batch = listed(page, "\n".join(f"red fox {n}" for n in range(200)))
    shown, _ = table(page, batch)
    assert "0 of 200 rows planned" in shown and shown.count(">Being planned<") == 200
    assert f'hx-get="/batches/{batch.pk}/planning/" hx-trigger="load, every 3s"' in shown
    assert batch.rows.filter(quote=None, problems={}).count() == 200


def test_the_page_plans_by_asking_for_itself_without_script(
    page: Client, rich: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    batch = listed(page, "red fox\nowl\n")
    shown, _ = table(page, batch)
    again = re.search(r'<noscript><meta http-equiv="refresh" content="\d+; url=([^"]+)">', shown)
    assert again
    shown = page.get(again[1]).content.decode()
    quote = batch.rows.get(number=1).quote
    assert quote is not None and shown.count(">Being planned<") == 1
    assert f"1 of 2 rows planned, {quote.total} credits so far" in shown
    # Whoever comes back finds what was planned, and nothing is planned twice.
    answer = page.get(again[1])
    assert (answer.status_code, answer["Location"]) == (302, f"/batches/{batch.pk}/")
    assert f"Launch 2 projects for {2 * quote.total} credits" in table(page, batch)[0]
    assert batch.rows.get(number=1).quote == quote


def test_the_page_plans_by_asking_for_its_part_with_script(
    page: Client, rich: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    batch = listed(page, "red fox\n\nowl\n")
    part = f"/batches/{batch.pk}/planning/"
    assert page.get(part)["Location"] == f"/batches/{batch.pk}/"
    answer = page.get(part, headers={"HX-Request": "true"})
    assert "1 of 2 rows planned" in answer.content.decode() and "<html" not in answer.content.decode()
    assert page.get(part, headers={"HX-Request": "true"})["HX-Redirect"] == f"/batches/{batch.pk}/"


def test_a_launch_waits_for_every_row_and_says_so(page: Client, rich: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    batch = listed(page, "red fox\nowl\nbear\n")
    sent = {"key": "k", "seen": "0", "act": "launch"}
    answer = page.post(f"/batches/{batch.pk}/", sent, follow=True)
    assert batch_views.NOT_PLANNED in html.unescape(answer.content.decode())
    assert not Project.objects.exists() and ledger.balance(rich.pk) == 130


def test_changed_rows_are_planned_again_and_the_others_keep_their_price(
    page: Client, rich: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = pasted(page, "red fox\nowl\nbear\n", product="wall_art", count="")
    before = dict(batch.rows.values_list("number", "quote_id"))
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    form = {**table(page, batch)[1], "idea-1": "hedgehog", "idea-2": "badger", "act": "price"}
    assert page.post(f"/batches/{batch.pk}/", form)["Location"] == f"/batches/{batch.pk}/"
    shown, _ = table(page, batch)
    assert "2 of 3 rows planned" in shown and "badger" in shown
    batch_planning.plan_all(rich, batch.pk)
    after = dict(batch.rows.values_list("number", "quote_id"))
    assert after[3] == before[3] and not {after[1], after[2]} & set(before.values())


# ---- brand kit and series ---------------------------------------------------------------------------------------------


@pytest.fixture
def kit(rich: User) -> Any:
    return kits.add(rich, kits.KitFields(name="Fern & Fox", palette="sage green"))


def test_a_brand_kit_and_a_series_hold_for_the_whole_batch_and_each_row_can_differ(
    page: Client, rich: User, kit: Any
) -> None:
    shown = page.get("/batches/new/").content.decode()
    assert f'<option value="{kit.pk}" selected>Fern &amp; Fox, default</option>' in shown
    batch = pasted(page, "fox\nowl\nbear\n", product="sticker", count="1", brand_kit=kit.pk, series="Forest")
    shown, form = table(page, batch)
    assert (form["brand_kit-2"], form["series-2"]) == (kit.pk, "Forest")
    form |= {"brand_kit-3": "", "series-3": ""}
    page.post(f"/batches/{batch.pk}/", {**form, "act": "price"})
    launched(page, batch)
    made = {row.number: Project.objects.get(batch_launch__row=row) for row in batch.rows.all()}
    assert [bool(made[n].brand) for n in (1, 2, 3)] == [True, True, False]
    assert [made[n].series.name if made[n].series else "" for n in (1, 2, 3)] == ["Forest", "Forest", ""]
    assert [made[n].options.get("color_palette", "") for n in (1, 2, 3)] == ["sage green", "sage green", ""]


def test_columns_of_a_file_name_brand_kit_and_series_and_what_is_not_there_is_named_by_row(
    page: Client, rich: User, kit: Any
) -> None:
    content = "idea,product,images,Brand kit,Series\nfox,sticker,1,fern & FOX,Forest\nowl,sticker,1,Acme,\nbear,sticker,1,,Forest\n"
    batch = pasted(page, "", file=SimpleUploadedFile("a.csv", content.encode()), series="Night")
    rows = {row.number: row for row in batch.rows.all()}
    assert (
        rows[2].problems == {"brand_kit": "You have no brand kit named “Acme”."} and rows[2].order["series"] == "Night"
    )
    assert rows[3].order["series"] == "Forest" and not batch.notes
    shown, form = table(page, batch)
    assert "You have no brand kit named “Acme”." in shown and form["brand_kit-1"] == kit.pk
    assert '<option value="Acme" selected>Acme</option>' in shown
    with pytest.raises(InvalidSpec) as refused:
        batches.launch(rich, batch.pk, [1, 2], idempotency_key="k")
    assert refused.value.errors == {"rows.2.brand_kit": "Row 2: You have no brand kit named “Acme”."}
    form |= {"brand_kit-2": kit.pk}
    page.post(f"/batches/{batch.pk}/", {**form, "act": "price"})
    assert batch.rows.get(number=2).quote is not None


def test_sellers_without_brand_kits_see_no_field_for_them(page: Client, rich: User) -> None:
    assert 'id="brand_kit"' not in page.get("/batches/new/").content.decode()
    batch = pasted(page, "fox\n", product="sticker", count="1")
    shown, form = table(page, batch)
    assert "brand_kit-1" not in shown.replace("brand_kit-1,", "") and "series-1" not in form
    page.post(f"/batches/{batch.pk}/", {**form, "act": "price"})
    assert "brand_kit" not in batch.rows.get().order
