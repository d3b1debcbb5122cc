"""What a condition of a query means on the tables in memory: `job__project`, `status__in`, `changed_at__lt` and so on.

Every combination of conditions is taken apart once and made into a function of its values, written as Python and compiled:
the rules ask some fifty different questions, millions of times. A condition that is not known here raises NotUnderstood.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import models

from elistit.simulator.memory.store import NotUnderstood

Table = Any
"""A `memory.table.Table`, which imports this module."""
Row = Any

Compare = Callable[[Any, Any], bool]
COMPARE: dict[str, Compare] = {
    "exact": operator.eq, "in": lambda value, wanted: value in wanted, "lt": operator.lt, "lte": operator.le,
    "gt": operator.gt, "gte": operator.ge,
}  # fmt: skip
_WRITTEN = {
    "exact": "{r} == {v}", "in": "{r} in {v}", "isnull": "({r} is None) == {v}", "lt": "{r} < {v}", "lte": "{r} <= {v}",
    "gt": "{r} > {v}", "gte": "{r} >= {v}", "startswith": "{r}.startswith({v})",
}  # fmt: skip
_FALSE_FOR_NULL = {"in", "lt", "lte", "gt", "gte", "startswith"}


class Lookup(NamedTuple):
    """One condition taken apart: `column` compared by `how`, or, with `hop`, `rest` asked of the row on its other side."""

    column: str
    how: str
    hop: Hop | None
    rest: str


class Hop(NamedTuple):
    """The way from a table to one row of another: the other's key is in `column` here. `back` is what the other row's
    instance calls the one it was reached from, when that is one as well."""

    column: str
    table: Table
    back: str


def hop(table: Table, name: str) -> Hop:
    """The way along a foreign key, or back along a one-to-one key that is the other's primary key."""
    field: Any = table.model._meta.get_field(name)
    other = table.store.tables.get(field.related_model)
    if other is None:
        raise NotUnderstood(f"{name} of {table.name} leads out of the tables there are")
    if isinstance(field, models.OneToOneRel) and field.remote_field.primary_key:
        return Hop(table.key, other, field.field.name)
    if isinstance(field, models.ForeignKey):
        return Hop(field.attname, other, field.remote_field.cache_name if field.one_to_one else "")
    raise NotUnderstood(f"the way {name} from {table.name}")


def parse(table: Table, written: str) -> Lookup:
    """Take one condition apart."""
    name, _, rest = written.partition("__")
    column = table.columns.get(name)
    if column is not None and (rest in _WRITTEN or not rest):
        if column in table.json:
            raise NotUnderstood(f"{written}: a condition on JSON")
        return Lookup(column, rest or "exact", None, "")
    if column is not None and name == column:
        raise NotUnderstood(f"the condition {written} on {table.name}")
    way = hop(table, name)
    if not rest:
        return Lookup(way.column, "exact", None, "")
    after, _, how = rest.partition("__")
    if way.table.columns.get(after) == way.table.key and (how in _WRITTEN or not how):
        return Lookup(way.column, how or "exact", None, "")
    return Lookup(way.column, "", way, rest)


class Matcher(NamedTuple):
    """`find` answers the rows for the values of the conditions, in their order. `never`: which values, when empty, mean that
    Django would ask no one."""

    find: Callable[[tuple[Any, ...]], list[Row]]
    never: tuple[int, ...]


def matcher(table: Table, wanted: tuple[str, ...], unwanted: tuple[tuple[str, ...], ...]) -> Matcher:
    """The function for these conditions, the `unwanted` ones being groups that may not hold all together."""
    return _Writer(table, wanted, unwanted).matcher()


class _Writer:
    """Writes one matcher."""

    def __init__(self, table: Table, wanted: tuple[str, ...], unwanted: tuple[tuple[str, ...], ...]) -> None:
        self.table = table
        self.lines: list[str] = []
        self.names: dict[str, Any] = {"Model": models.Model, "rows": table.rows}
        self.never = tuple(n for n, name in enumerate(wanted) if name.endswith("__in"))
        self.start = self.instead = ""
        self.tests: list[str] = []
        far: dict[Hop, list[tuple[str, int]]] = {}
        for n, name in enumerate(wanted):
            lookup = parse(table, name)
            if lookup.hop is None:
                self._near(lookup, n)
            else:
                far.setdefault(lookup.hop, []).append((lookup.rest, n))
        for way, asked in far.items():
            self._far(way, asked)
        n = len(wanted)
        for group in unwanted:
            lookups = [parse(table, name) for name in group]
            if any(lookup.hop for lookup in lookups):
                raise NotUnderstood(f"exclude {group} on {table.name}: beyond the table itself")
            held = [self._test(lookup, n + i) for i, lookup in enumerate(lookups)]
            self.tests.append(f"not ({' and '.join(held)})")
            n += len(group)

    def _value(self, lookup: Lookup, n: int) -> str:
        """A value by its place; an instance stands for its key."""
        field = self.table.fields[lookup.column]
        if lookup.how == "exact" and (field.remote_field or field.primary_key):
            self.lines.append(f"v{n} = v[{n}].pk if isinstance(v[{n}], Model) else v[{n}]")
        else:
            self.lines.append(f"v{n} = v[{n}]")
        return f"v{n}"

    def _test(self, lookup: Lookup, n: int) -> str:
        row = f'row["{lookup.column}"]'
        test = _WRITTEN[lookup.how].format(r=row, v=self._value(lookup, n))
        guarded = self.table.fields[lookup.column].null and lookup.how in _FALSE_FOR_NULL
        return f"({row} is not None and {test})" if guarded else test

    def _near(self, lookup: Lookup, n: int) -> None:
        table, column = self.table, lookup.column
        if lookup.how == "exact" and column == table.key and "rows.get" not in self.start:
            if self.start:
                self.tests.append(self.instead)
            self.start = f"row = rows.get({self._value(lookup, n)})\nfound = [] if row is None else [row]"
        elif lookup.how == "exact" and column in table.by and not self.start:
            self.names[f"by_{column}"] = table.by[column]
            value = self._value(lookup, n)
            self.start = f"found = [rows[k] for k in by_{column}.get({value}, ())]"
            self.instead = f'row["{column}"] == {value}'
        else:
            self.tests.append(self._test(lookup, n))

    def _far(self, way: Hop, asked: list[tuple[str, int]]) -> None:
        """Ask the other side first: the rows there, then ours that belong to them."""
        name = f"far{len(self.lines)}"
        self.names[name] = way.table.matcher(tuple(rest for rest, _ in asked), ()).find
        values = "".join(f"v[{n}], " for _, n in asked)
        if not self.start and way.column in self.table.by:
            self.names[f"by_{way.column}"] = self.table.by[way.column]
            self.start = f'found = [rows[k] for other in {name}(({values})) for k in by_{way.column}.get(other["{way.table.key}"], ())]'
        else:
            self.lines.append(f'{name}s = {{other["{way.table.key}"] for other in {name}(({values}))}}')
            self.tests.append(f'row["{way.column}"] in {name}s')

    def matcher(self) -> Matcher:
        lines = [*self.lines, *(self.start or "found = list(rows.values())").split("\n")]
        if self.tests:
            lines.append(f"return [row for row in found if {' and '.join(self.tests)}]")
        else:
            lines.append("return found")
        exec("def find(v):\n " + "\n ".join(lines), self.names)
        return Matcher(self.names["find"], self.never)
