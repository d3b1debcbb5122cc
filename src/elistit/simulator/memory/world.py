"""Puts the tables in memory behind the models the rules use, for as long as histories run in this process, and takes them away.

Managers, related managers, keys between rows, prepared queries, `atomic`, `on_commit` and `posting.rows` answer from memory; a statement that
still reaches the real connection is refused, so nothing can be answered from two places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.db import IntegrityError, connection, models, transaction

from elistit.accounts.limit_models import SellerLimit
from elistit.accounts.models import User
from elistit.chain import models as pipeline
from elistit.credits import models as books
from elistit.credits import posting
from elistit.delivery.models import DriveAccount, DriveCopy
from elistit.listings.models import EtsyCategories, EtsyShop
from elistit.prepared import Prepared
from elistit.projects import models as projects
from elistit.projects import request_models
from elistit.projects.draft_models import DraftPlan
from elistit.projects.guards import GUARDS
from elistit.projects.preset_models import Series
from elistit.simulator.memory.books import Books
from elistit.simulator.memory.query import Query
from elistit.simulator.memory.store import NotUnderstood, Store
from elistit.simulator.memory.table import Guard, Row, Table
from elistit.support import models as people

MODELS: tuple[type[models.Model], ...] = (
    User, SellerLimit, books.CreditAccount, books.CreditGrant, books.CreditTransaction, books.CreditEntry, books.Quote, books.Plan,
    request_models.AcceptedRequest, request_models.AcceptedCharge,
    projects.Scene, projects.Project, projects.Job, projects.Item, projects.ItemRound, projects.Upload,
    projects.ProjectFile, projects.Listing, projects.Storyboard,
    pipeline.Attempt, pipeline.ProviderCall, pipeline.ProviderPause, pipeline.ClockMark, pipeline.Restore, pipeline.RestoredRound,
    DriveAccount, DriveCopy, EtsyCategories, EtsyShop, DraftPlan, Series,
    people.TrialAddress, people.TrialPlace, people.TrialRefusal,
)  # fmt: skip

_store: Store | None = None


def active() -> Store | None:
    """The store that stands behind the models now; None when that is a real database."""
    return _store


@contextmanager
def behind_the_models() -> Iterator[Store]:
    """For the block, a store in memory answers for `MODELS`. Process-wide; not for use in two threads at once."""
    global _store
    assert _store is None
    store = Store()
    tables = [Table(store, model) for model in MODELS]
    store.tables = {table.model: table for table in tables}
    for table in tables:
        keys = [(a, f) for a, f in table.fields.items() if isinstance(f, models.ForeignKey)]
        table.parents = [(a, store.tables[f.related_model]) for a, f in keys if getattr(f, "db_constraint", True)]
    for _, relation, column, allowed in GUARDS:
        table = next(t for t in tables if t.name == relation)
        table.guards.append(_guard(relation, column, allowed))
    kept = Books(store, store.tables[User])
    with ExitStack() as planted:
        plant = planted.enter_context
        for table in tables:
            _stand_behind(table, plant)
        plant(mock.patch.object(transaction, "atomic", store.atomic))
        plant(mock.patch.object(transaction, "on_commit", store.on_commit))
        plant(mock.patch.object(posting, "rows", kept.rows))
        plant(mock.patch.object(posting, "moment", lambda value: value))
        plant(mock.patch.object(Prepared, "rows", _asked))
        plant(mock.patch.object(Prepared, "objects", _asked))
        plant(connection.execute_wrapper(_refuse))
        _store = store
        try:
            yield store
        finally:
            _store = None


def _asked(query: Prepared[..., Any], *values: Any) -> list[Any]:
    """What a prepared query finds here, where writing a query costs nothing."""
    return list(query.build(*values))


def _refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    raise NotUnderstood(f"a statement for the real database: {sql[:160]}")


def _guard(relation: str, column: str, allowed: Any) -> Guard:
    """The trigger on a column of states, from the same table the database's is made from."""
    follows = {str(before): {before, *targets} for before, targets in allowed.items()}

    def guard(old: Row | None, new: Row) -> None:
        if old is not None and new[column] not in follows[old[column]]:
            raise IntegrityError(f"{relation}.{column} may not change that way")

    return guard


def _stand_behind(table: Table, plant: Callable[[Any], Any]) -> None:
    """Everything of a model through which the rules reach rows."""
    model: Any = table.model
    plant(mock.patch.object(model, "objects", Query(table)))
    for name, made in (("refresh_from_db", _refresh(table)), ("save", _no("save")), ("delete", _no("delete"))):
        plant(_attribute(model, name, made))
    tables = table.store.tables
    for field in model._meta.get_fields():
        if field.related_model not in tables or field.many_to_many:
            continue
        other = tables[field.related_model]
        if field.concrete:
            plant(_attribute(model.__dict__[field.name], "get_object", _parent(other, field.attname)))
        elif field.one_to_one:
            descriptor = model.__dict__.get(field.get_accessor_name())
            plant(_attribute(descriptor, "get_queryset", lambda other=other, **hints: Query(other)))
        elif (name := field.get_accessor_name()) is not None:
            plant(_attribute(model.__dict__[name], "related_manager_cls", _children(other, field.field)))


@contextmanager
def _attribute(target: Any, name: str, made: Any) -> Iterator[None]:
    """Put an attribute on one object and take it off again, uncovering what its class has."""
    before = target.__dict__.get(name)
    setattr(target, name, made)
    try:
        yield
    finally:
        if before is None:
            delattr(target, name)
        else:
            setattr(target, name, before)


def _parent(other: Table, column: str) -> Callable[[Any], Any]:
    return lambda instance: Query(other).get(pk=instance.__dict__[column])


def _children(other: Table, field: Any) -> Callable[[Any], Query]:
    def related(instance: Any) -> Query:
        found = Query(other).filter(**{field.attname: instance.pk})
        found.known = (field.name, instance)
        return found

    return related


def _refresh(table: Table) -> Callable[..., None]:
    def refresh_from_db(self: Any, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        if fields is not None:
            raise NotUnderstood("refresh_from_db of some fields")
        newer = Query(table).get(pk=self.pk)
        self.__dict__.update({c: newer.__dict__[c] for c in table.fields})
        self._state.fields_cache.clear()

    return refresh_from_db


def _no(name: str) -> Callable[..., Any]:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotUnderstood(f"{name} of a {type(self).__name__}")

    return refuse
