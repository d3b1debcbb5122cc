"""Queries that Django writes once and the database then runs with other values: for pages that ask the same again and again, where
writing a query takes longer than answering it.

A prepared query is an ordinary queryset in a function of its values, and stays the only place that says what is asked. It must
never be given a value that decides how a query is written: a value only ever takes the place of a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]

KEPT = 200
"""A query with more values than this in its lists is written each time: there is one for each number of values."""
_NUMBER = 2_000_000_011
"""Stands for the first whole number while a query is written; within the range of every column of ours but small ones."""
_MOMENT = dt.datetime(9998, 1, 1, tzinfo=dt.UTC)


class _Plan:
    """A query as the database gets it. `places`: which of its parameters is which of the values; the others stay as they are."""

    def __init__(self, compiler: Any, sql: str, parameters: list[Any], places: list[tuple[int, int]]) -> None:
        self._sql, self._parameters, self._places = sql, parameters, places
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        self._converters = [(at, *about) for at, about in compiler.get_converters(columns).items()]
        if about := compiler.klass_info:
            self._model = about["model"]
            self._own = slice(about["select_fields"][0], about["select_fields"][-1] + 1)
            self._names = [column[0].target.attname for column in compiler.select[self._own]]
            # The stubs are of a newer Django, which takes one more.
            self._related = get_related_populators(about, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def rows(self, values: list[Any]) -> list[Row]:
        parameters = list(self._parameters)
        for place, value in self._places:
            parameters[place] = values[value]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            found: list[Row] = cursor.fetchall()
        return [self._converted(row) for row in found] if self._converters else found

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for place, converters, expression in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)

    def object(self, row: Row) -> Any:
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._related:
            populator.populate(row, made)
        return made


class Prepared(Generic[P, M]):
    """A query that is prepared when it is first run, once for each length of a list among its values.

    Values are whole numbers, texts, moments, and lists of them. TypeError for others; ValueError for a query in which one of them
    isn't found again as a parameter. `build` is the function that answers the queryset itself."""

    def __init__(self, build: Callable[P, QuerySet[M, Any]]) -> None:
        self.build = build
        self._plans: dict[tuple[Any, ...], _Plan | None] = {}

    def rows(self, *values: P.args, **_none: P.kwargs) -> list[Row]:
        """What the queryset's `values_list` names, a tuple for each row."""
        plan = self._plan(values)
        return plan.rows(_flat(values)) if plan else []

    def objects(self, *values: P.args, **_none: P.kwargs) -> list[M]:
        """The queryset's objects, with those of `select_related`."""
        plan = self._plan(values)
        return [plan.object(row) for row in plan.rows(_flat(values))] if plan else []

    def first(self, *values: P.args, **_none: P.kwargs) -> M | None:
        """The first of `objects`; None when there is none. The queryset itself says that no more are read."""
        return next(iter(self.objects(*values, **_none)), None)

    def _plan(self, values: tuple[Any, ...]) -> _Plan | None:
        shape = tuple(len(value) if isinstance(value, list) else type(value) for value in values)
        try:
            return self._plans[shape]
        except KeyError:
            plan = self._written(values)
        if sum(length for length in shape if isinstance(length, int)) <= KEPT:
            self._plans[shape] = plan
        return plan

    def _written(self, values: tuple[Any, ...]) -> _Plan | None:
        """The query for values of this shape; None for one that never finds anything, such as among none."""
        counted = iter(range(len(_flat(values))))
        standing: list[Any] = [
            [_stand_in(one, next(counted)) for one in value]
            if isinstance(value, list)
            else _stand_in(value, next(counted))
            for value in values
        ]
        queryset: Any = self.build(*standing)  # type: ignore[call-arg]
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            if [] not in values:
                raise ValueError(f"{self.build.__qualname__} finds nothing, whatever its values.") from None
            return None
        numbers = {value: n for n, value in enumerate(_flat(tuple(standing)))}
        places = [(at, numbers[value]) for at, value in enumerate(parameters) if _may_stand(value) and value in numbers]
        if {n for _, n in places} != set(numbers.values()):
            raise ValueError(f"{self.build.__qualname__} doesn't pass each of its values on as it is.")
        return _Plan(compiler, sql, list(parameters), places)


def prepared(build: Callable[P, QuerySet[M, Any]]) -> Prepared[P, M]:
    """Make a function that answers a queryset into a prepared query."""
    return Prepared(build)


def attach(owner: Model, name: str, found: list[Any]) -> None:
    """Have `owner.name.all()` answer `found`, the objects of a reverse foreign key that were read before, and each of them know its
    owner. As `prefetch_related` does it."""
    manager = getattr(owner, name)
    queryset = manager.all()
    queryset._result_cache, queryset._prefetch_done = found, True
    for one in found:
        setattr(one, manager.field.name, owner)
    kept: dict[str, Any] = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[manager.field.remote_field.cache_name] = queryset


def _stand_in(value: Any, number: int) -> Any:
    if type(value) is int:
        return _NUMBER + number
    if isinstance(value, str):
        return f"\0{number}"
    if isinstance(value, dt.datetime):
        return _MOMENT + dt.timedelta(seconds=number)
    raise TypeError(f"A prepared query takes no {type(value).__name__}.")


def _may_stand(value: Any) -> bool:
    return isinstance(value, int | str | dt.datetime)


def _flat(values: tuple[Any, ...]) -> list[Any]:
    """The single values, as the database gets them."""
    flat: list[Any] = []
    for value in values:
        flat.extend(value) if isinstance(value, list) else flat.append(value)
    for n, value in enumerate(flat):
        if isinstance(value, dt.datetime):
            flat[n] = connection.ops.adapt_datetimefield_value(value)
    return flat
