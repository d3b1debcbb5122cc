"""The part of Django's query language that the rules use, answered from tables in memory, one evaluation one statement.

Lazy, chained and cached as Django's own. Anything that is not written here raises NotUnderstood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError

from elistit.simulator.memory.lookups import hop
from elistit.simulator.memory.store import NotUnderstood
from elistit.simulator.memory.table import Joined, Row, Table, fresh

_new = object.__new__


class Query:
    """A query set over one table. Every method that narrows answers a new one."""

    __slots__ = (
        "as_dicts",
        "flat",
        "held",
        "joined",
        "known",
        "most",
        "names",
        "order",
        "table",
        "unwanted",
        "values_in",
        "values_out",
        "wanted",
    )  # fmt: skip

    def __init__(self, table: Table) -> None:
        self.table = table
        self.wanted: tuple[str, ...] = ()
        self.values_in: tuple[Any, ...] = ()
        self.unwanted: tuple[tuple[str, ...], ...] = ()
        self.values_out: tuple[Any, ...] = ()
        self.order: tuple[str, ...] = table.ordering
        self.joined: tuple[str, ...] = ()
        self.names: tuple[str, ...] | None = None
        self.flat = self.as_dicts = False
        self.most: int | None = None
        self.known: tuple[str, Any] | None = None
        self.held: list[Any] | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotUnderstood(f"{name} of a query on {self.table.name}")

    def all(self) -> Query:
        made = _new(Query)
        made.table, made.wanted, made.values_in = self.table, self.wanted, self.values_in
        made.unwanted, made.values_out, made.order = self.unwanted, self.values_out, self.order
        made.joined, made.names, made.flat, made.as_dicts = self.joined, self.names, self.flat, self.as_dicts
        made.most, made.known, made.held = self.most, self.known, None
        return made

    using = select_for_update = lambda self, *args, **kwargs: self.all()

    @property
    def model(self) -> type:
        return self.table.model

    # ---- narrowing -------------------------------------------------------------------------------------------------

    def filter(self, *args: Any, **given: Any) -> Query:
        if args or self.most is not None:
            raise NotUnderstood(f"filter {args} on {self.table.name}")
        made = self.all()
        made.wanted += tuple(given)
        made.values_in += tuple(given.values())
        return made

    def exclude(self, *args: Any, **given: Any) -> Query:
        if args or self.most is not None:
            raise NotUnderstood(f"exclude {args} on {self.table.name}")
        made = self.all()
        made.unwanted += (tuple(given),)
        made.values_out += tuple(given.values())
        return made

    def extra(self, where: list[str]) -> Query:
        """Literals written for a database's planner: understood when they repeat a condition that is asked already."""
        asked = dict(zip(self.wanted, self.values_in, strict=True))
        for literal in where:
            found = re.fullmatch(r"(\w+)\.(\w+) = '(\w+)'", literal)
            if found is None or found[1] != self.table.name or asked.get(found[2]) != found[3]:
                raise NotUnderstood(f"the literal {literal} on {self.table.name}")
        return self.all()

    def order_by(self, *names: str) -> Query:
        for name in names:
            if name.lstrip("-") not in self.table.columns:
                raise NotUnderstood(f"order by {name} of {self.table.name}")
        made = self.all()
        made.order = names
        return made

    def select_related(self, *names: str) -> Query:
        made = self.all()
        made.joined = (*self.joined, *names)
        return made

    def values_list(self, *names: str, flat: bool = False) -> Query:
        made = self.all()
        made.names, made.flat, made.as_dicts = names, flat, False
        return made

    def values(self, *names: str) -> Query:
        made = self.all()
        made.names, made.as_dicts = names or tuple(self.table.fields), True
        return made

    def __getitem__(self, part: Any) -> Any:
        if not isinstance(part, slice) or part.start or part.step or part.stop is None:
            raise NotUnderstood(f"[{part}] of a query on {self.table.name}")
        made = self.all()
        made.most = part.stop if self.most is None else min(part.stop, self.most)
        return made

    # ---- asking ----------------------------------------------------------------------------------------------------

    def _rows(self, order: tuple[str, ...]) -> list[Row]:
        """One SELECT: the rows themselves."""
        table = self.table
        find, never = table.matcher(self.wanted, self.unwanted)
        for n in never:
            if not self.values_in[n]:
                return []
        table.store.statement("SELECT", table.name)
        found = find(self.values_in + self.values_out)
        if len(found) > 1:
            for name in reversed(order):
                self._sort(found, name)
        return found if self.most is None else found[: self.most]

    def _sort(self, found: list[Row], name: str) -> None:
        column = self.table.columns[name.lstrip("-")]
        if self.table.fields[column].null:
            found.sort(key=lambda r: (r[column] is not None, r[column]), reverse=name[0] == "-")
        else:
            found.sort(key=lambda r: r[column], reverse=name[0] == "-")

    def _answers(self, rows: list[Row]) -> list[Any]:
        if self.names is not None:
            return [self._value(row) for row in rows]
        table = self.table
        made = [table.instance(row) for row in rows]
        if self.joined:
            ways = table.ways(self.joined)
            for row, instance in zip(rows, made, strict=True):
                instance._state.fields_cache = Joined(instance, row, ways)
        if self.known is not None:
            name, parent = self.known
            for instance in made:
                instance._state.fields_cache[name] = parent
        return made

    def _value(self, row: Row) -> Any:
        assert self.names is not None
        found = [self._reach(row, name) for name in self.names]
        if self.as_dicts:
            return dict(zip(self.names, found, strict=True))
        return found[0] if self.flat else tuple(found)

    def _reach(self, row: Row, written: str) -> Any:
        table, rest = self.table, written
        while rest not in table.columns:
            name, _, rest = rest.partition("__")
            way = hop(table, name)
            row, table = way.table.rows[row[way.column]], way.table
        column = table.columns[rest]
        return fresh(row[column]) if column in table.json else row[column]

    def _all(self) -> list[Any]:
        if self.held is None:
            self.held = self._answers(self._rows(self.order))
        return self.held

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return bool(self._all())

    def get(self, *args: Any, **given: Any) -> Any:
        asked = self.filter(*args, **given) if args or given else self
        rows = asked._rows(())
        if len(rows) == 1:
            return asked._answers(rows)[0]
        model: Any = self.table.model
        if not rows:
            raise model.DoesNotExist(f"{model._meta.object_name} matching query does not exist.")
        raise model.MultipleObjectsReturned(f"get() returned more than one {model._meta.object_name}")

    def first(self) -> Any:
        rows = self._rows(self.order or (self.table.key,))
        return self._answers(rows[:1])[0] if rows else None

    def exists(self) -> bool:
        return bool(self._rows(()))

    def count(self) -> int:
        return len(self._rows(())) if self.held is None else len(self.held)

    # ---- writing ---------------------------------------------------------------------------------------------------

    def update(self, **given: Any) -> int:
        table, store = self.table, self.table.store
        if self.most is not None:
            raise NotUnderstood(f"update of a part of {table.name}")
        changes = table.cleaned(given)
        find, never = table.matcher(self.wanted, self.unwanted)
        for n in never:
            if not self.values_in[n]:
                return 0
        store.statement("UPDATE", table.name)
        found = find(self.values_in + self.values_out)
        mark = len(store.undo)
        try:
            for row in found:
                table.change(row, changes)
        except IntegrityError:
            store.take_back(mark)
            store.broken = store.open
            raise
        store.settle(mark)
        return len(found)

    def _insert(self, made: list[Any]) -> None:
        store = self.table.store
        try:
            store.statement("INSERT INTO", self.table.name)
            self.table.written(made)
        except Exception:
            store.broken = store.open
            raise

    def create(self, **given: Any) -> Any:
        if self.known is not None:
            given = {self.known[0]: self.known[1], **given}
        made = self.table.made(given)
        self._insert([made])
        return made

    def bulk_create(self, instances: Iterable[Any]) -> list[Any]:
        made = list(instances)
        if len(made) * len(self.table.fields) > 999:
            raise NotUnderstood(f"{len(made)} rows at once")
        if made:
            with self.table.store.atomic(savepoint=False):
                self._insert(made)
        return made

    def get_or_create(self, defaults: dict[str, Any] | None = None, **given: Any) -> tuple[Any, bool]:
        missing: Any = self.table.model.DoesNotExist  # type: ignore[attr-defined]
        try:
            return self.get(**given), False
        except missing:
            pass
        try:
            with self.table.store.atomic():
                return self.create(**{**given, **(defaults or {})}), True
        except IntegrityError:
            try:
                return self.get(**given), False
            except missing:
                pass
            raise

    def update_or_create(self, defaults: dict[str, Any] | None = None, **given: Any) -> tuple[Any, bool]:
        defaults = defaults or {}
        with self.table.store.atomic():
            found, created = self.get_or_create(defaults, **given)
            if not created:
                for name, value in defaults.items():
                    setattr(found, name, value)
                Query(self.table).filter(pk=found.pk).update(**defaults)
            return found, created
