"""Finding a project again: by words, by where it stands, by what it makes; and pages that stay small and few-queried."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects.models import Item, Project
from elistit.projects.states import ItemState, Stage

from .conftest import booked, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(alice: User) -> list[str]:
    made = []
    for number, (name, idea, product, stage) in enumerate([
        ("Foxes", "woodland animals", "clipart", "awaiting_approval"),
        ("Poppies", "red flowers", "wall_art", "completed"),
        ("Boats", "a harbor & boats", "poster", "design_ready"),
        ("Owls", "night birds of the woodland", "sticker", "failed"),
        ("Bears", "bears", "clipart", "generating"),
    ]):  # fmt: skip
        project = Project.objects.create(
            owner=alice, name=name, product=product, idea=idea, ratio="1:1", count=1, seed=number, stage=stage
        )
        made.append(project.pk)
    return made


def shown(page: Client, query: str) -> set[str]:
    answer = page.get(f"/?{query}")
    assert answer.status_code == 200
    return {c["project"].name for c in answer.context["cards"]}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Foxes", "Poppies", "Boats", "Owls", "Bears"}),
        ("q=WOODLAND", {"Foxes", "Owls"}),
        ("q=%26", {"Boats"}),
        ("q=popp", {"Poppies"}),
        ("state=waiting", {"Foxes", "Boats"}),
        ("state=running", {"Bears"}),
        ("state=finished", {"Poppies"}),
        ("state=failed", {"Owls"}),
        ("product=clipart&q=bear", {"Bears"}),
        ("state=nonsense&product=nonsense", {"Foxes", "Poppies", "Boats", "Owls", "Bears"}),
        ("q=nothing-like-this", set()),
        ("q=%00", {"Foxes", "Poppies", "Boats", "Owls", "Bears"}),
        ("q=%25", set()),
    ],
)
def test_the_list_can_be_narrowed(page: Client, several: list[str], query: str, names: set[str]) -> None:
    assert shown(page, query) == names


def test_an_empty_answer_says_so_and_leads_back(page: Client, several: list[str]) -> None:
    body = page.get("/?q=unknown").content.decode()
    assert "No projects match" in body and 'value="unknown"' in body and "Sample project" not in body


def test_what_is_searched_for_is_never_markup(page: Client, several: list[str]) -> None:
    assert b"<script>x" not in page.get("/?q=<script>x").content


def test_another_persons_projects_are_never_found(bobs: Client, several: list[str]) -> None:
    assert shown(bobs, "q=foxes") == set()


def test_the_pages_of_the_list_keep_the_search(
    page: Client, several: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elistit.studio.views.project_list.PER_PAGE", 1)
    body = page.get("/?q=woodland").content.decode()
    assert "?page=2&amp;q=woodland" in body


def test_a_card_says_how_far_it_is_and_what_came_back(page: Client, alice: User, failed: Project) -> None:
    ledger.grant(alice.pk, 20, source="goodwill", idempotency_key="more", reason="More")
    running = bring_to(booked(alice), Stage.GENERATING)
    Item.objects.filter(job__project=running, number__lte=4).update(state=ItemState.MADE)
    body = page.get("/").content.decode()
    assert "4 of 15" in body and '<progress max="15" value="4"' in body and "Failed, 17 credits refunded" in body
    assert 'hx-select="#cards"' in body
    only = page.get(f"/?q={running.pk.lower()}").content.decode()
    assert f'href="/projects/{running.pk}/"' in only and failed.pk not in only


def test_the_filters_say_how_many_each_means(page: Client, several: list[str]) -> None:
    body = page.get("/").content.decode()
    counts = dict(re.findall(r'<a href="[^"]*"[^>]*>([A-Z][a-z ]+) <span class="figures">(\d+)</span>', body))
    total = int(counts.pop("All"))
    assert total == Project.objects.exclude(stage=Stage.DELETED).count() == sum(map(int, counts.values()))
    resting = page.get("/?state=finished").content.decode()
    assert resting.count('class="card"') == int(counts.get("Finished", 0))


def weight(client: Client, address: str) -> int:
    """Bytes over the wire for a page and every style and script it names."""

    def fetched(where: str) -> tuple[int, str]:
        answer = client.get(where, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200 and answer["Content-Encoding"] == "gzip", where
        body = b"".join(answer) if answer.streaming else answer.content
        return len(body), gzip.decompress(body).decode()

    total, text = fetched(address)
    return total + sum(
        fetched(part)[0] for part in set(re.findall(r'(?:href|src)="(/static/[^"]+[.](?:css|js))"', text))
    )


@pytest.mark.parametrize("part", ["", "approve/", "downloads/", "listing/", "activity/", "delete/"])
def test_no_page_weighs_more_than_120_kb_without_its_pictures(page: Client, at_gate: Project, part: str) -> None:
    assert 15_000 < weight(page, f"/projects/{at_gate.pk}/{part}") < 60_000


@pytest.mark.parametrize(
    "address", ["/", "/new/", "/enter/", "/settings/billing/", "/help/tools/", "/account/security/"]
)
def test_no_other_page_does(page: Client, several: list[str], address: str) -> None:
    assert weight(Client() if address == "/enter/" else page, address) < 60_000


def test_what_is_compressed_already_keeps_its_length(page: Client, at_gate: Project) -> None:
    file = at_gate.files.filter(role="image").first()
    assert file is not None
    answer = page.get(f"/projects/{at_gate.pk}/files/{file.pk}/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer and int(answer["Content-Length"]) == file.bytes


PLAIN = [
    ("/", 15), ("/new/", 19), ("/prices/", 6), ("/help/credits/", 7), ("/help/tools/", 7), ("/settings/billing/", 13),
    ("/settings/plans/", 10), ("/settings/integrations/", 10), ("/settings/scenes/", 8), ("/settings/notifications/", 12),
    ("/settings/keys/", 8), ("/settings/webhooks/", 6), ("/settings/billing/?by=project", 10), ("/account/security/", 12), ("/account/sessions/", 12),
]  # fmt: skip


@pytest.mark.parametrize(("address", "most"), PLAIN)
def test_a_page_asks_the_database_a_fixed_number_of_times(
    page: Client, several: list[str], address: str, most: int, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(most):
        assert page.get(address).status_code == 200


PARTS = [
    ("", 14), ("downloads/", 15), ("listing/", 15), ("activity/", 11), ("approve/", 22), ("delete/", 11), ("live/", 12), ("help/", 10),
]  # fmt: skip


@pytest.mark.parametrize(("part", "most"), PARTS)
def test_a_project_page_asks_the_database_a_fixed_number_of_times(
    page: Client, at_gate: Project, part: str, most: int, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(most):
        answer = page.get(f"/projects/{at_gate.pk}/{part}", headers={"HX-Request": "true"} if part == "live/" else {})
        assert answer.status_code == 200


def test_recent_ideas_fill_the_form_again(page: Client, alice: User) -> None:
    ledger.grant(alice.pk, 100, source="goodwill", idempotency_key="more", reason="More")
    first = booked(alice, idea="an owl in the snow")
    again = booked(alice, idea="An owl  in the snow")
    booked(alice, idea="red poppies")
    body = page.get("/new/").content.decode()
    assert body.count("?like=") == 2 and f"?like={again.pk}" in body and f"?like={first.pk}" not in body
    assert again.idea.startswith("An owl") and again.idea in page.get(f"/new/?like={again.pk}").content.decode()
    assert "Recent ideas" not in Client().get("/new/", follow=True).content.decode()
