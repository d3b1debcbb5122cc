"""The list's actions by plain forms: names, labels, archive and favorites with undo, and several projects at once."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.actions import organizing as acting
from elistit.credits import ledger
from elistit.projects import organizing
from elistit.projects.desk_models import SavedFilter
from elistit.projects.models import Item, Listing, Project
from elistit.projects.products import Product
from elistit.projects.states import ItemState, Stage

from .conftest import booked, bring_to, paint

pytestmark = pytest.mark.django_db


def undo_of(body: str) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', body)
    assert found, "nothing is offered to be undone"
    return found[1]


def one(page: Client, project: Project, act: str, **more: str) -> str:
    answer = page.post(f"/projects/{project.pk}/organize/", {"act": act, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def bulk(page: Client, act: str, projects: list[Project], **more: Any) -> Any:
    return page.post("/projects/bulk/", {"act": act, "ids": [p.pk for p in projects], **more}, follow=True)


def confirmed(page: Client, act: str, body: str, projects: list[Project]) -> Any:
    """Press the button of the confirmation page `body`."""
    seen = re.findall(r'name="seen" value="([^"]+)"', body)
    ids = re.findall(r'name="ids" value="([^"]+)"', body)
    assert set(ids) <= {p.pk for p in projects}
    return page.post("/projects/bulk/", {"act": act, "confirmed": act, "ids": ids, "seen": seen}, follow=True)


def shown(page: Client, query: str = "") -> set[str]:
    return {c["project"].name for c in page.get(f"/?{query}").context["cards"]}


# ---- one project -------------------------------------------------------------------------------------------------------------


def test_a_rename_is_shown_and_undone(page: Client, at_gate: Project) -> None:
    before = at_gate.name
    body = one(page, at_gate, "rename", name="  Fall   foxes ")
    assert "<h1>Fall foxes</h1>" in body and "Project renamed." in body
    body = page.post("/projects/undo/", {"undo": undo_of(body), "back": f"/projects/{at_gate.pk}/"}, follow=True)
    assert f"<h1>{before}</h1>" in body.content.decode() and "Undone." in body.content.decode()


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_an_impossible_name_changes_nothing_and_says_why(page: Client, at_gate: Project, name: str) -> None:
    assert "A name has 1 to 120 characters." in one(page, at_gate, "rename", name=name)
    at_gate.refresh_from_db()
    assert at_gate.name == "Woodland animals in autumn"


def test_an_archived_project_is_hidden_and_comes_back_by_undo(page: Client, at_gate: Project) -> None:
    booked(at_gate.owner, name="Other", count=15) if ledger.balance(at_gate.owner_id) >= 17 else None
    body = one(page, at_gate, "archive")
    assert at_gate.name not in shown(page) and shown(page, "archived=1") == {at_gate.name}
    page.post("/projects/undo/", {"undo": undo_of(body)})
    assert at_gate.name in shown(page)
    assert "All your projects are archived" not in page.get("/").content.decode()


def test_a_list_with_everything_archived_says_where_it_is(page: Client, at_gate: Project) -> None:
    one(page, at_gate, "archive")
    assert "All your projects are archived." in page.get("/").content.decode()


def test_every_product_type_can_be_chosen_in_the_list(page: Client, at_gate: Project) -> None:
    body = page.get(f"/?product={at_gate.product}").content.decode()
    choices = re.search(r'<select id="product".*?</select>', body)
    assert choices
    assert set(re.findall(r'<option value="(\w+)"', choices[0])) == {product.value for product in Product}
    assert f'<option value="{at_gate.product}" selected>' in choices[0]
    assert shown(page, f"product={at_gate.product}") == {at_gate.name}


def test_labels_and_favorites_filter_the_list(page: Client, alice: User, at_gate: Project) -> None:
    ledger.grant(alice.pk, 40, source="goodwill", idempotency_key="m", reason="m")
    booked(alice, name="Plain")
    one(page, at_gate, "add-label", label="Fall & co")
    one(page, at_gate, "favorite")
    assert shown(page, "label=Fall+%26+co") == shown(page, "favorite=1") == {at_gate.name}
    assert shown(page, "label=nothing") == set()
    body = page.get("/").content.decode()
    assert 'href="?label=Fall%20%26%20co"' in body and "<option>Fall &amp; co</option>" in body
    body = one(page, at_gate, "remove-label", label="fall & CO")
    assert shown(page, "label=Fall+%26+co") == set()
    page.post("/projects/undo/", {"undo": undo_of(body)})
    assert organizing.labels(alice) == ["fall & CO"]


def test_another_sellers_project_is_not_there(bobs: Client, at_gate: Project) -> None:
    assert bobs.post(f"/projects/{at_gate.pk}/organize/", {"act": "archive"}).status_code == 404
    bulk(bobs, "archive", [at_gate])
    body = bulk(bobs, "delete", [at_gate]).content.decode()
    assert "Delete 0 projects?" in body and at_gate.name not in body
    at_gate.refresh_from_db()
    assert at_gate.archived_at is None and at_gate.stage != Stage.DELETED


def test_an_undo_of_another_seller_does_nothing(page: Client, bobs: Client, at_gate: Project) -> None:
    value = undo_of(one(page, at_gate, "archive"))
    for given in (value, value[:-2], ""):
        answer = bobs.post("/projects/undo/", {"undo": given}, follow=True)
        assert "be undone anymore" in answer.content.decode()
    at_gate.refresh_from_db()
    assert at_gate.archived_at is not None


def test_an_answer_never_leads_away_from_the_studio(page: Client, at_gate: Project) -> None:
    for address in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        answer = page.post(f"/projects/{at_gate.pk}/organize/", {"act": "favorite", "back": address})
        assert answer["Location"] == f"/projects/{at_gate.pk}/"


def test_filters_are_saved_under_a_name_and_removed(page: Client, at_gate: Project) -> None:
    answer = page.post("/projects/filters/", {"name": "Mine", "query": "q=woodland&state=needs&evil=1"}, follow=True)
    assert '<a href="?q=woodland&amp;state=needs" aria-current="true">Mine</a>' in answer.content.decode()
    row = SavedFilter.objects.get()
    shown = page.post("/projects/filters/", {"remove": row.pk}, follow=True).content.decode()
    assert not SavedFilter.objects.exists() and "Filter “Mine” removed." in shown
    value = re.search(r'name="undo" value="([^"]+)"', shown)
    assert value
    for _ in range(2):
        page.post("/projects/undo/", {"undo": value[1]})
        again = SavedFilter.objects.get()
        assert (again.owner, again.name, again.query) == (row.owner, "Mine", "q=woodland&state=needs")


@pytest.mark.parametrize(
    ("sort", "names"),
    [("", "CBA"), ("oldest", "ABC"), ("name", "ABC"), ("changed", "ACB"), ("nonsense", "CBA")],
)
def test_the_orders_of_the_list(page: Client, alice: User, clock: Any, sort: str, names: str) -> None:
    ledger.grant(alice.pk, 40, source="goodwill", idempotency_key="m", reason="m")
    rows = []
    for name in "ABC":
        clock.advance(60)
        rows.append(booked(alice, name=name))
    clock.advance(60)
    bring_to(rows[0], Stage.BRIEFING)
    assert "".join(c["project"].name for c in page.get(f"/?sort={sort}").context["cards"]) == names


# ---- several at once -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_at_gate(alice: User, at_gate: Project) -> list[Project]:
    ledger.grant(alice.pk, 40, source="goodwill", idempotency_key="m", reason="m")
    other = bring_to(booked(alice, name="Second", idea="sea birds"), Stage.AWAITING_APPROVAL)
    paint(other)
    return [at_gate, other]


def test_archiving_several_is_undone_for_exactly_those_that_changed(page: Client, two_at_gate: list[Project]) -> None:
    organizing.archive(two_at_gate[0].owner, [two_at_gate[0].pk])
    body = bulk(page, "archive", two_at_gate).content.decode()
    assert "1 project archived." in body
    page.post("/projects/undo/", {"undo": undo_of(body)})
    assert shown(page) == {"Second"} and shown(page, "archived=1") == {two_at_gate[0].name}


@pytest.mark.parametrize("act", ["approve", "delete", "retry", "kits", "archive", "add-label", "nonsense"])
def test_nothing_selected_does_nothing(page: Client, two_at_gate: list[Project], act: str) -> None:
    answer = page.post("/projects/bulk/", {"act": act}, follow=True)
    assert "Select one or more projects first." in answer.content.decode()


def test_too_many_selected_do_nothing(page: Client, two_at_gate: list[Project]) -> None:
    answer = page.post("/projects/bulk/", {"act": "archive", "ids": ["x"] * (acting.MOST + 1)}, follow=True)
    assert "at most 200 projects" in answer.content.decode()


def test_approving_several_says_what_is_kept_and_returned_and_then_does_that(
    page: Client, alice: User, two_at_gate: list[Project], failed: Project
) -> None:
    first, second = two_at_gate
    Item.objects.filter(job__project=first, number=1).update(flags=[{"code": "halo", "words": "Edge."}])
    page.post(f"/projects/{first.pk}/items/1/drop/")
    body = bulk(page, "approve", [*two_at_gate, failed]).content.decode()
    assert "Approve 2 projects?" in body and "Work continues with 29 kept images. Approving is free." in body
    assert "1 credit will be refunded for images you dropped." in body
    assert "Left out" in body and "It isn&#x27;t waiting for your approval." in body
    before = ledger.balance(alice.pk)
    assert all(p.stage == Stage.AWAITING_APPROVAL for p in Project.objects.filter(pk__in=[first.pk, second.pk]))
    answer = confirmed(page, "approve", body, two_at_gate)
    assert "2 projects approved. Work continues." in answer.content.decode()
    assert {p.stage for p in Project.objects.filter(pk__in=[first.pk, second.pk])} == {Stage.PROCESSING}
    assert ledger.balance(alice.pk) == before + 1
    again = confirmed(page, "approve", body, two_at_gate)
    assert again.status_code == 409 and ledger.balance(alice.pk) == before + 1


def test_an_approval_that_changed_since_it_was_shown_approves_nothing(page: Client, two_at_gate: list[Project]) -> None:
    body = bulk(page, "approve", two_at_gate).content.decode()
    Item.objects.filter(job__project=two_at_gate[1], number=2).update(state=ItemState.DROPPED)
    answer = confirmed(page, "approve", body, two_at_gate)
    assert answer.status_code == 409 and "Something changed since you opened this page." in answer.content.decode()
    assert {p.stage for p in Project.objects.all()} == {Stage.AWAITING_APPROVAL}


def test_deleting_several_says_the_sum_that_is_lost_and_loses_exactly_that(
    page: Client, alice: User, two_at_gate: list[Project], failed: Project
) -> None:
    losses = [
        int(re.search(r'name="loss" value="(\d+)"', page.get(f"/projects/{p.pk}/delete/").content.decode())[1])  # type: ignore[index]
        for p in (*two_at_gate, failed)
    ]
    body = bulk(page, "delete", [*two_at_gate, failed]).content.decode()
    assert losses == [17, 17, 0] and "<strong>34 credits won't be refunded.</strong>" in body
    assert "Delete and lose 34 credits" in body and body.count("17 credits not refunded") == 2
    before = ledger.balance(alice.pk)
    answer = confirmed(page, "delete", body, [*two_at_gate, failed])
    assert "3 projects deleted." in answer.content.decode() and ledger.balance(alice.pk) == before
    assert {p.stage for p in Project.objects.all()} == {Stage.DELETED}


def test_a_loss_that_changed_since_it_was_shown_deletes_nothing(page: Client, two_at_gate: list[Project]) -> None:
    body = bulk(page, "delete", two_at_gate).content.decode()
    job = two_at_gate[0].jobs.get()
    ledger.refund(
        two_at_gate[0].owner_id,
        job=job.pk,
        project=two_at_gate[0].pk,
        amount=3,
        idempotency_key="x",
        reason="x",
        item=1,
    )
    answer = confirmed(page, "delete", body, two_at_gate)
    assert answer.status_code == 409 and "31 credits won't be refunded." in answer.content.decode()
    assert not Project.objects.filter(stage=Stage.DELETED).exists()


def test_only_what_was_confirmed_is_deleted(page: Client, two_at_gate: list[Project]) -> None:
    body = bulk(page, "delete", two_at_gate[:1]).content.decode()
    seen = re.findall(r'name="seen" value="([^"]+)"', body)
    form = {"act": "delete", "confirmed": "delete", "ids": [p.pk for p in two_at_gate], "seen": seen}
    assert page.post("/projects/bulk/", form).status_code == 409
    assert not Project.objects.filter(stage=Stage.DELETED).exists()


def test_failed_drafts_are_retried_together(page: Client, finished: Project, alice: User) -> None:
    Listing.objects.filter(project=finished).update(draft="failed", draft_reason="No.")
    ledger.grant(alice.pk, 40, source="goodwill", idempotency_key="m", reason="m")
    other = booked(alice, name="Running")
    body = bulk(page, "retry", [finished, other]).content.decode()
    assert "Retry 1 draft?" in body and "It has no failed draft." in body
    answer = confirmed(page, "retry", body, [finished])
    assert "Retrying the drafts of 1 project. This is free." in answer.content.decode()
    assert Listing.objects.get(project=finished).draft == "pending"


def test_kits_are_links_and_one_zip(page: Client, finished: Project, alice: User) -> None:
    ledger.grant(alice.pk, 40, source="goodwill", idempotency_key="m", reason="m")
    other = booked(alice, name="Running")
    body = bulk(page, "kits", [finished, other]).content.decode()
    assert f'href="/projects/{finished.pk}/downloads/upload-kit.zip" download' in body
    assert "Its files aren&#x27;t packed yet." in body
    answer = page.post("/projects/bulk/", {"act": "kits", "ids": [finished.pk, other.pk], "zip": "1"})
    whole = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert whole.namelist() == [f"001 {finished.name}.zip"]
    single = page.get(f"/projects/{finished.pk}/downloads/upload-kit.zip")
    assert whole.read(whole.namelist()[0]) == b"".join(single.streaming_content)  # type: ignore[attr-defined]


# ---- what needs its seller --------------------------------------------------------------------------------------------------


def test_the_top_bar_counts_what_needs_its_seller_and_leads_there(
    page: Client, alice: User, at_gate: Project, bobs: Client
) -> None:
    body = page.get("/prices/").content.decode()
    assert 'href="/?state=needs" aria-label="1 project needs you"' in body
    assert shown(page, "state=needs") == {at_gate.name}
    assert "needs you" not in bobs.get("/").content.decode()
    one(page, at_gate, "archive")
    assert 'id="needing"' not in page.get("/").content.decode()


def test_a_rejected_draft_needs_its_seller_and_says_so_on_its_card(page: Client, finished: Project) -> None:
    assert 'id="needing"' not in page.get("/").content.decode()
    Listing.objects.filter(project=finished).update(draft="failed")
    body = page.get("/?state=needs").content.decode()
    assert "Etsy rejected the draft" in body and "2 projects" not in body
    page.post(f"/projects/{finished.pk}/listing/skip-draft/")
    assert 'id="needing"' not in page.get("/").content.decode()


def test_the_list_asks_as_often_for_many_projects_as_for_few(
    page: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page.get("/?sort=name").status_code == 200
        return len(queries)

    def some(count: int) -> None:
        rows = [
            Project(owner=alice, name=f"P{n}", product="clipart", idea="x", ratio="1:1", count=1, seed=n, stage=stage)
            for n in range(count)
            for stage in ("completed", "failed", "generating", "awaiting_approval")
        ]
        Project.objects.bulk_create(rows)
        organizing.add_label(alice, [p.pk for p in rows[: acting.MOST]], f"L{count}")

    some(2)
    few = asked()
    some(500)
    assert asked() == few
