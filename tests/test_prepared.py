"""Prepared queries find what the queryset itself finds, for any values, and are written once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext

from elistit.accounts.models import User
from elistit.prepared import KEPT, attach, prepared
from elistit.projects.desk_models import Label, ProjectLabel, SavedFilter
from elistit.projects.models import Project

pytestmark = pytest.mark.django_db
NASTY = "'; DROP TABLE accounts_user; -- %s {} \" \\ ü"


def project(owner: User, name: str = "Fox", **more: Any) -> Project:
    return Project.objects.create(
        owner=owner, name=name, product="clipart", idea="fox", ratio="1:1", count=3, seed=1, options={"mood": "calm"}, **more
    )  # fmt: skip


@pytest.fixture
def seller() -> User:
    return User.objects.create_user("mara@example.com")


def test_rows_and_objects_are_those_of_the_queryset(seller: User) -> None:
    project(User.objects.create_user("ben@example.com"))
    mine = [project(seller, f"Fox {n}", favorite_at=dt.datetime(2026, 1, n, tzinfo=dt.UTC)) for n in (1, 2, 3)]

    def own(owner_id: int, names: list[str]) -> QuerySet[Project]:
        return Project.objects.select_related("owner").filter(owner_id=owner_id, name__in=names).order_by("-name")

    ready = prepared(own)
    for names in (["Fox 1", "Fox 3"], ["Fox 2"], ["none"], [], [NASTY, "Fox 1", "Fox 1"]):
        found = ready.objects(seller.pk, names)
        assert found == list(own(seller.pk, names))
        for one, same in zip(found, own(seller.pk, names), strict=True):
            kept = {**one.__dict__, "_state": None}
            assert kept == {**same.__dict__, "_state": None}
            assert (one._state.db, one._state.adding) == (same._state.db, False)
            with CaptureQueriesContext(connection) as asked:
                assert one.owner == seller
            assert not asked.captured_queries, "the owner came with it"
    listed = prepared(lambda owner_id: own(owner_id, ["Fox 1", "Fox 2"]).values_list("options", "favorite_at", "video"))
    assert listed.rows(seller.pk) == list(
        own(seller.pk, ["Fox 1", "Fox 2"]).values_list("options", "favorite_at", "video")
    )
    assert ready.first(seller.pk, [mine[0].name]) == mine[0]
    assert ready.first(seller.pk, ["none"]) is None


def test_moments_counts_and_unions(seller: User) -> None:
    day = dt.datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=dt.UTC)
    for n in range(3):
        project(seller, archived_at=day + dt.timedelta(days=n), stage="completed")
    project(seller, stage="failed")

    @prepared
    def since(moment: dt.datetime, stage: str) -> QuerySet[Project, Any]:
        found = Project.objects.filter(archived_at__gt=moment, stage=stage).order_by()
        return found.values_list("stage").annotate(n=Count("*"))

    assert since.rows(day, "completed") == [("completed", 2)]
    assert since.rows(day - dt.timedelta(seconds=1), "completed") == [("completed", 3)]
    assert since.rows(day, "failed") == []

    @prepared
    def both(one: str, other: str) -> QuerySet[Project, Any]:
        first, second = (Project.objects.filter(stage=stage).order_by().values_list("pk") for stage in (one, other))
        return first.union(second, all=True)[:3]

    assert len(both.rows("failed", "queued")) == 1
    assert len(both.rows("failed", "completed")) == 3


def test_a_query_is_written_once_for_each_length_of_a_list(seller: User) -> None:
    written = []

    @prepared
    def named(names: list[str]) -> QuerySet[Project]:
        written.append(len(names))
        return Project.objects.filter(name__in=names)

    for _ in range(3):
        named.objects(["a"])
        named.objects(["a", "b"])
    assert written == [1, 2]
    for _ in range(2):
        named.objects(["a"] * (KEPT + 1))
    assert written == [1, 2, KEPT + 1, KEPT + 1], "nothing is kept for very long lists"


def test_values_never_become_part_of_a_statement(seller: User) -> None:
    SavedFilter.objects.create(owner=seller, name=NASTY, query="q=1")

    @prepared
    def called(owner_id: int, name: str) -> QuerySet[SavedFilter]:
        return SavedFilter.objects.filter(owner=owner_id, name=name)

    seen: list[tuple[str, Any]] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, list(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        assert [found.query for found in called.objects(seller.pk, NASTY)] == ["q=1"]
        assert called.objects(seller.pk, "") == []
    assert [set(params) for _, params in seen] == [{seller.pk, NASTY}, {seller.pk, ""}]
    assert seen[0][0] == seen[1][0] and "DROP" not in seen[0][0]


def test_a_value_that_is_not_passed_on_as_it_is_is_refused(seller: User) -> None:
    with pytest.raises(ValueError, match="doesn't pass each of its values on"):
        prepared(lambda name: Project.objects.filter(name__contains=name)).objects("fox")
    with pytest.raises(ValueError, match="doesn't pass each of its values on"):
        prepared(lambda owner_id: Project.objects.all()).objects(seller.pk)
    for value in (None, True, 1.5):
        with pytest.raises(TypeError, match="A prepared query takes no"):
            prepared(lambda one: Project.objects.filter(seed=one)).objects(value)


def test_a_person_is_found_by_number_as_by_anything_else(seller: User) -> None:
    ben = User.objects.create_user("ben@example.com")
    for person in (seller, ben):
        assert User.objects.get(pk=person.pk) == User.objects.get(email=person.email) == person
        assert User.objects.get(pk=str(person.pk)).email == person.email
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert not User.objects.get(pk=ben.pk).is_active
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=ben.pk + 100)
    assert User.objects.using("default").get(pk=ben.pk) == ben


def test_attached_objects_are_what_the_relation_answers(seller: User) -> None:
    fox, owl = project(seller), project(seller, "Owl")
    label = Label.objects.create(owner=seller, name="Forest", folded="forest")
    held = [
        ProjectLabel.objects.create(label=label, project=fox),
        ProjectLabel.objects.create(label=label, project=owl),
    ]
    label = Label.objects.get()
    name = ProjectLabel._meta.get_field("label").remote_field.get_accessor_name()
    attach(label, name, list(ProjectLabel.objects.order_by("pk")))
    with CaptureQueriesContext(connection) as asked:
        assert list(getattr(label, name).all()) == held
        assert all(one.label is label for one in getattr(label, name).all())
    assert not asked.captured_queries
    assert list(getattr(label, name).filter(project=owl)) == held[1:], (
        "what is asked beyond that is asked of the database"
    )
