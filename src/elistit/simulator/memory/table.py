"""One table in memory, made from a Django model: its rows, keys, checks, and the instances the rules work with.

A row is a dictionary that is never changed, only replaced, so what was read stays as it was read. Columns, defaults, unique
keys and checks are taken from the model itself; nothing about one model in particular is written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, models
from django.db.models.base import ModelState

from elistit.simulator.memory.lookups import COMPARE, Hop, Matcher, hop, matcher
from elistit.simulator.memory.store import NotUnderstood, Store

Row = dict[str, Any]
Guard = Callable[[Row | None, Row], None]
_new = object.__new__


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    return value if value is None or type(value) is str else _must(value, str)


def _whole(value: Any) -> Any:
    return value if value is None or type(value) is int else _must(value, int)


def _real(value: Any) -> Any:
    return value if value is None or type(value) is float else _must(float(value), float)


def _yes_or_no(value: Any) -> Any:
    return value if value is None or type(value) is bool else _must(value, bool)


def _must(value: Any, kind: type) -> Any:
    if not isinstance(value, kind) or hasattr(value, "resolve_expression"):
        raise NotUnderstood(f"{value!r} in a column of {kind.__name__}")
    return kind.__str__(value) if kind is str else kind(value)


def _moment(value: Any) -> Any:
    if value is not None and (not isinstance(value, dt.datetime) or value.tzinfo is not dt.UTC):
        raise NotUnderstood(f"{value!r} as a moment; moments are in UTC")
    return value


def _day(value: Any) -> Any:
    if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
        raise NotUnderstood(f"{value!r} as a day")
    return value


def fresh(value: Any) -> Any:
    """A JSON value as a database would give it back: nothing of it shared."""
    kind = type(value)
    if kind is dict:
        return {_text(k): fresh(v) for k, v in value.items()}
    if kind is list or kind is tuple:
        return [fresh(v) for v in value]
    if kind in (str, int, float, bool) or value is None:
        return value
    return _must(value, str)


_PLAIN = frozenset((str, int, float, bool, type(None)))


def copied(value: Any) -> Any:
    """A clean JSON value again, nothing of it shared."""
    if value.__class__ is dict:
        return {k: v if v.__class__ in _PLAIN else copied(v) for k, v in value.items()}
    if value.__class__ in _PLAIN:
        return value
    return [v if v.__class__ in _PLAIN else copied(v) for v in value]


_CLEAN: tuple[tuple[type[models.Field[Any, Any]], Callable[[Any], Any]], ...] = (
    (models.JSONField, fresh), (models.DateTimeField, _moment),
    (models.DateField, _day), (models.FloatField, _real), (models.BooleanField, _yes_or_no), (models.IntegerField, _whole),
    (models.CharField, _text), (models.TextField, _text), (models.BinaryField, _same),
)  # fmt: skip


def _cleaner(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    field = getattr(field, "target_field", field)
    for kind, clean in _CLEAN:
        if isinstance(field, kind):
            return clean
    raise NotUnderstood(f"a column of {type(field).__name__}")


class _Read(ModelState):
    """The state of an instance that was read."""

    db = "default"
    adding = False


Ways = dict[str, tuple[Hop, "Ways"]]


class Joined(dict[str, Any]):
    """What was read along with an instance (`select_related`): the rows as they were then, made into instances when asked for."""

    __slots__ = ("instance", "rows")

    def __init__(self, instance: Any, row: Row, ways: Ways) -> None:
        self.instance = instance
        self.rows = _along(row, ways)

    def __missing__(self, name: str) -> Any:
        (_, table, back), row, rows = self.rows[name]
        if row is None:
            self[name] = None
            return None
        made = table.instance(row)
        if rows:
            cache = made._state.fields_cache = _new_joined(Joined)
            cache.instance, cache.rows = made, rows
        if back:
            made._state.fields_cache[back] = self.instance
        self[name] = made
        return made


_new_joined = dict.__new__


def _along(row: Row, ways: Ways) -> dict[str, Any]:
    found = {}
    for name, (way, further) in ways.items():
        other = way.table.rows.get(row[way.column])
        found[name] = (way, other, _along(other, further) if further and other is not None else None)
    return found


class Unique:
    """A unique key, perhaps only among rows that meet a condition."""

    def __init__(self, columns: tuple[str, ...], among: Callable[[Row], bool] | None, words: str) -> None:
        self.columns, self.among, self.words = columns, among, words
        self.held: dict[tuple[Any, ...], Any] = {}

    def of(self, row: Row) -> tuple[Any, ...] | None:
        """The key of a row; None when the row has none."""
        if self.among is not None and not self.among(row):
            return None
        key = tuple([row[c] for c in self.columns])
        return None if None in key else key


class Table:
    """The rows of one model. Writing goes through `insert` and `change`, which announce nothing: that is the query's work."""

    def __init__(self, store: Store, model: type[models.Model]) -> None:
        self.store, self.model, meta = store, model, model._meta
        self.name, self.key = meta.db_table, meta.pk.attname
        self.fields = {f.attname: f for f in meta.concrete_fields}
        self.columns = {f.name: f.attname for f in meta.concrete_fields} | {a: a for a in self.fields}
        self.columns["pk"] = self.key
        self.clean = {a: _cleaner(f) for a, f in self.fields.items()}
        self.json = tuple(a for a, f in self.fields.items() if isinstance(f, models.JSONField))
        self.required = tuple(a for a, f in self.fields.items() if not f.null and not isinstance(f, models.AutoField))
        self.counts = isinstance(meta.pk, models.AutoField)
        self.defaults = [(a, f._get_default) for a, f in self.fields.items() if not isinstance(f, models.AutoField)]  # type: ignore[attr-defined]
        self.key_default: Callable[[], Any] = meta.pk.get_default
        self.ordering: tuple[str, ...] = tuple(str(name) for name in meta.ordering or ())
        self.parents: list[tuple[str, Table]] = []
        self.matchers: dict[Any, Matcher] = {}
        self.joins: dict[tuple[str, ...], Ways] = {}
        self.unique = [
            Unique((a,), None, f"UNIQUE constraint failed: {self.name}.{a}")
            for a, f in self.fields.items() if f.unique and not f.primary_key
        ]  # fmt: skip
        self.checks: list[tuple[frozenset[str], Callable[[Row], bool], str]] = []
        for constraint in meta.constraints:
            self._constrain(constraint)
        self.guards: list[Guard] = []
        self.after: list[Callable[[Row], None]] = []
        self.rows: dict[Any, Row] = {}
        self.by: dict[str, dict[Any, dict[Any, None]]] = {
            a: {} for a, f in self.fields.items() if f.remote_field and not f.primary_key
        }
        self.keyed = frozenset(self.by) | {c for u in self.unique for c in u.columns}
        self.last = 0

    def _constrain(self, constraint: models.BaseConstraint) -> None:
        if isinstance(constraint, models.UniqueConstraint):
            columns = tuple(self.columns[name] for name in constraint.fields)
            among = self.condition(constraint.condition) if constraint.condition else None
            where = ", ".join(f"{self.name}.{c}" for c in columns)
            self.unique.append(Unique(columns, among, f"UNIQUE constraint failed: {where}"))
        elif isinstance(constraint, models.CheckConstraint):
            condition: Any = constraint.condition
            touched = frozenset(self.columns[name.split("__")[0]] for name, _ in condition.children)
            self.checks.append((touched, self.condition(condition), f"CHECK constraint failed: {constraint.name}"))
        else:
            raise NotUnderstood(f"a constraint of {type(constraint).__name__}")

    def condition(self, q: Any) -> Callable[[Row], bool]:
        """A plain condition on one row (a Q of ANDs) as a function."""
        parts: list[tuple[str, Callable[[Any, Any], bool], Any, str]] = []
        if q.negated or q.connector != "AND":
            raise NotUnderstood(f"the condition {q}")
        for name, value in q.children:
            column, _, how = name.partition("__")
            other = self.columns[getattr(value, "name", "")] if isinstance(value, models.F) else ""
            parts.append((self.columns[column], COMPARE[how or "exact"], value, other))
        return lambda row: all(how(row[c], row[other] if other else value) for c, how, value, other in parts)

    # ---- writing -----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        self.rows.clear()
        self.last = 0
        for held in self.by.values():
            held.clear()
        for unique in self.unique:
            unique.held.clear()

    def restore(self, key: Any, before: Row | None) -> None:
        """Put a row back as it was; without `before`, take it out. With the key None, the counter goes back."""
        if key is None:
            assert before is not None
            self.last = before["last"]
            return
        now = self.rows.get(key)
        if now is not None:
            self._unlink(key, now)
        if before is None:
            del self.rows[key]
        else:
            self.rows[key] = before
            self._link(key, before)

    def _link(self, key: Any, row: Row) -> None:
        for unique in self.unique:
            if (held := unique.of(row)) is not None:
                unique.held[held] = key
        for column, by in self.by.items():
            found = by.get(row[column])
            if found is None:
                by[row[column]] = {key: None}
            else:
                found[key] = None

    def _unlink(self, key: Any, row: Row) -> None:
        for unique in self.unique:
            if (held := unique.of(row)) is not None:
                unique.held.pop(held, None)
        for column, by in self.by.items():
            by[row[column]].pop(key, None)

    def insert(self, row: Row) -> Any:
        """Write a new row, complete and clean; answers its key. Raises IntegrityError."""
        undo = self.store.undo
        key = row[self.key]
        if key is None:
            if not self.counts:
                raise IntegrityError(f"NOT NULL constraint failed: {self.name}.{self.key}")
            undo.append((self, None, {"last": self.last}))
            key = row[self.key] = self.last = self.last + 1
        for column in self.required:
            if row[column] is None:
                raise IntegrityError(f"NOT NULL constraint failed: {self.name}.{column}")
        for guard in self.guards:
            guard(None, row)
        if key in self.rows:
            raise IntegrityError(f"UNIQUE constraint failed: {self.name}.{self.key}")
        for unique in self.unique:
            if (held := unique.of(row)) is not None and held in unique.held:
                raise IntegrityError(unique.words)
        for _, holds, words in self.checks:
            if not holds(row):
                raise IntegrityError(words)
        for column, parent in self.parents:
            if row[column] is not None and row[column] not in parent.rows:
                raise IntegrityError("FOREIGN KEY constraint failed")
        undo.append((self, key, None))
        self.rows[key] = row
        self._link(key, row)
        for after in self.after:
            after(row)
        return key

    def change(self, old: Row, changes: Row) -> None:
        """Replace a row on its own with some clean values changed. Raises IntegrityError."""
        row, key = {**old, **changes}, old[self.key]
        for guard in self.guards:
            guard(old, row)
        for touched, holds, words in self.checks:
            if not touched.isdisjoint(changes) and not holds(row):
                raise IntegrityError(words)
        for column, value in changes.items():
            if value is None and not self.fields[column].null:
                raise IntegrityError(f"NOT NULL constraint failed: {self.name}.{column}")
        self.store.undo.append((self, key, old))
        if self.keyed.isdisjoint(changes):
            self.rows[key] = row
            return
        self._unlink(key, old)
        for unique in self.unique:
            if (held := unique.of(row)) is not None and held in unique.held:
                self._link(key, old)
                self.store.undo.pop()
                raise IntegrityError(unique.words)
        self.rows[key] = row
        self._link(key, row)

    def cleaned(self, values: Row) -> Row:
        """Values by field name, column name or `pk`, as columns the table can hold."""
        found: Row = {}
        columns, clean = self.columns, self.clean
        for name, value in values.items():
            column = columns.get(name)
            if column is None:
                raise NotUnderstood(f"{self.name} has no column for “{name}”")
            if isinstance(value, models.Model):
                value = value.pk
            found[column] = clean[column](value)
        return found

    # ---- instances ---------------------------------------------------------------------------------------------------

    def matcher(self, wanted: tuple[str, ...], unwanted: tuple[tuple[str, ...], ...]) -> Matcher:
        """What finds the rows for these conditions, made once."""
        found = self.matchers.get((wanted, unwanted))
        if found is None:
            found = self.matchers[wanted, unwanted] = matcher(self, wanted, unwanted)
        return found

    def ways(self, paths: tuple[str, ...]) -> Ways:
        """The ways `select_related` takes, as a tree."""
        found = self.joins.get(paths)
        if found is None:
            found = self.joins[paths] = {}
            for path in paths:
                table, ways = self, found
                for name in path.split("__"):
                    way, ways = ways.setdefault(name, (hop(table, name), {}))
                    table = way.table
        return found

    def instance(self, row: Row) -> Any:
        """A row as the model instance Django would load."""
        made = _new(self.model)
        values = made.__dict__ = {**row, "_state": _new(_Read)}
        for column in self.json:
            values[column] = copied(values[column])
        return made

    def made(self, given: Row) -> Any:
        """An instance that is not written yet, as `Model(**given)` would be."""
        values: Row = {}
        cache: Row = {}
        for name, value in given.items():
            column = self.columns.get(name)
            if column is None:
                raise NotUnderstood(f"{self.name} has no column for “{name}”")
            if name != column and isinstance(value, models.Model):
                cache[name], value = value, value.pk
            values[column] = value
        for column, default in self.defaults:
            if column not in values:
                values[column] = default()
        if self.counts:
            values.setdefault(self.key, None)
        elif values[self.key] is None:
            values[self.key] = self.key_default()
        made = _new(self.model)
        state = _new(ModelState)
        state.__dict__ = {"db": None, "adding": True, "fields_cache": cache}
        values["_state"] = state
        made.__dict__ = values
        return made

    def written(self, instances: Iterable[Any]) -> None:
        """Insert instances in one statement, all or none."""
        mark = len(self.store.undo)
        try:
            for instance in instances:
                held = instance.__dict__
                row = {column: clean(held[column]) for column, clean in self.clean.items()}
                held[self.key] = self.insert(row)
                instance._state.adding, instance._state.db = False, "default"
        except BaseException:
            self.store.take_back(mark)
            raise
        self.store.settle(mark)
