"""Finding a project again: which words it is found by, when they are written, and that a search never reads every project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elistit import ports
from elistit.accounts.models import User
from elistit.projects import changes, finding, organizing
from elistit.projects.desk_models import SearchWord
from elistit.projects.models import Item, Listing, Project
from elistit.projects.states import Stage
from tests.studio.conftest import a_person, booked

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[ports.FixedClock]:
    clock = ports.FixedClock(NOW)
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def alice() -> User:
    return a_person("alice@example.com", 500)


def written() -> None:
    for pk in finding.unwritten(1000):
        assert finding.write_words(pk)


def found(owner: User, text: str) -> list[str]:
    rows = finding.search(Project.objects.filter(owner=owner), owner.pk, text)
    return sorted(rows.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Owl’s nest, owl's NEST", ["the", "owl", "nest"]),
        ("Café Noël", ["cafe", "noel"]),
        ("梟の森", ["梟の", "の森"]),
        ("梟", ["梟"]),
        ("a_b--c!", ["a", "b", "c"]),
        ("", []),
        ("x" * 99, ["x" * 40]),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert finding.words_of(text) == words


@pytest.mark.parametrize("indexed", [True, False])
def test_a_project_is_found_by_name_idea_and_title_before_and_after_its_words_are_written(
    alice: User, indexed: bool
) -> None:
    project = booked(alice, idea="night birds of the woodland", name="Autumn set")
    Listing.objects.filter(project=project).update(title="Barn Owl Clipart")
    booked(alice, idea="red poppies", name="Poppies")
    if indexed:
        written()
    for text in ("autumn", "NIGHT wood", "owl", "clip birds", "owls", project.pk.lower()):
        assert found(alice, text) == ["Autumn set"], text
    assert found(alice, "owl poppies") == [] and found(alice, "zebra") == []
    assert found(a_person("bob@example.com"), "owl") == []


def test_subjects_are_found_once_they_are_known_and_forgotten_when_the_project_is_deleted(alice: User) -> None:
    project = booked(alice, name="Set")
    written()
    assert found(alice, "hedgehog") == []
    Item.objects.filter(job__project=project, number=3).update(subject="a sleeping hedgehog")
    assert changes.move_stage(project.pk, Stage.BRIEFING)
    written()
    assert found(alice, "hedgehog") == ["Set"]
    changes.move_stage(project.pk, Stage.DELETED)
    written()
    assert not SearchWord.objects.filter(project=project).exists()


def test_a_change_while_words_are_written_is_written_afterwards(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    project = booked(alice, name="Foxes")
    seen = finding._text

    def renamed_meanwhile(row: Project) -> str:
        text = seen(row)
        monkeypatch.setattr(finding, "_text", seen)
        organizing.rename(alice, project.pk, "Badgers")
        return text

    monkeypatch.setattr(finding, "_text", renamed_meanwhile)
    assert finding.write_words(project.pk)
    assert finding.unwritten(10) == [project.pk] and found(alice, "badgers") == ["Badgers"]
    written()
    assert found(alice, "badgers") == ["Badgers"] and found(alice, "foxes") == []
    assert finding.write_words(project.pk) is False, "nothing to do twice"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("last month's owl", ["October"]),
        ("owl last month", ["October"]),
        ("owl this month", ["November"]),
        ("owl", ["November", "October", "Old"]),
        ("last year", ["Old"]),
        ("this week", ["November"]),
        ("today", ["November"]),
        ("yesterday", []),
        ("last week owl", []),
    ],
)
def test_a_span_of_time_narrows_by_the_day_of_launch(
    alice: User, clock: ports.FixedClock, text: str, names: list[str]
) -> None:
    for name, at in (("Old", NOW.replace(year=2025)), ("October", NOW.replace(month=10, day=31)), ("November", NOW)):
        clock.time = at
        booked(alice, idea="an owl", name=name)
    written()
    assert found(alice, text) == sorted(names)


def test_what_needs_its_seller(alice: User) -> None:
    names = ("gate", "poster", "refused", "unwritten", "done", "running", "archived")
    rows = {name: booked(alice, name=name) for name in names}
    stages = {
        "gate": "awaiting_approval",
        "poster": "design_ready",
        "running": "generating",
        "archived": "design_ready",
    }
    for name, project in rows.items():
        _walk(project, stages.get(name, "completed"))
    Listing.objects.filter(project=rows["refused"]).update(draft="failed")
    Listing.objects.filter(project=rows["unwritten"]).update(text="failed")
    organizing.archive(alice, [rows["archived"].pk])
    needing = set(Project.objects.filter(pk__in=finding.needing(alice.pk)).values_list("name", flat=True))
    assert needing == {"gate", "poster", "refused", "unwritten"}
    assert (finding.count_needing(alice.pk), finding.count_needing(alice.pk, 3)) == (4, 3)
    assert finding.count_needing(a_person("bob@example.com").pk) == 0


def _walk(project: Project, stage: str) -> None:
    route = ("briefing", "generating", "awaiting_approval", "processing", "delivering", "listing", "completed")
    if stage == "design_ready":
        route = ("briefing", "generating", "design_ready")
    for step in route:
        assert changes.move_stage(project.pk, Stage(step))
        if step == stage:
            return


MANY = 10_000


@pytest.fixture
def many(alice: User) -> User:
    """Ten thousand projects, every hundredth about owls, with words and labels, and statistics as a database has them."""
    rows = [
        Project(
            owner=alice, name=f"Set {n}", product="clipart", idea="owls" if n % 100 == 0 else "foxes", ratio="1:1", count=1,
            seed=n, stage="awaiting_approval" if n % 500 == 0 else "completed", searchable_at=NOW,
        )
        for n in range(MANY)
    ]  # fmt: skip
    Project.objects.bulk_create(rows, batch_size=500)
    words = [SearchWord(owner=alice, project=p, word=w) for p in rows for w in ("set", str(p.seed), p.idea)]
    SearchWord.objects.bulk_create(words, batch_size=500)
    Listing.objects.bulk_create([Listing(project=p) for p in rows], batch_size=500)
    organizing.add_label(alice, [p.pk for p in rows[:900:10]], "Fall")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return alice


def plan_of(rows: Any) -> str:
    return str(rows.explain())


def whole_reads(plan: str) -> list[str]:
    """Lines of a plan that read a table of projects or words from end to end."""
    tables = ("projects_project", "projects_searchword", "projects_listing", "projects_projectlabel")
    begin = "Seq Scan on " if connection.vendor == "postgresql" else "SCAN "
    lines = [line.strip() for line in plan.splitlines()]
    return [s for s in lines if any(f"{begin}{t}" in s and "USING INDEX" not in s for t in tables)]


@pytest.mark.timeout(600)
def test_no_query_of_the_list_reads_every_project(many: User) -> None:
    own = Project.objects.filter(owner=many, archived_at=None).exclude(stage=Stage.DELETED)
    newest = own.order_by("-public_id")
    assert finding.search(newest, many.pk, "owls").count() == MANY // 100
    assert finding.search(newest, many.pk, "owl 4900").get().name == "Set 4900"
    for rows in (
        newest[:24],
        own.order_by("-stage_since", "-public_id")[:24],
        finding.search(newest, many.pk, "owl 4900")[:24],
        finding.needing(many.pk)[:100],
        newest.filter(pk__in=finding.needing(many.pk))[:24],
        newest.filter(favorite_at__isnull=False)[:24],
    ):
        plan = plan_of(rows)
        assert not whole_reads(plan), plan
    assert whole_reads(plan_of(Project.objects.filter(idea="foxes"))), "a plan that reads all is recognized"
    with CaptureQueriesContext(connection) as asked:
        assert finding.count_needing(many.pk) == MANY // 500
    assert len(asked) == 1
